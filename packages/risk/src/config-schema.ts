/** The schema of configurations: strict, every problem with its path, and exported as JSON Schema. */
import { err, ok } from '@truetape/contracts';
import type { JsonObject, Result } from '@truetape/contracts';
import { z } from 'zod';
import { COLLAR_REFERENCES, KILL_LEVELS } from './config.ts';
import type { OrderRate, RiskConfig, RiskProblem } from './config.ts';

const DAY_NS = 86_400_000_000_000;
const LOTS_MAX = Number.MAX_SAFE_INTEGER;

const spanNs = z.int().min(0).max(DAY_NS);
const lots = z.int().min(0).max(LOTS_MAX);
const count = z.int().min(0).max(1_000_000_000);
const bps = z.int().min(0).max(10_000_000);
const money = z
  .string('a decimal as text is expected, such as "0.5"')
  .regex(/^(0|[1-9][0-9]{0,37})(\.[0-9]{1,38})?$/, 'a decimal from 0, as text');
const level = z.enum(KILL_LEVELS);

const orderRate = z
  .strictObject({
    orders: z.int().min(1).max(1_000_000_000),
    perNs: z.int().min(1).max(DAY_NS),
    burst: z.int().min(1).max(1_000_000_000).exactOptional(),
  })
  .refine(bucketFits, 'burst × perNs is beyond 2^53 − 1: the same rate over a shorter time fits');

const instrument = z.strictObject({
  maxOrderLots: lots.exactOptional(),
  maxNotional: money.exactOptional(),
  priceCollar: z.strictObject({ bps, against: z.enum(COLLAR_REFERENCES) }).exactOptional(),
  maxPositionLots: lots.exactOptional(),
  maxOpenOrders: count.exactOptional(),
});

const shape = z.strictObject({
  limits: instrument.exactOptional(),
  instruments: z.record(z.string().min(1), instrument).exactOptional(),
  account: z
    .strictObject({
      maxLeverageBps: bps.exactOptional(),
      orderRate: orderRate.exactOptional(),
      maxDataAgeNs: spanNs.exactOptional(),
    })
    .exactOptional(),
  strategies: z
    .record(
      z.string().min(1),
      z.strictObject({
        maxPositionLots: lots.exactOptional(),
        maxOpenOrders: count.exactOptional(),
        maxLoss: money.exactOptional(),
        orderRate: orderRate.exactOptional(),
      }),
    )
    .exactOptional(),
  kill: z
    .strictObject({
      loss: z.strictObject({ amount: money, level }).exactOptional(),
      drawdown: z.strictObject({ amount: money, level }).exactOptional(),
      dailyLoss: z
        .strictObject({
          amount: money,
          level,
          dayStartNs: z
            .int()
            .min(0)
            .max(DAY_NS - 1)
            .exactOptional(),
        })
        .exactOptional(),
      rejectSpike: z
        .strictObject({
          rejects: z.int().min(0).max(100_000),
          withinNs: z.int().min(1).max(DAY_NS),
          level,
        })
        .exactOptional(),
      staleData: z.strictObject({ afterNs: spanNs, level }).exactOptional(),
      uncertainData: z.strictObject({ afterNs: spanNs, level }).exactOptional(),
    })
    .exactOptional(),
  rememberedIds: z.int().min(1).max(1_048_576).exactOptional(),
}) satisfies z.ZodType<RiskConfig>;

function greatestDivisor(a: number, b: number): number {
  let [high, low] = [a, b];
  while (low !== 0) [high, low] = [low, high % low];
  return high;
}

/** A bucket in the lowest terms of its rate. */
interface BucketTerms {
  /** Units that a ns brings, and that an order takes. */
  readonly perTick: number;
  readonly perOrder: number;
  /** Units of its burst, and all that it has room for: no whole order more. */
  readonly level: number;
  readonly capacity: number;
}

export function lowestTerms(rate: OrderRate): BucketTerms {
  const divisor = greatestDivisor(rate.orders, rate.perNs);
  const [perTick, perOrder] = [rate.orders / divisor, rate.perNs / divisor];
  const level = (rate.burst ?? rate.orders) * perOrder;
  return { perTick, perOrder, level, capacity: level + Math.min(perTick, perOrder) - 1 };
}

function bucketFits(rate: OrderRate): boolean {
  return Number.isSafeInteger(lowestTerms(rate).capacity);
}

type Issue = z.core.$ZodIssue;

function problemsOf(issue: Issue): RiskProblem[] {
  const { path, message } = issue;
  if (issue.code !== 'unrecognized_keys') return [{ path: path.join('.'), problem: message }];
  return issue.keys.map((key) => ({ path: [...path, key].join('.'), problem: 'there is no such setting' }));
}

const DEPTH_MAX = 4;

/** A member of this name is left out by the check of shapes: a limit that looks set and is not. */
function hiddenProblems(value: unknown, path: readonly string[] = []): RiskProblem[] {
  if (typeof value !== 'object' || value === null || path.length > DEPTH_MAX) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const place = [...path, key];
    if (key === '__proto__') return [{ path: place.join('.'), problem: 'there is no such setting' }];
    return hiddenProblems(inner, place);
  });
}

/** Checks a configuration; every problem is told. */
export function parseRiskConfig(value: unknown): Result<RiskConfig, readonly RiskProblem[]> {
  const parsed = shape.safeParse(value);
  const problems = parsed.success ? [] : parsed.error.issues.flatMap(problemsOf);
  const told = new Set(problems.map(({ path }) => path));
  problems.push(...hiddenProblems(value).filter(({ path }) => !told.has(path)));
  return parsed.success && problems.length === 0 ? ok(parsed.data) : err(problems);
}

/** The shape of a configuration as JSON Schema. */
export function riskJsonSchema(): JsonObject {
  return z.toJSONSchema(shape) as JsonObject;
}
