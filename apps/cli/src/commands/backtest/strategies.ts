/** `truetape backtest strategies`. */
import { Command } from 'commander';
import { STRATEGIES } from '@truetape/strategies';
import { defaultsOf, parametersSchema, parametersYaml } from '../../backtest/parameters.ts';
import { loadStrategy } from '../../backtest/strategy-source.ts';
import { examples } from '../../examples.ts';
import { addJson } from '../../options.ts';
import { printOut } from '../../terminal.ts';
import { quoted } from '../../wording.ts';

interface StrategiesOptions {
  readonly template?: string;
  readonly json?: boolean;
}

const NAME_WIDTH = 16;

export function createCommand(): Command {
  const command = new Command('strategies')
    .description(
      'List the strategies that come with truetape, or print all parameters of one with their defaults: a file to ' +
        'begin from, for --config.',
    )
    .option('--template <strategy>', 'the parameters of this one as YAML; a file of your own has some, too');
  return addJson(command)
    .addHelpText(
      'after',
      examples(
        'truetape backtest strategies',
        'truetape backtest strategies --template market-maker > mm.yaml',
      ),
    )
    .action(async (_: unknown, self: Command) => {
      printOut(await strategiesText(self.optsWithGlobals<StrategiesOptions>()));
    });
}

/** What is printed. */
export async function strategiesText({ template, json }: StrategiesOptions): Promise<string> {
  if (template !== undefined) {
    const definition = await loadStrategy(template);
    return json === true
      ? `${JSON.stringify({ strategy: defaultsOf(definition) })}\n`
      : parametersYaml(definition, quoted(template));
  }
  if (json === true) {
    const all = STRATEGIES.map((one) => ({
      name: one.name,
      doc: one.doc,
      parameters: defaultsOf(one),
      schema: parametersSchema(one),
    }));
    return `${JSON.stringify(all)}\n`;
  }
  return STRATEGIES.map(({ name, doc }) => `${name.padEnd(NAME_WIDTH)}${doc}\n`).join('');
}
