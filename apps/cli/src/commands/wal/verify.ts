/** `truetape wal verify`. */
import { Command } from 'commander';
import type { JsonObject } from '@truetape/contracts';
import { recoverLog } from '@truetape/wal';
import type { RecoveryReport } from '@truetape/wal';
import type { Cli, GlobalOptions } from '../../cli.ts';
import { voiceOf } from '../../cli.ts';
import { examples } from '../../examples.ts';
import { CliFailure, EXIT } from '../../failure.ts';
import { addJson } from '../../options.ts';
import { printOut } from '../../terminal.ts';
import { verifyArchive } from '../../wal/archive.ts';
import type { ArchivedSegment } from '../../wal/archive.ts';
import { noteWriter, readFolder } from '../../wal/open-folder.ts';
import type { LogFolder } from '../../wal/open-folder.ts';
import { verifyRunLog } from '../../wal/run-log.ts';
import { errorJson, reportJson, reportLines, titledList } from '../../wal/report-lines.ts';
import { refusedText, seqsText, walFailure } from '../../wal/wording.ts';
import { quoted } from '../../wording.ts';

interface VerifyOptions extends GlobalOptions {
  readonly json?: boolean;
}

const WORDS = `
Every segment is read, from the first that there is; every frame, checksum, index, seal and page of the hash
is recomputed; every snapshot is held against the state at its place; archived segments are held against their
seals and against each other. Takes memory for the state, and time for all of the log. Of the log of a
backtest frames, checksums, pages and seals are checked; what its events follow from, backtest resume runs
again.

Exits 0 when all of it is right, 5 where anything is damaged or the end is torn, 3 where facts or states are
not those that the commands give, 1 where it cannot be read.
`;

export function createCommand(cli: Cli): Command {
  const command = new Command('verify')
    .description('Check everything that there is of a log: segments, snapshots, archive. Changes nothing.')
    .argument('<dir>', 'the folder of a log');
  return addJson(command)
    .addHelpText('after', WORDS + examples('truetape wal verify log', 'truetape wal verify log --json'))
    .action(async (dir: string, _: unknown, self: Command) => {
      const options = self.optsWithGlobals<VerifyOptions>();
      const voice = await voiceOf(cli, options);
      noteWriter(dir, voice);
      verify(dir, options);
    });
}

/** What was found; the first failure is the verdict. */
interface Verdict {
  readonly report: RecoveryReport | undefined;
  readonly archived: readonly ArchivedSegment[];
  readonly failure: CliFailure | undefined;
  readonly error: JsonObject | null;
}

function verifyFolder(folder: LogFolder): Verdict {
  const { path, config } = folder;
  const recovered = recoverLog({ ...config, everything: true, deep: true, strictTail: true });
  if (!recovered.ok) {
    const error = errorJson(recovered.error);
    return { report: undefined, archived: [], failure: walFailure(path, recovered.error), error };
  }
  const { report } = recovered.value;
  const [bad] = report.refused;
  if (bad !== undefined) {
    const next = `it is not used; set it aside: truetape wal repair ${quoted(path)}`;
    const failure = new CliFailure(EXIT.corrupt, `${path} has a bad snapshot: ${refusedText(bad)}`, next);
    return { report, archived: [], failure, error: { code: 'badSnapshot', ...bad } };
  }
  const { archived, failure } = verifyArchive(folder, report);
  const error = failure === undefined ? null : { code: 'badArchive', message: failure.message };
  return { report, archived, failure, error };
}

function verify(dir: string, options: VerifyOptions): void {
  const run = readFolder(dir, verifyRunLog);
  if (run !== undefined) {
    if (options.json === true) printOut(`${JSON.stringify(run.json)}\n`);
    else if (run.failure === undefined) printOut(`${run.lines.join('\n')}\n`);
    if (run.failure !== undefined) throw run.failure;
    return;
  }
  const { report, archived, failure, error } = readFolder(dir, verifyFolder);
  if (options.json === true) {
    const found = report === undefined ? {} : reportJson(report);
    const all = { ok: failure === undefined, ...found, archived, notVerified: unverified(report), error };
    printOut(`${JSON.stringify(all)}\n`);
  } else if (failure === undefined) {
    const lines = [
      ...reportLines(report!),
      ...titledList('archived', archived.map(archivedText)),
      ...titledList('verified', ['frames, checksums, pages, facts, Checkpoints, seals, snapshots']),
      ...titledList('not verified', unverified(report)),
    ];
    printOut(`${lines.join('\n')}\n`);
  }
  if (failure !== undefined) throw failure;
}

const archivedText = ({ name, baseSeq, nextSeq, hash }: ArchivedSegment): string =>
  `${name}  ${seqsText(baseSeq, nextSeq)}, sealed, hash ${hash}`;

/** What nothing in the folder vouches for. */
function unverified(report: RecoveryReport | undefined): string[] {
  if (report === undefined) return [];
  const { segments, snapshot } = report;
  const beginning = `what commands before seq ${segments[0].baseSeq} gave: ${
    snapshot === undefined ? 'they are not here' : 'the oldest snapshot stands for it'
  }`;
  return [
    ...(segments[0].baseSeq > 0 ? [beginning] : []),
    ...(segments.at(-1)!.sealed === true
      ? []
      : ['the end: commits that are missing there as a whole do not show; wal recover --expect-seq does']),
  ];
}
