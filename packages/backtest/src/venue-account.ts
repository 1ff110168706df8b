/**
 * The account as the venue has it: each fill, fee and funding is booked when it happens there. The engine's books are
 * the same ones, as late as the venue's answers.
 *
 * What an order may take from it:
 *
 * - spot: nothing is lent. What all open orders would take of an asset has to be there: buys their limit or what they
 *   would pay at once, with the highest fee of the schedule; sells their lots, and what a minimum fee takes beyond
 *   what they bring;
 * - derivatives: position and open orders of the worse side, at the dearest of touch, limit and price that is paid at
 *   once, need their initial margin. With its fees, and the margin of all else that the asset settles, it is at most
 *   the equity. What makes the position no larger is always let in.
 *
 * What cannot be valued cannot be paid.
 */
import { NONE } from '@truetape/contracts';
import { assert, divideRounded, fineOfTicks, valueOf } from '@truetape/kernel';
import {
  applyLast,
  applyLedger,
  createLedgerOut,
  equityOf,
  initialMarginOf,
  worthIn,
} from '@truetape/ledger';
import type { Ledger, LedgerOut, PositionState } from '@truetape/ledger';
import { cancelFor, touchAt } from '@truetape/venue';
import type { OwnReport, Take, Venue, VenueConfig, VenueOrder } from '@truetape/venue';

/** The most that a fill may cost in fees. */
interface FeeBound {
  readonly rateE12: bigint;
  readonly minimum: bigint;
}

export interface VenueAccount {
  readonly ledger: Ledger;
  readonly out: LedgerOut;
  /** By instrument. */
  readonly bounds: readonly FeeBound[];
  readonly equityAsset: number;
  /** Spot is traded: what is open is held to what is there. */
  readonly hasSpot: boolean;
}

const RATE_ONE = 1_000_000_000_000n;
const BUY = 1;
/** Code of the vocabulary `cancelReason`. */
const CANCEL_INSUFFICIENT = 8;
/** Fills of a resting order within one message of the market that are reckoned with. */
const FILLS_AT_ONCE = 64;
const MINIMUMS_AT_ONCE = 4;

export function createVenueAccount(config: VenueConfig, ledger: Ledger, equityAsset: number): VenueAccount {
  const bounds: FeeBound[] = [];
  for (const { index, fees } of config.instruments) {
    const rates = (fees?.tiers ?? []).flatMap(({ makerE12, takerE12 }) => [makerE12, takerE12]);
    bounds[index] = { rateE12: BigInt(Math.max(0, ...rates)), minimum: fees?.minimum ?? 0n };
  }
  const hasSpot = config.instruments.some(({ terms }) => terms.class === 'spot');
  return { ledger, out: createLedgerOut(), bounds, equityAsset, hasSpot };
}

/** Books what the account begins with. */
export function depositAtVenue(account: VenueAccount, asset: number, amount: bigint, timeNs: number): void {
  const cash = { event: 'cash', timeNs, reason: 'deposit', asset, amount, instrument: 0 } as const;
  const error = applyLedger(account.ledger, cash, account.out);
  assert(error === undefined, 'BACKTEST-5', `a deposit: ${error?.code}`);
}

/** Books a fill and its fee; of a fee that is more than there is, the venue takes what there is. */
export function bookAtVenue(account: VenueAccount, report: OwnReport): OwnReport {
  const { ledger, out } = account;
  const { timeNs, instrument, priceTicks, qtyLots, orderId, tradeId, side } = report;
  const place = { timeNs, instrument, priceTicks, priceFine: NONE, qtyLots, orderId, tradeId };
  const refused = applyLedger(ledger, { event: 'fill', side: side << 4, ...place }, out);
  assert(refused === undefined, 'BACKTEST-5', `a fill that the account can pay for: ${refused?.code}`);
  if (report.fee === undefined || report.fee.amount === 0n) return report;
  const asset = ledger.assets[report.fee.asset]!;
  const isShort = asset.isCashOnly && report.fee.amount > asset.balance;
  const fee = isShort ? { asset: asset.index, amount: asset.balance } : report.fee;
  if (fee.amount !== 0n) {
    const reason = fee.amount > 0n ? 'fee' : 'rebate';
    const cash = {
      event: 'cash',
      timeNs,
      reason,
      asset: fee.asset,
      amount: -fee.amount,
      instrument,
    } as const;
    const error = applyLedger(ledger, cash, out);
    assert(error === undefined, 'BACKTEST-5', `a fee that the account can pay: ${error?.code}`);
  }
  return isShort ? { ...report, fee } : report;
}

