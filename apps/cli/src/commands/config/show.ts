/** `truetape config show`. */
import { Command } from 'commander';
import type { Cli, GlobalOptions } from '../../cli.ts';
import { examples } from '../../examples.ts';
import { addJson } from '../../options.ts';
import { SETTING_NAMES, environmentName } from '../../settings.ts';
import type { SettingName } from '../../settings.ts';
import { printOut } from '../../terminal.ts';

interface ShowOptions extends GlobalOptions {
  readonly origin?: boolean;
  readonly json?: boolean;
}

export function createCommand(cli: Cli): Command {
  const command = new Command('show')
    .description(
      'Show all settings. A flag wins over the environment, that over truetape.yaml or .json in this folder or ' +
        'above, that over the same in ~/.config/truetape, that over the default.',
    )
    .option('--origin', 'say where each value comes from, and the name of its environment variable');
  return addJson(command)
    .addHelpText(
      'after',
      examples('truetape config show', 'TRUETAPE_FRAME_BYTES=262144 truetape config show --origin'),
    )
    .action(async (_: unknown, self: Command) => {
      const options = self.optsWithGlobals<ShowOptions>();
      const { values, origins } = await cli.settings();
      const shown = SETTING_NAMES.map((name) => {
        const flag = flagOf(options, name);
        return {
          name,
          value: flag ?? values[name],
          origin: flag === undefined ? origins[name] : `flag --${name}`,
        };
      });
      if (options.json === true) {
        const entries = shown.map(
          ({ name, value, origin }) => [name, options.origin === true ? { value, origin } : value] as const,
        );
        printOut(`${JSON.stringify(Object.fromEntries(entries))}\n`);
        return;
      }
      for (const { name, value, origin } of shown) {
        const variable = origin.startsWith('environment') ? '' : ` (${environmentName(name)})`;
        const from =
          options.origin === true ? `  ${String(value).padEnd(8)} ${origin}${variable}` : `  ${value}`;
        printOut(`${name.padEnd(12)}${from}\n`);
      }
    });
}

/** Value of a setting that is a flag of every command. */
function flagOf(options: ShowOptions, name: SettingName): string | boolean | undefined {
  if (name === 'color') return options.color;
  return name === 'quiet' ? options.quiet : undefined;
}
