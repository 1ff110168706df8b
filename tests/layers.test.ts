// A layer check that finds nothing because it sees nothing is worthless: each rule is fed a repository that
// breaks it.

import { describe, expect, test } from 'vitest';
import { formatFinding } from '../tools/architecture/finding.ts';
import type { PackageLayer } from '../tools/architecture/layers.ts';
import { formatLayerTable, LAYERS } from '../tools/architecture/layers.ts';
import { readRepository } from '../tools/architecture/repository.ts';
import type { PackageFolder, Repository } from '../tools/architecture/repository.ts';
import { checkRepository } from '../tools/architecture/rules.ts';

type Change = { source?: string; around?: string } & Partial<Omit<PackageFolder, 'sources' | 'around'>>;

/** A sound repository: contracts, kernel, book and cli. */
function sound(): Repository {
  return {
    packages: [
      folder('packages/contracts', [], ''),
      folder('packages/kernel', ['contracts'], `import type { A } from '@truetape/contracts';`),
      folder('packages/book', ['contracts', 'kernel'], `export { a } from '@truetape/kernel';`),
      folder('packages/tape', ['contracts', 'kernel'], `import './local.ts';`),
      folder('apps/cli', ['kernel', 'tape'], `import 'node:fs'; await import('@truetape/tape');`),
    ],
    tsconfig: {
      references: ['packages/contracts', 'packages/kernel', 'packages/book', 'packages/tape', 'apps/cli'].map(
        (path) => ({
          path,
        }),
      ),
    },
  };
}

function folder(path: string, workspace: readonly string[], source: string): PackageFolder {
  const name = path.split('/')[1];
  return {
    folder: path,
    manifest: {
      name: `@truetape/${name}`,
      dependencies: Object.fromEntries(workspace.map((one) => [`@truetape/${one}`, 'workspace:*'])),
    },
    tsconfig: {
      extends: '../../tsconfig.base.json',
      compilerOptions: { types: [] },
      references: workspace.map((one) => ({
        path: `${path.startsWith('apps') ? '../../packages' : '..'}/${one}`,
      })),
    },
    sources: [{ path: `${path}/src/index.ts`, text: source }],
    around: [],
  };
}

/** The rules that fire when one package of the sound repository is changed. */
function rulesAfter(target: string, { source, around, ...fields }: Change): readonly string[] {
  const repository = sound();
  const packages = repository.packages.map((one) => {
    if (one.folder !== target) return one;
    const sources = source === undefined ? one.sources : [{ path: `${target}/src/x.ts`, text: source }];
    const others = around === undefined ? one.around : [{ path: `${target}/test/x.test.ts`, text: around }];
    return { ...one, sources, around: others, ...fields };
  });
  return [...new Set(checkRepository({ ...repository, packages }).map(({ rule }) => rule))];
}

const book = sound().packages[2];

test('this repository keeps its layers', () => {
  expect(checkRepository(readRepository()).map(formatFinding)).toEqual([]);
  expect(readRepository().packages.length).toBeGreaterThanOrEqual(7);
});

test('a sound repository has no findings', () => {
  expect(checkRepository(sound())).toEqual([]);
});

