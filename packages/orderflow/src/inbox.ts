/** Reports and market data as they reach agents. */
import { ACCEPTED, AMENDED, BUY, CANCELED, FILL, OP_CANCEL, OP_NEW, PRICED, REJECTED } from '@truetape/book';
import { LANE_CELLS, clearSource, laneDue, shiftLane } from '@truetape/kernel';
import { cancelOrder } from './gateway.ts';
import { OPEN, closeSlot, slotOf } from './own-orders.ts';
import type { OwnOrders } from './own-orders.ts';
import { LOST } from './report-lane.ts';
import { waitFor } from './state.ts';
import type { AgentState, Sim, SymbolState } from './state.ts';

/** Delivers every report that is due. */
export function deliverReports(sim: Sim, agent: AgentState): void {
  const { inbox } = agent;
  while (inbox.count > 0 && laneDue(inbox) <= sim.timeNs) {
    const cell = inbox.head * LANE_CELLS;
    const orderId = takeReport(sim, agent, cell);
    shiftLane(inbox);
    agent.agent.onReport?.(agent.context, orderId);
  }
  if (inbox.count > 0) waitFor(sim, agent.at, laneDue(inbox));
  else clearSource(sim.heap, agent.at);
}

/** What a report of the lane's first message says of the agent's orders. Returns the order. */
function takeReport(sim: Sim, agent: AgentState, cell: number): number {
  const { own, inbox } = agent;
  const { f64, u32 } = inbox;
  const code = u32[cell * 2];
  const kind = code & 15;
  if (kind === FILL) return takeFill(agent, cell);
  const orderId = f64[cell + 2];
  const slot = slotOf(own, orderId);
  if (slot < 0) {
    // A copy came to life behind its original: nobody else would ever cancel it, so it is asked until that arrives.
    const isLostCancel = kind === LOST && u32[cell * 2 + 3] === OP_CANCEL;
    if (kind === ACCEPTED || isLostCancel) cancelOrder(sim, agent, orderId);
    return orderId;
  }
  switch (kind) {
    case ACCEPTED:
    case AMENDED:
      own.states[slot] = OPEN;
      own.leaves[slot] = f64[cell + 6];
      if ((code & PRICED) !== 0) own.prices[slot] = u32[cell * 2 + 1] | 0;
      break;
    case CANCELED:
      closeSlot(own, slot);
      break;
    case REJECTED:
    case LOST:
      // A command that changes nothing leaves the order as it was.
      if (u32[cell * 2 + 3] === OP_NEW) closeSlot(own, slot);
      else own.states[slot] = OPEN;
      break;
    default:
  }
  return orderId;
}

/** A fill of the agent as maker, or as taker: its own order is the one it knows or whose account it is. */
function takeFill(agent: AgentState, cell: number): number {
  const { own, inbox, account } = agent;
  const { f64, u32 } = inbox;
  const isMaker = u32[cell * 2 + 2] === account;
  const orderId = isMaker ? f64[cell + 2] : f64[cell + 3];
  const aggressor = (u32[cell * 2] >>> 4) & 3;
  const isBuy = (aggressor === BUY) !== isMaker;
  agent.position += isBuy ? f64[cell + 5] : -f64[cell + 5];
  const slot = slotOf(own, orderId);
  if (slot >= 0) settle(own, slot, isMaker ? f64[cell + 6] : f64[cell + 7]);
  return orderId;
}

function settle(own: OwnOrders, slot: number, leaves: number): void {
  if (leaves === 0) closeSlot(own, slot);
  else own.leaves[slot] = leaves;
}

/** Delivers every piece of market data of a symbol that is due. */
export function deliverMarket(sim: Sim, symbol: SymbolState): void {
  const { market, view } = symbol;
  while (market.count > 0 && laneDue(market) <= sim.timeNs) {
    const { f64 } = market;
    const cell = market.head * LANE_CELLS;
    view.bidTicks = f64[cell];
    view.bidLots = f64[cell + 1];
    view.askTicks = f64[cell + 2];
    view.askLots = f64[cell + 3];
    view.lastTicks = f64[cell + 4];
    shiftLane(market);
    for (const agent of symbol.listeners) agent.agent.onMarket!(agent.context);
  }
  if (market.count > 0) waitFor(sim, symbol.at + 1, laneDue(market));
  else clearSource(sim.heap, symbol.at + 1);
}
