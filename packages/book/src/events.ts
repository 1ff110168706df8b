/**
 * Between a book's cells and the events of a tape. A command that a book has no rule for is refused with the
 * field that asks for it; what only says where a command came from (intent, parent order, request, reasons, the
 * time of its decision) is harmless and left behind.
 */
import { BLANK, FLAG_LAST, Kind, N_MAX, NONE, SIDE_MASK, err, ok } from '@truetape/contracts';
import type { AmendOrder, CancelAll, CancelOrder, Event, NewOrder, Result } from '@truetape/contracts';
import * as C from './command.ts';
import * as R from './report.ts';

/** Commands of a tape that ask a book for something. */
export type BookCommandEvent = NewOrder | CancelOrder | AmendOrder | CancelAll;

/** Why a book cannot carry out a command: the field, and what it may hold. */
export interface CommandRefusal {
  readonly code: 'notACommand' | 'unsupported';
  readonly field: string;
  readonly expected: string;
  readonly found: number | string;
}

const refuse = (field: string, expected: string, found: number | string): CommandRefusal => ({
  code: 'unsupported',
  field,
  expected,
  found,
});

/** A field that a book has no rule for: absent, it says nothing. */
type Absent = readonly [field: string, absent: number | string];

const NEW_ABSENT = [
  ['positionSide', 0],
  ['exec', 0],
  ['expireTime', NONE],
  ['stopTicks', NONE],
  ['displayLots', NONE],
  ['ext', ''],
] as const satisfies readonly Absent[];

function newRefusal(event: NewOrder): CommandRefusal | undefined {
  if ((event.flags & SIDE_MASK) === 0) return refuse('side', 'buy or sell', 'none');
  if (event.type !== C.LIMIT && event.type !== C.MARKET) return refuse('type', 'limit or market', event.type);
  if (event.tif > C.FOK) return refuse('tif', 'GTC, IOC or FOK', event.tif);
  if (event.postOnly > C.POST_ONLY_SLIDE) return refuse('postOnly', 'reject, slide or none', event.postOnly);
  for (const [field, absent] of NEW_ABSENT)
    if (event[field] !== absent) return refuse(field, 'none', event[field]);
  return undefined;
}

function amendRefusal(event: AmendOrder): CommandRefusal | undefined {
  const { qtyMode, qtyLots, priceTicks, postOnly } = event;
  if (qtyMode > REDUCE_BY || (qtyMode === 0 && qtyLots !== NONE))
    return refuse('qtyMode', 'total, remaining or reduceBy', qtyMode);
  if (qtyMode === REDUCE_BY && priceTicks !== NONE)
    return refuse('priceTicks', 'none beside reduceBy', priceTicks);
  if (qtyMode === REDUCE_BY && postOnly !== 0) return refuse('postOnly', 'none beside reduceBy', postOnly);
  if (postOnly > C.POST_ONLY_SLIDE) return refuse('postOnly', 'reject, slide or none', postOnly);
  if (event.newOrderId !== NONE) return refuse('newOrderId', 'none', event.newOrderId);
  return event.ext === '' ? undefined : refuse('ext', 'none', event.ext);
}

/** Code of `reduceBy` in the vocabulary `qtyMode`: a book's own command, not a mode of its amend. */
const REDUCE_BY = 3;
const SIDE_SHIFT_OF_FLAGS = 4;

const sideOfFlags = (flags: number): number => (flags & SIDE_MASK) >>> SIDE_SHIFT_OF_FLAGS;

interface Cells {
  readonly code: number;
  readonly account: number;
  readonly orderId: number;
  readonly priceTicks?: number;
  readonly qtyLots?: number;
  readonly minQtyLots?: number;
}

function setCells(commands: C.CommandBuffer, k: number, event: Event, cells: Cells): void {
  const { f64, u32 } = commands;
  const cell = k * C.COMMAND_CELLS;
  u32[cell * 2] = cells.code;
  u32[cell * 2 + 1] = cells.account;
  f64[cell + 1] = cells.orderId;
  f64[cell + 2] = cells.priceTicks ?? NONE;
  f64[cell + 3] = cells.qtyLots ?? NONE;
  f64[cell + 4] = cells.minQtyLots ?? 0;
  u32[cell * 2 + 10] = event.instrument;
  u32[cell * 2 + 11] = event.source;
  f64[cell + 6] = NONE;
  f64[cell + 7] = event.timeNs;
}

function setNew(event: NewOrder, commands: C.CommandBuffer, k: number): void {
  const { type, postOnly, stp } = event;
  const code = C.commandCode({
    op: C.OP_NEW,
    side: sideOfFlags(event.flags),
    type,
    tif: event.tif === 0 ? C.GTC : event.tif,
    postOnly,
    stp,
  });
  const minQtyLots = event.minQtyLots === NONE ? 0 : event.minQtyLots;
  setCells(commands, k, event, { ...pick(event), code, minQtyLots });
}

