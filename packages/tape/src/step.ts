import type { DefineTables, Epoch, RecordBuffer } from '@truetape/contracts';
import type { Census } from './census.ts';
import type { TapeError } from './errors.ts';
import type { FrameHeader, FrameSummary, WireTime } from './frame.ts';
import type { HashChain } from './hash-chain.ts';
import type { TapeHeader } from './header.ts';
import type { Footer, IndexEntry, TapeIndex } from './index-frame.ts';
import type { TapePorts } from './ports.ts';

/**
 * A run of checked records, in half words `from` … `to` of a buffer that is valid until the decoder is next called.
 * A Define is always a run of its own, and is in force from the next run on.
 */
export interface Batch {
  readonly records: RecordBuffer;
  readonly from: number;
  readonly to: number;
  /** Seq of the first event, if no Skip stands before it. */
  readonly firstSeq: number;
  readonly nextSeq: number;
  /** Records, Skips among them. */
  readonly recordCount: number;
  /** The census that the batch was counted into; undefined when the decoder was given none. */
  readonly counted?: Census | undefined;
}

/** An end that an interrupted write left behind. */
export interface TornTail {
  readonly offsetBytes: number;
  readonly bytes: number;
  /** First seq that is cut. */
  readonly firstSeq: number;
  /** Seq behind the last that is known to be cut; undefined when the damage hides it. */
  readonly nextSeq: number | undefined;
  readonly reason: string;
}

/** What there is to say at the end of a tape. */
export interface EndOfTape {
  readonly sealed: boolean;
  /** Events; undefined when frames were skipped and no seal says. */
  readonly count: number | undefined;
  /** Hash of the events; undefined when it was not asked for and no seal says. */
  readonly hash: string | undefined;
  readonly footer: Footer | undefined;
  readonly index: TapeIndex | undefined;
  readonly torn: TornTail | undefined;
  readonly nextSeq: number;
  /** Where the next frame would begin. */
  readonly offsetBytes: number;
  /** Time of the last record of a binary tape, what is carried included; all ones when there is none. */
  readonly lastTime?: WireTime;
  /** At the end of an unsealed binary tape: where its frames go on. */
  readonly place?: AppendPlace;
  /** With the option `append`, at the end of an unsealed binary tape: what a writer needs to go on there. */
  readonly continuation?: Continuation;
}

/** Where the whole frames of an unsealed binary tape end. */
export interface AppendPlace {
  readonly offsetBytes: number;
  /** CRC that the next frame must repeat. */
  readonly prevCrc: number;
  readonly nextSeq: number;
  /** Time of the last record. */
  readonly lastTime: WireTime;
}

/** What a writer knew there besides. */
export interface Continuation extends AppendPlace {
  readonly chain: HashChain;
  readonly entries: readonly IndexEntry[];
  readonly defineFrames: readonly number[];
  readonly count: number;
}

/** What a decoder wants or has. */
export type Step =
  /** Push more input, or finish. Up to `skippable` bytes may be skipped in the input instead (`skip`). */
  | { readonly type: 'need'; readonly skippable: number }
  | { readonly type: 'batch'; readonly batch: Batch }
  | { readonly type: 'end'; readonly end: EndOfTape }
  | { readonly type: 'error'; readonly error: TapeError };

export interface DecoderOptions {
  readonly ports: TapePorts;
  /** Zero of the reader's clock; default: the one that the header suggests. */
  readonly epoch?: Epoch;
  /** Compute the hash of the events and hold it against the seal. */
  readonly hash?: boolean;
  /**
   * Count events while they are checked; binary tapes only. Fields that no summary reads are then left to the
   * checksums.
   */
  readonly census?: Census;
  /** Recompute what is redundant: frame summaries, index. */
  readonly verify?: boolean;
  /** Keep what a writer needs to continue an unsealed binary tape (`openForAppend`). Implies `hash` and `verify`. */
  readonly append?: boolean;
  /**
   * Of a log's segment that another one follows: the seq which that one begins with. No frame of this segment says that
   * later ones were durable; one that does is what the disk had there before, and proves nothing.
   */
  readonly endSeq?: number;
  /**
   * Frames to read; the others are skipped unread, except those with Define. Excludes `hash`, `verify` and
   * `append`.
   */
  readonly wanted?: (frame: { readonly summary: FrameSummary } & Omit<FrameHeader, 'summary'>) => boolean;
}

/** A decoder of tapes: it owns no input and waits for none. */
export interface TapeDecoder {
  readonly encoding: 'binary' | 'text';
  /** Known from the first batch, end or error on. */
  readonly header: TapeHeader | undefined;
  readonly headerJson: string;
  readonly epoch: Epoch;
  /** What the Defines before the current batch say. */
  readonly tables: DefineTables;
  push(bytes: Uint8Array): void;
  /** Where input can be put directly; say with `filled` how much it was. Empty while only `push` works. */
  room(): Uint8Array;
  filled(bytes: number): void;
  skip(bytes: number): void;
  finish(): void;
  next(): Step;
}
