// `truetape why` prints the same everywhere: this file runs under every Node, in another time zone and locale.
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { answer } from '../src/why/answer.ts';
import type { AnswerOptions } from '../src/why/answer.ts';
import type { Question } from '../src/why/find.ts';
import { ROOT, scratchFolder, truetape } from './truetape.ts';
import { writeWhyTapes } from './why-tape.ts';
import type { WhySeqs } from './why-tape.ts';

const cwd = scratchFolder();
const GOLDENS = join(ROOT, 'fixtures', 'why');
const OUT = join(cwd, 'out.rpl');
const DAY = join(cwd, 'day.rpl');
let seqs: WhySeqs;

beforeAll(() => {
  seqs = writeWhyTapes(OUT, DAY);
});

/** What the command prints, without its folder. */
async function why(by: Question['by'], id: number, options: Partial<AnswerOptions> = {}): Promise<string> {
  const text = await answer(OUT, { by, id }, { limit: 200, ...options });
  return `${text.replaceAll(join(cwd, '/'), '')}\n`;
}

// Fails when a sentence, a line or a time changes. Each ending has its own: of orders, then of intents, then the rest.
test('each ending has its sentence, with its chain below', async () => {
  const { noSignal, timer, operator, kill, runtime, filled } = seqs;
  let text = '';
  for (const [by, ids] of [
    ['order', [1, 2, 3, 4, 5, 6, 9, 10]],
    ['intent', [20, 21, 22, 23, 24, 30, 40]],
    ['seq', [filled, noSignal, timer, operator, kill, runtime]],
  ] as const)
    for (const id of ids) text += `$ truetape why out.rpl ${by} ${id}\n${await why(by, id)}\n`;
  await expect(text).toMatchFileSnapshot(join(GOLDENS, 'endings.txt'));
});

test('with the tape of the market its events stand in the chain', async () => {
  const text = await why('order', 1, { tape: [DAY] });
  expect(text).toContain('| 1:9');
  await expect(text).toMatchFileSnapshot(join(GOLDENS, 'market.txt'));
});

test('one object', async () => {
  const text = await why('order', 2, { tape: [DAY], json: true });
  expect(text.split('\n')).toHaveLength(2);
  const pretty = `${JSON.stringify(JSON.parse(text), undefined, 2)}\n`;
  await expect(pretty).toMatchFileSnapshot(join(GOLDENS, 'order.json'));
});

test('the command prints it', async () => {
  const run = await truetape(['why', 'out.rpl', String(seqs.filled), '--tape', 'day.rpl'], { cwd });
  const expected = await why('seq', seqs.filled, { tape: [DAY] });
  expect(run).toEqual({ code: 0, signal: null, stdout: expected, stderr: '' });
});
