// A tape as input: its commands run again, its facts are held against what they give.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { ROOT, scratchFolder, truetape } from './truetape.ts';
import type { Run } from './truetape.ts';

const cwd = scratchFolder();
const SESSION = join(ROOT, 'fixtures', 'book', 'every-report.jsonl');
const run = (...args: string[]): Promise<Run> => truetape(['book', 'run', ...args], { cwd });

let session: Run;
/** The session's tape as text, line by line, without its end. */
let lines: readonly string[];

beforeAll(async () => {
  const from = ['book', 'run', SESSION, '--instrument', 'BTC-USD,ETH-USD', '--jsonl', '--depth'];
  session = await truetape([...from, '--out', 'a.rpl'], { cwd });
  await truetape(['tape', 'convert', 'a.rpl', '-o', 'a.txt.rpl'], { cwd });
  lines = readFileSync(join(cwd, 'a.txt.rpl'), 'utf8').trimEnd().split('\n').slice(0, -1);
});

/** Writes the tape with one line changed. */
function changed(name: string, find: RegExp, replace: (line: string) => string | undefined): string {
  const at = lines.findIndex((line) => find.test(line));
  expect(at).toBeGreaterThan(0);
  const replaced = replace(lines[at]);
  const text = [...lines.slice(0, at), ...(replaced === undefined ? [] : [replaced]), ...lines.slice(at + 1)];
  writeFileSync(join(cwd, name), `${text.join('\n')}\n`);
  return name;
}

const seqOf = (find: RegExp): number => Number(lines.find((line) => find.test(line))!.split(' ')[0]);

