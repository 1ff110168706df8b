/** What a writer of tapes is made of. */
import type { DefineTables, RecordOut } from '@truetape/contracts';
import type { FrameSummary, WireTime } from './frame.ts';
import type { HashChain } from './hash-chain.ts';
import type { TapeHeader } from './header.ts';
import type { Footer } from './index-frame.ts';
import type { TapePorts } from './ports.ts';

/** A full buffer of records on its way out. */
export interface Block {
  readonly records: RecordOut;
  readonly recordCount: number;
  readonly firstSeq: number;
  readonly nextSeq: number;
  readonly firstTime: WireTime;
  readonly lastTime: WireTime;
  readonly summary: FrameSummary;
  /** The last message goes on in the next block. */
  readonly more: boolean;
}

/** One encoding of a tape. */
export interface Emitter {
  begin(headerJson: string, header: TapeHeader): void;
  block(block: Block): void;
  end(footer: Footer, footerJson: string, chain: HashChain, nextSeq: number): void;
}

export interface WriterConfig {
  readonly header: TapeHeader;
  readonly ports: TapePorts;
  /** Payload at which a frame is closed, at the end of a message. Default 64 KiB. */
  readonly frameBytes?: number;
  /** A frame ends where the caller flushes, and nowhere else: a log's commit is one frame, or one MORE chain. */
  readonly byCommit?: boolean;
}

/** What a writer knows while it writes. */
export interface TapeWriter {
  readonly header: TapeHeader;
  readonly headerJson: string;
  readonly emitter: Emitter;
  readonly ports: TapePorts;
  readonly chain: HashChain;
  readonly tables: DefineTables;
  readonly records: RecordOut;
  readonly frameWords: number;
  readonly byCommit: boolean;
  readonly summary: FrameSummary;
  recordCount: number;
  blockFirstSeq: number;
  /** Seq of the next event. */
  nextSeq: number;
  /** Events written, Skips not counted. */
  count: number;
  /** Time of the last record; −1 in the high half before the first, which is then held against the epoch. */
  lastHi: number;
  lastLo: number;
  /** A message has begun whose last record is not here yet. */
  inMessage: boolean;
  /** A flush waits for the end of the message. */
  flushDue: boolean;
  /** Bytes of the frames before this one that hold the same message. */
  chainBytes: number;
  /** How far the records of this block are in the hash chain: words, records, and the seq that stood next. */
  hashedWords: number;
  hashedRecords: number;
  hashedSeq: number;
  ended: boolean;
}

/** Where a tape that is continued stands. */
export interface WriterStart {
  readonly tables: DefineTables;
  readonly chain: HashChain;
  readonly nextSeq: number;
  readonly count: number;
  readonly lastHi: number;
  readonly lastLo: number;
}
