/**
 * A sequence lock: one thread publishes a block of numbers in shared memory, any number of threads read it,
 * and no reader ever makes the writer wait.
 *
 *     bytes   0  i32 sequence   odd while the block changes
 *             4  i32 state      bits; 1: a writer has opened it, 2: nothing follows
 *           128  the block, as 32-bit words
 *
 *     writer   sequence + 1 · words that differ · sequence + 1
 *     reader   sequence, again while odd · words · sequence: as before? else from the start
 *
 * Every access to shared memory is sequentially consistent, the words of the block included. With plain
 * accesses to the block the memory model of ECMAScript allows a reader to see a word of the next block and
 * the old sequence behind it: a plain read does not order anything. As it is, whoever sees one word of a
 * change sees the odd sequence that was stored before it. Such an access is a call of 7 ns in V8, where a
 * plain one takes less than one; so the writer keeps what it published and stores the words that differ, of
 * which a trade changes a few of a hundred, and a reader may ask for the first cells alone.
 *
 * A reader is told a mixture only if the sequence returns to the same value while it reads, after 2^31
 * publications: half an hour at one a microsecond. One that looks exactly so many publications after its last
 * look takes the block for the one that it has, until the next.
 *
 * The writer is never held up, so a reader may be: it finds no whole block while its copy, 7 ns a word, takes
 * longer than the writer leaves the block alone. It is told so, and not kept.
 *
 * Source: Lameter, Effective synchronization on Linux/NUMA systems (2005); the need for ordered accesses to
 * the block: Boehm, Can seqlocks get along with programming language memory models? (MSPC 2012).
 * Alternatives considered: two blocks and an index, which tear as well when the writer is twice as fast; a
 * lock, which lets a reader that is not scheduled stop the writer.
 */
import { assert } from './assert.ts';

const WRITTEN = 1;
const ENDED = 2;
const SEQUENCE = 0;
const STATE = 1;
const BLOCK = 32;
const WORDS_MAX = 1 << 20;
/** No sequence of a whole block: those are even. */
const NOTHING = -1;
/** Attempts before a reader gives way: a publication takes less. */
const SPINS = 64;
/** The writer does not wake readers: they look again by themselves. */
const NAP_MS = 1;

/** The memory of a published block. Plain data: post it to the threads that read. */
export interface SharedSnapshot {
  readonly buffer: SharedArrayBuffer;
  /** 64-bit cells of the block. */
  readonly cells: number;
}

/** The writing end. Fill `f64` or `i32`, which are the same memory, and publish. */
export interface SnapshotWriter {
  readonly f64: Float64Array;
  readonly i32: Int32Array;
  /** Not for callers. */
  readonly shared: Int32Array<SharedArrayBuffer>;
  readonly published: Int32Array;
  sequence: number;
}

/** A reading end; as many as there are readers. `f64` and `i32` hold the block that was read last. */
export interface SnapshotReader {
  readonly f64: Float64Array;
  readonly i32: Int32Array;
  /** Reads that found a block, those that had to begin again, and naps because of it. */
  reads: number;
  retries: number;
  naps: number;
  /** Not for callers. */
  readonly shared: Int32Array<SharedArrayBuffer>;
  readonly attempt: Int32Array;
  sequence: number;
  /** Words that are of that sequence. */
  words: number;
}

/** A block of zeros. Throws on KERNEL-16 for a size that it cannot have. */
export function createSharedSnapshot(cells: number): SharedSnapshot {
  assert(Number.isInteger(cells) && cells >= 1 && cells * 2 <= WORDS_MAX, 'KERNEL-16', 'a block of cells');
  return { buffer: new SharedArrayBuffer(BLOCK * 4 + cells * 8), cells };
}

