import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FIRST_ASSIGNED_ID, NONE, SIDE_BUY, SIDE_SELL, codeOfName } from '@truetape/contracts';
import { parseEventLine } from '../src/commands/orders/event-line.ts';
import { applyLine, createOrdersRun } from '../src/commands/orders/run-orders.ts';
import { ended, scratchFolder, start, truetape } from './truetape.ts';

const folder = scratchFolder();

const lines = (...values: readonly (object | string)[]): string =>
  values.map((value) => `${typeof value === 'string' ? value : JSON.stringify(value)}\n`).join('');
const run = (input: string | Uint8Array, ...args: readonly string[]): ReturnType<typeof truetape> =>
  truetape(['orders', 'run', '--jsonl', ...args], { input });
const told = (text: string): unknown[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);

const submit = (id: number | string, more: object = {}): object => ({ event: 'submit', id, qty: 3, ...more });

test('a life with its races: every event one line, errors among them, exit 0', async () => {
  const { code, stdout, stderr } = await run(
    lines(
      submit(1),
      { event: 'fill', id: 1, tradeId: 'f1', price: 100, qty: 1 },
      { event: 'accepted', id: 1 },
      { event: 'fill', id: 1, tradeId: 'f1', price: 100, qty: 1 },
      { event: 'fill', id: 1, tradeId: 'f1', price: 100, qty: 2 },
      { event: 'cancelRequest', id: 1 },
      { event: 'replaceRequest', id: 1, qty: 5 },
      { event: 'cancelRejected', id: 1, code: 'notOwner' },
      { event: 'replaced', id: 1 },
      { event: 'fill', id: 1, tradeId: 2, price: 101, qty: 5 },
      { event: 'canceled', id: 1 },
      { event: 'fill', id: 1, tradeId: 2, price: 101, qty: 4 },
      { event: 'cancelRequest', id: 1 },
    ),
  );
  expect(code).toBe(0);
  expect(told(stdout)).toEqual([
    { id: 1, state: 'PendingNew', cumQty: 0, leavesQty: 3, reason: 'submit' },
    { id: 1, state: 'PartiallyFilled', cumQty: 1, leavesQty: 2, reason: 'fill', avgPx: '100' },
    { id: 1, state: 'PartiallyFilled', cumQty: 1, leavesQty: 2, reason: 'accepted', avgPx: '100' },
    { id: 1, state: 'PartiallyFilled', cumQty: 1, leavesQty: 2, reason: 'duplicate', avgPx: '100' },
    {
      id: 1,
      error: {
        code: 'tradeConflict',
        state: 'PartiallyFilled',
        event: 'fill',
        why: 'the trade id stands for another fill of this order: it was 1 at 100',
      },
    },
    { id: 1, state: 'PendingCancel', cumQty: 1, leavesQty: 2, reason: 'cancelRequest', avgPx: '100' },
    { id: 1, state: 'PendingCancel', cumQty: 1, leavesQty: 2, reason: 'replaceRequest', avgPx: '100' },
    { id: 1, state: 'PendingReplace', cumQty: 1, leavesQty: 2, reason: 'notOwner', avgPx: '100' },
    { id: 1, state: 'PartiallyFilled', cumQty: 1, leavesQty: 4, reason: 'replaced', avgPx: '100' },
    {
      id: 1,
      error: {
        code: 'overfill',
        state: 'PartiallyFilled',
        event: 'fill',
        why: 'more would be filled than the order has: 5 where 4 of 5 remain',
      },
    },
    { id: 1, state: 'Canceled', cumQty: 1, leavesQty: 0, reason: 'canceled', avgPx: '100' },
    { id: 1, state: 'Filled', cumQty: 5, leavesQty: 0, reason: 'lateFill', avgPx: '100.8', lateFills: 1 },
    {
      id: 1,
      error: {
        code: 'ended',
        state: 'Filled',
        event: 'cancelRequest',
        why: 'the order has ended: it is Filled',
      },
    },
  ]);
  expect(stderr).toBe('truetape: 3 of 13 events were refused\n');
});

