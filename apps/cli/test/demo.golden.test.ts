// The demo prints the same everywhere: this file runs under every Node, in another time zone and locale.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT, SOURCES, truetape } from './truetape.ts';

test('the demo prints its golden', { timeout: 180_000 }, async () => {
  // Some ten starts from the sources, one behind the other: a busy machine takes its time.
  const run = await truetape(['demo'], { bin: SOURCES });
  expect(run).toMatchObject({ code: 0, stderr: '' });
  await expect(run.stdout).toMatchFileSnapshot(join(ROOT, 'fixtures', 'demo', 'demo.txt'));
});
