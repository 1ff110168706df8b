/** The sweeps of a seed: what they break, how much of it, and what they found. */
import { createStream } from '@truetape/kernel';
import type { TapePorts } from '@truetape/tape';
import { CORRUPT_LOGS, writeCorruptLog } from './corrupt-log.ts';
import { CHANGES, corruptCaseAt, corruptCases, createCorruptTally, tryCorrupt } from './corrupt-sweep.ts';
import { createCrashTally, endingsAt, tryCrash } from './crash-sweep.ts';
import { createFailTally, failCases, tryFail } from './fail-sweep.ts';
import type { Arena, Wrong } from './life.ts';
import { record } from './record.ts';
import { scriptOf } from './script.ts';
import { writeLongLog } from './long-log.ts';
import { REPAIR_CASES, createRepairTally, tryRepair } from './repair-sweep.ts';
import type { ChaosSubject } from './subject.ts';
import { createTwiceTally, tryTwice, twiceCases } from './twice-sweep.ts';

export const SWEEPS = ['crash', 'corrupt', 'fail', 'twice', 'repair'] as const;
export type Sweep = (typeof SWEEPS)[number];

export interface SweepOptions {
  readonly subject: ChaosSubject;
  readonly ports: TapePorts;
  readonly seed: string;
  /** About so many cases, evenly spread; Infinity for all. */
  readonly cases: number;
  /** The one case to try, as a failure names it. */
  readonly only?: string | undefined;
}

/** A case in which something was wrong. */
export interface ChaosFailure {
  readonly place: string;
  readonly wrong: string;
}

export interface SweepResult {
  readonly sweep: Sweep;
  readonly seed: string;
  /** Cases there are, and those that were tried. */
  readonly possible: number;
  readonly tried: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly failures: readonly ChaosFailure[];
}

/** A sweep stops at so many failures: they are mostly one. */
const FAILURES_MAX = 5;

/** A case: what it is called, and how it is tried. */
interface Case {
  readonly place: string;
  readonly attempt: () => Wrong;
}

interface Cases {
  readonly possible: number;
  readonly at: (index: number) => Case;
  readonly counts: () => Readonly<Record<string, number>>;
  /** Wrong before anything was broken. */
  readonly wrong: Wrong;
}

/** Where the run of a seed is different: segments of several sizes, with zeros reserved in every other. */
function arenaOf({ subject, ports, seed }: SweepOptions, segmentSizes: readonly number[]): Arena {
  const random = createStream(seed, 'arena');
  const segmentBytes = segmentSizes[random.nextInt(segmentSizes.length)];
  return { subject, ports, seed, segmentBytes, reserveBytes: random.nextInt(2) * 4096, isVolatile: false };
}

/** One run in so many is of a log that promises nothing. */
const VOLATILE_ONE_IN = 4;

const SUBSETS = 8;
const CRASH_SCRIPT = { puts: 910, snapshotEvery: 50, compactEvery: 4 };

function crashCasesOf(options: SweepOptions): Cases {
  const isVolatile = createStream(options.seed, 'durability').nextInt(VOLATILE_ONE_IN) === 0;
  const arena = { ...arenaOf(options, [49_152, 65_536, 98_304]), isVolatile };
  const recording = record(arena, scriptOf(options.seed, CRASH_SCRIPT));
  const { points, wrong, life } = recording;
  const places = points.flatMap((_, point) =>
    endingsAt(recording, point, { subsets: SUBSETS }).map((ending, k) => ({ point, ending, k })),
  );
  const tally = createCrashTally();
  return {
    possible: places.length,
    wrong,
    at: (index) => {
      const { point, ending, k } = places[index];
      const place = `${point}/${k}`;
      return { place, attempt: () => tryCrash(recording, point, ending, place, tally) };
    },
    counts: () => {
      const commands = life.run?.commands() ?? 0;
      return { commands, operations: points.length, ...tally, volatile: isVolatile ? 1 : 0 };
    },
  };
}

