/** `truetape tape verify`. */
import { Command } from 'commander';
import { nodePorts, openInput } from '@truetape/host';
import { createDecoder, createReader } from '@truetape/tape';
import type { EndOfTape, TapeReader } from '@truetape/tape';
import type { Cli, GlobalOptions, Voice } from '../../cli.ts';
import { voiceOf } from '../../cli.ts';
import {
  createTapeReplay,
  endTapeReplay,
  notReplayed,
  replayBatch,
  replayFailure,
  replayJson,
  replayLines,
} from '../../book/tape-replay.ts';
import type { TapeReplay } from '../../book/tape-replay.ts';
import { examples } from '../../examples.ts';
import { CliFailure, EXIT, usageFailure } from '../../failure.ts';
import { interruptible } from '../../interruption.ts';
import { addJson } from '../../options.ts';
import { withProgress } from '../../progress.ts';
import { printOut } from '../../terminal.ts';
import { tapeFailure, tornFailure } from '../../wording.ts';

interface VerifyOptions extends GlobalOptions {
  readonly json?: boolean;
  readonly sealed?: boolean;
  readonly replay?: boolean;
  readonly orders?: boolean;
}

export function createCommand(cli: Cli): Command {
  const command = new Command('verify')
    .description(
      'Read every byte of a tape and hold it against all that vouches for it. Exits 0 when it is right, ' +
        '3 when a count, hash, seal or replayed fact does not match, 5 when it is corrupt or torn, ' +
        '1 when it cannot be read or replayed.',
    )
    .argument('<file>', 'a tape (- for stdin)')
    .option('--sealed', 'demand a seal: a tape without one does not match')
    .option('--replay', 'feed its commands to fresh books, and demand every fact that a venue recorded')
    .option('--orders', 'follow the life of every order too (with --replay)');
  return addJson(command)
    .addHelpText(
      'after',
      examples('truetape tape verify run.rpl --sealed --json', 'truetape tape verify run.rpl --replay'),
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

/** What is wrong with the bytes of a tape. */
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
  const wantsOrders = options.orders === true;
  if (wantsOrders && options.replay !== true)
    throw usageFailure('--orders follows the orders of a replay', 'add --replay');
  const input = await withProgress(openInput(path), voice);
  const reader = createReader(createDecoder({ ports: nodePorts, hash: true, verify: true }), input.source);
  const replay = options.replay === true ? createTapeReplay(reader.decoder, wantsOrders) : undefined;
  await interruptible(async ({ breathe }) => {
    for (let batch = reader.next(); batch !== undefined; batch = reader.next()) {
      if (replay !== undefined) replayBatch(replay, batch);
      await breathe();
    }
  });
  input.close();
  const damage = failureOf(path, reader, options);
  // Damaged bytes are the cause of what a replay would say of them.
  const replayed = damage === undefined ? replay : undefined;
  if (replayed !== undefined) endTapeReplay(replayed, reader.end!);
  const failure = damage ?? (replayed && replayFailure(path, replayed));
  report(path, reader, { options, failure, replayed });
  if (failure !== undefined) throw failure;
}

interface Verdict {
  readonly options: VerifyOptions;
  readonly failure: CliFailure | undefined;
  readonly replayed: TapeReplay | undefined;
}

/** Says what was verified, and what was not. */
function report(path: string, reader: TapeReader, { options, failure, replayed }: Verdict): void {
  const { end } = reader;
  const notes = end === undefined ? [] : unverified(reader, end);
  if (replayed !== undefined && failure === undefined) notes.push(...notReplayed(replayed));
  if (options.json === true) {
    const verdict = {
      ok: failure === undefined,
      events: end?.count ?? null,
      hash: end?.hash ?? null,
      seal: end?.footer?.seal ?? null,
      sealed: end?.sealed ?? null,
      error: reader.error ?? (end?.torn === undefined ? null : { code: 'torn', ...end.torn }),
      ...(options.replay === true ? { replay: replayed === undefined ? null : replayJson(replayed) } : {}),
      notVerified: notes,
    };
    printOut(`${JSON.stringify(verdict)}\n`);
  } else if (failure === undefined && end !== undefined) {
    printOut(`${path}: ok, ${String(end.count)} events, hash ${String(end.hash)}\n`);
    printOut(`  verified: ${verifiedText(reader, end)}\n`);
    if (replayed !== undefined) for (const line of replayLines(replayed)) printOut(`  ${line}\n`);
    for (const note of notes) printOut(`  not verified: ${note}\n`);
  }
}
