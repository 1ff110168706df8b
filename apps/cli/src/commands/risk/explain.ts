/** `truetape risk explain`. */
import { Command } from 'commander';
import { examples } from '../../examples.ts';
import { usageFailure } from '../../failure.ts';
import { addJson } from '../../options.ts';
import { loadRiskConfig } from '../../risk/config.ts';
import { explainJson, explainText } from '../../risk/explain-text.ts';
import { ORDER_NAMES, TERMS_NAMES, VIEW_NAMES } from '../../risk/scene-names.ts';
import { createScene } from '../../risk/scene.ts';
import { printOut } from '../../terminal.ts';

interface ExplainOptions {
  readonly config: string;
  readonly set?: readonly string[];
  readonly order?: string;
  readonly view?: string;
  readonly terms?: string;
  readonly json?: boolean;
}

/** Words over lines of a help text. */
function folded(names: readonly string[]): string {
  const lines: string[] = [''];
  for (const name of names) {
    const last = lines.length - 1;
    if (lines[last].length + name.length < 88) lines[last] += ` ${name}`;
    else lines.push(` ${name}`);
  }
  return lines.join('\n        ');
}

const NAMES = `
--order${folded(ORDER_NAMES)}
--view ${folded(VIEW_NAMES)}
--terms${folded(TERMS_NAMES)}
Prices, quantities and money are decimals. What --view leaves out is flat, fresh and empty, but prices
and equity: without them nobody knows. Losses count from equity itself where nothing else is said.
`;

export function createCommand(): Command {
  const command = new Command('explain')
    .description(
      'Say which limits a configuration puts in force, by precedence; with an order, what each of them ' +
        'says to it, and what comes of it. docs/risk.md has the rules.',
    )
    .requiredOption(
      '--config <file>',
      'limits as YAML or JSON, or a run that has them under risk; - for stdin',
    )
    .option('--set <path=value...>', 'change a value of it')
    .option('--order <name=value,…>', 'an order: side and qty at least')
    .option('--view <name=value,…>', 'market and account that it meets')
    .option('--terms <name=value,…>', 'the instrument: linear, steps of 1, money of 8 digits by default');
  return addJson(command)
    .addHelpText(
      'after',
      NAMES +
        examples(
          'truetape risk explain --config limits.yaml',
          'truetape risk explain --config limits.yaml --order side=buy,qty=5,price=100 --view ask=101,equity=900',
        ),
    )
    .action(async (options: ExplainOptions) => {
      const { order, view, terms } = options;
      if (order === undefined && (view ?? terms) !== undefined)
        throw usageFailure('--view and --terms are for an order', 'add --order side=buy,qty=1');
      const config = await loadRiskConfig(options.config, options.set ?? []);
      const scene =
        order === undefined
          ? undefined
          : createScene(config, {
              order,
              ...(view === undefined ? {} : { view }),
              ...(terms === undefined ? {} : { terms }),
            });
      printOut(
        options.json === true
          ? `${JSON.stringify(explainJson(config, scene))}\n`
          : explainText(config, scene),
      );
    });
}
