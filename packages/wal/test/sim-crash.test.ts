// What a crash leaves: under every plan all that was synced, and of the rest all that can happen.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  crashCopy,
  createSimDisk,
  fileBytes,
  listCrashPlans,
  LOST_BYTES,
  unsyncedBytes,
} from '@truetape/wal';
import type { CrashPlan, LogFile, SimDisk, WritesPlan } from '@truetape/wal';
import { checkProperty, seeds } from './property.ts';

const SIZE = 3000;
const SYNCED = 700;
const bytesOf = (size: number, from: number): Uint8Array =>
  Uint8Array.from({ length: size }, (_, k) => 1 + ((from + k) % 250));
const WHOLE = bytesOf(SYNCED + SIZE, 0);

/** A file of 700 durable bytes, and 3,000 that came in six writes and were not synced. */
function torn(): SimDisk {
  const disk = createSimDisk('torn');
  const made = disk.create('a');
  if (!made.ok) throw new Error(made.error.code);
  made.value.append([WHOLE.subarray(0, SYNCED)]);
  made.value.sync();
  disk.syncFolder();
  for (let k = 0; k < 6; k++) {
    made.value.append([WHOLE.subarray(SYNCED + k * 500, SYNCED + (k + 1) * 500)]);
  }
  return disk;
}

function after(writes: WritesPlan, seed: number = 1): Uint8Array {
  return fileBytes(crashCopy(torn(), { seed, writes, names: 'none' }), 'a')!;
}

/** The runs of bytes behind what was durable: k as they were written, 0 zeros, ? anything else. */
function fates(bytes: Uint8Array): string {
  let text = '';
  for (let at = SYNCED; at < bytes.length; at++) {
    const fate = bytes[at] === WHOLE[at] ? 'k' : bytes[at] === 0 ? '0' : '?';
    if (!text.endsWith(fate)) text += fate;
  }
  return text;
}

