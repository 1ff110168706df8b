/** Reports and market data as they reach agents: at their time those who react, at their next wake the others. */
import { ACCEPTED, AMENDED, BUY, CANCELED, FILL, OP_CANCEL, OP_NEW, PRICED, REJECTED } from '@truetape/book';
import { LANE_CELLS, clearSource, setSource, shiftLane } from '@truetape/kernel';
import { cancelOrder } from './gateway.ts';
import { OPEN, closeSlot, setLeaves, setPrice, setState, slotOf } from './own-orders.ts';
import type { OwnOrders } from './own-orders.ts';
import { LOST } from './report-lane.ts';
import { waitForAgent } from './waits.ts';
import type { AgentState, Sim, SymbolState } from './state.ts';

/** Delivers every report that is due. */
export function deliverReports(sim: Sim, agent: AgentState): void {
  const { inbox } = agent;
  while (inbox.count > 0 && inbox.pool.due[inbox.head] <= sim.timeNs) {
    const orderId = takeReport(sim, agent, inbox.head * LANE_CELLS);
    shiftLane(inbox);
    if (agent.hearsReports) agent.agent.onReport!(agent.context, orderId);
  }
}

/** What a report of the lane's first message says of the agent's orders. Returns the order. */
function takeReport(sim: Sim, agent: AgentState, cell: number): number {
  const { own } = agent;
  const { f64, u32 } = agent.inbox.pool;
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
      setState(own, slot, OPEN);
      setLeaves(own, slot, f64[cell + 6]);
      if ((code & PRICED) !== 0) setPrice(own, slot, u32[cell * 2 + 1] | 0);
      break;
    case CANCELED:
      closeSlot(own, slot);
      break;
    case REJECTED:
    case LOST:
      // A command that changes nothing leaves the order as it was.
      if (u32[cell * 2 + 3] === OP_NEW) closeSlot(own, slot);
      else setState(own, slot, OPEN);
      break;
    default:
  }
  return orderId;
}

/** A fill of the agent as maker, or as taker: its own order is the one it knows or whose account it is. */
function takeFill(agent: AgentState, cell: number): number {
  const { own, inbox, account } = agent;
  const { f64, u32 } = inbox.pool;
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
  else setLeaves(own, slot, leaves);
}

/** Cells of a piece of market data that are used: bid price and size, ask price and size, price of the last trade. */
export const MARKET_CELLS = 5;

/** Lets the view of a symbol be what has been delivered by now. */
export function deliverMarket(sim: Sim, symbol: SymbolState): void {
  const { feed, view } = symbol;
  const { f64, due } = feed.pool;
  let cell = -1;
  while (feed.count > 0 && due[feed.head] <= sim.timeNs) {
    cell = feed.head * LANE_CELLS;
    shiftLane(feed);
  }
  if (cell < 0) return;
  view.bidTicks = f64[cell];
  view.bidLots = f64[cell + 1];
  view.askTicks = f64[cell + 2];
  view.askLots = f64[cell + 3];
  view.lastTicks = f64[cell + 4];
}

/** Tells those who react to it of market data that is due. What comes at one time is one piece of news. */
export function tellMarket(sim: Sim, symbol: SymbolState): void {
  deliverMarket(sim, symbol);
  for (const agent of symbol.listeners) {
    agent.agent.onMarket!(agent.context);
    waitForAgent(sim, agent);
  }
  waitForMarket(sim, symbol);
}

/** Lets the source of a symbol's market data wait for the next piece, where somebody reacts to it. */
export function waitForMarket(sim: Sim, { feed, listeners, at }: SymbolState): void {
  if (listeners.length === 0) return;
  if (feed.count === 0) clearSource(sim.agenda, at + 1);
  else setSource(sim.agenda, at + 1, feed.pool.due[feed.head]);
}
