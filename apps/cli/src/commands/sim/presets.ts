/** `truetape sim presets`. */
import { Command, Option } from 'commander';
import { PRESETS, PRESET_NAMES } from '@truetape/orderflow';
import type { PresetName } from '@truetape/orderflow';
import { examples } from '../../examples.ts';
import { addJson } from '../../options.ts';
import { printOut } from '../../terminal.ts';

interface PresetsOptions {
  readonly show?: PresetName;
  readonly json?: boolean;
}

const WHAT: Readonly<Record<PresetName, string>> = {
  calm: 'steady flow around a hidden value, without faults',
  burst: 'many times the orders of calm, in spikes that fade',
  'cancel-storm': 'a bot that places and cancels, and little that trades',
  mixed: 'calm, with a burst and a cancel storm each minute; commands get doubled, lost and swapped',
  'flash-crash': 'a program that sells again and again from 10 s on, and what becomes of the book',
};

export function createCommand(): Command {
  const command = new Command('presets')
    .description('List the configurations that come with truetape, or print one: a file to begin from.')
    .addOption(new Option('--show <name>', 'print this one as YAML').choices(PRESET_NAMES));
  return addJson(command)
    .addHelpText('after', examples('truetape sim presets', 'truetape sim presets --show mixed > my.yaml'))
    .action((_: unknown, self: Command) => showPresets(self.optsWithGlobals<PresetsOptions>()));
}

async function showPresets({ show, json }: PresetsOptions): Promise<void> {
  if (show === undefined) {
    const listed = PRESET_NAMES.map((name) => ({ name, what: WHAT[name] }));
    const lines = listed.map(({ name, what }) => `${name.padEnd(14)}${what}`);
    printOut(json === true ? `${JSON.stringify(listed)}\n` : `${lines.join('\n')}\n`);
    return;
  }
  if (json === true) {
    printOut(`${JSON.stringify(PRESETS[show])}\n`);
    return;
  }
  const { stringify } = await import('yaml');
  printOut(stringify(PRESETS[show], { aliasDuplicateObjects: false }));
}
