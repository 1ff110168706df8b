/**
 * What a book answers: eight 64-bit cells a report, in a buffer that the caller owns, reuses and empties.
 *
 *     cell 0  u32 code    kind, side, priced, priorityKept, reason (bits below), instrument << 16 | i32 priceTicks
 *          1  u32 owner   (fill: the maker's) | u32 more   (fill: the taker's owner; rejected: op;
 *                                                           accepted: type, tif << 8)
 *          2  f64 orderId       fill: the maker
 *          3  f64 contraId      fill: the taker; self-trade prevention: the other order; else NONE
 *          4  f64 tradeId       NONE where nothing traded
 *          5  f64 qtyLots       fill: traded; canceled: canceled; cancelAllDone: orders canceled
 *          6  f64 leavesLots    fill: of the maker; accepted, amended: what remains; canceled: 0;
 *                               rejected: what the named order still has open, 0 where it is not the asker's
 *          7  f64 takerLeaves   fill alone
 */
import { NONE, nameOfCode } from '@truetape/contracts';
import { OPS, type Op } from './command.ts';

export const REPORT_CELLS = 8;

export const REPORT_KINDS = ['accepted', 'rejected', 'fill', 'canceled', 'amended', 'cancelAllDone'] as const;
export type ReportKind = (typeof REPORT_KINDS)[number];
export const ACCEPTED = 1;
export const REJECTED = 2;
export const FILL = 3;
export const CANCELED = 4;
export const AMENDED = 5;
export const CANCEL_ALL_DONE = 6;

/** Codes of the vocabularies `rejectCode`, `cancelReason` and `amendReason` that a book gives. */
export const BAD_QTY = 1;
export const BAD_PRICE = 2;
export const UNKNOWN_INSTRUMENT = 3;
export const DUPLICATE_ID = 4;
export const UNKNOWN_ORDER = 5;
export const NOT_OWNER = 6;
export const WOULD_CROSS = 7;
export const WOULD_NOT_FILL = 8;
export const CAPACITY = 9;
export const CANCEL_REQUESTED = 1;
export const CANCEL_IOC = 2;
export const CANCEL_MARKET = 3;
export const CANCEL_SELF_TRADE = 4;
export const CANCEL_ALL = 5;
export const AMEND_REQUESTED = 1;
export const AMEND_REDUCED = 2;
export const AMEND_SELF_TRADE = 3;

export const SIDE_SHIFT = 4;
export const PRICED: number = 1 << 6;
export const PRIORITY_KEPT: number = 1 << 7;
export const REASON_SHIFT = 8;
export const INSTRUMENT_SHIFT = 16;

/** Reports in a row; it grows where it must and is emptied by setting `count` to 0. */
export interface ReportBuffer {
  f64: Float64Array;
  i32: Int32Array;
  u32: Uint32Array;
  count: number;
  /** Reports it has room for. */
  capacity: number;
}

export function createReports(capacity = 1024): ReportBuffer {
  const buffer = new ArrayBuffer(capacity * REPORT_CELLS * 8);
  return {
    f64: new Float64Array(buffer),
    i32: new Int32Array(buffer),
    u32: new Uint32Array(buffer),
    count: 0,
    capacity,
  };
}

/** Makes room for at least one more report; those written stay. */
export function growReports(out: ReportBuffer): void {
  const larger = createReports(Math.max(16, out.capacity * 2));
  larger.f64.set(out.f64);
  out.f64 = larger.f64;
  out.i32 = larger.i32;
  out.u32 = larger.u32;
  out.capacity = larger.capacity;
}

/** A report as an object; what does not apply is absent. */
export interface Report {
  readonly kind: ReportKind;
  readonly instrument: number;
  readonly orderId?: number;
  readonly owner: number;
  readonly side?: 'buy' | 'sell';
  readonly priceTicks?: number;
  readonly leavesLots: number;
  /** rejected: its code; canceled, amended: why. */
  readonly reason?: string;
  readonly op?: Op;
  readonly type?: string;
  readonly tif?: string;
  readonly tradeId?: number;
  readonly qtyLots?: number;
  readonly contraId?: number;
  readonly contraOwner?: number;
  readonly takerLeaves?: number;
  readonly priorityKept?: boolean;
}

const REASONS = { rejected: 'rejectCode', canceled: 'cancelReason', amended: 'amendReason' } as const;

function sideName(code: number): 'buy' | 'sell' | undefined {
  const side = (code >>> SIDE_SHIFT) & 3;
  return side === 0 ? undefined : side === 1 ? 'buy' : 'sell';
}

/** Reads report `k` as an object. Complexity: an allocation; for boundaries, not for hot loops. */
export function decodeReport(reports: ReportBuffer, k: number): Report {
  const { f64, i32, u32 } = reports;
  const cell = k * REPORT_CELLS;
  const code = u32[cell * 2];
  const kind = REPORT_KINDS[(code & 15) - 1];
  const reason = (code >>> REASON_SHIFT) & 255;
  const more = u32[cell * 2 + 3];
  const side = sideName(code);
  const present = (value: number): number | undefined => (value === NONE ? undefined : value);
  const fields: { [Key in keyof Report]: Report[Key] | undefined } = {
    kind,
    instrument: code >>> INSTRUMENT_SHIFT,
    orderId: present(f64[cell + 2]),
    owner: u32[cell * 2 + 2],
    side,
    priceTicks: (code & PRICED) === 0 ? undefined : i32[cell * 2 + 1],
    leavesLots: f64[cell + 6],
    reason:
      kind === 'rejected' || kind === 'canceled' || kind === 'amended'
        ? nameOfCode(REASONS[kind], reason)
        : undefined,
    op: kind === 'rejected' ? OPS[more - 1] : undefined,
    type: kind === 'accepted' ? nameOfCode('orderType', more & 255) : undefined,
    tif: kind === 'accepted' ? nameOfCode('tif', more >>> 8) : undefined,
    tradeId: present(f64[cell + 4]),
    qtyLots: kind === 'fill' || kind === 'canceled' || kind === 'cancelAllDone' ? f64[cell + 5] : undefined,
    contraId: present(f64[cell + 3]),
    contraOwner: kind === 'fill' ? more : undefined,
    takerLeaves: kind === 'fill' ? f64[cell + 7] : undefined,
    priorityKept: kind === 'amended' ? (code & PRIORITY_KEPT) !== 0 : undefined,
  };
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as unknown as Report;
}
