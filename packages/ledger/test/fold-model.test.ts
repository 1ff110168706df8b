// What an engine writes of a ledger's flows folds to the same ledger, through the bytes of a tape, and the reference
// makes the same balances of it.
import { expect, test } from 'vitest';
import fc from 'fast-check';
import {
  BLANK,
  NONE,
  SIDE_BUY,
  SIDE_SELL,
  UNIX_EPOCH,
  codeOfName,
  createRecordOut,
  decodeEvent,
  defineFields,
  encodeEvent,
} from '@truetape/contracts';
import type { CashFlow, Event } from '@truetape/contracts';
import { booksOf, checkLedger, createLedgerFold, equityOf, foldLedgerEvent } from '@truetape/ledger';
import { checkProperty, seeds } from './property.ts';
import { createReference, foldReference } from './reference.ts';
import {
  BNB,
  BTC,
  INSTRUMENTS,
  INVERSE,
  LINEAR,
  SCALES,
  SPOT,
  USDT,
  cash,
  configOf,
  deskOf,
  fillOf,
  units,
} from './setups.ts';
import type { Desk } from './setups.ts';

const CODES = ['', 'USDT', 'BTC', 'BNB'];

const DEFINES: readonly Event[] = [
  ...[USDT, BTC, BNB].map((index): Event => {
    const value = { code: CODES[index], scale: SCALES[index] };
    return { ...BLANK.Define, ...defineFields('asset', index, value) };
  }),
  ...[SPOT, LINEAR, INVERSE].map((index): Event => {
    const { base, quote, settle, roundPer, rounding, ...terms } = INSTRUMENTS[index];
    const assets = { base: CODES[base], quote: CODES[quote], settle: CODES[settle] };
    const value = { ...terms, ...assets, id: `X:${index}`, rules: { roundPer, rounding } };
    return { ...BLANK.Define, ...defineFields('instrument', index, value) };
  }),
];

interface Step {
  readonly kind: 'fill' | 'funding' | 'settlement';
  readonly instrument: number;
  readonly isBuy: boolean;
  readonly isMaker: boolean;
  readonly qtyLots: number;
  readonly ticks: number;
  readonly fee: number;
}

const steps: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('fill', 'fill', 'fill', 'fill', 'funding', 'settlement'),
  instrument: fc.constantFrom(SPOT, LINEAR, INVERSE),
  isBuy: fc.boolean(),
  isMaker: fc.boolean(),
  qtyLots: fc.integer({ min: 1, max: 90 }),
  ticks: fc.integer({ min: 300_000, max: 700_000 }),
  fee: fc.integer({ min: -500, max: 500 }),
});

const money = (reason: string, asset: number, amount: bigint, more: Partial<CashFlow> = {}): CashFlow => ({
  ...BLANK.CashFlow,
  asset,
  amount,
  account: 1,
  reason: codeOfName('cashReason', reason)!,
  ...more,
});

/** Does a step, and writes what an engine writes of it. */
function write({ ledger, out, tell }: Desk, step: Step, tradeId: number, events: Event[]): void {
  const { kind, instrument, isBuy, isMaker, qtyLots, ticks } = step;
  if (kind !== 'fill') {
    const priceFine = ticks * 10_000_000;
    const input =
      kind === 'funding'
        ? ({ event: 'funding', timeNs: 0, instrument, rateE12: 100_000_000, markFine: priceFine } as const)
        : ({ event: 'settlement', timeNs: 0, instrument, priceFine } as const);
    if (tell(input) !== undefined || out.count === 0) return;
    const { asset, amount, positionLots } = out.flows[0];
    const flow = { instrument, asset, account: 1, amount, positionLots };
    if (kind === 'funding') {
      const rest = { rateE12: 100_000_000, markFine: priceFine, fundingTime: 0 };
      events.push({ ...BLANK.FundingPaid, ...flow, ...rest });
    } else events.push({ ...BLANK.Settlement, ...flow, priceFine });
    return;
  }
  const orderId = 9;
  const fill = fillOf(instrument, isBuy ? 'buy' : 'sell', qtyLots, ticks, { tradeId, orderId });
  if (tell(fill) !== undefined) return;
  // SIDE of a Fill is the aggressor's.
  const flags = isBuy !== isMaker ? SIDE_BUY : SIDE_SELL;
  const own = isMaker
    ? { makerOrderId: orderId, makerAccount: 1, liquidity: 1 }
    : { takerOrderId: orderId, takerAccount: 1, liquidity: 2 };
  events.push({ ...BLANK.Fill, instrument, flags, tradeId, priceTicks: ticks, qtyLots, ...own });
  const flows = out.flows.slice(0, out.count).map((flow) => ({ ...flow }));
  const { settle } = INSTRUMENTS[instrument];
  const amount = BigInt(step.fee);
  const reason = amount > 0n ? 'rebate' : 'fee';
  if (tell({ ...cash(reason, settle, amount), instrument }) === undefined)
    events.push(money(reason, settle, amount, { instrument, orderId, tradeId }));
  for (const flow of flows)
    events.push(money('realised', flow.asset, flow.amount, { instrument, orderId, tradeId }));
  expect(ledger.positions[instrument]?.lastTicks).not.toBe(NONE);
}

/** Through the bytes of a tape. */
function recorded(event: Event): Event {
  const out = createRecordOut(UNIX_EPOCH);
  expect(encodeEvent(out, { ...event, seq: NONE })).toBe(0);
  return decodeEvent(out, 0, UNIX_EPOCH, NONE);
}

test.each(seeds(75))('an output tape folds to the ledger that it was written of (seed %s)', (seed) => {
  checkProperty(
    seed,
    fc.property(fc.array(steps, { maxLength: 40 }), (told) => {
      const desk = deskOf(configOf());
      const deposit = units('30000');
      desk.tell(cash('deposit', USDT, deposit));
      const events: Event[] = [...DEFINES, money('deposit', USDT, deposit)];
      for (const [tradeId, step] of told.entries()) write(desk, step, tradeId, events);
      const policy = { rounding: 'up', roundPer: 'contract' } as const;
      const fold = createLedgerFold({ account: 1, equityOn: 'mark', policy });
      if (!fold.ok) throw new Error(fold.error.code);
      const reference = createReference(SCALES, INSTRUMENTS);
      const profits: bigint[] = [];
      for (const event of events) {
        expect(foldLedgerEvent(fold.value, recorded(event))).toBeUndefined();
        foldReference(reference, event, profits);
      }
      checkLedger(fold.value.ledger);
      expect([fold.value.pending, profits]).toEqual([[], []]);
      expect(booksOf(fold.value.ledger)).toEqual(booksOf(desk.ledger));
      for (const asset of [USDT, BTC, BNB]) {
        expect(fold.value.ledger.assets[asset]?.balance).toBe(reference.balances[asset]);
        expect(equityOf(fold.value.ledger, asset)).toBe(equityOf(desk.ledger, asset));
      }
    }),
    120,
  );
});
