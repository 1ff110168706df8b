// Fees, slippage, latency and queue models: numbers that are worked out by hand, then laws.
import { createStream, divideRounded, drawNormal, NORMAL_ONE, valueOf } from '@truetape/kernel';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  advanceBy,
  behindOf,
  createFees,
  createLatency,
  createSlippage,
  drawNs,
  flatFees,
  followTrade,
  LATENCY_NS_MAX,
  log2,
  slippageTicks,
  submit,
  takeFee,
  tierOf,
  timesPower,
  type LatencySpec,
  type QueueModel,
} from '@truetape/venue';
import { checkProperty, seeds } from './property.ts';
import {
  BUY,
  drain,
  IOC,
  order,
  place,
  print,
  reset,
  rests,
  SELL,
  shownLevel,
  tell,
  termsOf,
  venueOf,
} from './tapes.ts';
import { FLAG_LAST } from '@truetape/contracts';

describe('fees', () => {
  const fill = { priceTicks: 10_000, qtyLots: 3, isMaker: true };

  test('value × rate, rounded once as said; a rebate below zero, a minimum for fees alone', () => {
    // 3 × 100.00 = 300.00; 0.02 % of it is 6 cents, 0.0155 % is 4.65.
    const spot = termsOf();
    const feeOf = (
      makerE12: number,
      rounding: 'ceiling' | 'floor' | 'down' | 'halfEven',
      minimum = 0n,
    ): bigint => takeFee(createFees({ ...flatFees(makerE12, 0, rounding), minimum }), spot, fill, 0);
    expect(feeOf(200_000_000, 'ceiling')).toBe(6n);
    expect([feeOf(155_000_000, 'ceiling'), feeOf(155_000_000, 'floor')]).toEqual([5n, 4n]);
    expect([feeOf(-155_000_000, 'ceiling'), feeOf(-155_000_000, 'floor')]).toEqual([-4n, -5n]);
    expect([
      feeOf(155_000_000, 'ceiling', 9n),
      feeOf(-155_000_000, 'down', 9n),
      feeOf(0, 'down', 9n),
    ]).toEqual([9n, -4n, 0n]);
  });

  // Fails where who trades below zero is paid for it.
  test('a price below zero costs what one above it does', () => {
    const feeOf = (priceTicks: number, takerE12: number): bigint =>
      takeFee(
        createFees(flatFees(0, takerE12)),
        termsOf('linear'),
        { ...fill, priceTicks, isMaker: false },
        0,
      );
    expect([feeOf(-10_000, 155_000_000), feeOf(10_000, 155_000_000)]).toEqual([5n, 5n]);
    expect([feeOf(-10_000, -155_000_000), feeOf(0, 155_000_000)]).toEqual([-4n, 0n]);
  });

  test('an inverse contract pays in its base', () => {
    // 3 ÷ 100.00 = 0.03; 0.05 % of it is 0.000015, 1,500 of 10^−8.
    const state = createFees(flatFees(0, 500_000_000));
    expect(takeFee(state, termsOf('inverse'), { ...fill, isMaker: false }, 0)).toBe(1500n);
  });

  test('tiers follow the value of the last 30 days, and forget the 31st', () => {
    const DAY = 86_400_000_000_000;
    const tiers = [
      { fromTraded: 0n, makerE12: 3, takerE12: 3 },
      { fromTraded: 30_000n, makerE12: 2, takerE12: 2 },
      { fromTraded: 60_000n, makerE12: 1, takerE12: 1 },
    ];
    const state = createFees({ tiers, minimum: 0n, rounding: 'up' });
    const rate = (): number => tierOf(state).makerE12;
    const trade = (timeNs: number): void => void takeFee(state, termsOf(), fill, timeNs);
    const rates = [rate()];
    // 30,000 cents each.
    for (const timeNs of [0, 29 * DAY, 30 * DAY, 59 * DAY, 400 * DAY]) {
      trade(timeNs);
      rates.push(rate());
    }
    expect(rates).toEqual([3, 2, 1, 1, 1, 2]);
    const late = createFees({ tiers, minimum: 0n, rounding: 'up' });
    trade(0);
    takeFee(late, termsOf(), fill, 0);
    takeFee(late, termsOf(), { ...fill, qtyLots: 1 }, 30 * DAY);
    expect(tierOf(late).makerE12).toBe(3);
  });

  test('day by day the oldest of thirty goes', () => {
    const [low, high] = [900_000n, 900_001n].map((fromTraded, k) => ({
      fromTraded,
      makerE12: k,
      takerE12: k,
    }));
    const tiers = [{ fromTraded: 0n, makerE12: 9, takerE12: 9 }, low, high];
    const state = createFees({ tiers, minimum: 0n, rounding: 'up' });
    const rates: number[] = [];
    for (let day = 0; day < 33; day++) {
      takeFee(state, termsOf(), fill, day * 86_400_000_000_000);
      rates.push(tierOf(state).makerE12);
    }
    // 30,000 cents each: 900,000 from the thirtieth day on, and never more.
    expect(rates).toEqual(Array.from({ length: 33 }, (_, day) => (day < 29 ? 9 : 0)));
  });

  test.each(seeds(11))('one rounding: never a unit or more away from the exact fee (seed %i)', (seed) => {
    checkProperty(
      seed,
      fc.property(
        fc.integer({ min: 1, max: 1e9 }),
        fc.integer({ min: 1, max: 1e9 }),
        fc.integer({ min: -1e10, max: 1e10 }),
        (priceTicks, qtyLots, rate) => {
          for (const kind of ['spot', 'linear', 'inverse']) {
            const terms = termsOf(kind);
            const fee = takeFee(
              createFees(flatFees(rate, rate, 'halfUp')),
              terms,
              { priceTicks, qtyLots, isMaker: true },
              0,
            );
            // At a scale of a million more the value is as good as exact.
            const fine = { ...terms, numerator: terms.numerator * 1_000_000n };
            const value = valueOf(
              fine,
              BigInt(priceTicks) * BigInt(terms.finePerTick),
              BigInt(qtyLots),
              'halfUp',
            );
            const exact = divideRounded(value * BigInt(rate), 1_000_000_000_000n, 'halfUp');
            const off = fee * 1_000_000n - exact;
            expect(off <= 510_000n && off >= -510_000n).toBe(true);
          }
        },
      ),
      200,
    );
  });

  test('fills carry them', () => {
    const venue = venueOf({}, { fees: flatFees(-100_000_000, 500_000_000), feeAsset: 4 });
    tell(venue, rests(1, SELL, 10_000, 2));
    submit(venue, order(9, BUY, 10_000, 3), 0);
    tell(venue, rests(2, SELL, 10_000, 1));
    const fees = venue.reports.filter(({ kind }) => kind === 'fill').map(({ fee }) => fee);
    // 200.00 at 0.05 % as a taker, 100.00 at −0.01 % as a maker.
    expect(fees).toEqual([
      { asset: 4, amount: 10n },
      { asset: 4, amount: -1n },
    ]);
  });
});

