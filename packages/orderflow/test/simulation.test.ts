import { expect, test } from 'vitest';
import {
  addBook,
  applyToMarket,
  commandOfEvent,
  createCommands,
  createMarket,
  createReferenceBook,
  createReports,
  reportEvent,
} from '@truetape/book';
import { FLAG_LAST, Kind } from '@truetape/contracts';
import type { Event } from '@truetape/contracts';
import { END_OF_TIME_NS, PRESETS, PRESET_NAMES, createSim, runSim, tapePort } from '@truetape/orderflow';
import type { SimConfig } from '@truetape/orderflow';
import { BASE, COMMANDS, inFlight, ofKind, run, sent, total } from './runs.ts';
import { tapeOf } from './tapes.ts';

const TWO: SimConfig = {
  ...BASE,
  symbols: { B: BASE.symbols['SIM'], A: { ...BASE.symbols['SIM'], startTicks: 5000 } },
};

/** What the reference book answers to the commands of a tape, with the tape's own causes. */
function replayed(events: readonly Event[]): Event[] {
  const market = createMarket({ create: createReferenceBook });
  const cells = createCommands(1);
  const reports = createReports();
  const facts: Event[] = [];
  for (const event of events) {
    if (event.kind === Kind.Define && event.table === 1) addBook(market, event.index);
    if (!COMMANDS.includes(event.kind)) continue;
    expect(commandOfEvent(event, cells, 0).ok).toBe(true);
    reports.count = 0;
    applyToMarket(market, cells, 0, reports);
    const { timeNs, seq } = event;
    for (let k = 0; k < reports.count; k++)
      facts.push({
        ...reportEvent(reports, k, { timeNs, source: 1, cause: seq, last: k === reports.count - 1 }),
        seq: seq + 1 + k,
      });
  }
  return facts;
}

// Fails when a command is recorded other than it was executed, at another time, or with another cause.
test.each(PRESET_NAMES)('the commands of %s, given to a fresh book, give its facts', (name) => {
  const { events, sim } = run({ ...PRESETS[name], symbols: TWO.symbols }, { events: 6000 });
  const facts = events.filter(({ kind, source }) => kind > 0x1f && kind < 0x30 && source === 1);
  expect(facts).toEqual(replayed(events));
  expect(total(sim, 'violations')).toBe(0);
  expect(total(sim, 'events')).toBe(events.length);
});

// Fails when anything depends on what is no part of seed and configuration, such as the order of keys.
test('the same seed and configuration give the same bytes; another seed others', () => {
  const bytesOf = (config: SimConfig, seed: number): Buffer =>
    tapeOf((writer) => runSim(createSim({ config, seed, port: tapePort(writer) }), { events: 5000 }));
  const reversed = Object.fromEntries(Object.entries(TWO.agents).reverse());
  const turned = {
    ...TWO,
    agents: reversed,
    symbols: Object.fromEntries(Object.entries(TWO.symbols).reverse()),
  };
  expect(bytesOf(TWO, 7).equals(bytesOf(turned, 7))).toBe(true);
  expect(bytesOf(TWO, 7).equals(bytesOf(TWO, 8))).toBe(false);
});

// Fails when a stream is shared, or named by an agent's index.
test('adding or removing agents changes no draw of the others', () => {
  const { noise, ...others } = BASE.agents;
  const config = { ...BASE, burst: { ...BASE.burst, intervalNs: 0 } };
  const statesOf = (agents: SimConfig['agents']): Map<string, unknown> => {
    const { sim } = run({ ...config, agents }, { untilNs: 300_000_000 });
    return new Map(
      sim.agents.map((agent) => {
        const own = ['own/choice', 'own/price', 'own/size'].map((name) =>
          sim.streams.get(`agent/${agent.name}/${name}`)?.save(),
        );
        const draws = agent.config.type === 'noise' ? own : [];
        return [agent.name, [agent.wakeNs, agent.wakeStream.save(), draws]] as const;
      }),
    );
  };
  const all = statesOf(BASE.agents);
  expect(all.size).toBe(16);
  for (const agents of [others, { noise }, { ...BASE.agents, extra: { ...noise, count: 3 } }]) {
    const found = statesOf(agents);
    for (const [name, state] of found) if (all.has(name)) expect(state).toEqual(all.get(name));
  }
});

// Fails when a run stops within a message, short of its count, or goes on differently for having stopped.
test('--events ends at the first boundary at or behind the count', () => {
  const whole = run(BASE, { events: 3000 }).events;
  for (let count = 1; count < 3000; count += 97) {
    const { events, sim } = run(BASE, { events: count });
    expect(events.length).toBeGreaterThanOrEqual(count);
    expect(events).toEqual(whole.slice(0, events.length));
    expect(
      (events.at(-1)!.flags & FLAG_LAST) === 0 && events.at(-1)!.kind >= 0x20 && events.at(-1)!.kind < 0x30,
    ).toBe(false);
    runSim(sim, { events: 2500 });
    expect(events).toEqual(whole.slice(0, events.length));
  }
  expect(run(BASE, { untilNs: 100_000_000 }).events.at(-1)!.timeNs).toBeLessThanOrEqual(100_000_000);
});

