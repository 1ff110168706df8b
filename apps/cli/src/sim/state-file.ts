/** The state of a stopped run as a file: the simulation, and what its run was. */
import type { JsonObject } from '@truetape/contracts';
import { PRESET_NAMES, parseConfig, saveSim } from '@truetape/orderflow';
import type { Sim, SimConfig } from '@truetape/orderflow';
import { z } from 'zod';
import { EXIT } from '../failure.ts';
import type { CliFailure } from '../failure.ts';
import { nameOf, problemsFailure, readText } from './config-source.ts';
import type { ConfigOrigin } from './config-source.ts';

/** What the file is called; another form gets another name. */
const FORMAT = 'truetape/sim-run/1';

/** Where a run was to end; null where it had no such end, or did not come to it. */
export interface ReachedTarget {
  readonly events: number | null;
  readonly untilNs: number | null;
}

/** What is known of a run beside its simulation. */
export interface RunRecord {
  readonly origin: ConfigOrigin;
  readonly reached: ReachedTarget;
  /** The tape that was written, or would have been. */
  readonly tape: { readonly count: number; readonly hash: string };
}

export interface SavedRun extends RunRecord {
  readonly config: SimConfig;
  readonly seed: string;
  /** Where the simulation stands. */
  readonly clock: { readonly nextSeq: number; readonly timeNs: number };
  /** For `restoreSim`, unchecked. */
  readonly sim: JsonObject;
}

const count = z.int().min(0);
const shape = z.strictObject({
  format: z.literal(FORMAT),
  origin: z.strictObject({
    preset: z.enum(PRESET_NAMES).nullable(),
    config: z.string().nullable(),
    symbols: z.array(z.string()).nullable(),
    set: z.array(z.string()),
  }),
  reached: z.strictObject({ events: count.nullable(), untilNs: count.nullable() }),
  tape: z.strictObject({ count, hash: z.string().regex(/^[0-9a-f]{64}$/) }),
  sim: z.looseObject({
    seed: z.string(),
    config: z.unknown(),
    clock: z.looseObject({ nextSeq: count, timeNs: count }),
  }),
});

/** The file's text: the same state gives the same bytes. */
export function formatState(sim: Sim, run: RunRecord): string {
  const { origin, reached, tape } = run;
  const { count: events, hash } = tape;
  const written = { count: events, hash };
  return `${JSON.stringify({ format: FORMAT, origin, reached, tape: written, sim: saveSim(sim) })}\n`;
}

/** What ends a command that was given no state. */
export function badState(
  path: string,
  problems: readonly { readonly path: string; readonly problem: string }[],
): CliFailure {
  const next = 'sim run --state writes one';
  return problemsFailure(`${nameOf(path)} is not the state of a simulation`, problems, {
    exitCode: EXIT.corrupt,
    next,
  });
}

/** Reads a file. Throws `InputError`, or a failure with every problem. */
export async function readState(path: string): Promise<SavedRun> {
  const text = await readText(path);
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw badState(path, [{ path: '', problem: 'expected JSON' }]);
  }
  const parsed = shape.safeParse(content);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path: at, message }) => ({
      path: at.join('.'),
      problem: message,
    }));
    throw badState(path, problems);
  }
  const { origin, reached, tape, sim } = parsed.data;
  const config = parseConfig(sim.config);
  if (!config.ok)
    throw badState(
      path,
      config.error.map(({ path: at, problem }) => ({ path: `sim.config.${at}`, problem })),
    );
  const { seed, clock } = sim;
  return { origin, reached, tape, config: config.value, seed, clock, sim: sim as unknown as JsonObject };
}