describe('unsynced bytes', () => {
  test.each([0, 1, 511, 512, 500, 1000, 2999, 3000, 9999])('are torn behind %i of them', (bytes) => {
    const kept = Math.min(bytes, SIZE);
    const cut = after({ keep: 'torn', bytes, lost: 'cut' });
    expect(cut).toEqual(WHOLE.subarray(0, SYNCED + kept));
    const zeroed = after({ keep: 'torn', bytes, lost: 'zeros' });
    expect(zeroed.subarray(0, SYNCED + kept)).toEqual(cut);
    expect(zeroed.subarray(SYNCED + kept)).toEqual(new Uint8Array(SIZE - kept));
    const garbage = after({ keep: 'torn', bytes, lost: 'garbage' });
    expect([garbage.length, garbage.subarray(0, SYNCED + kept)]).toEqual([SYNCED + SIZE, cut]);
    if (SIZE - kept > 100) expect(new Set(garbage.subarray(SYNCED + kept)).size).toBeGreaterThan(50);
  });

  test('are torn in the order in which they were written, whichever file they are in', () => {
    const disk = createSimDisk(1);
    const [a, b] = ['a', 'b'].map((name) => {
      const made = disk.create(name);
      if (!made.ok) throw new Error(made.error.code);
      return made.value;
    });
    disk.syncFolder();
    for (const [file, text] of [
      [b, 'B1'],
      [a, 'A1'],
      [b, 'B2'],
      [a, 'A2'],
    ] as const) {
      file.append([Buffer.from(text)]);
    }
    const torn = (bytes: number): (string | undefined)[] => {
      const left = crashCopy(disk, { seed: 1, writes: { keep: 'torn', bytes, lost: 'cut' }, names: 'none' });
      return ['a', 'b'].map((name) => Buffer.from(fileBytes(left, name)!).toString());
    };
    expect([torn(2), torn(3), torn(6)]).toEqual([
      ['', 'B1'],
      ['A', 'B1'],
      ['A1', 'B1B2'],
    ]);
    // A cut is kept when the tear comes after it.
    b.truncate(1);
    b.append([Buffer.from('B3')]);
    expect([torn(6), torn(8), torn(9)]).toEqual([
      ['A1', 'B1B2'],
      ['A1A2', 'B1B2'],
      ['A1A2', 'BB'],
    ]);
  });

  test('cannot be torn before the first (WAL-66)', () => {
    expect(() => after({ keep: 'torn', bytes: -1, lost: 'cut' })).toThrow(/^WAL-66/);
  });

  test('can be replaced by what lay elsewhere on the disk', () => {
    const stale = after({ keep: 'torn', bytes: 0, lost: 'stale' }).subarray(SYNCED, SYNCED + 100);
    const sectors = [WHOLE.subarray(0, 100), WHOLE.subarray(512, 612)].map((bytes) => [...bytes].join());
    expect(sectors).toContain([...stale].join());
  });

  test('are kept or lost by sectors, also later ones without earlier ones', () => {
    const seen = new Set<string>();
    const withinSector = new Set<string>();
    for (let seed = 0; seed < 60; seed++) {
      const bytes = after({ keep: 'sectors', lost: 'zeros' }, seed);
      // A write ends at 1,200, in the middle of a sector.
      withinSector.add([bytes[1199], bytes[1200]].map((byte) => (byte === 0 ? '0' : 'k')).join(''));
      expect(bytes.length).toBe(SYNCED + SIZE);
      seen.add(fates(bytes));
      // Within a sector what came later is not kept without what came before.
      for (let at = 1024; at < bytes.length; at += 512) {
        const sector = [...bytes.subarray(at, at + 512)];
        const firstLost = sector.indexOf(0);
        if (firstLost >= 0) expect(sector.slice(firstLost).every((byte) => byte === 0)).toBe(true);
      }
    }
    expect(seen.size).toBeGreaterThan(8);
    expect([...seen].some((text) => text.startsWith('0k'))).toBe(true);
    expect([...seen].some((text) => text.startsWith('k0k'))).toBe(true);
    expect([...withinSector].sort()).toEqual(['00', 'k0', 'kk']);
  });

  test('are kept or lost by whole writes', () => {
    const kept = new Set<string>();
    for (let seed = 0; seed < 300; seed++) {
      const bytes = after({ keep: 'writes', lost: 'zeros' }, seed);
      const writes = Array.from({ length: 6 }, (_, k) => {
        const at = SYNCED + k * 500;
        const part = bytes.subarray(at, at + 500);
        const isKept = part[0] !== 0;
        expect(part).toEqual(isKept ? WHOLE.subarray(at, at + 500) : new Uint8Array(500));
        return isKept ? '1' : '0';
      });
      kept.add(writes.join(''));
    }
    expect(kept.size).toBeGreaterThan(55);
  });

  test('leave a file that ends behind the last one kept, when the others are cut', () => {
    const sizes = new Set<number>();
    for (let seed = 0; seed < 60; seed++) {
      const bytes = after({ keep: 'sectors', lost: 'cut' }, seed);
      expect(fates(bytes.subarray(-1)) === '' || bytes.at(-1) !== 0).toBe(true);
      sizes.add(bytes.length);
    }
    expect(sizes.size).toBeGreaterThan(4);
  });

  test('are the same under the same seed, and others under another', () => {
    for (const keep of ['sectors', 'writes'] as const) {
      for (const lost of LOST_BYTES) {
        expect(after({ keep, lost }, 5)).toEqual(after({ keep, lost }, 5));
        const all = Array.from({ length: 20 }, (_, seed) => after({ keep, lost }, seed).join());
        expect(new Set(all).size).toBeGreaterThan(15);
      }
    }
  });
});

describe('unsynced names', () => {
  test('are kept in part, each in the order of its changes', () => {
    const seen = new Map<string, number>();
    for (let seed = 0; seed < 400; seed++) {
      const disk = createSimDisk(1);
      disk.create('a');
      disk.syncFolder();
      disk.create('b.new');
      disk.rename('b.new', 'b');
      disk.unlink('a');
      disk.create('a');
      const listed = crashCopy(disk, { seed, writes: { keep: 'none' }, names: 'some' }).list();
      const names = listed.ok ? [...listed.value].sort().join() : '';
      seen.set(names, (seen.get(names) ?? 0) + 1);
    }
    // Each of a, no a, and a again; with each of no file, b.new, and b: never both, never b without its file.
    expect([...seen.keys()].sort()).toEqual(['', 'a', 'a,b', 'a,b.new', 'b', 'b.new']);
  });
});