function setAmend(event: AmendOrder, commands: C.CommandBuffer, k: number): void {
  const { qtyMode, postOnly } = event;
  const code =
    qtyMode === REDUCE_BY
      ? C.OP_REDUCE
      : C.commandCode({ op: C.OP_AMEND, qtyMode: qtyMode === 0 ? C.QTY_REMAINING : qtyMode, postOnly });
  setCells(commands, k, event, { ...pick(event), code });
}

function pick(event: NewOrder | AmendOrder): Pick<Cells, 'account' | 'orderId' | 'priceTicks' | 'qtyLots'> {
  const { account, orderId, priceTicks, qtyLots } = event;
  return { account, orderId, priceTicks, qtyLots };
}

/**
 * Writes a command of a tape into its place. Of what a book has no rule for, nothing is written.
 *
 * Errors: `notACommand` for another kind of event; `unsupported` names a field that asks for stops, expiry, icebergs,
 * position sides, replacement ids, or that this build does not know.
 */
export function commandOfEvent(
  event: Event,
  commands: C.CommandBuffer,
  k: number,
): Result<void, CommandRefusal> {
  switch (event.kind) {
    case Kind.NewOrder: {
      const refusal = newRefusal(event);
      if (refusal !== undefined) return err(refusal);
      setNew(event, commands, k);
      return ok(undefined);
    }
    case Kind.CancelOrder: {
      if (event.ext !== '') return err(refuse('ext', 'none', event.ext));
      setCells(commands, k, event, { ...event, code: C.OP_CANCEL });
      return ok(undefined);
    }
    case Kind.AmendOrder: {
      const refusal = amendRefusal(event);
      if (refusal !== undefined) return err(refusal);
      setAmend(event, commands, k);
      return ok(undefined);
    }
    case Kind.CancelAll: {
      if (event.scope > 1) return err(refuse('scope', 'everyone or none', event.scope));
      if (event.ext !== '') return err(refuse('ext', 'none', event.ext));
      const side = sideOfFlags(event.flags);
      const code = C.commandCode({ op: C.OP_CANCEL_ALL, side, everyone: event.scope === 1 });
      setCells(commands, k, event, { code, account: event.account, orderId: NONE });
      return ok(undefined);
    }
    default:
      return err({ code: 'notACommand', field: 'kind', expected: 'a command to a book', found: event.kind });
  }
}

/** Where an event stands on its tape. */
export interface EventPlace {
  readonly timeNs: number;
  readonly source: number;
  /** Seq of what it follows from; absent for none. */
  readonly cause?: number;
}

/** True for what an `n` of a record can hold, absence included. */
const isWritten = (value: number): boolean => value === NONE || Number.isSafeInteger(value);

/**
 * The field of a command that no record can hold as it stands: an integer beyond 2^53−1, a fraction. Empty when
 * there is none.
 */
export function unwrittenField(
  commands: C.CommandBuffer,
  k: number,
): '' | 'priceTicks' | 'qtyLots' | 'minQtyLots' {
  const { f64, u32 } = commands;
  const cell = k * C.COMMAND_CELLS;
  const op = C.opOf(u32[cell * 2]);
  if (op === C.OP_CANCEL || op === C.OP_CANCEL_ALL) return '';
  const isNew = op === C.OP_NEW;
  if (!isWritten(f64[cell + 3]) || (isNew && f64[cell + 3] === NONE)) return 'qtyLots';
  if (op !== C.OP_REDUCE && !isWritten(f64[cell + 2])) return 'priceTicks';
  return isNew && !Number.isSafeInteger(f64[cell + 4]) ? 'minQtyLots' : '';
}

/** Stands for what no record can hold; each is refused as what it stands for is. */
const QTY_STAND_IN = 0;
const PRICE_STAND_IN = N_MAX;
const MIN_QTY_STAND_IN = -1;

/**
 * The event of a command. A number that no record can hold (see `unwrittenField`) is written as another that
 * a book refuses alike: quantity 0, price 2^53−1, minQty −1.
 */
