// `tape verify --replay`: the bytes of a tape, then what its commands give.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { Kind } from '@truetape/contracts';
import { createStream } from '@truetape/kernel';
import { refusalText } from '../src/book/replay-stop.ts';
import { commandLine } from './book-commands.ts';
import { LOBSTER, ROOT, scratchFolder, truetape } from './truetape.ts';
import type { Run } from './truetape.ts';

const cwd = scratchFolder();
const verify = (name: string, ...args: string[]): Promise<Run> =>
  truetape(['tape', 'verify', name, '--replay', ...args], { cwd });

/** The tape as text, line by line, without its end. */
let lines: readonly string[];

beforeAll(async () => {
  const session = join(ROOT, 'fixtures', 'book', 'every-report.jsonl');
  const from = ['book', 'run', session, '--instrument', 'BTC-USD,ETH-USD', '--out'];
  await truetape([...from, 'a.rpl'], { cwd });
  await truetape(['tape', 'convert', 'a.rpl', '-o', 'a.txt.rpl'], { cwd });
  lines = readFileSync(join(cwd, 'a.txt.rpl'), 'utf8').trimEnd().split('\n').slice(0, -1);
}, 180_000);

/** Writes lines as an unsealed tape, numbered anew. */
function write(name: string, changed: readonly string[]): string {
  const numbered = changed.map((line, k) => (k === 0 ? line : line.replace(/^\d+/, String(k - 1))));
  writeFileSync(join(cwd, name), `${numbered.join('\n')}\n`);
  return name;
}

const replace = (name: string, find: RegExp, change: (line: string) => string): string => {
  const at = lines.findIndex((line) => find.test(line));
  expect(at).toBeGreaterThan(0);
  return write(name, lines.with(at, change(lines[at])));
};

const seqOf = (find: RegExp): number => lines.findIndex((line) => find.test(line)) - 1;

describe.concurrent('a tape of book run', () => {
  test('verifies: binary, as text, sealed, from standard input, with its orders, as JSON', async () => {
    const input = readFileSync(join(cwd, 'a.rpl'));
    const [binary, text, piped, json] = await Promise.all([
      verify('a.rpl', '--sealed', '--orders'),
      verify('a.txt.rpl'),
      truetape(['tape', 'verify', '-', '--replay'], { cwd, input }),
      verify('a.rpl', '--json'),
    ]);
    const what = new RegExp(
      '^ {2}replayed: 79 commands, 110 facts as they give them(.*)\n' +
        ' {2}behind it: 2 books, state hash ([0-9a-f]{64})$',
      'm',
    );
    const [said, told] = [what.exec(binary.stdout)!, what.exec(text.stdout)!];
    expect(said[1]).toBe(', the life of every order');
    expect(told[1]).toBe('');
    expect(told[2]).toBe(said[2]);
    expect([binary.code, text.code, piped.code, json.code]).toEqual([0, 0, 0, 0]);
    expect(what.exec(piped.stdout)![2]).toBe(said[2]);
    expect(JSON.parse(json.stdout)).toMatchObject({
      ok: true,
      sealed: true,
      replay: { ok: true, commands: 79, facts: 110, books: 2, orders: false, stateHash: said[2], stop: null },
      notVerified: [],
    });
  });

  test('of 2,000 random commands verifies, with the life of its orders (seed 43)', async () => {
    const random = createStream(43, 'replay');
    const input = Array.from({ length: 2000 }, (_, index) => commandLine(random, index)).join('\n');
    await truetape(['book', 'run', '--out', 'random.rpl'], { cwd, input: `${input}\n` });
    const { code, stdout } = await verify('random.rpl', '--orders');
    expect(code).toBe(0);
    expect(stdout).toContain('replayed: 2000 commands, ');
  });
});

