/**
 * Falsified tapes, and where the first difference of one stands: counted from the reference book, on
 * arrays.
 */
import {
  FLAG_LAST,
  Kind,
  NONE,
  SIDE_MASK,
  UNIX_EPOCH,
  createRecordOut,
  encodeEvent,
} from '@truetape/contracts';
import type { Event } from '@truetape/contracts';
import type { RandomStream } from '@truetape/kernel';
import { AGENT, FEED, answers, isCommand, isFact, numbered, referenceMarket } from './tapes.ts';

/** What a venue says beside its commands: no replay can know it. Of the flags all but side and LAST. */
export const INVISIBLE: readonly string[] = [
  'timeNs',
  'source',
  'matchTime',
  'sendTime',
  'condition',
  'venueCode',
  'ext',
];

/** What is to be seen of a fact; a reject may repeat the price and quantity that were asked for. */
function visible(fact: Event, command: Event): string {
  const shown: Record<string, unknown> = { ...fact, flags: fact.flags & (FLAG_LAST | SIDE_MASK), seq: 0 };
  for (const field of INVISIBLE) delete shown[field];
  if (fact.kind === Kind.Rejected)
    for (const field of ['priceTicks', 'qtyLots'])
      if (shown[field] === (command as unknown as Record<string, unknown>)[field]) shown[field] = NONE;
  return JSON.stringify(shown);
}

/** Where a replay has to stop, and whether that is a refusal; undefined where it must not. */
export interface Expected {
  readonly seq: number;
  readonly refused: boolean;
}

/** The first event that is not what the commands give. */
export function firstDifference(events: readonly Event[]): Expected | undefined {
  const market = referenceMarket();
  let due: Event[] = [];
  let command: Event | undefined;
  for (const event of events) {
    const at = { seq: event.seq, refused: false };
    if (isCommand(event)) {
      if (due.length > 0) return at;
      const facts = answers(market, event);
      if ('code' in facts) return { ...at, refused: true };
      due = [...facts];
      command = event;
    } else if (isFact(event)) {
      // A source that is not defined may be the venue.
      const isElsewhere = event.source === AGENT || event.source === FEED;
      if (isElsewhere && event.cause === command?.seq && due.length > 0) return at;
      if (isElsewhere) continue;
      const [wanted] = due;
      if (wanted === undefined || visible(wanted, command!) !== visible(event, command!)) return at;
      due.shift();
    }
  }
  return due.length > 0 ? { seq: events.length, refused: false } : undefined;
}

export const isWritten = (event: Event): boolean => encodeEvent(createRecordOut(UNIX_EPOCH), event) === 0;

/** Another value of a field: one beside it, absent, or none. */
function otherValue(random: RandomStream, value: unknown): unknown {
  if (typeof value !== 'number') return 'ff00000000000000';
  const others = [value === NONE ? 0 : value + 1, value === NONE ? 1 : value - 1, NONE, 0, 1, 2, 3];
  return others[random.nextInt(others.length)];
}

/** The event with one field changed; itself where that cannot be written. */
function withOtherField(random: RandomStream, event: Event): Event {
  const fields = Object.keys(event).filter((field) => field !== 'kind' && field !== 'seq');
  const field = fields[random.nextInt(fields.length)];
  const old = event[field as keyof Event];
  // The first flag, LAST, or another but SNAPSHOT (2); or another side.
  const flags = [1, 4, 8, 64, 16, 32][random.nextInt(6)];
  const value = field === 'flags' ? old ^ flags : otherValue(random, old);
  const changed = { ...event, [field]: value } as Event;
  return isWritten(changed) ? changed : event;
}

/** Renumbers; where `careful`, causes go on naming the events that they named. */
function renumbered(events: readonly Event[], careful: boolean): Event[] {
  if (!careful) return numbered(events);
  const seqs = new Map(events.map((event, seq) => [event.seq, seq]));
  return events.map((event, seq) =>
    isFact(event) ? { ...event, seq, cause: seqs.get(event.cause) ?? event.cause } : { ...event, seq },
  );
}

export const WAYS = ['field', 'removed', 'doubled', 'swapped', 'moved'] as const;

/** The tape with one command or fact falsified in a way. */
export function falsified(
  random: RandomStream,
  events: readonly Event[],
  way: (typeof WAYS)[number],
): Event[] {
  const first = events.findIndex((event) => isCommand(event));
  const at = first + random.nextInt(events.length - first);
  const event = events[at];
  const without = events.toSpliced(at, 1);
  const careful = random.nextInt(4) > 0;
  switch (way) {
    case 'field':
      return events.with(at, withOtherField(random, event));
    case 'removed':
      return renumbered(without, careful);
    case 'doubled':
      return renumbered(events.toSpliced(at, 0, { ...event, seq: -1 }), careful);
    case 'swapped':
      return renumbered(without.toSpliced(Math.min(at + 1, without.length), 0, event), careful);
    case 'moved':
      return renumbered(without.toSpliced(first + random.nextInt(without.length - first), 0, event), careful);
  }
}
