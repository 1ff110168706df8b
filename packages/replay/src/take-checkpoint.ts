/** State hashes of a tape, against those of the books. */
import { MARKET_SNAPSHOT_VERSION, SNAPSHOT_VERSION, bookOf, hashBook, hashMarket } from '@truetape/book';
import { codeOfName } from '@truetape/contracts';
import type { Checkpoint } from '@truetape/contracts';
import { difference } from './state.ts';
import type { ReplayState } from './state.ts';
import type { ReplayDifference } from './stop.ts';

const SCOPE_BOOK = codeOfName('checkpointScope', 'book')!;

/** The state behind the last command, where that is the one that is meant. */
export function takeCheckpoint(state: ReplayState, event: Checkpoint): ReplayDifference | undefined {
  const { config, books, command } = state;
  if (event.scope !== SCOPE_BOOK || !state.compares) return undefined;
  if (event.coversSeq > event.seq) {
    const shown = { field: 'coversSeq', expected: `${event.seq} at most`, found: String(event.coversSeq) };
    return difference(state, 'checkpoint', event, shown);
  }
  const isOlder = command !== undefined && command.seq >= event.coversSeq;
  const version = event.instrument === 0 ? MARKET_SNAPSHOT_VERSION : SNAPSHOT_VERSION;
  if (isOlder || event.hashVersion !== version || config.sha256 === undefined) {
    state.checkpointsPassed += 1;
    return undefined;
  }
  const { market } = books;
  const book = bookOf(market, event.instrument);
  if (event.instrument !== 0 && book === undefined) {
    const shown = { field: 'instrument', expected: 'one that is defined', found: `#${event.instrument}` };
    return difference(state, 'checkpoint', event, shown);
  }
  const expected = book === undefined ? hashMarket(market, config.sha256) : hashBook(book, config.sha256);
  if (expected !== event.stateHash) {
    const shown = { field: 'stateHash', expected, found: event.stateHash };
    return difference(state, 'checkpoint', event, shown);
  }
  state.checkpointCount += 1;
  return undefined;
}
