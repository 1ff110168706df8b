/** `truetape wal snapshot`. */
import { Command } from 'commander';
import { recoverLog, snapshotRecovered } from '@truetape/wal';
import type { TakenSnapshot } from '@truetape/wal';
import type { Cli, GlobalOptions } from '../../cli.ts';
import { voiceOf } from '../../cli.ts';
import { examples } from '../../examples.ts';
import { CliFailure, EXIT } from '../../failure.ts';
import { integerFrom } from '../../number-argument.ts';
import { addJson } from '../../options.ts';
import { printOut } from '../../terminal.ts';
import { changeFolder } from '../../wal/open-folder.ts';
import type { LogFolder } from '../../wal/open-folder.ts';
import { titled, titledList } from '../../wal/report-lines.ts';
import { KEEP_DEFAULT } from '../../wal/serve-options.ts';
import { walFailure } from '../../wal/wording.ts';

interface SnapshotOptions extends GlobalOptions {
  readonly json?: boolean;
  readonly keep: number;
}

export function createCommand(cli: Cli): Command {
  const command = new Command('snapshot')
    .description(
      'Take a snapshot of a log that nobody writes to: its state behind the last event, from which the next ' +
        'recovery begins. No event is written; a torn end is cut off, as wal serve does, and kept.',
    )
    .argument('<dir>', 'the folder of a log')
    .option(
      '--keep <n>',
      'snapshots that stay, the new one among them',
      integerFrom(1, '--keep'),
      KEEP_DEFAULT,
    );
  return addJson(command)
    .addHelpText('after', examples('truetape wal snapshot log', 'truetape wal snapshot log --keep 1 --json'))
    .action(async (dir: string, _: unknown, self: Command) => {
      const options = self.optsWithGlobals<SnapshotOptions>();
      const voice = await voiceOf(cli, options);
      const taken = await changeFolder(dir, (folder) => takeOne(folder, options.keep), voice);
      printOut(options.json === true ? `${JSON.stringify(taken)}\n` : `${linesOf(taken).join('\n')}\n`);
    });
}

interface Taken extends TakenSnapshot {
  readonly hash: string;
  readonly stateHash: string;
}

function takeOne({ path, config }: LogFolder, keep: number): Taken {
  const recovered = recoverLog(config);
  if (!recovered.ok) throw walFailure(path, recovered.error);
  const { report } = recovered.value;
  if (report.nextSeq === 0)
    throw new CliFailure(
      EXIT.failure,
      `${path} has no event yet`,
      'a snapshot is of what was: take it later',
    );
  const taken = snapshotRecovered(config, recovered.value, keep);
  if (!taken.ok) throw walFailure(path, taken.error);
  return { ...taken.value, hash: report.hash, stateHash: report.stateHash };
}

function linesOf({ name, seq, bytes, removed, hash, stateHash }: Taken): string[] {
  return [
    titled('snapshot', `${name}, ${bytes} bytes, of all before seq ${seq}`),
    titled('hash', hash),
    titled('state hash', stateHash),
    ...titledList('removed', removed),
  ];
}
