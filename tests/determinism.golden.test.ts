// The same bytes on Node 24 and 26, in any time zone and locale.
//
// To add a producer: a file `<name>.producer.ts` in a package's test folder that writes bytes to stdout.
// Nothing else to do; keep it under a second, since it runs four times.

import { createHash } from 'node:crypto';
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
  const runs = await underNodes('-e', [probe]);
  expect(runs.map(({ stdout }) => stdout.toString().trim())).toEqual(
    NODES.flatMap(({ major }) => [
      `${major} 0 en-US`,
      `${major} 5 ${HOSTILE.LANG.slice(0, 5).replace('_', '-')}`,
    ]),
  );
});

test.each(producers)('%s', async (producer) => {
  const runs = await underNodes(producer);
  expect(runs[0].stdout.length).toBeGreaterThan(0);
  const hashes = runs.map(
    ({ environment, stdout }) => `${environment}: ${createHash('sha256').update(stdout).digest('hex')}`,
  );
  const first = hashes[0].split(': ')[1];
  expect(hashes).toEqual(runs.map(({ environment }) => `${environment}: ${first}`));
});
