// Random accounts against the reference: each input the same balances, positions and profits, saved and
// restored in between; refused inputs change nothing.
import { expect, test } from 'vitest';
import fc from 'fast-check';
import { NONE, SIDE_BUY, canonicalText } from '@truetape/contracts';
import { ROUNDINGS } from '@truetape/kernel';
import {
  applyLedger,
  checkFill,
  checkLedger,
  createLedgerOut,
  equityOf,
  positionLots,
  restoreLedger,
  saveLedger,
  unrealisedOf,
} from '@truetape/ledger';
import type { CashReason, Ledger, LedgerInput } from '@truetape/ledger';
import { checkProperty, seeds } from './property.ts';
import { applyReference, createReference, referenceUnrealised } from './reference.ts';
import type { Reference, ReferenceInstrument } from './reference.ts';
import {
  BNB,
  BTC,
  INSTRUMENTS,
  INVERSE,
  LINEAR,
  SPOT,
  USDT,
  cash,
  configOf,
  ledgerOf,
  units,
} from './setups.ts';

const instrument = fc.constantFrom(SPOT, LINEAR, INVERSE);
const timeNs = fc.nat(3);
const price = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 900_000 }));
const lots = fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 9_000_000 }));
const fine = fc.oneof(fc.integer({ min: 1, max: 1_000_000 }), fc.integer({ min: 1, max: 9e13 }));
const side = fc.constantFrom(16, 32);

const fillArbitrary: fc.Arbitrary<LedgerInput> = fc
  .record({
    event: fc.constant('fill' as const),
    timeNs,
    instrument,
    side,
    priceTicks: fc.oneof({ weight: 4, arbitrary: price }, { weight: 1, arbitrary: fc.constant(NONE) }),
    priceFine: fine,
    qtyLots: lots,
    orderId: fc.nat(9),
    tradeId: fc.constant(NONE),
  })
  .map((one) => (one.priceTicks === NONE ? one : { ...one, priceFine: NONE }));

const amounts: Readonly<Record<string, 1 | -1 | 0>> = {
  fee: -1,
  rebate: 1,
  deposit: 1,
  withdrawal: -1,
  transfer: 0,
  adjustment: 0,
};
const cashArbitrary: fc.Arbitrary<LedgerInput> = fc
  .record({
    reason: fc.constantFrom(...(Object.keys(amounts) as CashReason[])),
    asset: fc.constantFrom(USDT, BTC, BNB),
    amount: fc.bigInt({ min: -(10n ** 13n), max: 10n ** 13n }),
    timeNs,
  })
  .map(({ reason, asset, amount, timeNs: at }) => {
    const size = amount < 0n ? -amount : amount;
    const sign = amounts[reason];
    return cash(reason, asset, sign === 0 ? amount : BigInt(sign) * size, at);
  });

const derivative = fc.constantFrom(LINEAR, INVERSE);
const inputs: fc.Arbitrary<LedgerInput> = fc.oneof(
  { weight: 6, arbitrary: fillArbitrary },
  { weight: 2, arbitrary: cashArbitrary },
  {
    weight: 1,
    arbitrary: fc.record({ event: fc.constant('mark' as const), timeNs, instrument, markFine: fine }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ event: fc.constant('last' as const), timeNs, instrument, priceTicks: price }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      event: fc.constant('funding' as const),
      timeNs,
      instrument: derivative,
      rateE12: fc.integer({ min: -(10 ** 10), max: 10 ** 10 }),
      markFine: fine,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      event: fc.constant('settlement' as const),
      timeNs,
      instrument: derivative,
      priceFine: fine,
    }),
  },
);

/** Why an input is refused: what it takes is not there, or would leave more lots than a double holds. */
function refusal(reference: Reference, input: LedgerInput): string | undefined {
  const trial: Reference = structuredClone(reference);
  applyReference(trial, input);
  const spots = trial.balances[BTC] / 1000n;
  if (spots > BigInt(Number.MAX_SAFE_INTEGER) || -spots > BigInt(Number.MAX_SAFE_INTEGER)) return 'tooLarge';
  const isBelow = (asset: number): boolean =>
    trial.balances[asset] < 0n && trial.balances[asset] < reference.balances[asset];
  if (input.event === 'cash') {
    // USDT and BTC settle derivatives: venues lend there.
    const isLent = input.asset !== BNB && input.reason !== 'withdrawal' && input.reason !== 'transfer';
    return !isLent && isBelow(input.asset) ? 'insufficientBalance' : undefined;
  }
  if (input.event !== 'fill' || input.instrument !== SPOT) return undefined;
  return isBelow(input.side === SIDE_BUY ? USDT : BTC) ? 'insufficientBalance' : undefined;
}