function corruptCasesOf(options: SweepOptions): Cases {
  const arena = arenaOf(options, [12_288]);
  const logs = CORRUPT_LOGS.map((name) => writeCorruptLog(arena, name));
  const tally = createCorruptTally();
  const sizes = logs.map(corruptCases);
  const possible = sizes.reduce((sum, size) => sum + size, 0);
  return {
    possible,
    wrong: undefined,
    at: (index) => {
      let left = index;
      const k = sizes.findIndex((size) => {
        if (left < size) return true;
        left -= size;
        return false;
      });
      const found = corruptCaseAt(logs[k], left);
      const place = `${logs[k].name}/${found.file}/${found.offsetBytes}/${found.change}`;
      return { place, attempt: () => tryCorrupt(arena, logs[k], found, tally) };
    },
    counts: () => ({ bytes: possible / CHANGES, ...tally }),
  };
}

const FAIL_SCRIPT = { puts: 80, snapshotEvery: 8, compactEvery: 2 };

function failCasesOf(options: SweepOptions): Cases {
  const arena = arenaOf(options, [6000, 9000]);
  const steps = scriptOf(options.seed, FAIL_SCRIPT);
  const { cases, wrong } = failCases(arena, steps);
  const tally = createFailTally();
  return {
    possible: cases.length,
    wrong,
    at: (index) => {
      const { op, n, code } = cases[index];
      return { place: `${op}/${n}/${code}`, attempt: () => tryFail(arena, steps, cases[index], tally) };
    },
    counts: () => ({ ...tally }),
  };
}

function twiceCasesOf(options: SweepOptions): Cases {
  const log = writeLongLog(arenaOf(options, [49_152, 65_536]));
  const { cases, wrong } = twiceCases(log);
  const tally = createTwiceTally();
  return {
    possible: cases.length,
    wrong,
    at: (index) => {
      const { op, n, code, draw } = cases[index];
      const place = `${op}/${n}/${code}/${draw}`;
      return { place, attempt: () => tryTwice(log, cases[index], place, tally) };
    },
    counts: () => ({ ...tally }),
  };
}

function repairCasesOf(options: SweepOptions): Cases {
  const log = writeLongLog(arenaOf(options, [49_152, 65_536]));
  const tally = createRepairTally();
  return {
    possible: REPAIR_CASES,
    wrong: undefined,
    at: (index) => ({ place: `${index}`, attempt: () => tryRepair(log, `${index}`, tally) }),
    counts: () => ({ ...tally }),
  };
}

function casesOf(sweep: Sweep, options: SweepOptions): Cases {
  switch (sweep) {
    case 'crash':
      return crashCasesOf(options);
    case 'corrupt':
      return corruptCasesOf(options);
    case 'fail':
      return failCasesOf(options);
    case 'twice':
      return twiceCasesOf(options);
    case 'repair':
      return repairCasesOf(options);
  }
}

/** Indexes to try, in order: all, or as many as are wanted, from a place by lot on. */
function indexesOf({ possible, at }: Cases, { seed, cases, only }: SweepOptions): readonly number[] {
  const all = Array.from({ length: possible }, (_, index) => index);
  if (only !== undefined) return all.filter((index) => at(index).place === only).slice(0, 1);
  if (cases >= possible) return all;
  const shift = createStream(seed, 'sample').next();
  return Array.from({ length: cases }, (_, k) => Math.floor(((k + shift) * possible) / cases));
}

/**
 * Runs a sweep of a seed. Yields after each case the share that is done, so that the caller decides when it
 * waits.
 */
export function* runSweep(sweep: Sweep, options: SweepOptions): Generator<number, SweepResult> {
  const cases = casesOf(sweep, options);
  const failures: ChaosFailure[] = [];
  if (cases.wrong !== undefined) failures.push({ place: 'none', wrong: cases.wrong });
  const indexes = cases.wrong === undefined ? indexesOf(cases, options) : [];
  let tried = 0;
  for (const index of indexes) {
    const { place, attempt } = cases.at(index);
    const wrong = attempt();
    tried += 1;
    if (wrong !== undefined) failures.push({ place, wrong });
    if (failures.length >= FAILURES_MAX) break;
    yield tried / indexes.length;
  }
  const { possible } = cases;
  return { sweep, seed: options.seed, possible, tried, counts: cases.counts(), failures };
}
