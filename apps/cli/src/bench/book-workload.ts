/**
 * The seeded workloads of the book benchmark, as commands in their cells. Drawing one runs a book beside it, so that
 * cancels name orders that rest and prices follow the market.
 */
import {
  BUY,
  COMMAND_CELLS,
  commandCode,
  createBook,
  createCommands,
  createReports,
  FILL,
  GTC,
  IOC,
  LIMIT,
  MARKET,
  OP_CANCEL,
  OP_NEW,
  REPORT_CELLS,
  SELL,
} from '@truetape/book';
import type { Book, BookTop, CommandBuffer, ReportBuffer } from '@truetape/book';
import { NONE } from '@truetape/contracts';
import { createStream } from '@truetape/kernel';
import type { RandomStream } from '@truetape/kernel';

export type WorkloadName = 'insert-only' | 'mixed' | 'match-heavy' | 'deep';

export interface Workload {
  readonly name: WorkloadName;
  readonly commands: CommandBuffer;
  /** Commands that fill the book first, which nobody times; those behind them are measured. */
  readonly preload: number;
  readonly count: number;
  /** What the measured commands do. */
  readonly fills: number;
  readonly restingAtEnd: number;
  readonly levelsAtEnd: number;
}

const MID = 100_000;
const OWNERS = 1000;
/** Ticks on each side of the middle where the match-heavy book is, and its orders at the beginning. */
const BAND = 10;
const BAND_ORDERS = 20_000;
/** Orders of the deep book; fewer in a run of fewer commands. */
const DEEP_ORDERS = 100_000;
const DEEP_TICKS = 5000;

/** What is known while a workload is drawn. */
interface Draft {
  readonly random: RandomStream;
  readonly commands: CommandBuffer;
  readonly book: Book;
  readonly reports: ReportBuffer;
  readonly top: BookTop;
  count: number;
  nextId: number;
  /** Ids of the orders that rest, and where each of them stands there. */
  readonly live: Int32Array;
  readonly placeOf: Int32Array;
  /** The owner of each id. */
  readonly ownerOf: Uint16Array;
  lives: number;
  fills: number;
}

const ADD = [BUY, SELL].map((side) => commandCode({ op: OP_NEW, side, type: LIMIT, tif: GTC }));
const TAKE = [BUY, SELL].map((side) => commandCode({ op: OP_NEW, side, type: LIMIT, tif: IOC }));
const SWEEP = [BUY, SELL].map((side) => commandCode({ op: OP_NEW, side, type: MARKET, tif: IOC }));
const CANCEL = commandCode({ op: OP_CANCEL });

function createDraft(seed: string, name: string, capacity: number): Draft {
  return {
    random: createStream(seed, `bench book ${name}`),
    commands: createCommands(capacity),
    book: createBook({ ordersMax: 1 << 22 }),
    reports: createReports(),
    top: { bidTicks: NONE, bidLots: 0, bidOrders: 0, askTicks: NONE, askLots: 0, askOrders: 0 },
    count: 0,
    nextId: 1,
    live: new Int32Array(capacity),
    placeOf: new Int32Array(capacity + 1),
    ownerOf: new Uint16Array(capacity + 1),
    lives: 0,
    fills: 0,
  };
}

function forget(draft: Draft, id: number): void {
  const place = draft.placeOf[id];
  const last = draft.live[--draft.lives];
  draft.live[place] = last;
  draft.placeOf[last] = place;
}

/** Writes a command and executes it beside, to know what rests then. */
function push(draft: Draft, code: number, id: number, priceTicks: number, qtyLots: number): void {
  const { commands, reports } = draft;
  const cell = draft.count * COMMAND_CELLS;
  const isNew = code !== CANCEL;
  if (isNew) draft.ownerOf[id] = 1 + draft.random.nextInt(OWNERS);
  commands.u32[cell * 2] = code;
  commands.u32[cell * 2 + 1] = draft.ownerOf[id];
  commands.f64[cell + 1] = id;
  commands.f64[cell + 2] = priceTicks;
  commands.f64[cell + 3] = qtyLots;
  commands.f64[cell + 4] = 0;
  commands.f64[cell + 6] = NONE;
  commands.f64[cell + 7] = NONE;
  reports.count = 0;
  draft.book.apply(commands, draft.count++, reports);
  let left = qtyLots;
  for (let k = 0; k < reports.count; k++) {
    const at = k * REPORT_CELLS;
    if ((reports.u32[at * 2] & 15) !== FILL) continue;
    left = reports.f64[at + 7];
    draft.fills += 1;
    if (reports.f64[at + 6] === 0) forget(draft, reports.f64[at + 2]);
  }
  if (!isNew) {
    forget(draft, id);
  } else if (left > 0 && (code === ADD[0] || code === ADD[1])) {
    draft.placeOf[id] = draft.lives;
    draft.live[draft.lives++] = id;
  }
}

