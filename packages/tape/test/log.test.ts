// A log segment: a later frame proves only what it says was durable. Long sweeps: log-flips and log-crash proofs.
import { describe, expect, test } from 'vitest';
import { sampleOf, tell } from './damage.ts';
import { addFrame, define, fileOf, forge, timer } from './forge.ts';
import { LOG_HEADER, addCommit, logOf } from './log.ts';
import { readReference } from './reference.ts';
import { readTape } from './tape.ts';

const BASE = 100;

/** Two records behind seq 100, then a frame with a flipped bit, then one that says what was durable. */
function witnessed(durableSeq: number, type = 1): Buffer {
  const tape = forge(LOG_HEADER);
  addFrame(tape, { records: [timer(0n), timer(1n)], durableSeq: BASE });
  addFrame(tape, {
    records: [timer(2n), timer(3n)],
    durableSeq: BASE,
    break: (frame) => void (frame[125] ^= 1),
  });
  addFrame(tape, type === 1 ? { records: [timer(4n)], durableSeq } : { type, durableSeq });
  return fileOf(tape);
}

describe('behind a bad frame of seqs 102 and 103', () => {
  // Fails when the witness is compared with another seq than the first that would be lost.
  test.each([
    [100, 'torn'],
    [102, 'torn'],
    [103, 'corrupt'],
    [104, 'corrupt'],
  ])('a frame that says %i was durable: %s', (durableSeq, verdict) => {
    for (const type of [1, 5]) {
      const bytes = witnessed(durableSeq, type);
      const read = readTape(bytes);
      expect(read.seqs).toEqual([100, 101]);
      if (verdict === 'corrupt') expect(read.error).toMatchObject({ code: 'corrupt', seq: 102 });
      else expect(read.end?.torn).toMatchObject({ firstSeq: 102, nextSeq: 104 });
    }
  });

  test('a frame that is a witness of itself is none', () => {
    for (const durableSeq of [101, 102, 2 ** 53 - 1]) {
      const tape = addFrame(forge(LOG_HEADER), { records: [timer(0n)], durableSeq });
      expect(readTape(fileOf(tape)).error?.code).toBe('badFrame');
    }
    expect(
      readTape(fileOf(addFrame(forge(LOG_HEADER), { type: 5, durableSeq: BASE }))).error,
    ).toBeUndefined();
  });
});

test('starts at its base, with what it carries in force', () => {
  const carried = { type: 4, records: [define(2, 1, '{"name":"a"}')], durableSeq: BASE };
  const bytes = fileOf(
    addFrame(addFrame(forge(LOG_HEADER), carried), { records: [timer(1n)], durableSeq: BASE }),
  );
  const read = readTape(bytes);
  expect([read.error, read.seqs, read.end?.count, read.end?.nextSeq]).toEqual([undefined, [100], 1, 101]);
  expect(read.tables.source.byIndex[1]?.name).toBe('a');
  // Its hash is that of its own events, from the constant on.
  expect(read.end?.hash).toBe(
    readReference(fileOf(addFrame(forge(LOG_HEADER), { records: [timer(1n)] }))).hash,
  );
});

// Every bit of the blocks before the mark, as in the proof.
test.each([1, 3])(
  'every flip in acknowledged commits is corruption (%i commits a sync)',
  (commitsPerSync) => {
    const { bytes, acknowledgedBytes } = logOf(1800, commitsPerSync);
    const sample = sampleOf(bytes);
    for (let at = sample.headerBytes * 8; at < bytes.length * 8; at++) {
      bytes[at >>> 3] ^= 1 << (at & 7);
      const { verdict, delivered } = tell(bytes, sample.tape.records);
      bytes[at >>> 3] ^= 1 << (at & 7);
      const isMark = at >>> 3 >= acknowledgedBytes;
      if (verdict !== (isMark ? 'torn' : 'corrupt')) expect({ at, verdict }).toEqual(isMark);
      if (isMark) expect(delivered).toBe(sample.tape.records.length);
    }
  },
);

// A commit of four frames that no sync has covered: each of them bad in turn, the later ones whole.
test.each([true, false])('an unsynced commit is torn, whatever of it is whole (a chain: %s)', (isChain) => {
  for (let bad = 0; bad < 4; bad++) {
    const tape = forge(LOG_HEADER);
    addCommit(tape, [5], BASE);
    const from = tape.offset;
    const durableSeq = Number(tape.seq);
    if (isChain) addCommit(tape, [2, 2, 2, 2], durableSeq);
    else for (let k = 0; k < 4; k++) addCommit(tape, [2], durableSeq);
    const bytes = fileOf(tape);
    const { frames, records } = readReference(bytes);
    bytes[frames[bad + 1].offset + 118] ^= 4;
    const told = tell(bytes, records);
    expect([told.verdict, told.offset]).toEqual(['torn', isChain ? from : frames[bad + 1].offset]);
  }
});
