/** The decoder of text tapes: lines in, the same checked records out as from a binary tape. */
import {
  BLANK,
  Kind,
  TABLE_NAMES,
  UNIX_EPOCH,
  addLineName,
  applyDefine,
  canonicalText,
  createLineParser,
  createRecordOut,
  createTables,
  decodeEvent,
  decodeUtf8,
  encodeEvent,
  getN,
  getT,
  parseLine,
  recordKind,
  reserveWords,
} from '@truetape/contracts';
import type { DefineTables, LineParser, RecordOut } from '@truetape/contracts';
import { assert } from '@truetape/kernel';
import { tapeError } from './errors.ts';
import type { TapeErrorCode } from './errors.ts';
import { addRunToChain, createChain, endChain, sealHash } from './hash-chain.ts';
import { HEADER_JSON_MAX, epochOf, firstSeqOf } from './header.ts';
import type { TapeHeader } from './header.ts';
import { FOOTER_JSON_MAX, parseFooter } from './index-frame.ts';
import { admitRecord, createRunCheck } from './run-check.ts';
import type { RunCheck } from './run-check.ts';
import type { DecoderOptions, EndOfTape, Step, TapeDecoder } from './step.ts';
import { parseEndLine, parseHeaderLine } from './text-lines.ts';
import type { EndLine } from './text-lines.ts';
import { addFilled, append, available, createWindow, release, roomIn, skipInput } from './window.ts';
import type { Window } from './window.ts';

/** Longest line that is read: six bytes for each of the largest record, and its keys. */
export const LINE_BYTES_MAX = 4194304;
/** Longest first or last line: six bytes for each of its JSON, and the words before that. */
const JSON_LINE_MAX: number = HEADER_JSON_MAX * 6 + 1024;
/** Records are handed on in runs of about this many words. */
const RUN_WORDS = 8192;
/** Half words of a Skip. */
const SKIP_HALVES = 6;

/** A tape that was started: everything that depends on its header. */
interface Started {
  readonly header: TapeHeader;
  readonly json: string;
  readonly check: RunCheck;
  readonly parser: LineParser;
  /** The run that is being gathered. */
  readonly run: RecordOut;
  runFirstSeq: number;
}

interface State {
  readonly options: DecoderOptions;
  readonly window: Window;
  readonly tables: DefineTables;
  line: number;
  started: Started | undefined;
  /** The run holds a Define that is in force from the next call on. */
  define: boolean;
  /** Half words of the run that were handed out; its memory is used again once that is all of them. */
  handedOut: number;
  end: EndLine | undefined;
  done: Step | undefined;
}

const NEED: Step = { type: 'need', skippable: 0 };

function finish(state: State, step: Step): Step {
  state.done = step;
  return step;
}

/** The seq of a fault is the next one, but for a Define that was handed out already: `back` is 1. */
function fault(state: State, code: TapeErrorCode, expected: string, found: string, back: 0 | 1 = 0): Step {
  const seq = (state.started?.check.nextSeq ?? back) - back;
  const place = { offsetBytes: state.window.offset, seq, line: state.line };
  return finish(state, { type: 'error', error: tapeError(code, place, expected, found) });
}

function lineText(state: State, end: number): string {
  return decodeUtf8(state.window.u8, state.window.start, end) ?? '\ufffd';
}

/** Shown of a line in an error. */
function excerpt(state: State, end: number): string {
  const text = lineText(state, Math.min(end, state.window.start + 160));
  return text.length < end - state.window.start ? `${text}…` : text;
}

function start(state: State, end: number): Step | undefined {
  const { options, tables } = state;
  const parsed = parseHeaderLine(lineText(state, end));
  if (!parsed.ok) return finish(state, { type: 'error', error: parsed.error });
  const { header, json } = parsed.value;
  const epoch = options.epoch ?? epochOf(header);
  const firstSeq = firstSeqOf(header);
  const chain = createChain(options.ports);
  state.started = {
    header,
    json,
    check: createRunCheck({ epoch, draft: header.draft === true, firstSeq, chain }),
    parser: createLineParser(tables, createRecordOut(epoch, 1024)),
    run: createRecordOut(epoch, RUN_WORDS * 2),
    runFirstSeq: firstSeq,
  };
  return undefined;
}

