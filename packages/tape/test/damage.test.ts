// Torn or corrupt: every cut and every flipped bit of small tapes, each with its verdict, place and seqs.
import { describe, expect, test } from 'vitest';
import { createDecoder, createReader } from '@truetape/tape';
import { cutAll, feed, flipAll, sampleOf, tapeOfSize, tell } from './damage.ts';
import { addFrame, addSeal, fileOf, forge, record, timer } from './forge.ts';
import { readReference } from './reference.ts';
import { PORTS, convertTape, directSource, readPieces, readSource, readTape, writeTape } from './tape.ts';

const sum = (counts: Map<string, number>): number => [...counts.values()].reduce((a, b) => a + b, 0);

/** Two chains of three frames each behind a plain frame, and a plain one behind them. */
function chained(isSealed: boolean): Buffer {
  const tape = addFrame(forge(), { records: [timer(0n)] });
  for (const first of [1n, 4n]) {
    addFrame(tape, { records: [timer(first)], more: true });
    addFrame(tape, { records: [timer(first + 1n)], more: true });
    addFrame(tape, { records: [timer(first + 2n)] });
  }
  if (isSealed) addSeal(tape);
  return fileOf(tape);
}

describe.each([
  ['sealed', tapeOfSize(1800, true, 400)],
  ['unsealed', tapeOfSize(1200, false, 400)],
  ['sealed, of chains', chained(true)],
  ['unsealed, of chains', chained(false)],
  ['sealed and empty', writeTape('binary', []).bytes],
  ['unsealed and empty', writeTape('binary', [], { footer: false }).bytes],
])('%s', (name, bytes) => {
  const sample = sampleOf(bytes);

  // Fails when a cut is taken for an end, for corruption, or for another place; when a torn chain is delivered in part.
  test('TAPE-4: cut at every byte', () => {
    const counts = cutAll(sample);
    expect(sum(counts)).toBe(bytes.length + 1);
    expect([...counts.keys()].includes('corrupt')).toBe(false);
  });

  // Fails when a flip goes unnoticed, or a CRC, a link of the chain of frames or a witness is not looked at.
  test('every bit flipped', () => {
    const counts = flipAll(sample, { hash: name.length % 2 === 0, verify: true });
    expect(sum(counts)).toBe(bytes.length * 8);
    expect(counts.get('sealed')).toBe(undefined);
  });

  test('is what it was before', () => {
    expect(tell(bytes, sample.tape.records).verdict).toBe(sample.isSealed ? 'sealed' : 'unsealed');
  });
});

