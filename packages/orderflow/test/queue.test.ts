import { expect, test } from 'vitest';
import { booksOf } from '@truetape/book';
import { laneDue } from '@truetape/kernel';
import { FLAG_LAST, Kind } from '@truetape/contracts';
import { QUEUE_POLICIES, allDistributions, runSim } from '@truetape/orderflow';
import type { FaultHandling, QueuePolicy, SimConfig } from '@truetape/orderflow';
import { CHANGING, PENDING, gateLeavesAt, idAt, sideAt, slotOf, stateAt } from '../src/own-orders.ts';
import { BASE, COMMANDS, inFlight, namedUnderWay, ofKind, run, sent, total } from './runs.ts';

/** A matcher that is slower than what arrives. */
const busy = (policy: QueuePolicy): SimConfig => ({
  ...BASE,
  queue: { capacity: 8, policy, serviceNs: 400_000 },
});

// Fails when a command vanishes, is counted twice, or the queue grows past its capacity.
test.each(QUEUE_POLICIES)(
  'a full queue by %s: every command is executed, lost with an event, or under way',
  (policy) => {
    const { events, sim } = run(busy(policy), { events: 12_000 });
    const lost = total(sim, 'queueRejects') + total(sim, 'dropped');
    expect(total(sim, 'commands') + lost + inFlight(sim)).toBe(sent(sim));
    const dropped = ofKind(events, Kind.Dropped);
    const rejected = ofKind(events, Kind.Rejected).filter(({ by }) => by === 4);
    expect([dropped.length, rejected.length]).toEqual([total(sim, 'dropped'), total(sim, 'queueRejects')]);
    const isDrop = policy === 'dropOldest' || policy === 'dropNewest';
    expect([dropped.length > 100, rejected.length > 100]).toEqual([isDrop, policy === 'reject']);
    for (const drop of dropped)
      expect([drop.policy, drop.depth, drop.source]).toEqual([policy === 'dropOldest' ? 1 : 2, 8, 3]);
    for (const { code, flags } of rejected) expect([code, flags & FLAG_LAST]).toEqual([10, FLAG_LAST]);
    expect(total(sim, 'blocked') > 100).toBe(policy === 'block');
    expect(allDistributions(sim.metrics).queueDepth.stats[2]).toBe(8);
    expect(total(sim, 'violations')).toBe(0);
    // No agent waits for ever: each has orders still, and is told of every loss.
    for (const agent of sim.agents) expect(agent.own.count).toBeLessThanOrEqual(64);
  },
);

// Fails when commands that come at one time crowd each other out of a queue that the matcher would have emptied.
test.each(QUEUE_POLICIES)('a matcher that needs no time has room for all: %s', (policy) => {
  const none = { delayNs: 0, jitterNs: 0 };
  const delays = { new: none, cancel: none, amend: none, report: none, market: none };
  const { sim } = run({ ...BASE, delays, queue: { capacity: 1, policy, serviceNs: 0 } }, { events: 6000 });
  expect(total(sim, 'commands')).toBe(sent(sim) - inFlight(sim));
  expect([total(sim, 'blocked'), sim.queue.count]).toEqual([0, 0]);
  // Those of one agent at one time go one behind the other, too.
  expect(total(sim, 'cancels')).toBeGreaterThan(100);
});

// Fails when an agent is counted as waiting, or has its turn, for a command that is not there yet.
test('an agent is blocked by the command that waits, not by one that is on its way', () => {
  const { sim } = run(
    { ...busy('block'), queue: { capacity: 2, policy: 'block', serviceNs: 900_000 } },
    { events: 100 },
  );
  let waiting = 0;
  for (let events = 100; events < 6000; events += 1) {
    const before = [...sim.blocked];
    runSim(sim, { events: 1e6, steps: 1 });
    // One command leaves the queue: who has waited longest goes on, who waits anew is the last.
    const gone = sim.blocked[0] === before[0] ? 0 : 1;
    expect(sim.blocked.slice(0, before.length - gone)).toEqual(before.slice(gone));
    for (const index of sim.blocked) {
      const { commands, held } = sim.agents[index];
      const dues = [commands, held].map(laneDue).filter((dueNs) => dueNs >= 0);
      expect(Math.min(...dues)).toBeLessThanOrEqual(sim.timeNs);
      waiting += 1;
    }
  }
  expect(waiting).toBeGreaterThan(1000);
});

// Fails when the injector does less, or more, than it is told: also where it is told to do it always.
test.each([1_000_000, 500_000, 20_000, 15_000])('of a million commands %i have a fault', (faultsPpm) => {
  const { sim } = run(
    {
      ...BASE,
      checkOrders: false,
      faults: { duplicatePpm: faultsPpm, dropPpm: 0, reorderPpm: 0, handling: 'reorder', windowNs: 0 },
    },
    { events: 60_000 },
  );
  const share = (total(sim, 'faults') / sent(sim)) * 1_000_000;
  expect(Math.abs(share - faultsPpm)).toBeLessThanOrEqual(
    4 * Math.sqrt((faultsPpm * (1_000_000 - faultsPpm)) / sent(sim)),
  );
});