// ---- what is asked of an arriving order ------------------------------------------------------------------------

/** Whether the account can pay for an order, or for what an amended one would be, beside all that is open. */
export function canPay(
  account: VenueAccount,
  venue: Venue,
  order: VenueOrder,
  takes: readonly Take[],
  timeNs: number,
): boolean {
  const position = account.ledger.positions[order.instrument];
  if (position === undefined) return false;
  if (!position.isSpot) return hasMargin(account, venue, position, order, takes, timeNs);
  const needs = needsOf(account, venue, order.orderId);
  addNeed(account, needs, position, order, takes);
  const { base, quote } = position;
  return [base!, quote!].every(({ index, balance }) => (needs.get(index) ?? 0n) <= balance);
}

type Needs = Map<number, bigint>;

/** What open spot orders may take of each asset, but for one. */
function needsOf(account: VenueAccount, venue: Venue, butId: number): Needs {
  const needs: Needs = new Map();
  for (const own of venue.orders.values()) {
    const position = account.ledger.positions[own.instrument];
    if (own.orderId === butId || position?.isSpot !== true) continue;
    addNeed(account, needs, position, { ...own, qtyLots: own.leavesLots }, []);
  }
  return needs;
}

function addNeed(
  { bounds }: VenueAccount,
  needs: Needs,
  { base, quote, index, terms, baseUnitsPerLot }: PositionState,
  order: Pick<VenueOrder, 'side' | 'priceTicks' | 'qtyLots'>,
  takes: readonly Take[],
): void {
  const bound = bounds[index];
  const fills = takes.reduce((sum, take) => sum + take.fills, 0);
  const add = (asset: number, amount: bigint): void =>
    void needs.set(asset, (needs.get(asset) ?? 0n) + amount);
  const worth = (ticks: number, lots: number, rounding: 'up' | 'down'): bigint =>
    valueOf(terms, fineOfTicks(terms, ticks), BigInt(lots), rounding);
  const { side, qtyLots } = order;
  if (side !== BUY) {
    add(base!.index, BigInt(qtyLots) * baseUnitsPerLot);
    const ticks = order.priceTicks === NONE ? (takes.at(-1)?.priceTicks ?? 1) : order.priceTicks;
    const short = feeMost(bound, worth(ticks, 1, 'up'), 1, 1) - worth(ticks, 1, 'down');
    if (short > 0n) add(quote!.index, short * BigInt(Math.min(qtyLots, fills + MINIMUMS_AT_ONCE)));
    return;
  }
  const value =
    order.priceTicks === NONE
      ? takes.reduce((sum, { priceTicks, lots }) => sum + worth(priceTicks, lots, 'up'), 0n)
      : worth(order.priceTicks, qtyLots, 'up');
  const most = Math.min(qtyLots, fills + FILLS_AT_ONCE);
  const minimums = Math.min(qtyLots, fills + MINIMUMS_AT_ONCE);
  add(quote!.index, value + BigInt(most) + feeMost(bound, value, most, minimums));
}

/** Fees of fills that make up a value, at the most: each is rounded up, and has the minimum. */
function feeMost({ rateE12, minimum }: FeeBound, value: bigint, fills: number, minimums: number): bigint {
  return divideRounded(value * rateE12, RATE_ONE, 'up') + BigInt(fills) + minimum * BigInt(minimums);
}

