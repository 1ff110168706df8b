// Writes every generated file, or with --check tells which are stale.
//
// A package that generates has a `generate.ts` beside its package.json with
//   export function generate(): readonly GeneratedFile[]
// whose paths are relative to the package. It is pure, so the same text comes out on every machine.

import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

/** One file that a generator wants, with its whole text. */
export type GeneratedFile = { readonly path: string; readonly text: string };

/** Runs the generators of all packages: each file with its absolute path. */
export async function generateAll(): Promise<readonly GeneratedFile[]> {
  const files: GeneratedFile[] = [];
  for (const generator of globSync('{packages,apps}/*/generate.ts', { cwd: ROOT }).sort()) {
    const module = (await import(join(ROOT, generator))) as { generate: () => readonly GeneratedFile[] };
    for (const { path, text } of module.generate()) {
      files.push({ path: join(ROOT, dirname(generator), path), text });
    }
  }
  return files;
}

/** The paths whose text on disk is not what the generators say. */
export async function staleFiles(): Promise<readonly string[]> {
  const files = await generateAll();
  return files
    .filter(({ path, text }) => !existsSync(path) || readFileSync(path, 'utf8') !== text)
    .map(({ path }) => path);
}

if (import.meta.main) {
  const stale = await staleFiles();
  if (process.argv.includes('--check')) {
    for (const path of stale) process.stderr.write(`stale: ${path}; run npm run generate\n`);
    process.exitCode = stale.length === 0 ? 0 : 1;
  } else {
    for (const { path, text } of await generateAll()) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
    process.stderr.write(`generate: ${stale.length} files changed\n`);
  }
}