describe.concurrent('a venue’s tape', () => {
  test('gives the same reports, books and hash, from either encoding, and as another tape', async () => {
    const [binary, text, reference, verified] = await Promise.all([
      run('a.rpl', '--jsonl', '--depth', '--out', 'b.rpl'),
      run('a.txt.rpl', '--jsonl', '--depth'),
      run('a.rpl', '--jsonl', '--depth', '--check', '--impl', 'reference'),
      truetape(['tape', 'verify', 'a.rpl', '--sealed'], { cwd }),
    ]);
    expect(verified.code).toBe(0);
    // What no record can hold, the name of an instrument that is none, is not on the tape.
    const expected = session.stdout.replaceAll('"instrument":"NOWHERE"', '"instrument":"#65535"');
    for (const one of [binary, text, reference]) expect(one).toMatchObject({ code: 0, stdout: expected });
    expect(binary.stderr).toMatch(
      /^truetape: \d+ facts of a\.rpl compared: all as its commands give them\n$/,
    );
    expect(readFileSync(join(cwd, 'b.rpl'))).toEqual(readFileSync(join(cwd, 'a.rpl')));
  });

  test('is read from standard input, and its books are chosen by --instrument', async () => {
    const input = readFileSync(join(cwd, 'a.rpl'));
    const [piped, chosen, none] = await Promise.all([
      truetape(['book', 'run', '--jsonl', '--depth'], { cwd, input }),
      run('a.rpl', '--jsonl', '--depth', '--instrument', 'ETH-USD'),
      run('a.rpl', '--instrument', 'LTC-USD'),
    ]);
    const depths = ({ stdout }: Run): string[] =>
      stdout.split('\n').filter((line) => line.includes('"depth"'));
    expect(depths(piped)).toHaveLength(2);
    expect(depths(chosen)).toEqual([expect.stringContaining('"instrument":"ETH-USD"')]);
    expect(none).toMatchObject({ code: 2 });
    expect(none.stderr).toContain('a.rpl has no instrument LTC-USD\n  it has BTC-USD, ETH-USD\n');
  });

  test.each<[string, RegExp, (line: string) => string, RegExp]>([
    [
      'quantity',
      / Fill /,
      (line) => line.replace('qtyLots=5', 'qtyLots=4'),
      /Fill, qtyLots: expected 5, found 4/,
    ],
    [
      'price',
      / Fill /,
      (line) => line.replace('priceTicks=100', 'priceTicks=99'),
      /Fill, priceTicks: expected 100, found 99/,
    ],
    [
      'side',
      / Fill /,
      (line) => line.replace('side=sell', 'side=buy'),
      /Fill, side: expected sell, found buy/,
    ],
    [
      'account',
      / Fill /,
      (line) => line.replace('makerAccount=1', 'makerAccount=2'),
      /makerAccount: expected 1, found 2/,
    ],
    ['cause', / Fill /, (line) => line.replace(/cause=\d+/, 'cause=5'), /Fill, cause: expected \d+, found 5/],
    [
      'code',
      / Rejected .*wouldNotFill/,
      (line) => line.replace('wouldNotFill', 'capacity'),
      /code: expected wouldNotFill, found capacity/,
    ],
    [
      'reason',
      / Canceled .*ioc/,
      (line) => line.replace('iocRemainder', 'requested'),
      /reason: expected iocRemainder, found requested/,
    ],
    [
      'place',
      / Amended .*priorityKept/,
      (line) => line.replace(' priorityKept=1', ''),
      /priorityKept: expected 1, found 0/,
    ],
    [
      'leaves',
      / Accepted /,
      (line) => line.replace('leavesLots=5', 'leavesLots=6'),
      /Accepted, leavesLots: expected 5, found 6/,
    ],
    [
      'end of a message',
      / Accepted .*LAST/,
      (line) => line.replace('+LAST ', ''),
      /LAST: expected the last, found not the last/,
    ],
    [
      'kind',
      / Canceled .*ioc/,
      (line) => line.replace(/Canceled (.*) canceledLots=(\d+).*/, 'Expired $1 expiredLots=$2'),
      /kind: expected Canceled, found Expired/,
    ],
    [
      'count',
      / CancelAllDone /,
      (line) => line.replace('canceled=2', 'canceled=1'),
      /canceled: expected 2, found 1/,
    ],
  ])('with another %s is found', async (what, find, replace, message) => {
    const name = changed(`falsified ${what}.txt.rpl`, find, replace);
    const { code, stderr, stdout } = await run(name, '--jsonl');
    expect(code).toBe(3);
    expect(stderr).toMatch(message);
    expect(stderr).toContain(`at seq ${seqOf(find)}: `);
    expect(stderr).toContain(`tape view '${name}' --from-seq`);
    // What was answered up to there stands.
    expect(session.stdout.startsWith(stdout.trimEnd().split('\n').slice(0, -1).join('\n'))).toBe(true);
  });

  test('of which a fact is missing, or has one too many, is found', async () => {
    const fill = / Fill /;
    const renumber = (name: string): void => {
      const text = readFileSync(join(cwd, name), 'utf8').trimEnd().split('\n');
      const numbered = text.map((line, k) => (k === 0 ? line : line.replace(/^\d+/, String(k - 1))));
      writeFileSync(join(cwd, name), `${numbered.join('\n')}\n`);
    };
    changed('missing.txt.rpl', fill, () => undefined);
    changed('doubled.txt.rpl', / Canceled .*ioc/, (line) => `${line}\n${line}`);
    changed('last.txt.rpl', / Canceled .*ioc/, () => undefined);
    for (const name of ['missing.txt.rpl', 'doubled.txt.rpl', 'last.txt.rpl']) renumber(name);
    const [missing, doubled, last] = await Promise.all(
      ['missing.txt.rpl', 'doubled.txt.rpl', 'last.txt.rpl'].map((name) => run(name)),
    );
    expect([missing, doubled, last].map(({ code }) => code)).toEqual([3, 3, 3]);
    expect(doubled.stderr).toContain('kind: expected a command or the end, found Canceled');
    expect(last.stderr).toMatch(/kind: expected Canceled of the command at seq \d+, found NewOrder/);
  });

  test('of commands alone is run, and says that nothing was compared; then a late fact is found', async () => {
    const kept = lines.filter(
      (line) => !/ (Accepted|Rejected|Fill|Canceled|Amended|CancelAllDone) /.test(line),
    );
    const numbered = kept.map((line, k) => (k === 0 ? line : line.replace(/^\d+/, String(k - 1))));
    writeFileSync(join(cwd, 'commands.txt.rpl'), `${numbered.join('\n')}\n`);
    const fact = lines.find((line) => line.includes(' CancelAllDone '))!;
    const late = `${numbered.length - 1}${fact.slice(fact.indexOf(' ')).replace(' 0 ', ' 9 ')}`;
    writeFileSync(join(cwd, 'late.txt.rpl'), `${[...numbered, late].join('\n')}\n`);
    const [commands, found] = await Promise.all([
      run('commands.txt.rpl', '--jsonl', '--depth'),
      run('late.txt.rpl'),
    ]);
    expect(commands).toMatchObject({
      code: 0,
      stderr: 'truetape: commands.txt.rpl has no facts: nothing was compared\n',
    });
    expect(commands.stdout.split('\n')).toHaveLength(session.stdout.split('\n').length);
    expect(found).toMatchObject({ code: 3 });
    expect(found.stderr).toMatch(/expected a fact of the command at seq \d+ before it, found CancelAllDone/);
  });

  test('that is a part of another says so where it does not match', async () => {
    // From within a book's life on, and up to an order whose fill follows.
    const parts = [
      ['--from-seq', '12'],
      ['--to-seq', '13'],
    ];
    for (const part of parts) {
      await truetape(['tape', 'convert', 'a.rpl', '-o', 'part.rpl', '--force', ...part], { cwd });
      const { code, stderr } = await run('part.rpl');
      expect(code).toBe(3);
      expect(stderr).toContain('events are missing: run the whole tape, not a part of it');
    }
  });

  test('that is torn or damaged is refused as by all commands', async () => {
    const bytes = readFileSync(join(cwd, 'a.rpl'));
    writeFileSync(join(cwd, 'torn.rpl'), bytes.subarray(0, 400));
    const damaged = Buffer.from(bytes);
    damaged[500] ^= 1;
    writeFileSync(join(cwd, 'damaged.rpl'), damaged);
    writeFileSync(join(cwd, 'text.rpl'), 'rpl-text 1 {}\n');
    const runs = await Promise.all(['torn.rpl', 'damaged.rpl', 'text.rpl'].map((name) => run(name)));
    expect(runs.map(({ code }) => code)).toEqual([5, 5, 5]);
  });
});

