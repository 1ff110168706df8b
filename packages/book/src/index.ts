// The public surface of @truetape/book.
export {
  ORDERS_LIMIT,
  ORDERS_MAX,
  type Book,
  type BookConfig,
  type BookLevel,
  type BookTop,
  type LevelNow,
  type RestingOrder,
  type RestorableBook,
  type Restored,
  type SideWriter,
  type SnapshotError,
  type SnapshotErrorCode,
} from './book.ts';
export {
  BUY,
  COMMAND_CELLS,
  commandCode,
  createCommands,
  encodeCommand,
  FOK,
  GTC,
  IOC,
  isForEveryone,
  isOrderId,
  LIMIT,
  MARKET,
  OP_AMEND,
  OP_CANCEL,
  OP_CANCEL_ALL,
  OP_NEW,
  OP_REDUCE,
  opOf,
  OPS,
  POST_ONLY_REJECT,
  POST_ONLY_SLIDE,
  postOnlyOf,
  QTY_REMAINING,
  QTY_TOTAL,
  qtyModeOf,
  SELL,
  sideOf,
  STP_BOTH,
  STP_DECREMENT,
  STP_NEWEST,
  STP_OLDEST,
  stpOf,
  tifOf,
  typeOf,
  viewCommands,
  type Command,
  type CommandBuffer,
  type CommandCode,
  type Op,
} from './command.ts';
export {
  ACCEPTED,
  AMEND_REDUCED,
  AMEND_REQUESTED,
  AMEND_SELF_TRADE,
  AMENDED,
  BAD_PRICE,
  BAD_QTY,
  CANCEL_ALL,
  CANCEL_ALL_DONE,
  CANCEL_IOC,
  CANCEL_MARKET,
  CANCEL_REQUESTED,
  CANCEL_SELF_TRADE,
  CANCELED,
  CAPACITY,
  createReports,
  decodeReport,
  DUPLICATE_ID,
  FILL,
  INSTRUMENT_SHIFT,
  NOT_OWNER,
  PRICED,
  PRIORITY_KEPT,
  REASON_SHIFT,
  REJECTED,
  REPORT_CELLS,
  REPORT_KINDS,
  SIDE_SHIFT,
  UNKNOWN_INSTRUMENT,
  UNKNOWN_ORDER,
  WOULD_CROSS,
  WOULD_NOT_FILL,
  type Report,
  type ReportBuffer,
  type ReportKind,
} from './report.ts';
export { createBook } from './fast.ts';
export { createReferenceBook } from './reference.ts';
export { hashBook, restoreBook, saveBook, SNAPSHOT_VERSION } from './snapshot.ts';
export { commandEvent, commandOfEvent, reportEvent, unwrittenField } from './events.ts';
export { RECORD_HALVES_MAX, putCommand, putFact } from './record-words.ts';
export { takeCommandRecord } from './record-cells.ts';
export { isFactOf } from './record-facts.ts';
export type { BookCommandEvent, CommandRefusal, EventPlace, FactPlace } from './events.ts';
export {
  INSTRUMENT_MAX,
  addBook,
  adoptBook,
  applyToMarket,
  bookOf,
  booksOf,
  checkMarket,
  createMarket,
} from './market.ts';
export type { Market, MarketConfig } from './market.ts';
export { MARKET_SNAPSHOT_VERSION, hashMarket, restoreMarket, saveMarket } from './market-snapshot.ts';
export {
  ENDED_MAX,
  SCOPE_NUMBER,
  SCOPE_STRING,
  UNKNOWN_INSTRUMENT_INDEX,
  addIdName,
  addInstrument,
  createNames,
  endId,
  endNames,
  idJson,
  idText,
  keepId,
  nameId,
} from './names.ts';
export type { IdName, Names } from './names.ts';
export { NAMES_SNAPSHOT_VERSION, restoreNames, saveNames } from './names-snapshot.ts';
export { applyFeedEvent } from './feed.ts';
export { applyFeedRecord } from './feed-record.ts';
export { FEED_SNAPSHOT_VERSION, restoreFeedBook, saveFeedBook } from './feed-snapshot.ts';
export { CHANGE_CELLS, type FeedChanges } from './feed-changes.ts';
export {
  checkFeedBook,
  createFeedBook,
  FEED_HASH_VERSION,
  feedLevelLots,
  feedLevelLotsLess,
  feedLevels,
  feedOrder,
  feedOrderCount,
  feedQueue,
  hashFeedBook,
  isFeedCrossed,
  readFeedPlace,
  readFeedTop,
} from './feed-book.ts';
export type {
  FeedBook,
  FeedBookConfig,
  FeedBookStatus,
  FeedOrder,
  FeedPlace,
  IncomingOrder,
} from './feed-book.ts';
export { auditBook, type Audit, type AuditConfig } from './audit-book.ts';
export { auditCommand, createAudit } from './audit.ts';
