/** One line of a capture to the code of its stream. */
import { FLAG_BAD_TIME, NONE } from '@truetape/contracts';
import { takeDepth, takeSnapshot } from './depth-import.ts';
import { levelsField, noteLatency, refuse, symbolField, timeField, updateIdField } from './fields.ts';
import { readFrame, readSlowly, type Frame, type FrameReader, type Wire } from './frame.ts';
import type { ImportError } from './import-error.ts';
import { instrumentOf, type ImportState, type InstrumentState } from './import-state.ts';
import { localNs } from './local-time.ts';
import { takeAggregate, takeMark, takeQuote, takeTrade } from './message-import.ts';
import { snapshotSymbol } from './scan.ts';

/** Names of streams that are counted one by one; further ones go under `(more)`. */
const UNKNOWN_NAMES_MAX = 1000;

/** Event type that the messages of a stream carry. */
const EVENT_OF = {
  depth: 'depthUpdate',
  trade: 'trade',
  aggTrade: 'aggTrade',
  bookTicker: 'bookTicker',
  markPrice: 'markPriceUpdate',
} as const;

/** Takes a line in. Returns why it is refused, undefined when it is not, or bad lines are skipped. */
export function takeLine(
  state: ImportState,
  reader: FrameReader,
  text: string,
  line: number,
  skip: boolean,
): ImportError | undefined {
  state.lines++;
  // An empty line says nothing, so nothing of it can be lost.
  if (text === '') return undefined;
  state.line = line;
  state.fault = undefined;
  const malformed = readFrame(reader, text);
  if (malformed !== undefined) state.fault = { code: 'malformedLine', line, ...malformed };
  else if (takeTime(state, reader.frame)) takeFrame(state, reader, text);
  const fault = faultOf(state);
  if (fault === undefined) return undefined;
  // A book that is full stays so: what it refused is lost, and the tape would no longer say it.
  if (!skip || fault.code === 'bookFull') return fault;
  state.skippedLines++;
  return undefined;
}

/** A message is checked whole before anything of it is taken, so that it can be read a second time. */
function takeFrame(state: ImportState, reader: FrameReader, text: string): void {
  takeMessages(state, reader.frame);
  if (state.fault === undefined || !reader.frame.fast || state.fault.code === 'bookFull') return;
  state.fault = undefined;
  const malformed = readSlowly(reader, text);
  if (malformed !== undefined) state.fault = { code: 'malformedLine', line: state.line, ...malformed };
  else takeMessages(state, reader.frame);
}

/** Read through a function: the calls before it may have set what the compiler thinks is undefined. */
function faultOf(state: ImportState): ImportError | undefined {
  return state.fault;
}

/** Sets the clock to a line's local time; never back. */
function takeTime(state: ImportState, frame: Frame): boolean {
  const raw = localNs(frame, state.epoch);
  if (!Number.isSafeInteger(raw)) {
    state.fault = { code: 'timeOutOfRange', line: state.line, field: 'local time' };
    return false;
  }
  state.rawTimeNs = raw;
  if (raw < state.lastTimeNs) state.backward++;
  else state.lastTimeNs = raw;
  state.timeFlags = raw < state.lastTimeNs ? FLAG_BAD_TIME : 0;
  state.timeNs = state.lastTimeNs + state.offsetNs;
  return true;
}

function takeMessages(state: ImportState, frame: Frame): void {
  if (frame.kind === 'other') {
    countUnknown(state, frame.name);
    return;
  }
  // An array of messages stops at its first bad one: those before it are on the tape already.
  for (const message of frame.messages) {
    if (frame.kind === 'snapshot') takeBody(state, frame, message);
    else takeMessage(state, frame, message);
    if (state.fault !== undefined) return;
  }
}

function countUnknown(state: ImportState, name: string): void {
  const { unknown } = state;
  const key = unknown.has(name) || unknown.size < UNKNOWN_NAMES_MAX ? name : '(more)';
  unknown.set(key, (unknown.get(key) ?? 0) + 1);
}

