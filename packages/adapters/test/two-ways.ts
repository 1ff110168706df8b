// Two ways to read a line, one result: what the fast way accepts must mean what JSON.parse says.

import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect } from 'vitest';
import type { BinanceMarket } from '@truetape/adapters';
import { FIXTURES, importLines, readCapture, type Imported } from './capture.ts';
import { checkProperty } from './property.ts';

/** The small captures, with their markets. */
export const SMALL: readonly (readonly [name: string, market: BinanceMarket])[] = [
  ['usdm-small.txt', 'usdm'],
  ['spot-small.txt.gz', 'spot'],
  ['coinm-small.txt', 'coinm'],
];

/** A blank behind the brace is JSON all the same, and sends the line the slow way. */
export function slowly(text: string): string {
  return text.replace('{"stream"', '{ "stream"');
}

/** What can be told apart from outside; an error's detail shows the text, which differs by the blank. */
export function outcome({ events, report, error, scan }: Imported): object {
  const told = error?.code === 'malformedLine' ? { ...error, detail: '' } : error;
  return { events, report, error: told, scan };
}

/** What is put into a line: pieces of JSON, and what is none. */
const SCRAPS: readonly string[] = [
  '',
  ...'"\\0.9-,:[]{} \né\u0000'.split(''),
  ...'\\u0042 00 e5 E null true 1.5 123456789012345678 [["1","2"]] "b": "a":[], "u":7, ["1.5","0"],'.split(
    ' ',
  ),
];

/** Lines of a small capture with a scrap put in or a piece cut out, read both ways. */
export function checkBroken(seed: number, name: string, market: BinanceMarket, numRuns: number): void {
  const lines = readCapture(join(FIXTURES, name));
  const framed = lines.filter((text) => text.includes('{"stream"'));
  const around = [
    ...lines.filter((text) => text.includes('"lastUpdateId"')).slice(0, 1),
    ...framed.slice(0, 4),
  ];
  const run = (line: string, skip: boolean): object =>
    outcome(importLines([...around, line], { market, onBadLine: skip ? 'skip' : 'fail' }));
  const scrap = fc.constantFrom(...SCRAPS);
  checkProperty(
    seed,
    fc.property(fc.nat(), fc.nat(), scrap, fc.nat({ max: 6 }), fc.boolean(), (pick, at, piece, cut, skip) => {
      const text = framed[pick % framed.length];
      const from = 20 + (at % (text.length - 20));
      const broken = text.slice(0, from) + piece + text.slice(from + cut);
      // A cut through the head of the envelope cannot be sent the slow way by `slowly`.
      if (broken.includes('{"stream"')) expect(run(broken, skip)).toEqual(run(slowly(broken), skip));
    }),
    numRuns,
  );
}
