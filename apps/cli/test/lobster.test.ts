// import lobster: the report, the check against the order book file, and what is refused.
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { LOBSTER, scratchFolder, shell, truetape } from './truetape.ts';
import type { Run } from './truetape.ts';

const cwd = scratchFolder();
const PAIR = join(LOBSTER, 'SYNT_2024-01-02_34200000_57600000');
const MESSAGES = `${PAIR}_message_5.csv`;
const ORDERBOOK = `${PAIR}_orderbook_5.csv`;
const messages = readFileSync(MESSAGES, 'utf8');
const rows = readFileSync(ORDERBOOK, 'utf8');
const NAMED = ['--symbol', 'SYNT', '--date', '2024-01-02'];

const run = (...args: string[]): Promise<Run> => truetape(['import', 'lobster', ...args], { cwd });
const json = ({ stdout }: Run): Record<string, unknown> => JSON.parse(stdout) as Record<string, unknown>;

function write(name: string, bytes: string | Uint8Array): string {
  writeFileSync(join(cwd, name), bytes);
  return name;
}

/** The files with one row of theirs changed; lines count from 1. */
function withLine(text: string, line: number, change: (row: string) => string): string {
  const lines = text.split('\n');
  lines[line - 1] = change(lines[line - 1]);
  return lines.join('\n');
}

describe.concurrent('an import', () => {
  test('reports one object, the same from files, compressed ones, with headers, CRLF and standard input', async () => {
    const header = 'Time,Type,OrderID,Size,Price,Direction\n';
    const crlf = rows.replaceAll('\n', '\r\n');
    const gz = write('m.csv.gz', gzipSync(header + messages));
    const zst = write('o.csv.zst', zstdCompressSync(`ask_1,ask_size_1\r\n${crlf}`));
    const piped = (args: string[], input: string): Promise<Run> =>
      truetape(['import', 'lobster', ...args, ...NAMED, '--json'], { cwd, input });
    const [one, packed, first, second, onePass] = await Promise.all([
      run(MESSAGES, '--orderbook', ORDERBOOK, '-o', 'one.rpl', '--json'),
      run(gz, '--orderbook', zst, '-o', 'packed.rpl', ...NAMED, '--json'),
      piped(['-', '--orderbook', ORDERBOOK, '-o', 'first.rpl'], messages),
      piped([MESSAGES, '--orderbook', '-', '-o', 'second.rpl'], rows),
      piped(['-', '--orderbook', ORDERBOOK, '-o', 'pass.rpl', '--tick', '0.01'], messages),
    ]);
    expect(one).toMatchObject({ code: 0, stderr: '' });
    const report = json(one);
    expect(report).toMatchObject({
      instrument: 'NASDAQ:SYNT',
      date: '2024-01-02',
      dateFrom: 'fileName',
      priceStep: '0.01',
      messages: 400,
      orderbook: { depth: 5, checked: 399, equal: 327, revealed: 72, different: 0, differences: [] },
      book: { status: 'live' },
    });
    const { hash } = report['tape'] as { hash: string };
    for (const other of [packed, first, second, onePass]) expect(json(other)['tape']).toMatchObject({ hash });
    const verified = await truetape(['tape', 'verify', 'one.rpl', '--sealed', '--json'], { cwd });
    expect(json(verified)).toMatchObject({ ok: true, hash });
  });

  test('the tape’s last book is the order book file’s last row', async () => {
    await run(MESSAGES, '--orderbook', ORDERBOOK, '-o', 'book.rpl', '-q');
    const book = json(await truetape(['tape', 'book', 'book.rpl', '--levels', '5', '--json'], { cwd }));
    const cells = rows.trimEnd().split('\n').at(-1)!.split(',').map(Number);
    const side = (from: number): object[] =>
      [0, 1, 2, 3, 4].map((k) => ({
        priceTicks: cells[k * 4 + from] / 100,
        qtyLots: cells[k * 4 + from + 1],
      }));
    expect(book).toMatchObject({ status: 'live', depthLimit: 5, bids: side(2), asks: side(0) });
  });

  test('for people says whose day it is, and counts', async () => {
    const plain = write('messages.csv', messages);
    const [named, given, unnamed, moved] = await Promise.all([
      run(MESSAGES, '--orderbook', ORDERBOOK, '-o', 'people.txt.rpl'),
      run(plain, '-o', '-', '--date', '2024-01-02', '--symbol', 'X'),
      run(plain, '-o', 'unnamed.rpl'),
      run(MESSAGES, '-o', 'moved.rpl', '--utc-offset', '-05:00', '-q'),
    ]);
    expect(named.stdout).toContain("day          2024-01-02 (the file's name), midnight at UTC+00:00\n");
    expect(named.stdout).toContain('399 transitions checked: 327 equal, 72 revealed a level, 0 different\n');
    expect(readFileSync(join(cwd, 'people.txt.rpl'), 'utf8')).toMatch(/^rpl-text 1 /);
    // The tape is on stdout, so the report is not.
    expect(given.stdout).toMatch(/^rpl-text 1 /);
    expect(given.stderr).toContain('instrument   NASDAQ:X, tick 0.01, lot 1\n');
    expect(unnamed.stdout).toContain('1970-01-01 (nobody said which: --date)');
    expect(unnamed.stderr).toContain('no day was given: times count from 1970-01-01; --date gives one');
    expect(moved.stderr).toBe('');
    const summary = await truetape(['tape', 'summary', 'moved.rpl'], { cwd });
    // 34,225 s behind a midnight that New York has five hours after UTC.
    expect(summary.stdout).toContain('2024-01-02T14:30:25.');
  });
});

