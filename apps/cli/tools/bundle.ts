// Makes dist/, the package that is published: one bundle with everything in it, so that an installation
// needs nothing else. Run by `pnpm pack`.

import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleCode } from './code.ts';

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

function writeManifest(): void {
  const manifest = JSON.parse(readFileSync(join(CLI, 'package.json'), 'utf8')) as Manifest;
  const { name, version, description, license, engines } = manifest;
  const bin = { truetape: './truetape.mjs' };
  const published = { name, version, description, license, bin, type: 'module', engines };
  writeFileSync(join(DIST, 'package.json'), `${JSON.stringify(published, undefined, 2)}\n`);
}

rmSync(DIST, { recursive: true, force: true });
mkdirSync(DIST);
await bundleCode(DIST);
copyFileSync(join(ROOT, 'LICENSE'), join(DIST, 'LICENSE'));
copyFileSync(join(CLI, 'README.md'), join(DIST, 'README.md'));
writeManifest();