function takeMessage(state: ImportState, frame: Frame, message: Wire): void {
  const { kind } = frame;
  if (kind === 'snapshot' || kind === 'other') return;
  if (message.e !== EVENT_OF[kind] && !(kind === 'bookTicker' && message.e === undefined)) {
    refuse(state, 'e', EVENT_OF[kind], message.e);
    return;
  }
  const symbol = symbolField(state, message);
  if (symbol === undefined) return;
  if (state.wanted !== undefined && !state.wanted.has(symbol)) {
    state.filtered++;
    if (kind === 'depth') state.depthSymbols.add(symbol);
    return;
  }
  const instrument = instrumentOf(state, symbol);
  switch (kind) {
    case 'depth':
      readDepth(state, instrument, frame, message);
      return;
    case 'trade':
      takeTrade(state, instrument, message, frame.json);
      return;
    case 'aggTrade':
      takeAggregate(state, instrument, message, frame.json);
      return;
    case 'bookTicker':
      takeQuote(state, instrument, message);
      return;
    case 'markPrice':
      takeMark(state, instrument, message);
      return;
  }
}

/** A message of the depth stream: ids, times and levels first, so that a refused one leaves no trace. */
function readDepth(state: ImportState, instrument: InstrumentState, frame: Frame, message: Wire): void {
  if (instrument.depthStream === undefined) {
    instrument.depthStream = frame.name;
    state.depthSymbols.add(instrument.symbol);
  } else if (instrument.depthStream !== frame.name) {
    // A second depth stream of the same symbol has a sequence of its own; one is enough for a book.
    countUnknown(state, frame.name);
    return;
  }
  const { held } = state;
  held.firstId = updateIdField(state, 'U', message.U);
  held.lastId = updateIdField(state, 'u', message.u);
  held.prevId = state.market === 'spot' ? NONE : updateIdField(state, 'pu', message.pu);
  if (held.firstId > held.lastId) refuse(state, 'u', 'an update id from U on', message.u);
  readBody(state, instrument, message, false);
  if (state.fault === undefined) takeDepth(state, instrument);
  checkRoom(state, instrument);
}

/** A REST depth body. */
function takeBody(state: ImportState, frame: Frame, body: Wire): void {
  const symbol = snapshotSymbol(frame, body) ?? onlyDepthSymbol(state);
  if (symbol === undefined) {
    state.fault ??= { code: 'ambiguousSnapshot', line: state.line, symbols: [...state.depthSymbols] };
    return;
  }
  if (state.wanted !== undefined && !state.wanted.has(symbol)) {
    state.filtered++;
    return;
  }
  const instrument = instrumentOf(state, symbol);
  const { held } = state;
  held.firstId = NONE;
  held.prevId = NONE;
  held.lastId = updateIdField(state, 'lastUpdateId', body.lastUpdateId);
  readBody(state, instrument, body, true);
  if (state.fault === undefined) takeSnapshot(state, instrument);
  checkRoom(state, instrument);
}

/** Bodies of spot and USDⓈ-M name no symbol: theirs is the one that has depth, or the only one there is. */
function onlyDepthSymbol(state: ImportState): string | undefined {
  const candidates = state.depthSymbols.size > 0 ? state.depthSymbols : (state.wanted ?? state.instruments);
  if (candidates.size !== 1) return undefined;
  const [symbol] = candidates.keys();
  return symbol;
}

/** Times and levels into `held` and the scratch arrays. */
function readBody(state: ImportState, instrument: InstrumentState, message: Wire, snapshot: boolean): void {
  const { held } = state;
  held.matchTime = timeField(state, 'T', message.T);
  held.sendTime = timeField(state, 'E', message.E);
  held.timeNs = state.timeNs;
  const bids = snapshot
    ? levelsField(state, instrument, 'bids', message.bids, 0, true)
    : levelsField(state, instrument, 'b', message.b, 0, false);
  if (bids < 0) return;
  const asks = snapshot
    ? levelsField(state, instrument, 'asks', message.asks, bids, true)
    : levelsField(state, instrument, 'a', message.a, bids, false);
  held.bids = bids;
  held.asks = asks;
  if (state.fault === undefined) noteLatency(state, held.sendTime);
}

function checkRoom(state: ImportState, instrument: InstrumentState): void {
  if (instrument.book.refusedLevels === 0) return;
  state.fault ??= { code: 'bookFull', line: state.line, symbol: instrument.symbol };
}
