// Laws over random commands that shrink: what fails is shown with the few commands that make it fail.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  auditCommand,
  createAudit,
  createCommands,
  createReferenceBook,
  createReports,
  encodeCommand,
  hashBook,
  restoreBook,
  saveBook,
  type RestorableBook,
} from '@truetape/book';
import { codesOf } from './codes.ts';
import { IMPLEMENTATIONS } from './implementations.ts';
import { codeOf, play, sha256, told } from './play.ts';
import { commandsArbitrary } from './property-commands.ts';
import { checkProperty, seeds } from './property.ts';

describe.each(IMPLEMENTATIONS)('%s', (_, create) => {
  test.each(seeds(51))('agrees with the reference and passes the audit (seed %i)', (seed) => {
    const law = fc.property(commandsArbitrary, fc.constantFrom(2, 5, 1_000), (commands, ordersMax) => {
      const book = create({ ordersMax });
      const model = createReferenceBook({ ordersMax });
      const audit = createAudit({ ordersMax, checkEvery: 1 });
      for (const command of commands) {
        const buffer = createCommands(1);
        encodeCommand(buffer, 0, command);
        const expected = createReports();
        model.apply(buffer, 0, expected);
        const reports = createReports();
        const [code] = codesOf(book, command);
        book.apply(buffer, 0, reports);
        expect(told(reports)).toEqual(told(expected));
        expect(codeOf(told(reports))).toBe(code);
        expect(hashBook(book, sha256)).toBe(hashBook(model, sha256));
        auditCommand(audit, book, buffer, 0, reports, 0);
      }
    });
    checkProperty(seed, law, 200);
  });

  // Fails where a snapshot leaves out what a later command depends on.
  test.each(seeds(52))('snapshot + the rest = the whole, into any implementation (seed %i)', (seed) => {
    const law = fc.property(commandsArbitrary, fc.nat(59), (commands, cut) => {
      const whole = create({ instrument: 8 });
      play(whole, ...commands.slice(0, cut));
      const bytes = saveBook(whole);
      const rest = commands.slice(cut);
      const expected = play(whole, ...rest);
      for (const [, other] of IMPLEMENTATIONS) {
        const restored = restoreBook(bytes, other);
        expect(restored.ok).toBe(true);
        if (!restored.ok) return;
        expect(saveBook(restored.value)).toEqual(bytes);
        expect(play(restored.value, ...rest)).toEqual(expected);
        restored.value.check();
        expect(hashBook(restored.value, sha256)).toBe(hashBook(whole, sha256));
      }
    });
    checkProperty(seed, law, 200);
  });

  test.each(seeds(53))('a mirrored day is the mirror of the day (seed %i)', (seed) => {
    const law = fc.property(commandsArbitrary, (commands) => {
      const mirrored = commands.map((command) => ({
        ...command,
        ...(command.side === undefined ? {} : { side: other(command.side) }),
        ...(command.priceTicks === undefined ? {} : { priceTicks: -1 - command.priceTicks }),
      }));
      const [one, two] = [create(), create()];
      const reports = commands.filter(({ op }) => op !== 'cancelAll');
      const back = play(two, ...mirrored.filter(({ op }) => op !== 'cancelAll')).map((report) => ({
        ...report,
        ...(report.side === undefined ? {} : { side: other(report.side) }),
        ...(report.priceTicks === undefined ? {} : { priceTicks: -1 - report.priceTicks }),
      }));
      expect(back).toEqual(play(one, ...reports));
    });
    checkProperty(seed, law, 200);
  });
});

const other = (side: 'buy' | 'sell'): 'buy' | 'sell' => (side === 'buy' ? 'sell' : 'buy');

test('books of one state have one hash, of two states two', () => {
  const day = (create: () => RestorableBook, qtyLots: number): string => {
    const book = create();
    play(book, { op: 'new', orderId: 1, side: 'buy', type: 'limit', priceTicks: 1, qtyLots });
    return hashBook(book, sha256);
  };
  const hashes = IMPLEMENTATIONS.map(([, create]) => day(create, 5));
  expect(new Set(hashes).size).toBe(1);
  expect(day(createReferenceBook, 6)).not.toBe(hashes[0]);
});
