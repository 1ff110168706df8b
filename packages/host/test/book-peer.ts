/**
 * Threads of the tests of a book in a worker: a producer that trades at random, a reader that checks what
 * it sees.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { createStream } from '@truetape/kernel';
import {
  awaitReports,
  closeProducer,
  connectProducer,
  connectReader,
  createRows,
  isProducerEnded,
  pollReports,
  readDepth,
  readerCounters,
  sendCommand,
  type Depth,
  type Producer,
  type ProducerHandle,
  type ReaderHandle,
  type ReportRows,
} from '@truetape/host';
import type { Command } from '@truetape/book';

export type BookPeerTask =
  | {
      readonly type: 'trade';
      readonly handle: ProducerHandle;
      readonly seed: string;
      /** Infinity: until it is killed. */
      readonly commands: number;
      readonly instruments: number;
      /** Reports are read after so many submissions, or when they have to be. */
      readonly readEvery: number;
      readonly gate?: Gate;
    }
  | { readonly type: 'read'; readonly handle: ReaderHandle; readonly commands: number; readonly gate: Gate };

/**
 * Has traders and readers go on together: a trader begins stage k once every reader has seen the book in k states.
 * Without it a reader may see the end alone, on a machine that has other things to do.
 */
export interface Gate {
  /** Readers that have seen so many states, by number of states. */
  readonly seen: Int32Array<SharedArrayBuffer>;
  readonly readers: number;
}

export const STAGES = 4;

/** What a trading peer found. */
export interface TradeEnd {
  readonly submitted: number;
  /** Tags whose last answer came. */
  readonly answered: number;
  readonly rows: number;
  readonly lost: number;
  readonly ownOrders: number;
  readonly refusals: Producer['refusals'];
}

export interface ReadEnd {
  readonly changes: number;
  readonly retries: number;
  readonly naps: number;
}

const ROW_CELLS = 16;
/** Ids of different producers differ. */
const IDS = 2 ** 40;

/**
 * Checks rows as they come: numbers without a gap but those that were told, tags in order, each ended once.
 */
function createCheck(): { readonly take: (rows: ReportRows) => void; readonly end: TradeEnd } {
  const end = { submitted: 0, answered: 0, rows: 0, lost: 0, ownOrders: 0 };
  let next = 1;
  let lossSince = false;
  const take = ({ f64, u32, count }: ReportRows): void => {
    for (let k = 0; k < count; k++) {
      const cell = k * ROW_CELLS;
      const [type, last] = [u32[cell * 2], u32[cell * 2 + 1]];
      if (f64[cell + 3] !== next) throw new Error(`row ${f64[cell + 3]}, due ${next}`);
      if (type === 3) {
        const lost = f64[cell + 4] - f64[cell + 3] + 1;
        end.lost += lost;
        next += lost;
        lossSince = true;
        continue;
      }
      next += 1;
      end.rows += 1;
      if (type === 2) end.ownOrders += 1;
      else {
        const tag = f64[cell + 1];
        // Rows of answers that were lost may have been the last of their command.
        if (lossSince ? tag <= end.answered : tag !== end.answered + 1)
          throw new Error(`answer to ${tag} behind that to ${end.answered}`);
        if (last === 1) {
          end.answered = tag;
          lossSince = false;
        }
      }
    }
  };
  return { take, end: end as unknown as TradeEnd };
}

function draw(
  stream: ReturnType<typeof createStream>,
  task: BookPeerTask & { type: 'trade' },
  tag: number,
): Command {
  const base = task.handle.index * IDS;
  const instrument = 1 + stream.nextInt(task.instruments);
  const place = { instrument, tag };
  const pick = stream.nextInt(10);
  const earlier = base + Math.max(1, tag - stream.nextInt(40));
  const isBuy = stream.nextInt(2) === 0;
  if (pick < 6) {
    const priceTicks = isBuy ? 990 + stream.nextInt(13) : 998 + stream.nextInt(13);
    const side = isBuy ? 'buy' : 'sell';
    return {
      op: 'new',
      ...place,
      orderId: base + tag,
      side,
      type: 'limit',
      priceTicks,
      qtyLots: 1 + stream.nextInt(50),
    };
  }
  if (pick < 9) return { op: 'cancel', ...place, orderId: earlier };
  return stream.nextInt(200) === 0
    ? { op: 'cancelAll', ...place }
    : { op: 'amend', ...place, orderId: earlier, priceTicks: 995 + stream.nextInt(10) };
}

