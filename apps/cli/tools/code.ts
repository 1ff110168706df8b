/** The command line and its workers as one bundle: what is published, and what most tests start. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { rolldown } from 'rolldown';

const CLI = join(import.meta.dirname, '..');
const ROOT = join(CLI, '..', '..');

/**
 * Writes `truetape.mjs` and all that it needs into an empty folder: workers and the parts of a page are looked
 * for beside the code that wants them.
 */
export async function bundleCode(folder: string): Promise<void> {
  const build = await rolldown({
    input: {
      main: join(CLI, 'src', 'main.ts'),
      'expand-worker': join(ROOT, 'packages', 'host', 'src', 'expand-worker.ts'),
      'book-worker': join(ROOT, 'packages', 'host', 'src', 'market', 'book-worker.ts'),
      'check-worker': join(ROOT, 'packages', 'host', 'src', 'storage', 'check-worker.ts'),
      'ring-worker': join(CLI, 'src', 'bench', 'ring-worker.ts'),
    },
    platform: 'node',
    logLevel: 'warn',
  });
  await build.write({
    dir: folder,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
  });
  await build.close();
  const shim = readFileSync(join(CLI, 'bin', 'truetape.mjs'), 'utf8');
  writeFileSync(join(folder, 'truetape.mjs'), shim.replace('../src/main.ts', './main.js'), { mode: 0o755 });
  // What a page of a simulation is drawn with, as it comes: it is no part of the bundle.
  for (const file of ['dist/uPlot.iife.min.js', 'dist/uPlot.min.css', 'LICENSE'])
    cpSync(join(CLI, 'node_modules', 'uplot', file), join(folder, 'uplot', basename(file)));
}
