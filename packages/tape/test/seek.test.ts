import type { RandomAccess, TapeError, TapeReader } from '@truetape/tape';
import { diffTapes, firstDifferentPage, openIndexed, seekSeq, seekTime } from '@truetape/tape';
import type { IndexedTape } from '@truetape/tape';
import { BLANK, FLAG_LAST } from '@truetape/contracts';
import { describe, expect, test } from 'vitest';
import { listEvents, marketItems, openBytes } from './market.ts';
import { HEADER, PORTS, writeTape } from './tape.ts';
import type { Item } from './tape.ts';

function accessTo(bytes: Uint8Array): RandomAccess {
  return {
    sizeBytes: bytes.length,
    read: (offset, into) => {
      const piece = bytes.subarray(offset, offset + into.length);
      into.set(piece);
      return piece.length;
    },
  };
}

function indexed(bytes: Uint8Array): IndexedTape {
  const tape = openIndexed(accessTo(bytes), PORTS);
  if ('code' in tape) throw new Error(tape.code);
  return tape;
}

function found(reader: TapeReader | TapeError): TapeReader {
  if ('code' in reader) throw new Error(reader.code);
  return reader;
}

/** More than an index entry's stride, so that there are several. */
function longTape(change?: number): Item[] {
  const items = marketItems('seek', 300);
  for (let k = 0; k < 9000; k++) {
    const qtyLots = k === change ? 2 : 1;
    items.push({
      event: {
        ...BLANK.Trade,
        timeNs: 1000 + k,
        instrument: 1,
        source: 1,
        flags: FLAG_LAST,
        qtyLots,
        priceTicks: k,
      },
      gap: k % 1000 === 999 ? 7 : 0,
    });
  }
  return items;
}

describe('random access', () => {
  const { bytes } = writeTape('binary', longTape(), { frameBytes: 8192 });
  const tape = indexed(bytes);
  const all = listEvents(openBytes(bytes));

  // Fails when a seek starts behind what was asked for, or with other names or seqs than a scan.
  test('by seq and by time reads on as a scan does', () => {
    expect(tape.index.entries.length).toBeGreaterThan(3);
    for (let k = 0; k < all.length; k += 1399) {
      const { seq, timeNs } = all[k].event;
      const bySeq = listEvents(found(seekSeq(tape, seq, { ports: PORTS })));
      expect(bySeq[0].event.seq).toBeLessThanOrEqual(seq);
      expect(bySeq.map(({ line }) => line)).toEqual(all.slice(-bySeq.length).map(({ line }) => line));
      const unixNs = BigInt(HEADER.epochNs) + BigInt(timeNs);
      const byTime = listEvents(found(seekTime(tape, unixNs, { ports: PORTS })));
      const first = all.findIndex(({ event }) => event.timeNs === timeNs);
      expect(byTime.length).toBeGreaterThanOrEqual(all.length - first);
      expect(byTime.map(({ line }) => line)).toEqual(all.slice(-byTime.length).map(({ line }) => line));
    }
  });

  test('before the first and behind the last', () => {
    expect(listEvents(found(seekSeq(tape, 0, { ports: PORTS }))).length).toBe(all.length);
    const last = listEvents(found(seekSeq(tape, Number.MAX_SAFE_INTEGER, { ports: PORTS })));
    expect(last.at(-1)?.line).toBe(all.at(-1)?.line);
  });

  test('needs a seal that is whole', () => {
    const code = (changed: Uint8Array): unknown => (openIndexed(accessTo(changed), PORTS) as TapeError).code;
    expect(code(bytes.subarray(0, bytes.length - 1))).toBe('unsealed');
    expect(code(Buffer.alloc(0))).toBe('badHeader');
    for (const [offset, expected] of [
      [tape.indexOffset + 130, 'badIndex'],
      [bytes.length - 100, 'badSeal'],
    ] as const) {
      const bad = Buffer.from(bytes);
      bad[offset] ^= 1;
      expect(code(bad)).toBe(expected);
    }
  });
});

describe('the first difference', () => {
  const { bytes } = writeTape('binary', longTape(), { frameBytes: 8192 });

  // Fails when pages are bisected to the wrong side, or the event named is not the one that was changed.
  test.each([0, 1, 4095 - 305, 4096 - 305, 5000, 8999])('is found wherever it is (%s)', (change) => {
    const other = writeTape('text', longTape(change));
    const full = diffTapes(openBytes(bytes), openBytes(other.bytes), 2);
    const [before, after] = [bytes, other.bytes].map((tape) =>
      listEvents(openBytes(tape)).find(({ event }) => event.seq === full.difference?.seq),
    );
    expect(full.difference).toMatchObject({ a: before?.line, b: after?.line });
    expect(before?.line.replace('qtyLots=1', 'qtyLots=2')).toBe(after?.line);
    expect(full.difference?.context.length).toBe(2);
    const paged = writeTape('binary', longTape(change), { frameBytes: 3000 }).bytes;
    const [a, b] = [indexed(bytes), indexed(paged)];
    const start = firstDifferentPage(a.index.pages, b.index.pages)!;
    expect(start).toBeLessThanOrEqual(full.difference!.seq);
    const linear = a.index.pages.findIndex(
      (page, k) => !Buffer.from(page.hash).equals(b.index.pages[k].hash),
    );
    expect(start).toBe(a.index.pages[linear].firstSeq);
  });

  test('is none between equal tapes, and the missing event of a prefix', () => {
    const items = marketItems('prefix', 50);
    const [whole, prefix] = [items, items.slice(0, -1)].map((some) => writeTape('binary', some).bytes);
    expect(diffTapes(openBytes(whole), openBytes(whole), 3)).toMatchObject({
      difference: undefined,
      headers: [],
    });
    const last = listEvents(openBytes(whole)).at(-1)!;
    const expected = { seq: last.event.seq, a: last.line, b: null };
    expect(diffTapes(openBytes(whole), openBytes(prefix), 3).difference).toMatchObject(expected);
    expect(diffTapes(openBytes(prefix), openBytes(whole), 3).difference).toMatchObject({
      a: null,
      b: last.line,
    });
  });

  test('of headers is told apart from that of events', () => {
    const items = marketItems('headers', 5);
    const other = writeTape('binary', items, { header: { ...HEADER, seed: '7' } }).bytes;
    const diff = diffTapes(openBytes(writeTape('binary', items).bytes), openBytes(other), 3);
    expect(diff).toMatchObject({ difference: undefined, headers: [{ field: 'seed', a: null, b: '"7"' }] });
  });

  test('is not claimed behind damage', () => {
    const bad = Buffer.from(bytes);
    bad[9000] ^= 1;
    expect(diffTapes(openBytes(bytes), openBytes(bad), 3)).toMatchObject({
      difference: undefined,
      error: { tape: 'b', error: { code: 'corrupt' } },
    });
  });
});
