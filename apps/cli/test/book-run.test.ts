// book run: from a pipe, to a pipe, into a file; instruments, times and ids; what ends it early.
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createBook, createCommands, createReports, encodeCommand, nameId } from '@truetape/book';
import type { Command } from '@truetape/book';
import { describe, expect, test } from 'vitest';
import { auditedBook, createEngine, execute, openBook } from '../src/book/engine.ts';
import { ended, scratchFolder, shell, start, truetape } from './truetape.ts';
import type { Run } from './truetape.ts';

const cwd = scratchFolder();
const run = (input: string, ...args: string[]): Promise<Run> =>
  truetape(['book', 'run', '-', '--jsonl', ...args], { cwd, input });
const order = (id: unknown, side: string, price: number, qty: number, more: object = {}): string =>
  JSON.stringify({ op: 'new', id, side, type: 'limit', price, qty, ...more });
const reports = ({ stdout }: Run): Record<string, unknown>[] =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe.concurrent('input', () => {
  const session = `${order(1, 'buy', 100, 5)}\n${order(2, 'sell', 100, 3)}\n`;
  const answer =
    '{"event":"accepted","id":1,"price":100,"leaves":5}\n{"event":"accepted","id":2,"price":100,"leaves":3}\n' +
    '{"event":"fill","tradeId":1,"maker":1,"taker":2,"price":100,"qty":3,"makerLeaves":2,"takerLeaves":0,"side":"sell"}\n';

  test('is the same from standard input, a file, a compressed one, with CRLF, a mark, blank lines, no end', async () => {
    writeFileSync(join(cwd, 'session.jsonl'), session);
    writeFileSync(join(cwd, 'session.gz'), gzipSync(session));
    writeFileSync(join(cwd, 'odd.jsonl'), `\ufeff\n  \r\n${session.trimEnd().replaceAll('\n', '\r\n\n')}`);
    const args = ['book', 'run', '--jsonl'];
    const runs = await Promise.all([
      run(session),
      truetape(args, { cwd, input: session }),
      truetape([...args, 'session.jsonl'], { cwd }),
      truetape([...args, 'session.gz'], { cwd }),
      truetape([...args, 'odd.jsonl'], { cwd }),
    ]);
    for (const one of runs) expect(one).toMatchObject({ code: 0, stdout: answer, stderr: '' });
  });

  test('of nothing has no reports, and an empty book', async () => {
    const empty = await run('', '--depth', '--out', 'empty.rpl');
    expect(reports(empty)).toEqual([
      { event: 'depth', bids: [], asks: [], stateHash: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
    ]);
    expect((await truetape(['tape', 'verify', 'empty.rpl', '--sealed'], { cwd })).code).toBe(0);
  });

  test('that is not there, or a folder, is told', async () => {
    const [absent, folder] = await Promise.all(
      ['absent.jsonl', '.'].map((path) => truetape(['book', 'run', path], { cwd })),
    );
    expect(absent).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('absent.jsonl: there is no such file') as string,
    });
    expect(folder).toMatchObject({ code: 1, stdout: '' });
  });

  test('of many lines is answered whole, however it is cut into chunks', async () => {
    const count = 20_000;
    const lines = Array.from({ length: count }, (_, k) => order(k, k % 2 === 0 ? 'buy' : 'sell', 100, 1));
    const { stdout, code } = await run(`${lines.join('\n')}\n`);
    expect(code).toBe(0);
    expect(stdout.split('\n').length - 1).toBe(count + count / 2);
  });
});

