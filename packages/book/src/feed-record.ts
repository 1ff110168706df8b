/**
 * Facts of a feed straight from checked records: what `applyFeedEvent` makes of the record's event, without the
 * event.
 */
import { FLAG_BAD_BOOK, FLAG_LAST, FLAG_SNAPSHOT, Kind, NONE, SIDE_MASK } from '@truetape/contracts';
import type { RecordBuffer } from '@truetape/contracts';
import * as Feed from './feed.ts';
import type { FeedBook } from './feed-book.ts';
import * as Fold from './feed-fold.ts';

// Bound here, see store.ts.
const ACCEPTED = Kind.Accepted;
const AMENDED = Kind.Amended;
const BOOK_RESET = Kind.BookReset;
const CANCELED = Kind.Canceled;
const CANCEL_ALL_DONE = Kind.CancelAllDone;
const EXPIRED = Kind.Expired;
const FEED_STATUS = Kind.FeedStatus;
const FILL = Kind.Fill;
const REJECTED = Kind.Rejected;
const NOTE = Kind.Note;
const TRADE = Kind.Trade;
const { acceptFact, amendFact, endFact, fillFact, settleIncoming } = Fold;
const { F_ID, F_LEAVES, F_LOTS, F_OTHER, F_OTHER_LEAVES, F_PRICE } = Fold;
const { emptyFeedBook, takeFeedStatus } = Feed;
const LAST = FLAG_LAST;
const BAD_BOOK = FLAG_BAD_BOOK;
const SNAPSHOT = FLAG_SNAPSHOT;
const SIDE_BITS = SIDE_MASK;
const ABSENT = NONE;
const HIDDEN = 2;
/** Numbers are put together where they are read: a function here is one too many for V8 to inline, and boxes them. */
const TWO_32 = 4_294_967_296;

/**
 * Takes the checked record at half word `i` into the book, as `applyFeedEvent` does with its event; what changed
 * stands in `book.changes`. Returns whether it was of concern. Hot: no allocation, but a book's growth.
 */
export function applyFeedRecord(book: FeedBook, records: RecordBuffer, i: number): boolean {
  book.changes.count = 0;
  const head = records.u32[i];
  const flags = head >>> 24;
  const concerns = applyRecord(book, records, i, (head >>> 16) & 0xff, flags);
  if (concerns && (flags & BAD_BOOK) !== 0) book.status = 'uncertain';
  if ((flags & LAST) === 0) book.inMessage ||= concerns;
  else if (concerns || endsMessage((head >>> 16) & 0xff)) {
    if (book.incoming.orderId !== ABSENT) settleIncoming(book);
    book.inMessage = false;
  }
  return concerns;
}

/** Whether a record of a kind that changes no book ends a message of facts. */
const endsMessage = (kind: number): boolean => kind === NOTE || kind === TRADE;

function applyRecord(
  book: FeedBook,
  { i32, u32 }: RecordBuffer,
  i: number,
  kind: number,
  flags: number,
): boolean {
  const { fact } = book;
  const words = u32[i] & 0xffff;
  switch (kind) {
    case ACCEPTED:
      fact[F_ID] = i32[i + 7] * TWO_32 + u32[i + 6];
      fact[F_PRICE] = i32[i + 9] * TWO_32 + u32[i + 8];
      fact[F_LOTS] = i32[i + 11] * TWO_32 + u32[i + 10];
      acceptFact(book, (flags & SIDE_BITS) >>> 4, words > 6 ? u32[i + 12] : 0, (flags & SNAPSHOT) !== 0);
      return true;
    case FILL:
      if (words > 11 && ((u32[i + 22] >>> 8) & 0xff) === HIDDEN) return true;
      fact[F_ID] = i32[i + 13] * TWO_32 + u32[i + 12];
      fact[F_LOTS] = i32[i + 11] * TWO_32 + u32[i + 10];
      fact[F_OTHER] = i32[i + 15] * TWO_32 + u32[i + 14];
      fact[F_LEAVES] = i32[i + 17] * TWO_32 + u32[i + 16];
      fact[F_OTHER_LEAVES] = i32[i + 19] * TWO_32 + u32[i + 18];
      fillFact(book);
      return true;
    case CANCELED:
    case EXPIRED:
      fact[F_ID] = i32[i + 7] * TWO_32 + u32[i + 6];
      endFact(book);
      return true;
    case AMENDED:
      fact[F_ID] = i32[i + 7] * TWO_32 + u32[i + 6];
      fact[F_PRICE] = i32[i + 9] * TWO_32 + u32[i + 8];
      fact[F_LOTS] = i32[i + 11] * TWO_32 + u32[i + 10];
      fact[F_OTHER] = words > 7 ? i32[i + 15] * TWO_32 + u32[i + 14] : ABSENT;
      amendFact(book, ((u32[i + 12] >>> 16) & 0xff) === 1);
      return true;
    case REJECTED:
    case CANCEL_ALL_DONE:
      return true;
    case BOOK_RESET:
      emptyFeedBook(book);
      book.lastUpdateId = i32[i + 5] * TWO_32 + u32[i + 4];
      book.knownLowTicks = words > 4 ? i32[i + 9] * TWO_32 + u32[i + 8] : ABSENT;
      book.knownHighTicks = words > 5 ? i32[i + 11] * TWO_32 + u32[i + 10] : ABSENT;
      book.depthLimit = words > 8 ? u32[i + 16] : 0;
      book.ordersToCome = u32[i + 6] + u32[i + 7];
      return true;
    case FEED_STATUS:
      return takeFeedStatus(book, u32[i + 4] & 0xff);
    default:
      return false;
  }
}
