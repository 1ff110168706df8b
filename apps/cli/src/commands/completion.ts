/** `truetape completion`. */
import { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { SHELLS, outlineOf } from '../completion/outline.ts';
import { completionScript } from '../completion/scripts.ts';
import { examples } from '../examples.ts';
import { usageFailure } from '../failure.ts';
import { createProgram } from '../program.ts';
import { printOut } from '../terminal.ts';

export function createCommand(cli: Cli): Command {
  return new Command('completion')
    .description('Print a script that completes commands, flags and file names in your shell.')
    .argument('<shell>', SHELLS.join(', '))
    .addHelpText(
      'after',
      examples(
        'source <(truetape completion bash)',
        'truetape completion fish > ~/.config/fish/completions/truetape.fish',
      ),
    )
    .action(async (text: string) => {
      const shell = SHELLS.find((one) => one === text);
      if (shell === undefined) throw usageFailure(`expected ${SHELLS.join(', ')}, found ${text}`);
      printOut(completionScript(shell, outlineOf(await createProgram(cli, 'all'))));
    });
}
