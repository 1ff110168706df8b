/** What agents send: limits, faults on the way, the delay of each command. */
import {
  BUY,
  GTC,
  IOC,
  LIMIT,
  MARKET,
  OP_AMEND,
  OP_CANCEL,
  OP_NEW,
  QTY_REMAINING,
  SELL,
  STP_NEWEST,
  commandCode,
  opOf,
  sideOf,
} from '@truetape/book';
import { BLANK, Kind, NONE, codeOfName } from '@truetape/contracts';
import { LANE_CELLS, appendToLane, copyToLane, drawExponential, laneSlot, popLane } from '@truetape/kernel';
import type { Lane } from '@truetape/kernel';
import { notify } from './report-lane.ts';
import {
  CHANGING,
  OPEN,
  OPEN_MAX,
  gateLeavesAt,
  idAt,
  nextFreeId,
  openSlot,
  setGateLeaves,
  setState,
  sideAt,
  slotOf,
  stateAt,
} from './own-orders.ts';
import { recordEvent } from './recorder.ts';
import { GATEWAY, INJECTOR } from './state.ts';
import { happensAt } from './waits.ts';
import type { AgentState, Sim } from './state.ts';

/** Set in the code of a command that the injector doubled. */
export const COPY = 0x4000_0000;
export const COMMAND_KINDS: readonly number[] = [0, Kind.NewOrder, Kind.CancelOrder, Kind.AmendOrder];
const BY_GATEWAY = codeOfName('rejectedBy', 'gateway')!;
const CODE_LIMIT = codeOfName('rejectCode', 'limit')!;
const DUPLICATE = codeOfName('faultEffect', 'duplicate')!;
const DROP = codeOfName('faultEffect', 'drop')!;
const REORDER = codeOfName('faultEffect', 'reorder')!;
const PPM = 1_000_000;
/** One command in 64. */
const RARE_PPM = 15_625;

/** Codes of new orders by side, 1 and 2. */
const newCode = (side: number, type: number, tif: number): number =>
  commandCode({ op: OP_NEW, side, type, tif, stp: STP_NEWEST });
const LIMITS = [0, BUY, SELL].map((side) => newCode(side, LIMIT, GTC));
const LIMITS_IOC = [0, BUY, SELL].map((side) => newCode(side, LIMIT, IOC));
const MARKETS = [0, BUY, SELL].map((side) => newCode(side, MARKET, IOC));
const CANCEL = commandCode({ op: OP_CANCEL });
const AMEND = commandCode({ op: OP_AMEND, qtyMode: QTY_REMAINING });
/** Codes of all that agents send. */
export const SENT_CODES: ReadonlySet<number> = new Set([
  ...[LIMITS, LIMITS_IOC, MARKETS].flatMap((codes) => codes.slice(1)),
  CANCEL,
  AMEND,
]);
/** Prices that are asked for at most: far beyond what a book takes, and what a tape can tell. */
export const TICKS_MAX = 1_000_000_000_000;

const askedTicks = (ticks: number): number => (ticks < 1 ? 1 : ticks < TICKS_MAX ? ticks : TICKS_MAX);

/**
 * Draws below the given number where a command has a fault, else at or above it. A fault that is rare waits a number of
 * commands that is geometric: the whole part of an exponential whose mean is half a command less than one in how many.
 */
function drawFate(agent: AgentState, faultsPpm: number): number {
  const { faultStream } = agent;
  if (faultsPpm > RARE_PPM) return faultStream.nextInt(PPM);
  if (agent.faultIn < 0) agent.faultIn = drawExponential(faultStream, Math.round(PPM / faultsPpm - 0.5));
  agent.faultIn -= 1;
  return agent.faultIn >= 0 ? faultsPpm : faultStream.nextInt(faultsPpm);
}

