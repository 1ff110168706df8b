/** What commands share: settings, the exit code, and a voice on stderr. */
import type { ExitCode } from './failure.ts';
import type { ResolvedSettings } from './settings.ts';
import { isInteractive, printError } from './terminal.ts';
import type { ColorChoice } from './terminal.ts';

/** Options that stand before or behind every command. */
export interface GlobalOptions {
  readonly color?: ColorChoice;
  readonly quiet?: boolean;
}

export interface Cli {
  exitCode: ExitCode;
  /** Settings below the flags: environment, files, defaults. Read when they are first asked for. */
  readonly settings: () => Promise<ResolvedSettings>;
}

/** How a command speaks: colour choice, and whether it may speak at all. */
export interface Voice {
  readonly color: ColorChoice;
  readonly quiet: boolean;
  /** Progress may be drawn. */
  readonly progress: boolean;
  /** A remark on stderr. */
  note(text: string): void;
}

/** The voice that flags and settings give a command. */
export async function voiceOf(cli: Cli, options: GlobalOptions): Promise<Voice> {
  const { values } = await cli.settings();
  const quiet = options.quiet ?? values.quiet;
  return {
    color: options.color ?? values.color,
    quiet,
    progress: !quiet && isInteractive(),
    note: (text) => {
      if (!quiet) printError(`truetape: ${text}\n`);
    },
  };
}
