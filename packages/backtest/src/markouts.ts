/**
 * Markouts: of each fill, the middle of the market some time later against its price, positive where the market went
 * our way. A fill whose later time is beyond the end of the run is not counted.
 */
import { NONE } from '@truetape/contracts';
import { addProduct, createSum, sumValue } from '@truetape/kernel';
import type { Sum } from '@truetape/kernel';
import type { Backtest } from './state.ts';

/** How long behind a fill the market is looked at again. */
export const MARKOUT_NS: readonly number[] = [10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000];

/** Fills that wait for their time, and what came of those that no longer do. */
export interface Markout {
  readonly delayNs: number;
  readonly waiting: WaitingFill[];
  head: number;
  /** Half ticks × lots, for us: of makers, and of takers. */
  readonly gains: readonly [maker: Sum, taker: Sum];
  readonly lots: [maker: number, taker: number];
  fills: number;
}

export interface WaitingFill {
  readonly dueNs: number;
  readonly instrument: number;
  /** 1 bought, −1 sold. */
  readonly sign: number;
  readonly isMaker: boolean;
  readonly priceTicks: number;
  readonly qtyLots: number;
}

export interface SavedMarkout extends Pick<Markout, 'waiting' | 'lots' | 'fills'> {
  readonly gains: readonly [maker: bigint, taker: bigint];
}

export function createMarkouts(): Markout[] {
  return MARKOUT_NS.map((delayNs) => ({
    delayNs,
    waiting: [],
    head: 0,
    gains: [createSum(), createSum()],
    lots: [0, 0],
    fills: 0,
  }));
}

export function saveMarkout({ waiting, head, gains, lots, fills }: Markout): SavedMarkout {
  return { waiting: waiting.slice(head), gains: [sumValue(gains[0]), sumValue(gains[1])], lots, fills };
}

export function restoreMarkout(markout: Markout, { waiting, gains, lots, fills }: SavedMarkout): void {
  markout.waiting.push(...waiting);
  Object.assign(markout, { gains: [createSum(gains[0]), createSum(gains[1])], lots, fills });
}

/** A fill waits for each of its times. */
export function awaitMarkouts(
  markouts: readonly Markout[],
  timeNs: number,
  fill: Omit<WaitingFill, 'dueNs'>,
): void {
  const { instrument, sign, isMaker, priceTicks, qtyLots } = fill;
  for (const { waiting, delayNs } of markouts)
    waiting.push({ dueNs: timeNs + delayNs, instrument, sign, isMaker, priceTicks, qtyLots });
}

/** The next time at which the market is looked at again. */
export function nextMarkoutNs(markouts: readonly Markout[]): number {
  let next = Infinity;
  for (const { waiting, head } of markouts)
    if (head < waiting.length && waiting[head].dueNs < next) next = waiting[head].dueNs;
  return next;
}

const COMPACT_AT = 4096;

/** Looks at the market for all fills whose time has come. */
export function takeMarkouts(backtest: Backtest, timeNs: number): void {
  for (const markout of backtest.metrics.markouts) {
    const { waiting, gains, lots } = markout;
    while (markout.head < waiting.length && waiting[markout.head].dueNs <= timeNs) {
      const { instrument, sign, isMaker, priceTicks, qtyLots } = waiting[markout.head];
      markout.head += 1;
      const { bidTicks, askTicks } = backtest.engine.markets[instrument]!;
      if (bidTicks === NONE || askTicks === NONE) continue;
      const place = isMaker ? 0 : 1;
      addProduct(gains[place], (bidTicks + askTicks - 2 * priceTicks) * sign, qtyLots);
      lots[place] += qtyLots;
      markout.fills += 1;
    }
    if (markout.head > COMPACT_AT) {
      waiting.splice(0, markout.head);
      markout.head = 0;
    }
  }
}
