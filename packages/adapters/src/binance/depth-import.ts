/** Depth messages and snapshots into the book, and onto the tape in the order in which they apply. */
import { FLAG_BAD_BOOK, FLAG_LAST, FLAG_SNAPSHOT, NONE, SIDE_BUY, SIDE_SELL } from '@truetape/contracts';
import {
  BACKLOG_LEVELS_LIVE,
  BACKLOG_LEVELS_MAX,
  BACKLOG_MESSAGES_LIVE,
  BACKLOG_MESSAGES_MAX,
  copyLevels,
  FEED_CROSSED,
  FEED_GAP,
  FEED_RESYNCED,
  forgetAll,
  forgetOldest,
  giveUpWaiting,
  HELD_APPLIED,
  HELD_DOUBTED,
  HELD_DROPPED,
  HELD_WAITING,
  isCrossed,
  isTopKnown,
  offerMessage,
  offerSnapshot,
  offerTop,
  pushMessage,
  readHeld,
  readTop,
  resetBook,
  roomFor,
  setHeldState,
  setKnownRange,
  setLevel,
  type Held,
  type SequenceStep,
} from '@truetape/marketdata';
import { sourceOf, type DepthTotals, type ImportState, type InstrumentState } from './import-state.ts';

/** Codes of the vocabulary `resetReason`. */
const RESET_SUBSCRIBED = 1;
const RESET_GAP = 2;
const RESET_REQUESTED = 4;

/** Takes the depth message that stands in `state.held`, `state.ticks` and `state.lots`. */
export function takeDepth(state: ImportState, instrument: InstrumentState): void {
  const { held } = state;
  const { sequence, depth } = instrument;
  depth.updates++;
  held.state = HELD_WAITING;
  let step = offerMessage(sequence, held.firstId, held.lastId, held.prevId);
  if (step === 'buffer') {
    if (keepWaiting(state, instrument)) return;
    // No room for more: from here on the book goes on without a snapshot, in doubt.
    giveUp(state, instrument);
    step = offerMessage(sequence, held.firstId, held.lastId, held.prevId);
  }
  takeStep(state, instrument, step);
  keepRecent(state, instrument);
}

/** Carries out a step for the message in `state.held`, and writes down there what became of it. */
function takeStep(state: ImportState, instrument: InstrumentState, step: SequenceStep): void {
  const { held } = state;
  const { depth, book } = instrument;
  switch (step) {
    case 'buffer':
      return;
    case 'drop':
      settle(depth, held, HELD_DROPPED);
      return;
    case 'apply': {
      if (instrument.resyncing) {
        instrument.resyncing = false;
        emitStatus(state, instrument, FEED_RESYNCED);
      }
      const again = held.state === HELD_APPLIED;
      settle(depth, held, HELD_APPLIED);
      applyMessage(state, instrument, again ? 'again' : 'surely');
      instrument.lastGoodTime = held.timeNs;
      return;
    }
    case 'gap':
    case 'doubt':
      if (step === 'gap' || book.status === 'empty') book.status = 'uncertain';
      if (step === 'gap') {
        instrument.resyncing = true;
        emitStatus(state, instrument, FEED_GAP);
      }
      settle(depth, held, HELD_DOUBTED);
      applyMessage(state, instrument, 'inDoubt');
      return;
  }
}

/**
 * Counts a message under what became of it. One that came again behind a later snapshot moves, so that
 * updates = applied + dropped + doubted; once applied without doubt it stays that.
 */
function settle(depth: DepthTotals, held: Held, next: number): void {
  if (held.state === HELD_APPLIED || held.state === next) return;
  if (held.state === HELD_DROPPED) depth.dropped--;
  else if (held.state === HELD_DOUBTED) depth.doubted--;
  if (next === HELD_DROPPED) depth.dropped++;
  else if (next === HELD_DOUBTED) depth.doubted++;
  else depth.applied++;
  held.state = next;
}

/**
 * Applies the message to the book, then emits it: by then it is known whether the book is sound. What is
 * applied again, or in doubt, is not counted and not held against the exchange's quotes.
 */
