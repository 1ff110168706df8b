/** Why a replay stops. */

/**
 * What differs: `fact`, a field of a fact; `missing`, a fact that its command gives is not there;
 * `unanswered`, a command has no fact where a later one has; `surplus`, a fact that no command gives;
 * `checkpoint`, the state of the books; `orders`, the life of an order, as `@truetape/orders` knows it.
 */
export type DifferenceCode = 'fact' | 'missing' | 'unanswered' | 'surplus' | 'checkpoint' | 'orders';

/** The first thing on a tape that its commands do not give. */
export interface ReplayDifference {
  readonly type: 'difference';
  readonly code: DifferenceCode;
  /**
   * Of the event that differs, or that stands where another should; at the end, the one that would be next.
   */
  readonly seq: number;
  /** Kind of the event there; 0 at the end. */
  readonly kind: number;
  readonly field: string;
  readonly expected: string;
  readonly found: string;
  /** Seq of the command that it is about; NONE where there is none. */
  readonly command: number;
  /** Events of the tape are missing before it. */
  readonly gaps: boolean;
}

/**
 * What cannot be replayed: `observer`, the tape of a client; `extract`, a tape that lacks events; `merge`,
 * one whose facts answer commands of the tapes that it was made of; `snapshot`, one that begins with orders
 * in the book; `unsupported`, a command that a book has no rule for; `define`, a Define that defines nothing.
 */
export type RefusalCode = 'observer' | 'extract' | 'merge' | 'snapshot' | 'unsupported' | 'define';

/** An event that a replay has no answer to. */
export interface ReplayRefusal {
  readonly type: 'refusal';
  readonly code: RefusalCode;
  readonly seq: number;
  /** Kind of the event; 0 where it is about the tape itself. */
  readonly kind: number;
  readonly field: string;
  readonly expected: string;
  readonly found: number | string;
}

export type ReplayStop = ReplayDifference | ReplayRefusal;
