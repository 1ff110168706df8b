// Two ways to read a line, one result: what the fast way accepts must mean what JSON.parse says.

import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FIXTURES, importLines, missingReal, readCapture, REAL, type Imported } from './capture.ts';
import { checkProperty, seeds } from './property.ts';

/** A blank behind the brace is JSON all the same, and sends the line the slow way. */
const slowly = (text: string): string => text.replace('{"stream"', '{ "stream"');

/** What can be told apart from outside; an error's detail shows the text, which differs by the blank. */
function outcome({ events, report, error, scan }: Imported): object {
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

const SMALL = ['usdm-small.txt', 'spot-small.txt.gz', 'coinm-small.txt'];

describe.each(SMALL)('%s', (name) => {
  const lines = readCapture(join(FIXTURES, name));

  test('gives the same events and report both ways', () => {
    expect(outcome(importLines(lines))).toEqual(outcome(importLines(lines.map(slowly))));
  });

  const framed = lines.filter((text) => text.includes('{"stream"'));
  const snapshots = lines.filter((text) => text.includes('"lastUpdateId"')).slice(0, 1);
  const place = fc.tuple(fc.nat(), fc.nat());
  const scrap = fc.constantFrom(...SCRAPS);

  // Fails when the fast way accepts what is no JSON, or reads a number, a level or a repeated key otherwise.
  test.each(seeds(51))('lines with a scrap put in or cut out give the same both ways (seed %s)', (seed) => {
    checkProperty(
      seed,
      fc.property(place, scrap, fc.nat({ max: 6 }), fc.boolean(), ([pick, at], piece, cut, skip) => {
        const text = framed[pick % framed.length];
        const from = 20 + (at % (text.length - 20));
        const broken = text.slice(0, from) + piece + text.slice(from + cut);
        // A cut through the head of the envelope cannot be sent the slow way by `slowly`.
        if (!broken.includes('{"stream"')) return;
        const around = [...snapshots, ...framed.slice(0, 4)];
        const settings = {
          onBadLine: skip ? 'skip' : 'fail',
          market: importLines(framed).scan?.market,
        } as const;
        const run = (line: string): object => outcome(importLines([...around, line], { ...clean(settings) }));
        expect(run(broken)).toEqual(run(slowly(broken)));
      }),
      400,
    );
  });
});

function clean<T extends object>(settings: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as never;
}

test.skipIf(missingReal() !== undefined)('a real capture gives the same both ways', () => {
  const lines = readCapture(join(REAL, 'spot_btcusdt_20240808.gz')).slice(0, 12_000);
  const fast = importLines(lines);
  const slow = importLines(lines.map(slowly));
  expect(fast.report).toEqual(slow.report);
  expect(fast.events).toEqual(slow.events);
});
