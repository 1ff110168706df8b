/** The schema of configurations: strict, every problem with its path, and exported as JSON Schema. */
import { err, ok } from '@truetape/contracts';
import type { JsonObject, Result } from '@truetape/contracts';
import { z } from 'zod';
import { AGENTS_MAX, AGENT_TYPES, FAULT_HANDLINGS, MEASURES, QUEUE_POLICIES } from './config.ts';
import { relationProblems } from './config-relations.ts';
import type { ConfigProblem } from './config-relations.ts';
import type { SimConfig } from './config.ts';

/** A day. */
const SPAN_MAX = 86_400_000_000_000;
const LOTS_MAX = 1_000_000_000;
const spanNs = z.int().min(0).max(SPAN_MAX);
const intervalNs = z.int().min(100).max(SPAN_MAX);
const lots = z.int().min(1).max(1_000_000);
const ticks = z.int().min(0).max(1_000_000);
const permille = z.int().min(0).max(1000);
const rate = z.int().min(0).max(1_000_000);
const ppm = z.int().min(0).max(1_000_000);
const name = z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,31}$/);
const symbol = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/);
const step = z.string().regex(/^(0|[1-9][0-9]{0,8})(\.[0-9]{0,11}[1-9])?$/);

const group = {
  count: z.int().min(1).max(AGENTS_MAX),
  intervalNs,
  qtyLots: lots,
  maxInventoryLots: z.int().min(0).max(LOTS_MAX),
};

const agent = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('noise'),
    ...group,
    marketPermille: permille,
    cancelPermille: permille,
    depthTicks: ticks,
    openMax: z.int().min(1).max(64),
  }),
  z.strictObject({
    type: z.literal('maker'),
    ...group,
    halfSpreadTicks: z.int().min(1).max(1_000_000),
    levels: z.int().min(1).max(16),
    skewTicks: ticks,
  }),
  z.strictObject({ type: z.literal('momentum'), ...group, thresholdTicks: ticks }),
  z.strictObject({ type: z.literal('value'), ...group, thresholdTicks: ticks }),
  z.strictObject({
    type: z.literal('cancelBot'),
    ...group,
    orders: z.int().min(1).max(64),
    depthTicks: ticks,
  }),
  z.strictObject({
    type: z.literal('runaway'),
    ...group,
    side: z.enum(['buy', 'sell']),
    startNs: spanNs,
    endNs: spanNs,
  }),
]);

const limit = z.int().min(0).max(1_000_000_000);
const delay = z.strictObject({ delayNs: spanNs, jitterNs: spanNs });

const shape = z.strictObject({
  tickNs: spanNs,
  symbols: z.record(
    symbol,
    z.strictObject({
      priceStep: step,
      qtyStep: step,
      startTicks: z.int().min(1000).max(1_000_000_000),
      valueIntervalNs: intervalNs,
      valueStepMilliticks: z.int().min(0).max(1_000_000),
      reversionPpm: ppm,
    }),
  ),
  agents: z.record(name, agent),
  delays: z.strictObject({ new: delay, cancel: delay, amend: delay, report: delay, market: delay }),
  queue: z.strictObject({
    capacity: z.int().min(1).max(1_048_576),
    policy: z.enum(QUEUE_POLICIES),
    serviceNs: spanNs,
  }),
  faults: z.strictObject({
    duplicatePpm: ppm,
    dropPpm: ppm,
    reorderPpm: ppm,
    handling: z.enum(FAULT_HANDLINGS),
    windowNs: spanNs,
  }),
  regimes: z.record(
    name,
    z.strictObject({ rates: z.partialRecord(z.enum(AGENT_TYPES), rate), valueRate: rate }),
  ),
  startRegime: name,
  script: z.array(z.strictObject({ atNs: spanNs, regime: name })).max(1000),
  scriptRepeatNs: spanNs,
  thresholds: z
    .array(
      z.strictObject({
        measure: z.enum(MEASURES),
        above: limit.exactOptional(),
        below: limit.exactOptional(),
        regime: name,
        holdNs: spanNs,
      }),
    )
    .max(100),
  burst: z.strictObject({
    intervalNs: spanNs,
    peakPermille: z.int().min(1000).max(1_000_000),
    halfLifeNs: z.int().min(1000).max(SPAN_MAX),
  }),
  checkOrders: z.boolean(),
}) satisfies z.ZodType<SimConfig>;

export type { ConfigProblem } from './config-relations.ts';

type Issue = z.core.$ZodIssue;

/** What an issue says, at the path of the name that is wrong. */
function problemsOf(issue: Issue): ConfigProblem[] {
  const { path, message } = issue;
  if (issue.code !== 'unrecognized_keys') return [{ path: path.join('.'), problem: message }];
  return issue.keys.map((key) => ({ path: [...path, key].join('.'), problem: 'there is no such setting' }));
}

/** Objects of a configuration are nested no deeper. */
const DEPTH_MAX = 4;

/** Members that the check of shapes leaves out, as if they were not there. */
function hiddenProblems(value: unknown, path: readonly string[] = []): ConfigProblem[] {
  if (typeof value !== 'object' || value === null || path.length > DEPTH_MAX) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const place = [...path, key];
    if (key === '__proto__') return [{ path: place.join('.'), problem: 'there is no such setting' }];
    return hiddenProblems(inner, place);
  });
}

/** Checks a configuration; every problem is told. */
export function parseConfig(value: unknown): Result<SimConfig, readonly ConfigProblem[]> {
  const parsed = shape.safeParse(value);
  const issues: readonly Issue[] = parsed.success ? [] : parsed.error.issues;
  // A name too many spoils nothing else.
  const breaking = issues.filter(({ code }) => code !== 'unrecognized_keys');
  const problems = issues.flatMap(problemsOf);
  const told = new Set(problems.map(({ path }) => path));
  problems.push(...hiddenProblems(value).filter(({ path }) => !told.has(path)));
  // Without its members there is nothing to hold against each other.
  if (breaking.every(({ path }) => path.length > 0)) {
    const broken = new Set(breaking.map(({ path }) => path[0]));
    problems.push(...relationProblems(value as SimConfig, broken));
  }
  return parsed.success && problems.length === 0 ? ok(parsed.data) : err(problems);
}

/** The shape of a configuration as JSON Schema. */
export function configJsonSchema(): JsonObject {
  return z.toJSONSchema(shape) as JsonObject;
}
