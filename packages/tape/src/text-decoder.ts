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
  getT,
  parseLine,
  recordKind,
  reserveWords,
} from '@truetape/contracts';
import type { DefineTables, LineParser, RecordOut } from '@truetape/contracts';
import { assert } from '@truetape/kernel';
import { tapeError } from './errors.ts';
import type { TapeErrorCode } from './errors.ts';
import { createChain, endChain, sealHash } from './hash-chain.ts';
import { HEADER_JSON_MAX, epochOf, firstSeqOf } from './header.ts';
import type { TapeHeader } from './header.ts';
import type { Footer } from './index-frame.ts';
import { admitRecord, createRunCheck, hashRun } from './run-check.ts';
import type { RunCheck } from './run-check.ts';
import type { DecoderOptions, EndOfTape, Step, TapeDecoder } from './step.ts';
import { parseEndLine, parseHeaderLine } from './text-lines.ts';
import type { EndLine } from './text-lines.ts';
import { append, available, createWindow, release, skipInput } from './window.ts';
import type { Window } from './window.ts';

/** Longest line that is read: six bytes for each of the largest record, and its keys. */
export const LINE_BYTES_MAX = 4194304;
const HEADER_LINE_MAX: number = HEADER_JSON_MAX * 6;
/** Records are handed on in runs of about this many words. */
const RUN_WORDS = 8192;

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
  /** The run was handed out, and its memory may be used again. */
  handedOut: boolean;
  end: EndLine | undefined;
  done: Step | undefined;
}

const NEED: Step = { type: 'need', skippable: 0 };

function finish(state: State, step: Step): Step {
  state.done = step;
  return step;
}

function fault(state: State, code: TapeErrorCode, expected: string, found: string): Step {
  const seq = state.started?.check.nextSeq ?? 0;
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
  if (seq > check.nextSeq) {
    const timeNs = getT(out, 2, check.epoch);
    const at = started.run.words;
    const code = encodeEvent(started.run, { ...BLANK.Skip, timeNs, count: seq - check.nextSeq });
    assert(code === 0, 'TAPE-1', 'a Skip before a checked record can be encoded');
    if (!admit(state, started, at)) return state.done;
  }
  const { run } = started;
  const at = run.words;
  reserveWords(run, out.words);
  for (let half = 0; half < out.words * 2; half++) run.i32[at * 2 + half] = out.i32[half];
  run.words += out.words;
  return admit(state, started, at) ? undefined : state.done;
}

function admit(state: State, started: Started, at: number): boolean {
  const place = { offsetBytes: state.window.offset, seq: started.check.nextSeq, line: state.line };
  if (admitRecord(started.check, started.run, at * 2, place)) return true;
  finish(state, { type: 'error', error: started.check.fault! });
  return false;
}

function handOut(state: State, started: Started): Step {
  const { run, check, runFirstSeq } = started;
  const to = run.words * 2;
  hashRun(check, run, 0, to, runFirstSeq);
  const recordCount = check.records;
  check.records = 0;
  state.handedOut = true;
  started.runFirstSeq = check.nextSeq;
  return {
    type: 'batch',
    batch: { records: run, from: 0, to, firstSeq: runFirstSeq, nextSeq: check.nextSeq, recordCount },
  };
}

function enforceDefine(state: State, started: Started): Step | undefined {
  state.define = false;
  const { run, parser } = started;
  // A Define may have a Skip before it; it is the last record of its run.
  const i = recordKind(run, 0) === Kind.Skip ? 6 : 0;
  const event = decodeEvent(run, i, run.epoch, 0);
  assert(event.kind === Kind.Define, 'TAPE-1');
  const defined = applyDefine(state.tables, event);
  if (!defined.ok) {
    const { code, table, index, field } = defined.error;
    return fault(
      state,
      'badDefine',
      'the next index of its table, with its fields',
      `${code}: ${table} ${index} ${field}`,
    );
  }
  const table = TABLE_NAMES[event.table - 1];
  if (table === 'instrument' || table === 'source') addLineName(parser, table, event.index);
  return undefined;
}

const DEFINE = [...'Define '].map((letter) => letter.charCodeAt(0));

/** True for a line whose third word is Define: it makes a run of its own. */
function isDefineLine(u8: Uint8Array, start: number, end: number): boolean {
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
  if (first === 35 && state.started !== undefined) return undefined;
  if (state.end !== undefined)
    return fault(state, 'trailingBytes', 'the end behind the end line', excerpt(state, end));
  if (state.started === undefined) return start(state, end);
  if (first === 101) {
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
  if (end.count !== check.count)
    return fault(state, 'countMismatch', `${end.count} events`, String(check.count));
  if (end.hash !== hash) return fault(state, 'hashMismatch', end.hash, hash);
  const open = { ...end.footer, ...(end.of === undefined ? {} : { of: end.of }), count: end.count, hash };
  const footerJson = canonicalText(open);
  const { chain } = check;
  const seal = sealHash(state.options.ports, {
    headerJson: started.json,
    hash: chain!.last,
    count: end.count,
    footerJson,
  });
  if (end.seal !== undefined && end.seal !== seal) return fault(state, 'sealMismatch', end.seal, seal);
  const footer: Footer = { ...open, seal };
  const whole: EndOfTape = { ...common, sealed: true, footer, torn: undefined };
  return finish(state, { type: 'end', end: whole });
}

/** Reads lines until a run is full, a Define stands alone, or more input is needed. */
function step(state: State): Step {
  const { window } = state;
  if (state.done !== undefined) return state.done;
  if (state.handedOut && state.started !== undefined) {
    const wrong = state.define ? enforceDefine(state, state.started) : undefined;
    if (wrong !== undefined) return wrong;
    state.started.run.words = 0;
    state.handedOut = false;
  }
  for (;;) {
    const { u8 } = window;
    const found = u8.indexOf(10, window.start);
    const lf = found < 0 || found >= window.end ? -1 : found;
    const { started } = state;
    const gathered = started !== undefined && started.run.words > 0;
    if (lf < 0) {
      const limit = started === undefined ? HEADER_LINE_MAX : LINE_BYTES_MAX;
      if (available(window) > limit)
        return fault(state, 'lineTooLong', `at most ${limit} bytes`, 'a longer line');
      if (gathered) return handOut(state, started);
      return window.finished ? endOfText(state) : NEED;
    }
    const isDefine = started !== undefined && isDefineLine(u8, window.start, lf);
    if (gathered && isDefine) return handOut(state, started);
    state.line += 1;
    const end = lf > window.start && u8[lf - 1] === 13 ? lf - 1 : lf;
    const wrong = takeLine(state, end);
    if (wrong !== undefined) return wrong;
    release(window, lf + 1 - window.start);
    if (started === undefined) continue;
    state.define = isDefine;
    if (isDefine || started.run.words >= RUN_WORDS) return handOut(state, started);
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
    handedOut: false,
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
    skip: (bytes) => {
      skipInput(window, bytes);
    },
    finish: () => {
      window.finished = true;
    },
    next: () => step(state),
  };
}