function applyMessage(
  state: ImportState,
  instrument: InstrumentState,
  manner: 'surely' | 'again' | 'inDoubt',
): void {
  const { held, ticks, lots } = state;
  const { book, depth } = instrument;
  const unknownBefore = book.unknownDeletes;
  const { bids } = held;
  const levels = bids + held.asks;
  for (let at = 0; at < bids; at++) setLevel(book, SIDE_BUY, ticks[at], lots[at]);
  for (let at = bids; at < levels; at++) setLevel(book, SIDE_SELL, ticks[at], lots[at]);
  book.lastUpdateId = held.lastId;
  const crossed = isCrossed(book);
  emitUpdate(state, instrument, manner === 'inDoubt' || crossed ? FLAG_BAD_BOOK : 0);
  noteCrossed(state, instrument, crossed);
  if (manner !== 'surely') return;
  depth.unknownDeletes += book.unknownDeletes - unknownBefore;
  if (crossed) depth.crossed++;
  readTop(book, state.top);
  offerTop(instrument.oracle, held.lastId, state.top, isTopKnown(book));
}

function noteCrossed(state: ImportState, instrument: InstrumentState, crossed: boolean): void {
  if (crossed && !instrument.crossed) emitStatus(state, instrument, FEED_CROSSED);
  instrument.crossed = crossed;
}

function emitUpdate(state: ImportState, instrument: InstrumentState, doubtFlags: number): void {
  const { held, scratch } = state;
  const levels = held.bids + held.asks;
  const source = sourceOf(state, 'depth');
  const flags = state.timeFlags | doubtFlags;
  const { update } = scratch;
  update.timeNs = state.timeNs;
  update.flags = levels === 0 ? flags | FLAG_LAST : flags;
  update.instrument = instrument.index;
  update.source = source;
  update.lastUpdateId = held.lastId;
  update.levels = levels;
  update.firstUpdateId = held.firstId;
  update.prevUpdateId = held.prevId;
  update.matchTime = held.matchTime;
  update.sendTime = held.sendTime;
  update.heldNs = state.timeNs - held.timeNs;
  state.emit(update);
  emitLevels(state, instrument, flags, held.bids, levels);
}

/** Emits the first `levels` of the scratch arrays, of which the first `bids` are bids. */
function emitLevels(
  state: ImportState,
  instrument: InstrumentState,
  flags: number,
  bids: number,
  levels: number,
): void {
  const { ticks, lots, emit } = state;
  const { level } = state.scratch;
  level.timeNs = state.timeNs;
  level.instrument = instrument.index;
  level.source = sourceOf(state, 'depth');
  level.flags = flags | SIDE_BUY;
  for (let at = 0; at < levels; at++) {
    if (at === bids) level.flags = flags | SIDE_SELL;
    if (at === levels - 1) level.flags |= FLAG_LAST;
    level.priceTicks = ticks[at];
    level.qtyLots = lots[at];
    emit(level);
  }
}

/** Keeps a message while no snapshot is there; false when there is no room. */
function keepWaiting(state: ImportState, instrument: InstrumentState): boolean {
  const { held } = state;
  const levels = held.bids + held.asks;
  if (!roomFor(instrument.backlog, levels, BACKLOG_MESSAGES_MAX, BACKLOG_LEVELS_MAX)) return false;
  pushMessage(instrument.backlog, held, state.ticks, state.lots);
  return true;
}

/** Keeps a message for a snapshot that may come late, at the price of the oldest ones. */
function keepRecent(state: ImportState, instrument: InstrumentState): void {
  const { held } = state;
  const { backlog, sequence } = instrument;
  const doubted = sequence.phase === 'uncertain';
  const messagesMax = doubted ? BACKLOG_MESSAGES_MAX : BACKLOG_MESSAGES_LIVE;
  const levelsMax = doubted ? BACKLOG_LEVELS_MAX : BACKLOG_LEVELS_LIVE;
  const levels = held.bids + held.asks;
  if (levels > levelsMax) {
    forgetAll(backlog, held.lastId);
    return;
  }
  while (!roomFor(backlog, levels, messagesMax, levelsMax)) forgetOldest(backlog);
  pushMessage(backlog, held, state.ticks, state.lots);
}