describe.concurrent('a tape that was changed', () => {
  test('is found at the first difference, with the next step', async () => {
    const name = replace('changed.txt.rpl', / Fill /, (line) => line.replace('qtyLots=5', 'qtyLots=4'));
    const seq = seqOf(/ Fill /);
    const [text, json] = await Promise.all([verify(name), verify(name, '--json')]);
    const stderr =
      `truetape: ${name} does not match its commands at seq ${seq}: Fill, qtyLots: expected 5, found 4\n` +
      `  it was changed, or made under other rules: see truetape tape view ${name} ` +
      `--from-seq ${seq - 2} --to-seq ${seq}\n`;
    expect(text).toMatchObject({ code: 3, stdout: '', stderr });
    expect(json).toMatchObject({ code: 3, stderr });
    expect(JSON.parse(json.stdout)).toMatchObject({
      ok: false,
      error: null,
      replay: {
        ok: false,
        stateHash: null,
        stop: {
          type: 'difference',
          code: 'fact',
          seq,
          kind: 'Fill',
          field: 'qtyLots',
          expected: '5',
          found: '4',
        },
      },
    });
  });

  test('is not replayed to anybody where its bytes are damaged', async () => {
    const bytes = readFileSync(join(cwd, 'a.rpl'));
    bytes[bytes.length >> 1] ^= 1;
    writeFileSync(join(cwd, 'damaged.rpl'), bytes);
    // Torn within an answer: what is missing there says nothing of the matcher.
    const until = lines.findIndex((line) => / Fill /.test(line));
    writeFileSync(join(cwd, 'torn.txt.rpl'), `${lines.slice(0, until).join('\n')}\n7 0 Fil`);
    const [damaged, torn, unsealed] = await Promise.all([
      verify('damaged.rpl', '--json'),
      verify('torn.txt.rpl', '--json'),
      verify(write('unsealed.txt.rpl', lines), '--sealed'),
    ]);
    expect(damaged.code).toBe(5);
    expect(JSON.parse(damaged.stdout)).toMatchObject({ ok: false, replay: null });
    expect(torn).toMatchObject({ code: 5, stderr: expect.stringContaining('is torn at offset') as string });
    expect(JSON.parse(torn.stdout)).toMatchObject({ error: { code: 'torn' }, replay: null });
    expect(unsealed).toMatchObject({ code: 3 });
    expect(unsealed.stderr).toContain('expected a seal, found the end');
  });

  test('is about no command where none has come yet', async () => {
    const at = lines.findIndex((line) => / NewOrder /.test(line));
    const { code, stdout } = await verify(write('early.txt.rpl', lines.toSpliced(at, 1)), '--json');
    expect(code).toBe(3);
    const stop = { code: 'surplus', seq: at - 1, kind: 'Accepted', command: null };
    expect(JSON.parse(stdout)).toMatchObject({ replay: { stop } });
  });

  // A frame that says too much of its records makes no reader fail: `verify` alone counts them again.
  test('is corrupt where a frame says of its records what they are not', async () => {
    const bytes = readFileSync(join(cwd, 'a.rpl'));
    const at = bytes.indexOf('RPLB');
    const frame = bytes.subarray(at, at + 120 + bytes.readUInt32LE(at + 12));
    // Kind 0xf0 is said to be there; the checksum of the header is right.
    frame[56 + 0xf0 / 8] ^= 1;
    frame.writeUInt32LE(crc32(frame.subarray(0, 116)), 116);
    writeFileSync(join(cwd, 'forged.rpl'), bytes.subarray(0, at + frame.length));
    const [looked, verified] = await Promise.all([
      truetape(['tape', 'view', 'forged.rpl'], { cwd }),
      verify('forged.rpl'),
    ]);
    expect([looked.code, verified.code]).toEqual([0, 5]);
    expect(verified.stderr).toContain('expected the kinds, instruments and sources of its records');
  });

  test('to commands alone says what they give', async () => {
    const facts = / (Accepted|Rejected|Fill|Canceled|Amended|CancelAllDone) /;
    const { code, stderr } = await verify(
      write(
        'commands.txt.rpl',
        lines.filter((line) => !facts.test(line)),
      ),
    );
    expect(code).toBe(3);
    expect(stderr).toMatch(/kind: expected \w+ of the command at seq \d+, found \w+\n/);
    expect(stderr).toContain(
      'commands alone have nothing to compare; what they give: truetape book run commands.txt.rpl\n',
    );
  });
});

describe.concurrent('said honestly is', () => {
  test('that the end may be missing, where the tape ends within an answer', async () => {
    const until = lines.findIndex((line) => / Fill /.test(line));
    const { code, stdout, stderr } = await verify(write('cut.txt.rpl', lines.slice(0, until)), '--json');
    expect(code).toBe(3);
    const stop = { code: 'missing', kind: null, seq: until - 1 };
    expect(JSON.parse(stdout)).toMatchObject({ replay: { stop } });
    expect(stderr).toMatch(
      / found the end of the tape\n {2}its end is missing, it was changed, or made under/,
    );
  });

  // A reader hands a Define out before it refuses it: the replay must not take it for a programmer's error.
  test.each([['verify', '--replay'], ['run']])('a bad Define: %s', async (verb, ...args) => {
    const name = write(`define-${verb}.txt.rpl`, [
      ...lines.slice(0, 4),
      lines[3].replace(/index=\d/, 'index=9'),
      ...lines.slice(4),
    ]);
    const noun = verb === 'run' ? 'book' : 'tape';
    const { code, stderr } = await truetape([noun, verb, name, ...args], { cwd });
    expect(code).toBe(5);
    expect(stderr).toMatch(/a bad Define.*found notDense: instrument 9\n/);
    expect(stderr).toContain('seq 3');
  });

  test('what no command of the tape gives', async () => {
    const define = '0 0 Define - - table=source index=3 json={"name":"gateway","role":"risk"}';
    const reject =
      '0 0 Rejected BTC-USD gateway +LAST side=buy orderId=99 command=NewOrder by=gateway code=duplicateClientId';
    const fact = '0 0 Accepted BTC-USD gateway side=buy orderId=99 priceTicks=1 leavesLots=2';
    const name = write('others.txt.rpl', [...lines.slice(0, 5), define, reject, reject, fact]);
    const [text, json] = await Promise.all([verify(name), verify(name, '--json')]);
    expect(text.code).toBe(0);
    const notes = [
      '2 rejects from before the matcher: no command of the tape gives them',
      '1 fact of sources that are no venue: no command gives them',
    ];
    for (const note of notes) expect(text.stdout).toContain(`  not verified: ${note}\n`);
    expect(JSON.parse(json.stdout)).toMatchObject({
      ok: true,
      replay: { rejectedBefore: 2, ofOthers: 1 },
    });
  });
});

