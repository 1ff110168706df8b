/**
 * A ledger that is obviously right, and slow: exact fractions of decimals, one plain rule after the other,
 * nothing shared with the package. `createReference` and `applyReference` follow inputs, `foldReference` the
 * events of a tape: a whole run's balances can be made again from its output tape alone.
 */
import { Kind, NONE, SIDE_BUY, SIDE_MASK } from '@truetape/contracts';
import type { Event } from '@truetape/contracts';
import type { Rounding } from '@truetape/kernel';
import type { LedgerInput } from '@truetape/ledger';

/** numerator ÷ denominator; the denominator is above zero. */
export type Fraction = readonly [bigint, bigint];

const times = ([a, b]: Fraction, [c, d]: Fraction): Fraction => [a * c, b * d];
const over = ([a, b]: Fraction, [c, d]: Fraction): Fraction => (c < 0n ? [-a * d, b * -c] : [a * d, b * c]);
const whole = (value: bigint | number): Fraction => [BigInt(value), 1n];
const ten = (exponent: number): bigint => 10n ** BigInt(exponent);

/** A decimal text as a fraction. */
export function fraction(text: string): Fraction {
  const [units, digits = ''] = text.split('.');
  return [BigInt(units + digits), ten(digits.length)];
}

const floor = ([a, b]: Fraction): bigint => (a - (((a % b) + b) % b)) / b;
const minus = ([a, b]: Fraction): Fraction => [-a, b];

/** A fraction as an integer, by the rule's own words. */
export function rounded(value: Fraction, rounding: Rounding): bigint {
  const below = floor(value);
  const above = -floor(minus(value));
  const isNegative = value[0] < 0n;
  const [near, far] = isNegative ? [above, below] : [below, above];
  const double = [value[0] * 2n, value[1]] as const;
  const order = double[0] - (below + above) * double[1];
  switch (rounding) {
    case 'floor':
      return below;
    case 'ceiling':
      return above;
    case 'down':
      return near;
    case 'up':
      return far;
    case 'halfUp':
      return order === 0n ? far : order > 0n ? above : below;
    case 'halfEven':
      return order === 0n ? (below % 2n === 0n ? below : above) : order > 0n ? above : below;
  }
}

export interface ReferenceInstrument {
  readonly class: 'spot' | 'linear' | 'inverse';
  readonly priceStep: string;
  readonly qtyStep: string;
  readonly fineScale: number;
  readonly contractSize: string;
  readonly base: number;
  readonly quote: number;
  readonly settle: number;
  readonly roundPer: 'fill' | 'contract';
  readonly rounding: Rounding;
}

export interface ReferencePosition {
  /** Bought less sold. */
  lots: bigint;
  /** What the lots that are held were entered for, above zero for either side. */
  entry: bigint;
  /** Profit of closes, of settlements too. */
  profit: bigint;
  funding: bigint;
  last: Fraction | undefined;
  /** No market has told a price. */
  isOwnLast: boolean;
  mark: Fraction | undefined;
}

export interface Reference {
  readonly scales: Readonly<Record<number, number>>;
  readonly instruments: Readonly<Record<number, ReferenceInstrument>>;
  readonly balances: Record<number, bigint>;
  readonly positions: Record<number, ReferencePosition>;
}

/** Scales of assets and instruments, by index. */
export function createReference(
  scales: Readonly<Record<number, number>>,
  instruments: Readonly<Record<number, ReferenceInstrument>>,
): Reference {
  const balances: Record<number, bigint> = {};
  for (const asset of Object.keys(scales)) balances[Number(asset)] = 0n;
  const positions: Record<number, ReferencePosition> = {};
  for (const index of Object.keys(instruments))
    positions[Number(index)] = {
      lots: 0n,
      entry: 0n,
      profit: 0n,
      funding: 0n,
      last: undefined,
      isOwnLast: true,
      mark: undefined,
    };
  return { scales, instruments, balances, positions };
}

/** Units of the settle asset that lots are worth at a price. */
export function referenceValue(
  { scales, instruments }: Reference,
  index: number,
  price: Fraction,
  lots: bigint,
): bigint {
  const { qtyStep, contractSize, class: kind, settle, roundPer, rounding } = instruments[index];
  const contracts = times(fraction(qtyStep), whole(lots));
  const unit = [ten(scales[settle]), 1n] as const;
  const of = (count: Fraction): bigint => {
    const size = times(times(count, fraction(contractSize)), unit);
    return rounded(kind === 'inverse' ? over(size, price) : times(size, price), rounding);
  };
  if (roundPer === 'fill') return of(contracts);
  return of(whole(1n)) * floor(contracts);
}

export function ticksPrice({ instruments }: Reference, index: number, ticks: number): Fraction {
  return times(fraction(instruments[index].priceStep), whole(ticks));
}

export function finePrice({ instruments }: Reference, index: number, fine: number): Fraction {
  return [BigInt(fine), ten(instruments[index].fineScale)];
}

const abs = (value: bigint): bigint => (value < 0n ? -value : value);

/** Closes lots, of which there are as many; returns the profit. */
function close(reference: Reference, index: number, lots: bigint, value: bigint): bigint {
  const position = reference.positions[index];
  const { rounding, class: kind } = reference.instruments[index];
  const share = rounded([position.entry * lots, abs(position.lots)], rounding);
  const isLong = position.lots > 0n;
  const gain = isLong !== (kind === 'inverse') ? value - share : share - value;
  position.entry -= share;
  position.lots += isLong ? -lots : lots;
  position.profit += gain;
  return gain;
}