describe('sources', () => {
  const declared = {
    ...book.manifest,
    dependencies: { ...book.manifest.dependencies, '@truetape/tape': 'workspace:*' },
  };
  test.each<[string, string, string]>([
    ['upward import', `import { a } from '@truetape/wal';`, 'upward-import'],
    ['upward type import', `import type { A } from '@truetape/venue';`, 'upward-import'],
    ['sideways import', `import { a } from '@truetape/tape';`, 'sideways-import'],
    ['sideways re-export', `export * from '@truetape/tape';`, 'sideways-import'],
    ['sideways named re-export', `export { a } from '@truetape/tape';`, 'sideways-import'],
    ['sideways type re-export', `export type { A } from '@truetape/tape';`, 'sideways-import'],
    ['sideways dynamic import', `export const a = () => import('@truetape/tape');`, 'sideways-import'],
    [
      'sideways dynamic import of a template',
      'export const a = () => import(`@truetape/tape`);',
      'sideways-import',
    ],
    ['sideways import type', `export type A = import('@truetape/tape').A;`, 'sideways-import'],
    ['sideways import equals', `import a = require('@truetape/tape');`, 'sideways-import'],
    ['itself by name', `import { a } from '@truetape/book';`, 'sideways-import'],
    ['unknown package', `import { a } from '@truetape/unheard';`, 'unknown-package'],
    ['deep import', `import { a } from '@truetape/kernel/src/random.ts';`, 'deep-import'],
    ['path into another package', `import { a } from '../../kernel/src/index.ts';`, 'deep-import'],
    ['node module', `import { readFileSync } from 'node:fs';`, 'node-import'],
    ['node module without prefix', `import { readFileSync } from 'fs';`, 'node-import'],
    ['node types by reference', `/// <reference types="node" />`, 'node-import'],
    ['computed import', `export const a = (x: string) => import(x);`, 'computed-import'],
    ['undeclared npm package', `import { a } from 'zod';`, 'undeclared-dependency'],
    ['undeclared scoped npm package', `import { a } from '@bomb.sh/tab/commander';`, 'undeclared-dependency'],
  ])('%s', (_, source, rule) => {
    expect(rulesAfter('packages/book', { source, manifest: declared })).toContain(rule);
  });

  test('an undeclared workspace package', () => {
    const source = `import type { A } from '@truetape/contracts';`;
    const manifest = { name: '@truetape/book' };
    expect(rulesAfter('packages/book', { source, manifest })).toEqual(['undeclared-dependency']);
  });

  test('a shell may use node and computed imports', () => {
    const source = `import 'node:fs'; import 'fs'; await import(process.argv[2]!);`;
    expect(rulesAfter('apps/cli', { source })).toEqual([]);
  });

  test('a declared npm package is fine, with its subpaths', () => {
    const manifest = {
      ...book.manifest,
      dependencies: { ...book.manifest.dependencies, seedrandom: '^3.0.5' },
    };
    expect(rulesAfter('packages/book', { source: `import 'seedrandom/lib/alea.js';`, manifest })).toEqual([]);
  });
});

describe('manifests and compiler settings', () => {
  test('a folder without a layer', () => {
    expect(rulesAfter('packages/book', { folder: 'packages/unheard' })).toContain('unknown-package');
  });

  test('an upward dependency', () => {
    const manifest = { name: '@truetape/book', dependencies: { '@truetape/wal': 'workspace:*' } };
    expect(rulesAfter('packages/book', { manifest, source: '' })).toContain('upward-import');
  });

  test('a dependency from outside the workspace', () => {
    const manifest = { name: '@truetape/book', dependencies: { '@truetape/kernel': '^1.0.0' } };
    expect(rulesAfter('packages/book', { manifest })).toContain('workspace-range');
  });

  test('another name than the folder', () => {
    expect(rulesAfter('packages/book', { manifest: { ...book.manifest, name: '@truetape/books' } })).toEqual([
      'package-name',
    ]);
  });

  test.each([
    ['no types', {}],
    ['node types', { types: ['node'] }],
    ['a DOM library', { types: [], lib: ['ES2024', 'DOM'] }],
  ])('a pure package with %s', (_, compilerOptions) => {
    const tsconfig = { ...book.tsconfig, compilerOptions };
    expect(rulesAfter('packages/book', { tsconfig })).toEqual(['ambient-types']);
  });

  test('a pure package on the base of shells', () => {
    const tsconfig = { ...book.tsconfig, extends: '../../tsconfig.node.json' };
    expect(rulesAfter('packages/book', { tsconfig })).toEqual(['ambient-types']);
  });

  test('a dependency that is not built before', () => {
    expect(rulesAfter('packages/book', { tsconfig: { ...book.tsconfig, references: [] } })).toEqual([
      'missing-reference',
    ]);
  });

  test('a package, and its tests, that nothing type-checks', () => {
    const repository = sound();
    const findings = checkRepository({ ...repository, tsconfig: { references: [] } });
    expect(findings.map(({ rule }) => rule)).toEqual(Array.from({ length: 5 }, () => 'missing-reference'));
    expect(rulesAfter('packages/book', { around: '' })).toEqual(['missing-reference']);
  });

  test('tests reach other packages through their public surface', () => {
    const around = `import '@truetape/kernel/src/random.ts'; import '../../kernel/src/index.ts'; import '../src/x.ts';`;
    expect(rulesAfter('packages/book', { around })).toContain('deep-import');
  });
});

describe('the data', () => {
  test('each package stands once, in layer order', () => {
    const names = LAYERS.map(({ name }: PackageLayer) => name);
    expect(new Set(names).size).toBe(names.length);
    const layers = LAYERS.map(({ layer }) => layer);
    expect(layers).toEqual(layers.toSorted((a, b) => a - b));
  });

  test('the table lists what exists', () => {
    expect(formatLayerTable(new Set(['packages/kernel', 'apps/cli'])).split('\n')).toHaveLength(4);
  });
});
