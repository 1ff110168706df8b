/**
 * Runs the commands of a tape again and demands what they give. A command goes to fresh books; the reports
 * that it causes have to follow on the tape as facts: in their order, with its seq as their cause, LAST on
 * the last of them. The first difference ends it.
 *
 * The alternative, to write a second tape and compare both, needs room for it, and its first difference is
 * one of bytes: a time that the venue chose would be one, and a fact's field would have to be found again.
 */
import { commandOfEvent, reportEvent } from '@truetape/book';
import { Kind, NONE, TABLE_NAMES, applyDefine, createTables, err, kindName, ok } from '@truetape/contracts';
import type { Define, Event, Result } from '@truetape/contracts';
import { assert } from '@truetape/kernel';
import { createOrders } from '@truetape/orders';
import { createReplayBooks } from './books.ts';
import { follow, missing, refusal } from './state.ts';
import type { Replay, ReplayConfig, ReplayState, VenueFact } from './state.ts';
import type { ReplayRefusal, ReplayStop } from './stop.ts';
import { takeCheckpoint } from './take-checkpoint.ts';
import { takeFact } from './take-fact.ts';

const INSTRUMENT_TABLE = TABLE_NAMES.indexOf('instrument') + 1;

const isCommand = (kind: number): boolean => kind >= Kind.NewOrder && kind <= Kind.CancelAll;
const isFactKind = (kind: number): boolean => kind >= Kind.Accepted && kind <= Kind.CancelAllDone;
const isFact = (event: Event): event is VenueFact => isFactKind(event.kind);

/** Whether a replay needs events of this kind; it passes over all others. */
export function isReplayed(kind: number): boolean {
  return (
    isCommand(kind) ||
    isFactKind(kind) ||
    kind === Kind.Define ||
    kind === Kind.Skip ||
    kind === Kind.Checkpoint
  );
}

/**
 * A replay that has seen nothing yet.
 *
 * Errors: where all is demanded, `observer` for the tape of a client, and `extract` for one that begins later
 * than at seq 0.
 */
export function createReplay(config: ReplayConfig): Result<Replay, ReplayRefusal> {
  const { observer, demand = 'all', firstSeq = 0 } = config;
  if (demand === 'all' && observer !== 'venue')
    return err(refusal('observer', undefined, 'observer', 'venue', observer));
  if (demand === 'all' && firstSeq !== 0) return err(refusal('extract', undefined, 'seq', '0', firstSeq));
  const replay: ReplayState = {
    config,
    books: config.books ?? createReplayBooks(),
    tables: createTables(),
    // A market has room for its orders; the store shall not end before it.
    orders:
      config.orders === true
        ? createOrders({ observer: 'venue', liveMax: Number.MAX_SAFE_INTEGER })
        : undefined,
    compares: observer === 'venue',
    expected: [],
    next: 0,
    command: undefined,
    unanswered: NONE,
    stop: undefined,
    commandCount: 0,
    factCount: 0,
    checkpointCount: 0,
    checkpointsPassed: 0,
    stoppedCount: 0,
    othersCount: 0,
    gaps: firstSeq !== 0,
  };
  return ok(replay);
}

/**
 * Takes the next event of the tape. Events that no replay needs may be left out, see `isReplayed`.
 *
 * Returns why the replay stops here; it has stopped then, and returns the same for every event that follows.
 */
export function applyReplay(replay: Replay, event: Event): ReplayStop | undefined {
  const state = replay as ReplayState;
  state.stop ??= take(state, event);
  return state.stop;
}

function take(state: ReplayState, event: Event): ReplayStop | undefined {
  if (isCommand(event.kind)) return takeCommand(state, event);
  if (isFact(event)) return takeFact(state, event);
  switch (event.kind) {
    case Kind.Define:
      return takeDefine(state, event);
    case Kind.Checkpoint:
      return takeCheckpoint(state, event);
    case Kind.Skip:
      state.gaps = true;
      if (state.config.demand === 'given') return undefined;
      return refusal('extract', event, 'seq', String(event.seq), event.seq + event.count);
    default:
      return undefined;
  }
}

/**
 * Ends a replay behind the last event; `nextSeq` is the one that would be next. Returns why it stopped, or
 * what is missing.
 */
export function endReplay(replay: Replay, nextSeq: number): ReplayStop | undefined {
  const state = replay as ReplayState;
  // What is cut off says so by no Skip.
  if (state.stop === undefined && state.next < state.expected.length && state.config.demand === 'given')
    state.gaps = true;
  state.stop ??= missing(state, { seq: nextSeq, kind: 0 }, 'the end of the tape');
  return state.stop;
}

/** A reader hands a Define out before it finds that it defines nothing: so that may be met here. */
function takeDefine({ tables, books }: ReplayState, event: Define): ReplayRefusal | undefined {
  const defined = applyDefine(tables, event);
  if (!defined.ok) {
    const { code, table, index, field } = defined.error;
    const found = `${code}: ${table} ${index} ${field}`.trimEnd();
    return refusal('define', event, 'index', 'the next index of its table, with its fields', found);
  }
  if (event.table === INSTRUMENT_TABLE) books.open(event.index);
  return undefined;
}

function takeCommand(state: ReplayState, event: Event): ReplayStop | undefined {
  const wrong = missing(state, event, kindName(event.kind));
  if (wrong !== undefined) return wrong;
  const { books, expected } = state;
  const taken = commandOfEvent(event, books.commands, 0);
  if (!taken.ok) {
    const { field, expected: allowed, found } = taken.error;
    return refusal('unsupported', event, field, allowed, found);
  }
  books.execute();
  const { reports } = books;
  // A command that is not answered would be compared with nothing.
  assert(reports.count > 0, 'REPLAY-2', 'a command has an answer');
  state.command = event;
  state.commandCount += 1;
  state.next = 0;
  expected.length = 0;
  if (!state.compares) return undefined;
  const place = { timeNs: event.timeNs, source: 0, cause: event.seq };
  for (let k = 0; k < reports.count; k++)
    expected.push(reportEvent(reports, k, { ...place, last: k === reports.count - 1 }));
  return follow(state, event);
}
