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
import {
  LANE_CELLS,
  appendToLane,
  clearSource,
  copyToLane,
  drawExponential,
  laneDue,
  laneSlot,
} from '@truetape/kernel';
import type { Lane } from '@truetape/kernel';
import type { Delay } from './config.ts';
import { notify } from './report-lane.ts';
import { CHANGING, OPEN, SLOTS, closeSlot, freeSlot, openSlot, slotOf } from './own-orders.ts';
import { recordEvent } from './recorder.ts';
import { GATEWAY, INJECTOR, waitFor } from './state.ts';
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

/** Codes of new orders by side, 1 and 2. */
const newCode = (side: number, type: number, tif: number): number =>
  commandCode({ op: OP_NEW, side, type, tif, stp: STP_NEWEST });
const LIMITS = [0, BUY, SELL].map((side) => newCode(side, LIMIT, GTC));
const LIMITS_IOC = [0, BUY, SELL].map((side) => newCode(side, LIMIT, IOC));
const MARKETS = [0, BUY, SELL].map((side) => newCode(side, MARKET, IOC));
const CANCEL = commandCode({ op: OP_CANCEL });
const AMEND = commandCode({ op: OP_AMEND, qtyMode: QTY_REMAINING });

/** Fate of a command on its way: what the injector does, by its draw. */
function drawFault(sim: Sim, agent: AgentState): number {
  const { duplicatePpm, dropPpm, reorderPpm } = sim.config.faults;
  if (duplicatePpm + dropPpm + reorderPpm === 0) return 0;
  const draw = agent.faultStream.nextInt(PPM);
  if (draw < duplicatePpm) return DUPLICATE;
  if (draw < duplicatePpm + dropPpm) return DROP;
  // There is one before it to be overtaken.
  return draw < duplicatePpm + dropPpm + reorderPpm && agent.commands.count > 1 ? REORDER : 0;
}

const HANDLING = { reject: 1, reorder: 2, flag: 3 } as const;

function recordFault(sim: Sim, agent: AgentState, effect: number, orderId: number): void {
  const { handling } = sim.config.faults;
  sim.metrics.regimes[sim.regime].faults += 1;
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
  const { f64 } = lane;
  const a = laneSlot(lane, lane.count - 2) * LANE_CELLS;
  const b = laneSlot(lane, lane.count - 1) * LANE_CELLS;
  for (let k = 0; k < LANE_CELLS; k++) {
    const kept = f64[a + k];
    f64[a + k] = f64[b + k];
    f64[b + k] = kept;
  }
}

/** Sends a command off; its cells are in the lane, at its end. */
function send(sim: Sim, agent: AgentState, cells: Cells): void {
  const { delays } = sim.config;
  const op = opOf(cells.code);
  const { delayNs, jitterNs }: Delay =
    op === OP_NEW ? delays.new : op === OP_CANCEL ? delays.cancel : delays.amend;
  const jitter = jitterNs === 0 ? 0 : drawExponential(agent.delayStream, jitterNs);
  const lane = agent.commands;
  const slot = appendToLane(lane, sim.timeNs + delayNs + jitter);
  const { f64, u32 } = lane;
  const cell = slot * LANE_CELLS;
  agent.requests += 1;
  u32[cell * 2] = cells.code;
  u32[cell * 2 + 1] = agent.account;
  f64[cell + 1] = cells.orderId;
  f64[cell + 2] = cells.priceTicks;
  f64[cell + 3] = cells.qtyLots;
  f64[cell + 4] = 0;
  u32[cell * 2 + 10] = agent.symbol.instrument;
  u32[cell * 2 + 11] = agent.source;
  f64[cell + 6] = agent.requests;
  f64[cell + 7] = sim.timeNs;
  const fault = drawFault(sim, agent);
  if (fault !== 0) inject(sim, agent, fault, cells.orderId);
  if (lane.count > 0 && !agent.isBlocked) waitForCommands(sim, agent);
}

interface Cells {
  readonly code: number;
  readonly orderId: number;
  readonly priceTicks: number;
  readonly qtyLots: number;
}

function inject(sim: Sim, agent: AgentState, fault: number, orderId: number): void {
  const lane = agent.commands;
  recordFault(sim, agent, fault, orderId);
  const newest = laneSlot(lane, lane.count - 1);
  if (fault === REORDER) swapNewest(lane);
  else if (fault === DUPLICATE) {
    const from = lane.f64.slice(newest * LANE_CELLS, (newest + 1) * LANE_CELLS);
    copyToLane(lane, lane.due[newest], from, 0);
    lane.u32[laneSlot(lane, lane.count - 1) * LANE_CELLS * 2] |= COPY;
  } else {
    lose(sim, agent, lane, newest);
    lane.count -= 1;
  }
}