/** Takes in the event line that ends at `end`; a step only when it is wrong. */
function takeEvent(state: State, started: Started, end: number): Step | undefined {
  const { window } = state;
  const { parser, check } = started;
  const { u8 } = window;
  if (!parseLine(parser, u8, window.start, end)) {
    const { code, column, key } = parser.fault!;
    const found = `${code}${key === '' ? '' : ` (${key})`} at column ${column + 1}: ${excerpt(state, end)}`;
    return fault(state, 'badLine', 'an event line', found);
  }
  const { seq, out } = parser;
  if (seq < check.nextSeq) return fault(state, 'seqBackwards', `seq ${check.nextSeq} or more`, String(seq));
  if (recordKind(out, 0) === Kind.Skip)
    return fault(state, 'badSkip', 'a gap in the seqs instead', excerpt(state, end));
  const { run } = started;
  const count = seq - check.nextSeq;
  if (count > 0) {
    const at = run.words;
    const code = encodeEvent(run, { ...BLANK.Skip, timeNs: getT(out, 2, check.epoch), count });
    assert(code === 0, 'TAPE-1', 'a Skip before a checked record can be encoded');
    if (!admit(state, started, at)) return state.done;
  }
  const at = run.words;
  reserveWords(run, out.words);
  for (let half = 0; half < out.words * 2; half++) run.i32[at * 2 + half] = out.i32[half];
  run.words += out.words;
  if (admit(state, started, at)) return undefined;
  if (count > 0) {
    // The Skip belongs to the line that is refused.
    run.words -= SKIP_HALVES / 2;
    check.records -= 1;
    check.nextSeq -= count;
  }
  return state.done;
}

function admit(state: State, started: Started, at: number): boolean {
  const place = { offsetBytes: state.window.offset, seq: started.check.nextSeq, line: state.line };
  if (admitRecord(started.check, started.run, at * 2, place)) return true;
  started.run.words = at;
  finish(state, { type: 'error', error: started.check.fault! });
  return false;
}

/** Hands out the run; a Skip before a Define on its own, so that the Define is, too. */
function handOut(state: State, started: Started): Step {
  const { run, check, runFirstSeq: firstSeq } = started;
  const from = state.handedOut;
  const isSkip = state.define && from === 0 && recordKind(run, 0) === Kind.Skip;
  const to = isSkip ? SKIP_HALVES : run.words * 2;
  const nextSeq = isSkip ? firstSeq + getN(run, 4) : check.nextSeq;
  const recordCount = isSkip ? 1 : check.records;
  if (check.chain !== undefined) addRunToChain(check.chain, run, from, to, firstSeq);
  check.records -= recordCount;
  state.handedOut = to;
  started.runFirstSeq = nextSeq;
  return { type: 'batch', batch: { records: run, from, to, firstSeq, nextSeq, recordCount } };
}

function enforceDefine(state: State, started: Started): Step | undefined {
  state.define = false;
  const { run, parser } = started;
  const i = recordKind(run, 0) === Kind.Skip ? SKIP_HALVES : 0;
  const event = decodeEvent(run, i, run.epoch, 0);
  assert(event.kind === Kind.Define, 'TAPE-1');
  const defined = applyDefine(state.tables, event);
  if (!defined.ok) {
    const { code, table, index, field } = defined.error;
    const found = `${code}: ${table} ${index} ${field}`.trimEnd();
    return fault(state, 'badDefine', 'the next index of its table, with its fields', found, 1);
  }
  const table = TABLE_NAMES[event.table - 1];
  if (table === 'instrument' || table === 'source') addLineName(parser, table, event.index);
  return undefined;
}

/** First bytes of a line that is ignored (`#`) and of the last one (`end`). */
const COMMENT = 35;
const END_LINE = 101;
const DEFINE = [...'Define '].map((letter) => letter.charCodeAt(0));

/** True for an event line whose third word is Define: it makes a run of its own. */
function isDefineLine(u8: Uint8Array, start: number, end: number): boolean {
  if (u8[start] === COMMENT) return false;
  let at = start;
  for (let spaces = 0; spaces < 2 && at < end; at++) if (u8[at] === 32) spaces += 1;
  if (u8[at] !== DEFINE[0] || at + DEFINE.length > end) return false;
  for (let k = 1; k < DEFINE.length; k++) if (u8[at + k] !== DEFINE[k]) return false;
  return true;
}

function takeLine(state: State, end: number): Step | undefined {
  const { window } = state;
  const { u8, start: from } = window;
  const first = u8[from];
  if (first === COMMENT && state.started !== undefined) return undefined;
  if (state.end !== undefined)
    return fault(state, 'trailingBytes', 'the end behind the end line', excerpt(state, end));
  if (state.started === undefined) return start(state, end);
  if (first === END_LINE) {
    const parsed = parseEndLine(lineText(state, end));
    if (parsed === undefined) return fault(state, 'badLine', 'end <count> <hash>', excerpt(state, end));
    state.end = parsed;
    return undefined;
  }
  return takeEvent(state, state.started, end);
}

