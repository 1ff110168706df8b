import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  LAYOUTS,
  createLineParser,
  createRecordOut,
  createTables,
  createTextNames,
  createTextOut,
  encodeEvent,
  formatRecord,
  parseLine,
} from '@truetape/contracts';
import type { Event, LineParser, RecordOut } from '@truetape/contracts';
import { anyEpoch, anyEvent } from './arbitrary.ts';
import { checkProperty, seeds } from './property.ts';

describe('CONTRACTS-12: the line of an event spells its record', () => {
  const drawn = fc
    .tuple(anyEpoch, fc.constantFrom(...LAYOUTS))
    .chain(([epoch, layout]) => fc.record({ epoch: fc.constant(epoch), event: anyEvent(layout, epoch) }));

  // Fails when a field is left out, misspelt or read back as another: for all kinds, any epoch, no names defined.
  test.each(seeds(31))('of any event (seed %i)', (seed) => {
    const names = createTextNames(createTables());
    checkProperty(
      seed,
      fc.property(drawn, ({ epoch, event }: { epoch: { hi: number; lo: number }; event: Event }) => {
        const out = createRecordOut(epoch);
        expect(encodeEvent(out, event)).toBe(0);
        const text = createTextOut(16);
        formatRecord(text, out, 0, event.seq, names);
        const line = Buffer.from(text.u8.subarray(0, text.size)).toString('latin1');
        expect(line).toMatch(/^[ -~]+\n$/);
        const parser = createLineParser(createTables(), createRecordOut(epoch, 1));
        const parsed = parseLine(parser, text.u8, 0, text.size - 1);
        expect([line, parsed ? undefined : parser.fault]).toEqual([line, undefined]);
        expect(parser.seq).toBe(event.seq);
        const back = Buffer.from(parser.out.u8.subarray(0, parser.out.words * 8));
        expect(back.toString('hex')).toBe(Buffer.from(out.u8.subarray(0, out.words * 8)).toString('hex'));
      }),
      3000,
    );
  });

  // Fails when a slip of the pen gives a record that the line does not spell, or when the parser throws.
  test.each(seeds(32))(
    'or, after an edit, of none, or of one whose own line reads back (seed %i)',
    (seed) => {
      const epoch = { hi: 410_000_000, lo: 5 };
      const names = createTextNames(createTables());
      const inserted = fc.constantFrom(
        '',
        ' ',
        '0',
        '-',
        '+',
        '=',
        '"',
        '\\',
        '#1',
        '+LAST',
        ' side=buy',
        '\0',
        '\r',
        'ÿ',
      );
      const edit = fc.record({ at: fc.nat(400), cut: fc.nat(2), inserted });
      const lines = fc
        .constantFrom(...LAYOUTS)
        .chain((layout) => fc.tuple(anyEvent(layout, epoch), fc.array(edit, { minLength: 1, maxLength: 2 })));
      const lineOf = (out: RecordOut, seq: number): string => {
        const text = createTextOut(16);
        formatRecord(text, out, 0, seq, names);
        return Buffer.from(text.u8.subarray(0, text.size - 1)).toString('latin1');
      };
      let read = 0;
      checkProperty(
        seed,
        fc.property(lines, ([event, edits]) => {
          const out = createRecordOut(epoch);
          expect(encodeEvent(out, event)).toBe(0);
          let line = lineOf(out, event.seq);
          for (const { at, cut, inserted: text } of edits) {
            const from = at % (line.length + 1);
            line = line.slice(0, from) + text + line.slice(from + cut);
          }
          const parser = createLineParser(createTables(), createRecordOut(epoch, 1));
          const bytes = new Uint8Array(Buffer.from(line, 'latin1'));
          if (!parseLine(parser, bytes, 0, bytes.length)) {
            expect(parser.fault?.column).toBeLessThanOrEqual(bytes.length + 1);
            return;
          }
          read += 1;
          const own = new Uint8Array(Buffer.from(lineOf(parser.out, parser.seq), 'latin1'));
          const again = createLineParser(createTables(), createRecordOut(epoch, 1));
          expect(parseLine(again, own, 0, own.length)).toBe(true);
          const hex = ({ out: { u8, words } }: LineParser): string =>
            Buffer.from(u8.subarray(0, words * 8)).toString('hex');
          expect([again.seq, hex(again)]).toEqual([parser.seq, hex(parser)]);
        }),
        2500,
      );
      expect(read).toBeGreaterThan(60);
    },
  );
});
