// What holds at every boundary of a run, however extreme its configuration; and agents that react.
import { expect, test } from 'vitest';
import { GTC } from '@truetape/book';
import { Kind, NONE } from '@truetape/contracts';
import type { Event } from '@truetape/contracts';
import { createSim, runSim } from '@truetape/orderflow';
import type { Sim, SimConfig } from '@truetape/orderflow';
import type { AgentState } from '../src/state.ts';
import { gateLeavesAt, sideAt } from '../src/own-orders.ts';
import { BASE, eventsPort, ofKind, run, total } from './runs.ts';

const FAULTS = { duplicatePpm: 100_000, dropPpm: 100_000, reorderPpm: 300_000, windowNs: 2_000_000 };
const DAY = 86_400_000_000_000;
const slowly = { delayNs: 3_000_000, jitterNs: 1_000_000 };

/** Looks at a simulation behind each thing that happens. */
function watch(config: SimConfig, steps: number, look: (sim: Sim) => void): Sim {
  const sim = createSim({ config, seed: 7 });
  runSim(sim, { events: 300 });
  for (let k = 0; k < steps; k++) {
    runSim(sim, { events: 1e9, steps: 1 });
    look(sim);
  }
  return sim;
}

/** What agents have open at the gateway is what its orders sum up to. */
function expectGates({ agents }: Sim): void {
  for (const { own, gateOpen } of agents) {
    const open = [0, 0, 0];
    for (const slot of own.taken.subarray(0, own.count)) open[sideAt(own, slot)] += gateLeavesAt(own, slot);
    expect([...gateOpen]).toEqual(open);
  }
}

// Fails when an agent stays blocked although there is room, which nothing would ever change.
test.each(['reject', 'reorder', 'flag'] as const)(
  'agents wait for room only while there is none: %s',
  (handling) => {
    const config: SimConfig = {
      ...BASE,
      queue: { capacity: 1, policy: 'block', serviceNs: 400_000 },
      delays: { ...BASE.delays, new: slowly },
      faults: { ...FAULTS, handling },
    };
    let waiting = 0;
    let arrived: readonly number[] = [];
    watch(config, 12_000, (sim) => {
      waiting += sim.blocked.length;
      if (sim.blocked.length > 0 && sim.queue.count < 1) throw new Error(`blocked at ${sim.timeNs}`);
      // The last number is that: one that comes late does not set it back.
      const now = sim.agents.map((agent) => agent.arrived);
      if (arrived.some((number, k) => now[k] < number)) throw new Error(`set back at ${sim.timeNs}`);
      arrived = now;
    });
    expect(waiting).toBeGreaterThan(1000);
  },
);

// Fails when a price is none that a tape can tell, or the gateway still counts what the venue refused.
test('values run away: prices stay in bounds, what the venue refuses is not open', () => {
  const wild = {
    ...BASE.symbols['SIM'],
    valueIntervalNs: 200,
    valueStepMilliticks: 1_000_000,
    reversionPpm: 0,
  };
  const { noise, maker } = BASE.agents;
  const config: SimConfig = {
    ...BASE,
    symbols: { A: wild, B: { ...BASE.symbols['SIM'], startTicks: 1000 } },
    agents: { maker, noise: { ...noise, type: 'noise', depthTicks: 2000 } as typeof noise },
    regimes: { burst: { rates: { noise: 4000, maker: 9000 }, valueRate: 1_000_000 } },
    queue: { capacity: 4, policy: 'reject', serviceNs: 100_000 },
  };
  const { events, sim } = run(config, { events: 20_000 });
  const prices = ofKind(events, Kind.NewOrder)
    .map(({ priceTicks }) => priceTicks)
    .filter((ticks) => ticks !== NONE);
  expect(prices.reduce((least, ticks) => Math.min(least, ticks))).toBe(1);
  expect(prices.every(Number.isSafeInteger)).toBe(true);
  expect(Math.max(...prices)).toBeGreaterThan(2 ** 31);
  expect(total(sim, 'rejects')).toBeGreaterThan(20);
  expect(total(sim, 'violations')).toBe(0);
  for (const { valueMilliticks } of sim.symbols)
    expect(Number.isSafeInteger(valueMilliticks * 1000)).toBe(true);
  expectGates(sim);
  // Whoever refuses names the symbol.
  const refused = ofKind(events, Kind.Rejected).filter(({ by }) => by === 4);
  for (const { account, instrument } of refused)
    expect(instrument).toBe(sim.agents[account - 1].symbol.instrument);
  expect(new Set(refused.map(({ instrument }) => instrument)).size).toBe(2);
});

// Fails when a limit is one lot too strict, or 0 is one.
test('a limit of one lot can be reached; a limit of 0 is none', () => {
  const limited = (maxInventoryLots: number): SimConfig => ({
    ...BASE,
    agents: Object.fromEntries(
      Object.entries(BASE.agents).map(([name, agent]) => [name, { ...agent, qtyLots: 1, maxInventoryLots }]),
    ),
  });
  const { sim } = run(limited(1), { events: 8000 });
  expect(new Set(sim.agents.map(({ gatePosition }) => gatePosition))).toEqual(new Set([-1, 0, 1]));
  expectGates(sim);
  const free = run(limited(0), { events: 8000 }).sim;
  expect(total(free, 'gatewayRejects')).toBe(0);
  expect(free.agents.some(({ gatePosition }) => Math.abs(gatePosition) > 1)).toBe(true);
});