/** A depth below `reach` ticks; the shallow ones are the likely ones. */
function depth(random: RandomStream, reach: number): number {
  return Math.floor(random.next() * random.next() * reach);
}

/** An order that rests, some ticks away from the other side's best. */
function pushPassive(draft: Draft, reach: number): void {
  const { random, top } = draft;
  const side = random.nextInt(2);
  draft.book.readTop(top);
  const ask = top.askTicks === NONE ? MID + 1 : top.askTicks;
  const bid = top.bidTicks === NONE ? MID - 1 : top.bidTicks;
  const away = 1 + depth(random, reach);
  push(draft, ADD[side], draft.nextId++, side === 0 ? ask - away : bid + away, 1 + random.nextInt(100));
}

/** An order that rests on its side of the middle, so many ticks away. */
function pushAround(draft: Draft, away: number): void {
  const { random } = draft;
  const side = random.nextInt(2);
  push(draft, ADD[side], draft.nextId++, side === 0 ? MID - away : MID + away, 1 + random.nextInt(100));
}

/** An order that trades: at a limit through the other side's best, or at any price. */
function pushMarketable(draft: Draft, qtyMax: number, kind: readonly number[], through: number): void {
  const { random, top } = draft;
  const side = random.nextInt(2);
  draft.book.readTop(top);
  const best = side === 0 ? top.askTicks : top.bidTicks;
  const qty = 1 + random.nextInt(qtyMax);
  const other = best === NONE ? MID : best;
  const price = kind === SWEEP ? NONE : side === 0 ? other + through : other - through;
  push(draft, kind[side], draft.nextId++, price, qty);
}

function pushCancel(draft: Draft): void {
  push(draft, CANCEL, draft.live[draft.random.nextInt(draft.lives)], NONE, NONE);
}

function drawInsertOnly(draft: Draft, count: number): void {
  for (let k = 0; k < count; k++) pushAround(draft, 1 + depth(draft.random, 1000));
}

/** 60 of 100 rest, 30 cancel one that rests, 10 trade with some three of them: the book grows slowly. */
function drawMixed(draft: Draft, count: number): void {
  for (let k = 0; k < count; k++) {
    const what = draft.random.nextInt(100);
    if (what < 60 || draft.lives === 0) pushPassive(draft, 200);
    else if (what < 90) pushCancel(draft);
    else pushMarketable(draft, 300, what < 95 ? TAKE : SWEEP, 20);
  }
}

/** Half join the book within some ticks of its middle, half take from it, as many lots on average. */
function drawMatchHeavy(draft: Draft, count: number): void {
  const { random } = draft;
  for (let k = 0; k < count; k++) {
    if (random.nextInt(2) === 0) {
      pushAround(draft, 1 + random.nextInt(BAND));
    } else {
      const side = random.nextInt(2);
      const limit = side === 0 ? MID + BAND : MID - BAND;
      push(draft, TAKE[side], draft.nextId++, limit, 1 + random.nextInt(100));
    }
  }
}

/** As many orders come as go: 15 of 100 trade with what rests, the others rest anywhere in the book or cancel. */
function drawDeep(draft: Draft, count: number): void {
  const orders = Math.min(DEEP_ORDERS, count);
  for (let k = 0; k < count; k++) {
    const what = draft.random.nextInt(100);
    const surplus = draft.lives - orders;
    if (what < 85) {
      if (what % 2 === 0 ? surplus < 500 : surplus < -500) pushPassive(draft, DEEP_TICKS);
      else pushCancel(draft);
    } else {
      pushMarketable(draft, 100, TAKE, 20);
    }
  }
}

const DRAW = {
  'insert-only': drawInsertOnly,
  mixed: drawMixed,
  'match-heavy': drawMatchHeavy,
  deep: drawDeep,
} satisfies Record<WorkloadName, (draft: Draft, count: number) => void>;

/** Draws a workload of so many measured commands. */
export function drawWorkload(name: WorkloadName, seed: string, count: number): Workload {
  const orders = name === 'deep' ? DEEP_ORDERS : name === 'match-heavy' ? BAND_ORDERS : 0;
  const preload = Math.min(orders, count);
  const draft = createDraft(seed, name, preload + count);
  const { random } = draft;
  for (let k = 0; k < preload; k++) {
    pushAround(draft, 1 + (name === 'deep' ? depth(random, DEEP_TICKS) : random.nextInt(BAND)));
  }
  draft.fills = 0;
  DRAW[name](draft, count);
  return {
    name,
    commands: draft.commands,
    preload,
    count,
    fills: draft.fills,
    restingAtEnd: draft.book.orderCount(),
    levelsAtEnd: draft.book.levels(BUY).length + draft.book.levels(SELL).length,
  };
}
