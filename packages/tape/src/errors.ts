/** Everything that can be wrong with a tape. Codes are stable; wording is the application's. */
export type TapeErrorCode =
  /** The first bytes are those of no tape. */
  | 'notATape'
  | 'unsupportedVersion'
  | 'headerTooLarge'
  | 'badHeader'
  /** A frame is damaged although what follows it proves that it had been written. */
  | 'corrupt'
  /** The end is incomplete in a way that an interrupted write leaves. */
  | 'torn'
  /** A frame whose checksums are right contradicts the format. */
  | 'badFrame'
  | 'badRecord'
  | 'badSkip'
  | 'timeBackwards'
  | 'badDefine'
  | 'draftKind'
  | 'chainTooLong'
  | 'trailingBytes'
  | 'badIndex'
  | 'badSeal'
  | 'badLine'
  | 'lineTooLong'
  | 'seqBackwards'
  | 'countMismatch'
  | 'hashMismatch'
  | 'sealMismatch'
  | 'sealed'
  | 'unsealed'
  | 'mergeConflict';

/** A fault of a tape with its place. */
export interface TapeError {
  readonly code: TapeErrorCode;
  /** Offset in the (uncompressed) file: of the frame or line concerned. */
  readonly offsetBytes: number;
  /** Seq of the event concerned, or the next one expected there. */
  readonly seq: number;
  /** Line of a text tape, from 1; 0 in a binary one. */
  readonly line: number;
  readonly expected: string;
  readonly found: string;
}

export interface Place {
  readonly offsetBytes: number;
  readonly seq: number;
  readonly line?: number;
}

export function tapeError(code: TapeErrorCode, place: Place, expected: string, found: string): TapeError {
  return { code, offsetBytes: place.offsetBytes, seq: place.seq, line: place.line ?? 0, expected, found };
}
