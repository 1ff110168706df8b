/** Tapes of a venue, as its reference book answers them: events in a row, each seq its place. */
import {
  addBook,
  applyToMarket,
  commandOfEvent,
  createCommands,
  createMarket,
  createReferenceBook,
  createReports,
  reportEvent,
} from '@truetape/book';
import type { CommandRefusal, Market } from '@truetape/book';
import { BLANK, FLAG_LAST, Kind, NONE, SIDE_BUY, SIDE_SELL, defineFields } from '@truetape/contracts';
import type { Event } from '@truetape/contracts';
import type { RandomStream } from '@truetape/kernel';
import { applyReplay, createReplay, endReplay } from '../src/index.ts';
import type { Replay, ReplayConfig, ReplayStop } from '../src/index.ts';

/** Sources by index. */
export const AGENT = 1;
export const VENUE = 2;
export const FEED = 3;

export const isCommand = ({ kind }: Event): boolean => kind >= Kind.NewOrder && kind <= Kind.CancelAll;
/** Events that name what they follow from. */
export type Caused = Extract<Event, { readonly cause: number }>;

export const isFact = (event: Event): event is Caused =>
  event.kind >= Kind.Accepted && event.kind <= Kind.CancelAllDone;

/** Two instruments, three sources. */
export function defines(): Event[] {
  const instrument = (index: number, id: string): Event => {
    const value = { id, symbol: id, priceStep: '1', qtyStep: '1', fineScale: 0 };
    return { ...BLANK.Define, ...defineFields('instrument', index, value) };
  };
  const source = (index: number, name: string, role: string): Event => ({
    ...BLANK.Define,
    ...defineFields('source', index, { name, role }),
  });
  return [
    instrument(1, 'AAA'),
    instrument(2, 'BBB'),
    source(AGENT, 'agent', 'agent'),
    source(VENUE, 'venue', 'venue'),
    source(FEED, 'feed', 'marketFeed'),
  ];
}

/** A market of reference books for both instruments. */
export function referenceMarket(): Market {
  const market = createMarket({ create: createReferenceBook });
  for (const instrument of [1, 2]) addBook(market, instrument);
  return market;
}

/** What a market answers to a command; or why it cannot. */
export function answers(market: Market, command: Event): readonly Event[] | CommandRefusal {
  const commands = createCommands(1);
  const reports = createReports(4);
  const taken = commandOfEvent(command, commands, 0);
  if (!taken.ok) return taken.error;
  applyToMarket(market, commands, 0, reports);
  const facts: Event[] = [];
  for (let k = 0; k < reports.count; k++) {
    const last = k === reports.count - 1;
    facts.push(reportEvent(reports, k, { timeNs: command.timeNs, source: VENUE, cause: command.seq, last }));
  }
  return facts;
}

export const numbered = (events: readonly Event[]): Event[] =>
  events.map((event, seq) => ({ ...event, seq }));

/** The tape of these commands. */
export function tapeOf(commands: readonly Event[]): Event[] {
  const market = referenceMarket();
  const events = numbered(defines());
  for (const command of commands) {
    const asked = { ...command, seq: events.length };
    events.push(asked);
    for (const fact of answers(market, asked) as readonly Event[])
      events.push({ ...fact, seq: events.length });
  }
  return events;
}

const pick = <T>(random: RandomStream, ...values: readonly T[]): T => values[random.nextInt(values.length)];

/** A command near one price: bad ones, crossing ones and unknown ids among them. */
function randomCommand(random: RandomStream, index: number): Event {
  const recent = Math.max(0, index - random.nextInt(12));
  const common = {
    timeNs: index * 1000,
    source: AGENT,
    account: 1 + random.nextInt(3),
    instrument: pick(random, 1, 1, 1, 1, 2, 7),
    flags: FLAG_LAST,
  };
  const priceTicks = 98 + random.nextInt(5);
  switch (random.nextInt(9)) {
    case 0:
      return { ...BLANK.CancelOrder, ...common, orderId: recent };
    case 1: {
      const qtyMode = pick(random, 1, 2);
      return {
        ...BLANK.AmendOrder,
        ...common,
        orderId: recent,
        priceTicks,
        qtyLots: random.nextInt(9),
        qtyMode,
      };
    }
    case 2:
      return random.nextInt(4) === 0
        ? { ...BLANK.CancelAll, ...common, instrument: pick(random, 0, 1), scope: random.nextInt(2) }
        : { ...BLANK.AmendOrder, ...common, orderId: recent, qtyLots: 1 + random.nextInt(4), qtyMode: 3 };
    default: {
      const isMarket = random.nextInt(6) === 0;
      return {
        ...BLANK.NewOrder,
        ...common,
        flags: FLAG_LAST | pick(random, SIDE_BUY, SIDE_SELL),
        orderId: random.nextInt(8) === 0 ? recent : index,
        priceTicks: isMarket ? NONE : priceTicks,
        qtyLots: random.nextInt(9),
        type: isMarket ? 2 : 1,
        tif: pick(random, 1, 1, 1, 2, 3),
        stp: random.nextInt(5),
        postOnly: isMarket ? 0 : pick(random, 0, 0, 0, 1, 2),
        minQtyLots: pick(random, NONE, NONE, 2),
      };
    }
  }
}

/** A tape of so many commands. */
export function randomTape(random: RandomStream, count: number): Event[] {
  return tapeOf(Array.from({ length: count }, (_, index) => randomCommand(random, index)));
}

export interface Replayed {
  readonly replay: Replay;
  readonly stop: ReplayStop | undefined;
}

/** Replays a whole tape. */
export function replayed(events: readonly Event[], config: Partial<ReplayConfig> = {}): Replayed {
  const created = createReplay({ observer: 'venue', ...config });
  if (!created.ok) throw new Error(created.error.code);
  for (const event of events) if (applyReplay(created.value, event) !== undefined) break;
  return { replay: created.value, stop: endReplay(created.value, events.length) };
}
