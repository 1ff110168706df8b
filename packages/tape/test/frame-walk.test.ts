import { describe, expect, test } from 'vitest';
import { BLANK, Kind } from '@truetape/contracts';
import { walkFrames } from '@truetape/tape';
import type { RandomAccess } from '@truetape/tape';
import { PORTS, writeTape } from './tape.ts';
import type { Item } from './tape.ts';

function accessTo(bytes: Uint8Array): RandomAccess {
  return {
    sizeBytes: bytes.length,
    read: (offset, into) => {
      const part = bytes.subarray(offset, offset + into.length);
      into.set(part);
      return part.length;
    },
  };
}

const ITEMS: readonly Item[] = Array.from({ length: 500 }, (_, k) => ({
  event: k % 100 === 7 ? { ...BLANK.Note, timeNs: k, text: 'n' } : { ...BLANK.Mark, timeNs: k, markFine: k },
  gap: 0,
}));

function firstFrame(bytes: Buffer): number {
  return 24 + Math.ceil(bytes.readUInt32LE(12) / 8) * 8;
}

describe('a walk over frames', () => {
  test('counts frames, records and kinds by their headers', () => {
    const { bytes } = writeTape('binary', ITEMS, { frameBytes: 1024 });
    const walk = walkFrames(accessTo(bytes), PORTS, firstFrame(bytes));
    expect(walk.frames).toMatchObject({ index: 1, seal: 1, carry: 0, mark: 0 });
    expect(walk.frames.data).toBeGreaterThan(10);
    expect(walk).toMatchObject({ records: 500, nextSeq: 500, endBytes: bytes.length });
    expect(walk.kinds).toEqual([Kind.Note, Kind.Mark]);
  });

  test('ends before what is no whole frame', () => {
    const { bytes } = writeTape('binary', ITEMS, { frameBytes: 1024, footer: false });
    const cut = bytes.subarray(0, bytes.length - 10);
    const walk = walkFrames(accessTo(cut), PORTS, firstFrame(bytes));
    expect(walk.endBytes).toBeLessThan(cut.length);
    expect(walk.records).toBeLessThan(500);
    expect(walkFrames(accessTo(bytes.subarray(0, 50)), PORTS, 200)).toMatchObject({ records: 0, kinds: [] });
  });
});
