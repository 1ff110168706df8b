/** Snapshots of a log at rest: of one that was recovered, and that nobody writes to. */
import { err } from '@truetape/contracts';
import type { Result } from '@truetape/contracts';
import { assert } from '@truetape/kernel';
import { storageError } from './errors.ts';
import type { WalError } from './errors.ts';
import { settleLog } from './open.ts';
import type { RecoverConfig } from './outline.ts';
import type { Recovered } from './recover.ts';
import { writeSnapshot } from './snapshots.ts';
import type { TakenSnapshot } from './snapshots.ts';

/**
 * Takes a snapshot behind the last event. What it stands on is made durable before, as where a log is opened: a torn
 * end is cut off, and kept. No event is written, and no segment begun.
 *
 * Errors: `storage`.
 */
export function snapshotRecovered(
  { storage, ports, kind }: Pick<RecoverConfig, 'storage' | 'ports' | 'kind'>,
  recovered: Recovered,
  keep: number,
): Result<TakenSnapshot, WalError> {
  assert(keep >= 1, 'WAL-4', 'a snapshot that is taken is kept');
  const settled = settleLog(storage, recovered);
  const fault = settled.ok ? settled.value?.close() : settled.error;
  if (fault !== undefined) return err(storageError(fault));
  const { report, machine, chain, lastTime } = recovered;
  const place = { log: report.log, seq: report.nextSeq, chain, lastTime };
  const taken = writeSnapshot({ storage, ports, kind, machine, place, keep });
  return taken.ok ? taken : err(storageError(taken.error));
}