describe.concurrent('a pipe', () => {
  // Fails when reports wait for more input, or for their own end.
  test('answers a command before the next one is written', async () => {
    const child = start(['book', 'run', '--jsonl'], { cwd });
    let said = '';
    child.stdout!.setEncoding('utf8').on('data', (text: string) => (said += text));
    for (const id of [1, 2, 3]) {
      child.stdin!.write(`${order(id, 'buy', 100, 5)}\n`);
      while (!said.includes(`"id":${id}`)) await once(child.stdout!, 'data');
    }
    child.stdin!.end();
    expect((await ended(child)).code).toBe(0);
    expect(said.split('\n')).toHaveLength(4);
  });

  test('whose reader has gone ends it without a word', async () => {
    const lines = Array.from({ length: 20_000 }, (_, k) => order(k, 'buy', 100, 1));
    writeFileSync(join(cwd, 'many.jsonl'), lines.join('\n'));
    const first = await shell(
      'truetape book run many.jsonl --jsonl | head -n 1; echo "${PIPESTATUS[0]}"',
      cwd,
    );
    expect(first).toMatchObject({ stderr: '' });
    expect(first.stdout).toBe('{"event":"accepted","id":0,"price":100,"leaves":1}\n0\n');
  });

  test('that goes on is not waited for once a line was malformed', async () => {
    const child = start(['book', 'run', '--jsonl'], { cwd });
    child.stdin!.write(`${order(1, 'buy', 100, 5)}\n{"op":"nwe"}\n`);
    const { code, stdout, stderr } = await ended(child);
    expect({ code, stdout }).toEqual({
      code: 2,
      stdout: '{"event":"accepted","id":1,"price":100,"leaves":5}\n',
    });
    expect(stderr).toContain(
      'standard input:2: op: expected new, cancel, amend, reduce, cancelAll, found "nwe"',
    );
  });

  test('that says nothing can be left with Ctrl-C, and no half tape stays', async () => {
    const child = start(['book', 'run', '--jsonl', '--out', 'interrupted.rpl'], { cwd });
    child.stdin!.write(`${order(1, 'buy', 100, 5)}\n`);
    await once(child.stdout!, 'data');
    child.kill('SIGINT');
    expect(await ended(child)).toMatchObject({ code: 130, stderr: '' });
    expect(readdirSync(cwd).filter((name) => name.includes('interrupted'))).toEqual([]);
  });
});

describe.concurrent('ids', () => {
  test('are printed as they were given; a number and a string are two', async () => {
    const ids = [
      0,
      '0',
      4503599627370495,
      4503599627370496,
      '4503599627370496',
      9007199254740991,
      'a "b"',
      'ü',
    ];
    const once = await run(ids.map((id) => order(id, 'buy', 100, 1)).join('\n'), '--out', 'ids.rpl');
    expect(reports(once).map(({ event, id }) => [event, id])).toEqual(ids.map((id) => ['accepted', id]));
    const twice = await run(ids.flatMap((id) => [order(id, 'buy', 1, 1), order(id, 'buy', 1, 1)]).join('\n'));
    expect(
      reports(twice)
        .filter(({ code }) => code === 'duplicateId')
        .map(({ id }) => id),
    ).toEqual(ids);
    const tape = await truetape(['tape', 'view', 'ids.rpl', '--kind', 'Alias', '--jsonl'], { cwd });
    expect(reports(tape).map(({ id, scope, text }) => [id, scope, text])).toEqual([
      [4503599627370496, 'clientOrder', '0'],
      [4503599627370497, 'venueOrder', '4503599627370496'],
      [4503599627370498, 'clientOrder', '4503599627370496'],
      [4503599627370499, 'venueOrder', '9007199254740991'],
      [4503599627370500, 'clientOrder', 'a "b"'],
      [4503599627370501, 'clientOrder', 'ü'],
    ]);
    const again = await truetape(['book', 'run', 'ids.rpl', '--jsonl'], { cwd });
    expect(again.stdout).toBe(once.stdout);
  });

  test('keep their number behind the end of their order', async () => {
    const lines = [
      order('a', 'buy', 100, 1),
      order('b', 'sell', 100, 1),
      '{"op":"cancel","id":"a"}',
      order('a', 'buy', 1, 1),
    ];
    await run(lines.join('\n'), '--out', 'late.rpl');
    const view = await truetape(['tape', 'view', 'late.rpl', '--kind', 'Alias', '--jsonl'], { cwd });
    expect(reports(view).map(({ text }) => text)).toEqual(['a', 'b']);
  });
});

