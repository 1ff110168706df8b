/** Commands at the gateway's other end: their numbers are looked at, and the queue takes what it has room for. */
import { OP_NEW, opOf, sideOf } from '@truetape/book';
import { BLANK, NONE, codeOfName } from '@truetape/contracts';
import { LANE_CELLS, copyToLane, laneDue, laneSlot, shiftLane } from '@truetape/kernel';
import type { Lane } from '@truetape/kernel';
import { COMMAND_KINDS, COPY, lose } from './gateway.ts';
import { recordEvent } from './recorder.ts';
import { GATEWAY, QUEUE } from './state.ts';
import { happensAt, numberOf, waitForAgent } from './waits.ts';
import type { AgentState, Sim } from './state.ts';

const BY_GATEWAY = codeOfName('rejectedBy', 'gateway')!;
const BY_QUEUE = codeOfName('rejectedBy', 'queue')!;
const QUEUE_FULL = codeOfName('rejectCode', 'queueFull')!;
const DUPLICATE = codeOfName('rejectCode', 'duplicateClientId')!;
const OLDEST = codeOfName('dropPolicy', 'oldest')!;
const NEWEST = codeOfName('dropPolicy', 'newest')!;
/** Messages of one agent that wait for those before them, at most. */
const HELD_MAX = 64;

/**
 * Takes the commands of an agent that are there, as long as the queue has room for them where it blocks.
 *
 * `reject` refuses a number that is not above the last; `flag` lets all pass; `reorder` drops copies and lets a
 * command wait for those before it, for `windowNs`.
 */
export function takeArrivals(sim: Sim, agent: AgentState): void {
  const { commands, held } = agent;
  const waits = sim.config.faults.handling === 'reorder';
  for (;;) {
    const isHeldDue = held.count > 0 && (isNext(agent, held) || laneDue(held) <= sim.timeNs);
    if (!isHeldDue && (commands.count === 0 || laneDue(commands) > sim.timeNs)) break;
    // The matcher takes what is there before another command comes at the same time.
    if (sim.matchNs <= sim.timeNs) break;
    if (isFull(sim) && sim.config.queue.policy === 'block') {
      block(sim, agent);
      break;
    }
    if (isHeldDue) pass(sim, agent, held);
    else if (waits) sortIn(sim, agent);
    else pass(sim, agent, commands);
  }
  waitForAgent(sim, agent);
}

/** Takes note of a command that comes in its order, as most do; false for any other. */
export function isPlain(agent: AgentState): boolean {
  const { commands, held } = agent;
  const number = agent.arrived + 1;
  if (held.count > 0 || numberOf(commands, commands.head) !== number) return false;
  agent.arrived = number;
  return true;
}

const isNext = (agent: AgentState, lane: Lane): boolean => numberOf(lane, lane.head) === agent.arrived + 1;
const isFull = (sim: Sim): boolean => sim.queue.count >= sim.queueMax;

function block(sim: Sim, agent: AgentState): void {
  agent.isBlocked = true;
  sim.blocked.push(agent.index);
  sim.counts.blocked += 1;
}

/** There is room again: the agents that wait go on, first in first out. */
export function unblock(sim: Sim): void {
  while (sim.blocked.length > 0 && !isFull(sim)) {
    const agent = sim.agents[sim.blocked.shift()!];
    agent.isBlocked = false;
    takeArrivals(sim, agent);
  }
}

/** `reorder`: puts the command that has arrived where its number belongs among those that wait. */
function sortIn(sim: Sim, agent: AgentState): void {
  const { commands, held } = agent;
  const { head } = commands;
  const isCopy = (commands.pool.u32[head * LANE_CELLS * 2] & COPY) !== 0;
  const number = numberOf(commands, head);
  if (isCopy) shiftLane(commands);
  else if (number <= agent.arrived + 1 || held.count >= HELD_MAX) pass(sim, agent, commands);
  else {
    copyToLane(
      held,
      happensAt(sim, sim.timeNs + sim.config.faults.windowNs),
      commands.pool.f64,
      head * LANE_CELLS,
    );
    shiftLane(commands);
    // Those that wait keep their windows in the order of arrival; the commands sort by number.
    for (let place = held.count - 1; place > 0; place--) {
      if (numberOf(held, laneSlot(held, place - 1)) < number) break;
      swapCells(held, place - 1, place);
    }
  }
}

