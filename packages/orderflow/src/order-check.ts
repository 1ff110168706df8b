/** Tells the check of orders what stands in the cells of a command and of its reports: no event object on the way. */
import * as B from '@truetape/book';
import type { CommandBuffer, ReportBuffer } from '@truetape/book';
import { Kind, NONE } from '@truetape/contracts';
import { assert } from '@truetape/kernel';
import * as O from '@truetape/orders';
import type { OrderCheck, OrderError } from '@truetape/orders';

// Bound here: an imported binding is read anew at each use.
const { ACCEPTED, AMENDED, CANCELED, FILL, REJECTED } = B;
const { INSTRUMENT_SHIFT, PRICED, REASON_SHIFT, REPORT_CELLS, SIDE_SHIFT } = B;
const { COMMAND_CELLS, OP_AMEND, OP_CANCEL, OP_NEW, QTY_REMAINING } = B;
const { opOf, qtyModeOf, sideOf, tifOf, typeOf } = B;
const { checkAccepted, checkAmended, checkCanceled, checkFill, checkRejected } = O;
const { checkAmendRequest, checkCancelRequest, checkNew } = O;
const ABSENT = NONE;

/** Kinds of commands by op, for what a reject names. */
const COMMAND_KINDS: readonly number[] = [0, Kind.NewOrder, Kind.CancelOrder, Kind.AmendOrder];

/** A command reaches the matcher; what `applyEvent` says of its event. */
export function checkCommand(check: OrderCheck, commands: CommandBuffer, k: number): OrderError | undefined {
  const { f64, u32 } = commands;
  const cell = k * COMMAND_CELLS;
  const code = u32[cell * 2];
  const op = opOf(code);
  const instrument = u32[cell * 2 + 10];
  const orderId = f64[cell + 1];
  if (op === OP_CANCEL) return checkCancelRequest(check, instrument, orderId, 0);
  const priceTicks = f64[cell + 2];
  const qtyLots = f64[cell + 3];
  if (op === OP_NEW) {
    const side = sideOf(code) << SIDE_SHIFT;
    return checkNew(check, instrument, orderId, side, typeOf(code), tifOf(code), priceTicks, qtyLots);
  }
  assert(op === OP_AMEND, 'FLOW-2', 'agents place, cancel and amend');
  const qtyMode = qtyModeOf(code) || QTY_REMAINING;
  return checkAmendRequest(check, instrument, orderId, priceTicks, qtyLots, qtyMode);
}

/** The fact of a report; what `applyEvent` says of its event. */
export function checkFact(
  check: OrderCheck,
  reports: ReportBuffer,
  k: number,
  isLast: boolean,
): OrderError | undefined {
  const { f64, i32, u32 } = reports;
  const cell = k * REPORT_CELLS;
  const code = u32[cell * 2];
  const kind = code & 15;
  const instrument = code >>> INSTRUMENT_SHIFT;
  const reason = (code >>> REASON_SHIFT) & 255;
  const orderId = f64[cell + 2];
  const priceTicks = (code & PRICED) === 0 ? ABSENT : i32[cell * 2 + 1];
  switch (kind) {
    case ACCEPTED:
      return checkAccepted(check, instrument, orderId, priceTicks, f64[cell + 6], isLast);
    case REJECTED:
      return checkRejected(check, instrument, orderId, COMMAND_KINDS[u32[cell * 2 + 3]], reason, isLast);
    case FILL:
      return checkFill(
        check,
        instrument,
        f64[cell + 4],
        priceTicks,
        f64[cell + 5],
        orderId,
        f64[cell + 3],
        f64[cell + 6],
        f64[cell + 7],
        isLast,
      );
    case CANCELED:
      return checkCanceled(check, instrument, orderId, f64[cell + 5], reason, isLast);
    default:
      assert(kind === AMENDED, 'FLOW-2', 'agents place, cancel and amend');
      return checkAmended(check, instrument, orderId, priceTicks, f64[cell + 6], reason, isLast);
  }
}