test('reasons, orders that never rest, ids of any kind', async () => {
  const { code, stdout } = await run(
    lines(
      submit('a', { tif: 'IOC', price: 100, side: 'buy' }),
      { event: 'accepted', id: 'a' },
      { event: 'fill', id: 'a', price: 100, qty: 1 },
      { event: 'replaceRequest', id: 'a', qty: 2 },
      { event: 'canceled', id: 'a', reason: 'iocRemainder' },
      submit('1'),
      submit(1),
      { event: 'rejected', id: 1, code: 'badQty' },
      { event: 'rejected', id: '1', code: 'noSuchCode' },
      submit(9007199254740991, { type: 'market', price: 5 }),
      submit(9007199254740991, { type: 'market' }),
      submit('b', { qty: 0 }),
      { event: 'accepted', id: 'never' },
      { event: 'expired', id: 9007199254740991, reason: 'timeInForce' },
    ),
  );
  expect(code).toBe(0);
  const words = told(stdout).map((one) => {
    const { id, state, reason, error } = one as Record<string, string> & { error?: Record<string, string> };
    return error === undefined ? [id, state, reason] : [id, error['code'], error['state']];
  });
  expect(words).toEqual([
    ['a', 'PendingNew', 'submit'],
    ['a', 'Accepted', 'accepted'],
    ['a', 'PartiallyFilled', 'fill'],
    ['a', 'wouldRest', 'PartiallyFilled'],
    ['a', 'Canceled', 'iocRemainder'],
    ['1', 'PendingNew', 'submit'],
    [1, 'PendingNew', 'submit'],
    [1, 'Rejected', 'badQty'],
    ['1', 'Rejected', 'noSuchCode'],
    [9007199254740991, 'badPrice', 'New'],
    [9007199254740991, 'PendingNew', 'submit'],
    ['b', 'badQty', 'New'],
    ['never', 'unknownOrder', 'New'],
    [9007199254740991, 'Expired', 'timeInForce'],
  ]);
});

