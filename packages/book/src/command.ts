/**
 * Commands to a book, as the hot path and the shared-memory rings see them: eight 64-bit cells in a row,
 * one cache line a command. Objects (`Command`) live at the boundary alone.
 *
 *     cell 0  u32 code    op, side, type, tif, postOnly, stp, qtyMode, everyone (bits below) | u32 owner
 *          1  f64 orderId
 *          2  f64 priceTicks    NONE: absent (market), or kept (amend)
 *          3  f64 qtyLots       NONE: absent or kept (amend)
 *          4  f64 minQtyLots    0: none
 *          5  u32 instrument | u32 source
 *          6  f64 tag           the caller's own, such as a request id; a book ignores it
 *          7  f64 timeNs        the caller's own; a book has no clock
 *
 * The layout is one of memory, not of a file: its byte order is the machine's.
 */
import { N_MAX, NONE, VOCABULARIES } from '@truetape/contracts';
import { assert } from '@truetape/kernel';

export const COMMAND_CELLS = 8;

/** What is asked of a book. `reduce` is a partial cancel; `amend` sets price, quantity or both. */
export const OPS = ['new', 'cancel', 'amend', 'reduce', 'cancelAll'] as const;
export type Op = (typeof OPS)[number];
export const OP_NEW = 1;
export const OP_CANCEL = 2;
export const OP_AMEND = 3;
export const OP_REDUCE = 4;
export const OP_CANCEL_ALL = 5;

/** Codes of sides, as in records: `flags >> 4`. */
export const BUY = 1;
export const SELL = 2;
export const LIMIT = 1;
export const MARKET = 2;
export const GTC = 1;
export const IOC = 2;
export const FOK = 3;
export const POST_ONLY_REJECT = 1;
export const POST_ONLY_SLIDE = 2;
export const STP_NEWEST = 1;
export const STP_OLDEST = 2;
export const STP_BOTH = 3;
export const STP_DECREMENT = 4;
/** An amend's quantity is the order's whole one, its executed part included, as FIX OrderQty. */
export const QTY_TOTAL = 1;
/** An amend's quantity is what remains. */
export const QTY_REMAINING = 2;

const SIDE_SHIFT = 4;
const TYPE_SHIFT = 6;
const TIF_SHIFT = 8;
const POST_ONLY_SHIFT = 11;
const STP_SHIFT = 13;
const QTY_MODE_SHIFT = 16;
const EVERYONE_SHIFT = 18;

export const opOf = (code: number): number => code & 15;
export const sideOf = (code: number): number => (code >>> SIDE_SHIFT) & 3;
export const typeOf = (code: number): number => (code >>> TYPE_SHIFT) & 3;
export const tifOf = (code: number): number => (code >>> TIF_SHIFT) & 7;
export const postOnlyOf = (code: number): number => (code >>> POST_ONLY_SHIFT) & 3;
export const stpOf = (code: number): number => (code >>> STP_SHIFT) & 7;
export const qtyModeOf = (code: number): number => (code >>> QTY_MODE_SHIFT) & 3;
export const isForEveryone = (code: number): boolean => ((code >>> EVERYONE_SHIFT) & 1) !== 0;

/** A row of commands. The memory may be shared between threads. */
export interface CommandBuffer {
  readonly f64: Float64Array;
  readonly u32: Uint32Array;
  /** Commands it has room for. */
  readonly capacity: number;
}

/** Errors: a length that is no whole number of commands asserts `BOOK-1`. */
export function viewCommands(buffer: ArrayBufferLike, offsetBytes = 0, capacity?: number): CommandBuffer {
  const room = (buffer.byteLength - offsetBytes) / (COMMAND_CELLS * 8);
  const count = capacity ?? room;
  assert(Number.isInteger(count) && count >= 0 && count <= room, 'BOOK-1', 'a buffer of whole commands');
  return {
    f64: new Float64Array(buffer, offsetBytes, count * COMMAND_CELLS),
    u32: new Uint32Array(buffer, offsetBytes, count * COMMAND_CELLS * 2),
    capacity: count,
  };
}

export function createCommands(capacity: number): CommandBuffer {
  return viewCommands(new ArrayBuffer(capacity * COMMAND_CELLS * 8));
}

