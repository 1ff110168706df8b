// The reader of console blocks, and that a wrong page is noticed.

import { describe, expect, test } from 'vitest';
import { checkFences, parseConsole, rewriteConsole } from '../tools/docs/console.ts';
import { testBundle } from '../apps/cli/tools/test-bundle.ts';
import { runConsole } from '../tools/docs/run-console.ts';

const PAGE = `# Page
\`\`\`console
$ echo one; echo two >&2
one
two
$ false # exit 1
$ printf '%s|' a \\
>   b
a|b|
\`\`\`
text
\`\`\`console
$ cat kept
kept
\`\`\`
`;

test('commands with their outputs, exit codes, continuations and lines', () => {
  expect(
    parseConsole(PAGE).map(({ command, output, exitCode, line }) => ({ command, output, exitCode, line })),
  ).toEqual([
    { command: 'echo one; echo two >&2', output: ['one', 'two'], exitCode: 0, line: 3 },
    { command: 'false # exit 1', output: [], exitCode: 1, line: 6 },
    { command: "printf '%s|' a \\\n  b", output: ['a|b|'], exitCode: 0, line: 7 },
    { command: 'cat kept', output: ['kept'], exitCode: 0, line: 13 },
  ]);
});

test('a rewrite changes outputs and nothing else', () => {
  const outputs = parseConsole(PAGE).map(({ output }) => output);
  expect(rewriteConsole(PAGE, outputs)).toBe(PAGE);
  const longer = rewriteConsole(PAGE, [['1', '2', '3'], ['x'], [], ['']]);
  expect(parseConsole(longer).map(({ output }) => output)).toEqual([['1', '2', '3'], ['x'], [], ['']]);
  expect(rewriteConsole(longer, outputs)).toBe(PAGE);
});

test('commands run in one folder, in a real shell, with both streams in order and the CLI on PATH', async () => {
  const block = [
    'echo one; echo two >&2; echo three',
    'exit 3',
    'echo kept > file',
    'cat file | tr k K',
    'ls "$HOME" | wc -l | tr -d " "',
    'command -v truetape > /dev/null && echo found',
    'truetape 2>&1 > /dev/null | grep -c truetape',
  ];
  const page = `\`\`\`console\n${block.map((command) => `$ ${command}\n`).join('')}\`\`\``;
  const outcomes = runConsole(parseConsole(page), await testBundle());
  expect(outcomes.map(({ output, exitCode }) => [exitCode, ...output])).toEqual([
    [0, 'one', 'two', 'three'],
    [3],
    [0],
    [0, 'Kept'],
    [0, '0'],
    [0, 'found'],
    [0, expect.stringMatching(/^[1-9]/)],
  ]);
});

describe('a command that no test runs', () => {
  const check = (language: string, body: string): readonly string[] =>
    checkFences('p.md', `\`\`\`${language}\n${body}\n\`\`\``, new Set(['demo', 'format:check'])).map(
      ({ rule }) => rule,
    );
  test.each<[string, string, readonly string[]]>([
    ['console', '$ anything', []],
    ['console', 'output first', ['console']],
    ['sh', 'npm test', []],
    ['sh', '# why\nnpm run demo\nnpm run format:check\n\ngit clone https://host/x\ncd x', []],
    ['sh', 'npm run unheard', ['not-run']],
    ['sh', 'npm test; truetape tape view x', ['not-run']],
    ['sh', 'truetape tape view x', ['not-run']],
    ['bash', 'rm -rf x', ['not-run']],
    ['', '$ truetape', ['not-run']],
    ['text', '$ truetape', ['not-run']],
    ['ts', 'const a = 1;', []],
  ])('in %s: %s', (language, body, expected) => {
    expect(check(language, body)).toEqual(expected);
  });
});
