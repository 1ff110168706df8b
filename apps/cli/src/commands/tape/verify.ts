/** `truetape tape verify`. */
import { Command } from 'commander';
import { nodePorts, openInput } from '@truetape/host';
import { createDecoder, createReader } from '@truetape/tape';
import type { EndOfTape, TapeReader } from '@truetape/tape';
import type { Cli, GlobalOptions, Voice } from '../../cli.ts';
import { voiceOf } from '../../cli.ts';
import { examples } from '../../examples.ts';
import { CliFailure, EXIT } from '../../failure.ts';
import { interruptible } from '../../interruption.ts';
import { addJson } from '../../options.ts';
import { withProgress } from '../../progress.ts';
import { printOut } from '../../terminal.ts';
import { tapeFailure, tornFailure } from '../../wording.ts';

interface VerifyOptions extends GlobalOptions {
  readonly json?: boolean;
  readonly sealed?: boolean;
}

export function createCommand(cli: Cli): Command {
  const command = new Command('verify')
    .description(
      'Read every byte of a tape and hold it against all that vouches for it. Exits 0 when it is right, ' +
        '3 when a count, hash or seal does not match, 5 when it is corrupt or torn.',
    )
    .argument('<file>', 'a tape (- for stdin)')
    .option('--sealed', 'demand a seal: a tape without one does not match');
  return addJson(command)
    .addHelpText(
      'after',
      examples('truetape tape verify run.rpl', 'truetape tape verify run.rpl --sealed --json'),
    )
    .action(async (file: string, _: unknown, self: Command) => {
      const options = self.optsWithGlobals<VerifyOptions>();
      await verifyTape(file, options, await voiceOf(cli, options));
    });
}

/** What a run over the tape did not vouch for. */
function unverified(reader: TapeReader, end: EndOfTape): string[] {
  if (end.sealed) return [];
  const { encoding } = reader.decoder;
  return [
    'no seal: nothing says that these are all events that were written',
    ...(encoding === 'text' ? ['no checksum: a changed digit in an unsealed text tape does not show'] : []),
    ...(encoding === 'binary' && end.torn === undefined
      ? ['whole frames that are missing at the end do not show']
      : []),
  ];
}

function verifiedText(reader: TapeReader, end: EndOfTape): string {
  const what = reader.decoder.encoding === 'binary' ? 'frames, checksums, index' : 'lines';
  return end.sealed ? `${what}, count, hash, seal` : what.replace(', index', '');
}

function failureOf(path: string, reader: TapeReader, options: VerifyOptions): CliFailure | undefined {
  if (reader.error !== undefined) return tapeFailure(path, reader.error);
  const end = reader.end!;
  if (end.torn !== undefined) return tornFailure(path, end.torn);
  if (options.sealed !== true || end.sealed) return undefined;
  return new CliFailure(
    EXIT.mismatch,
    `${path} at offset ${end.offsetBytes}: expected a seal, found the end`,
    'its writer has not ended it, or its end is missing',
  );
}

async function verifyTape(path: string, options: VerifyOptions, voice: Voice): Promise<void> {
  const input = await withProgress(openInput(path), voice);
  const reader = createReader(createDecoder({ ports: nodePorts, hash: true, verify: true }), input.source);
  await interruptible(async ({ breathe }) => {
    while (reader.next() !== undefined) await breathe();
  });
  input.close();
  const failure = failureOf(path, reader, options);
  const { end } = reader;
  const notes = end === undefined ? [] : unverified(reader, end);
  if (options.json === true) {
    const report = {
      ok: failure === undefined,
      events: end?.count ?? null,
      hash: end?.hash ?? null,
      seal: end?.footer?.seal ?? null,
      sealed: end?.sealed ?? null,
      error: reader.error ?? (end?.torn === undefined ? null : { code: 'torn', ...end.torn }),
      notVerified: notes,
    };
    printOut(`${JSON.stringify(report)}\n`);
  } else if (failure === undefined && end !== undefined) {
    printOut(`${path}: ok, ${String(end.count)} events, hash ${String(end.hash)}\n`);
    printOut(`  verified: ${verifiedText(reader, end)}\n`);
    for (const note of notes) printOut(`  not verified: ${note}\n`);
  }
  if (failure !== undefined) throw failure;
}
