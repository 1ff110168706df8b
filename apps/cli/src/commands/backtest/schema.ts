/** `truetape backtest schema`. */
import { Command } from 'commander';
import { configJsonSchema } from '@truetape/backtest';
import type { JsonObject } from '@truetape/contracts';
import { STRATEGIES } from '@truetape/strategies';
import { schemaWithFiles } from '../../backtest/delay-files.ts';
import { parametersSchema } from '../../backtest/parameters.ts';
import { loadStrategy } from '../../backtest/strategy-source.ts';
import { examples } from '../../examples.ts';
import { printOut } from '../../terminal.ts';

export function createCommand(): Command {
  return new Command('schema')
    .description(
      'Print the JSON Schema of configurations: what backtest run --config takes, and what editors complete and ' +
        'check. Times are ns, rates of fees basis points as text; limits of risk are under risk.',
    )
    .option('--strategy <name>', 'with the parameters of this one alone; default: of any that is included')
    .addHelpText(
      'after',
      examples(
        'truetape backtest schema > backtest.schema.json',
        'truetape backtest schema --strategy market-maker | jq .properties.strategy',
      ),
    )
    .action(async ({ strategy }: { readonly strategy?: string }) => {
      const schema = schemaWithFiles(configJsonSchema(await strategySchema(strategy)));
      printOut(`${JSON.stringify(schema, null, 2)}\n`);
    });
}

async function strategySchema(name: string | undefined): Promise<JsonObject> {
  if (name !== undefined) {
    const { definition } = await loadStrategy(name);
    return { title: definition.name, ...parametersSchema(definition) };
  }
  return {
    anyOf: STRATEGIES.map((one) => {
      const { $schema: _, ...schema } = parametersSchema(one);
      return { title: one.name, description: one.doc, ...schema };
    }),
  };
}