describe('a name that is given to another file', () => {
  test('never leads to the new one while the old one has none', () => {
    const seen = new Set<string>();
    for (let seed = 0; seed < 100; seed++) {
      const disk = torn();
      disk.rename('a', 'b');
      disk.create('a');
      const left = crashCopy(disk, { seed, writes: { keep: 'none' }, names: 'some' });
      seen.add([...contents(left)].map(([name, bytes]) => `${name} ${bytes.length}`).join());
    }
    expect([...seen].sort()).toEqual(['a 0,b 700', 'a 700', 'b 700']);
  });

  test('is there with its bytes when only its unlink is lost', () => {
    const seen = new Set<string>();
    for (let seed = 0; seed < 50; seed++) {
      const disk = createSimDisk(1);
      const made = disk.create('a');
      if (made.ok) made.value.append([Buffer.from('synced')]);
      if (made.ok) made.value.sync();
      disk.unlink('a');
      const left = crashCopy(disk, { seed, writes: { keep: 'none' }, names: 'some' });
      seen.add([...contents(left)].join());
    }
    expect([...seen].sort()).toEqual(['', 'a,synced']);
  });
});

describe('the plans of a point', () => {
  test('are all shapes, each under a seed of its own', () => {
    const plans = listCrashPlans(1300, { seed: 'x', subsets: 8 });
    const shapes = plans.map(({ writes, names }) => `${names} ${Object.values(writes).join(' ')}`);
    expect(shapes).toEqual([
      'none none',
      'all none',
      'all all',
      'none all',
      'all torn 0 zeros',
      'some torn 0 garbage',
      'none torn 0 stale',
      'all torn 512 cut',
      'some torn 1024 zeros',
      'none torn 403 garbage',
      'all torn 127 stale',
      'some sectors cut',
      'some writes zeros',
      'some sectors garbage',
      'some writes stale',
      'some sectors mixed',
      'some writes cut',
      'some sectors zeros',
      'some writes garbage',
    ]);
    expect(new Set(plans.map(({ seed }) => seed)).size).toBe(plans.length);
    expect(listCrashPlans(1300, { seed: 'x', subsets: 8 })).toEqual(plans);
    expect(listCrashPlans(0, { seed: 'x', subsets: 2 }).map(({ writes: { keep } }) => keep)).toEqual([
      'none',
      'none',
      'all',
      'all',
      'sectors',
      'writes',
    ]);
  });
});

type Step =
  | readonly ['create' | 'sync' | 'unlink', number]
  | readonly ['append' | 'truncate' | 'rename', number, number]
  | readonly ['syncFolder'];

const file = fc.nat({ max: 4 });
const stepArb: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(fc.constantFrom('create' as const, 'sync' as const, 'sync' as const, 'unlink' as const), file),
  fc.tuple(fc.constant('append' as const), file, fc.integer({ min: 1, max: 9000 })),
  fc.tuple(fc.constantFrom('truncate' as const, 'rename' as const), file, file),
  fc.tuple(fc.constant('syncFolder' as const)),
);
const planArb: fc.Arbitrary<CrashPlan> = fc.record({
  seed: fc.nat(),
  names: fc.constantFrom('none' as const, 'all' as const, 'some' as const),
  writes: fc.oneof(
    fc.record({ keep: fc.constantFrom('none' as const, 'all' as const) }),
    fc.record({
      keep: fc.constant('torn' as const),
      bytes: fc.nat({ max: 20_000 }),
      lost: fc.constantFrom(...LOST_BYTES),
    }),
    fc.record({
      keep: fc.constantFrom('sectors' as const, 'writes' as const),
      lost: fc.constantFrom(...LOST_BYTES),
    }),
  ),
});

/** A file as plain arrays: what was synced, what is there now, and the least size since the sync. */
interface PlainFile {
  synced: number[];
  now: number[];
  least: number;
  readonly handle: LogFile;
}

