/** `truetape backtest strategies`. */
import { Command } from 'commander';
import type { JsonObject } from '@truetape/contracts';
import { STRATEGIES } from '@truetape/strategies';
import { defaultsOf, parametersSchema, parametersYaml } from '../../backtest/parameters.ts';
import { loadStrategy, splitStrategy } from '../../backtest/strategy-source.ts';
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
    .option(
      '--template <strategy>',
      'the parameters of this one as YAML: market-maker, ./my.ts, maker=market-maker for one of several',
    );
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
    const { definition } = await loadStrategy(template);
    const { name } = splitStrategy(template);
    return json === true
      ? `${JSON.stringify(templateJson(template, name, defaultsOf(definition)))}\n`
      : parametersYaml(definition, name === undefined ? quoted(template) : template, name);
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

function templateJson(template: string, name: string | undefined, parameters: JsonObject): JsonObject {
  return name === undefined
    ? { strategy: parameters }
    : { use: [template], strategies: { [name]: parameters } };
}
