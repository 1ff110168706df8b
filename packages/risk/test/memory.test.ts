// What a gate remembers: tokens without drift, ids, and all of it over a restart.
import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { NONE, canonicalJson } from '@truetape/contracts';
import {
  admitOrder,
  checkOrder,
  createGate,
  createKillSignal,
  createVerdict,
  hashGate,
} from '@truetape/risk';
import {
  noteReject,
  noteTransfer,
  operate,
  parseRiskConfig,
  restoreGate,
  riskJsonSchema,
  saveGate,
  watch,
} from '@truetape/risk';
import type { Gate } from '@truetape/risk';
import { describe, expect, test } from 'vitest';
import { createSeenIds, hasSeen, listIds, rememberId } from '../src/seen-ids.ts';
import { createBucket, takeToken, waitNs } from '../src/token-bucket.ts';
import { checkProperty, seeds } from './property.ts';
import { ALL, DAY, SECOND, gateOf, orderOf, setupOf, viewOf, watched } from './setup.ts';

describe('a token bucket', () => {
  // 3 in 10 s: no whole number of ns each, so that a rounded one drifts.
  test('gives as many as its rate says, over a day, to the ns', () => {
    const bucket = createBucket({ orders: 3, perNs: 10 * SECOND, burst: 1 });
    let [timeNs, taken] = [0, 0];
    while (timeNs < DAY) {
      takeToken(bucket, timeNs);
      taken++;
      timeNs += waitNs(bucket, timeNs);
    }
    // The one it begins with, and what came in: the k-th is there at ⌈k × 10⁹ × 10 ÷ 3⌉.
    expect(taken).toBe((3 * 86_400) / 10);
    expect(timeNs).toBe(DAY);
  });

  test.each(seeds(61))('is what fractions of bigints say (seed %i)', (seed) => {
    const rate = fc.record({
      orders: fc.integer({ min: 1, max: 50 }),
      perNs: fc.integer({ min: 1, max: 1000 }),
      burst: fc.integer({ min: 1, max: 9 }),
    });
    const gaps = fc.array(fc.oneof(fc.integer({ min: 0, max: 60 }), fc.constant(2 ** 50)), { maxLength: 40 });
    checkProperty(
      seed,
      fc.property(rate, gaps, ({ orders, perNs, burst }, steps) => {
        const bucket = createBucket({ orders, perNs, burst });
        // Tokens × perNs; what is left of a ns fits in beside the burst.
        let divisor = Math.min(orders, perNs);
        while (orders % divisor !== 0 || perNs % divisor !== 0) divisor--;
        let [level, timeNs] = [BigInt(burst * perNs), 0];
        const full = level + BigInt(Math.min(orders, perNs) - divisor);
        for (const step of steps) {
          timeNs = Math.min(timeNs + step, 2 ** 52);
          const since = bucket.sinceNs === NONE ? timeNs : bucket.sinceNs;
          const now = level + BigInt(timeNs - since) * BigInt(orders);
          const held = now > full ? full : now;
          const missing = BigInt(perNs) - held;
          const wait = missing <= 0n ? 0n : (missing + BigInt(orders) - 1n) / BigInt(orders);
          expect(waitNs(bucket, timeNs)).toBe(Number(wait));
          if (wait > 0n) continue;
          takeToken(bucket, timeNs);
          level = held - BigInt(perNs);
        }
      }),
    );
  });

  test('a check throttles, takes nothing, and says how long to wait; admitting takes one', () => {
    const config = { account: { orderRate: { orders: 2, perNs: SECOND, burst: 1 } } };
    const gate = watched(config);
    const [view, verdict] = [viewOf(), createVerdict()];
    for (let k = 0; k < 3; k++) expect(checkOrder(gate, view, orderOf(), verdict)).toBe(1);
    admitOrder(gate, view, orderOf());
    expect(checkOrder(gate, view, orderOf({ orderId: 2 }), verdict)).toBe(4);
    expect(verdict).toMatchObject({ observed: 500_000_000n, limit: 0n, unit: 6, allowedLots: 0 });
    view.timeNs += 499_999_999;
    expect(checkOrder(gate, view, orderOf({ orderId: 2 }), verdict)).toBe(4);
    expect(verdict.observed).toBe(1n);
    view.timeNs += 1;
    expect(checkOrder(gate, view, orderOf({ orderId: 2 }), verdict)).toBe(1);
  });

  test('RISK-1, RISK-2: it is within integers, and never overdrawn', () => {
    expect(() => createBucket({ orders: 1, perNs: DAY, burst: 1_000_000 })).toThrow('RISK-1');
    const gate = watched({ account: { orderRate: { orders: 1, perNs: SECOND } } });
    admitOrder(gate, viewOf(), orderOf());
    expect(() => admitOrder(gate, viewOf(), orderOf({ orderId: 2 }))).toThrow('RISK-2');
    expect(waitNs(createBucket({ orders: 1, perNs: 5 }), NaN)).toBe(0);
  });

  test('a strategy’s own is another than the account’s', () => {
    const rate = { orders: 1, perNs: SECOND };
    const gate = watched({ strategies: { one: { orderRate: rate } } });
    admitOrder(gate, viewOf(), orderOf());
    const verdict = createVerdict();
    expect(checkOrder(gate, viewOf(), orderOf({ orderId: 2 }), verdict)).toBe(4);
    expect(checkOrder(gate, viewOf({ strategy: 1 }), orderOf({ orderId: 2, strategy: 1 }), verdict)).toBe(1);
  });
});

