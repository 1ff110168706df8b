/**
 * What everybody may see, as level changes: messages of 64 bytes, eight cells each, in a row that the caller drains.
 *
 *     cell 0  u32 type | side << 8 | flags << 16 ,  u32 instrument
 *          1  priceTicks             NONE: none
 *          2  qtyLots                a level's total now; of a trade
 *          3  seq                    of the tape's event
 *          4  u32 tape ,             u32 orders at the level (0: unknown)
 *          5  tradeId                NONE: none
 *          6, 7                      0, or by type
 *
 *     LEVEL   side, price, lots (0: the level is gone), orders
 *     TRADE   side of the aggressor (0: unknown), price, lots, tradeId
 *     QUOTE   bid in 1 and 2, ask in 6 (price) and 7 (lots)
 *     RESET   the book is empty from here on
 *     END     a message of the venue ended, whose last record says nothing else
 *     STATUS  of the market, in 2: LIVE, UNCERTAIN, HALTED
 *     MARK    the mark price in 1, the index price in 6, fine
 *     FUNDING the rate in 10^−12 in 1, its next time in 6 (NONE: unknown)
 *
 * FLAG_END stands on the last message that the last record of a venue's message gave: the strategy may look now.
 */
import { NONE } from '@truetape/contracts';

export const MARKET_CELLS = 8;
export const LEVEL = 1;
export const TRADE = 2;
export const QUOTE = 3;
export const RESET = 4;
export const END = 5;
export const STATUS = 6;
export const MARK = 7;
export const FUNDING = 8;

/** Of cell 0, above its 16th bit. */
export const FLAG_END = 1;

/** What a STATUS says. */
export const LIVE = 1;
export const UNCERTAIN = 2;
export const HALTED = 3;

const CAPACITY_MIN = 64;
const ABSENT = NONE;

/** Messages in a row. Whoever drains them sets `count` to 0. The views change when it grows. */
export interface MarketOut {
  f64: Float64Array;
  u32: Uint32Array;
  count: number;
}

export function createMarketOut(): MarketOut {
  const f64 = new Float64Array(CAPACITY_MIN * MARKET_CELLS);
  return { f64, u32: new Uint32Array(f64.buffer), count: 0 };
}

function grow(out: MarketOut): void {
  const f64 = new Float64Array(out.f64.length * 2);
  f64.set(out.f64);
  out.f64 = f64;
  out.u32 = new Uint32Array(f64.buffer);
}

/** The first cell of one more message, whose cells 1, 2 and 5 … 7 say nothing yet. */
export function putMessage(
  out: MarketOut,
  type: number,
  side: number,
  instrument: number,
  seq: number,
  tape: number,
): number {
  const at = out.count * MARKET_CELLS;
  if (at === out.f64.length) grow(out);
  out.count += 1;
  const { f64, u32 } = out;
  u32[at * 2] = type | (side << 8);
  u32[at * 2 + 1] = instrument;
  f64[at + 1] = ABSENT;
  f64[at + 2] = 0;
  f64[at + 3] = seq;
  u32[at * 2 + 8] = tape;
  u32[at * 2 + 9] = 0;
  f64[at + 5] = ABSENT;
  f64[at + 6] = 0;
  f64[at + 7] = 0;
  return at;
}

/** Writes what stands at a level now; see above. */
export function putLevel(
  out: MarketOut,
  venue: { readonly causeSeq: number; readonly causeTape: number },
  instrument: number,
  side: number,
  priceTicks: number,
  qtyLots: number,
  orders: number,
): void {
  const at = out.count * MARKET_CELLS;
  if (at === out.f64.length) grow(out);
  out.count += 1;
  const { f64, u32 } = out;
  u32[at * 2] = LEVEL | (side << 8);
  u32[at * 2 + 1] = instrument;
  f64[at + 1] = priceTicks;
  f64[at + 2] = qtyLots;
  f64[at + 3] = venue.causeSeq;
  u32[at * 2 + 8] = venue.causeTape;
  u32[at * 2 + 9] = orders;
  f64[at + 5] = ABSENT;
  f64[at + 6] = 0;
  f64[at + 7] = 0;
}

/** Marks the last message as the end of one of the venue. */
export function endMessage(out: MarketOut): void {
  out.u32[(out.count - 1) * MARKET_CELLS * 2] |= FLAG_END << 16;
}