describe.concurrent('instruments', () => {
  test('that lines name have books of their own; the default’s reports leave it out', async () => {
    const input = [
      order(1, 'buy', 1, 1),
      order(1, 'buy', 2, 1, { instrument: 'B' }),
      '{"op":"cancelAll","everyone":true}',
    ];
    const open = reports(
      await run([order(1, 'buy', 9, 1, { instrument: 'C' }), ...input].join('\n'), '--depth'),
    );
    expect(open.map(({ event, instrument }) => [event, instrument])).toEqual([
      ['accepted', 'C'],
      ['accepted', undefined],
      ['accepted', 'B'],
      ['canceled', undefined],
      ['canceled', 'C'],
      ['canceled', 'B'],
      ['cancelAllDone', undefined],
      ['depth', undefined],
      ['depth', 'C'],
      ['depth', 'B'],
    ]);
    const closed = reports(await run(input.join('\n'), '--instrument', 'A'));
    expect(closed).toMatchObject([
      { event: 'accepted' },
      { event: 'rejected', code: 'unknownInstrument', instrument: 'B', id: 1 },
      { event: 'canceled' },
      { event: 'cancelAllDone', canceled: 1 },
    ]);
    const [named] = reports(await run(order(1, 'buy', 2, 1, { instrument: 'B' }), '--instrument', 'A,B'));
    expect(named).toEqual({ event: 'accepted', id: 1, price: 2, leaves: 1, instrument: 'B' });
  });

  test.concurrent.each(['', 'A,', 'A,A'])('--instrument %j is none', async (names) => {
    const { code, stderr } = await run('', '--instrument', names);
    expect(code).toBe(2);
    expect(stderr).toContain('--instrument: expected names with commas between them');
  });
});

describe.concurrent('--out', () => {
  test('replaces a file only with --force, wants a tape’s name, and writes nothing for a malformed line', async () => {
    writeFileSync(join(cwd, 'there.rpl'), 'kept');
    const line = order(1, 'buy', 1, 1);
    const [exists, forced, name, dash, malformed] = await Promise.all([
      run(line, '--out', 'there.rpl'),
      run(line, '--out', 'forced.rpl', '--force'),
      run(line, '--out', 'tape.bin'),
      run(line, '--out', '-'),
      run(`${line}\n{`, '--out', 'malformed.rpl'),
    ]);
    expect([exists, forced, name, dash, malformed].map(({ code }) => code)).toEqual([1, 0, 2, 2, 2]);
    expect(readFileSync(join(cwd, 'there.rpl'), 'utf8')).toBe('kept');
    expect(existsSync(join(cwd, 'malformed.rpl'))).toBe(false);
  });

  test('keeps absolute times, and the seconds before 1970 + 104 days', async () => {
    const times = ['1767225600000000000', '1767225600000000001'];
    const lines = times.map((timeNs, k) => order(k, 'buy', 1, 1, { timeNs }));
    await run([...lines, order(7, 'buy', 1, 1)].join('\n'), '--out', 'times.txt.rpl');
    const orders = readFileSync(join(cwd, 'times.txt.rpl'), 'utf8').match(/\d+ NewOrder/g);
    expect(orders).toEqual([times[0], times[1], times[1]].map((time) => `${time} NewOrder`));
  });
});

// Fails when a tape that was asked for is missing and the exit code says that all went well.
test('a reader that leaves early ends the run: quietly, or with the tape that is not written', async () => {
  const lines = Array.from({ length: 20_000 }, (_, k) => order(k, 'buy', 1, 1)).join('\n');
  writeFileSync(join(cwd, 'many.jsonl'), lines);
  const leave = async (...args: string[]): Promise<Run> => {
    const child = start(['book', 'run', 'many.jsonl', ...args], { cwd });
    child.stdout!.destroy();
    return ended(child);
  };
  expect(await leave()).toMatchObject({ code: 0, stderr: '' });
  const { code, stderr } = await leave('--out', 'unread.rpl');
  expect([code, stderr]).toEqual([1, expect.stringContaining('unread.rpl is not written')]);
  expect(readdirSync(cwd).filter((name) => name.includes('unread'))).toEqual([]);
});