// Fails when an agent takes a fill for the other side's, or asks twice for what is under way.
test('an agent knows its position once it has been told, and asks once', () => {
  let known = 0;
  const sim = watch({ ...BASE, delays: { ...BASE.delays, cancel: slowly } }, 20_000, ({ agents }) => {
    for (const { inbox, position, gatePosition } of agents) {
      if (inbox.count > 0 || position === 0) continue;
      known += 1;
      if (position !== gatePosition) throw new Error(`${position}, not ${gatePosition}`);
    }
  });
  expect(known).toBeGreaterThan(1000);
  const { events } = run({ ...BASE, delays: { ...BASE.delays, cancel: slowly } }, { events: 10_000 });
  const canceled = ofKind(events, Kind.CancelOrder).map(({ orderId }) => orderId);
  expect(new Set(canceled).size).toBe(canceled.length);
  expectGates(sim);
});

// Fails when the price of the last trade is that of another, as of the first where one order takes several prices.
test('the last price is that of the last trade', () => {
  const sweeping = { ...BASE.agents['noise'], qtyLots: 200, maxInventoryLots: 0 };
  const events: Event[] = [];
  const config = { ...BASE, agents: { noise: sweeping } };
  const sim = createSim({ config, seed: 7, port: eventsPort(events) });
  for (let count = 500; count < 6000; count += 50) {
    runSim(sim, { events: count });
    const last = ofKind(events, Kind.Fill).at(-1)?.priceTicks ?? config.symbols['SIM'].startTicks;
    expect(sim.symbols[0].lastTicks).toBe(last);
  }
});

// Fails when what is simultaneous happens in another order: control, then the matcher, then agents.
test('a change of regime comes before the commands of its time', () => {
  const script = Array.from({ length: 200 }, (_, k) => ({
    atNs: (k + 1) * 1_000_000,
    regime: k % 2 === 0 ? 'calm' : 'burst',
  }));
  const { events } = run({ ...BASE, tickNs: 100_000, script }, { untilNs: 250_000_000 });
  let before = -1;
  let tied = 0;
  const times = new Set(ofKind(events, Kind.Regime).map(({ timeNs }) => timeNs));
  for (const { kind, timeNs } of events) {
    if (kind === Kind.NewOrder || kind === Kind.CancelOrder || kind === Kind.AmendOrder) before = timeNs;
    if (kind === Kind.Regime) expect(timeNs).toBeGreaterThan(before);
    else if (before === timeNs && times.has(timeNs)) tied += 1;
  }
  expect(tied).toBeGreaterThan(20);
});

// Fails when a regime is given the time or the events of another.
test('time and events are those of the regime that was in force', () => {
  const script = [
    { atNs: 7_000_000, regime: 'calm' },
    { atNs: 50_000_000, regime: 'burst' },
    { atNs: 51_000_000, regime: 'cancel-storm' },
  ];
  const { events, sim } = run({ ...BASE, script, scriptRepeatNs: 90_000_000 }, { untilNs: 400_000_000 });
  const wanted = sim.regimes.map(() => ({ timeNs: 0, events: 0 }));
  let regime = sim.regimes.indexOf(BASE.startRegime);
  let fromNs = 0;
  for (const event of events) {
    wanted[regime].events += 1;
    if (event.kind !== Kind.Regime || event.to > sim.regimes.length || event.from > sim.regimes.length)
      continue;
    wanted[regime].timeNs += event.timeNs - fromNs;
    fromNs = event.timeNs;
    regime = event.to - 1;
  }
  wanted[regime].timeNs += sim.timeNs - fromNs;
  expect(sim.metrics.regimes.map(({ timeNs, events: count }) => ({ timeNs, events: count }))).toEqual(wanted);
  expect(ofKind(events, Kind.Regime).length).toBeGreaterThan(10);
});

// Fails when waits beyond what one draw reaches are cut short, or an agent without a rate looks less often.
test.each([
  [0, DAY],
  [1000, DAY],
  [250, 4 * DAY],
])('at a rate of %i in a thousand, agents of one day wait %i ns on average', (rate, meanNs) => {
  const agents = { bot: { ...BASE.agents['cancelBot'], count: 1000, intervalNs: DAY } };
  const regimes = { burst: { rates: { cancelBot: rate }, valueRate: 0 } };
  const { sim } = run({ ...BASE, agents, regimes }, { events: 0 });
  const sum = sim.agents.reduce((total, { wakeNs }) => total + wakeNs / 1000, 0);
  expect(Math.abs(sum / meanNs - 1)).toBeLessThan(0.09);
});