function hasMargin(
  account: VenueAccount,
  venue: Venue,
  position: PositionState,
  order: VenueOrder,
  takes: readonly Take[],
  timeNs: number,
): boolean {
  const { ledger, equityAsset, bounds } = account;
  const { settle, positionLots, index } = position;
  const worst = worstLots(venue, position, order);
  if (worst <= Math.abs(positionLots)) return true;
  for (const one of ledger.positions) if (one !== undefined) valueNow(account, venue, one, timeNs);
  const equity = settle.index === equityAsset ? worthIn(ledger, equityAsset) : equityOf(ledger, settle.index);
  const value = dearest(venue, position, worst, [
    order.priceTicks,
    ...takes.map(({ priceTicks }) => priceTicks),
  ]);
  const others = marginOfOthers(venue, position);
  if (equity === undefined || value === undefined || others === undefined) return false;
  const fills = takes.reduce((sum, take) => sum + take.fills, 1);
  const fee = feeMost(bounds[index], value, fills, fills);
  return initialMarginOf(position, value) + others + fee <= equity;
}

/** Lots that are held at the worst: all that is open on one side filled, with an order in the place of what it was. */
function worstLots(venue: Venue, { index, positionLots }: PositionState, order?: VenueOrder): number {
  const open = [0, 0];
  if (order !== undefined) open[order.side - 1] = order.qtyLots;
  for (const own of venue.orders.values())
    if (own.instrument === index && own.orderId !== order?.orderId) open[own.side - 1] += own.leavesLots;
  return Math.max(Math.abs(positionLots + open[0]), Math.abs(positionLots - open[1]));
}

/** The most that so many lots are worth at the touch and at other prices; undefined where none of them is known. */
function dearest(
  venue: Venue,
  { index, terms }: PositionState,
  lots: number,
  others: readonly number[],
): bigint | undefined {
  if (!Number.isSafeInteger(lots)) return undefined;
  const { bidTicks, askTicks } = touchAt(venue, index);
  let most: bigint | undefined;
  for (const ticks of [bidTicks, askTicks, ...others]) {
    if (ticks === NONE || (ticks <= 0 && terms.class !== 'linear')) continue;
    const value = valueOf(terms, fineOfTicks(terms, ticks), BigInt(lots), 'up');
    const size = value < 0n ? -value : value;
    if (most === undefined || size > most) most = size;
  }
  return most;
}

/** What the other markets of the same asset take of its money; undefined where one of them cannot be valued. */
function marginOfOthers(venue: Venue, position: PositionState): bigint | undefined {
  let sum = 0n;
  for (const other of position.settle.settled) {
    const worst = other === position ? 0 : worstLots(venue, other);
    if (worst === 0) continue;
    const open = [...venue.orders.values()].filter(({ instrument }) => instrument === other.index);
    const value = dearest(venue, other, worst, [
      other.lastTicks,
      ...open.map(({ priceTicks }) => priceTicks),
    ]);
    if (value === undefined) return undefined;
    sum += initialMarginOf(other, value);
  }
  return sum;
}

/** Values a position at what closing it would bring now: what there is no price for stays as it was. */
function valueNow({ ledger }: VenueAccount, venue: Venue, position: PositionState, timeNs: number): void {
  const { bidTicks, askTicks } = touchAt(venue, position.index);
  const [first, second] = position.tradedLots < 0 ? [askTicks, bidTicks] : [bidTicks, askTicks];
  const ticks = first === NONE ? second : first;
  // A price that such contracts cannot have is refused, and values nothing.
  if (ticks !== NONE) applyLast(ledger, position.index, ticks, timeNs);
}

/**
 * Cancels what the account cannot pay for any more, the newest order first: a loss of a derivative, or fees, took
 * what a spot order had counted on. Complexity: open orders, for each that is canceled.
 */
export function holdToBalance(account: VenueAccount, venue: Venue, timeNs: number): void {
  if (!account.hasSpot) return;
  for (;;) {
    if (venue.orders.size === 0) return;
    const needs = needsOf(account, venue, NONE);
    const isShort = (asset: number): boolean =>
      (needs.get(asset) ?? 0n) > account.ledger.assets[asset]!.balance;
    let newest = NONE;
    for (const { orderId, instrument, side } of venue.orders.values()) {
      const { isSpot, base, quote } = account.ledger.positions[instrument]!;
      if (!isSpot || orderId < newest) continue;
      // A sell's own need of the quote asset is its minimum fee.
      if (isShort(quote!.index) || (side !== BUY && isShort(base!.index))) newest = orderId;
    }
    if (newest === NONE) return;
    cancelFor(venue, newest, CANCEL_INSUFFICIENT, timeNs);
  }
}
