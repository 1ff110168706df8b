/** `truetape wal recover`. */
import { Command } from 'commander';
import { recoverLog } from '@truetape/wal';
import type { RecoveryReport, WalError } from '@truetape/wal';
import type { Cli, GlobalOptions } from '../../cli.ts';
import { voiceOf } from '../../cli.ts';
import { examples } from '../../examples.ts';
import { integerFrom } from '../../number-argument.ts';
import { addJson } from '../../options.ts';
import { printOut } from '../../terminal.ts';
import { noteWriter, readFolder } from '../../wal/open-folder.ts';
import { errorJson, reportJson, reportLines } from '../../wal/report-lines.ts';
import { walFailure } from '../../wal/wording.ts';

interface RecoverOptions extends GlobalOptions {
  readonly json?: boolean;
  readonly expectSeq?: number;
  readonly strictTail?: boolean;
  readonly timing?: boolean;
}

const WORDS = `
Nothing is changed: a torn end is cut by wal serve, which keeps its bytes beside the segment. No lock is
taken; beside a process that writes, what it is in the middle of may look torn.

Exits 0, 5 where the log is damaged or ends too early, 3 where it is whole and its facts or its states are not
those that its commands give, 1 where it cannot be read.
`;

export function createCommand(cli: Cli): Command {
  const command = new Command('recover')
    .description(
      'Recover a log without changing it: the newest good snapshot, every event behind it, facts and states ' +
        'held against what its commands give. Shows what was used, and where the log ends.',
    )
    .argument('<dir>', 'the folder of a log')
    .option('--expect-seq <n>', 'the log must reach this seq', integerFrom(0, '--expect-seq'))
    .option('--strict-tail', 'refuse a torn end instead of reporting it')
    .option('--timing', 'say how long it took');
  return addJson(command)
    .addHelpText(
      'after',
      WORDS + examples('truetape wal recover log', 'truetape wal recover log --json --expect-seq 41'),
    )
    .action(async (dir: string, _: unknown, self: Command) => {
      const options = self.optsWithGlobals<RecoverOptions>();
      const voice = await voiceOf(cli, options);
      noteWriter(dir, voice);
      recover(dir, options);
    });
}

function recover(dir: string, options: RecoverOptions): void {
  const { strictTail = false, expectSeq } = options;
  const started = performance.now();
  const recovered = readFolder(dir, ({ config }) =>
    recoverLog({ ...config, strictTail, ...(expectSeq === undefined ? {} : { expectSeq }) }),
  );
  const elapsedMs = Math.round(performance.now() - started);
  const report = recovered.ok ? recovered.value.report : undefined;
  const error = recovered.ok ? undefined : recovered.error;
  printOut(
    options.json === true
      ? jsonText(report, error, options.timing === true ? elapsedMs : undefined)
      : plainText(report, options.timing === true ? elapsedMs : undefined),
  );
  if (error !== undefined) throw walFailure(dir, error);
}

function jsonText(
  report: RecoveryReport | undefined,
  error: WalError | undefined,
  elapsedMs: number | undefined,
): string {
  const timing = elapsedMs === undefined ? {} : { elapsedMs };
  const found = report === undefined ? { error: errorJson(error!) } : reportJson(report);
  return `${JSON.stringify({ ok: report !== undefined, ...found, ...timing })}\n`;
}

function plainText(report: RecoveryReport | undefined, elapsedMs: number | undefined): string {
  if (report === undefined) return '';
  const timing = elapsedMs === undefined ? [] : [`took         ${elapsedMs} ms`];
  return `${[...reportLines(report), ...timing].join('\n')}\n`;
}