function expectSame(ledger: Ledger, reference: Reference): void {
  const isOnLast = ledger.equityOn === 'last';
  for (const asset of [USDT, BTC, BNB]) expect(ledger.assets[asset]?.balance).toBe(reference.balances[asset]);
  const equities: Record<number, bigint> = { ...reference.balances };
  for (const index of [SPOT, LINEAR, INVERSE]) {
    const own = ledger.positions[index]!;
    const { lots: held, entry, profit, funding, mark, last, isOwnLast } = reference.positions[index];
    expect([BigInt(own.tradedLots), own.realised + own.settlement, own.funding]).toEqual([
      held,
      profit,
      funding,
    ]);
    expect(own.cost).toBe(held > 0n ? entry : -entry);
    const price = isOnLast && !isOwnLast ? last : (mark ?? last);
    const unrealised = referenceUnrealised(reference, index, price);
    expect(unrealisedOf(ledger, index)).toBe(unrealised);
    if (index !== SPOT) equities[reference.instruments[index].settle] += unrealised;
  }
  expect(positionLots(ledger, SPOT)).toBe(Number(reference.balances[BTC] / 1000n));
  for (const asset of [USDT, BTC, BNB]) expect(equityOf(ledger, asset)).toBe(equities[asset]);
}

function follow(
  instruments: Readonly<Record<number, ReferenceInstrument>>,
  told: readonly LedgerInput[],
  equityOn: 'last' | 'mark',
): void {
  const config = configOf(instruments, { equityOn });
  const reference = createReference({ [USDT]: 8, [BTC]: 8, [BNB]: 8 }, instruments);
  const out = createLedgerOut();
  let ledger = ledgerOf(config);
  const rich = cash('deposit', USDT, units('50000'));
  let now: Record<string, number> = {};
  for (const input of [rich, ...told]) {
    // Times go on with each input, or stand still.
    const key = input.event === 'cash' ? `a${input.asset}` : `i${input.instrument}`;
    const at = (now[key] ?? 0) + input.timeNs;
    const timed = { ...input, timeNs: at } as LedgerInput;
    const before = canonicalText(saveLedger(ledger));
    const refused = refusal(reference, timed);
    if (timed.event === 'fill') expect(checkFill(ledger, timed)?.code).toBe(refused);
    const error = applyLedger(ledger, timed, out);
    expect(error?.code).toBe(refused);
    if (refused === undefined) {
      now = { ...now, [key]: at };
      const moved = applyReference(reference, timed);
      let flows = 0n;
      for (let k = 0; k < out.count; k++) flows += out.flows[k].amount;
      expect(flows).toBe(moved);
    } else expect(canonicalText(saveLedger(ledger))).toBe(before);
    expectSame(ledger, reference);
    checkLedger(ledger);
    const restored = restoreLedger(config, saveLedger(ledger));
    if (!restored.ok) throw new Error(JSON.stringify(restored.error));
    ledger = restored.value;
    expectSame(ledger, reference);
  }
}

const roundings = fc.constantFrom(...ROUNDINGS);
const prices = fc.constantFrom('last' as const, 'mark' as const);

test.each(seeds(71))('a ledger is the reference, saved at every point (seed %s)', (seed) => {
  checkProperty(
    seed,
    fc.property(fc.array(inputs, { maxLength: 25 }), roundings, prices, (told, rounding, equityOn) => {
      follow(
        Object.fromEntries(Object.entries(INSTRUMENTS).map(([key, one]) => [key, { ...one, rounding }])),
        told,
        equityOn,
      );
    }),
    150,
  );
});

// Too few digits: every value is rounded, and per contract too.
test.each(seeds(72))('also where each value is rounded (seed %s)', (seed) => {
  checkProperty(
    seed,
    fc.property(fc.array(inputs, { maxLength: 25 }), roundings, prices, (told, rounding, equityOn) => {
      const coarse = { qtyStep: '3', contractSize: '0.0000007', rounding } as const;
      follow(
        {
          [SPOT]: { ...INSTRUMENTS[SPOT], rounding, priceStep: '0.000007' },
          [LINEAR]: { ...INSTRUMENTS[LINEAR], ...coarse, roundPer: 'contract' },
          [INVERSE]: { ...INSTRUMENTS[INVERSE], ...coarse, roundPer: 'contract' },
        },
        told,
        equityOn,
      );
    }),
    150,
  );
});