describe.concurrent('a line that is no event', () => {
  const bad: readonly (readonly [name: string, line: string | Uint8Array, why: string])[] = [
    [
      'half a line',
      '{"event":',
      'expected a string, number, true, false or null at column 10, found the end',
    ],
    ['no object', '[1]', 'expected an object at column 1, found "[1]"'],
    ['null', 'null', 'expected an object at column 1'],
    // JSON.parse would take the last one, and answer for a quantity that nobody meant.
    ['a key twice', '{"event":"submit","id":2,"qty":1,"qty":2}', 'expected "qty" once at column 34'],
    ['a nested value', '{"event":"accepted","id":1,"x":[1]}', 'expected a string, number'],
    ['a key that would be a prototype', '{"__proto__":{"event":"accepted"},"id":1}', 'expected a string'],
    ['an event of the prototype', '{"event":"constructor","id":1}', 'unknown event "constructor"'],
    ['a long event', `{"event":"${'y'.repeat(100)}","id":1}`, `unknown event "${'y'.repeat(60)}…"; known`],
    [
      'a fraction that would be rounded away',
      '{"event":"submit","id":2,"qty":4503599627370497.5}',
      'qty: exp',
    ],
    ['one so small that it would be 0', '{"event":"fill","id":1,"price":1e-400,"qty":1}', 'price: exp'],
    ['an empty id', '{"event":"accepted","id":""}', 'id: expected a text of 1 to 1000 characters'],
    ['no event', '{"id":1}', 'it has no event'],
    ['an unknown event', '{"event":"cancel","id":1}', 'unknown event "cancel"'],
    ['no id', '{"event":"accepted"}', 'id: expected a text of 1 to 1000'],
    ['an id of another type', '{"event":"accepted","id":true}', 'id: expected'],
    ['an id that JSON would round', '{"event":"accepted","id":9007199254740993}', 'id: expected'],
    ['a quantity as text', '{"event":"submit","id":2,"qty":"3"}', 'qty: expected an integer'],
    ['a fraction', '{"event":"fill","id":1,"price":1.5,"qty":1}', 'price: expected an integer'],
    ['no price', '{"event":"fill","id":1,"qty":1}', 'price: expected an integer'],
    [
      'an unknown time in force',
      '{"event":"submit","id":2,"qty":3,"tif":"GTX"}',
      'tif: expected GTC, IOC, FOK',
    ],
    ['a reason of another type', '{"event":"canceled","id":1,"reason":5}', 'reason: '],
    ['no UTF-8', new Uint8Array([0x7b, 0xff, 0x7d]), 'it is no UTF-8'],
    ['too long by one', `{"event":"${'x'.repeat(65_525)}"}`, 'it has more than 65536 bytes'],
    ['a byte order mark within', '\ufeff{"event":"accepted","id":1}', 'expected an object at column 1'],
    ['too long', `{"event":"${'x'.repeat(1_100_000)}"}`, 'it has more than 65536 bytes'],
  ];

  test.each(bad.filter(([name]) => ['half a line', 'no event', 'no UTF-8', 'too long'].includes(name)))(
    '%s: exit 2 at that line, what came before stands',
    async (_, line, why) => {
      const input = Buffer.concat([
        Buffer.from(lines(submit(1), { event: 'accepted', id: 1 })),
        Buffer.from(line),
        Buffer.from(`\n${lines({ event: 'canceled', id: 1 })}`),
      ]);
      const { code, stdout, stderr } = await run(input);
      expect(code).toBe(2);
      expect(told(stdout)).toHaveLength(2);
      expect(stderr).toContain(`truetape: standard input, line 3: ${why}`);
      expect(stderr).toContain('--on-bad-line skip');
    },
  );

  // Twenty are told at most.
  test.each([bad.slice(0, 13), bad.slice(13)])(
    'is passed over, told with its place and counted where that is wanted',
    async (...some) => {
      const input = Buffer.concat([
        Buffer.from(lines(submit(1))),
        ...some.flatMap(([, line]) => [
          Buffer.from(line),
          Buffer.from(`\n${lines({ event: 'accepted', id: 1 })}`),
        ]),
        Buffer.from(lines({ event: 'canceled', id: 1 })),
      ]);
      const { code, stdout, stderr } = await run(input, '--on-bad-line', 'skip');
      expect(code).toBe(0);
      expect(told(stdout)).toHaveLength(some.length + 2);
      expect(told(stdout).at(-1)).toMatchObject({ state: 'Canceled', cumQty: 0 });
      for (const [k, [, , why]] of some.entries()) {
        expect(stderr).toContain(`truetape: standard input, line ${2 + 2 * k}: ${why}`);
      }
      const all = 2 * some.length + 2;
      expect(stderr).toContain(`${some.length} of ${all} lines were no events and were skipped`);
    },
  );

  test('empty lines, a byte order mark, CRLF and a missing last line feed are none', async () => {
    const text = `\ufeff${JSON.stringify(submit(1))}\r\n\r\n\n{"event":"accepted","id":1}`;
    const { code, stdout, stderr } = await run(text);
    expect([code, told(stdout).length, stderr]).toEqual([0, 2, '']);
  });

  test('members that an event has not are told once, and not read', async () => {
    const { code, stdout, stderr } = await run(
      lines(
        submit(1, { tiff: 'IOC' }),
        submit(2, { tiff: 'IOC' }),
        { event: 'fill', id: 1, price: 1, qty: 1, leaves: 9 },
        '{"event":"accepted","id":1,"__proto__":1}',
      ),
    );
    expect([code, told(stdout).length]).toEqual([0, 4]);
    expect(stderr.split('\n')).toEqual([
      'truetape: standard input, line 1: "tiff" of submit is not read',
      'truetape: standard input, line 3: "leaves" of fill is not read',
      'truetape: standard input, line 4: "__proto__" of accepted is not read',
      '',
    ]);
  });

  // Fails when each line of a bad file is one on stderr.
  test('what is told on stderr is bounded', async () => {
    const bad = Array.from({ length: 50 }, (_, one) => `no ${one}`);
    const strange = Array.from({ length: 50 }, (_, one) => submit(one, { [`m${one}`]: 1 }));
    const { stderr } = await run(lines(...bad, ...strange), '--on-bad-line', 'skip');
    expect(stderr.match(/; skipped\n/g)).toHaveLength(20);
    expect(stderr.match(/ is not read\n/g)).toHaveLength(20);
    expect(stderr).toContain('50 of 100 lines were no events and were skipped');
  });

  test('whether it ends the run is a setting too, which the flag overrides', async () => {
    const input = lines('no event', submit(1));
    const env = { TRUETAPE_ON_BAD_LINE: 'skip' };
    expect((await truetape(['orders', 'run'], { input, env })).code).toBe(0);
    expect((await truetape(['orders', 'run', '--on-bad-line', 'fail'], { input, env })).code).toBe(2);
  });

  test('whole numbers in any spelling are whole numbers', async () => {
    const { code, stdout } = await run(
      '{"event":"submit","id":-0,"qty":1e3}\n{"event":"fill","id":0.0,"price":-0,"qty":1.0}\n' +
        '{"event":"fill","id":0,"price":-2E+1,"qty":1,"tradeId":9007199254740991}\n' +
        '{"event":"fill","id":0,"price":-20,"qty":1,"tradeId":9007199254740991}\n',
    );
    expect(code).toBe(0);
    expect(told(stdout)).toMatchObject([
      { id: 0, leavesQty: 1000 },
      { cumQty: 1, avgPx: '0' },
      { cumQty: 2, avgPx: '-10' },
      { cumQty: 2, reason: 'duplicate' },
    ]);
  });
});

