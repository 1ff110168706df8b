// A recovery that folds what somebody else has checked finds what the ordinary one finds, or leaves it to that.
import { createStream } from '@truetape/kernel';
import { describe, expect, test } from 'vitest';
import {
  beginCommit,
  checkSegments,
  corrupt,
  crashCopy,
  createSimDisk,
  fileBytes,
  recoverLog,
  takeSnapshot,
} from '@truetape/wal';
import type { CheckRequest, SegmentCheck, SimDisk } from '@truetape/wal';
import { EPOCH_NS, PORTS, TOY, putTimers, startToy } from './toy.ts';

/** Checks everything at once, and then says how far it came; `asked` counts. */
function besideOf(storage: SimDisk, asked: { count: number }) {
  return (request: CheckRequest): SegmentCheck => {
    asked.count += 1;
    let reached = 0;
    const checked = checkSegments({ storage, ports: PORTS }, request, (nextSeq) => (reached = nextSeq));
    return { reaches: (seq) => reached > seq, result: () => (checked.ok ? checked.value : undefined) };
  };
}

/** Segments of some commits each, commits of one event to thousands; snapshots where they are asked for. */
function logOf(seed: string, snapshotsAt: readonly number[]): SimDisk {
  const disk = createSimDisk(seed);
  const random = createStream(seed, 'beside');
  const run = startToy(disk, { segmentBytes: 20_000, reserveBytes: 5000 });
  for (let k = 0; k < 60; k++) {
    const count = random.nextInt(10) === 0 ? 2000 : 1 + random.nextInt(40);
    expect(putTimers(run, ...Array.from({ length: count }, () => random.nextInt(1000)))).toBeUndefined();
    if (snapshotsAt.includes(k)) expect(takeSnapshot(run.log, TOY, run.machine, 9).ok).toBe(true);
  }
  return crashCopy(disk, { seed, writes: { keep: 'all' }, names: 'all' });
}

const outcome = (read: ReturnType<typeof recoverLog>): unknown => {
  if (!read.ok) return read.error;
  const { report, lastTime, last, machine } = read.value;
  const { segments, ...rest } = report;
  // What was checked elsewhere is not told as read.
  return { rest, lastTime, append: last.append, state: machine.hash(), segments: segments.at(-1) };
};

function bothWays(disk: SimDisk): {
  readonly alone: unknown;
  readonly beside: unknown;
  readonly asked: number;
} {
  const config = { storage: disk, ports: PORTS, kind: TOY };
  const asked = { count: 0 };
  const alone = outcome(recoverLog(config));
  const beside = outcome(recoverLog({ ...config, beside: besideOf(disk, asked) }));
  return { alone, beside, asked: asked.count };
}

describe('beside', () => {
  test.each(['a', 'b', 'c', 'd', 'e'])('finds the same, seed %s', (seed) => {
    for (const snapshotsAt of [[], [5], [30], [5, 30], [59]]) {
      const { alone, beside, asked } = bothWays(logOf(seed, snapshotsAt));
      expect(beside).toEqual(alone);
      // Behind a snapshot of the end there is nothing to fold ahead.
      if (!snapshotsAt.includes(59)) expect(asked).toBe(1);
    }
  });

  // Fails where the time of what somebody else has checked is forgotten: the log would go back in time.
  test('knows when the last event was, behind a segment that ends with a page and another without events', () => {
    const disk = createSimDisk('page');
    const run = startToy(disk, { segmentBytes: 1000 });
    for (let k = 0; k < 16; k++) putTimers(run, ...Array.from({ length: 512 }, (_, id) => id));
    expect(beginCommit(run.log, EPOCH_NS + 60_000n)).toBeUndefined();
    const { alone, beside, asked } = bothWays(
      crashCopy(disk, { seed: 1, writes: { keep: 'all' }, names: 'all' }),
    );
    expect([alone, asked]).toMatchObject([{ rest: { nextSeq: 8192 }, append: {} }, 1]);
    expect(beside).toEqual(alone);
  });

  test('leaves whatever is wrong to the ordinary way', () => {
    const random = createStream('beside', 'damage');
    for (let round = 0; round < 60; round++) {
      const disk = logOf('damaged', round % 2 === 0 ? [] : [20]);
      const listed = disk.list();
      const segments = listed.ok ? listed.value.filter((name) => name.endsWith('.rpl')).toSorted() : [];
      const name = segments[random.nextInt(segments.length)];
      corrupt(
        disk,
        name,
        random.nextInt(fileBytes(disk, name)!.length),
        (byte) => byte ^ (1 + random.nextInt(255)),
      );
      const { alone, beside } = bothWays(disk);
      expect(beside).toEqual(alone);
    }
  });

  test('does without somebody who gives up, or fails', () => {
    const disk = logOf('gives up', []);
    const config = { storage: disk, ports: PORTS, kind: TOY };
    const alone = outcome(recoverLog(config));
    const page = { hash: new Uint8Array(32), firstSeq: 0 };
    const checks: (SegmentCheck | undefined)[] = [
      undefined,
      { reaches: () => false, result: () => page },
      { reaches: (seq) => seq < 100, result: () => page },
      { reaches: () => true, result: () => undefined },
    ];
    for (const check of checks)
      expect(outcome(recoverLog({ ...config, beside: () => check }))).toEqual(alone);
  });

  test('facts that are wrong are told as ever', () => {
    const disk = logOf('wrong', []);
    const fold = (): object => ({ code: 'fact', seq: 7, expected: 'a', found: 'b' });
    const kind = { ...TOY, create: () => ({ ...TOY.create(), fold: fold as never }) };
    const asked = { count: 0 };
    const read = recoverLog({ storage: disk, ports: PORTS, kind, beside: besideOf(disk, asked) });
    expect([asked.count, read]).toMatchObject([
      1,
      { ok: false, error: { code: 'contradiction', stop: { seq: 7 } } },
    ]);
  });
});