describe('client ids', () => {
  // Fails when a removal breaks a chain of probes, or a forgotten id counts as new.
  test.each(seeds(62))('are what a list says (seed %i)', (seed) => {
    const ids = fc.array(
      fc.oneof(
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 0, max: 60 }).map((k) => k * 2 ** 40 + 5),
      ),
      { maxLength: 200 },
    );
    checkProperty(
      seed,
      fc.property(fc.integer({ min: 1, max: 9 }), ids, (capacity, wanted) => {
        const seen = createSeenIds(capacity);
        const all: number[] = [];
        for (const id of wanted) {
          const forgotten = all.slice(0, Math.max(0, all.length - capacity));
          const expected = all.includes(id) || id <= Math.max(-1, ...forgotten);
          expect(hasSeen(seen, id)).toBe(expected);
          if (expected) continue;
          rememberId(seen, id);
          all.push(id);
          // Fails when a cell that becomes free ends the search for what stands behind it.
          expect(all.slice(-capacity).filter((one) => !hasSeen(seen, one))).toEqual([]);
        }
        expect(listIds(seen)).toEqual(all.slice(-capacity));
      }),
    );
  });

  test('RISK-3: an id is admitted once', () => {
    const gate = watched({});
    admitOrder(gate, viewOf(), orderOf());
    expect(() => admitOrder(gate, viewOf(), orderOf())).toThrow('RISK-3');
    expect(() => admitOrder(gate, viewOf(), orderOf({ orderId: NONE }))).toThrow('RISK-3');
    for (const replacedLots of [3, 0]) admitOrder(gate, viewOf(), orderOf({ replacedLots }));
  });
});

const sha256 = () => createHash('sha256');
const textOf = (gate: Gate): string => {
  const text = canonicalJson(saveGate(gate));
  return text.ok ? text.value : '';
};

/** One of the things that happen to a gate, by number; what it says. */
function happen(gate: Gate, k: number): string {
  const timeNs = 10 * SECOND + k * 77_000_001;
  const equity = 10_000n - BigInt((k * k) % 701) + (k === 90 ? 10n ** 20n : 0n);
  const view = viewOf({ timeNs, marketTimeNs: timeNs - (k % 3) * SECOND, isCertain: k % 11 !== 0, equity });
  const signal = createKillSignal();
  const verdict = createVerdict();
  const isPulled = watch(gate, view, signal);
  if (k % 5 === 0) noteReject(gate, timeNs);
  if (k % 23 === 0) noteTransfer(gate, BigInt(k));
  if (k % 17 === 0) operate(gate, { command: 'resume', rebase: k % 2 === 0 }, signal);
  const order = orderOf({ orderId: k, strategy: 0 });
  if (checkOrder(gate, view, order, verdict) === 1) admitOrder(gate, view, order);
  return [
    isPulled,
    signal.level,
    signal.code,
    verdict.verdict,
    verdict.code,
    verdict.observed,
    gate.level,
  ].join(' ');
}