/** Opens the writing end. Throws on KERNEL-17 when it is open already. */
export function openSnapshotWriter({ buffer, cells }: SharedSnapshot): SnapshotWriter {
  const shared = new Int32Array(buffer);
  assert((Atomics.or(shared, STATE, WRITTEN) & WRITTEN) === 0, 'KERNEL-17', 'a block has one writer');
  const own = new ArrayBuffer(cells * 8);
  return {
    f64: new Float64Array(own),
    i32: new Int32Array(own),
    shared,
    published: new Int32Array(cells * 2),
    sequence: Atomics.load(shared, SEQUENCE),
  };
}

/**
 * Makes the writer's block the one that readers see. Complexity: compares all words, stores those that
 * differ.
 */
export function publishSnapshot(writer: SnapshotWriter): void {
  const { shared, published, i32 } = writer;
  Atomics.store(shared, SEQUENCE, (writer.sequence + 1) | 0);
  for (let word = 0; word < i32.length; word++) {
    const value = i32[word];
    if (value === published[word]) continue;
    published[word] = value;
    Atomics.store(shared, BLOCK + word, value);
  }
  writer.sequence = (writer.sequence + 2) | 0;
  Atomics.store(shared, SEQUENCE, writer.sequence);
}

/** Says that nothing follows: by the writer, or for one that has died, by whoever knows. */
export function endSnapshot({ buffer }: SharedSnapshot): void {
  Atomics.or(new Int32Array(buffer), STATE, ENDED);
}

/** True once nothing follows. What is read behind this is the last block. */
export function isSnapshotEnded(reader: SnapshotReader): boolean {
  return (Atomics.load(reader.shared, STATE) & ENDED) !== 0;
}

export function openSnapshotReader({ buffer, cells }: SharedSnapshot): SnapshotReader {
  const own = new ArrayBuffer(cells * 8);
  return {
    f64: new Float64Array(own),
    i32: new Int32Array(own),
    reads: 0,
    retries: 0,
    naps: 0,
    shared: new Int32Array(buffer),
    attempt: new Int32Array(cells * 2),
    sequence: NOTHING,
    words: 0,
  };
}

/**
 * Reads the block that was published last into `reader.f64`, or as many of its first cells as are wanted; the cells
 * behind them are then of an older one. Where nothing was published since, that is one load.
 *
 * False, and the block as it was, after 64 attempts for each of `msMax`, a nap of a millisecond behind each 64 that
 * found the writer at work: it has died in the middle, does not run, or changes the block faster than it can be
 * copied. Complexity: an ordered load a word, some 7 ns in V8; begins again when the block
 * changed meanwhile.
 */
export function readSnapshot(
  reader: SnapshotReader,
  cellsMax: number = Infinity,
  msMax: number = 100,
): boolean {
  const { shared, attempt, i32 } = reader;
  const words = Math.min(cellsMax * 2, attempt.length);
  let napsLeft = Math.ceil(msMax / NAP_MS);
  for (let tries = 1; ; tries++) {
    const sequence = Atomics.load(shared, SEQUENCE);
    if (sequence === reader.sequence && words <= reader.words) break;
    if ((sequence & 1) === 0) {
      for (let word = 0; word < words; word++) attempt[word] = Atomics.load(shared, BLOCK + word);
      if (Atomics.load(shared, SEQUENCE) === sequence) {
        for (let word = 0; word < words; word++) i32[word] = attempt[word];
        reader.sequence = sequence;
        reader.words = words;
        break;
      }
    }
    reader.retries += 1;
    if (tries % SPINS !== 0) continue;
    if (napsLeft <= 0) return false;
    napsLeft -= 1;
    reader.naps += 1;
    // Returns at once if the sequence moved on meanwhile.
    Atomics.wait(shared, SEQUENCE, sequence, NAP_MS);
  }
  reader.reads += 1;
  return true;
}

/** Publications so far, mod 2^31, as this reader knows it: 0 while nothing was published. */
export function snapshotVersion(reader: SnapshotReader): number {
  return reader.sequence === NOTHING ? 0 : reader.sequence >>> 1;
}