describe('slippage', () => {
  test('basis points and deviations, rounded up to a tick, and no further than a limit', () => {
    const bps = createSlippage({ kind: 'bps', milliBps: 1500 });
    // 1.5 bps of 10,000 ticks is 1.5 ticks.
    expect([slippageTicks(bps, 10_000), slippageTicks(bps, 20_000), slippageTicks(bps, 0)]).toEqual([
      2, 3, 0,
    ]);
    const venue = venueOf({}, { slippage: { kind: 'bps', milliBps: 1500 } });
    tell(venue, rests(1, SELL, 10_000, 9), rests(2, BUY, 9000, 9));
    expect(
      place(
        venue,
        order(1, BUY, 10_001, 1, { tif: IOC }),
        order(2, BUY, 10_009, 1, { tif: IOC }),
        order(3, SELL, 8990, 1, { tif: IOC }),
      ),
    ).toEqual([
      '1 accepted @10001',
      '1 fill 1@10001 taker bookWalk leaves 0',
      '2 accepted @10009',
      '2 fill 1@10002 taker bookWalk leaves 0',
      '3 accepted @8990',
      '3 fill 1@8998 taker bookWalk leaves 0',
    ]);
  });

  test('the variance of moves forgets', () => {
    const state = createSlippage({ kind: 'volatility', permille: 1000, shift: 1 });
    expect(slippageTicks(state, 100)).toBe(0);
    for (const ticks of [100, 104, 100]) followTrade(state, ticks);
    // (16 + (16 − 8) / … ): 8, then 12; its root is 3.46.
    expect([state.variance, slippageTicks(state, 100)]).toEqual([12 * 65_536, 4]);
    for (let k = 0; k < 40; k++) followTrade(state, 100);
    expect(slippageTicks(state, 100)).toBeLessThanOrEqual(1);
  });

  test('a venue follows trades', () => {
    const venue = venueOf(
      {},
      { startsEmpty: false, slippage: { kind: 'volatility', permille: 1000, shift: 0 } },
    );
    tell(
      venue,
      reset(1, 1),
      shownLevel(BUY, 100, 9),
      shownLevel(SELL, 110, 9, FLAG_LAST),
      print(BUY, 110, 1),
      print(SELL, 107, 1),
    );
    place(venue, order(1, BUY, 120, 1));
    expect(drain(venue)).toEqual([]);
    tell(venue, print(BUY, 110, 1));
    expect(place(venue, order(2, BUY, 120, 1))).toEqual([
      '2 accepted @120',
      '2 fill 1@113 taker bookWalk leaves 0',
    ]);
  });
});