describe('behind a bad frame', () => {
  const A = { records: [timer(0n), timer(1n)] };
  const B = { records: [timer(2n)] };
  const whole = fileOf(addFrame(addFrame(forge(), A), B));
  const offsetB = fileOf(addFrame(forge(), A)).length;
  const torn = { verdict: 'torn', offset: offsetB, seq: 2 };

  const told = (bytes: Buffer): object => tell(bytes, sampleOf(whole).tape.records);
  const spoiled = (change: (frame: Buffer) => void, ...more: Buffer[]): Buffer => {
    const frame = Buffer.from(whole.subarray(offsetB));
    change(frame);
    return Buffer.concat([whole.subarray(0, offsetB), frame, ...more]);
  };
  const flip = (frame: Buffer): void => void (frame[110] ^= 1);

  test('zeros: a clean end, but only from a frame on', () => {
    for (const size of [1, 7, 119, 120, 121, 5000]) {
      const end = { verdict: 'unsealed', offset: offsetB, seq: 2 };
      expect(told(Buffer.concat([whole.subarray(0, offsetB), Buffer.alloc(size)]))).toMatchObject(end);
      expect(told(Buffer.concat([whole.subarray(0, offsetB + 1), Buffer.alloc(size)]))).toMatchObject(torn);
      const last = Buffer.alloc(size);
      last[size - 1] = 1;
      expect(told(Buffer.concat([whole.subarray(0, offsetB), last]))).toMatchObject(torn);
    }
  });

  test('rubbish: torn', () => {
    const rubbish = Buffer.alloc(3000, 'RPLB');
    expect(told(Buffer.concat([whole.subarray(0, offsetB), rubbish]))).toMatchObject(torn);
    expect(told(spoiled(flip, rubbish))).toMatchObject(torn);
  });

  // Wherever the next frame stands, and however the input is cut: the search must not miss what lies across two pieces.
  test('a whole frame at any distance: corrupt', () => {
    const frame = whole.subarray(offsetB);
    for (const distance of [0, 1, 7, 8, 119, 120, 121, 8192]) {
      const bytes = spoiled(flip, Buffer.alloc(distance, 0x52), frame);
      expect(told(bytes)).toMatchObject({ verdict: 'corrupt', offset: offsetB, seq: 2 });
      for (const size of [1, 50, 120, 4096]) {
        const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, k) =>
          Uint8Array.from(bytes.subarray(k * size, (k + 1) * size)),
        );
        expect(readPieces(pieces).error).toMatchObject({ code: 'corrupt', offsetBytes: offsetB, seq: 2 });
      }
      expect(told(bytes.subarray(0, -1)), 'its header alone is proof').toMatchObject({ verdict: 'corrupt' });
      expect(
        told(bytes.subarray(0, bytes.length - frame.length + 119)),
        'part of its header is none',
      ).toMatchObject(torn);
    }
  });

  test('a trailer at the very end: corrupt', () => {
    const trailer = fileOf(addSeal(addFrame(forge(), A))).subarray(-32);
    expect(told(Buffer.concat([whole.subarray(0, offsetB + 50), trailer]))).toMatchObject({
      verdict: 'corrupt',
    });
    expect(told(Buffer.concat([whole.subarray(0, offsetB + 50), trailer, Buffer.alloc(1)]))).toMatchObject(
      torn,
    );
  });

  test('a frame of another tape: torn, by its link', () => {
    const other = fileOf(addFrame(addFrame(forge(), A), { records: [timer(5n), timer(6n)] }));
    const bytes = Buffer.concat([whole, other.subarray(offsetB)]);
    const reading = tell(bytes, sampleOf(whole).tape.records);
    expect(reading).toMatchObject({ verdict: 'torn', offset: whole.length, seq: 3 });
  });

  // Fails when the link is looked at only once the frame before it, of the same chain, has been handed out.
  test('a chain whose second frame has a wrong link: torn from its first on', () => {
    const tape = addFrame(addFrame(forge(), A), { ...B, more: true });
    addFrame(tape, { records: [timer(3n)], set: (head) => void head.writeUInt32LE(7, 108) });
    const told = tell(fileOf(tape), readReference(whole).records);
    expect(told).toMatchObject({ ...torn, delivered: 80 });
  });

  // A Raw event may hold part of a tape. Fails when what a good header calls its payload is searched for witnesses.
  test('a frame within its own payload is no witness', () => {
    // All of frame B, header and payload, as the bytes of a Raw.
    const inner = Array.from({ length: 20 }, (_, k) => whole.readBigUInt64LE(offsetB + k * 8));
    const raw = record([2n ** 64n - 1n, 160n << 32n, 160n, ...inner], { kind: 3, time: 2n });
    const tape = fileOf(addFrame(addFrame(forge(), A), { records: [raw] }));
    expect(readTape(tape).error).toBeUndefined();
    for (const size of [tape.length - 1, tape.length - 8]) {
      expect(tell(tape.subarray(0, size), readReference(tape).records)).toMatchObject(torn);
    }
    tape[tape.length - 1] ^= 1;
    expect(tell(tape, readReference(whole).records)).toMatchObject(torn);
  });

  test('the torn tail is named: seqs, bytes, reason', () => {
    const cut = readTape(whole.subarray(0, whole.length - 1));
    expect(cut.end?.torn).toEqual({
      offsetBytes: offsetB,
      bytes: whole.length - 1 - offsetB,
      firstSeq: 2,
      nextSeq: 3,
      reason: 'frame that is cut off',
    });
    expect(readTape(whole.subarray(0, offsetB + 119)).end?.torn?.nextSeq).toBeUndefined();
    expect(cut.end).toMatchObject({ sealed: false, count: 2, nextSeq: 2, offsetBytes: offsetB });
  });
});

