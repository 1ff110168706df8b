// fixtures/replay-pack: the tapes are what the command line makes of their presets, byte for byte, everywhere.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT, scratchFolder } from './truetape.ts';

const FOLDER = join(ROOT, 'fixtures', 'replay-pack');
const cwd = scratchFolder();

// Fails when the model, the book or the encoding changes: then `npm run goldens`, and the reason in the change.
test('the replay pack is what make.ts writes', { timeout: 180_000 }, () => {
  const make = join(FOLDER, 'make.ts');
  if (process.env['TRUETAPE_GOLDENS'] === 'update') execFileSync(process.execPath, [make]);
  execFileSync(process.execPath, [make, cwd]);
  const names = ['calm', 'burst', 'cancel-storm'].flatMap((name) => [`${name}.rpl`, `${name}.json`]);
  const other = names.filter(
    (name) => !readFileSync(join(cwd, name)).equals(readFileSync(join(FOLDER, name))),
  );
  expect(other).toEqual([]);
});
