/** Forms in which events go out. */
import type { DefineTables, RecordBuffer } from '@truetape/contracts';
import type { OpenSink } from '@truetape/host';
import type { FooterExtra, TapeEnd, TapeHeader } from '@truetape/tape';

export type Format = 'rpl' | 'text' | 'jsonl' | 'csv' | 'parquet' | 'pretty';

/** Tapes hold all Defines of what they were taken from; the other forms write names into each event. */
export function isTapeFormat(format: Format): boolean {
  return format === 'rpl' || format === 'text';
}

/** What an output needs to know before its first event. */
export interface OutputSetup {
  readonly sink: OpenSink;
  readonly header: TapeHeader;
  readonly tables: DefineTables;
  readonly frameBytes: number;
  /** Kinds that may come; tables alone ask for them. */
  readonly kinds: readonly number[];
  readonly color: boolean;
  /** Names the tape in errors. */
  readonly path: string;
}

/** An output under way. */
export interface EventOutput {
  event(b: RecordBuffer, i: number, seq: number): void;
  /** Hands on what was gathered, so that a reader sees it now. */
  flush(): void;
  /** Ends it; what a tape that was written is. Other forms have no hash. */
  end(extra: FooterExtra): TapeEnd | undefined;
}
