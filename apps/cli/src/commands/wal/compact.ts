/** `truetape wal compact`. */
import { Command, Option } from 'commander';
import { compact, planCompaction } from '@truetape/wal';
import type { Compaction } from '@truetape/wal';
import type { Cli, GlobalOptions } from '../../cli.ts';
import { voiceOf } from '../../cli.ts';
import { examples } from '../../examples.ts';
import { integerFrom } from '../../number-argument.ts';
import { addJson } from '../../options.ts';
import { printOut } from '../../terminal.ts';
import { changeFolder, readFolder } from '../../wal/open-folder.ts';
import type { LogFolder } from '../../wal/open-folder.ts';
import { titled, titledList } from '../../wal/report-lines.ts';
import { compactionFailure, seqsText, walFailure } from '../../wal/wording.ts';

interface CompactOptions extends GlobalOptions {
  readonly json?: boolean;
  readonly dryRun?: boolean;
  readonly policy: 'archive' | 'delete';
  readonly keep?: number;
}

const WORDS = `
What stays is enough to recover from the oldest snapshot, with the page of the hash that it lies in. Every
snapshot has to be good; segments go one by one, the oldest first, so that an interruption leaves no gap.
`;

export function createCommand(cli: Cli): Command {
  const command = new Command('compact')
    .description(
      'Put away the segments that no snapshot needs any more: each is sealed, then moved to archive/ or deleted.',
    )
    .argument('<dir>', 'the folder of a log')
    .option('--dry-run', 'say what would be done, and do nothing')
    .addOption(
      new Option('--policy <what>', 'what becomes of them').choices(['archive', 'delete']).default('archive'),
    )
    .option('--keep <n>', 'remove all snapshots but the last few before it', integerFrom(1, '--keep'));
  return addJson(command)
    .addHelpText(
      'after',
      WORDS +
        examples('truetape wal compact log --dry-run', 'truetape wal compact log --keep 1 --policy delete'),
    )
    .action(async (dir: string, _: unknown, self: Command) => {
      const options = self.optsWithGlobals<CompactOptions>();
      const voice = await voiceOf(cli, options);
      const { dryRun = false } = options;
      const work = (folder: LogFolder): Compaction => compactFolder(folder, options);
      const plan = dryRun ? readFolder(dir, work) : await changeFolder(dir, work, voice);
      printOut(
        options.json === true
          ? `${JSON.stringify({ dryRun, ...plan })}\n`
          : `${linesOf(plan, dryRun).join('\n')}\n`,
      );
    });
}

function compactFolder({ path, config }: LogFolder, { policy, keep, dryRun }: CompactOptions): Compaction {
  const plan = planCompaction(config, policy, keep);
  if (!plan.ok) throw compactionFailure(path, plan.error);
  if (dryRun === true) return plan.value;
  const failed = compact(config, plan.value);
  if (failed !== undefined) throw walFailure(path, failed);
  return plan.value;
}

function linesOf({ snapshot, pageSeq, segments, policy, dropped }: Compaction, dryRun: boolean): string[] {
  const [would, done] =
    policy === 'archive' ? ['would be archived', 'archived'] : ['would be deleted', 'deleted'];
  const texts = segments.map(
    ({ name, baseSeq, nextSeq }) => `${name}  ${seqsText(baseSeq, nextSeq)}, ${dryRun ? would : done}`,
  );
  return [
    titled('snapshot', `${snapshot}, the oldest that stays; needs events from seq ${pageSeq} on`),
    ...titledList(
      'removed',
      dropped.map((name) => (dryRun ? `${name} would be` : name)),
    ),
    ...titledList('segments', texts.length === 0 ? ['none to put away'] : texts),
  ];
}