// Fails when a name of a prototype is found, or the average goes through a float.
test('names like those of prototypes, and the largest numbers, are like any other', async () => {
  const most = Number.MAX_SAFE_INTEGER;
  const { code, stdout } = await run(
    lines(
      submit('__proto__', { qty: most }),
      { event: 'fill', id: '__proto__', tradeId: 'constructor', price: -2147483648, qty: most - 1 },
      { event: 'fill', id: '__proto__', tradeId: '__proto__', price: 2147483647, qty: 1 },
      { event: 'fill', id: '__proto__', tradeId: '__proto__', price: 2147483647, qty: 1 },
      submit('\ud800', { qty: 1 }),
      { event: 'canceled', id: '\ud800', reason: 'constructor' },
    ),
  );
  expect(code).toBe(0);
  // (2^53−2) × −2^31 + (2^31−1), over 2^53−1.
  expect(told(stdout).slice(1)).toMatchObject([
    { state: 'PartiallyFilled', cumQty: most - 1, leavesQty: 1, avgPx: '-2147483648' },
    { state: 'Filled', cumQty: most, avgPx: '-2147483647.999999523' },
    { state: 'Filled', reason: 'duplicate' },
    { id: '\ud800', state: 'PendingNew' },
    { id: '\ud800', state: 'Canceled', reason: 'constructor' },
  ]);
});

// Fails when output waits for the end of the input, or for a buffer to be full.
test('each line is answered before the next is written, also a half one', async () => {
  const child = start(['orders', 'run', '--jsonl']);
  const done = ended(child);
  let said = '';
  const until = (count: number): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (said.split('\n').length > count) resolve();
        else setTimeout(look, 5);
      };
      look();
    });
  child.stdout!.on('data', (text: string) => (said += text));
  child.stdin!.write(lines(submit(1)));
  await until(1);
  child.stdin!.write('{"event":"acc');
  child.stdin!.write(`epted","id":1}\n${JSON.stringify(submit(2))}`);
  await until(2);
  expect(told(said)).toHaveLength(2);
  child.stdin!.write('\nno event\n');
  const { code, stdout, stderr } = await done;
  expect(code).toBe(2);
  expect(told(stdout)).toHaveLength(3);
  expect(stderr).toContain('line 4: expected an object at column 1');
});

// Fails when a signal is seen only once more input has come.
test('an interruption ends it while it waits, with what was answered', async () => {
  const child = start(['orders', 'run', '--jsonl']);
  const done = ended(child);
  child.stdout!.once('data', () => child.kill('SIGINT'));
  child.stdin!.write(lines(submit(1)));
  const { code, stdout, stderr } = await done;
  expect([code, told(stdout).length, stderr]).toEqual([130, 1, '']);
});

