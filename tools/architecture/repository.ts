// What the checks look at, as plain data, and its reader. Checks take the data, so tests can feed them broken
// repositories.

import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parseJsonc } from './jsonc.ts';

export const ROOT: string = join(import.meta.dirname, '..', '..');

/** A text file with its path relative to the repository, with forward slashes. */
export type TextFile = { readonly path: string; readonly text: string };

/** The parts of a package.json that the checks read. */
export type Manifest = {
  readonly name?: string;
  readonly exports?: unknown;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
};

/** The parts of a tsconfig.json that the checks read. */
export type TsConfig = {
  readonly extends?: string;
  readonly compilerOptions?: Readonly<Record<string, unknown>>;
  readonly references?: readonly { readonly path: string }[];
};

/** One package folder. */
export type PackageFolder = {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly tsconfig: TsConfig;
  readonly sources: readonly TextFile[];
  /** Tests and tools: type-checked, but free to use Node and development dependencies. */
  readonly around: readonly TextFile[];
};

/** The repository, as far as the layer checks read it. */
export type Repository = {
  readonly packages: readonly PackageFolder[];
  /** Root tsconfig.json: what `tsc -b` builds. */
  readonly tsconfig: TsConfig;
};

/** Reads all package folders. A folder counts from the moment it has a package.json. */
export function readRepository(root: string = ROOT): Repository {
  const packages = globSync('{packages,apps}/*/package.json', { cwd: root })
    .map((path) => dirname(slashes(path)))
    .sort()
    .map((folder) => readPackage(root, folder));
  return { packages, tsconfig: readConfig(root, 'tsconfig.json') };
}

/** Reads the files that match a glob, in path order. */
export function readFiles(root: string, pattern: string | readonly string[]): readonly TextFile[] {
  return globSync(pattern, { cwd: root, exclude: (path) => isForeign(path) })
    .map(slashes)
    .sort()
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

/** Folders of installed packages and build output; their files are not ours. */
function isForeign(path: string): boolean {
  return ['node_modules', '.types', '.tools', 'dist', '.git'].includes(basename(path));
}

function readPackage(root: string, folder: string): PackageFolder {
  return {
    folder,
    manifest: JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest,
    tsconfig: readConfig(root, `${folder}/tsconfig.json`),
    sources: readFiles(root, `${folder}/{src,bin}/**/*.{ts,mts,mjs,js}`),
    around: readFiles(root, `${folder}/{test,tools}/**/*.ts`),
  };
}

function readConfig(root: string, path: string): TsConfig {
  const file = join(root, path);
  return existsSync(file) ? (parseJsonc(readFileSync(file, 'utf8')) as TsConfig) : {};
}

function slashes(path: string): string {
  return path.replaceAll('\\', '/');
}
