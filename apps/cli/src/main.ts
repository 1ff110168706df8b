/** The command line: runs a command and turns what went wrong into an exit code and a message. */
import { CommanderError } from 'commander';
import type { Cli } from './cli.ts';
import { CliFailure, EXIT, explained } from './failure.ts';
import type { ExitCode } from './failure.ts';
import { Interrupted } from './interruption.ts';
import { createProgram, namedCommands } from './program.ts';
import { stopProgress } from './progress.ts';
import { resolveSettings } from './settings.ts';
import type { ResolvedSettings } from './settings.ts';
import { printError } from './terminal.ts';

function createCli(): Cli {
  let resolved: Promise<ResolvedSettings> | undefined;
  return { exitCode: EXIT.ok, settings: () => (resolved ??= resolveSettings()) };
}

function explain(failure: CliFailure): ExitCode {
  if (!(failure instanceof Interrupted)) printError(explained(failure));
  return failure.exitCode;
}

/** Code of the system where standard output took no more, such as one that goes to a full disk. */
function failedWrite(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('syscall' in error) || error.syscall !== 'write') return undefined;
  return 'code' in error ? String(error.code) : undefined;
}

/** Exit code of whatever ended a command. Throws what is a programmer's error: that is told with its stack. */
async function explainError(error: unknown): Promise<ExitCode> {
  if (error instanceof CliFailure) return explain(error);
  // Commander has said it already; help and version are no errors.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  const { InputError, OutputError } = await import('@truetape/host');
  const { inputFailure, outputFailure } = await import('./wording.ts');
  if (error instanceof InputError) return explain(inputFailure(error));
  if (error instanceof OutputError) {
    // Whoever reads has seen enough.
    return error.code === 'closed' ? EXIT.ok : explain(outputFailure(error));
  }
  const code = failedWrite(error);
  if (code !== undefined) return explain(outputFailure(new OutputError('unwritable', '-', code)));
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  printError(`truetape: internal error, please report it with the command and this text:\n${text}\n`);
  return EXIT.failure;
}

/** Runs the command line and returns its exit code. */
export async function main(args: readonly string[]): Promise<ExitCode> {
  const cli = createCli();
  try {
    const program = await createProgram(cli, namedCommands(args));
    if (args.length === 0) {
      program.outputHelp({ error: true });
      return EXIT.usage;
    }
    await program.parseAsync([...args], { from: 'user' });
    return cli.exitCode;
  } catch (error) {
    stopProgress();
    return explainError(error);
  }
}
