/** `truetape sim schema`. */
import { Command } from 'commander';
import { configJsonSchema } from '@truetape/orderflow';
import { examples } from '../../examples.ts';
import { printOut } from '../../terminal.ts';

export function createCommand(): Command {
  return new Command('schema')
    .description(
      'Print the JSON Schema of configurations: what sim run --config takes, and what editors complete and ' +
        'check. Times are ns, rates thousandths, probabilities of faults parts per million.',
    )
    .addHelpText(
      'after',
      examples('truetape sim schema > sim.schema.json', 'truetape sim schema | jq .properties.faults'),
    )
    .action(() => printOut(`${JSON.stringify(configJsonSchema(), null, 2)}\n`));
}
