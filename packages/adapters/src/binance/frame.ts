/**
 * A line of a capture, `<local ns> <json>`, taken apart: local time, which stream it belongs to, message.
 *
 * With an envelope (`{"stream": …, "data": …}`) the name of the stream decides, since partial depth
 * (`@depth20`) and `@rpiDepth` look like differences of depth and are not. Without one, the message itself.
 *
 * Source: developers.binance.com, web socket streams of spot, USDⓈ-M and COIN-M; REST order books; all read
 * 2026-11-21.
 */
import { createFastReader, readFast, type FastReader } from './fast-frame.ts';
import { readLocalTime, type LocalTime } from './local-time.ts';

export type FrameKind =
  | 'depth'
  | 'trade'
  | 'aggTrade'
  | 'bookTicker'
  | 'markPrice'
  /** A REST depth body. */
  | 'snapshot'
  /** A stream that is not imported; counted by its name. */
  | 'other';

/** Fields of the messages that are read; all are untrusted. */
export interface Wire {
  readonly e?: unknown;
  readonly E?: unknown;
  readonly T?: unknown;
  readonly s?: unknown;
  readonly U?: unknown;
  readonly u?: unknown;
  readonly pu?: unknown;
  readonly b?: unknown;
  readonly a?: unknown;
  readonly B?: unknown;
  readonly A?: unknown;
  readonly t?: unknown;
  readonly f?: unknown;
  readonly l?: unknown;
  readonly p?: unknown;
  readonly q?: unknown;
  readonly m?: unknown;
  readonly M?: unknown;
  readonly X?: unknown;
  readonly i?: unknown;
  readonly P?: unknown;
  readonly r?: unknown;
  readonly lastUpdateId?: unknown;
  readonly bids?: unknown;
  readonly asks?: unknown;
  readonly symbol?: unknown;
}

interface Root extends Wire {
  readonly stream?: unknown;
  readonly data?: unknown;
  readonly result?: unknown;
  readonly error?: unknown;
  readonly code?: unknown;
}

/** One line. Reused from line to line. */
export interface Frame extends LocalTime {
  kind: FrameKind;
  /** Name of the stream, or of what stands in for it where there is no envelope. */
  name: string;
  /** Whether the name came with an envelope. */
  named: boolean;
  /** The messages: one, but for streams that publish arrays. */
  readonly messages: Wire[];
  /** The JSON text, for reading again what a double cannot hold; empty where `fast` is true. */
  json: string;
  /** Read without JSON.parse: levels are a LevelSpan, and what is wrong is JSON.parse's to tell. */
  fast: boolean;
}

/** Why a line is none; the text goes into an error's detail. */
export interface FrameFault {
  readonly reason: 'noTime' | 'badTime' | 'badJson' | 'notAMessage';
  readonly detail: string;
}

const DETAIL_CHARS_MAX = 120;

const KIND_BY_EVENT: ReadonlyMap<string, FrameKind> = new Map<string, FrameKind>([
  ['depthUpdate', 'depth'],
  ['trade', 'trade'],
  ['aggTrade', 'aggTrade'],
  ['bookTicker', 'bookTicker'],
  ['markPriceUpdate', 'markPrice'],
]);

/** Stream names are few and come again and again; the bound is against captures that are none. */
const STREAM_NAMES_MAX = 4096;

export interface FrameReader {
  readonly frame: Frame;
  readonly kinds: Map<string, FrameKind>;
  readonly fast: FastReader;
}

export function createFrameReader(): FrameReader {
  return {
    frame: {
      kind: 'other',
      name: '',
      named: false,
      messages: [],
      json: '',
      fast: false,
      seconds: 0,
      nanos: 0,
    },
    kinds: new Map(),
    fast: createFastReader(),
  };
}

/** Reads a line into the reader's frame. Returns what is wrong with it, undefined when nothing is. */
export function readFrame(reader: FrameReader, text: string): FrameFault | undefined {
  const { frame } = reader;
  const blank = readLocalTime(text, frame);
  if (blank < 0) return { reason: blank === -1 ? 'noTime' : 'badTime', detail: shorten(text) };
  if (!readFast(reader.fast, text, blank + 1)) return readSlowly(reader, text);
  frame.fast = true;
  frame.named = true;
  frame.name = reader.fast.stream;
  frame.kind = knownKind(reader, frame.name);
  frame.messages.length = 1;
  frame.messages[0] = reader.fast.wire;
  return undefined;
}

