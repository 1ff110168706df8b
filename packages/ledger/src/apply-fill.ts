/** Fills: of derivatives the profit is cash, of spot the fill itself exchanges base and quote. */
import { NONE, SIDE_BUY, SIDE_SELL } from '@truetape/contracts';
import { assert } from '@truetape/kernel';
import { advance, assertAsset } from './check.ts';
import type { LedgerError } from './errors.ts';
import { createFillStep, finePriceOf, signOf, stepOf } from './fill.ts';
import type { FillStep } from './fill.ts';
import type { FillInput, LedgerOut } from './input.ts';
import { isInteger, isIntegerOrNone, timeBack, unknownInstrument } from './judge.ts';
import { canPay, exceeds, fitsSpots, isMoney } from './limits.ts';
import { addFlow, move, touch } from './move.ts';
import { EXCHANGE, REALISED } from './state.ts';
import type { AssetState, Ledger, PositionState } from './state.ts';

const step: FillStep = createFillStep();

function judgeFill(ledger: Ledger, input: FillInput): LedgerError | PositionState {
  const { instrument, side, priceTicks, priceFine, qtyLots, timeNs } = input;
  assert(isInteger(timeNs) && isIntegerOrNone(qtyLots), 'LEDGER-1', 'times and quantities are integers');
  assert(isIntegerOrNone(priceTicks) && isIntegerOrNone(priceFine), 'LEDGER-1', 'prices are integers');
  assert(isIntegerOrNone(input.tradeId) && isIntegerOrNone(input.orderId), 'LEDGER-1', 'ids are integers');
  const position = ledger.positions[instrument];
  if (position === undefined) return unknownInstrument(instrument);
  if (side !== SIDE_BUY && side !== SIDE_SELL) return { code: 'badSide', instrument };
  if (qtyLots <= 0) return { code: 'badQty', instrument };
  if ((priceTicks === NONE) === (priceFine === NONE)) return { code: 'badPrice', instrument };
  const price = priceTicks === NONE ? priceFine : priceTicks;
  if (price <= 0 && position.terms.class !== 'linear') return { code: 'badPrice', instrument };
  if (timeNs < position.timeNs) return timeBack(position, timeNs);
  return position;
}

/** Trades are known again by id and side: a trade between two own orders is one of each. */
const tradeKey = ({ tradeId, side }: FillInput): number => (side === SIDE_BUY ? tradeId : -1 - tradeId);

export function applyFill(ledger: Ledger, input: FillInput, out: LedgerOut): LedgerError | undefined {
  const position = judgeFill(ledger, input);
  if ('code' in position) return position;
  const { qtyLots, priceTicks, priceFine } = input;
  const taken = takenBefore(position, input);
  if (taken !== undefined) {
    if (taken !== 'same') return taken;
    out.outcome = 'duplicate';
    return undefined;
  }
  stepOf(position, signOf(input), finePriceOf(position, priceTicks, priceFine), qtyLots, step);
  const fault = stepFault(position, step, qtyLots);
  if (fault !== undefined) return fault;
  const before = position.positionLots;
  commitStep(position, step, qtyLots);
  position.realised += step.realised;
  advance(position, input.timeNs);
  if (position.isSpot) exchange(position, step, qtyLots);
  else if (step.realised !== 0n) {
    addFlow(out, position, 'realised', step.realised, before, NONE);
    move(position.settle, REALISED, step.realised);
  }
  keepTrade(ledger, position, input);
  // The price of an own fill stands in until a market tells one.
  if (position.isOwnLast) {
    position.lastTicks = priceTicks;
    position.lastFine = priceFine;
  }
  touch(ledger, position);
  return undefined;
}

/** Whether a fill of this trade was taken: `same`, or with other data, which is an error. */
function takenBefore(position: PositionState, input: FillInput): 'same' | LedgerError | undefined {
  const { instrument, tradeId, qtyLots, priceTicks, priceFine } = input;
  const taken = tradeId === NONE ? undefined : position.taken.get(tradeKey(input));
  if (taken === undefined) return undefined;
  const isSame =
    taken.qtyLots === qtyLots &&
    finePriceOf(position, taken.priceTicks, taken.priceFine) === finePriceOf(position, priceTicks, priceFine);
  return isSame ? 'same' : { code: 'tradeConflict', instrument, tradeId };
}

