// The suite of conformance.ts over each implementation, and that the list of pairs of codes is whole.
import { describe, expect, test } from 'vitest';
import { addBook, applyToMarket, createCommands, createMarket, createReferenceBook } from '@truetape/book';
import { createReports, encodeCommand } from '@truetape/book';
import { CODES, codesOf } from './codes.ts';
import { describeBook } from './conformance.ts';
import { IMPLEMENTATIONS } from './implementations.ts';
import { codeOf, told } from './play.ts';
import { IMPOSSIBLE, MARKET_PAIRS, PAIRS } from './precedence.ts';

for (const [name, create] of IMPLEMENTATIONS) describeBook(name, create);

describe('pairs of reject codes', () => {
  test('are all possible by an example or impossible for a reason', () => {
    const all = CODES.flatMap((first, k) => CODES.slice(k + 1).map((second) => `${first} ${second}`));
    const named = [...PAIRS, ...MARKET_PAIRS].map(({ codes }) => codes.join(' '));
    const impossible = IMPOSSIBLE.map(([first, second]) => `${first} ${second}`);
    expect([...new Set([...named, ...impossible])].sort()).toEqual(all.sort());
    expect(impossible.filter((pair) => named.includes(pair))).toEqual([]);
  });

  test.each(MARKET_PAIRS.map(({ codes, commands }) => [codes[0], codes[1], commands[0]] as const))(
    'of a market: %s comes before %s',
    (first, second, command) => {
      const market = createMarket({ create: createReferenceBook });
      addBook(market, 4);
      const commands = createCommands(1);
      const reports = createReports();
      encodeCommand(commands, 0, { ...command, instrument: 5 });
      applyToMarket(market, commands, 0, reports);
      expect(codeOf(told(reports))).toBe(first);
      // Where there is no book, an empty one says which other code holds.
      const others = codesOf(createReferenceBook(), command);
      expect([...others, 'unknownInstrument']).toEqual(expect.arrayContaining([first, second]));
    },
  );
});
