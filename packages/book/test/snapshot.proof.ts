// Snapshots at many random points of long days: from each point every implementation goes on as the whole did.
import { describe, expect, test } from 'vitest';
import { hashBook, restoreBook, saveBook, type Command, type RestorableBook } from '@truetape/book';
import { createStream } from '@truetape/kernel';
import { IMPLEMENTATIONS } from './implementations.ts';
import { playRaw, sha256 } from './play.ts';
import { seeds } from './property.ts';
import { episodeOf, largeProfile, smallProfile } from './stream.ts';

const CASES = IMPLEMENTATIONS.flatMap(([from, create]) =>
  IMPLEMENTATIONS.map(([into, other]) => ({ from, create, into, other })),
);

describe.each(CASES)('$from restored into $into', ({ create, other }) => {
  test.each(seeds(61))('small books, 400 days of 300 commands, 6 points each (seed %i)', (seed) => {
    for (let day = 0; day < 400; day++) {
      const { profile, next } = episodeOf(seed, day, smallProfile);
      const commands = Array.from({ length: 300 }, next);
      checkDay(() => create(profile.config), other, commands, pointsOf(seed, day, 300));
    }
  });

  test.each(seeds(62))('large books, 2 days of 8,000 commands, 6 points each (seed %i)', (seed) => {
    for (let day = 0; day < 2; day++) {
      const { profile, next } = episodeOf(seed, day, largeProfile);
      const commands = Array.from({ length: 8_000 }, next);
      checkDay(() => create(profile.config), other, commands, pointsOf(seed, day, 8_000));
    }
  });
});

function pointsOf(seed: number, day: number, length: number): number[] {
  const random = createStream(seed, `points of day ${day}`);
  return Array.from({ length: 6 }, () => random.nextInt(length + 1));
}

function checkDay(
  create: () => RestorableBook,
  other: (typeof IMPLEMENTATIONS)[number][1],
  commands: readonly Command[],
  points: readonly number[],
): void {
  const whole = create();
  const snapshots = new Map<number, Uint8Array>();
  const counts: number[] = [];
  const cells: number[] = [];
  commands.forEach((command, k) => {
    if (points.includes(k)) snapshots.set(k, saveBook(whole));
    counts.push(cells.length);
    const reports = playRaw(whole, [command]);
    for (let word = 0; word < reports.count * 16; word++) cells.push(reports.u32[word]);
  });
  const hash = hashBook(whole, sha256);
  for (const [point, bytes] of snapshots) {
    const restored = restoreBook(bytes, other);
    if (!restored.ok) throw new Error(JSON.stringify(restored.error));
    expect(Buffer.from(saveBook(restored.value)).equals(bytes)).toBe(true);
    const rest = playRaw(restored.value, commands.slice(point));
    const words = rest.u32.subarray(0, rest.count * 16);
    let differs = words.length !== cells.length - counts[point];
    for (let word = 0; !differs && word < words.length; word++)
      differs = words[word] !== cells[counts[point] + word];
    if (differs) throw new Error(`other reports behind command ${point}`);
    restored.value.check();
    expect(hashBook(restored.value, sha256)).toBe(hash);
  }
}
