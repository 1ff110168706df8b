// The same bytes on Node 24 and 26, in any time zone and locale.
//
// To add a producer: a file `<name>.producer.ts` in a package's test folder that writes bytes to stdout.
// Nothing else to do; keep it under a second, since it runs four times. It runs as a module of one process with the
// others: what it writes must not depend on what ran before.

import { globSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ROOT } from '../tools/architecture/repository.ts';
import { HOSTILE, NODES, underNodes } from './under-nodes.ts';

const producers = globSync(['{packages,apps}/*/test/**/*.producer.ts', 'tests/*.producer.ts'], {
  cwd: ROOT,
}).sort();

test('the four environments really differ', async () => {
  // Without this, a machine with one Node or without locale data would compare a thing with itself.
  const probe =
    'console.log(process.versions.node.split(".")[0], new Date(0).getHours(), Intl.NumberFormat().resolvedOptions().locale)';
  const runs = [
    ...(await underNodes('-e', [probe], 'plain')),
    ...(await underNodes('-e', [probe], 'hostile')),
  ];
  expect(runs.map(({ stdout }) => stdout.toString().trim())).toEqual([
    ...NODES.map(({ major }) => `${major} 0 en-US`),
    ...NODES.map(({ major }) => `${major} 5 ${HOSTILE.LANG.slice(0, 5).replace('_', '-')}`),
  ]);
});

/** One process an environment runs them all; the hostile ones in the other order, which shows what one leaves behind. */
const produced = Promise.all([
  underNodes('tests/run-producers.ts', producers, 'plain'),
  underNodes('tests/run-producers.ts', producers.toReversed(), 'hostile'),
]).then((runs) => runs.flat());
produced.catch(() => undefined);

test.each(producers)('%s', { timeout: 60_000 }, async (producer) => {
  const runs = (await produced).map(({ environment, stdout }) => ({
    environment,
    ...outcomeOf(stdout, producer),
  }));
  const [first] = runs;
  expect(first).toMatchObject({ failure: '' });
  expect(first.sizeBytes).toBeGreaterThan(0);
  expect(runs).toEqual(runs.map(({ environment }) => ({ ...first, environment })));
});

interface Outcome {
  readonly producer: string;
  readonly sizeBytes: number;
  readonly hash: string;
  readonly failure: string;
}

function outcomeOf(stdout: Buffer, producer: string): Outcome | undefined {
  const outcomes = stdout.toString().trimEnd().split('\n');
  return outcomes.map((line) => JSON.parse(line) as Outcome).find((outcome) => outcome.producer === producer);
}
