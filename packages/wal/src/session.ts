/** The first records of every process that writes to a log: who it is, what it found, and what its clock says. */
import { BLANK, canonicalText, codeOfName, fromUnixNs } from '@truetape/contracts';
import type { Clock, JsonObject } from '@truetape/contracts';
import { assert } from '@truetape/kernel';
import { writeEvent } from '@truetape/tape';
import type { WalError } from './errors.ts';
import { beginCommit, commit } from './log.ts';
import type { Log } from './log.ts';

const METHOD_RESTART = codeOfName('clockMethod', 'restart')!;

export interface Session {
  readonly build: JsonObject;
  readonly mode: string;
  /** Unix ns of the wall clock, and of the log: not before its last event. */
  readonly wallNs: bigint;
  readonly timeNs: bigint;
  /** How the log ended before: nothing was there, it was sealed, open, or torn. */
  readonly previousEnd: 'new' | 'sealed' | 'open' | 'torn';
}

/**
 * Commits Session and Clock; Session alone where the wall clock is further off than a Clock can say (104 days): its
 * JSON has the reading all the same. Errors: as `commit`.
 */
export function startSession(log: Log, session: Session): WalError | undefined {
  const { build, mode, wallNs, timeNs: unixNs, previousEnd } = session;
  const refused = beginCommit(log, unixNs);
  if (refused !== undefined) return refused;
  const { writer } = log.segment;
  const { epoch } = writer.records;
  const timeNs = fromUnixNs(unixNs, epoch);
  const wallTime = fromUnixNs(wallNs, epoch);
  assert(timeNs !== undefined, 'WAL-5', 'a segment whose epoch is near');
  const said = {
    build,
    epoch: writer.header.epochNs,
    mode,
    previousEnd,
    recoveredSeq: writer.nextSeq,
    wallTime: String(wallNs),
  };
  const clock = clockOf(timeNs, wallTime);
  const fault =
    writeEvent(writer, { ...BLANK.Session, timeNs, json: canonicalText(said) }) ??
    (clock === undefined ? undefined : writeEvent(writer, clock));
  assert(fault === undefined, 'WAL-5', `a session that can be written: ${fault?.found}`);
  return commit(log);
}

function clockOf(timeNs: number, wallTime: number | undefined): Clock | undefined {
  if (wallTime === undefined) return undefined;
  const offsetNs = timeNs - wallTime;
  if (!Number.isSafeInteger(offsetNs)) return undefined;
  return { ...BLANK.Clock, timeNs, wallTime, offsetNs, method: METHOD_RESTART, applied: 1 };
}