function endOfText(state: State): Step {
  const { started, window, end } = state;
  if (started === undefined) return fault(state, 'badHeader', 'a header line', 'the end');
  const { check } = started;
  const hash = endChain(check.chain!);
  const common = {
    count: check.count,
    hash,
    nextSeq: check.nextSeq,
    index: undefined,
    offsetBytes: window.offset,
  };
  if (end === undefined) {
    const bytes = available(window);
    const { nextSeq: firstSeq } = check;
    const offsetBytes = window.offset;
    const torn =
      bytes === 0
        ? undefined
        : { offsetBytes, bytes, firstSeq, nextSeq: undefined, reason: 'line that is cut off' };
    return finish(state, { type: 'end', end: { ...common, sealed: false, footer: undefined, torn } });
  }
  // Only a line that is ignored may lack its LF here.
  if (available(window) > 0 && window.u8[window.start] !== COMMENT)
    return fault(state, 'trailingBytes', 'the end behind the end line', excerpt(state, window.end));
  if (end.count !== check.count)
    return fault(state, 'countMismatch', `${end.count} events`, String(check.count));
  if (end.hash !== hash) return fault(state, 'hashMismatch', end.hash, hash);
  const open = { ...end.footer, ...(end.of === undefined ? {} : { of: end.of }), count: end.count, hash };
  const footerJson = canonicalText(open);
  const { last } = check.chain!;
  const parts = { headerJson: started.json, hash: last, count: end.count, footerJson };
  const seal = sealHash(state.options.ports, parts);
  if (end.seal !== undefined && end.seal !== seal) return fault(state, 'sealMismatch', end.seal, seal);
  const footer = parseFooter(canonicalText({ ...open, seal }));
  if (footer === undefined)
    return fault(state, 'badSeal', `at most ${FOOTER_JSON_MAX} bytes of footer`, 'more');
  const whole: EndOfTape = { ...common, sealed: true, footer, torn: undefined };
  return finish(state, { type: 'end', end: whole });
}

/** Settles the run that was handed out, so that its memory can be used again; a step when that is one. */
function settleRun(state: State, started: Started): Step | undefined {
  if (state.handedOut === 0) return undefined;
  if (state.handedOut < started.run.words * 2) return handOut(state, started);
  const wrong = state.define ? enforceDefine(state, started) : undefined;
  started.run.words = 0;
  state.handedOut = 0;
  return wrong;
}

/** Offset of the LF of the line that the window begins with; −1 when it is not here, −2 when the line is too long. */
function findLineEnd(state: State): number {
  const { u8, start, end } = state.window;
  const found = u8.indexOf(10, start);
  const lf = found >= end ? -1 : found;
  const isJson = state.started === undefined || u8[start] === END_LINE;
  const limit = isJson ? JSON_LINE_MAX : LINE_BYTES_MAX;
  return (lf < 0 ? end : lf) - start > limit ? -2 : lf;
}

/** Reads lines until a run is full, a Define stands alone, a line is wrong, or more input is needed. */
function step(state: State): Step {
  const { window } = state;
  for (;;) {
    const { started } = state;
    const settled = started === undefined ? undefined : settleRun(state, started);
    if (settled !== undefined) return settled;
    if (state.done !== undefined) return state.done;
    const { u8 } = window;
    const lf = findLineEnd(state);
    const isDefine = lf >= 0 && started !== undefined && isDefineLine(u8, window.start, lf);
    // What stands before the end of the input, a Define or a line that is too long is a run.
    if (started !== undefined && started.run.words > 0 && (lf < 0 || isDefine))
      return handOut(state, started);
    if (lf === -1) return window.finished ? endOfText(state) : NEED;
    state.line += 1;
    if (lf < 0) return fault(state, 'lineTooLong', 'a line within the limits', 'a longer one');
    const wrong = takeLine(state, lf > window.start && u8[lf - 1] === 13 ? lf - 1 : lf);
    if (wrong === undefined) {
      release(window, lf + 1 - window.start);
      state.define = isDefine;
    }
    if (started === undefined || started.run.words === 0) continue;
    if (wrong !== undefined || isDefine || started.run.words >= RUN_WORDS) return handOut(state, started);
  }
}

/** Starts decoding a text tape. */
export function createTextDecoder(options: DecoderOptions): TapeDecoder {
  const window = createWindow();
  const state: State = {
    options,
    window,
    tables: createTables(),
    line: 0,
    started: undefined,
    define: false,
    handedOut: 0,
    end: undefined,
    done: undefined,
  };
  return {
    encoding: 'text',
    get header() {
      return state.started?.header;
    },
    get headerJson() {
      return state.started?.json ?? '';
    },
    get epoch() {
      return state.started?.check.epoch ?? options.epoch ?? UNIX_EPOCH;
    },
    tables: state.tables,
    push: (bytes) => {
      append(window, bytes);
    },
    room: () => roomIn(window),
    filled: (bytes) => {
      addFilled(window, bytes);
    },
    skip: (bytes) => {
      skipInput(window, bytes);
    },
    finish: () => {
      window.finished = true;
    },
    next: () => step(state),
  };
}
