/** One instrument of the venue: its recorded book, and own orders in it. */
import { createFeedBook, readFeedTop } from '@truetape/book';
import type { BookTop, FeedBook, FeedBookStatus, FeedPlace } from '@truetape/book';
import { NONE } from '@truetape/contracts';
import { createDepthBook, readTop } from '@truetape/marketdata';
import type { DepthBook } from '@truetape/marketdata';
import { createFees } from './fees.ts';
import type { FeesState } from './fees.ts';
import { LIVE, UNCERTAIN } from './market-out.ts';
import { createSlippage } from './slippage.ts';
import type { SlippageState } from './slippage.ts';
import type { InstrumentConfig } from './venue.ts';
import type { OwnLevel } from './own.ts';

/** What a tape tells of an instrument. */
export const TOLD_NOTHING = 0;
export const TOLD_ORDERS = 1;
export const TOLD_LEVELS = 2;

export interface InstrumentState {
  readonly config: InstrumentConfig;
  readonly index: number;
  told: number;
  feed: FeedBook;
  readonly depth: DepthBook;
  /** Own orders that rest, by side − 1, best price first. */
  readonly own: readonly [OwnLevel[], OwnLevel[]];
  ownCount: number;
  /** Bought less sold here: what the account began with is no position. */
  positionLots: number;
  /**
   * What ours took of what is recorded. Order by order: lots by order, until it has left. Aggregated: lots by level
   * (`levelKey`), never more than the level has, until it is empty.
   */
  readonly taken: Map<number, number>;
  /** Aggregated: seq of the record that told a level which own orders meet, by `levelKey`, in the message under way. */
  readonly met: Map<number, number>;
  /** Order by order: one of which ours took something, and that is being moved; NONE: none is. */
  movedId: number;
  /** Messages were written of a venue's message whose last record is still to come. */
  isUnended: boolean;
  /** A book began anew: own orders get a place when its snapshot is complete. */
  placesLost: boolean;
  isHalted: boolean;
  /** The feed is cut off or stale, and nobody knows the market: that code of `feedStatus`; 0: neither. */
  cutBy: number;
  /** Of the book of orders, when it was last looked at. */
  toldStatus: FeedBookStatus | undefined;
  /** The last STATUS that was told. */
  status: number;
  readonly fees: FeesState | undefined;
  readonly slippage: SlippageState;
  /** Aggregated: what stands below the last quote, to be put in place again behind an older update. */
  readonly quote: { updateId: number; bidTicks: number; bidLots: number; askTicks: number; askLots: number };
  readonly top: BookTop;
  /** What an order that is canceled on its way had left, and what it met. */
  readonly rest: FeedPlace & { lots: number };
}

export function createInstrument(config: InstrumentConfig): InstrumentState {
  return {
    config,
    index: config.index,
    told: TOLD_NOTHING,
    feed: createFeedBook({ startsEmpty: config.startsEmpty === true, ordersMax: 16_777_216 }),
    depth: createDepthBook(),
    own: [[], []],
    ownCount: 0,
    positionLots: 0,
    taken: new Map(),
    met: new Map(),
    movedId: NONE,
    isUnended: false,
    placesLost: false,
    isHalted: false,
    cutBy: 0,
    toldStatus: undefined,
    status: 0,
    fees: config.fees === undefined ? undefined : createFees(config.fees),
    slippage: createSlippage(config.slippage ?? { kind: 'book' }),
    quote: { updateId: NONE, bidTicks: NONE, bidLots: 0, askTicks: NONE, askLots: 0 },
    top: { bidTicks: NONE, bidLots: 0, bidOrders: 0, askTicks: NONE, askLots: 0, askOrders: 0 },
    rest: { side: 0, priceTicks: 0, arrival: 0, lots: 0 },
  };
}

/** Whether the recorded book is known. */
export function isKnown(ins: InstrumentState): boolean {
  if (ins.placesLost) return false;
  return (ins.told === TOLD_LEVELS ? ins.depth.status : ins.feed.status) === 'live';
}

/** What is recorded, as a STATUS says it. */
export function statusOf(ins: InstrumentState): number {
  if (ins.cutBy !== 0) return UNCERTAIN;
  const status = ins.told === TOLD_LEVELS ? ins.depth.status : ins.feed.status;
  return status === 'live' ? LIVE : UNCERTAIN;
}

/** The best recorded prices, in `ins.top`. */
export function readTouch(ins: InstrumentState): BookTop {
  const { top } = ins;
  if (ins.told !== TOLD_LEVELS) readFeedTop(ins.feed, top);
  else readTop(ins.depth, top);
  return top;
}