test('a reader that has seen enough ends it without a complaint', async () => {
  const child = start(['orders', 'run']);
  const done = ended(child);
  child.stdout!.once('data', () => {
    child.stdout!.destroy();
    const more = lines(...Array.from({ length: 20_000 }, (_, id) => submit(id + 10)));
    child.stdin!.write(more, () => child.stdin!.end());
  });
  child.stdin!.write(lines(submit(1)));
  const { code, stderr } = await done;
  expect([code, stderr]).toEqual([0, '']);
});

test('text for people stands in columns; what could disturb them is quoted', async () => {
  const input = lines(
    submit(1),
    { event: 'fill', id: 1, price: 100, qty: 1 },
    { event: 'fill', id: 1, price: 101, qty: 9 },
    submit('a b\u001b[2J'),
    { event: 'rejected', id: 'a b\u001b[2J', code: 'out\nof range' },
    // The one-byte form of the same control, and a mark that turns what follows.
    submit('\u009b2J\u202eé'),
  );
  const { code, stdout } = await truetape(['orders', 'run', '-'], { input });
  expect(code).toBe(0);
  expect(stdout).toBe(
    [
      '1        PendingNew       0 filled     3 open                    submit',
      '1        PartiallyFilled  1 filled     2 open     at 100         fill',
      '1        error            overfill: fill in PartiallyFilled: more would be filled than the order has: 9 where 2 of 3 remain',
      '"a b\\u001b[2J" PendingNew       0 filled     3 open                    submit',
      '"a b\\u001b[2J" Rejected         0 filled     0 open                    "out\\nof range"',
      '"\\u009b2J\\u202eé" PendingNew       0 filled     3 open                    submit',
      '',
    ].join('\n'),
  );
});

test('--strict ends with 3 when an event was refused, and with 0 when none was', async () => {
  expect((await run(lines(submit(1), submit(1)), '--strict')).code).toBe(3);
  expect((await run(lines(submit(1)), '--strict')).code).toBe(0);
});

test('--keep forgets orders that ended before, and their names', async () => {
  const many = Array.from({ length: 3000 }, (_, index) => [
    submit(`o${index}`),
    { event: 'fill', id: `o${index}`, tradeId: `t${index}`, price: 1, qty: 3 },
  ]).flat();
  const { code, stdout } = await run(
    lines(...many, { event: 'accepted', id: 'o2998' }, { event: 'accepted', id: 'o0' }, submit('o1')),
    '--keep',
    '2',
  );
  expect(code).toBe(0);
  expect(told(stdout).slice(-3)).toMatchObject([
    { id: 'o2998', state: 'Filled' },
    { id: 'o0', error: { code: 'unknownOrder' } },
    { id: 'o1', state: 'PendingNew' },
  ]);
});

/** Lines taken one by one, without a process; each one's order as it then was, or its error's code. */
function follow(events: readonly object[], kept = createOrdersRun(10)): unknown[] {
  return events.map((event) => {
    const line = parseEventLine(JSON.stringify(event));
    if (typeof line === 'string') return line;
    const outcome = applyLine(kept, line);
    return 'error' in outcome ? outcome.error.code : { ...outcome.order, reason: outcome.reason };
  });
}