function trade(task: BookPeerTask & { type: 'trade' }): TradeEnd {
  const stream = createStream(task.seed, task.handle.name);
  const producer = connectProducer(task.handle);
  const rows = createRows(512);
  const check = createCheck();
  const read = (): void => {
    rows.count = 0;
    pollReports(producer, rows);
    check.take(rows);
  };
  const { gate } = task;
  let submitted = 0;
  let stage = 0;
  for (let tag = 1; tag <= task.commands; tag++) {
    if (gate !== undefined && stage < STAGES && tag > (task.commands * stage) / STAGES) {
      while (Atomics.load(gate.seen, stage) < gate.readers) {
        awaitReports(producer, 5);
        read();
      }
      stage += 1;
    }
    const command = draw(stream, task, tag);
    while (!sendCommand(producer, command)) {
      if (producer.refusal === 'stopped') throw new Error('stopped');
      if (producer.refusal === 'unreadReports') read();
      else {
        read();
        awaitReports(producer, 5);
      }
    }
    submitted += 1;
    if (tag % task.readEvery === 0) read();
  }
  closeProducer(producer);
  while (!isProducerEnded(producer)) {
    awaitReports(producer, 50);
    read();
  }
  return { ...check.end, submitted, refusals: producer.refusals };
}

/** Throws for a book that no moment of matching leaves behind. */
export function checkDepth(depth: Depth): void {
  const wrong = (why: string): Error => new Error(`${why}: ${JSON.stringify(depth)}`);
  const { bids, asks } = depth;
  for (const [side, levels, sum] of [
    [-1, bids, depth.bidLots],
    [1, asks, depth.askLots],
  ] as const) {
    let lots = 0;
    for (const [k, { priceTicks, qtyLots, orders }] of levels.entries()) {
      if (k > 0 && (priceTicks - levels[k - 1].priceTicks) * side <= 0) throw wrong('out of order');
      if (!(qtyLots > 0 && orders > 0 && orders <= qtyLots)) throw wrong('an empty level');
      lots += qtyLots;
    }
    if (lots !== sum) throw wrong('a sum of other levels');
  }
  if (bids.length > 0 && asks.length > 0 && bids[0].priceTicks >= asks[0].priceTicks) throw wrong('crossed');
}

function read({ handle, commands, gate }: BookPeerTask & { type: 'read' }): ReadEnd {
  const reader = connectReader(handle);
  const instruments = handle.blocks.length - 1;
  const seen = new Float64Array(instruments + 1);
  let changes = 0;
  Atomics.add(gate.seen, 0, 1);
  for (let newest = 0; newest < commands;) {
    for (let instrument = 1; instrument <= instruments; instrument++) {
      const depth = readDepth(reader, instrument);
      if (depth === undefined) throw new Error('the book does not publish');
      checkDepth(depth);
      if (depth.commands < seen[instrument]) throw new Error('an older book');
      if (depth.commands > seen[instrument]) {
        changes += 1;
        if (changes < STAGES) Atomics.add(gate.seen, changes, 1);
      }
      seen[instrument] = depth.commands;
      newest = Math.max(newest, depth.commands);
    }
  }
  const { retries, naps } = readerCounters(reader);
  return { changes, retries, naps };
}

if (parentPort !== null && workerData !== null) {
  const task = workerData as BookPeerTask;
  parentPort.postMessage(task.type === 'trade' ? trade(task) : read(task), []);
}