/** The obviously right disk: names and bytes that are sure, and those that are there. */
function play(disk: SimDisk, steps: readonly Step[]) {
  const now = new Map<string, PlainFile>();
  let sure = new Map<string, PlainFile>();
  /** Names that were touched since the folder was synced: nothing is sure of them. */
  const touched = new Set<string>();
  let fill = 0;
  const apply = (step: Step): void => {
    if (step[0] === 'syncFolder') {
      disk.syncFolder();
      sure = new Map(now);
      touched.clear();
      return;
    }
    const name = `f${step[1]}`;
    const plain = now.get(name);
    if (step[0] === 'create') {
      const made = disk.create(name);
      expect(made.ok).toBe(plain === undefined);
      if (!made.ok) return;
      now.set(name, { synced: [], now: [], least: 0, handle: made.value });
      touched.add(name);
    } else if (plain === undefined) return;
    else if (step[0] === 'append') {
      const bytes = bytesOf(step[2], fill++);
      plain.handle.append([bytes.subarray(0, 5), bytes.subarray(5)]);
      plain.now.push(...bytes);
    } else if (step[0] === 'sync') {
      plain.handle.sync();
      plain.synced = plain.now.slice();
      plain.least = plain.now.length;
    } else if (step[0] === 'truncate') {
      plain.now.length = Math.floor((plain.now.length * step[2]) / 4);
      plain.handle.truncate(plain.now.length);
      plain.least = Math.min(plain.least, plain.now.length);
    } else {
      now.delete(name);
      touched.add(name);
      if (step[0] === 'unlink') disk.unlink(name);
      else {
        disk.rename(name, `f${step[2]}`);
        now.set(`f${step[2]}`, plain);
        touched.add(`f${step[2]}`);
      }
    }
  };
  for (const step of steps) apply(step);
  return { now, sure, touched };
}

function contents(disk: SimDisk): ReadonlyMap<string, string> {
  const listed = disk.list();
  const names = listed.ok ? [...listed.value].sort() : [];
  return new Map(names.map((name) => [name, Buffer.from(fileBytes(disk, name)!).toString('latin1')]));
}

function plainContents(files: ReadonlyMap<string, PlainFile>, of: 'synced' | 'now'): Map<string, string> {
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(sorted.map(([name, plain]) => [name, Buffer.from(plain[of]).toString('latin1')]));
}

test.each(seeds(20_261_121))('what was synced is kept under every plan (seed %i)', (seed) => {
  checkProperty(
    seed,
    fc.property(fc.array(stepArb, { maxLength: 40 }), fc.array(planArb, { maxLength: 8 }), (steps, plans) => {
      const disk = createSimDisk('property');
      const { now, sure, touched } = play(disk, steps);
      expect(contents(disk)).toEqual(plainContents(now, 'now'));
      const crashed = (plan: CrashPlan): SimDisk => crashCopy(disk, plan);
      const none = crashed({ seed, writes: { keep: 'none' }, names: 'none' });
      expect(contents(none)).toEqual(plainContents(sure, 'synced'));
      const all = crashed({ seed, writes: { keep: 'all' }, names: 'all' });
      expect(contents(all)).toEqual(contents(disk));
      for (const plan of plans) {
        const left = crashed(plan);
        const found = contents(left);
        for (const [name, plain] of sure) {
          if (touched.has(name)) continue;
          const kept = Buffer.from(plain.synced.slice(0, plain.least)).toString('latin1');
          expect(found.get(name)?.startsWith(kept)).toBe(true);
        }
        for (const name of found.keys()) {
          if (!now.has(name) && !sure.has(name)) expect(touched.has(name)).toBe(true);
        }
        // What is left is durable, all of it, and the same again under the same plan.
        expect(unsyncedBytes(left)).toBe(0);
        expect(contents(crashCopy(left, { seed: 0, writes: { keep: 'none' }, names: 'none' }))).toEqual(
          found,
        );
        expect(contents(crashed(plan))).toEqual(found);
      }
      expect(contents(disk)).toEqual(plainContents(now, 'now'));
    }),
    200,
  );
});
