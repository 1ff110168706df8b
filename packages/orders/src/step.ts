/** One event on its way to one order, as flat numbers: the form in which it is judged and carried out. */
import { NONE } from '@truetape/contracts';
import type { OrderInput } from './input.ts';
import type { OrderEvent } from './states.ts';

/** Absent numbers are NONE, absent codes 0. Reused from event to event. */
export interface Step {
  event: OrderEvent;
  instrument: number;
  orderId: number;
  side: number;
  type: number;
  tif: number;
  priceTicks: number;
  priceFine: number;
  qtyLots: number;
  qtyMode: number;
  leavesLots: number;
  tradeId: number;
  /** Code of the reason in the vocabulary of the event. */
  code: number;
  /** Role of the order in a fill: 1 maker, 2 taker, 0 unknown. */
  liquidity: number;
  newOrderId: number;
  /** Set by `judge`: the fill was applied before. */
  isDuplicate: boolean;
  /** Set by `judge` for a change of the order: what it becomes. */
  newPriceTicks: number;
  newQtyLots: number;
}

export function createStep(): Step {
  return {
    event: 'submit',
    instrument: 0,
    orderId: NONE,
    side: 0,
    type: 0,
    tif: 0,
    priceTicks: NONE,
    priceFine: NONE,
    qtyLots: NONE,
    qtyMode: 0,
    leavesLots: NONE,
    tradeId: NONE,
    code: 0,
    liquidity: 0,
    newOrderId: NONE,
    isDuplicate: false,
    newPriceTicks: NONE,
    newQtyLots: NONE,
  };
}

/** Makes a step blank but for its event and order. */
export function resetStep(step: Step, event: OrderEvent, instrument: number, orderId: number): void {
  step.event = event;
  step.instrument = instrument;
  step.orderId = orderId;
  step.side = 0;
  step.type = 0;
  step.tif = 0;
  step.priceTicks = NONE;
  step.priceFine = NONE;
  step.qtyLots = NONE;
  step.qtyMode = 0;
  step.leavesLots = NONE;
  step.tradeId = NONE;
  step.code = 0;
  step.liquidity = 0;
  step.newOrderId = NONE;
  step.isDuplicate = false;
  step.newPriceTicks = NONE;
  step.newQtyLots = NONE;
}

/** Fills a step from an input. */
export function readInput(step: Step, input: OrderInput): void {
  resetStep(step, input.event, input.instrument ?? 0, input.orderId);
  switch (input.event) {
    case 'submit':
      step.side = input.side ?? 0;
      step.type = input.type ?? 0;
      step.tif = input.tif ?? 0;
      step.priceTicks = input.priceTicks ?? NONE;
      step.qtyLots = input.qtyLots;
      return;
    case 'fill':
      step.tradeId = input.tradeId ?? NONE;
      step.priceTicks = input.priceTicks ?? NONE;
      step.priceFine = input.priceFine ?? NONE;
      step.qtyLots = input.qtyLots;
      step.leavesLots = input.leavesLots ?? NONE;
      step.liquidity = input.liquidity ?? 0;
      return;
    case 'accepted':
      step.priceTicks = input.priceTicks ?? NONE;
      step.leavesLots = input.leavesLots ?? NONE;
      return;
    case 'replaceRequest':
      step.priceTicks = input.priceTicks ?? NONE;
      step.qtyLots = input.qtyLots ?? NONE;
      step.qtyMode = input.qtyMode ?? 0;
      return;
    case 'replaced':
    case 'amended':
      step.priceTicks = input.priceTicks ?? NONE;
      step.qtyLots = input.qtyLots ?? NONE;
      step.leavesLots = input.leavesLots ?? NONE;
      step.newOrderId = input.newOrderId ?? NONE;
      step.code = input.reason ?? 0;
      return;
    case 'canceled':
    case 'expired':
      step.leavesLots = input.leavesLots ?? NONE;
      step.code = input.reason ?? 0;
      return;
    case 'cancelRequest':
      step.code = input.reason ?? 0;
      return;
    case 'rejected':
    case 'cancelRejected':
    case 'replaceRejected':
      step.code = input.code ?? 0;
      return;
    case 'rested':
  }
}
