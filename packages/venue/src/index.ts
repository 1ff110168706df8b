// The public surface of @truetape/venue.
export { checkVenue } from './check.ts';
export { createVenue } from './create.ts';
export { takeRecord } from './take.ts';
export {
  createDepthFeed,
  ordersTop,
  takeForDepth,
  tellDue,
  type DepthFeed,
  type DepthFeedConfig,
} from './depth-feed.ts';
export { forgetTaken } from './liquidity.ts';
export { hashVenue, restoreVenue, saveVenue, VENUE_STATE_VERSION, type VenueStateError } from './snapshot.ts';
export { amend } from './amend.ts';
export { cancel, cancelAll, submit } from './submit.ts';
export { aheadOf } from './queue.ts';
export { cancelFor } from './submit.ts';
export { touchAt } from './takes.ts';
export { advance, nextTimeNs } from './timers.ts';
export type {
  CancelScope,
  Fee,
  InstrumentConfig,
  Outage,
  OwnReport,
  OwnReportKind,
  Take,
  Venue,
  VenueAmend,
  VenueConfig,
  VenueCounts,
  VenueMode,
  VenueOrder,
  VenuePorts,
} from './venue.ts';
export {
  END,
  FLAG_END,
  FUNDING,
  HALTED,
  LEVEL,
  LIVE,
  MARK,
  MARKET_CELLS,
  QUOTE,
  RESET,
  STATUS,
  TRADE,
  UNCERTAIN,
  type MarketOut,
} from './market-out.ts';
export {
  createFees,
  flatFees,
  takeFee,
  tierOf,
  type FeeSchedule,
  type FeesState,
  type FeeTier,
} from './fees.ts';
export {
  createLatency,
  drawNs,
  LATENCY_NS_MAX,
  timesPower,
  type Latency,
  type LatencySpec,
} from './latency.ts';
export { venueLimits } from './limits.ts';
export {
  createSlippage,
  followTrade,
  slippageTicks,
  type SlippageSpec,
  type SlippageState,
} from './slippage.ts';
export { advanceBy, behindOf, log2, type QueueModel, type QueuePlace } from './queue-models.ts';