test('bad usage ends with 2', async () => {
  const runs = await Promise.all([
    run('', '--impl', 'slow'),
    run('', '--on-bad-line', 'ignore'),
    truetape(['book', 'run', 'a', 'b'], { cwd }),
    truetape(['book', 'rnu'], { cwd }),
  ]);
  expect(runs.map(({ code }) => code)).toEqual([2, 2, 2, 2]);
});

// Fails when --check does not look at what a book reports, or at the book behind it.
test('an audited book that leaves out a report, or is broken behind it, is found', () => {
  const commands = createCommands(1);
  const out = createReports();
  const order = { op: 'new', orderId: 1, side: 'buy', type: 'limit', priceTicks: 1, qtyLots: 1 } as const;
  const honest = createBook();
  encodeCommand(commands, 0, order);
  auditedBook(honest).apply(commands, 0, out);
  expect(out.count).toBe(1);
  const silent = createBook();
  const apply: typeof silent.apply = (given, k, reports) => {
    silent.apply(given, k, reports);
    reports.count -= 1;
  };
  expect(() => auditedBook({ ...silent, apply }).apply(commands, 0, createReports())).toThrow('BOOK-40');
  const check = (): void => {
    throw new Error('the book is broken');
  };
  expect(() => auditedBook({ ...createBook(), check }).apply(commands, 0, out)).toThrow('the book is broken');
});

// Fails when --check takes time with the square of the input, or does not look at a large book as it ends.
test('a book is checked behind each command while it is small, then behind ever more, and when it is asked', () => {
  const commands = createCommands(1);
  const out = createReports();
  const book = createBook();
  let checks = 0;
  const audited = auditedBook({ ...book, check: () => void (checks += 1) });
  const add = (from: number, to: number): void => {
    for (let orderId = from; orderId < to; orderId++) {
      const type = 'limit';
      encodeCommand(commands, 0, { op: 'new', orderId, side: 'buy', type, priceTicks: 1, qtyLots: 1 });
      audited.apply(commands, 0, out);
    }
  };
  add(0, 64);
  expect(checks).toBe(64);
  // From n orders on it is every n/64th command: 64 × ln(6400/64) of them.
  add(64, 6400);
  expect(checks).toBeGreaterThan(300);
  expect(checks).toBeLessThan(400);
  const before = checks;
  audited.check();
  expect(checks).toBe(before + 1);
});

// Fails when names of orders that have ended are kept for ever: a day of text ids would not fit in memory.
test.each<[string, string[], ...Partial<Command>[]]>([
  ['a maker', ['m'], {}, { side: 'sell', qtyLots: 9 }],
  ['a taker', ['t'], { qtyLots: 9 }, { side: 'sell' }],
  ['both', ['m', 't'], {}, { side: 'sell' }],
  ['one that is canceled', ['t'], {}, { type: 'market' }],
  ['one that is rejected', ['t'], {}, { qtyLots: 0 }],
  ['not one that rests, for a reject', ['t'], {}, { qtyLots: 0 }, { op: 'amend', qtyLots: 0, owner: 0 }],
])('a name ends with its order: %s', (_, gone, ...asked) => {
  const sink = { path: '-', write() {}, flush() {}, commit() {}, abandon() {} };
  const engine = createEngine({ impl: 'fast', jsonl: true, check: false, sink, recorder: undefined });
  openBook(engine, 'A', {}, 0);
  asked.forEach((more, k) => {
    const orderId = nameId(engine.names, 1, k === 1 ? 't' : 'm', () => {});
    const usual: Command = { op: 'new', instrument: 1, orderId, side: 'buy', type: 'limit', qtyLots: 5 };
    const priceTicks = more.type === 'market' ? undefined : { priceTicks: 100 };
    encodeCommand(engine.commands, 0, { ...usual, ...priceTicks, ...more });
    execute(engine);
  });
  expect([...engine.names.young].map(({ key }) => key).toSorted()).toEqual(gone);
});
