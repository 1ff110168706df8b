// Bytes of every frozen kind: golden/records-v1.txt. Once a line stands there it stays; no script rewrites the file. A new
// frozen kind, and a tail word that a later version appends, add lines, which the failing test prints.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { checkRecord, createRecordOut, decodeEvent, encodeEvent, viewRecords } from '@truetape/contracts';
import type { Event, Field, KindLayout } from '@truetape/contracts';
import type { Bag } from './bag.ts';
import { EPOCH, FROZEN, blankEvent, cutEvent, fullEvent, longestEvent } from './samples.ts';

type Sample = readonly [name: string, event: Event];

/** The samples of a kind: everything, as little as possible, and each length of the tail between. */
function samplesOf(layout: KindLayout): Sample[] {
  const full = fullEvent(layout);
  const cuts = layout.ends.slice(0, -1).map((end): Sample => {
    return [`${layout.name} ${end} words`, cutEvent(layout, full, end)];
  });
  return [
    ...cuts,
    [`${layout.name} full`, longestEvent(layout)],
    [`${layout.name} blank`, blankEvent(layout)],
  ];
}

const SAMPLES = FROZEN.flatMap(samplesOf);

function bytesOf(event: Event): Uint8Array {
  const out = createRecordOut(EPOCH);
  expect(encodeEvent(out, event)).toBe(0);
  return out.u8.slice(0, out.words * 8);
}

const golden = readFileSync(new URL('golden/records-v1.txt', import.meta.url), 'utf8')
  .split('\n')
  .slice(0, -1);

describe('CONTRACTS-7: frozen bytes', () => {
  // Fails when any byte of a frozen kind changes, and when a frozen kind has no bytes here.
  test('are what they were', () => {
    const lines = SAMPLES.map(([name, event]) => `${name}: ${Buffer.from(bytesOf(event)).toString('hex')}`);
    expect(lines).toEqual(golden);
  });

  test('decode to what they were made from', () => {
    const events = new Map(SAMPLES);
    for (const line of golden) {
      const [name, hex] = line.split(': ');
      const b = viewRecords(new Uint8Array(Buffer.from(hex, 'hex')));
      expect(checkRecord(b, 0, hex.length / 16, EPOCH)).toBe(0);
      expect(decodeEvent(b, 0, EPOCH, 0)).toEqual(events.get(name));
    }
  });

  test('come from samples that tell fields of one type and width apart', () => {
    const alike = FROZEN.flatMap((layout) => {
      const bag = fullEvent(layout) as unknown as Bag;
      const keys = layout.fields.map(
        (field: Field) => `${layout.name} ${field.type}${field.bits} ${String(bag[field.name])}`,
      );
      return keys.filter((key, index) => keys.indexOf(key) !== index);
    });
    expect(alike).toEqual([]);
  });
});
