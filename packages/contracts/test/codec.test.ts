import { deepStrictEqual } from 'node:assert';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  LAYOUTS,
  checkRecord,
  createRecordOut,
  decodeEvent,
  encodeEvent,
  recordFault,
  viewRecords,
} from '@truetape/contracts';
import type { Epoch, Event, RecordBuffer } from '@truetape/contracts';
import { anyEpoch, anyEvent } from './arbitrary.ts';
import { checkProperty, seeds } from './property.ts';
import { referenceBytes } from './reference.ts';

/** Bytes at an aligned address of their own. */
function view(bytes: Uint8Array): RecordBuffer {
  return viewRecords(new Uint8Array(bytes));
}

function encoded(event: Event, epoch: Epoch): Buffer {
  const out = createRecordOut(epoch, 16);
  const fault = encodeEvent(out, event);
  expect([fault === 0 ? 'none' : recordFault(out, 0, fault).code, out.fault]).toEqual(['none', undefined]);
  return Buffer.from(out.u8.subarray(0, out.words * 8));
}

const byKind = LAYOUTS.map((layout) => [layout.name, layout] as const);

describe.each(byKind)('%s', (_name, layout) => {
  const drawn = anyEpoch.chain((epoch) =>
    fc.record({ epoch: fc.constant(epoch), event: anyEvent(layout, epoch) }),
  );

  // Fails when encoder, decoder or checker disagree about a word, and when they agree on a wrong one: the reference knows
  // nothing of the generated code.
  test.each(seeds(2026))(
    'CONTRACTS-4: an event comes back as it was, from its one encoding (seed %i)',
    (seed) => {
      checkProperty(
        seed,
        fc.property(drawn, ({ epoch, event }) => {
          const bytes = encoded(event, epoch);
          expect(bytes.toString('hex')).toBe(referenceBytes(event, epoch).toString('hex'));
          const b = view(bytes);
          expect(checkRecord(b, 0, bytes.length / 8, epoch)).toBe(0);
          const decoded = decodeEvent(b, 0, epoch, event.seq);
          deepStrictEqual(decoded, event);
          expect(encoded(decoded, epoch).equals(bytes)).toBe(true);
        }),
        60,
      );
    },
  );

  // Fails when an encoder leaves a word unwritten that held something before.
  test.each(seeds(7))('is written over whatever its place held (seed %i)', (seed) => {
    checkProperty(
      seed,
      fc.property(drawn, ({ epoch, event }) => {
        const out = createRecordOut(epoch, 4);
        out.u8.fill(0xa5);
        encodeEvent(out, event);
        const clean = encoded(event, epoch);
        expect(Buffer.from(out.u8.subarray(0, out.words * 8)).equals(clean)).toBe(true);
        // And behind another record, at any place of the buffer.
        encodeEvent(out, event);
        expect(Buffer.from(out.u8.subarray(clean.length, out.words * 8)).equals(clean)).toBe(true);
      }),
      15,
    );
  });
});

/** One change to a record: a word becomes something telling, a bit flips, or the size changes. */
const anyChange = fc.oneof(
  fc.record({
    word: fc.nat(40),
    value: fc.oneof(
      fc.constantFrom(
        0n,
        1n,
        2n ** 64n - 1n,
        2n ** 63n,
        2n ** 53n,
        2n ** 64n - 2n ** 53n,
        2n ** 64n - 2n ** 53n - 1n,
      ),
      fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    ),
  }),
  fc.record({ bit: fc.nat(40 * 64) }),
  fc.record({ size: fc.nat(20) }),
);

type Change = typeof anyChange extends fc.Arbitrary<infer T> ? T : never;

function changed(bytes: Buffer, changes: readonly Change[]): Buffer {
  const room = Buffer.concat([bytes, Buffer.alloc(32)]);
  for (const change of changes) {
    if ('size' in change) room.writeUInt16LE(change.size, 0);
    else if ('bit' in change) room[(change.bit >>> 3) % room.length] ^= 1 << (change.bit & 7);
    else room.writeBigUInt64LE(change.value, (change.word % (room.length / 8)) * 8);
  }
  return room;
}