function swapCells(lane: Lane, place: number, other: number): void {
  const a = laneSlot(lane, place) * LANE_CELLS;
  const b = laneSlot(lane, other) * LANE_CELLS;
  const kept = lane.pool.f64.slice(a, a + LANE_CELLS);
  lane.pool.f64.copyWithin(a, b, b + LANE_CELLS);
  lane.pool.f64.set(kept, b);
}

/** The first command of a lane goes on to the queue, or is refused for its number. */
function pass(sim: Sim, agent: AgentState, lane: Lane): void {
  const slot = lane.head;
  const number = numberOf(lane, slot);
  const isLate = number <= agent.arrived;
  if (number > agent.arrived) agent.arrived = number;
  if (isLate && sim.config.faults.handling === 'reject') {
    recordRefusal(sim, agent, lane, slot, GATEWAY);
    lose(sim, agent, lane, slot);
  } else enqueue(sim, agent, lane, slot);
  shiftLane(lane);
}

/** Rejected by the gateway for a number that is not above the last, or by the full queue. */
function recordRefusal(sim: Sim, agent: AgentState, lane: Lane, slot: number, source: number): void {
  const { f64, u32 } = lane.pool;
  const cell = slot * LANE_CELLS;
  const code = u32[cell * 2];
  const { counts } = sim;
  if (source === QUEUE) counts.queueRejects += 1;
  else counts.gatewayRejects += 1;
  const isNew = opOf(code) === OP_NEW;
  recordEvent(sim.recorder, {
    ...BLANK.Rejected,
    timeNs: sim.timeNs,
    source,
    instrument: agent.symbol.instrument,
    flags: 1 | (sideOf(code) << 4),
    orderId: f64[cell + 1],
    command: COMMAND_KINDS[opOf(code)],
    by: source === QUEUE ? BY_QUEUE : BY_GATEWAY,
    code: source === QUEUE ? QUEUE_FULL : DUPLICATE,
    account: agent.account,
    priceTicks: f64[cell + 2],
    qtyLots: isNew ? f64[cell + 3] : NONE,
  });
}

function recordDrop(sim: Sim, lane: Lane, slot: number, policy: number): void {
  const { f64, u32 } = lane.pool;
  const cell = slot * LANE_CELLS;
  const code = u32[cell * 2];
  sim.counts.dropped += 1;
  recordEvent(sim.recorder, {
    ...BLANK.Dropped,
    timeNs: sim.timeNs,
    source: QUEUE,
    instrument: u32[cell * 2 + 10],
    flags: sideOf(code) << 4,
    orderId: f64[cell + 1],
    command: COMMAND_KINDS[opOf(code)],
    policy,
    depth: sim.queue.count,
    account: u32[cell * 2 + 1],
    priceTicks: f64[cell + 2],
    qtyLots: f64[cell + 3],
  });
}

/** Puts a command at the queue's end, or does what the policy says when it is full. */
function enqueue(sim: Sim, agent: AgentState, lane: Lane, slot: number): void {
  const { queue } = sim;
  if (isFull(sim)) {
    const { policy } = sim.config.queue;
    if (policy === 'reject') {
      recordRefusal(sim, agent, lane, slot, QUEUE);
      lose(sim, agent, lane, slot);
      return;
    }
    if (policy === 'dropNewest') {
      recordDrop(sim, lane, slot, NEWEST);
      lose(sim, agent, lane, slot);
      return;
    }
    const { head } = queue;
    recordDrop(sim, queue, head, OLDEST);
    lose(sim, sim.agents[queue.pool.u32[head * LANE_CELLS * 2 + 1] - 1], queue, head);
    shiftLane(queue);
  }
  copyToLane(queue, sim.timeNs, lane.pool.f64, slot * LANE_CELLS);
  if (queue.count === 1) sim.matchNs = Math.max(sim.timeNs, sim.freeNs);
}