// Fails when a limit that is none lets a run go on for ever.
test('FLOW-4: a run has an end', () => {
  expect(() => run(BASE, {})).toThrow('FLOW-4');
  expect(() => run(BASE, { events: -1 })).toThrow('FLOW-4');
});

/** Everything as slow as a configuration allows, so that times come near the last that a tape can tell. */
const DAY = 86_400_000_000_000;
const slow = (tickNs: number): SimConfig => {
  const delay = { delayNs: DAY, jitterNs: DAY };
  const { noise, maker } = BASE.agents;
  return {
    ...BASE,
    tickNs,
    symbols: { SIM: { ...BASE.symbols['SIM'], valueIntervalNs: DAY } },
    agents: { noise: { ...noise, intervalNs: DAY }, maker: { ...maker, intervalNs: DAY } },
    delays: { new: delay, cancel: delay, amend: delay, report: delay, market: delay },
    queue: { capacity: 1, policy: 'block', serviceNs: DAY },
    regimes: { burst: { rates: { maker: 1 }, valueRate: 1000 }, calm: { rates: {}, valueRate: 0 } },
    script: [{ atNs: DAY, regime: 'calm' }],
    burst: { intervalNs: DAY, peakPermille: 1000, halfLifeNs: DAY },
  };
};

// Fails when a wait is too long for a draw, or a time is later than a tape can tell.
test.each([0, 1000, DAY])('a run ends with time, after 90 days (ticks of %i ns)', (tickNs) => {
  const { events, sim } = run(slow(tickNs), { events: 1_000_000 });
  expect(sim.timeNs).toBeGreaterThan(85 * DAY);
  expect(END_OF_TIME_NS).toBe(90 * DAY);
  expect(sim.timeNs).toBeLessThanOrEqual(END_OF_TIME_NS);
  expect(ofKind(events, Kind.NewOrder).length).toBeGreaterThan(50);
  const { length } = events;
  runSim(sim, { untilNs: Infinity, events: 1_000_000 });
  expect(events.length).toBe(length);
});

// Fails when steps are not counted, or a run says that it is over when it is not.
test('a run in steps is the same run, and says when nothing is left', () => {
  const whole = run(BASE, { untilNs: 50_000_000 }).events;
  const { events, sim } = run(BASE, { events: 0 });
  let calls = 0;
  while (!runSim(sim, { untilNs: 50_000_000, steps: 7 })) calls += 1;
  expect(events).toEqual(whole);
  expect(calls).toBeGreaterThan(50);
  expect(runSim(sim, { events: 0, untilNs: 1e9 })).toBe(false);
});

// Fails when a delay, a timer or the matcher's time passes the grid.
test('in ticks, everything happens at multiples of the tick', () => {
  const tickNs = 1_000_000;
  const { events, sim } = run({ ...BASE, tickNs }, { events: 5000 });
  for (const { timeNs } of events) expect(timeNs % tickNs).toBe(0);
  expect(total(sim, 'fills')).toBeGreaterThan(100);
  expect(total(sim, 'violations')).toBe(0);
});

// Fails when the gateway counts an open order, a fill or an end wrongly, or its refusal forgets what was asked.
test('a position never passes its limit, and what is refused for it is told', () => {
  const agents = Object.fromEntries(
    Object.entries(BASE.agents).map(([name, agent]) => [name, { ...agent, maxInventoryLots: 40 }]),
  );
  const { events, sim } = run({ ...BASE, agents }, { events: 20_000 });
  const positions = new Map<number, number>();
  for (const { flags, makerAccount, takerAccount, qtyLots } of ofKind(events, Kind.Fill)) {
    const signed = (flags & 0x30) === 0x10 ? qtyLots : -qtyLots;
    positions.set(takerAccount, (positions.get(takerAccount) ?? 0) + signed);
    positions.set(makerAccount, (positions.get(makerAccount) ?? 0) - signed);
    for (const account of [makerAccount, takerAccount])
      expect(Math.abs(positions.get(account)!)).toBeLessThanOrEqual(40);
  }
  for (const agent of sim.agents) expect(agent.gatePosition).toBe(positions.get(agent.account) ?? 0);
  const refused = ofKind(events, Kind.Rejected).filter(({ by }) => by === 2);
  expect(refused.length).toBe(total(sim, 'gatewayRejects'));
  expect(refused.length).toBeGreaterThan(10);
  for (const { code, qtyLots, source } of refused) expect([code, qtyLots > 0, source]).toEqual([11, true, 2]);
});

// Fails when a count misses an event, or counts one twice.
test('metrics count what stands on the tape', () => {
  const { events, sim } = run(PRESETS.mixed, { untilNs: 3_000_000_000 });
  const counts = [Kind.NewOrder, Kind.CancelOrder, Kind.AmendOrder, Kind.Fill].map(
    (kind) => ofKind(events, kind).length,
  );
  expect(['orders', 'cancels', 'amends', 'fills'].map((name) => total(sim, name as 'orders'))).toEqual(
    counts,
  );
  expect(total(sim, 'fills')).toBeLessThanOrEqual(2 * total(sim, 'orders'));
  expect(total(sim, 'timeNs')).toBe(sim.timeNs);
  expect(sent(sim)).toBeGreaterThanOrEqual(total(sim, 'commands') - total(sim, 'faults'));
  expect(inFlight(sim)).toBeGreaterThanOrEqual(0);
});