describe.concurrent('a difference', () => {
  test('is found on its line, ends with 3, and stands on the tape', async () => {
    const wrong = write(
      'wrong.csv',
      withLine(rows, 50, (row) => row.replace('5852400,1085', '5852400,77')),
    );
    const [text, object] = await Promise.all([
      run(MESSAGES, '--orderbook', wrong, '-o', 'wrong.rpl'),
      run(MESSAGES, '--orderbook', wrong, '-o', 'wrong too.rpl', '--json'),
    ]);
    expect(text.code).toBe(3);
    expect(text.stdout).toContain(
      'difference   line 50, order book line 50: bid 1: expected 1085 @ 585.24, found 77 @ 585.24\n',
    );
    expect(text.stderr).toContain(
      '2 of 399 transitions differ from the order book file; the tape marks where',
    );
    expect(object.code).toBe(3);
    expect(json(object)['orderbook']).toMatchObject({
      checked: 399,
      different: 2,
      differences: [{ line: 50 }, { line: 51 }],
    });
    const marks = await shell(
      'truetape tape view wrong.rpl --kind FeedStatus | grep -c checksumMismatch=*',
      cwd,
    );
    expect(marks.stdout).toBe('4\n');
  });

  test('lines count the header', async () => {
    const wrong = write(
      'header.csv',
      `a,b\n${withLine(rows, 50, (row) => row.replace('5852400,1085', '5852400,77'))}`,
    );
    const { stdout } = await run(MESSAGES, '--orderbook', wrong, '-o', 'header.rpl');
    expect(stdout).toContain('difference   line 50, order book line 51: ');
  });
});

describe.concurrent('an import refuses', () => {
  const cases: readonly (readonly [name: string, args: () => string[], code: number, words: string])[] = [
    ['a file that is not there', () => ['none.csv'], 1, 'none.csv: there is no such file'],
    ['the wrong kind of file', () => [ORDERBOOK], 5, ':1: expected 6 columns, found 20'],
    [
      'two message files',
      () => [MESSAGES, '--orderbook', MESSAGES],
      2,
      'expected a message file and the order book',
    ],
    [
      'an order book file of other levels, by its name',
      () => [MESSAGES, '--orderbook', write(basename(ORDERBOOK).replace('_5.csv', '_10.csv'), rows)],
      2,
      'found SYNT_2024-01-02_34200000_57600000_message_5.csv and SYNT_',
    ],
    [
      'the two files the other way round',
      () => [write('book first.csv', rows), '--orderbook', write('messages last.csv', messages)],
      5,
      'book first.csv:1: expected 6 columns, found 20',
    ],
    [
      'a bad row, with its line',
      () => [
        write(
          'bad.csv',
          withLine(messages, 7, () => '34225.7,9,1,1,1,1'),
        ),
      ],
      5,
      'bad.csv:7: type: expected a type from 1 to 7, found 9',
    ],
    [
      'a bad row of the order book, with its line',
      () => [
        MESSAGES,
        '--orderbook',
        write(
          'bad book.csv',
          withLine(rows, 9, (row) => row.replace(',', ',x')),
        ),
      ],
      5,
      'bad book.csv:9: ask size 1: expected an integer, found x',
    ],
    [
      'fewer rows than messages',
      () => [MESSAGES, '--orderbook', write('short.csv', rows.split('\n').slice(0, 300).join('\n'))],
      5,
      `${basename(MESSAGES)}:301: expected as many rows as the order book file has, which ends after 300`,
    ],
    [
      'fewer messages than rows',
      () => [write('few.csv', messages.split('\n').slice(0, 300).join('\n')), '--orderbook', ORDERBOOK],
      5,
      `${basename(ORDERBOOK)}:301: expected as many rows as the message file has, which ends after 300`,
    ],
    ['a coarse step', () => [MESSAGES, '--tick', '0.1'], 1, 'expected a multiple of 0.1 dollars, found '],
    ['a step that is none', () => [MESSAGES, '--tick', 'x'], 2, '--tick: expected a multiple of 0.0001'],
    ['a day that is none', () => [MESSAGES, '--date', '2024-02-30'], 2, '--date: expected a day'],
    ['an offset that is none', () => [MESSAGES, '--utc-offset', '5'], 2, '--utc-offset: expected -04:00'],
    ['a symbol that is none', () => [MESSAGES, '--symbol', 'A B'], 2, '--symbol: expected letters'],
    ['standard input twice', () => ['-', '--orderbook', '-'], 2, 'which can be read once only'],
    ['gzip that is cut', () => [write('cut.gz', gzipSync(messages).subarray(0, 500))], 5, 'cut.gz'],
  ];

  test.each(cases)('%s', async (_, args, code, words) => {
    const refused = await run(...args(), '-o', `refused ${code} ${words.length}.rpl`);
    expect(refused).toMatchObject({ code, stdout: '' });
    expect(refused.stderr).toContain(words);
  });

  test('and leaves no tape behind', async () => {
    const bad = write(
      'late.csv',
      withLine(messages, 399, () => 'x'),
    );
    await run(bad, '-o', 'late.rpl', '--tick', '0.01');
    const { stdout } = await shell('ls -A | grep -c "late.rpl" || true', cwd);
    expect(stdout).toBe('0\n');
  });

  test('to replace a tape, unless forced', async () => {
    await run(MESSAGES, '-o', 'there.rpl');
    expect(await run(MESSAGES, '-o', 'there.rpl')).toMatchObject({ code: 1, stdout: '' });
    expect(await run(MESSAGES, '-o', 'there.rpl', '--force')).toMatchObject({ code: 0 });
  });
});