describe.concurrent('another tape', () => {
  test('of a client is run without comparing', async () => {
    const text = lines.join('\n').replace('"observer":"venue"', '"observer":"client"');
    writeFileSync(
      join(cwd, 'client.txt.rpl'),
      `${text.replaceAll('qtyLots=5 makerOrderId', 'qtyLots=4 makerOrderId')}\n`,
    );
    const { code, stderr, stdout } = await run('client.txt.rpl', '--jsonl', '--out', 'venue.rpl');
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr:
        'truetape: client.txt.rpl is the tape of a client, not of a venue: its facts were not compared\n',
    });
    expect(stdout.length).toBeGreaterThan(1000);
    expect((await run('venue.rpl')).code).toBe(0);
  });

  test('with a command that a book has no rule for is refused, with the field', async () => {
    const name = changed('stop.txt.rpl', / NewOrder /, (line) => line.replace('type=limit', 'type=stop'));
    const { code, stderr, stdout } = await run(name);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(
      /^truetape: stop\.txt\.rpl: seq \d+: NewOrder, type: expected limit or market, found stop\n/,
    );
  });

  test('without commands says so', async () => {
    writeFileSync(join(cwd, 'none.txt.rpl'), `${lines[0]}\n${lines[1]}\n`);
    expect(await run('none.txt.rpl')).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'truetape: none.txt.rpl has no commands\n',
    });
  });
});