describe('a saved gate', () => {
  // Fails when a restored gate knows only the ids that it can name.
  test('knows the highest id that it has forgotten', () => {
    const config = { rememberedIds: 1 };
    const gate = watched(config);
    for (const orderId of [9, 3]) admitOrder(gate, viewOf(), orderOf({ orderId }));
    const back = restoreGate(setupOf(config), saveGate(gate));
    if (!back.ok) throw new Error(back.error.path);
    for (const one of [gate, back.value]) {
      const verdicts = [3, 8, 9, 10].map((orderId) =>
        checkOrder(one, viewOf(), orderOf({ orderId }), createVerdict()),
      );
      expect(verdicts).toEqual([2, 2, 2, 1]);
    }
  });

  test('goes on as if nothing had been, from every point', () => {
    const straight = gateOf(ALL);
    let restarted = gateOf(ALL);
    const said = new Set<string>();
    for (let k = 0; k < 150; k++) {
      const answer = happen(straight, k);
      said.add(answer.replace(/ -?\d{3,} /, ' … '));
      expect(happen(restarted, k)).toBe(answer);
      const back = restoreGate(setupOf(ALL), JSON.parse(textOf(restarted)));
      if (!back.ok) throw new Error(`${k}: ${back.error.path}`);
      restarted = back.value;
      expect(textOf(restarted)).toBe(textOf(straight));
      expect(hashGate(restarted, sha256)).toEqual(hashGate(straight, sha256));
    }
    // Allows, denials, throttles and pulls of the switch were among it.
    expect(said.size).toBeGreaterThan(8);
  });

  test('of a run that kept nothing is itself', () => {
    const gate = gateOf({});
    const back = restoreGate(setupOf({}), saveGate(gate));
    expect(back.ok && textOf(back.value)).toBe(textOf(gate));
  });

  const saved = (): Record<string, unknown> => {
    const gate = gateOf(ALL);
    for (let k = 1; k < 60; k++) happen(gate, k);
    return JSON.parse(textOf(gate)) as Record<string, unknown>;
  };

  // Fails when something is taken that would not be saved like that.
  test.each([
    ['version', 2],
    ['level', 4],
    ['level', '0'],
    ['lastNs', 0.5],
    ['equity', {}],
    ['bucket', null],
    ['bucket', { level: -1, sinceNs: 0 }],
    ['bucket', { level: 2 ** 52, sinceNs: 0 }],
    ['strategies', []],
    ['strategies', [null, null]],
    ['rejectsNs', [3, 2]],
    ['rejectsNs', [1, 2, 3, 4, 5]],
    ['ids', [1, 1]],
    ['ids', [1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ['ids', [-1]],
    ['uncertainSinceNs', { 7: 1 }],
    ['uncertainSinceNs', { '01': 1 }],
    ['uncertainSinceNs', { constructor: 1 }],
    ['forgottenMax', -2],
    ['other', 1],
    ['setup', '{}'],
    ['day', { fromNs: 1 }],
  ])('with another %s is refused (%j)', (name, value) => {
    expect(restoreGate(setupOf(ALL), { ...saved(), [name]: value }).ok).toBe(false);
  });

  // Fails when a bucket that is just empty is taken for a broken one, or a broken one is not named.
  test('of buckets knows the empty from the broken', () => {
    const setup = setupOf({ strategies: { one: { orderRate: { orders: 1, perNs: SECOND } } } });
    const made = createGate(setup);
    if (!made.ok) throw new Error(made.error[0].path);
    admitOrder(made.value, viewOf(), orderOf());
    const state = saveGate(made.value);
    expect(state['strategies']).toEqual([{ level: 0, sinceNs: 10 * SECOND }, null]);
    expect(restoreGate(setup, state).ok).toBe(true);
    const broken = { ...state, strategies: [{ level: -1, sinceNs: 10 * SECOND }, null] };
    expect(restoreGate(setup, broken)).toMatchObject({ ok: false, error: { path: 'strategies.0' } });
  });

  test('RISK-6: has no number that JSON does not hold', () => {
    const gate = gateOf({});
    gate.lastNs = 0.5;
    expect(() => hashGate(gate, sha256)).toThrow('RISK-6');
  });

  test('goes to nobody with other limits', () => {
    const back = restoreGate(setupOf({ ...ALL, rememberedIds: 9 }), saved());
    expect(back).toEqual({ ok: false, error: { code: 'otherSetup', path: 'setup' } });
    expect(restoreGate(setupOf(ALL), null).ok).toBe(false);
    expect(restoreGate(setupOf(ALL), saved()).ok).toBe(true);
  });
});

describe('a configuration', () => {
  const problems = (value: unknown): string[] => {
    const parsed = parseRiskConfig(value);
    return parsed.ok ? [] : parsed.error.map(({ path }) => path);
  };

  test.each([
    [ALL, []],
    [{}, []],
    [null, ['']],
    [[], ['']],
    [{ limit: {} }, ['limit']],
    [{ limits: { maxOrderLot: 1 } }, ['limits.maxOrderLot']],
    [{ limits: { maxOrderLots: -1 } }, ['limits.maxOrderLots']],
    [{ limits: { maxOrderLots: 1.5 } }, ['limits.maxOrderLots']],
    [{ limits: { maxOrderLots: null } }, ['limits.maxOrderLots']],
    [{ limits: { maxNotional: 5 } }, ['limits.maxNotional']],
    [{ limits: { maxNotional: '-5' } }, ['limits.maxNotional']],
    [{ limits: { priceCollar: { bps: 5 } } }, ['limits.priceCollar.against']],
    [{ kill: { loss: { amount: '5', level: 'off' } } }, ['kill.loss.level']],
    [{ kill: { rejectSpike: { rejects: 3, withinNs: 0, level: 'flatten' } } }, ['kill.rejectSpike.withinNs']],
    [{ account: { orderRate: { orders: 1, perNs: DAY, burst: 1_000_000 } } }, ['account.orderRate']],
    [JSON.parse('{"limits":{"__proto__":{"maxOrderLots":1}}}'), ['limits.__proto__']],
    [
      { instruments: { A: { maxOrderLots: 'x' } }, rememberedIds: 0 },
      ['instruments.A.maxOrderLots', 'rememberedIds'],
    ],
  ] as [unknown, string[]][])('%j', (value, expected) => {
    expect(problems(value)).toEqual(expected);
  });

  test('names what is not there, and money that the asset has no digits for', () => {
    const made = createGate(
      setupOf({
        limits: { maxNotional: '1.5' },
        instruments: { OTHER: { maxOrderLots: 1 }, constructor: {} },
        strategies: { three: {}, one: { maxLoss: '0.1' } },
        kill: { loss: { amount: '7.25', level: 'flatten' } },
      }),
    );
    expect(made.ok ? [] : made.error.map(({ path }) => path)).toEqual([
      'instruments.OTHER',
      'instruments.constructor',
      'strategies.three',
      'limits.maxNotional',
      'strategies.one.maxLoss',
      'kill.loss.amount',
    ]);
  });

  test('of one instrument goes before that of all, limit by limit', () => {
    const gate = gateOf({
      limits: { maxOrderLots: 5, maxOpenOrders: 2 },
      instruments: { SIM: { maxOrderLots: 9 } },
    });
    expect(gate.instruments[1]).toMatchObject({ maxOrderLots: 9, maxOpenOrders: 2 });
  });

  test('has a JSON Schema', () => {
    expect(riskJsonSchema()).toMatchObject({ type: 'object', additionalProperties: false });
  });
});
