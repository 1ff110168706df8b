// What pulls the switch, how far, what still goes then, and what sets it back.
import { MONEY_NONE, NONE, nameOfCode } from '@truetape/contracts';
import {
  admitOrder,
  checkOrder,
  createKillSignal,
  createVerdict,
  nextWatchNs,
  noteReject,
} from '@truetape/risk';
import { noteTransfer, operate, parseOperatorScript, setEquity, watch } from '@truetape/risk';
import type { Gate, Proposal, RiskConfig, RiskView } from '@truetape/risk';
import { describe, expect, test } from 'vitest';
import { ALL, DAY, SECOND, gateOf, orderOf, viewOf, watched } from './setup.ts';

const signal = createKillSignal();
const HOUR = 3600 * SECOND;

/** Lets a gate see an equity at a time. */
function see(gate: Gate, equity: bigint, timeNs: number, changes: Partial<RiskView> = {}): boolean {
  return watch(gate, viewOf({ equity, timeNs, marketTimeNs: timeNs, ...changes }), signal);
}

function says(gate: Gate, order: Partial<Proposal>, view: Parameters<typeof viewOf>[0] = {}): string {
  const verdict = createVerdict();
  const timeNs = Math.max(gate.lastNs, 10 * SECOND);
  checkOrder(gate, viewOf({ timeNs, marketTimeNs: timeNs, ...view }), orderOf(order), verdict);
  const code = verdict.code === 0 ? '' : ` ${nameOfCode('denialCode', verdict.code)}`;
  return `${nameOfCode('verdict', verdict.verdict)}${code} ${verdict.allowedLots}`;
}

describe('losses', () => {
  test('from the start: at the limit nothing, one beyond pulls, and stays pulled', () => {
    const gate = gateOf({ kill: { loss: { amount: '100', level: 'flatten' } } });
    expect(see(gate, 1000n, 1)).toBe(false);
    expect(see(gate, 900n, 2)).toBe(false);
    expect(gate.level).toBe(0);
    expect(see(gate, 899n, 3)).toBe(true);
    expect(signal).toMatchObject({ previous: 0, level: 3, observed: 101n, limit: 100n, asset: 1 });
    expect(nameOfCode('rule', signal.rule)).toBe('loss');
    expect(nameOfCode('denialCode', gate.killCode)).toBe('lossLimit');
    expect(see(gate, 2000n, 4)).toBe(false);
    expect(says(gate, {}, { equity: 2000n })).toBe('deny killed 0');
  });

  test('from the highest equity', () => {
    const gate = gateOf({ kill: { drawdown: { amount: '100', level: 'cancelAll' } } });
    for (const [k, equity] of [1000n, 1500n, 1400n, 1450n].entries())
      expect(see(gate, equity, k)).toBe(false);
    expect(see(gate, 1399n, 9)).toBe(true);
    expect(signal).toMatchObject({ level: 2, observed: 101n, limit: 100n });
  });

  // The epoch is noon: a day ends after 12 hours.
  test('of a day, which begins with the equity seen last on the day before', () => {
    const gate = gateOf({ kill: { dailyLoss: { amount: '100', level: 'blockNew' } } });
    see(gate, 1000n, 0);
    see(gate, 950n, 12 * HOUR - 2);
    expect(see(gate, 901n, 12 * HOUR - 1)).toBe(false);
    expect(gate.dayToNs).toBe(12 * HOUR);
    // Midnight: what it opens with is a loss of the new day.
    expect(see(gate, 801n, 12 * HOUR)).toBe(false);
    expect(see(gate, 800n, 12 * HOUR + 1)).toBe(true);
    expect(signal).toMatchObject({ observed: 101n, limit: 100n });
  });

  test('of a day that begins at another hour', () => {
    const kill = { dailyLoss: { amount: '100', level: 'blockNew', dayStartNs: 13 * HOUR } } as const;
    const gate = gateOf({ kill });
    see(gate, 1000n, 0);
    expect([gate.dayFromNs, gate.dayToNs]).toEqual([-23 * HOUR, HOUR]);
    see(gate, 1000n, 3 * DAY);
    expect([gate.dayFromNs, gate.dayToNs]).toEqual([3 * DAY - 23 * HOUR, 3 * DAY + HOUR]);
  });

  test('are none where money was paid out', () => {
    const gate = gateOf({
      kill: { loss: { amount: '100', level: 'flatten' }, drawdown: { amount: '100', level: 'flatten' } },
    });
    see(gate, 1000n, 0);
    noteTransfer(gate, -500n);
    for (const money of [gate.startEquity, gate.peakEquity, gate.dayEquity, gate.lastEquity])
      expect(money).toEqual({ exact: 500n, units: 500 });
    expect(see(gate, 400n, 1)).toBe(false);
    expect(see(gate, 399n, 2)).toBe(true);
  });

  test('that cannot be told pull nothing, but let no order pass', () => {
    const gate = gateOf({ kill: { loss: { amount: '100', level: 'flatten' } } });
    see(gate, 1000n, 10 * SECOND);
    expect(see(gate, MONEY_NONE, 10 * SECOND)).toBe(false);
    expect(says(gate, {}, { equity: MONEY_NONE })).toBe('deny notComputable 0');
    expect(says(gate, {}, { equity: 1000n })).toBe('allow 10');
  });

  // Fails when a check relies on somebody having looked.
  test('deny before anyone has pulled the switch', () => {
    const gate = watched({ kill: { loss: { amount: '100', level: 'flatten' } } });
    expect(says(gate, {}, { equity: 9899n })).toBe('deny lossLimit 0');
    expect(gate.level).toBe(0);
  });
});

