/** A message as the events that say the same. */
import { BLANK, NONE, SIDE_BUY, SIDE_SELL, type Event } from '@truetape/contracts';
import { BUY, feedOrder, SELL } from '@truetape/book';
import { addTo } from '@truetape/kernel';
import {
  CROSS_TRADE,
  DELETION,
  EXECUTION,
  HIDDEN_EXECUTION,
  NEW_ORDER,
  PARTIAL_CANCEL,
  TRADING_HALT,
  type LobsterMessage,
} from './message.ts';
import { headerOf, LIMIT, send, sideFlags, type LobsterState } from './state.ts';

/** Codes of vocabularies: condition, amendReason, tradingStatus. */
const NORMAL = 1;
const HIDDEN = 2;
const AUCTION = 3;
const REDUCED = 2;
const TRADING = 1;
const HALTED = 2;
const QUOTING = 3;

/** Sends what a message says; `text` is its row. */
export function sendFacts(state: LobsterState, message: LobsterMessage, text: string): void {
  const { seq } = state;
  state.types[message.type]++;
  sendFact(state, message, text);
  state.factSeq = state.seq === seq ? NONE : seq;
}

function sendFact(state: LobsterState, message: LobsterMessage, text: string): void {
  switch (message.type) {
    case NEW_ORDER:
      sendNew(state, message);
      return;
    case PARTIAL_CANCEL:
      sendReduced(state, message, text);
      return;
    case DELETION:
      sendDeleted(state, message);
      return;
    case EXECUTION:
      sendExecution(state, message);
      return;
    case HIDDEN_EXECUTION:
      sendHidden(state, message);
      return;
    case CROSS_TRADE:
      sendCross(state, message);
      return;
    case TRADING_HALT:
      sendHalt(state, message);
  }
}

const sideOf = ({ direction }: LobsterMessage): number => (direction === 1 ? BUY : SELL);
const aggressorOf = ({ direction }: LobsterMessage): number => (direction === 1 ? SIDE_SELL : SIDE_BUY);

/** The order that a message names, if the book holds it; counts what does not fit. */
function named(state: LobsterState, message: LobsterMessage): { readonly leavesLots: number } | undefined {
  const order = feedOrder(state.book, message.orderId);
  if (order === undefined) {
    state.unknownIds++;
    return undefined;
  }
  const { leavesLots, priceTicks, side } = order;
  const { type, size } = message;
  const fits =
    type === DELETION ? size === leavesLots : type === EXECUTION ? size <= leavesLots : size < leavesLots;
  const same = priceTicks * state.unit === message.price && side === sideOf(message);
  if (!fits || !same) state.misfits++;
  return order;
}

function sendNew(state: LobsterState, message: LobsterMessage): void {
  if (feedOrder(state.book, message.orderId) !== undefined) state.misfits++;
  send(state, {
    ...BLANK.Accepted,
    ...headerOf(state, sideFlags(sideOf(message))),
    orderId: message.orderId,
    priceTicks: message.price / state.unit,
    leavesLots: message.size,
    type: LIMIT,
    matchTime: state.matchTime,
  });
}

function sendReduced(state: LobsterState, message: LobsterMessage, text: string): void {
  const order = named(state, message);
  const leavesLots = (order?.leavesLots ?? 0) - message.size;
  if (leavesLots <= 0) {
    // Amended says what remains, and that is unknown: the row itself stands in for it.
    const doubt = order === undefined ? 'the order is unknown' : 'more than the order had left';
    send(state, {
      ...BLANK.Note,
      ...headerOf(state, 0),
      text: `${text}: ${doubt}, so is what remains of it`,
    });
    return;
  }
  send(state, {
    ...BLANK.Amended,
    ...headerOf(state, sideFlags(sideOf(message))),
    orderId: message.orderId,
    leavesLots,
    reason: REDUCED,
    priorityKept: 1,
    matchTime: state.matchTime,
  });
}

function sendDeleted(state: LobsterState, message: LobsterMessage): void {
  named(state, message);
  send(state, {
    ...BLANK.Canceled,
    ...headerOf(state, sideFlags(sideOf(message))),
    orderId: message.orderId,
    canceledLots: message.size,
    matchTime: state.matchTime,
  });
}

function sendExecution(state: LobsterState, message: LobsterMessage): void {
  const order = named(state, message);
  addTo(state.executed, message.size);
  send(state, {
    ...BLANK.Fill,
    ...headerOf(state, aggressorOf(message)),
    priceTicks: message.price / state.unit,
    qtyLots: message.size,
    makerOrderId: message.orderId,
    makerLeaves: order === undefined ? NONE : Math.max(order.leavesLots - message.size, 0),
    condition: NORMAL,
    matchTime: state.matchTime,
  });
}

/** A price in ticks, or off the grid at the file's own scale. */
function priceOf(state: LobsterState, price: number): { priceTicks: number; priceFine: number } {
  const ticks = price / state.unit;
  return Number.isInteger(ticks)
    ? { priceTicks: ticks, priceFine: NONE }
    : { priceTicks: NONE, priceFine: price };
}

function sendHidden(state: LobsterState, message: LobsterMessage): void {
  addTo(state.hidden, message.size);
  send(state, {
    ...BLANK.Fill,
    ...headerOf(state, aggressorOf(message)),
    ...priceOf(state, message.price),
    qtyLots: message.size,
    condition: HIDDEN,
    matchTime: state.matchTime,
  });
}

function sendCross(state: LobsterState, message: LobsterMessage): void {
  // A cross that found nobody is written with size 0.
  if (message.size === 0) return;
  addTo(state.crossed, message.size);
  send(state, {
    ...BLANK.Trade,
    ...headerOf(state, 0),
    ...priceOf(state, message.price),
    qtyLots: message.size,
    condition: AUCTION,
    matchTime: state.matchTime,
  });
}

function sendHalt(state: LobsterState, { price }: LobsterMessage): void {
  const status = price === -1 ? HALTED : price === 0 ? QUOTING : TRADING;
  const event: Event = {
    ...BLANK.TradingStatus,
    ...headerOf(state, 0),
    status,
    previous: state.trading,
    matchTime: state.matchTime,
  };
  state.trading = status;
  send(state, event);
}
