/**
 * A market as bytes: the snapshots of its books, in the order of their instruments. Little-endian:
 *
 *     byte  0  magic        "TTMRKT\r\n"
 *           8  u32 version  1
 *          12  u32 books
 *          16  books: u32 bytes, then a book's snapshot
 */
import { err, ok, type Result } from '@truetape/contracts';
import { sha256Of, toHex, type Sha256 } from '@truetape/kernel';
import type { BookConfig, RestorableBook, SnapshotError, SnapshotErrorCode } from './book.ts';
import { adoptBook, booksOf, createMarket, type Market } from './market.ts';
import { restoreBook, saveBook } from './snapshot.ts';

export const MARKET_SNAPSHOT_VERSION = 1;

const MAGIC = [0x54, 0x54, 0x4d, 0x52, 0x4b, 0x54, 0x0d, 0x0a];
const HEADER_BYTES = 16;
/** "truetape/market/1". */
const HASH_PREFIX = Uint8Array.from([
  0x74, 0x72, 0x75, 0x65, 0x74, 0x61, 0x70, 0x65, 0x2f, 0x6d, 0x61, 0x72, 0x6b, 0x65, 0x74, 0x2f, 0x31,
]);

/** The canonical bytes of all books. Complexity: all of the market. */
export function saveMarket(market: Market): Uint8Array {
  const parts = booksOf(market).map(saveBook);
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + 4 + part.length, HEADER_BYTES));
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  view.setUint32(8, MARKET_SNAPSHOT_VERSION, true);
  view.setUint32(12, parts.length, true);
  let at = HEADER_BYTES;
  for (const part of parts) {
    view.setUint32(at, part.length, true);
    bytes.set(part, at + 4);
    at += 4 + part.length;
  }
  return bytes;
}

/** SHA-256 of "truetape/market/1" and the market's bytes, as lower-case hexadecimal text. */
export function hashMarket(market: Market, sha256: Sha256): string {
  return toHex(sha256Of(sha256, HASH_PREFIX, saveMarket(market)));
}

function refuse(code: SnapshotErrorCode, offsetBytes: number, expected: string, found: string): Failure {
  return err({ code, offsetBytes, expected, found });
}

type Failure = { readonly ok: false; readonly error: SnapshotError };

/** The number of books, or why this is no snapshot of a market. */
function readHeader(view: DataView): Result<number, SnapshotError> {
  const size = view.byteLength;
  const wrong = MAGIC.findIndex((byte, at) => at < size && view.getUint8(at) !== byte);
  if (wrong >= 0) return refuse('magic', wrong, String(MAGIC[wrong]), String(view.getUint8(wrong)));
  if (size < HEADER_BYTES) return refuse('short', size, `${HEADER_BYTES} bytes at least`, String(size));
  const version = view.getUint32(8, true);
  return version === MARKET_SNAPSHOT_VERSION
    ? ok(view.getUint32(12, true))
    : refuse('version', 8, String(MARKET_SNAPSHOT_VERSION), String(version));
}

/**
 * A market from the bytes of another; `create` makes its books, and those that are added later.
 *
 * Errors: as `restoreBook`, with offsets in the bytes of the market; `content` for books out of order.
 */
export function restoreMarket(
  bytes: Uint8Array,
  create: (config: BookConfig) => RestorableBook,
): Result<Market, SnapshotError> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const books = readHeader(view);
  if (!books.ok) return books;
  const market = createMarket({ create });
  let at = HEADER_BYTES;
  let last = 0;
  for (let k = 0; k < books.value; k++) {
    const left = bytes.length - at - 4;
    if (left < 0) return refuse('short', bytes.length, `${books.value} books`, String(k));
    const size = view.getUint32(at, true);
    at += 4;
    if (size > left) return refuse('short', bytes.length, `${size} bytes of a book`, String(left));
    const restored = restoreBook(bytes.subarray(at, at + size), create);
    if (!restored.ok) return err({ ...restored.error, offsetBytes: at + restored.error.offsetBytes });
    const { instrument } = restored.value;
    if (instrument <= last)
      return refuse('content', at + 12, `an instrument above ${last}`, String(instrument));
    adoptBook(market, restored.value);
    last = instrument;
    at += size;
  }
  return at === bytes.length ? ok(market) : refuse('length', at, `${at} bytes`, String(bytes.length));
}