/** Fate of a command on its way: what the injector does, by its draws. */
function drawFault(sim: Sim, agent: AgentState): number {
  const { duplicatePpm, dropPpm, reorderPpm } = sim.config.faults;
  const faultsPpm = duplicatePpm + dropPpm + reorderPpm;
  const draw = drawFate(agent, faultsPpm);
  if (draw >= faultsPpm) return 0;
  if (draw < duplicatePpm) return DUPLICATE;
  if (draw < duplicatePpm + dropPpm) return DROP;
  // There is one before it to be overtaken.
  return agent.commands.count > 1 ? REORDER : 0;
}

const HANDLING = { reject: 1, reorder: 2, flag: 3 } as const;

function recordFault(sim: Sim, agent: AgentState, effect: number, orderId: number): void {
  const { handling } = sim.config.faults;
  sim.counts.faults += 1;
  recordEvent(sim.recorder, {
    ...BLANK.FaultInjected,
    timeNs: sim.timeNs,
    source: INJECTOR,
    instrument: agent.symbol.instrument,
    fault: sim.regimes.length + 1 + effect,
    effect,
    handling: HANDLING[handling],
    value: 1,
    orderId,
  });
}

function swapNewest(lane: Lane): void {
  const { f64 } = lane.pool;
  const a = laneSlot(lane, lane.count - 2) * LANE_CELLS;
  const b = laneSlot(lane, lane.count - 1) * LANE_CELLS;
  for (let k = 0; k < LANE_CELLS; k++) {
    const kept = f64[a + k];
    f64[a + k] = f64[b + k];
    f64[b + k] = kept;
  }
}

/** Sends a command off. The agent's source of the agenda is the caller's: it is set behind all that the agent does. */
function send(
  sim: Sim,
  agent: AgentState,
  code: number,
  orderId: number,
  priceTicks: number,
  qtyLots: number,
): void {
  const { delays } = sim;
  const op = opOf(code);
  const jitterNs = delays[op * 2 + 1];
  const jitter = jitterNs === 0 ? 0 : drawExponential(agent.delayStream, jitterNs);
  const lane = agent.commands;
  const cell = appendToLane(lane, happensAt(sim, sim.timeNs + delays[op * 2] + jitter)) * LANE_CELLS;
  const { f64, u32 } = lane.pool;
  agent.requests += 1;
  u32[cell * 2] = code;
  u32[cell * 2 + 1] = agent.account;
  f64[cell + 1] = orderId;
  f64[cell + 2] = priceTicks;
  f64[cell + 3] = qtyLots;
  f64[cell + 4] = 0;
  u32[cell * 2 + 10] = agent.symbol.instrument;
  u32[cell * 2 + 11] = agent.source;
  f64[cell + 6] = agent.requests;
  f64[cell + 7] = sim.timeNs;
  if (!sim.hasFaults) return;
  const fault = drawFault(sim, agent);
  if (fault !== 0) inject(sim, agent, fault, orderId);
}

function inject(sim: Sim, agent: AgentState, fault: number, orderId: number): void {
  const lane = agent.commands;
  recordFault(sim, agent, fault, orderId);
  const newest = laneSlot(lane, lane.count - 1);
  if (fault === REORDER) swapNewest(lane);
  else if (fault === DUPLICATE) {
    const from = lane.pool.f64.slice(newest * LANE_CELLS, (newest + 1) * LANE_CELLS);
    copyToLane(lane, lane.pool.due[newest], from, 0);
    lane.pool.u32[laneSlot(lane, lane.count - 1) * LANE_CELLS * 2] |= COPY;
  } else {
    lose(sim, agent, lane, newest);
    popLane(lane);
  }
}

/** A command is gone: the gateway counts it out, and its agent hears of it. Copies were never counted in. */
export function lose(sim: Sim, agent: AgentState, lane: Lane, slot: number): void {
  const cell = slot * LANE_CELLS;
  const code = lane.pool.u32[cell * 2];
  if ((code & COPY) !== 0) return;
  const orderId = lane.pool.f64[cell + 1];
  if (opOf(code) === OP_NEW) releaseGate(agent, orderId);
  notify(sim, agent, opOf(code), orderId);
}

