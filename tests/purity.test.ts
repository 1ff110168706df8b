// Every ban for pure packages is shown to bite: the linter's on a snippet in a folder of its own, the
// scanner's in memory.

import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseJsonc } from '../tools/architecture/jsonc.ts';
import { LAYERS } from '../tools/architecture/layers.ts';
import { scanPurity } from '../tools/architecture/purity.ts';
import { ROOT } from '../tools/architecture/repository.ts';
import { parseSource } from '../tools/architecture/syntax.ts';

type Ban = readonly [snippet: string, rule: string];

const GLOBALS = (
  'Date Intl Temporal performance process console Buffer fetch require crypto globalThis global structuredClone eval Function ' +
  'Promise queueMicrotask WeakRef FinalizationRegistry navigator TextEncoder TextDecoder ' +
  'setTimeout setInterval setImmediate clearTimeout clearInterval clearImmediate'
).split(' ');
const LOCALE_METHODS =
  'toLocaleString toLocaleDateString toLocaleTimeString toLocaleUpperCase toLocaleLowerCase localeCompare'.split(
    ' ',
  );

const LINTED: readonly Ban[] = [
  ...GLOBALS.map((name): Ban => [`export const a = ${name};`, 'no-restricted-globals']),
  ...LOCALE_METHODS.map((name): Ban => [
    `export const a = (x: any) => x.${name}();`,
    'no-restricted-properties',
  ]),
  [`export const a = (x: any) => x['localeCompare']('b');`, 'no-restricted-properties'],
  [`export const a = () => new Date();`, 'no-restricted-globals'],
  [`import { readFileSync } from 'node:fs'; export const a = readFileSync;`, 'no-restricted-imports'],
  [`import type { Stats } from 'node:fs'; export type A = Stats;`, 'no-restricted-imports'],
  [`export * from 'node:path';`, 'no-restricted-imports'],
  [`import { a } from '@truetape/kernel/src/random.ts'; export const b = a;`, 'no-restricted-imports'],
  [`export default 1;`, 'no-default-export'],
  [`export const a = [3, 1].sort();`, 'require-array-sort-compare'],
];

const SCANNED: readonly Ban[] = [
  ['export const a = 2 ** 3;', 'power'],
  ['let a = 2; a **= 3;', 'power'],
  ...'random pow exp expm1 log log2 log10 log1p sin cos tan asin acos atan atan2 sinh cosh tanh cbrt hypot'
    .split(' ')
    .map((name): Ban => [`export const a = Math.${name}(1, 2);`, 'math']),
  [`export const a = Math['pow'](1, 2);`, 'math'],
  ['export const a = (name: "pow") => Math[name](1, 2);', 'math'],
  ['export const { pow } = Math;', 'math'],
  ['const m = Math; export const a = m.sin(1);', 'math'],
  ['export enum A { B }', 'enum'],
  ['export const enum A { B }', 'enum'],
  ['export default 1;', 'default-export'],
  ['export const a = import.meta.url;', 'import-meta'],
  ['export async function a() {}', 'await'],
  ['export const a = async () => 1;', 'await'],
  ['await 1;', 'await'],
];

const scratch = mkdtempSync(join(tmpdir(), 'truetape-bans-'));
const codesByFile = new Map<string, readonly string[]>();

/**
 * Lints each snippet as a file of its own, in a pure and in a shell package, with the repository's
 * configuration.
 */
beforeAll(() => {
  copyFileSync(join(ROOT, '.oxlintrc.json'), join(scratch, '.oxlintrc.json'));
  for (const name of ['pure', 'host']) {
    mkdirSync(join(scratch, 'packages', name, 'src'), { recursive: true });
    const options = {
      strict: true,
      module: 'NodeNext',
      allowImportingTsExtensions: true,
      noEmit: true,
      types: [],
    };
    const tsconfig = JSON.stringify({ compilerOptions: options, include: ['src'] });
    writeFileSync(join(scratch, 'packages', name, 'tsconfig.json'), tsconfig);
    for (const [index, [snippet]] of LINTED.entries()) {
      writeFileSync(join(scratch, 'packages', name, 'src', `ban${index}.ts`), `${snippet}\n`);
    }
  }
  const oxlint = join(ROOT, 'node_modules', 'oxlint', 'bin', 'oxlint');
  const env = { ...process.env, PATH: `${join(ROOT, 'node_modules', '.bin')}:${process.env['PATH'] ?? ''}` };
  const { stdout } = spawnSync(process.execPath, [oxlint, '-f', 'json', 'packages'], {
    cwd: scratch,
    env,
    encoding: 'utf8',
  });
  const report = JSON.parse(stdout) as { diagnostics: readonly { code: string; filename: string }[] };
  for (const { code, filename } of report.diagnostics) {
    const file = filename.replaceAll('\\', '/');
    codesByFile.set(file, [...(codesByFile.get(file) ?? []), code]);
  }
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe('the linter', () => {
  test.each(LINTED.map(([snippet, rule], index) => ({ snippet, rule, index })))(
    'bans $snippet',
    ({ rule, index }) => {
      const codes = codesByFile.get(`packages/pure/src/ban${index}.ts`) ?? [];
      expect(codes.filter((code) => code.includes(`(${rule})`))).not.toEqual([]);
    },
  );

  test('leaves shells alone, apart from default exports and sorts', () => {
    const codes = [...codesByFile]
      .filter(([file]) => file.startsWith('packages/host/'))
      .flatMap(([, all]) => all);
    expect(codes.filter((code) => code.includes('(no-restricted-'))).toEqual([]);
    expect(codes.filter((code) => code.includes('(no-default-export)'))).not.toEqual([]);
  });

  test('exempts exactly the shells of the layer data', () => {
    const config = parseJsonc(readFileSync(join(ROOT, '.oxlintrc.json'), 'utf8')) as {
      overrides: readonly { files: readonly string[]; rules: Record<string, unknown> }[];
    };
    const exempt = config.overrides.filter(({ rules }) => rules['no-restricted-globals'] === 'off');
    const shells = LAYERS.filter(
      ({ purity, folder }) => purity === 'shell' && folder.startsWith('packages/'),
    );
    expect(exempt.flatMap(({ files }) => files)).toEqual(shells.map(({ folder }) => `${folder}/src/**`));
  });
});

describe('the scanner', () => {
  test.each(SCANNED)('bans %s', (snippet, rule) => {
    expect(scanPurity(parseSource('snippet.ts', snippet)).map((finding) => finding.rule)).toContain(rule);
  });

  test('allows what is exact', () => {
    const snippet = `
      export const a = Math.sqrt(2) * Math.floor(3.5) + Math.imul(2, 3);
      for (const b of [1]) a + b;
      export type C = 'a' | 'b';`;
    expect(scanPurity(parseSource('snippet.ts', snippet))).toEqual([]);
  });
});
