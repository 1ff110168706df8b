/** A command read out of its cells, field by field: what the reference book and the auditor begin with. */
import { N_MAX } from '@truetape/contracts';
import { assert } from '@truetape/kernel';
import * as C from './command.ts';

/** A command, taken out of its cells. */
export interface Asked {
  readonly op: number;
  readonly side: number;
  readonly type: number;
  readonly tif: number;
  readonly postOnly: number;
  readonly stp: number;
  readonly qtyMode: number;
  readonly everyone: boolean;
  readonly owner: number;
  readonly orderId: number;
  readonly priceTicks: number;
  readonly qtyLots: number;
  readonly minQtyLots: number;
}

const TICKS_MAX = 2_147_483_647;
const TICKS_MIN = -2_147_483_648;

export const isPrice = (ticks: number): boolean =>
  Number.isInteger(ticks) && ticks >= TICKS_MIN && ticks <= TICKS_MAX;
export const isQty = (lots: number): boolean => Number.isInteger(lots) && lots >= 1 && lots <= N_MAX;

/**
 * Reads a command. `+ 0` makes 0 of −0, which is the same number but not the same bytes.
 *
 * Errors: `BOOK-30` for a command that no program may give.
 */
export function askedOf({ f64, u32 }: C.CommandBuffer, k: number): Asked {
  const cell = k * C.COMMAND_CELLS;
  const code = u32[cell * 2];
  const op = C.opOf(code);
  const side = C.sideOf(code);
  const type = C.typeOf(code);
  const orderId = f64[cell + 1] + 0;
  assert(op >= C.OP_NEW && op <= C.OP_CANCEL_ALL, 'BOOK-30', 'an operation');
  assert(op === C.OP_CANCEL_ALL || C.isOrderId(orderId), 'BOOK-30', 'an order id');
  assert(op !== C.OP_NEW || side === C.BUY || side === C.SELL, 'BOOK-30', 'a side');
  assert(op !== C.OP_NEW || type === C.LIMIT || type === C.MARKET, 'BOOK-30', 'a type');
  const isListed = C.tifOf(code) <= C.FOK && C.postOnlyOf(code) <= C.POST_ONLY_SLIDE;
  assert(isListed && C.stpOf(code) <= C.STP_DECREMENT, 'BOOK-30', 'choices that a book knows');
  return {
    op,
    side,
    type,
    tif: C.tifOf(code),
    postOnly: C.postOnlyOf(code),
    stp: C.stpOf(code),
    qtyMode: C.qtyModeOf(code),
    everyone: C.isForEveryone(code),
    owner: u32[cell * 2 + 1],
    orderId,
    priceTicks: f64[cell + 2] + 0,
    qtyLots: f64[cell + 3],
    minQtyLots: f64[cell + 4],
  };
}
