import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  LAYOUTS,
  addLineName,
  applyDefine,
  createLineParser,
  createRecordOut,
  createTables,
  createTextNames,
  createTextOut,
  defineFields,
  encodeEvent,
  formatRecord,
  parseLine,
  resetTextNames,
} from '@truetape/contracts';
import type { Event, RecordOut } from '@truetape/contracts';
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

  // Fails when a slip of the pen gives a record that has another line, or when the parser throws.
  test.each(seeds(32))(
    'or, after an edit, of none, or of the one whose line that is now (seed %i)',
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
        ' account=0',
        ' account=1',
        ' heldNs=0',
        ' ext=',
        ' cause=',
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
          expect(lineOf(parser.out, parser.seq)).toBe(line);
        }),
        2500,
      );
      expect(read).toBeGreaterThan(60);
    },
  );
});

describe('CONTRACTS-12: a record has one line', () => {
  const epoch = { hi: 0, lo: 0 };
  /** Instrument 1 is `A:B`, 2 has lost its name to 3; source 1 needs quotes. */
  const names = createTextNames(createTables());
  const parser = createLineParser(names.tables, createRecordOut(epoch, 1));
  for (const [index, id] of ['A:B', 'C:D', 'C:D'].entries()) {
    applyDefine(names.tables, defineFields('instrument', index + 1, { id }));
    addLineName(parser, 'instrument', index + 1);
  }
  applyDefine(names.tables, defineFields('source', 1, { name: 'a b' }));
  addLineName(parser, 'source', 1);
  resetTextNames(names);

  /** `ok`, or the fault of a line and where it is, the key named. */
  function said(line: string, behind = '\n'): string {
    const bytes = new Uint8Array(Buffer.from(line + behind, 'latin1'));
    if (!parseLine(parser, bytes, 0, line.length)) {
      const { code, column, key } = parser.fault!;
      return `${code}${key === '' ? '' : ` ${key}`} at ${column}`;
    }
    const text = createTextOut(16);
    formatRecord(text, parser.out, 0, parser.seq, names);
    expect(Buffer.from(text.u8.subarray(0, text.size)).toString('latin1')).toBe(`${line}\n`);
    return 'ok';
  }

  const level = '5 100 Level A:B "a b" +LAST side=buy priceTicks=7 qtyLots=0';
  const cancel = '5 100 CancelOrder A:B - orderId=1';

  test.each([
    ['5 100 Mark - -', 'ok'],
    ['5 100 Mark - - +LAST', 'ok'],
    ['5 100 Mark #2 #7 side=sell', 'ok'],
    ['5 100 Mark C:D "a b" markFine=0', 'ok'],
    [level, 'ok'],
    [`${level} orderCount=3`, 'ok'],
    [`${cancel} account=2 reason=requested decidedTime=0 requestId=0`, 'ok'],
    [`${cancel} ext=${'0'.repeat(16)}`, 'ok'],
    ['5 100 Note - - text=" "', 'ok'],
    ['5 100 Kind0x5f - - flags=0x00 hex=', 'ok'],
  ])('which is read: %s', (line, wanted) => {
    expect(said(line)).toBe(wanted);
    // Whatever stands behind it.
    for (const behind of ['', '\r\n', ' ', '\n+LAST', '\nside=buy', '\n"'])
      expect(said(line, behind)).toBe(wanted);
  });

  test.each([
    ['a default: an account', `${cancel} account=0`, 'badValue account at 34'],
    ['a default: a code', `${cancel} reason=#0`, 'badValue reason at 34'],
    ['a default: a tail number', '5 100 BookUpdate - - levels=1 heldNs=0', 'badValue heldNs at 30'],
    ['a default: no extension', `${cancel} ext=`, 'badValue ext at 34'],
    [
      'a default: no money',
      `5 100 TruthBalance - - batchId=1 wallet=1 available=-${2n ** 127n}`,
      'badValue available at 42',
    ],
    ['a default: no time', `${cancel} decidedTime=18446744073709551615`, 'badValue decidedTime at 34'],
    ['a space at the end', `${level} `, 'trailingSpace at 59'],
    ['a space behind the source', '5 100 Mark - - ', 'trailingSpace at 14'],
    ['a space behind flags', '5 100 Mark - - +LAST ', 'trailingSpace at 20'],
    ['a space behind a side', '5 100 Mark - - side=buy ', 'trailingSpace at 23'],
    ['two spaces', '5 100 Mark - -  markFine=1', 'unknownKey at 15'],
    ['keys in another order', '5 100 Level - - side=buy qtyLots=0 priceTicks=7', 'keyOrder priceTicks at 35'],
    ['a key twice', `${level} qtyLots=0`, 'duplicateKey qtyLots at 60'],
    ['a key of another kind', `${level} bidTicks=0`, 'unknownKey bidTicks at 60'],
    ['a side behind keys', '5 100 Level - - priceTicks=7 qtyLots=0 side=buy', 'unknownKey side at 39'],
    ['an index that has a name', '5 100 Mark #1 -', 'badName at 11'],
    ['a source that has a name', '5 100 Mark - #1', 'badName at 13'],
    ['no space behind a quote', '5 100 Mark - "a b"+LAST', 'badName at 13'],
    ['no source', '5 100 Mark -', 'badName at 11'],
    ['no side', '5 100 Level - - priceTicks=7 qtyLots=0', 'badSide at 16'],
    ['a negative quantity', '5 100 Level - - side=buy priceTicks=7 qtyLots=-1', 'outOfRange at 16'],
  ])('and no other: %s', (_name, line, wanted) => {
    expect(said(line)).toBe(wanted);
  });
});
