/** What stands above a strategy: limits, the kill switch, an operator's word. */
import { Kind, nameOfCode } from '@truetape/contracts';
import type { Context, MarketUpdate, Strategy } from '@truetape/engine';
import { expect, test } from 'vitest';
import { ofKind, run, simTape } from './runs.ts';

const tape = simTape('calm', '5', 6000);

/** Buys a lot at the market with every trade. */
const BUYER = {
  name: 'buyer',
  listens: { trades: true },
  make: (): Strategy => ({
    state: {},
    onMarket: (context: Context, { market }: MarketUpdate) => {
      context.submit({ market, side: 'buy', qtyLots: 1, reason: 'signal' });
    },
  }),
};

const LINEAR = { instrument: { class: 'linear', leverage: 100 }, mode: 'replay' } as const;

test('a position limit holds, also for what is under way', () => {
  const config = { ...LINEAR, risk: { limits: { maxPositionLots: 7 } } };
  const { events, backtest } = run(tape, { strategy: BUYER, config });
  expect(ofKind(events, Kind.Fill).length).toBe(7);
  expect(backtest.engine.runs[0].positions[1]).toBe(7);
  const denied = ofKind(events, Kind.RiskDecision).filter(({ verdict }) => verdict === 2);
  expect(denied.length).toBeGreaterThan(10);
  for (const { code, rule, observed, limit, allowedLots, causeTape } of denied) {
    expect(nameOfCode('denialCode', code)).toBe('positionLimit');
    expect(nameOfCode('rule', rule)).toBe('position');
    expect([observed, limit, allowedLots, causeTape]).toEqual([8n, 7n, 0, 0]);
  }
});

// Fails where what the account began with counts as a position: every order to buy would be denied.
test('on spot the limit holds what was traded, not what was deposited', () => {
  const config = { mode: 'exchange', risk: { limits: { maxPositionLots: 3 } } };
  const { events, backtest } = run(tape, { strategy: 'market-maker', config });
  const { positionsMax } = backtest.metrics.series;
  expect(positionsMax[0]).toBe(3);
  const bought = ofKind(events, Kind.NewOrder).filter(({ flags }) => (flags & 0x30) === 0x10);
  expect(bought.length).toBeGreaterThan(3);
});

test('denials are the same when the run is saved and goes on', () => {
  const config = {
    ...LINEAR,
    risk: { limits: { maxPositionLots: 7 }, account: { orderRate: { orders: 3, perNs: 50_000_000 } } },
  };
  const whole = run(tape, { strategy: BUYER, config });
  const resumed = run(tape, { strategy: BUYER, config, resumeAt: [500, 1500, 1501, 4000] });
  expect(ofKind(resumed.events, Kind.RiskDecision)).toEqual(ofKind(whole.events, Kind.RiskDecision));
  const verdicts = new Set(ofKind(whole.events, Kind.RiskDecision).map(({ verdict }) => verdict));
  expect([...verdicts].sort()).toEqual([1, 2, 4]);
});

test('kill: nothing new behind it, everything open is canceled; resume: it goes on', () => {
  const second = 1_000_000_000;
  const config = {
    mode: 'replay',
    script: [
      { atNs: second, command: 'kill' },
      { atNs: 2 * second, command: 'resume' },
    ],
  };
  const { events } = run(tape, { strategy: 'market-maker', config });
  const [killed, resumed] = ofKind(events, Kind.KillSwitch);
  expect([killed.level, killed.previous, resumed.level, resumed.previous]).toEqual([2, 0, 0, 2]);
  const between = events.filter(({ seq }) => seq > killed.seq && seq < resumed.seq);
  expect(ofKind(between, Kind.NewOrder)).toEqual([]);
  const cancels = ofKind(between, Kind.CancelOrder).filter(({ cause }) => cause === killed.seq);
  expect(cancels.length).toBeGreaterThan(0);
  const denials = ofKind(between, Kind.RiskDecision).filter(({ verdict }) => verdict === 2);
  expect(denials.length).toBeGreaterThan(0);
  expect(new Set(denials.map(({ code }) => nameOfCode('denialCode', code)))).toEqual(new Set(['killed']));
  expect(ofKind(events.slice(resumed.seq), Kind.NewOrder).length).toBeGreaterThan(0);
});

test('flatten: the position is closed, whatever was under way', () => {
  const config = {
    ...LINEAR,
    risk: { limits: { maxPositionLots: 20 } },
    script: [{ atNs: 700_000_000, command: 'flatten' }],
  };
  const { events, backtest } = run(tape, { strategy: BUYER, config });
  expect(ofKind(events, Kind.Fill).some(({ flags }) => (flags & 0x30) === 0x20)).toBe(true);
  expect(backtest.engine.runs[0].positions[1]).toBe(0);
  const [word] = ofKind(events, Kind.OperatorCommand);
  expect(JSON.parse(word.json)).toEqual({ command: 'flatten' });
});

test('a loss pulls the switch, and the rule says on which numbers', () => {
  const config = {
    ...LINEAR,
    risk: { limits: { maxPositionLots: 50 }, kill: { loss: { amount: '0.5', level: 'flatten' } } },
    sampleNs: 1_000_000,
  };
  const { events, backtest } = run(tape, { strategy: BUYER, config });
  const runtime = ofKind(events, Kind.RiskDecision).filter(({ phase }) => phase === 2);
  expect(runtime).toHaveLength(1);
  const [{ rule, observed, limit, seq }] = runtime;
  expect(nameOfCode('rule', rule)).toBe('loss');
  expect(limit).toBe(50_000_000n);
  expect(observed).toBeGreaterThan(limit);
  expect(ofKind(events, Kind.KillSwitch)[0].cause).toBe(seq);
  expect(backtest.engine.runs[0].positions[1]).toBe(0);
});