describe('latency', () => {
  const draws = (spec: LatencySpec, count = 4000): number[] => {
    const latency = createLatency(spec, createStream(5, 'latency'));
    return Array.from({ length: count }, () => drawNs(latency)).sort((a, b) => a - b);
  };

  test('fixed, uniform, log-normal, empirical', () => {
    expect(new Set(draws({ kind: 'fixed', ns: 70 }))).toEqual(new Set([70]));
    const uniform = draws({ kind: 'uniform', minNs: 3, maxNs: 6 });
    expect(new Set(uniform)).toEqual(new Set([3, 4, 5, 6]));
    const log = draws({ kind: 'logNormal', medianNs: 1_000_000, sigmaPermille: 500 });
    // Quantiles of a log-normal: e^(±0.5 × 1.2816) at 10 % and 90 %.
    expect(Math.abs(log[2000] - 1_000_000)).toBeLessThan(40_000);
    expect(Math.abs(log[400] - 526_900)).toBeLessThan(30_000);
    expect(Math.abs(log[3600] - 1_898_000)).toBeLessThan(100_000);
    expect(new Set(draws({ kind: 'empirical', valuesNs: [9, 2, 2] }))).toEqual(new Set([2, 9]));
  });

  test('out of range: VENUE-6', () => {
    const bad: LatencySpec[] = [
      { kind: 'fixed', ns: -1 },
      { kind: 'uniform', minNs: 5, maxNs: 4 },
      { kind: 'logNormal', medianNs: LATENCY_NS_MAX + 1, sigmaPermille: 1 },
      { kind: 'logNormal', medianNs: 5, sigmaPermille: 2001 },
      { kind: 'empirical', valuesNs: [] },
      { kind: 'empirical', valuesNs: [1.5] },
    ];
    for (const spec of bad) expect(() => createLatency(spec, createStream(1, 'x'))).toThrow('VENUE-6');
  });

  test('powers of two by integers agree with floating point to seven digits', () => {
    for (let octaves = -400_000; octaves <= 400_000; octaves += 7919) {
      const exact = 1_000_000_000 * 2 ** (octaves / 65_536);
      expect(Math.abs(timesPower(1_000_000_000, octaves) - exact)).toBeLessThan(2 + exact * 3e-7);
    }
    expect(drawNormal(createStream(1, 'y'))).toBeLessThan(7 * NORMAL_ONE);
  });
});

describe('queue models', () => {
  const models: QueueModel[] = [
    { kind: 'riskAverse' },
    { kind: 'probPower', n: 1 },
    { kind: 'probPower', n: 2 },
    { kind: 'probPower', n: 3 },
    { kind: 'probLog' },
  ];

  test('the probability that lots left behind', () => {
    // Front 3, back 1: 1/4, 1/10, 1/28; ln 2 ÷ (ln 4 + ln 2) = 1/3.
    const parts = models.map((model) => behindOf(model, 3, 1) / 65_536);
    [1, 1 / 4, 1 / 10, 1 / 28, 1 / 3].forEach((part, k) => expect(parts[k]).toBeCloseTo(part, 4));
    for (const model of models) expect(behindOf(model, 0, 5)).toBe(65_536);
    for (const model of models.slice(1)) expect(behindOf(model, 5, 0)).toBe(0);
  });

  test('logarithms', () => {
    for (const value of [1, 2, 3, 10, 1000, 123_456_789, 2 ** 40 + 5, 2 ** 53])
      expect(Math.abs(log2(value) / 65_536 - Math.log2(value))).toBeLessThan(0.0001);
  });

  test.each(seeds(12))('a place never falls back, and stays within the level (seed %i)', (seed) => {
    const lots = fc.oneof(fc.nat(30), fc.nat(1e9), fc.constantFrom(2 ** 52, 2 ** 40 + 1));
    checkProperty(
      seed,
      fc.property(
        fc.constantFrom(...models),
        lots,
        lots,
        lots,
        fc.nat(65_535),
        (model, front, back, gone, carry) => {
          const before = Math.min(front + back, Number.MAX_SAFE_INTEGER);
          const left = Math.min(gone, before);
          const now = before - left;
          const place = { aheadLots: front, carry };
          advanceBy(model, place, left, before, now);
          expect(Number.isSafeInteger(place.aheadLots) && place.aheadLots >= 0).toBe(true);
          expect(place.aheadLots).toBeLessThanOrEqual(Math.min(front, now));
          // What is gone beyond the lots behind it was ahead.
          expect(front - place.aheadLots).toBeGreaterThanOrEqual(Math.min(front, left - (before - front)));
          expect(front - place.aheadLots).toBeLessThanOrEqual(left + 1);
          expect(place.carry >= 0 && place.carry < 65_536).toBe(true);
        },
      ),
    );
  });

  test('fractions of a lot add up', () => {
    const place = { aheadLots: 50, carry: 0 };
    for (let k = 0; k < 11; k++) advanceBy({ kind: 'probPower', n: 1 }, place, 1, 100, 99);
    expect(50 - place.aheadLots).toBe(5);
  });
});
