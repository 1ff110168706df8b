// The public surface of @truetape/marketdata.
export {
  backlogCount,
  BACKLOG_LEVELS_LIVE,
  BACKLOG_LEVELS_MAX,
  BACKLOG_MESSAGES_LIVE,
  BACKLOG_MESSAGES_MAX,
  copyLevels,
  createBacklog,
  forgetAll,
  forgetOldest,
  HELD_APPLIED,
  HELD_DOUBTED,
  HELD_DROPPED,
  HELD_WAITING,
  pushMessage,
  readHeld,
  roomFor,
  setHeldState,
  type Backlog,
  type Held,
} from './backlog.ts';
export {
  BOOK_HASH_VERSION,
  checkBook,
  createDepthBook,
  hashBook,
  isCrossed,
  isTopKnown,
  levelsOf,
  lotsAt,
  readTop,
  resetBook,
  setKnownRange,
  setLevel,
  topOf,
  type BookLevel,
  type BookStatus,
  type DepthBook,
  type Top,
} from './depth-book.ts';
export { createDrift, recordDrift, summarizeDrift, type Drift, type DriftSummary } from './drift.ts';
export { applyEvent, FEED_CROSSED, FEED_GAP, FEED_RESYNCED } from './fold.ts';
export { LADDER_LEVELS_MAX, RUNG_REFUSED, RUNG_SET, RUNG_UNKNOWN, type Ladder } from './ladder.ts';
export {
  createSequence,
  giveUpWaiting,
  offerMessage,
  offerSnapshot,
  type DepthSequence,
  type SequencePhase,
  type SequenceRules,
  type SequenceStep,
} from './sequence.ts';
export {
  closeOracle,
  createTopOracle,
  offerQuote,
  offerTop,
  ORACLE_RING_MAX,
  type TopOracle,
} from './top-oracle.ts';