/** A command as an object; absent fields mean what a book's rules say of them. */
export interface Command {
  readonly op: Op;
  /** 1..65,535; a single book does not look at it. */
  readonly instrument?: number;
  /** 0…2^53−1; absent for cancelAll alone. */
  readonly orderId?: number;
  /** 0: the empty owner. */
  readonly owner?: number;
  readonly side?: 'buy' | 'sell';
  readonly type?: 'limit' | 'market';
  readonly tif?: 'GTC' | 'IOC' | 'FOK';
  readonly priceTicks?: number;
  readonly qtyLots?: number;
  readonly minQtyLots?: number;
  readonly postOnly?: 'reject' | 'slide';
  readonly stp?: 'newest' | 'oldest' | 'both' | 'decrement';
  /** What an amend's qtyLots counts; `remaining` by default. */
  readonly qtyMode?: 'total' | 'remaining';
  /** cancelAll: the orders of every owner, whatever `owner` says. */
  readonly everyone?: boolean;
  readonly source?: number;
  readonly tag?: number;
  readonly timeNs?: number;
}

/** Codes of a new order's choices; 0 is none. */
export interface CommandCode {
  readonly op: number;
  readonly side: number;
  readonly type: number;
  readonly tif: number;
  readonly postOnly: number;
  readonly stp: number;
  readonly qtyMode: number;
  readonly everyone: boolean;
}

/** The code of cell 0, which a producer of many commands computes once. */
export function commandCode(choice: Partial<CommandCode> & Pick<CommandCode, 'op'>): number {
  return (
    choice.op |
    ((choice.side ?? 0) << SIDE_SHIFT) |
    ((choice.type ?? 0) << TYPE_SHIFT) |
    ((choice.tif ?? 0) << TIF_SHIFT) |
    ((choice.postOnly ?? 0) << POST_ONLY_SHIFT) |
    ((choice.stp ?? 0) << STP_SHIFT) |
    ((choice.qtyMode ?? 0) << QTY_MODE_SHIFT) |
    ((choice.everyone === true ? 1 : 0) << EVERYONE_SHIFT)
  );
}

const codeIn = (
  vocabulary: 'side' | 'orderType' | 'tif' | 'stp' | 'postOnly' | 'qtyMode',
  name?: string,
): number =>
  name === undefined ? 0 : (VOCABULARIES[vocabulary].names.find((entry) => entry[1] === name)?.[0] ?? 0);

/** Bound here, see store.ts: it is for each command. */
const BIGGEST_ID = N_MAX;

/** True for a number that can name an order. */
export function isOrderId(id: number): boolean {
  return id >= 0 && id <= BIGGEST_ID && Math.floor(id) === id;
}

/**
 * Writes a command into its place. What a book would reject is written as it stands: a rejection is a report.
 *
 * Errors: `BOOK-2` for a place outside the buffer, an order id that is none, a side or type that a new order
 * lacks. Those are mistakes of the program; whoever parses input finds them first.
 */
export function encodeCommand(commands: CommandBuffer, k: number, command: Command): void {
  const op = OPS.indexOf(command.op) + 1;
  assert(k >= 0 && k < commands.capacity && op > 0, 'BOOK-2', 'a place and an operation');
  assert(op === OP_CANCEL_ALL || isOrderId(command.orderId ?? -1), 'BOOK-2', 'an order id');
  assert(
    op !== OP_NEW || (command.side !== undefined && command.type !== undefined),
    'BOOK-2',
    'side and type',
  );
  const { f64, u32 } = commands;
  const cell = k * COMMAND_CELLS;
  u32[cell * 2] = commandCode({
    op,
    side: codeIn('side', command.side),
    type: codeIn('orderType', command.type),
    tif: codeIn('tif', command.tif ?? (op === OP_NEW ? 'GTC' : undefined)),
    postOnly: codeIn('postOnly', command.postOnly),
    stp: codeIn('stp', command.stp),
    qtyMode: codeIn('qtyMode', command.qtyMode ?? (op === OP_AMEND ? 'remaining' : undefined)),
    everyone: command.everyone === true,
  });
  u32[cell * 2 + 1] = command.owner ?? 0;
  f64[cell + 1] = command.orderId ?? NONE;
  f64[cell + 2] = command.priceTicks ?? NONE;
  f64[cell + 3] = command.qtyLots ?? NONE;
  f64[cell + 4] = command.minQtyLots ?? 0;
  u32[cell * 2 + 10] = command.instrument ?? 0;
  u32[cell * 2 + 11] = command.source ?? 0;
  f64[cell + 6] = command.tag ?? NONE;
  f64[cell + 7] = command.timeNs ?? NONE;
}
