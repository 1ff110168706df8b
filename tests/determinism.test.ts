// The same bytes on Node 24 and 26, in any time zone and locale: here in the two environments that have nothing in
// common, in all four among the proofs.
//
// To add a producer: a file `<name>.producer.ts` in a package's test folder that writes bytes to stdout.
// Nothing else to do; keep it under a second, since it runs six times. It runs as a module of one process with the
// others: what it writes must not depend on what ran before.

import { expect, test } from 'vitest';
import { compareProducers } from './compare-producers.ts';
import { ENVIRONMENTS, EXTREMES, HOSTILE, runIn } from './under-nodes.ts';

test('the four environments really differ', { timeout: 180_000 }, async () => {
  // Without this, a machine with one Node or without locale data would compare a thing with itself.
  const probe =
    'console.log(process.versions.node.split(".")[0], new Date(0).getHours(), Intl.NumberFormat().resolvedOptions().locale)';
  const runs = await Promise.all(ENVIRONMENTS.map((environment) => runIn(environment, '-e', [probe])));
  const hostile = HOSTILE.LANG.slice(0, 5).replace('_', '-');
  expect(runs.map(({ stdout }) => stdout.toString().trim())).toEqual([
    '24 0 en-US',
    '26 0 en-US',
    `24 5 ${hostile}`,
    `26 5 ${hostile}`,
  ]);
  expect(EXTREMES.map(({ major, settings }) => `${major} ${settings}`)).toEqual(['24 plain', '26 hostile']);
});

compareProducers(EXTREMES);
