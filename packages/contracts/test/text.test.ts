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
import type { Event } from '@truetape/contracts';
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
});
