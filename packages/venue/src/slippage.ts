/**
 * What takers pay beyond the recorded price, in ticks against them.
 *
 * - `book`: nothing; they walk the book, which is the spread and the depth;
 * - `bps`: a share of the price in thousandths of a basis point, rounded up to a tick;
 * - `volatility`: a share, in thousandths, of the deviation of a move from trade to trade, rounded up to a tick. The
 *   variance is an average of squared moves in ticks that forgets with 2^−shift a trade, kept in 65,536ths.
 *
 * A limit order never pays more than its limit.
 */

export type SlippageSpec =
  | { readonly kind: 'book' }
  | { readonly kind: 'bps'; readonly milliBps: number }
  | { readonly kind: 'volatility'; readonly permille: number; readonly shift: number };

export interface SlippageState {
  readonly spec: SlippageSpec;
  readonly isFollowing: boolean;
  /** Of the last trade; NaN before. */
  lastTicks: number;
  /** Squared ticks in 65,536ths. */
  variance: number;
}

const ONE = 65_536;
/** Moves beyond count as this one: their square, in 65,536ths, still fits. */
const MOVE_MAX = 262_144;
const MILLI_BPS = 10_000_000;

export function createSlippage(spec: SlippageSpec): SlippageState {
  return { spec, isFollowing: spec.kind === 'volatility', lastTicks: NaN, variance: 0 };
}

/** A trade of the market; called only where `isFollowing`. */
export function followTrade(state: SlippageState, priceTicks: number): void {
  const { spec } = state;
  if (spec.kind !== 'volatility') return;
  const move = Math.abs(priceTicks - state.lastTicks);
  state.lastTicks = priceTicks;
  // NaN for the first trade.
  if (!(move >= 0)) return;
  const squared = Math.min(move, MOVE_MAX) * Math.min(move, MOVE_MAX) * ONE;
  // Differences below 2^53, divided by a power of two: exact before the floor.
  state.variance += Math.floor((squared - state.variance) / (1 << spec.shift));
}

/** Ticks that a taker pays more, or gets less, at a price. */
export function slippageTicks(state: SlippageState, priceTicks: number): number {
  const { spec } = state;
  switch (spec.kind) {
    case 'book':
      return 0;
    case 'bps': {
      const share = Math.abs(priceTicks) * spec.milliBps;
      return (share - (share % MILLI_BPS)) / MILLI_BPS + (share % MILLI_BPS === 0 ? 0 : 1);
    }
    case 'volatility':
      // √(variance / 65,536) × permille / 1000: the root of the variance has eight binary digits behind the point.
      return Math.ceil((floorRoot(state.variance) * spec.permille) / 256_000);
  }
}

/** The largest integer whose square is not above an integer below 2^53. */
export function floorRoot(value: number): number {
  let root = Math.floor(Math.sqrt(value));
  while (root * root > value) root -= 1;
  while ((root + 1) * (root + 1) <= value) root += 1;
  return root;
}
