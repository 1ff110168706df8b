/** The bundle that tests start in place of the sources: it is what users get, and is there in half the time. */
import { existsSync, mkdtempSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleCode } from './code.ts';

/** Path of the command line of this run of the tests; the first to ask makes it. */
export async function testBundle(): Promise<string> {
  const run = process.env['TRUETAPE_TEST_RUN'];
  if (run === undefined) throw new Error('TRUETAPE_TEST_RUN is not set: test-run.ts does it');
  const folder = join(run, 'cli');
  const bin = join(folder, 'truetape.mjs');
  if (existsSync(bin)) return bin;
  const own = mkdtempSync(join(run, 'cli-'));
  await bundleCode(own);
  writeFileSync(join(own, 'package.json'), '{ "type": "module" }\n');
  try {
    renameSync(own, folder);
  } catch (error) {
    // Another worker of the run was quicker.
    if (!existsSync(bin)) throw error;
  }
  return bin;
}