/** A command is gone: the gateway counts it out, and its agent hears of it. Copies were never counted in. */
export function lose(sim: Sim, agent: AgentState, lane: Lane, slot: number): void {
  const cell = slot * LANE_CELLS;
  const code = lane.u32[cell * 2];
  if ((code & COPY) !== 0) return;
  const orderId = lane.f64[cell + 1];
  if (opOf(code) === OP_NEW) releaseGate(agent, orderId);
  notify(sim, agent, opOf(code), orderId);
}

/** The gateway forgets an order that has ended. */
export function releaseGate(agent: AgentState, orderId: number): void {
  const { gate } = agent;
  const slot = slotOf(gate, orderId);
  if (slot < 0) return;
  agent.gateOpen[gate.sides[slot]] -= gate.leaves[slot];
  closeSlot(gate, slot);
}

/** When the next command of an agent is there, or one that waits for others has waited long enough. */
export function waitForCommands(sim: Sim, agent: AgentState): void {
  const next = laneDue(agent.commands);
  const held = laneDue(agent.held);
  const due = next < 0 ? held : held < 0 ? next : Math.min(next, held);
  if (due >= 0) waitFor(sim, agent.at + 2, Math.max(due, sim.timeNs));
  else clearSource(sim.heap, agent.at + 2);
}

/** Whether the position could pass its limit if all that is open were filled. */
function passesLimit(agent: AgentState, side: number, lots: number): boolean {
  const { maxInventoryLots } = agent.config;
  if (maxInventoryLots === 0) return false;
  const signed = side === BUY ? agent.gatePosition : -agent.gatePosition;
  return signed + agent.gateOpen[side] + lots > maxInventoryLots;
}

function refuse(sim: Sim, agent: AgentState, cells: Cells): void {
  sim.metrics.regimes[sim.regime].limitRejects += 1;
  recordEvent(sim.recorder, {
    ...BLANK.Rejected,
    timeNs: sim.timeNs,
    source: GATEWAY,
    instrument: agent.symbol.instrument,
    // A message of its own, which no other follows.
    flags: 1 | (sideOf(cells.code) << 4),
    orderId: cells.orderId,
    command: Kind.NewOrder,
    by: BY_GATEWAY,
    code: CODE_LIMIT,
    account: agent.account,
    priceTicks: cells.priceTicks,
    qtyLots: cells.qtyLots,
  });
}

function placeNew(sim: Sim, agent: AgentState, code: number, priceTicks: number, lots: number): number {
  const { own, gate } = agent;
  const slot = freeSlot(own);
  if (slot < 0 || gate.states[slot] !== 0) return -1;
  const side = sideOf(code);
  const orderId = sim.nextSerial * SLOTS + slot;
  const cells = { code, orderId, priceTicks, qtyLots: lots };
  sim.nextSerial += 1;
  if (passesLimit(agent, side, lots)) {
    refuse(sim, agent, cells);
    return -1;
  }
  const order = { id: orderId, side, price: priceTicks, lots };
  openSlot(own, slot, order);
  openSlot(gate, slot, order);
  agent.gateOpen[side] += lots;
  send(sim, agent, cells);
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
  return placeNew(sim, agent, tif === GTC ? LIMITS[side] : LIMITS_IOC[side], Math.max(1, price), lots);
}

export function placeMarket(sim: Sim, agent: AgentState, side: number, lots: number): number {
  return placeNew(sim, agent, MARKETS[side], NONE, lots);
}

export function cancelSlot(sim: Sim, agent: AgentState, slot: number): void {
  const { own } = agent;
  if (slot < 0 || own.states[slot] !== OPEN) return;
  own.states[slot] = CHANGING;
  cancelOrder(sim, agent, own.ids[slot]);
}

/** Asks to cancel an order that may be unknown to its agent. */
export function cancelOrder(sim: Sim, agent: AgentState, orderId: number): void {
  send(sim, agent, { code: CANCEL, orderId, priceTicks: NONE, qtyLots: NONE });
}

export function amendSlot(sim: Sim, agent: AgentState, slot: number, priceTicks: number): void {
  const { own } = agent;
  if (slot < 0 || own.states[slot] !== OPEN) return;
  own.states[slot] = CHANGING;
  send(sim, agent, {
    code: AMEND,
    orderId: own.ids[slot],
    priceTicks: Math.max(1, priceTicks),
    qtyLots: NONE,
  });
}