test('of several rules the highest level counts; of equals the first of the table', () => {
  const gate = gateOf(ALL);
  see(gate, 10_000n, 10 * SECOND);
  expect(see(gate, 8_999n, 10 * SECOND)).toBe(true);
  expect([gate.level, nameOfCode('rule', gate.killRule)]).toEqual([3, 'loss']);
  const other = gateOf({
    kill: { loss: { amount: '1', level: 'cancelAll' }, drawdown: { amount: '1', level: 'cancelAll' } },
  });
  see(other, 10n, 0);
  see(other, 0n, 1);
  expect(nameOfCode('rule', other.killRule)).toBe('loss');
  // A higher level follows later.
  const rising = gateOf({
    kill: { drawdown: { amount: '1', level: 'blockNew' }, loss: { amount: '5', level: 'flatten' } },
  });
  see(rising, 10n, 0);
  expect([see(rising, 8n, 1), rising.level]).toEqual([true, 1]);
  expect([see(rising, 4n, 2), rising.level, signal.previous]).toEqual([true, 3, 1]);
});

test('stale and uncertain data pull it once the time is over, and the next look is known before', () => {
  const gate = gateOf(ALL);
  const view = viewOf({ marketTimeNs: 8 * SECOND });
  expect(watch(gate, view, signal)).toBe(false);
  expect(nextWatchNs(gate, view)).toBe(13 * SECOND + 1);
  view.timeNs = 13 * SECOND;
  expect(watch(gate, view, signal)).toBe(false);
  view.timeNs += 1;
  expect([watch(gate, view, signal), nameOfCode('denialCode', signal.code), gate.level]).toEqual([
    true,
    'staleTooLong',
    2,
  ]);
  const doubting = gateOf({ kill: { uncertainData: { afterNs: 3 * SECOND, level: 'cancelAll' } } });
  const doubt = viewOf({ isCertain: false });
  watch(doubting, doubt, signal);
  expect(nextWatchNs(doubting, doubt)).toBe(13 * SECOND + 1);
  doubt.timeNs = 12 * SECOND;
  doubt.isCertain = true;
  watch(doubting, doubt, signal);
  expect(nextWatchNs(doubting, doubt)).toBe(NONE);
  // Certainty in between lets the time begin anew.
  Object.assign(doubt, { isCertain: false, timeNs: 13 * SECOND + 1 });
  expect(watch(doubting, doubt, signal)).toBe(false);
  doubt.timeNs = 16 * SECOND + 1;
  expect(watch(doubting, doubt, signal)).toBe(false);
  doubt.timeNs += 1;
  expect([watch(doubting, doubt, signal), nameOfCode('denialCode', signal.code)]).toEqual([
    true,
    'uncertainTooLong',
  ]);
});

