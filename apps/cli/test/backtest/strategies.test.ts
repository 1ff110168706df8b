/** Strategies that are included, over simulated tapes. */
import { Kind, NONE } from '@truetape/contracts';
import { expect, test } from 'vitest';
import { STRATEGIES } from '@truetape/strategies';
import { ofKind, run, simTape } from './runs.ts';

const calm = simTape('calm', '11', 6000);
const LINEAR = { class: 'linear', leverage: 100 } as const;

test.each(STRATEGIES.map(({ name }) => name))(
  '%s has a default and a sentence for every parameter',
  (name) => {
    const { parameters, doc } = STRATEGIES.find((one) => one.name === name)!;
    expect(parameters.safeParse({}).success).toBe(true);
    expect(parameters.safeParse({ nonsense: 1 }).success).toBe(false);
    expect(doc).toMatch(/^[A-Z].*\.$/);
  },
);

test('the market maker never holds more than it may, quotes behind the other side, and only posts', () => {
  const config = { mode: 'exchange', instrument: LINEAR, strategy: { maxPositionLots: 3, qtyLots: 1 } };
  const { events } = run(calm, { strategy: 'market-maker', config });
  let position = 0;
  for (const fill of ofKind(events, Kind.Fill)) {
    const isBuyer = (fill.makerOrderId === NONE) === ((fill.flags & 0x30) === 0x10);
    position += isBuyer ? fill.qtyLots : -fill.qtyLots;
    expect(Math.abs(position)).toBeLessThanOrEqual(3);
    expect(fill.takerOrderId).toBe(NONE);
  }
  expect(ofKind(events, Kind.Fill).length).toBeGreaterThan(20);
});

test.each(['twap', 'vwap'] as const)(
  '%s fills its whole quantity in its time, and not before a slice is due',
  (name) => {
    const strategy = { startNs: 200_000_000, durationNs: 2_000_000_000, qtyLots: 103, style: 'market' };
    const config = { mode: 'ideal', instrument: LINEAR, strategy };
    const { events } = run(calm, { strategy: name, config });
    const fills = ofKind(events, Kind.Fill);
    expect(fills.reduce((sum, { qtyLots }) => sum + qtyLots, 0)).toBe(103);
    expect(fills).toHaveLength(10);
    const start = ofKind(events, Kind.Timer)[0].timeNs;
    fills.forEach(({ timeNs }, k) => {
      expect(timeNs).toBe(start + k * 200_000_000);
    });
    const shares = fills.map(({ qtyLots }) => qtyLots);
    if (name === 'twap') expect(Math.max(...shares) - Math.min(...shares)).toBe(1);
    else expect(shares[0]).toBeGreaterThan(shares[4]);
    // Each slice is a child of one announced order.
    const [parent, ...children] = ofKind(events, Kind.Intent).filter(({ action }) => action === 1);
    expect(children.map(({ parentIntentId }) => parentIntentId)).toEqual(fills.map(() => parent.intentId));
  },
);

test('a passive slice that does not fill is canceled, and what is missing goes into the next', () => {
  const strategy = { startNs: 100_000_000, durationNs: 2_000_000_000, qtyLots: 60 };
  const { events } = run(calm, {
    strategy: 'twap',
    config: { mode: 'exchange', instrument: LINEAR, strategy },
  });
  expect(ofKind(events, Kind.CancelOrder).length).toBeGreaterThan(0);
  expect(ofKind(events, Kind.Fill).reduce((sum, { qtyLots }) => sum + qtyLots, 0)).toBe(60);
});

test.each([
  ['momentum', { barNs: 50_000_000, bars: 3, thresholdTicks: 2, qtyLots: 4 }],
  ['mean-reversion', { barNs: 50_000_000, bars: 5, entryPermille: 1200, exitPermille: 300, qtyLots: 4 }],
] as const)('%s holds what it wants or nothing, and says why it does not act', (strategy, parameters) => {
  const config = { mode: 'replay', instrument: LINEAR, strategy: parameters };
  const { events } = run(calm, { strategy, config });
  const targets = ofKind(events, Kind.Target);
  expect(targets.length).toBeGreaterThan(3);
  expect(new Set(targets.map(({ targetLots }) => Math.abs(targetLots)))).toEqual(new Set([0, 4]));
  expect(ofKind(events, Kind.NoAction).length).toBeGreaterThan(0);
  // A decision follows from a bar that is on the tape.
  for (const { cause, causeTape } of targets) {
    expect(causeTape).toBe(0);
    expect(events[cause].kind).toBe(Kind.Bar);
  }
});