/** A fill; what it gives of profit in cash. */
function fill(reference: Reference, index: number, isBuy: boolean, price: Fraction, lots: bigint): bigint {
  const { class: kind, base, quote, qtyStep, contractSize, settle } = reference.instruments[index];
  const position = reference.positions[index];
  const value = referenceValue(reference, index, price, lots);
  const opposite = position.lots > 0n === isBuy ? 0n : abs(position.lots);
  const closed = lots < opposite ? lots : opposite;
  const closedValue = closed === lots ? value : referenceValue(reference, index, price, closed);
  const profit = closed === 0n ? 0n : close(reference, index, closed, closedValue);
  position.entry += value - closedValue;
  position.lots += isBuy ? lots - closed : closed - lots;
  if (position.isOwnLast) position.last = price;
  const { balances, scales } = reference;
  if (kind !== 'spot') {
    balances[settle] += profit;
    return profit;
  }
  const size = times(times(fraction(qtyStep), fraction(contractSize)), whole(lots));
  const bases = rounded(times(size, [ten(scales[base]), 1n]), 'down');
  balances[base] += isBuy ? bases : -bases;
  balances[quote] += isBuy ? -value : value;
  return 0n;
}

/** Applies an input that is in order; the cash that it moved because of a position. */
export function applyReference(reference: Reference, input: LedgerInput): bigint {
  switch (input.event) {
    case 'cash':
      reference.balances[input.asset] += input.amount;
      return 0n;
    case 'mark':
      reference.positions[input.instrument].mark = finePrice(reference, input.instrument, input.markFine);
      return 0n;
    case 'last':
      reference.positions[input.instrument].last = ticksPrice(reference, input.instrument, input.priceTicks);
      reference.positions[input.instrument].isOwnLast = false;
      return 0n;
    case 'fill': {
      const { instrument, priceTicks, priceFine, qtyLots, side } = input;
      const price =
        priceTicks === NONE
          ? finePrice(reference, instrument, priceFine)
          : ticksPrice(reference, instrument, priceTicks);
      return fill(reference, instrument, side === SIDE_BUY, price, BigInt(qtyLots));
    }
    case 'funding': {
      const { instrument, rateE12, markFine } = input;
      const position = reference.positions[instrument];
      const { settle, rounding } = reference.instruments[instrument];
      if (position.lots === 0n) return 0n;
      const mark = markFine === NONE ? position.mark! : finePrice(reference, instrument, markFine);
      const value = referenceValue(reference, instrument, mark, abs(position.lots));
      const sign = position.lots > 0n ? -1n : 1n;
      const amount = rounded([sign * value * BigInt(rateE12), ten(12)], rounding);
      position.funding += amount;
      reference.balances[settle] += amount;
      return amount;
    }
    case 'settlement': {
      const { instrument, priceFine } = input;
      const position = reference.positions[instrument];
      const { settle } = reference.instruments[instrument];
      const lots = abs(position.lots);
      if (lots === 0n) return 0n;
      const price = finePrice(reference, instrument, priceFine);
      const profit = close(reference, instrument, lots, referenceValue(reference, instrument, price, lots));
      reference.balances[settle] += profit;
      return profit;
    }
  }
}

/** Profit of what is held at a price; 0 where nothing is. */
export function referenceUnrealised(
  reference: Reference,
  index: number,
  price: Fraction | undefined,
): bigint {
  const { lots, entry } = reference.positions[index];
  if (lots === 0n || price === undefined) return 0n;
  const value = referenceValue(reference, index, price, abs(lots));
  return lots > 0n !== (reference.instruments[index].class === 'inverse') ? value - entry : entry - value;
}

/** Reasons of CashFlow (codes) that are profits of fills: these are made again from the fills themselves. */
const REALISED_CODE = 11;

/**
 * Follows an event of an output tape: own fills (the one with an own order alone in its slot), cash, funding
 * and settlements, all by their own rules; amounts that follow from positions are made again, not read. A
 * mismatch throws.
 */
export function foldReference(reference: Reference, event: Event, profits: bigint[]): void {
  if (event.kind === Kind.Fill) {
    const isMaker = event.makerOrderId !== NONE;
    const isBuy = ((event.flags & SIDE_MASK) === SIDE_BUY) !== isMaker;
    const { instrument, priceTicks, priceFine, qtyLots } = event;
    const price =
      priceTicks === NONE
        ? finePrice(reference, instrument, priceFine)
        : ticksPrice(reference, instrument, priceTicks);
    const profit = fill(reference, instrument, isBuy, price, BigInt(qtyLots));
    if (profit !== 0n) profits.push(profit);
  } else if (event.kind === Kind.CashFlow) {
    if (event.reason !== REALISED_CODE) reference.balances[event.asset] += event.amount;
    else if (profits.shift() !== event.amount) throw new Error(`seq ${event.seq}: another profit`);
  } else if (event.kind === Kind.FundingPaid || event.kind === Kind.Settlement) {
    const { instrument, timeNs, amount } = event;
    const input: LedgerInput =
      event.kind === Kind.FundingPaid
        ? { event: 'funding', timeNs, instrument, rateE12: event.rateE12, markFine: event.markFine }
        : { event: 'settlement', timeNs, instrument, priceFine: event.priceFine };
    if (applyReference(reference, input) !== amount) throw new Error(`seq ${event.seq}: another amount`);
  }
}
