// Makes dist/, the package that is published: one bundle with everything in it, so that an installation
// needs nothing else. Run by `pnpm pack`.

import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { rolldown } from 'rolldown';

const CLI = join(import.meta.dirname, '..');
const ROOT = join(CLI, '..', '..');
const DIST = join(CLI, 'dist');

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly engines: Readonly<Record<string, string>>;
}

/** Everything in one folder: the workers and the demo's capture are looked for beside the code that wants them. */
async function bundle(): Promise<void> {
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
    dir: DIST,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
  });
  await build.close();
}

function writeManifest(): void {
  const manifest = JSON.parse(readFileSync(join(CLI, 'package.json'), 'utf8')) as Manifest;
  const { name, version, description, license, engines } = manifest;
  const bin = { truetape: './truetape.mjs' };
  const published = { name, version, description, license, bin, type: 'module', engines };
  writeFileSync(join(DIST, 'package.json'), `${JSON.stringify(published, undefined, 2)}\n`);
}

rmSync(DIST, { recursive: true, force: true });
mkdirSync(DIST);
await bundle();
const shim = readFileSync(join(CLI, 'bin', 'truetape.mjs'), 'utf8');
writeFileSync(join(DIST, 'truetape.mjs'), shim.replace('../src/main.ts', './main.js'), { mode: 0o755 });
// What a page of a simulation is drawn with, as it comes: it is no part of the bundle.
for (const file of ['dist/uPlot.iife.min.js', 'dist/uPlot.min.css', 'LICENSE'])
  cpSync(join(CLI, 'node_modules', 'uplot', file), join(DIST, 'uplot', basename(file)));
copyFileSync(join(ROOT, 'LICENSE'), join(DIST, 'LICENSE'));
copyFileSync(join(CLI, 'README.md'), join(DIST, 'README.md'));
writeManifest();
