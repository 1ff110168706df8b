/** What a replay knows, and how it says what differs. */
import { NONE, kindName } from '@truetape/contracts';
import type {
  Accepted,
  Amended,
  CancelAllDone,
  Canceled,
  DefineTables,
  Event,
  Expired,
  Fill,
  Rejected,
} from '@truetape/contracts';
import type { Sha256 } from '@truetape/kernel';
import { applyEvent } from '@truetape/orders';
import type { Orders } from '@truetape/orders';
import type { ReplayBooks } from './books.ts';
import type { DifferenceCode, RefusalCode, ReplayDifference, ReplayRefusal, ReplayStop } from './stop.ts';

export interface ReplayConfig {
  /** Whose account of events the tape is. */
  readonly observer: 'venue' | 'client';
  /** Seq of the first event, 0 by default: the first of a part of a log is another. */
  readonly firstSeq?: number;
  /** Tapes that this one was made of, 0 by default. */
  readonly parentCount?: number;
  /**
   * What is demanded. `all` (the default): every fact of every command, of a whole tape. `given`: as much
   * as there is; a venue's tape may hold commands alone, or be a part of another, and what a client came to
   * know is not compared.
   */
  readonly demand?: 'all' | 'given';
  /** Where commands are executed; fast books of its own by default. */
  readonly books?: ReplayBooks;
  /** Needed for Checkpoints of books, which are not compared without it. */
  readonly sha256?: Sha256;
  /** Let the life of each order follow too, by a package that knows no book. */
  readonly orders?: boolean;
}

/** A replay under way. Read-only but for `applyReplay` and `endReplay`. */
export interface Replay {
  readonly config: ReplayConfig;
  readonly books: ReplayBooks;
  /** Commands that were executed. */
  commandCount: number;
  /** Facts that were compared, all of them as their commands give them. */
  factCount: number;
  /** Checkpoints of books whose state was compared. */
  checkpointCount: number;
  /** Checkpoints of books that cover another seq than the one that the books stand at, or another version. */
  checkpointsPassed: number;
  /** Rejects of those before the matcher, which no command gives: gateway, engine, queue. */
  stoppedCount: number;
  /** Other facts of sources that are no venue: no command gives these either. */
  othersCount: number;
  /** Events are missing. */
  gaps: boolean;
}

/** What it keeps to itself. */
export interface ReplayState extends Replay {
  readonly tables: DefineTables;
  readonly orders: Orders | undefined;
  /** Facts are compared. */
  readonly compares: boolean;
  /** Facts that have to follow, of the last command. */
  readonly expected: Event[];
  next: number;
  command: Event | undefined;
  /** The first command before the first fact, unless it was answered. */
  unanswered: number;
  /** Why it stopped. */
  stop: ReplayStop | undefined;
}

/** What a venue says of a command. */
export type VenueFact = Accepted | Rejected | Fill | Canceled | Amended | Expired | CancelAllDone;

/** Says that an event cannot be replayed; without one, that the tape cannot. */
export function refusal(
  code: RefusalCode,
  event: Event | undefined,
  field: string,
  expected: string,
  found: number | string,
): ReplayRefusal {
  return { type: 'refusal', code, seq: event?.seq ?? 0, kind: event?.kind ?? 0, field, expected, found };
}

/** The event that shows a difference, or the end. */
type Place = Pick<Event, 'seq'> & { readonly kind: number };

/** What differs, in words. */
export interface Shown {
  readonly field: string;
  readonly expected: string;
  readonly found: string;
}

/** Says what differs at an event, of the last command. */
export function difference(
  { command, gaps }: ReplayState,
  code: DifferenceCode,
  { seq, kind }: Place,
  { field, expected, found }: Shown,
): ReplayDifference {
  return { type: 'difference', code, seq, kind, field, expected, found, command: command?.seq ?? NONE, gaps };
}

/** What else had to be said of the last command, before `place`. */
export function missing(state: ReplayState, place: Place, found: string): ReplayDifference | undefined {
  const { expected, next, factCount } = state;
  if (next === expected.length) return undefined;
  if (state.config.demand === 'given' && factCount === 0) {
    // Nothing has been answered so far: the tape may hold commands alone.
    if (state.unanswered === NONE) state.unanswered = state.command!.seq;
    return undefined;
  }
  const shown = { field: 'kind', expected: kindName(expected[next].kind), found };
  return difference(state, 'missing', place, shown);
}

/** The life of each order, where it is to follow too. */
export function follow(state: ReplayState, event: Event): ReplayDifference | undefined {
  if (state.orders === undefined) return undefined;
  const error = applyEvent(state.orders, event);
  if (error === undefined) return undefined;
  const expected = `what an order in ${error.state} can take`;
  return difference(state, 'orders', event, { field: `order ${error.orderId}`, expected, found: error.why });
}
