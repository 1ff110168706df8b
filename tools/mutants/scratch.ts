/** A copy of the sources in which faults are tried: the checkout itself is never touched. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

/** What tests of packages need besides: the settings, not the documents. */
const COPIED = /\.(json|ts)$/;
/** Built files, and what keeps results from run to run. */
const LEFT_OUT = new Set(['.types', 'dist', '.cache', '.vite', '.vite-temp', '.vitest-cache']);

export interface Scratch {
  readonly folder: string;
  remove(): void;
}

/** Copies packages and applications; what is installed is linked, and the workspace's own links lead into the copy. */
export function createScratch(root: string): Scratch {
  const folder = mkdtempSync(join(tmpdir(), 'truetape-mutants-'));
  const filter = (from: string): boolean => !LEFT_OUT.has(basename(from));
  for (const name of ['packages', 'apps'])
    cpSync(join(root, name), join(folder, name), { recursive: true, verbatimSymlinks: true, filter });
  for (const name of readdirSync(root)) {
    if (COPIED.test(name)) cpSync(join(root, name), join(folder, name));
  }
  mkdirSync(join(folder, 'node_modules'));
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (!LEFT_OUT.has(name))
      symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