test('rejects pull it', () => {
  const gate = gateOf(ALL);
  see(gate, 10_000n, 10 * SECOND);
  for (let k = 0; k < 3; k++) noteReject(gate, 10 * SECOND + k);
  expect(see(gate, 10_000n, 10 * SECOND + 3)).toBe(false);
  noteReject(gate, 10 * SECOND + 3);
  expect(see(gate, 10_000n, 10 * SECOND + 3)).toBe(true);
  expect(signal).toMatchObject({ level: 1, observed: 4n, limit: 3n });
  operate(gate, { command: 'resume' }, signal);
  expect(see(gate, 10_000n, 10 * SECOND + 3)).toBe(false);
});

describe('orders by level', () => {
  const held = { positionLots: 7, openSellLots: 2 };
  const sell = { side: 2, qtyLots: 5, reduceOnly: true };
  const flat = { side: 2, qtyLots: 5, flatten: true, strategy: -1 };
  test.each([
    ['blockNew', 'deny killed 0', 'allow 5', 'allow 5'],
    ['cancelAll', 'deny killed 0', 'deny killed 0', 'allow 5'],
    ['flatten', 'deny killed 0', 'deny killed 0', 'allow 5'],
  ] as const)('%s', (level, plain, reducing, flattening) => {
    const gate = watched(ALL);
    operate(gate, { command: 'kill', level }, signal);
    expect(says(gate, {}, held)).toBe(plain);
    expect(says(gate, { side: 2 }, held)).toBe(plain);
    expect(says(gate, sell, held)).toBe(reducing);
    expect(says(gate, flat, held)).toBe(flattening);
    // And none of them adds to a position.
    expect(says(gate, { ...flat, side: 1 }, held)).toBe('deny notReducing 0');
    expect(says(gate, { ...flat, qtyLots: 6 }, held)).toBe('reduce notReducing 5');
    expect(says(gate, flat, { ...held, isCertain: false })).toBe('deny uncertainData 0');
  });

  test('one that only reduces is cut to what is left, on both sides, and judged as that', () => {
    const gate = watched({ limits: { maxOrderLots: 5 } });
    expect(says(gate, { ...sell, qtyLots: 500 }, held)).toBe('reduce notReducing 5');
    expect(says(gate, { side: 1, qtyLots: 9, reduceOnly: true }, { positionLots: -4 })).toBe(
      'reduce notReducing 4',
    );
    expect(says(gate, { side: 1, qtyLots: 4, reduceOnly: true }, { positionLots: -4 })).toBe('allow 4');
    expect(says(gate, { side: 1, qtyLots: 1, reduceOnly: true }, { positionLots: -4, openBuyLots: 4 })).toBe(
      'deny notReducing 0',
    );
    expect(says(gate, { ...sell, qtyLots: 6 }, { positionLots: 6 })).toBe('deny maxOrderQty 0');
    expect(says(gate, { ...sell, qtyLots: 1 }, { positionLots: 0 })).toBe('deny notReducing 0');
    // An amend takes its order's place.
    expect(says(gate, { ...sell, qtyLots: 4, replacedLots: 2 }, held)).toBe('allow 4');
    expect(says(gate, { ...sell, qtyLots: 9, replacedLots: 2 }, { positionLots: 3, openSellLots: 2 })).toBe(
      'reduce notReducing 3',
    );
  });

  test('a position beyond its limit can be left, but only towards zero', () => {
    const gate = watched(ALL);
    const over = { positionLots: 200, strategyPositionLots: 200, equity: 9500n, otherExposure: 50_000n };
    expect(says(gate, { side: 2, qtyLots: 50 }, over)).toBe('allow 50');
    expect(says(gate, { side: 2, qtyLots: 50 }, { ...over, openSellLots: 200 })).toBe('deny maxLeverage 0');
    expect(says(gate, { side: 1, qtyLots: 1 }, over)).toBe('deny positionLimit 0');
  });

  test('flattening needs no token, takes none, and passes size limits', () => {
    const gate = watched(ALL);
    const view = viewOf({ positionLots: 1000, openOrders: 99 });
    const verdict = createVerdict();
    for (let k = 0; k < 10; k++) {
      const order = orderOf({ side: 2, qtyLots: 1000, priceTicks: 99, flatten: true, orderId: 100 + k });
      expect(checkOrder(gate, view, order, verdict)).toBe(1);
      admitOrder(gate, view, order);
    }
    expect(says(gate, { orderId: 500 })).toBe('allow 10');
  });
});