/** Ends the wait for a snapshot: what was kept is applied in doubt. */
export function giveUp(state: ImportState, instrument: InstrumentState): void {
  if (instrument.sequence.phase !== 'awaiting') return;
  const own = { ...state.held };
  const ticks = state.ticks.slice(0, own.bids + own.asks);
  const lots = state.lots.slice(0, own.bids + own.asks);
  giveUpWaiting(instrument.sequence);
  instrument.resyncing = true;
  replayBacklog(state, instrument);
  Object.assign(state.held, own);
  state.ticks.set(ticks);
  state.lots.set(lots);
}

/** A snapshot whose levels stand in the scratch arrays; `held` has its counts, times and id. */
export function takeSnapshot(state: ImportState, instrument: InstrumentState): void {
  const { held, ticks, lots } = state;
  const { book, sequence, backlog, depth } = instrument;
  const wasLive = sequence.phase === 'live' || sequence.phase === 'bridging';
  depth.snapshots++;
  if (!offerSnapshot(sequence, held.lastId, backlog.forgottenId)) {
    depth.staleSnapshots++;
    return;
  }
  const first = depth.snapshots - depth.staleSnapshots === 1;
  resetBook(book, 'live', held.lastId);
  const levels = held.bids + held.asks;
  for (let at = 0; at < levels; at++) {
    setLevel(book, at < held.bids ? SIDE_BUY : SIDE_SELL, ticks[at], lots[at]);
  }
  setKnownRange(book);
  const { reset } = state.scratch;
  const flags = state.timeFlags | FLAG_SNAPSHOT;
  reset.timeNs = state.timeNs;
  reset.flags = levels === 0 ? flags | FLAG_LAST : flags;
  reset.instrument = instrument.index;
  reset.source = sourceOf(state, 'depth');
  reset.lastUpdateId = held.lastId;
  reset.bids = held.bids;
  reset.asks = held.asks;
  reset.knownLowTicks = book.knownLowTicks;
  reset.knownHighTicks = book.knownHighTicks;
  reset.matchTime = held.matchTime;
  reset.sendTime = held.sendTime;
  reset.reason = first ? RESET_SUBSCRIBED : wasLive ? RESET_REQUESTED : RESET_GAP;
  state.emit(reset);
  emitLevels(state, instrument, flags, held.bids, levels);
  noteCrossed(state, instrument, isCrossed(book));
  replayBacklog(state, instrument);
}

/** Offers every message kept, oldest first, to the sequence as it now stands. */
function replayBacklog(state: ImportState, instrument: InstrumentState): void {
  const { held } = state;
  const { backlog, sequence } = instrument;
  for (let position = backlog.head; position < backlog.tail; position++) {
    readHeld(backlog, position, held);
    const step = offerMessage(sequence, held.firstId, held.lastId, held.prevId);
    const before = held.state;
    if (step !== 'drop') copyLevels(backlog, held, state.ticks, state.lots);
    takeStep(state, instrument, step);
    if (held.state !== before) setHeldState(backlog, position, held.state);
  }
}

function emitStatus(state: ImportState, instrument: InstrumentState, code: number): void {
  const { status } = state.scratch;
  const { sequence } = instrument;
  status.timeNs = state.timeNs;
  status.flags = state.timeFlags | FLAG_LAST | (code === FEED_RESYNCED ? 0 : FLAG_BAD_BOOK);
  status.instrument = instrument.index;
  status.source = sourceOf(state, 'depth');
  status.status = code;
  status.previous = instrument.status;
  status.expectedId = code === FEED_GAP ? sequence.expectedId : NONE;
  status.receivedId = code === FEED_GAP ? sequence.receivedId : NONE;
  status.lastGoodTime = instrument.lastGoodTime;
  state.emit(status);
  instrument.status = code;
}
