// What a reader of the repository may rely on: invariants are held, files are of a size, links lead
// somewhere.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formatFinding } from '../tools/architecture/finding.ts';
import { LAYERS } from '../tools/architecture/layers.ts';
import { readFiles, readRepository, ROOT } from '../tools/architecture/repository.ts';
import type { TextFile } from '../tools/architecture/repository.ts';
import { checkLinks } from '../tools/docs/links.ts';
import { checkInvariants, checkRepeated } from '../tools/tidy/invariants.ts';
import { checkText, isGenerated } from '../tools/tidy/text.ts';

const code = readFiles(ROOT, [
  '{packages,apps}/*/{src,bin,test,tools}/**/*.{ts,mjs}',
  '{tools,tests}/**/*.{ts,mjs}',
  '*.ts',
]);
const pages = readFiles(ROOT, ['*.md', 'docs/**/*.md', '{packages,apps}/*/*.md', 'fixtures/**/*.md']);
const rules = (findings: readonly { readonly rule: string }[]): readonly string[] =>
  findings.map(({ rule }) => rule);
const file = (path: string, text: string): TextFile => ({ path, text });

describe('this repository', () => {
  test('holds the invariants that it lists, and lists those that it names', () => {
    const page = pages.find(({ path }) => path === 'INVARIANTS.md') ?? file('INVARIANTS.md', '');
    const sources = code.filter(({ path }) => path.includes('/src/'));
    const tests = code.filter(({ path }) => /\.(test|proof)\.ts$/.test(path));
    expect(checkInvariants({ page, sources, tests }).map(formatFinding)).toEqual([]);
  });

  test('says of an invariant in each place the same', () => {
    const page = pages.find(({ path }) => path === 'INVARIANTS.md')!;
    const others = pages.filter(({ path }) => path !== page.path);
    expect(checkRepeated(page, others).map(formatFinding)).toEqual([]);
  });

  test('has files of one idea, lines that fit, and nothing left open', () => {
    expect(checkText(code).map(formatFinding)).toEqual([]);
  });

  test('has links that lead somewhere', () => {
    expect(checkLinks(pages, (path) => existsSync(join(ROOT, path))).map(formatFinding)).toEqual([]);
  });

  test('has the pages that everyone looks for, and a README in each package', () => {
    const wanted = ['README.md', 'CHANGELOG.md', 'DECISIONS.md', 'INVARIANTS.md', 'LICENSE'];
    wanted.push(...readRepository().packages.map(({ folder }) => `${folder}/README.md`));
    expect(wanted.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  test('lists every decision record in DECISIONS.md', () => {
    const index = pages.find(({ path }) => path === 'DECISIONS.md')?.text ?? '';
    const records = pages.filter(({ path }) => path.startsWith('docs/decisions/')).map(({ path }) => path);
    expect(records.length).toBeGreaterThan(0);
    expect(records.filter((path) => !index.includes(`](${path})`))).toEqual([]);
  });

  test('speaks of the project alone', () => {
    // Paths of a machine and hosts of a registry have no place in tracked text.
    const foreign = /(^|[\s'"`(=])\/(home|Users|work|root|mnt)\/\w|registry\.npm|npmjs\.org/;
    const everything = [
      ...code,
      ...pages,
      ...readFiles(ROOT, ['*.{json,yaml}', '.ci/*', '{packages,apps}/*/*.json']),
    ];
    const hits = everything
      .filter(({ path }) => path !== 'tests/tidy.test.ts')
      .filter(({ text }) => foreign.test(text));
    expect(hits.map(({ path }) => path)).toEqual([]);
  });

  test('has a layer for each package and no generated file by hand', () => {
    expect(LAYERS.length).toBe(21);
    expect(
      code.filter(({ path, text }) => isGenerated(path) && !/generated/i.test(text.slice(0, 500))),
    ).toEqual([]);
  });
});

describe('the invariant check finds', () => {
  const page = file('INVARIANTS.md', '| id | text |\n|---|---|\n| TAPE-1 | a |\n| `TAPE-2` | b |\n');
  const source = file('src/a.ts', `assert(x, 'TAPE-1'); assert(x, 'TAPE-2', 'why');`);
  const held = file('test/a.test.ts', '// TAPE-1 and TAPE-2');

  test.each([
    ['nothing in a sound repository', { page, sources: [source], tests: [held] }, []],
    [
      'an id in no source',
      { page, sources: [file('a.ts', `assert(x, 'TAPE-1')`)], tests: [held] },
      ['invariant-without-code'],
    ],
    [
      'an id in no test',
      { page, sources: [source], tests: [file('t.ts', '// TAPE-1')] },
      ['invariant-without-test'],
    ],
    [
      'only a longer id in a test',
      { page, sources: [source], tests: [file('t.ts', 'TAPE-1 TAPE-22')] },
      ['invariant-without-test'],
    ],
    [
      'an id that is not listed',
      { page, sources: [source, file('b.ts', `assert(x, 'TAPE-3')`)], tests: [held] },
      ['invariant-unlisted'],
    ],
    [
      'an unlisted id in an error',
      { page, sources: [source, file('b.ts', `new InvariantError('X-1')`)], tests: [held] },
      ['invariant-unlisted'],
    ],
    [
      'an assert without id',
      { page, sources: [source, file('b.ts', `assert(x)`)], tests: [held] },
      ['invariant-unnamed'],
    ],
    [
      'an assert with words',
      { page, sources: [source, file('b.ts', `assert(x, 'no id')`)], tests: [held] },
      ['invariant-unnamed'],
    ],
    [
      'an id twice',
      { page: file('I.md', `${page.text}| TAPE-1 | c |`), sources: [source], tests: [held] },
      ['invariant-twice'],
    ],
  ])('%s', (_, places, expected) => {
    expect(rules(checkInvariants(places))).toEqual(expected);
  });
});

describe('the check of repeated invariants finds', () => {
  const page = file('I.md', '| TAPE-1 | a |\n| TAPE-2 | b |\n| BOOK-1 | c |\n');
  test.each([
    ['nothing where a page has all of a family, or none', '| TAPE-1 | a |\n| TAPE-2 | b |\n', []],
    ['other words', '| TAPE-1 | a |\n| TAPE-2 | x |\n', ['TAPE-2 is not what I.md says']],
    ['one that is lacking', '| TAPE-2 | b |\n', ['TAPE-1 is not what I.md says']],
    ['one that is not listed', '| BOOK-1 | c |\n| BOOK-9 | d |\n', ['BOOK-9 is not what I.md says']],
  ])('%s', (_, text, expected) => {
    expect(checkRepeated(page, [file('R.md', text)]).map(({ message }) => message)).toEqual(expected);
  });
});

describe('the text check finds', () => {
  const lines = (count: number): string => 'x\n'.repeat(count);
  test.each([
    ['nothing at the limits', file('packages/a/src/a.ts', `${lines(399)}${'x'.repeat(120)}\n`), []],
    ['a long source file', file('packages/a/src/a.ts', lines(401)), ['long-file']],
    ['no long test or generated file', file('packages/a/src/generated/a.ts', lines(1000)), []],
    ['a long line', file('tools/a.ts', 'x'.repeat(121)), ['long-line']],
    ['no long line of a test', file('packages/a/test/a.test.ts', 'x'.repeat(121)), []],
    ['work left open', file('a.ts', ['// TO', 'DO later\n// FIX', 'ME'].join('')), ['leftover', 'leftover']],
  ])('%s', (_, one, expected) => {
    expect(rules(checkText([one]))).toEqual(expected);
  });
});

describe('the link check finds', () => {
  const check = (text: string): readonly string[] =>
    checkLinks([file('docs/a.md', text), file('README.md', '# The `.rpl` tape!\n')], (path) =>
      ['README.md', 'docs/a.md'].includes(path),
    ).map(({ message }) => message);
  test('dead files, dead headings and ways out, but nothing else', () => {
    expect(
      check(
        '[a](../README.md) [b](https://x.y/z) [c](../README.md#the-rpl-tape) `[d](no)`\n```\n[e](no)\n```',
      ),
    ).toEqual([]);
    expect(check('[a](b.md)')).toEqual(['b.md does not exist']);
    expect(check('[a](../../x.md)')).toEqual(['../../x.md leads out of the repository']);
    expect(check('[a](../README.md#no)')).toEqual(['../README.md#no: no such heading']);
    expect(check('[a](#no)')).toEqual(['#no: no such heading']);
  });
});