// Fails when a member of a line is read and does not reach the order.
test('what a line says reaches the order', () => {
  const told = follow([
    submit('a', { side: 'sell', price: 100, type: 'limit', tif: 'GTC', qty: 9 }),
    { event: 'accepted', id: 'a', leaves: 8 },
    { event: 'accepted', id: 'a', leaves: 9, price: 101 },
    { event: 'replaceRequest', id: 'a', price: 102, qty: 7 },
    { event: 'replaced', id: 'a' },
    { event: 'amended', id: 'a', leaves: 5, price: 103, reason: 'selfTrade' },
    { event: 'canceled', id: 'a', leaves: 6 },
    { event: 'canceled', id: 'a', reason: 'iocRemainder' },
    { event: 'cancelRequest', id: 'a', reason: 'mine' },
    { event: 'expired', id: 'a', leaves: 5, code: 'first', reason: 'second' },
    { event: 'expired', id: 'a', reason: 'again' },
    { event: 'cancelRejected', id: 'a', reason: 'too late' },
    submit('b', { type: 'market', tif: 'FOK', side: 'buy' }),
  ]);
  const orderType = (name: string): number | undefined => codeOfName('orderType', name);
  const tif = (name: string): number | undefined => codeOfName('tif', name);
  const limit = { type: orderType('limit'), tif: tif('GTC') };
  expect(told).toMatchObject([
    { side: SIDE_SELL, priceTicks: 100, qtyLots: 9, ...limit },
    'leavesMismatch',
    { state: 'Accepted', priceTicks: 101 },
    { state: 'PendingReplace', priceTicks: 101 },
    { state: 'Accepted', priceTicks: 102, leavesLots: 7 },
    { priceTicks: 103, leavesLots: 5, reason: 'selfTrade' },
    'leavesMismatch',
    'badReason',
    { state: 'PendingCancel', reason: 'mine' },
    { state: 'Expired', reason: 'first' },
    { state: 'Expired', reason: 'duplicate' },
    { state: 'Expired', reason: 'too late', pendingCancels: 0 },
    { side: SIDE_BUY, priceTicks: NONE, type: orderType('market'), tif: tif('FOK') },
  ]);
});

// Fails when a number that was given to a name is taken for the same number in a line.
test('ids are told apart, whatever they are', () => {
  const long = 'x'.repeat(1000);
  const ids = ['a', FIRST_ASSIGNED_ID, String(FIRST_ASSIGNED_ID), FIRST_ASSIGNED_ID + 1, 'b', 1, '1', long];
  expect(follow(ids.map((id) => submit(id)))).toMatchObject(ids.map(() => ({ state: 'PendingNew' })));
  expect(follow([submit(`${long}x`)])).toEqual([expect.stringContaining('id: expected')]);
});

// Fails when names outlive their orders, or what is refused leaves its own: a stream would take all memory.
test('names are kept for as long as their orders', () => {
  const many = createOrdersRun(2);
  for (let one = 0; one < 4000; one++) {
    const id = `o${one}`;
    follow([submit(id), { event: 'fill', id, tradeId: 't', price: 1, qty: 3 }], many);
  }
  expect(many.ids.numbers.size).toBeLessThan(1100);
  expect(many.trades.size).toBeLessThan(1100);
  const kept = createOrdersRun(10);
  const take = (event: object): unknown => follow([event], kept);
  take(submit('o'));
  for (let one = 0; one < 100; one++) {
    take({ event: 'fill', id: 'o', tradeId: `t${one}`, price: 1, qty: 4 });
    take({ event: 'fill', id: `x${one}`, tradeId: 't', price: 1, qty: 1 });
  }
  expect([kept.ids.numbers.size, kept.trades.size]).toEqual([1, 0]);
  take({ event: 'fill', id: 'o', tradeId: 'a', price: 1, qty: 1 });
  take({ event: 'fill', id: 'o', tradeId: 'b', price: 1, qty: 1 });
  take({ event: 'fill', id: 'o', tradeId: 'a', price: 1, qty: 1 });
  const [names] = kept.trades.values();
  expect([...names.numbers.keys()]).toEqual(['a', 'b']);
});

test('a file is read like standard input; a missing one is a failure', async () => {
  writeFileSync(join(folder, 'events.jsonl'), lines(submit(1)));
  const read = await truetape(['orders', 'run', 'events.jsonl', '--jsonl'], { cwd: folder });
  expect([read.code, told(read.stdout)]).toMatchObject([0, [{ id: 1 }]]);
  const bad = await truetape(['orders', 'run', 'no.jsonl'], { cwd: folder });
  expect(bad.code).toBe(1);
  expect(bad.stderr).toContain('no.jsonl');
});

test('help shows the events, the exit codes and examples', async () => {
  const group = await truetape(['orders', '--help']);
  expect(group.stdout).toContain('truetape orders run events.jsonl');
  const { code, stdout } = await truetape(['orders', 'run', '--help']);
  expect(code).toBe(0);
  for (const text of [
    '"event":"submit"',
    'qty is the whole',
    '--on-bad-line',
    '--strict',
    'Exit code',
    'Examples:',
  ]) {
    expect(stdout).toContain(text);
  }
});
