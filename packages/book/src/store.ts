/**
 * The interface between the structure of the fast book and those who walk it: matching, and the fold of a
 * market-by-order feed. (To be implemented in this file and its neighbours.)
 *
 * A slot names an order, a level its price; both are small integers, reused once freed. -1 is none. The two
 * sides are independent: a feed's book may be crossed for a while.
 */
export const NO_SLOT = -1;
