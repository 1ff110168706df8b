/** What an agent is, and what it sees of the world. */
import type { JsonObject } from '@truetape/contracts';
import type { RandomStream } from '@truetape/kernel';
import type { OwnOrders } from './own-orders.ts';

/** The market as it was delivered to agents; NONE as a price that is not there. */
export interface View {
  bidTicks: number;
  bidLots: number;
  askTicks: number;
  askLots: number;
  /** Price of the last trade; the start before the first. */
  lastTicks: number;
}

/** What an agent knows and does. It sees nothing else, and changes nothing else. */
export interface AgentContext {
  readonly name: string;
  readonly instrument: number;
  readonly view: View;
  readonly own: OwnOrders;
  timeNs(): number;
  /** Filled, as far as reports have told; signed. */
  positionLots(): number;
  /** The hidden value of the symbol, in thousandths of a tick. */
  valueMilliticks(): number;
  /** The stream of a purpose: the same under the same seed, whoever else is there. */
  stream(purpose: string): RandomStream;
  /** Sends a limit order; −1 when no slot is free or the gateway refused it, else its slot. */
  limit(side: number, priceTicks: number, lots: number, tif: number): number;
  market(side: number, lots: number): number;
  /** Asks to cancel what is in a slot; nothing where it is not open. */
  cancel(slot: number): void;
  /** Asks for another price; nothing where it is not open. */
  amend(slot: number, priceTicks: number): void;
}

/** An agent: one symbol, commands out. The engine wakes it by its configured interval. */
export interface Agent {
  wake(context: AgentContext): void;
  /** The market has changed, as delivered. */
  onMarket?(context: AgentContext): void;
  /** Behind a report of its own, when `own` and the position have it. */
  onReport?(context: AgentContext, orderId: number): void;
  save(): JsonObject;
  restore(state: JsonObject): void;
}
