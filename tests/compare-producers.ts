// Runs all producers of bytes in several environments, and compares what they wrote.

import { globSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ROOT } from '../tools/architecture/repository.ts';
import { runIn, type Environment } from './under-nodes.ts';

interface Outcome {
  readonly producer: string;
  readonly sizeBytes: number;
  readonly hash: string;
  readonly failure: string;
}

/** One test a producer: it writes the same in each of the environments. */
export function compareProducers(environments: readonly Environment[]): void {
  const pattern = ['{packages,apps}/*/test/**/*.producer.ts', 'tests/*.producer.ts'];
  const producers = globSync(pattern, { cwd: ROOT }).sort();
  // One process an environment runs them all; the hostile ones in the other order, which shows what one leaves behind.
  const produced = Promise.all(
    environments.map((environment) => {
      const isPlain = environment.settings === 'plain';
      return runIn(environment, 'tests/run-producers.ts', isPlain ? producers : producers.toReversed());
    }),
  );
  produced.catch(() => undefined);

  test.each(producers)('%s', { timeout: 120_000 }, async (producer) => {
    const runs = (await produced).map(({ environment, stdout }) => ({
      environment,
      ...outcomeOf(stdout, producer),
    }));
    const [first] = runs;
    expect(first).toMatchObject({ failure: '' });
    expect(first.sizeBytes).toBeGreaterThan(0);
    expect(runs).toHaveLength(environments.length);
    expect(runs).toEqual(runs.map(({ environment }) => ({ ...first, environment })));
  });
}

function outcomeOf(stdout: Buffer, producer: string): Outcome | undefined {
  const outcomes = stdout.toString().trimEnd().split('\n');
  return outcomes.map((line) => JSON.parse(line) as Outcome).find((outcome) => outcome.producer === producer);
}
