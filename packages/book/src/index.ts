// The public surface of @truetape/book.
export * from './command.ts';
export * from './report.ts';
export type * from './book.ts';
export { ORDERS_MAX } from './book.ts';
export { createReferenceBook } from './reference.ts';
export { hashBook, restoreBook, saveBook, SNAPSHOT_VERSION } from './snapshot.ts';
export { auditBook, type Audit, type AuditConfig } from './audit-book.ts';
export { auditCommand, createAudit } from './audit.ts';
export { commandEvent, commandOfEvent, reportEvent, unwrittenField } from './events.ts';
export type { BookCommandEvent, CommandRefusal, EventPlace, FactPlace } from './events.ts';
export {
  INSTRUMENT_MAX,
  addBook,
  adoptBook,
  applyToMarket,
  bookOf,
  booksOf,
  checkMarket,
  checkQtyAndPrice,
  createMarket,
} from './market.ts';
export type { Market, MarketConfig } from './market.ts';
export { MARKET_SNAPSHOT_VERSION, hashMarket, restoreMarket, saveMarket } from './market-snapshot.ts';
export { applyFeedEvent } from './feed.ts';
export {
  checkFeedBook,
  createFeedBook,
  FEED_HASH_VERSION,
  feedLevels,
  feedOrder,
  feedOrderCount,
  feedQueue,
  hashFeedBook,
  isFeedCrossed,
  readFeedTop,
} from './feed-book.ts';
export type { FeedBook, FeedBookConfig, FeedBookStatus, FeedOrder, IncomingOrder } from './feed-book.ts';