/** What the checker accepts has to decode and to come back as the same bytes; nothing may throw. Returns acceptance. */
function holdsAccepted(bytes: Buffer, epoch: Epoch): boolean {
  const b = view(bytes);
  const fault = checkRecord(b, 0, bytes.length / 8, epoch);
  if (fault !== 0) {
    expect(recordFault(b, 0, fault).code).not.toBe('none');
    return false;
  }
  const event = decodeEvent(b, 0, epoch, 0);
  const size = bytes.readUInt16LE(0) * 8;
  expect(encoded(event, epoch).toString('hex')).toBe(bytes.subarray(0, size).toString('hex'));
  return true;
}

describe('CONTRACTS-5: what the checker accepts is the only encoding of its event', () => {
  const drawn = fc
    .tuple(anyEpoch, fc.constantFrom(...LAYOUTS), fc.array(anyChange, { minLength: 1, maxLength: 3 }))
    .chain(([epoch, layout, changes]) =>
      fc.record({ epoch: fc.constant(epoch), changes: fc.constant(changes), event: anyEvent(layout, epoch) }),
    );

  test.each(seeds(41))('of valid records with a few changes (seed %i)', (seed) => {
    let accepted = 0;
    let refused = 0;
    checkProperty(
      seed,
      fc.property(drawn, ({ epoch, event, changes }) => {
        if (holdsAccepted(changed(encoded(event, epoch), changes), epoch)) accepted += 1;
        else refused += 1;
      }),
      6000,
    );
    // Without both, the property says nothing.
    expect(Math.min(accepted, refused)).toBeGreaterThan(600);
  });

  test.each(seeds(43))('of random words under a header of any kind (seed %i)', (seed) => {
    const word = fc.oneof(
      fc.constantFrom(0n, 1n, 2n ** 64n - 1n, 2n ** 64n - 2n ** 53n),
      fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      fc.bigInt({ min: 0n, max: 1000n }),
    );
    checkProperty(
      seed,
      fc.property(
        anyEpoch,
        fc.nat(255),
        fc.array(word, { minLength: 1, maxLength: 20 }),
        (epoch, code, words) => {
          const bytes = Buffer.alloc(8 + words.length * 8);
          bytes.writeUInt32LE((words.length + 1) | (code << 16), 0);
          for (const [index, value] of words.entries()) bytes.writeBigUInt64LE(value, 8 + index * 8);
          bytes.writeUInt32LE(epoch.lo, 8);
          bytes.writeUInt32LE(epoch.hi, 12);
          holdsAccepted(bytes, epoch);
        },
      ),
      4000,
    );
  });

  test.each(seeds(44))('of random bytes, and of a record cut short anywhere (seed %i)', (seed) => {
    checkProperty(
      seed,
      fc.property(anyEpoch, fc.uint8Array({ maxLength: 200 }), (epoch, bytes) => {
        holdsAccepted(Buffer.from(bytes.subarray(0, bytes.length & ~7)), epoch);
      }),
      3000,
    );
    for (const layout of LAYOUTS) {
      const [event] = fc.sample(anyEvent(layout, { hi: 0, lo: 0 }), { seed, numRuns: 1 });
      const bytes = encoded(event, { hi: 0, lo: 0 });
      for (let words = 0; words < bytes.length / 8; words++) {
        const fault = checkRecord(view(bytes), 0, words, { hi: 0, lo: 0 });
        expect(recordFault(view(bytes), 0, fault)).toMatchObject({ code: 'badLength', word: 0 });
        // And when the buffer itself ends there.
        expect(checkRecord(view(bytes.subarray(0, words * 8)), 0, words, { hi: 0, lo: 0 })).toBe(fault);
      }
    }
  });
});