/** The gateway forgets an order that has ended. */
export function releaseGate(agent: AgentState, orderId: number): void {
  settleGate(agent, orderId, 0);
}

/** The gateway counts what an order has open now, unless it has ended there. */
export function settleGate(agent: AgentState, orderId: number, leaves: number): void {
  const { own } = agent;
  const slot = slotOf(own, orderId);
  if (slot < 0) return;
  const before = gateLeavesAt(own, slot);
  if (before === 0) return;
  agent.gateOpen[sideAt(own, slot)] += leaves - before;
  setGateLeaves(own, slot, leaves);
}

/** Whether the position could pass its limit if all that is open were filled. */
function passesLimit(agent: AgentState, side: number, lots: number): boolean {
  const { maxInventoryLots } = agent;
  if (maxInventoryLots === 0) return false;
  const signed = side === BUY ? agent.gatePosition : -agent.gatePosition;
  return signed + agent.gateOpen[side] + lots > maxInventoryLots;
}

function refuse(
  sim: Sim,
  agent: AgentState,
  code: number,
  orderId: number,
  priceTicks: number,
  qtyLots: number,
): void {
  sim.counts.gatewayRejects += 1;
  recordEvent(sim.recorder, {
    ...BLANK.Rejected,
    timeNs: sim.timeNs,
    source: GATEWAY,
    instrument: agent.symbol.instrument,
    // A message of its own, which no other follows.
    flags: 1 | (sideOf(code) << 4),
    orderId,
    command: Kind.NewOrder,
    by: BY_GATEWAY,
    code: CODE_LIMIT,
    account: agent.account,
    priceTicks,
    qtyLots,
  });
}

function placeNew(sim: Sim, agent: AgentState, code: number, priceTicks: number, lots: number): number {
  const { own } = agent;
  if (own.count === OPEN_MAX) return -1;
  const side = sideOf(code);
  const orderId = nextFreeId(own, sim.nextId);
  sim.nextId = orderId + 1;
  if (passesLimit(agent, side, lots)) {
    refuse(sim, agent, code, orderId, priceTicks, lots);
    return -1;
  }
  const slot = openSlot(own, orderId, side, priceTicks, lots);
  agent.gateOpen[side] += lots;
  send(sim, agent, code, orderId, priceTicks, lots);
  return slot;
}

export function placeLimit(
  sim: Sim,
  agent: AgentState,
  side: number,
  price: number,
  lots: number,
  tif: number,
): number {
  return placeNew(sim, agent, tif === GTC ? LIMITS[side] : LIMITS_IOC[side], askedTicks(price), lots);
}

export function placeMarket(sim: Sim, agent: AgentState, side: number, lots: number): number {
  return placeNew(sim, agent, MARKETS[side], NONE, lots);
}

export function cancelSlot(sim: Sim, agent: AgentState, slot: number): void {
  const { own } = agent;
  if (slot < 0 || stateAt(own, slot) !== OPEN || idAt(own, slot) < 0) return;
  setState(own, slot, CHANGING);
  cancelOrder(sim, agent, idAt(own, slot));
}

/** Asks to cancel an order that may be unknown to its agent. */
export function cancelOrder(sim: Sim, agent: AgentState, orderId: number): void {
  send(sim, agent, CANCEL, orderId, NONE, NONE);
}

export function amendSlot(sim: Sim, agent: AgentState, slot: number, priceTicks: number): void {
  const { own } = agent;
  if (slot < 0 || stateAt(own, slot) !== OPEN || idAt(own, slot) < 0) return;
  setState(own, slot, CHANGING);
  send(sim, agent, AMEND, idAt(own, slot), askedTicks(priceTicks), NONE);
}
