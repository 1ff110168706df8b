/** `truetape wal repair`. */
import { Command } from 'commander';
import type { JsonObject } from '@truetape/contracts';
import { planRepair, repair } from '@truetape/wal';
import type { RepairPlan, RepairStep } from '@truetape/wal';
import type { Cli, GlobalOptions } from '../../cli.ts';
import { voiceOf } from '../../cli.ts';
import { examples } from '../../examples.ts';
import { CliFailure, EXIT } from '../../failure.ts';
import { addJson } from '../../options.ts';
import { printOut } from '../../terminal.ts';
import { changeFolder, readFolder } from '../../wal/open-folder.ts';
import type { LogFolder } from '../../wal/open-folder.ts';
import { errorJson, titled, titledList } from '../../wal/report-lines.ts';
import { notRepairable, seqsText, walFailure } from '../../wal/wording.ts';
import { quoted } from '../../wording.ts';

interface RepairOptions extends GlobalOptions {
  readonly json?: boolean;
  readonly dryRun?: boolean;
  readonly acceptLoss?: boolean;
}

const WORDS = `
Nothing is deleted: bytes that are cut off are copied beside their segment first, files get another name under
which nobody reads them. What was acknowledged may be lost by it, which needs --accept-loss; a torn end, which
was not, does not. Copy the folder before, and run wal verify behind it.
`;

export function createCommand(cli: Cli): Command {
  const command = new Command('repair')
    .description(
      'Set aside what keeps a log from being recovered, so that it goes on from the last event that can be ' +
        'vouched for.',
    )
    .argument('<dir>', 'the folder of a log')
    .option('--dry-run', 'say what would be done and which seqs that would cost, and do nothing')
    .option('--accept-loss', 'go on although acknowledged events are, or may be, lost');
  return addJson(command)
    .addHelpText(
      'after',
      WORDS + examples('truetape wal repair log --dry-run', 'truetape wal repair log --accept-loss'),
    )
    .action(async (dir: string, _: unknown, self: Command) => {
      const options = self.optsWithGlobals<RepairOptions>();
      const voice = await voiceOf(cli, options);
      const work = (folder: LogFolder): void => repairFolder(folder, options);
      if (options.dryRun === true) readFolder(dir, work);
      else await changeFolder(dir, work, voice);
    });
}

function repairFolder(folder: LogFolder, options: RepairOptions): void {
  const { path, config, storage } = folder;
  const planned = planRepair(config);
  if (!planned.ok) throw notRepairable(path, planned.error);
  const plan = planned.value;
  const { dryRun = false } = options;
  const isRefused = !dryRun && plan.needsConsent && options.acceptLoss !== true;
  const isDone = !dryRun && !isRefused && plan.steps.length > 0;
  const failed = isDone ? repair(storage, plan) : undefined;
  if (failed !== undefined) throw walFailure(path, failed);
  printOut(
    options.json === true
      ? `${JSON.stringify({ done: isDone, ...planJson(plan) })}\n`
      : `${planLines(path, plan, isDone).join('\n')}\n`,
  );
  if (!isRefused) return;
  const cost =
    plan.lost === undefined ? 'what it sets aside may be needed' : `${lostText(plan)} would be lost`;
  const next = `put it back from a backup, or accept that: truetape wal repair ${quoted(path)} --accept-loss`;
  const { exitCode } = plan.damage === undefined ? { exitCode: EXIT.corrupt } : walFailure(path, plan.damage);
  throw new CliFailure(exitCode, `${path} is not repaired: ${cost}`, next);
}

const lostText = ({ lost }: RepairPlan): string =>
  lost === undefined ? 'no event' : seqsText(lost.firstSeq, lost.nextSeq);

function stepText(step: RepairStep, isDone: boolean): string {
  switch (step.do) {
    case 'cut': {
      const { segment, bytes, offsetBytes, as } = step;
      const end = `${bytes} bytes of ${segment} from offset ${offsetBytes} on`;
      return `${end}, ${isDone ? 'copied' : 'would be copied'} to ${as} and cut off`;
    }
    case 'setAside':
      return `${step.name}, ${isDone ? 'set' : 'would be set'} aside as ${step.as}`;
    case 'restore':
      return `${step.name}, ${isDone ? 'back' : 'would be back'} as ${step.as}`;
  }
}

function planLines(path: string, plan: RepairPlan, isDone: boolean): string[] {
  const { damage, steps } = plan;
  const found = damage === undefined ? [] : [titled('damage', walFailure(path, damage).message)];
  if (steps.length === 0) return [...found, titled('repair', 'nothing to do')];
  return [
    ...found,
    ...titledList(
      'repair',
      steps.map((step) => stepText(step, isDone)),
    ),
    titled('lost', lostText(plan)),
  ];
}

function planJson({ damage, steps, lost, needsConsent }: RepairPlan): JsonObject {
  return {
    damage: damage === undefined ? null : errorJson(damage),
    steps: steps.map((step) => ({ ...step })),
    lost: lost === undefined ? null : { firstSeq: lost.firstSeq, nextSeq: lost.nextSeq ?? null },
    needsConsent,
  };
}