// A filter passes over frames by their headers. Fails when a frame that is cut off counts as read, or as corruption.
describe('an unwanted frame', () => {
  const { bytes } = writeTape('binary', feed(40), { frameBytes: 300, footer: false });
  const { frames } = sampleOf(bytes).tape;
  const unwanted = frames[frames.length - 1];
  const wanted = (): boolean => false;

  test.each([false, true])('that is cut off is torn (input that can be passed over: %s)', (canSkip) => {
    for (const size of [unwanted.offset + 120, unwanted.offset + 121, bytes.length - 1]) {
      const read = readTape(bytes.subarray(0, size), { wanted, hash: false });
      expect(read.error).toBeUndefined();
      const { firstSeq, nextSeq } = unwanted;
      const torn = { offsetBytes: unwanted.offset, firstSeq: Number(firstSeq), nextSeq: Number(nextSeq) };
      expect(read.end).toMatchObject({
        sealed: false,
        torn,
        nextSeq: torn.firstSeq,
        offsetBytes: unwanted.offset,
      });
      if (canSkip) expect(readSkipping(bytes.subarray(0, size))).toMatchObject({ sealed: false, torn });
    }
    if (canSkip)
      expect(readSkipping(bytes)).toMatchObject({
        sealed: false,
        torn: undefined,
        nextSeq: Number(unwanted.nextSeq),
      });
  });

  // Fails when hash, count or index are recomputed from the part of the tape that was read.
  test('leaves nothing to say of all events but what the seal says', () => {
    const { bytes: large, end } = writeTape('binary', feed(1600), { frameBytes: 4096 });
    const read = readTape(large, { wanted, hash: true, verify: true });
    expect(read.end?.index?.entries.length).toBe(2);
    expect(read.end).toMatchObject({ sealed: true, hash: end?.hash, count: end?.count });
    const open = readTape(bytes, { wanted, hash: true, verify: true });
    expect(open.end).toMatchObject({ sealed: false, hash: undefined, count: undefined });
  });

  // Fails when what is passed over leaves the rest at another place modulo 8 in memory.
  test.each([1, 13, 300])('is passed over in input that comes in pieces of %i', (size) => {
    const some = ({ firstSeq }: { firstSeq: number }): boolean => firstSeq % 3 === 0;
    const options = { wanted: some, hash: false };
    const whole = readTape(bytes, options);
    expect(whole.seqs.length).toBeLessThan(readTape(bytes).seqs.length);
    for (const source of [directSource(bytes, [size]), directSource(bytes, [size, 1, 5])]) {
      const read = readSource(source, options);
      expect([read.error, read.seqs]).toEqual([undefined, whole.seqs]);
      expect(read.records.equals(whole.records)).toBe(true);
    }
  });

  test('that is whole leaves a tape whose end is known', () => {
    expect(readTape(bytes, { wanted, hash: false }).end).toMatchObject({
      torn: undefined,
      nextSeq: Number(unwanted.nextSeq),
    });
    const whole = convertTape(bytes, 'binary', 300);
    expect(whole.equals(bytes)).toBe(true);
    const sealed = writeTape('binary', feed(40), { frameBytes: 300 });
    expect(readTape(sealed.bytes, { wanted, hash: false }).end).toMatchObject({
      sealed: true,
      ...(sealed.end && { hash: sealed.end.hash }),
    });
  });
});

function readSkipping(bytes: Uint8Array): unknown {
  let at = 0;
  const decoder = createDecoder({ ports: PORTS, wanted: () => false });
  const reader = createReader(decoder, {
    read: () => {
      const piece = Uint8Array.from(bytes.subarray(at, at + 64));
      at += 64;
      return piece.length === 0 ? undefined : piece;
    },
    skip: (count) => {
      at += count;
    },
  });
  while (reader.next() !== undefined);
  expect(reader.error).toBeUndefined();
  return reader.end;
}
