// `truetape why`: what it refuses, and inputs of other forms.
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Kind } from '@truetape/contracts';
import { beforeAll, describe, expect, test } from 'vitest';
import { CliFailure, explained } from '../src/failure.ts';
import { answer } from '../src/why/answer.ts';
import type { AnswerOptions } from '../src/why/answer.ts';
import type { Question } from '../src/why/find.ts';
import { scratchFolder, truetape } from './truetape.ts';
import { killedBehind, lines } from './wal-log.ts';
import { FEED, STRATEGY, VENUE, play } from './why-play.ts';
import { writeWhyTapes } from './why-tape.ts';

const cwd = scratchFolder();
const at = (name: string): string => join(cwd, name);

beforeAll(() => {
  writeWhyTapes(at('out.rpl'), at('day.rpl'));
  const bytes = readFileSync(at('out.rpl'));
  writeFileSync(at('torn.rpl'), bytes.subarray(0, bytes.length - 400));
  const bad = Buffer.from(bytes);
  bad[bad.length >> 1] ^= 0xff;
  writeFileSync(at('bad.rpl'), bad);
  copyFileSync(at('out.rpl'), at('copy.rpl'));
  writeFileSync(at('out.rpl.gz'), gzipSync(bytes));
});

/** What is printed of a file of the folder. */
const why = (
  file: string,
  by: Question['by'],
  id: number,
  options: Partial<AnswerOptions> = {},
): Promise<string> => answer(at(file), { by, id }, { limit: 200, ...options });

describe('is refused:', () => {
  test.each<[string, Question['by'], number, Partial<AnswerOptions>, number, RegExp]>([
    ['out.rpl', 'order', 999, {}, 1, /out.rpl has no order 999\n {2}its orders have ids from 1 to 13\n/],
    ['out.rpl', 'intent', 999, {}, 1, /has no intent 999\n {2}its intents have ids from 1 to 44\n/],
    ['out.rpl', 'seq', 9999, {}, 1, /has no event with seq 9999\n {2}its last is \d+\n/],
    ['day.rpl', 'order', 1, {}, 1, /day.rpl has no order 1\n {2}it has no orders\n/],
    ['out.rpl', 'order', 90, {}, 1, /no order 90: it was denied before it was sent\n.*why .* intent 20\n/],
    ['out.rpl', 'order', 7, {}, 2, /has an order 7 of X:ETH, X:BTC\n {2}choose one: --instrument\n/],
    ['out.rpl', 'order', 7, { instrument: 'X:BNB' }, 2, /has no X:BNB\n {2}it has X:BTC, X:ETH\n/],
    [
      'out.rpl',
      'seq',
      7,
      { tape: [at('copy.rpl')] },
      3,
      /copy.rpl is not what .* was made from: expected the/,
    ],
    ['day.rpl', 'seq', 8, { tape: [at('out.rpl')] }, 2, /day.rpl names no tape that it was made from/],
    ['bad.rpl', 'order', 1, {}, 5, /bad.rpl is corrupt/],
    ['torn.rpl', 'order', 1, {}, 5, /torn.rpl is torn at offset .*\n.*--allow-torn/],
  ])('%s %s %i', async (file, by, id, options, exitCode, message) => {
    const error: unknown = await why(file, by, id, options).catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(CliFailure);
    expect(error).toMatchObject({ exitCode });
    expect(explained(error as CliFailure)).toMatch(message);
  });

  test.concurrent.each([
    [['fill', '7'], /expected order, intent, seq or a number, found fill/],
    [['order'], /which order\?\n {2}as in: why out.rpl order 12\n/],
    [['order', '1x'], /order: expected an integer from 0, found 1x/],
    [['7', '8'], /expected nothing behind the seq 7, found 8/],
  ])('%j', async (args, message) => {
    const run = await truetape(['why', 'out.rpl', ...args], { cwd });
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toMatch(message);
  });
});