export function commandEvent(commands: C.CommandBuffer, k: number, place: EventPlace): BookCommandEvent {
  const { f64, u32 } = commands;
  const cell = k * C.COMMAND_CELLS;
  const code = u32[cell * 2];
  const op = C.opOf(code);
  const common = {
    timeNs: place.timeNs,
    source: place.source,
    cause: place.cause ?? NONE,
    instrument: u32[cell * 2 + 10],
    flags: FLAG_LAST | (C.sideOf(code) << SIDE_SHIFT_OF_FLAGS),
    account: u32[cell * 2 + 1],
  };
  if (op === C.OP_CANCEL_ALL) return { ...BLANK.CancelAll, ...common, scope: C.isForEveryone(code) ? 1 : 0 };
  const orderId = f64[cell + 1];
  if (op === C.OP_CANCEL) return { ...BLANK.CancelOrder, ...common, orderId };
  const priceTicks = isWritten(f64[cell + 2]) ? f64[cell + 2] : PRICE_STAND_IN;
  const qtyLots = isWritten(f64[cell + 3]) ? f64[cell + 3] : QTY_STAND_IN;
  const postOnly = C.postOnlyOf(code);
  if (op === C.OP_AMEND || op === C.OP_REDUCE) {
    const asked =
      op === C.OP_REDUCE
        ? { qtyLots, qtyMode: REDUCE_BY }
        : { priceTicks, qtyLots, qtyMode: C.qtyModeOf(code) || C.QTY_REMAINING, postOnly };
    return { ...BLANK.AmendOrder, ...common, orderId, ...asked };
  }
  const minQty = f64[cell + 4];
  return {
    ...BLANK.NewOrder,
    ...common,
    orderId,
    priceTicks,
    qtyLots: qtyLots === NONE ? QTY_STAND_IN : qtyLots,
    type: C.typeOf(code),
    tif: C.tifOf(code),
    postOnly,
    stp: C.stpOf(code),
    minQtyLots: minQty === 0 ? NONE : Number.isSafeInteger(minQty) ? minQty : MIN_QTY_STAND_IN,
  };
}

/** What a fact needs besides its report. */
export interface FactPlace {
  readonly timeNs: number;
  /** The venue. */
  readonly source: number;
  /** Seq of the command that is answered. */
  readonly cause: number;
  /** The last report of its command. */
  readonly last: boolean;
}

/** Kinds of commands by op, for what a reject names. */
const COMMAND_KINDS = [0, Kind.NewOrder, Kind.CancelOrder, Kind.AmendOrder, Kind.AmendOrder, Kind.CancelAll];
/** Codes of `rejectedBy` and `basis`. */
const BY_VENUE = 1;
const BASIS_MATCHED = 1;

/** The fact of a report. Complexity: an allocation. */
export function reportEvent(reports: R.ReportBuffer, k: number, place: FactPlace): Event {
  const { f64, i32, u32 } = reports;
  const cell = k * R.REPORT_CELLS;
  const code = u32[cell * 2];
  const reason = (code >>> R.REASON_SHIFT) & 255;
  const account = u32[cell * 2 + 2];
  const more = u32[cell * 2 + 3];
  const common = {
    timeNs: place.timeNs,
    source: place.source,
    cause: place.cause,
    instrument: code >>> R.INSTRUMENT_SHIFT,
    flags: (code & SIDE_MASK) | (place.last ? FLAG_LAST : 0),
  };
  const orderId = f64[cell + 2];
  const priceTicks = (code & R.PRICED) === 0 ? NONE : i32[cell * 2 + 1];
  switch (code & 15) {
    case R.ACCEPTED: {
      const asked = { account, type: more & 255, tif: more >>> 8 };
      return { ...BLANK.Accepted, ...common, orderId, priceTicks, leavesLots: f64[cell + 6], ...asked };
    }
    case R.REJECTED: {
      const command = COMMAND_KINDS[more];
      return { ...BLANK.Rejected, ...common, orderId, command, by: BY_VENUE, code: reason, account };
    }
    case R.FILL:
      return {
        ...BLANK.Fill,
        ...common,
        tradeId: f64[cell + 4],
        priceTicks,
        qtyLots: f64[cell + 5],
        makerOrderId: orderId,
        takerOrderId: f64[cell + 3],
        makerLeaves: f64[cell + 6],
        takerLeaves: f64[cell + 7],
        makerAccount: account,
        takerAccount: more,
        basis: BASIS_MATCHED,
      };
    case R.CANCELED: {
      const canceledLots = f64[cell + 5];
      return {
        ...BLANK.Canceled,
        ...common,
        orderId,
        canceledLots,
        reason,
        account,
        contraOrderId: f64[cell + 3],
      };
    }
    case R.AMENDED: {
      const priorityKept = (code & R.PRIORITY_KEPT) === 0 ? 0 : 1;
      const amended = { orderId, priceTicks, leavesLots: f64[cell + 6], reason, priorityKept, account };
      return { ...BLANK.Amended, ...common, ...amended, contraOrderId: f64[cell + 3] };
    }
    default:
      return { ...BLANK.CancelAllDone, ...common, canceled: f64[cell + 5], failed: 0 };
  }
}