// Fails when a value, or a price that follows it, leaves the numbers that a tape can tell.
test('a value that is as high as it can be goes no higher', () => {
  const symbol = {
    ...BASE.symbols['SIM'],
    valueIntervalNs: 100_000,
    valueStepMilliticks: 1_000_000,
    reversionPpm: 0,
  };
  const regimes = { burst: { rates: {}, valueRate: 1_000_000 } };
  const { sim, events } = run({ ...BASE, symbols: { SIM: symbol }, regimes }, { events: 300 });
  sim.symbols[0].valueMilliticks = 1e15;
  let highest = 0;
  for (let count = 400; count < 3000; count += 10) {
    runSim(sim, { events: count });
    highest = Math.max(highest, sim.symbols[0].valueMilliticks);
  }
  expect(highest).toBe(1e15);
  const prices = ofKind(events, Kind.NewOrder).map(({ priceTicks }) => priceTicks);
  expect(Math.max(...prices)).toBeLessThanOrEqual(1e12);
  expect(Math.max(...prices)).toBeGreaterThan(1e11);
});

interface Told {
  readonly what: 'report' | 'market' | 'wake';
  readonly timeNs: number;
}

/** Lets the first maker react: it quotes at its wakes, and notes all that it is told. */
function reacting(sim: Sim): { agent: AgentState; told: Told[] } {
  const told: Told[] = [];
  const agent = sim.agents.find(({ config }) => config.type === 'maker')!;
  const note = (what: Told['what']) => (): void => void told.push({ what, timeNs: sim.timeNs });
  agent.agent = {
    wake: (context) => {
      note('wake')();
      // It buys at once, and rests far below.
      context.limit(1, 20_000, 1, GTC);
      context.limit(1, 5000, 1, GTC);
      context.cancel(context.own.taken[0]);
    },
    onReport: () => {
      note('report')();
      // The matcher is the first of what has a report's priority.
      if (sim.matchNs <= sim.timeNs) throw new Error(`told before the matcher's turn at ${sim.timeNs}`);
    },
    onMarket: (context) => {
      note('market')();
      context.limit(1, 4000, 1, GTC);
    },
    save: () => ({}),
    restore: () => undefined,
  };
  agent.hearsReports = true;
  agent.symbol.listeners.push(agent);
  return { agent, told };
}

const RANK = { report: 3, market: 4, wake: 7 };

// Fails when a report or market data reaches an agent that reacts at another time than its own, or out of order.
test.each([0, 100_000])('agents that react are told at the time (ticks of %i ns)', (tickNs) => {
  const delay = { delayNs: 30_000, jitterNs: 0 };
  const config: SimConfig = {
    ...BASE,
    tickNs,
    delays: { ...BASE.delays, report: delay, market: { delayNs: 70_000, jitterNs: 0 } },
  };
  const events: Event[] = [];
  const sim = createSim({ config, seed: 7, port: eventsPort(events) });
  const { agent, told } = reacting(sim);
  runSim(sim, { untilNs: 400_000_000 });
  const happens = (timeNs: number): number => (tickNs === 0 ? timeNs : Math.ceil(timeNs / tickNs) * tickNs);
  const timesOf = (what: Told['what']): number[] =>
    told.filter((one) => one.what === what).map(({ timeNs }) => timeNs);
  // Each fact that names its account is a report; a trade with itself would be two.
  const { account } = agent;
  const facts = events.filter((event) => {
    if (event.kind === Kind.Fill) return event.makerAccount === account || event.takerAccount === account;
    const isFact = event.kind > 0x1f && event.kind < 0x30 && event.source === 1;
    return isFact && 'account' in event && event.account === account;
  });
  const wanted = facts
    .map(({ timeNs }) => happens(timeNs + 30_000))
    .filter((timeNs) => timeNs <= 400_000_000);
  expect(timesOf('report')).toEqual(wanted);
  expect(wanted.length).toBeGreaterThan(100);
  // What it sends, whatever made it, is on its way at once.
  for (const event of events)
    if ((event.kind === Kind.NewOrder || event.kind === Kind.CancelOrder) && event.source === agent.source)
      expect(event.timeNs - event.decidedTime).toBeLessThan(400_000 + tickNs * 16);
  // What changes the market comes 70 µs behind a command, and what comes at once is one piece of news.
  const commands = new Set(
    events
      .filter(
        ({ kind }) =>
          kind === Kind.Accepted || kind === Kind.Fill || kind === Kind.Canceled || kind === Kind.Amended,
      )
      .map(({ timeNs }) => happens(timeNs + 70_000)),
  );
  const news = timesOf('market');
  expect(news.length).toBeGreaterThan(100);
  expect(new Set(news).size).toBe(news.length);
  for (const timeNs of news) expect(commands).toContain(timeNs);
  for (let k = 1; k < told.length; k++) {
    expect(told[k].timeNs).toBeGreaterThanOrEqual(told[k - 1].timeNs);
    if (told[k].timeNs === told[k - 1].timeNs)
      expect(RANK[told[k].what]).toBeGreaterThanOrEqual(RANK[told[k - 1].what]);
  }
});