test('text, compressed, and from a pipe: the same chain', async () => {
  await truetape(['tape', 'convert', 'out.rpl', '-o', 'out.txt.rpl'], { cwd });
  const chain = (text: string): string =>
    text.trimEnd().replaceAll(/^.*, times since/gm, 'TAPE, times since');
  const plain = await why('out.rpl', 'order', 2);
  expect(plain).toContain('order 2 was never filled: canceled with 5.2 BTC still ahead of it');
  const input = readFileSync(at('out.rpl'));
  const piped = await truetape(['why', '-', 'order', '2'], { cwd, input });
  const others = [await why('out.txt.rpl', 'order', 2), await why('out.rpl.gz', 'order', 2), piped.stdout];
  expect(others.map(chain)).toEqual([chain(plain), chain(plain), chain(plain)]);
});

test('a choice of instrument, by id or symbol, and a limit', async () => {
  for (const [instrument, id] of [
    ['ETH', 'X:ETH'],
    ['X:BTC', 'X:BTC'],
  ]) {
    const one = await why('out.rpl', 'order', 7, { instrument, json: true });
    expect(JSON.parse(one)).toMatchObject({ subject: { orderId: 7, instrument: id } });
  }
  expect(await why('out.rpl', 'order', 1, { limit: 3 })).toContain('… 3 events not shown: --limit\n');
});

test('a part of a tape: a seq that was left out, a cause that is lost', async () => {
  await truetape(['tape', 'convert', 'out.rpl', '--from-seq', '10', '-o', 'part.rpl'], { cwd });
  expect(await why('part.rpl', 'order', 1)).toContain('not on this tape');
  await expect(why('part.rpl', 'seq', 9)).rejects.toThrow('part.rpl has no event with seq 9');
});

// Fails where a larger order of which no part was sent is told as one that waits for its verdict.
test('an order in parts, of which none came; causes on several tapes', async () => {
  const other = { hash: '0'.repeat(64), count: 1 };
  const { add, end } = play(at('parts.rpl'), 'client', [other, other]);
  const intent = { source: STRATEGY, action: 1, qtyLots: 42, cause: 7, causeTape: 2 };
  add('Intent', { ...intent, intentId: 1 });
  add('Intent', { ...intent, intentId: 2, type: 1 });
  end();
  const told = await why('parts.rpl', 'intent', 1);
  expect(told).toMatch(/^intent 1 announced a large order: no part of it followed\n/);
  expect(told).toContain('on parent tape 2: see --tape');
  expect(await why('parts.rpl', 'intent', 2)).toMatch(/^intent 2 has no verdict: the tape ends first\n/);
});

// Fails where what an event does not say is printed as a number, or a change of a quantity as the whole of it.
test('what is absent is none, and an amend says which quantity it means', async () => {
  const { add, end } = play(at('absent.rpl'), 'venue', []);
  const words: [seq: number, words: RegExp][] = [];
  const amend = { source: VENUE, orderId: 5, qtyLots: 3 };
  words.push(
    [add('Mark', { source: FEED, indexFine: 5 }), / Mark {2,}none\n/],
    [
      add('Rejected', { source: VENUE, command: Kind.CancelAll, by: 1, code: 13 }),
      / CancelAll, rejected by venue: /,
    ],
    [
      add('Rejected', { source: VENUE, command: Kind.CancelOrder, orderId: 5 }),
      / CancelOrder of order 5, rejected: /,
    ],
    [
      add('AmendOrder', { ...amend, qtyMode: 1, priceTicks: 7 }),
      / order 5: to price 0\.7, quantity 0\.003\n/,
    ],
    [add('AmendOrder', { ...amend, qtyMode: 1 }), / order 5: to quantity 0\.003\n/],
    [add('AmendOrder', { ...amend, qtyMode: 2 }), / order 5: what is left of it to 0\.003\n/],
    [
      add('AmendOrder', { ...amend, qtyMode: 3, priceTicks: 7 }),
      / order 5: to price 0\.7, smaller by 0\.003\n/,
    ],
  );
  end();
  for (const [seq, pattern] of words) expect(`${await why('absent.rpl', 'seq', seq)}\n`).toMatch(pattern);
});

test('a segment of a log that was killed', async () => {
  await killedBehind(at('log'), lines(20), {});
  expect(await why('log/00000001.rpl', 'order', 1)).toMatch(/^order 1 /);
});