// Fails when the matcher takes a command sooner than its service allows.
test('the matcher takes one command in each service time', () => {
  const { events } = run(busy('block'), { events: 3000 });
  const times = events.filter(({ kind }) => COMMANDS.includes(kind)).map(({ timeNs }) => timeNs);
  for (let k = 1; k < times.length; k++) expect(times[k] - times[k - 1]).toBeGreaterThanOrEqual(400_000);
});

const faulty = (handling: FaultHandling, windowNs = 1_000_000_000): SimConfig => ({
  ...BASE,
  delays: { ...BASE.delays, new: { delayNs: 3_000_000, jitterNs: 1_000_000 } },
  faults: {
    duplicatePpm: 30_000,
    dropPpm: handling === 'reorder' ? 0 : 30_000,
    reorderPpm: 300_000,
    handling,
    windowNs,
  },
});

/** How often a source's command is executed behind one that it decided later. */
function inversions(config: SimConfig): number {
  const latest = new Map<number, number>();
  let count = 0;
  for (const event of run(config, { events: 15_000 }).events) {
    if (event.kind !== Kind.NewOrder && event.kind !== Kind.CancelOrder && event.kind !== Kind.AmendOrder)
      continue;
    const before = latest.get(event.source) ?? 0;
    if (event.decidedTime < before) count += 1;
    latest.set(event.source, Math.max(before, event.decidedTime));
  }
  return count;
}

// Fails when a handling lets through what it should not, or holds what it should let through.
test('out of order: flag lets it through, reject and reorder do not', () => {
  expect(inversions(faulty('flag'))).toBeGreaterThan(20);
  expect(inversions(faulty('reject'))).toBe(0);
  expect(inversions(faulty('reorder'))).toBe(0);
  // Nobody waits out a window of a second for a command that has come.
  const { events } = run(faulty('reorder'), { events: 15_000 });
  for (const event of events)
    if (event.kind === Kind.NewOrder || event.kind === Kind.CancelOrder)
      expect(event.timeNs - event.decidedTime).toBeLessThan(50_000_000);
  // A window that is too short lets later ones pass.
  expect(inversions(faulty('reorder', 0))).toBeGreaterThan(20);
});

// Fails when a fault has no event, a copy is executed where it must not, or the gateway loses count of an order.
test.each(['reject', 'reorder', 'flag'] as const)(
  'faults by %s are all recorded, and nothing is miscounted',
  (handling) => {
    const { events, sim } = run(faulty(handling), { events: 20_000 });
    const faults = ofKind(events, Kind.FaultInjected);
    expect(faults.length).toBe(total(sim, 'faults'));
    const byEffect = [1, 2, 4].map((effect) => faults.filter((fault) => fault.effect === effect).length);
    expect(byEffect.map((count) => count > 20)).toEqual([true, handling !== 'reorder', true]);
    for (const fault of faults) expect(fault.handling).toBe({ reject: 1, reorder: 2, flag: 3 }[handling]);
    expect(total(sim, 'violations')).toBe(0);
    const live = new Set<number>();
    const copies = events.filter((event) => {
      if (event.kind !== Kind.NewOrder) return false;
      const isKnown = live.has(event.orderId);
      live.add(event.orderId);
      return isKnown;
    });
    expect(copies.length > 0).toBe(handling === 'flag');
    const named = namedUnderWay(sim);
    const resting = new Map<number, number>();
    booksOf(sim.market)[0].visit((_side, _price, { orderId, leavesLots, owner }) => {
      resting.set(orderId, leavesLots);
      const { own } = sim.agents[owner - 1];
      const slot = slotOf(own, orderId);
      // The gateway knows what rests; only of a copy that came to life a message is under way that ends it.
      if (slot >= 0 && gateLeavesAt(own, slot) > 0) expect(gateLeavesAt(own, slot)).toBe(leavesLots);
      else expect(named).toContain(orderId);
    });
    for (const agent of sim.agents) {
      const open = [0, 0, 0];
      const { own } = agent;
      for (const slot of own.taken.subarray(0, own.count)) {
        const id = idAt(own, slot);
        if (gateLeavesAt(own, slot) > 0) {
          open[sideAt(own, slot)] += gateLeavesAt(own, slot);
          expect(resting.has(id) || named.has(id)).toBe(true);
        }
        // Nobody waits for an answer that is not coming.
        if (stateAt(own, slot) === PENDING || stateAt(own, slot) === CHANGING) expect(named).toContain(id);
      }
      expect([...agent.gateOpen].slice(1)).toEqual(open.slice(1));
    }
  },
);

// Fails when an agent lets a copy rest that came to life behind its original.
test('a copy that comes to life is canceled', () => {
  const maker = { ...BASE.agents['maker'], halfSpreadTicks: 1, count: 6 };
  const faults = {
    duplicatePpm: 400_000,
    dropPpm: 300_000,
    reorderPpm: 0,
    handling: 'flag',
    windowNs: 0,
  } as const;
  const { sim } = run({ ...BASE, faults, agents: { ...BASE.agents, maker } }, { events: 1000 });
  for (let events = 1300; events < 40_000; events += 300) {
    runSim(sim, { events });
    const named = namedUnderWay(sim);
    booksOf(sim.market)[0].visit((_side, _price, { orderId, owner }) => {
      if (slotOf(sim.agents[owner - 1].own, orderId) < 0) expect(named).toContain(orderId);
    });
  }
});
