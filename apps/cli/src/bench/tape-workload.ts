/** The seeded workload of the tape benchmarks: depth messages, quotes and trades of two instruments. */
import { BLANK, FLAG_LAST, Kind, SIDE_BUY, SIDE_SELL, defineFields } from '@truetape/contracts';
import type { Event } from '@truetape/contracts';
import { createStream } from '@truetape/kernel';
import { writeEvent } from '@truetape/tape';
import type { TapeWriter } from '@truetape/tape';

/** Events are drawn once and then repeated at later times, so that drawing them is not what is measured. */
const POOL = 8192;
/** A Mark every so many pools: what the filter benchmark looks for, in one frame of a hundred or fewer. */
const MARK_EVERY_POOLS = 20;

type Timed<E> = { -readonly [K in keyof E]: E[K] };

function header(
  kind: number,
  flags: number,
  instrument: number,
): { flags: number; instrument: number; source: number } {
  return { flags, instrument, source: kind === Kind.Trade ? 2 : 1 };
}

/** Draws the pool: messages of one BookUpdate with one to six Levels, then a quote or a trade. */
function drawPool(seed: string): Timed<Event>[] {
  const stream = createStream(seed, 'bench tape');
  const pool: Timed<Event>[] = [];
  let updateId = 50_000_000_000;
  let tradeId = 3_000_000_000;
  while (pool.length < POOL) {
    const instrument = 1 + stream.nextInt(2);
    const mid = 600_000 + stream.nextInt(2000);
    const levels = 1 + stream.nextInt(6);
    const first = updateId + 1;
    updateId += 1 + stream.nextInt(40);
    pool.push({
      ...BLANK.BookUpdate,
      ...header(Kind.BookUpdate, 0, instrument),
      lastUpdateId: updateId,
      levels,
      firstUpdateId: first,
      prevUpdateId: first - 1,
    });
    for (let level = 1; level <= levels; level++) {
      const isBuy = stream.nextInt(2) === 0;
      const flags = (isBuy ? SIDE_BUY : SIDE_SELL) | (level === levels ? FLAG_LAST : 0);
      const priceTicks = isBuy ? mid - stream.nextInt(500) : mid + 1 + stream.nextInt(500);
      const qtyLots = stream.nextInt(4) === 0 ? 0 : 1 + stream.nextInt(5_000_000);
      pool.push({ ...BLANK.Level, ...header(Kind.Level, flags, instrument), priceTicks, qtyLots });
    }
    const flags = FLAG_LAST | (stream.nextInt(2) === 0 ? SIDE_BUY : SIDE_SELL);
    if (stream.nextInt(4) === 0) {
      tradeId += 1;
      const qtyLots = 1 + stream.nextInt(100_000);
      pool.push({
        ...BLANK.Trade,
        ...header(Kind.Trade, flags, instrument),
        priceTicks: mid,
        qtyLots,
        tradeId,
      });
    } else {
      const [bidLots, askLots] = [1 + stream.nextInt(9_000_000), 1 + stream.nextInt(9_000_000)];
      const quote = { bidTicks: mid, bidLots, askTicks: mid + 1, askLots, updateId };
      pool.push({ ...BLANK.Quote, ...header(Kind.Quote, FLAG_LAST, instrument), ...quote });
    }
  }
  return pool;
}

const INSTRUMENTS = ['BTCUSDT', 'ETHUSDT'].map((symbol) => ({
  id: `BENCH:${symbol}`,
  venue: 'BENCH',
  symbol,
  class: 'linear',
  base: symbol.slice(0, 3),
  quote: 'USDT',
  settle: 'USDT',
  priceStep: '0.1',
  qtyStep: '0.00001',
  fineScale: 8,
  contractSize: '1',
  ids: 'numeric',
}));
const SOURCES = ['bench:depth', 'bench:trade'].map((name) => ({ name, role: 'marketFeed' }));

function mustWrite(writer: TapeWriter, event: Event): void {
  const error = writeEvent(writer, event);
  if (error !== undefined)
    throw new Error(`the benchmark wrote an event that the tape refuses: ${error.found}`);
}

/** A workload that fills writers: the same events for the same seed. */
export interface TapeWorkload {
  /** Writes at least `events` events, up to the end of a message; returns how many it wrote. */
  fill(writer: TapeWriter, events: number): number;
}

export function createTapeWorkload(seed: string): TapeWorkload {
  const pool = drawPool(seed);
  const mark = { ...BLANK.Mark, ...header(Kind.Mark, FLAG_LAST, 1), markFine: 6_000_000_000, timeNs: 0 };
  return {
    fill: (writer, events) => {
      let written = 0;
      const put = (event: Event): void => {
        mustWrite(writer, event);
        written += 1;
      };
      for (const [k, value] of INSTRUMENTS.entries()) {
        put({ ...BLANK.Define, ...defineFields('instrument', k + 1, value) });
      }
      for (const [k, value] of SOURCES.entries())
        put({ ...BLANK.Define, ...defineFields('source', k + 1, value) });
      let timeNs = 0;
      for (let pools = 0; written < events; pools++) {
        if (pools % MARK_EVERY_POOLS === MARK_EVERY_POOLS - 1) put({ ...mark, timeNs });
        for (let k = 0; k < pool.length; k++) {
          const event = pool[k];
          timeNs += 1500;
          event.timeNs = timeNs;
          mustWrite(writer, event);
          written += 1;
          // A message is never cut in two.
          if (written >= events && (event.flags & FLAG_LAST) !== 0) break;
        }
      }
      return written;
    },
  };
}

/** Header of the benchmark's tapes. */
export const BENCH_HEADER = {
  observer: 'client',
  epochNs: '1700000000000000000',
  producer: { name: 'truetape bench' },
} as const;