/** Reads a line, whose local time was read, by JSON.parse. */
export function readSlowly(reader: FrameReader, text: string): FrameFault | undefined {
  const { frame } = reader;
  const json = text.slice(text.indexOf(' ') + 1);
  frame.fast = false;
  let root: unknown;
  try {
    root = JSON.parse(json);
  } catch {
    // The parser's own words differ between Node releases.
    return { reason: 'badJson', detail: shorten(json) };
  }
  frame.json = json;
  frame.messages.length = 0;
  if (typeof root !== 'object' || root === null) return notAMessage(text);
  const { stream, data } = root as Root;
  if (typeof stream === 'string' && typeof data === 'object' && data !== null) {
    return readEnvelope(reader, stream, data, text);
  }
  return readBare(frame, root, text);
}

function readEnvelope(
  reader: FrameReader,
  stream: string,
  data: object,
  text: string,
): FrameFault | undefined {
  const { frame } = reader;
  const kind = knownKind(reader, stream);
  frame.kind = kind;
  frame.name = stream;
  frame.named = true;
  if (!Array.isArray(data)) {
    frame.messages.push(data);
    // Some collectors put the REST body into an envelope of the stream that it belongs to.
    if (kind === 'depth' && isDepthBody(data)) frame.kind = 'snapshot';
    return undefined;
  }
  return pushAll(frame, data, text);
}

function knownKind(reader: FrameReader, stream: string): FrameKind {
  const { kinds } = reader;
  const known = kinds.get(stream);
  if (known !== undefined) return known;
  const kind = kindOfStream(stream);
  if (kinds.size < STREAM_NAMES_MAX) kinds.set(stream, kind);
  return kind;
}

function readBare(frame: Frame, root: object, text: string): FrameFault | undefined {
  frame.named = false;
  if (Array.isArray(root)) {
    const first: unknown = root[0];
    if (typeof first !== 'object' || first === null) return notAMessage(text);
    const fault = nameBare(frame, first, text);
    return fault ?? pushAll(frame, root, text);
  }
  frame.messages.push(root);
  return nameBare(frame, root, text);
}

function nameBare(frame: Frame, message: Root, text: string): FrameFault | undefined {
  const { e } = message;
  if (typeof e === 'string') {
    frame.kind = KIND_BY_EVENT.get(e) ?? 'other';
    frame.name = e;
  } else if (isDepthBody(message)) {
    frame.kind = 'snapshot';
    frame.name = 'depth snapshot';
  } else if (typeof message.s === 'string' && message.u !== undefined && message.B !== undefined) {
    // Spot's bookTicker is the one stream whose messages carry no event type.
    frame.kind = 'bookTicker';
    frame.name = 'bookTicker';
  } else if (message.result !== undefined || message.error !== undefined || message.code !== undefined) {
    // An answer to a subscription, or to a request that failed.
    frame.kind = 'other';
    frame.name = 'reply';
  } else return notAMessage(text);
  return undefined;
}

function pushAll(frame: Frame, messages: readonly unknown[], text: string): FrameFault | undefined {
  for (const message of messages) {
    if (typeof message !== 'object' || message === null) return notAMessage(text);
    frame.messages.push(message);
  }
  return undefined;
}

function isDepthBody(message: Wire): boolean {
  return message.lastUpdateId !== undefined && message.bids !== undefined && message.asks !== undefined;
}

/** `btcusdt@depth@100ms` → depth; `!markPrice@arr` → markPrice; `btcusdt@depth20` → other. */
function kindOfStream(stream: string): FrameKind {
  const parts = stream.split('@');
  const type = stream.startsWith('!') ? parts[0].slice(1) : parts[1];
  switch (type) {
    case 'depth':
    case 'trade':
    case 'aggTrade':
    case 'bookTicker':
    case 'markPrice':
      return type;
    default:
      return 'other';
  }
}

function notAMessage(text: string): FrameFault {
  return { reason: 'notAMessage', detail: shorten(text) };
}

function shorten(text: string): string {
  return text.length > DETAIL_CHARS_MAX ? `${text.slice(0, DETAIL_CHARS_MAX)}…` : text;
}
