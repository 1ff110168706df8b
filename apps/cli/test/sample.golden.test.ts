// fixtures/tapes: the sample tape is what the command line makes of a capture, byte for byte, everywhere.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT, scratchFolder } from './truetape.ts';

const FOLDER = join(ROOT, 'fixtures', 'tapes');
const cwd = scratchFolder();

test('the sample tapes are what make.ts writes', { timeout: 180_000 }, () => {
  const make = join(FOLDER, 'make.ts');
  if (process.env['TRUETAPE_GOLDENS'] === 'update') execFileSync(process.execPath, [make]);
  execFileSync(process.execPath, [make, cwd]);
  const names = ['sample.rpl', 'sample.txt.rpl', 'sample.json'];
  const other = names.filter(
    (name) => !readFileSync(join(cwd, name)).equals(readFileSync(join(FOLDER, name))),
  );
  expect(other).toEqual([]);
});
