/** What stands on the tape of a run that goes on before it does: the tape so far, or the Defines alone. */
import { Kind, recordKind } from '@truetape/contracts';
import { nodePorts } from '@truetape/host';
import type { OpenInput } from '@truetape/host';
import { createSim, runSim } from '@truetape/orderflow';
import type { RecordPort } from '@truetape/orderflow';
import { createDecoder, createReader } from '@truetape/tape';
import { visitRecords } from '../book/visit-records.ts';
import { CliFailure, EXIT } from '../failure.ts';
import type { Interruption } from '../interruption.ts';
import { tapeFailure, tornFailure } from '../wording.ts';
import type { Recording } from './recording.ts';
import type { SavedRun } from './state-file.ts';

/** Writes the Defines of a run as it begins, at their seqs: a tape that begins later has them, too. */
export function writeDefines(
  { config, seed }: SavedRun,
  epoch: RecordPort['epoch'],
  put: RecordPort['write'],
): void {
  const write: RecordPort['write'] = (records, at, seq) => {
    if (recordKind(records, at) === Kind.Define) put(records, at, seq);
  };
  runSim(createSim({ config, seed, port: { epoch, write } }), { events: 0 });
}

function otherTape(path: string, expected: string, found: string): CliFailure {
  return new CliFailure(
    EXIT.mismatch,
    `${path} is not the tape that the state belongs to: expected ${expected}, found ${found}`,
    'join the tape that was written along with the state',
  );
}

/** Copies all events of the state's tape. Throws a failure where it is another one, or is damaged. */
export async function copyTape(
  input: OpenInput,
  saved: SavedRun & { readonly headerJson: string },
  put: Recording['toOutput'],
  interruption: Interruption,
): Promise<void> {
  const { path } = input;
  const reader = createReader(createDecoder({ ports: nodePorts, hash: true }), input.source);
  for (let batch = reader.next(); batch !== undefined; batch = reader.next()) {
    if (reader.decoder.headerJson !== saved.headerJson)
      throw otherTape(path, 'its seed and configuration', 'others');
    visitRecords(batch, (records, i, kind, seq) => {
      // The writer makes its own.
      if (kind !== Kind.Skip) put(records, i, seq);
    });
    await interruption.breathe();
  }
  if (reader.error !== undefined) throw tapeFailure(path, reader.error);
  const { torn, count, hash, nextSeq } = reader.end!;
  if (torn !== undefined) throw tornFailure(path, torn);
  const { tape } = saved;
  if (hash !== tape.hash)
    throw otherTape(path, `${tape.count} events of hash ${tape.hash}`, `${count} of ${hash}`);
  if (nextSeq !== saved.clock.nextSeq)
    throw otherTape(path, `events up to seq ${saved.clock.nextSeq - 1}`, `seq ${nextSeq - 1}`);
}