function keepTrade(ledger: Ledger, position: PositionState, input: FillInput): void {
  if (input.tradeId === NONE || ledger.tradesKept === 0) return;
  const { taken } = position;
  const { qtyLots, priceTicks, priceFine } = input;
  taken.set(tradeKey(input), { qtyLots, priceTicks, priceFine });
  // A Map is in order of insertion: the first one was taken longest ago.
  if (taken.size > ledger.tradesKept) for (const oldest of taken.keys()) return void taken.delete(oldest);
}

/**
 * What applying a fill, and a fee in an asset behind it, would answer; changes nothing. The fee is as a
 * CashFlow has it: below zero where it is paid, above where it is a rebate.
 *
 * For a venue that asks whether an order can be paid for.
 */
export function checkFill(
  ledger: Ledger,
  input: FillInput,
  fee?: { readonly asset: number; readonly amount: bigint },
): LedgerError | undefined {
  const position = judgeFill(ledger, input);
  if ('code' in position) return position;
  const taken = takenBefore(position, input);
  if (taken !== undefined) return taken === 'same' ? undefined : taken;
  const price = finePriceOf(position, input.priceTicks, input.priceFine);
  stepOf(position, signOf(input), price, input.qtyLots, step);
  const fault = stepFault(position, step, input.qtyLots);
  if (fault !== undefined || fee === undefined) return fault;
  const asset = ledger.assets[fee.asset];
  if (asset === undefined) return { code: 'unknownAsset', asset: fee.asset };
  if (!isMoney(fee.amount)) return { code: 'badAmount', asset: fee.asset };
  const change = fee.amount + gainOf(position, asset, step, input.qtyLots);
  if (!fitsSpots(asset, asset.balance + change)) return { code: 'tooLarge', instrument: input.instrument };
  return canPay(asset, change, asset.isCashOnly);
}

/** What a step adds to the balance of an asset. */
function gainOf(
  position: PositionState,
  asset: AssetState,
  { sign, value, realised }: FillStep,
  lots: number,
): bigint {
  const signed = BigInt(sign);
  if (!position.isSpot) return asset === position.settle ? realised : 0n;
  if (asset === position.base) return signed * BigInt(lots) * position.baseUnitsPerLot;
  return asset === position.quote ? -signed * value : 0n;
}

function stepFault(position: PositionState, made: FillStep, qtyLots: number): LedgerError | undefined {
  const tooLarge: LedgerError = { code: 'tooLarge', instrument: position.index };
  if (exceeds(made.tradedLots) || !isMoney(made.cost) || !isMoney(position.realised + made.realised))
    return tooLarge;
  if (!isMoney(position.netValue + BigInt(made.sign) * made.value)) return tooLarge;
  if (!position.isSpot)
    return fitsSpots(position.settle, position.settle.balance + made.realised) ? undefined : tooLarge;
  const [base, quote] = [position.base!, position.quote!];
  const bases = gainOf(position, base, made, qtyLots);
  const quotes = gainOf(position, quote, made, qtyLots);
  if (!fitsSpots(base, base.balance + bases) || !fitsSpots(quote, quote.balance + quotes)) return tooLarge;
  return canPay(base, bases, true) ?? canPay(quote, quotes, true);
}

function commitStep(position: PositionState, made: FillStep, qtyLots: number): void {
  position.tradedLots = made.tradedLots;
  position.cost = made.cost;
  position.netValue += BigInt(made.sign) * made.value;
  if (made.sign > 0) position.boughtLots += BigInt(qtyLots);
  else position.soldLots += BigInt(qtyLots);
  if (!position.isSpot) position.positionLots = made.tradedLots;
}

function exchange(position: PositionState, made: FillStep, qtyLots: number): void {
  const [base, quote] = [position.base!, position.quote!];
  move(base, EXCHANGE, gainOf(position, base, made, qtyLots));
  move(quote, EXCHANGE, gainOf(position, quote, made, qtyLots));
  assertAsset(base);
}
