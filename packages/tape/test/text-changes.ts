import { expect } from 'vitest';
import { feed } from './damage.ts';
import { readTape, writeTape } from './tape.ts';

/** Flips the given bits of every byte of a sealed text tape, and leaves every byte out: told, or it changes nothing. */
export function changeText(bits: readonly number[]): void {
  const { bytes } = writeTape('text', feed(3), { footer: { quality: { gaps: 0 } } });
  const whole = readTape(bytes);
  const judge = (damaged: Buffer, at: number): void => {
    const read = readTape(damaged, { verify: false });
    if (read.error !== undefined || read.end?.sealed === false) return;
    const parts = [at, read.end?.hash, read.end?.footer, read.headerJson];
    expect(parts).toEqual([at, whole.end?.hash, whole.end?.footer, whole.headerJson]);
    expect(read.records.equals(whole.records)).toBe(true);
  };
  for (let at = 0; at < bytes.length; at++) {
    for (const bit of bits) {
      const damaged = Buffer.from(bytes);
      damaged[at] ^= 1 << bit;
      judge(damaged, at);
    }
    judge(Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]), at);
  }
}