describe('an operator', () => {
  const KILLED: RiskConfig = { kill: { loss: { amount: '100', level: 'cancelAll' } } };

  test('raises it, and alone sets it back', () => {
    const gate = watched(ALL);
    expect(operate(gate, { command: 'kill', level: 'blockNew' }, signal)).toBe(true);
    expect(signal).toMatchObject({ previous: 0, level: 1, code: 0, rule: 0, observed: MONEY_NONE });
    expect(operate(gate, { command: 'kill' }, signal)).toBe(true);
    expect(signal).toMatchObject({ previous: 1, level: 2 });
    expect(operate(gate, { command: 'kill', level: 'blockNew' }, signal)).toBe(false);
    expect(operate(gate, { command: 'flatten' }, signal)).toBe(true);
    expect(gate.level).toBe(3);
    expect(operate(gate, { command: 'resume' }, signal)).toBe(true);
    expect(signal).toMatchObject({ previous: 3, level: 0 });
    expect(says(gate, {})).toBe('allow 10');
  });

  test('who resumes is stopped again while the loss lasts, unless it counts anew', () => {
    const gate = watched(KILLED);
    const lost = viewOf({ equity: 9000n });
    expect(watch(gate, lost, signal)).toBe(true);
    operate(gate, { command: 'resume' }, signal);
    expect(says(gate, {}, { equity: 9000n })).toBe('deny lossLimit 0');
    expect(watch(gate, lost, signal)).toBe(true);
    operate(gate, { command: 'resume', rebase: true }, signal);
    expect(watch(gate, lost, signal)).toBe(false);
    setEquity(lost, 8899n);
    expect(watch(gate, lost, signal)).toBe(true);
  });

  test('writes a script with times that never go back', () => {
    const script = [
      { atNs: 1, command: 'kill', level: 'blockNew' },
      { atNs: 1, command: 'flatten' },
      { atNs: 5, command: 'resume', rebase: true },
    ];
    expect(parseOperatorScript(script)).toEqual({ ok: true, value: script });
    const bad = (value: unknown): unknown => {
      const parsed = parseOperatorScript(value);
      return parsed.ok ? undefined : parsed.error.map(({ path }) => path);
    };
    expect(
      bad([
        { atNs: 2, command: 'flatten' },
        { atNs: 1, command: 'flatten' },
      ]),
    ).toEqual(['1.atNs']);
    expect(bad([{ atNs: 2, command: 'stop' }])).toEqual(['0.command']);
    expect(bad([{ atNs: 2, command: 'resume', level: 'blockNew' }])).toEqual(['0']);
    expect(bad({})).toEqual(['']);
  });
});

test('RISK-4: the time of a gate never goes back', () => {
  const gate = watched(ALL);
  expect(() => see(gate, 1n, 9 * SECOND)).toThrow('RISK-4');
  expect(() => see(gate, 1n, NaN)).toThrow('RISK-4');
  expect(() => admitOrder(gate, viewOf({ timeNs: 1 }), orderOf())).toThrow('RISK-4');
  noteReject(gate, 5);
  expect(() => noteReject(gate, 4)).toThrow('RISK-4');
  expect(says(gate, {}, { timeNs: 9 * SECOND })).toBe('deny badView 0');
});
