import { expect, test } from 'vitest';
import { sampleOf, tell } from './damage.ts';
import { addFrame, fileOf, forge } from './forge.ts';
import { LOG_HEADER, addCommit } from './log.ts';
import { checkProperty, seeds } from './property.ts';
import * as fc from 'fast-check';

/** A log of a few acknowledged commits, then one more of one to four frames that no sync has covered. */
const anyLog = fc.record({
  before: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 6 }),
  isMarked: fc.boolean(),
  frames: fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 4 }),
  isChain: fc.boolean(),
});

/** What became of one sector of the unsynced part. */
const anySector = fc.constantFrom('written', 'written', 'written', 'zero', 'garbage');

const anyCrash = fc.record({
  log: anyLog,
  /** Where the file ends, as a part of the unsynced bytes; 1 and more: all of it, and zeros behind. */
  end: fc.oneof(
    { weight: 1, arbitrary: fc.constant(0) },
    { weight: 4, arbitrary: fc.constantFrom(1, 1.5) },
    { weight: 4, arbitrary: fc.integer({ min: 0, max: 4000 }).map((part) => part / 4000) },
  ),
  sectors: fc.oneof(
    { weight: 1, arbitrary: fc.constant(['written']) },
    { weight: 4, arbitrary: fc.array(anySector, { minLength: 2, maxLength: 16, size: 'max' }) },
    { weight: 1, arbitrary: fc.array(fc.constantFrom('zero', 'garbage'), { minLength: 1, maxLength: 3 }) },
  ),
  noise: fc.integer(),
});

const SECTOR_BYTES = 512;

function spoil(bytes: Buffer, from: number, sectors: readonly string[], noise: number): void {
  let state = noise | 1;
  for (
    let sector = Math.floor(from / SECTOR_BYTES), k = 0;
    sector * SECTOR_BYTES < bytes.length;
    sector++, k++
  ) {
    const fate = sectors[k % sectors.length];
    const start = Math.max(from, sector * SECTOR_BYTES);
    const end = Math.min(bytes.length, (sector + 1) * SECTOR_BYTES);
    if (fate === 'written') continue;
    for (let at = start; at < end; at++) {
      state = (Math.imul(state, 1664525) + 1013904223) | 0;
      bytes[at] = fate === 'zero' ? 0 : state >>> 24;
    }
  }
}

// contracts §4: what a crash leaves of a commit that no sync has covered is torn or complete, never corruption, and never
// costs an event that was acknowledged before.
test.each(seeds(76))('crash states of an unsynced commit (seed %i)', (seed) => {
  const counts: Record<string, number> = {};
  const property = fc.property(anyCrash, ({ log, end, sectors, noise }) => {
    const tape = forge(LOG_HEADER);
    for (const size of log.before) addCommit(tape, [size], Number(tape.seq));
    if (log.isMarked) addFrame(tape, { type: 5, durableSeq: Number(tape.seq) });
    const acknowledgedBytes = tape.offset;
    const durableSeq = Number(tape.seq);
    const acknowledged = sampleOf(fileOf(tape)).tape.records.length;
    if (log.isChain) addCommit(tape, log.frames, durableSeq);
    else for (const size of log.frames) addCommit(tape, [size], durableSeq);
    const whole = fileOf(tape);
    const { records } = sampleOf(whole).tape;
    const unsynced = whole.length - acknowledgedBytes;
    const size = acknowledgedBytes + Math.round(Math.min(1, end) * unsynced);
    const bytes = Buffer.concat([whole.subarray(0, size), Buffer.alloc(end > 1 ? 3000 : 0)]);
    spoil(bytes, acknowledgedBytes, sectors, noise);
    const told = tell(bytes, records);
    const verdict =
      told.verdict === 'unsealed' ? (told.delivered === records.length ? 'complete' : 'clean') : told.verdict;
    counts[verdict] = (counts[verdict] ?? 0) + 1;
    expect(['complete', 'clean', 'torn']).toContain(verdict);
    expect(told.delivered).toBeGreaterThanOrEqual(acknowledged);
    expect(told.offset).toBeGreaterThanOrEqual(acknowledgedBytes);
    if (log.isChain) expect([acknowledged, records.length]).toContain(told.delivered);
  });
  checkProperty(seed, property, 20_000);
  console.log(`20,000 crash states: ${JSON.stringify(counts)}`);
  expect(Math.min(counts['complete'], counts['clean'], counts['torn'])).toBeGreaterThan(500);
});

// As above, exhaustively for one shape: short at every byte.
test.each([true, false])('an unsynced commit of four frames, cut at every byte (a chain: %s)', (isChain) => {
  const tape = forge(LOG_HEADER);
  addCommit(tape, [5], Number(tape.seq));
  const from = tape.offset;
  const durableSeq = Number(tape.seq);
  if (isChain) addCommit(tape, [3, 4, 5, 6], durableSeq);
  else for (const size of [3, 4, 5, 6]) addCommit(tape, [size], durableSeq);
  const whole = fileOf(tape);
  const { records } = sampleOf(whole).tape;
  for (let size = from; size < whole.length; size++) {
    const told = tell(whole.subarray(0, size), records);
    expect(['unsealed', 'torn']).toContain(told.verdict);
    if (isChain) expect([told.offset, told.seq]).toEqual([from, durableSeq]);
  }
});