describe.concurrent('refused, with what to do instead, is', () => {
  test('the tape of a client', async () => {
    await truetape(
      ['import', 'lobster', join(LOBSTER, 'SYNT_2024-01-02_34200000_57600000_message_5.csv'), '-o', 'l.rpl'],
      {
        cwd,
      },
    );
    const [text, json] = await Promise.all([verify('l.rpl'), verify('l.rpl', '--json')]);
    expect(text).toMatchObject({
      code: 1,
      stdout: '',
      stderr:
        'truetape: l.rpl: expected the tape of a venue, found that of a client\n' +
        '  what a client comes to know is not what the books did: replay the tape of its venue\n',
    });
    expect(JSON.parse(json.stdout)).toMatchObject({
      ok: false,
      replay: { stop: { code: 'observer', found: 'client' } },
    });
  });

  test.each([
    ['--from-seq', '12'],
    ['--kind', 'NewOrder'],
  ])('an extract: %s', async (...part) => {
    const name = `part ${part[1]}.rpl`;
    await truetape(['tape', 'convert', 'a.rpl', '-o', name, ...part], { cwd });
    const { code, stderr } = await verify(name);
    expect(code).toBe(1);
    expect(stderr).toMatch(/expected all events, found none before seq \d+\n {2}replay the whole tape/);
  });

  test('a merge', async () => {
    const input = '{"op":"new","id":1,"side":"sell","price":100,"qty":5}\n';
    for (const name of ['XX', 'YY'])
      await truetape(['book', 'run', '--instrument', name, '--out', `${name}.rpl`], { cwd, input });
    await truetape(['tape', 'convert', 'XX.rpl', 'YY.rpl', '-o', 'merge.rpl'], { cwd });
    const { code, stderr } = await verify('merge.rpl');
    expect(code).toBe(1);
    expect(stderr).toMatch(/expected the answer to a command of this tape, found one of parent 1\n/);
    expect(stderr).toContain('it is a merge: replay each of the tapes that it was made of\n');
  });

  test('a command that a book has no rule for', async () => {
    const name = replace('stop.txt.rpl', / NewOrder /, (line) => line.replace('type=limit', 'type=stop'));
    const { code, stderr } = await verify(name);
    expect(code).toBe(1);
    expect(stderr).toMatch(/seq \d+: NewOrder, type: expected limit or market, found stop\n/);
  });

  test('a command that says of a quantity no mode: none is told by its name', () => {
    const stop = { type: 'refusal', code: 'unsupported', seq: 7, kind: Kind.AmendOrder } as const;
    const { text } = refusalText({ ...stop, field: 'qtyMode', expected: 'total', found: 0 });
    expect(text).toBe('seq 7: AmendOrder, qtyMode: expected total, found none');
  });

  test('--orders without a replay', async () => {
    expect(await truetape(['tape', 'verify', 'a.rpl', '--orders'], { cwd })).toMatchObject({
      code: 2,
      stdout: '',
    });
  });
});

test('what a replay has not compared is said', async () => {
  for (const events of [0, 2]) {
    const bare = await verify(write('none.txt.rpl', lines.slice(0, 1 + events)));
    expect(bare.code).toBe(0);
    expect(bare.stdout).toContain('not verified: no commands: nothing was replayed\n');
    expect(bare.stdout).not.toContain(' replayed: ');
  }
  const hash = 'ab'.repeat(32);
  const checkpoint = (covers: number): string => {
    const time = lines.at(-1)!.split(' ')[1];
    return `0 ${time} Checkpoint - - coversSeq=${covers} scope=book hashVersion=1 stateHash=${hash}`;
  };
  const [passed, wrong] = await Promise.all([
    verify(write('passed.txt.rpl', [...lines, checkpoint(6)])),
    verify(write('wrong.txt.rpl', [...lines, checkpoint(lines.length - 1)])),
  ]);
  expect(passed.stdout).toContain('not verified: 1 checkpoint of another seq or version: not compared\n');
  expect(wrong.code).toBe(3);
  expect(wrong.stderr).toMatch(/Checkpoint, stateHash: expected [0-9a-f]{64}, found (ab){32}\n/);
});
