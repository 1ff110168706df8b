/** The schema of configurations: strict, every problem with its path, defaults filled in. */
import { err, ok } from '@truetape/contracts';
import type { JsonObject, Result } from '@truetape/contracts';
import { ROUNDINGS } from '@truetape/kernel';
import { KILL_LEVELS, riskJsonSchema } from '@truetape/risk';
import { LATENCY_NS_MAX } from '@truetape/venue';
import { z } from 'zod';
import { MODES } from './config.ts';
import type { BacktestConfig } from './config.ts';

const DAY_NS = 86_400_000_000_000;
/** Strategies of one run. */
const STRATEGIES_MAX = 32;
const LOTS_MAX = Number.MAX_SAFE_INTEGER;

/** Times of a configuration have one origin, the first event of the tape that is no Define. */
const sinceFirst = z.int().min(0);
const delayNs = z.int().min(0).max(LATENCY_NS_MAX);
const lots = z.int().min(1).max(LOTS_MAX);
const asset = z.string().regex(/^[A-Za-z0-9._-]{1,32}$/, 'the code of an asset');
const DECIMAL = 'a decimal as text is expected, such as "0.5"';
const fromZero = z
  .string(DECIMAL)
  .regex(/^(0|[1-9][0-9]{0,29})(\.[0-9]{1,30})?$/, 'a decimal from 0, as text');
const signed = z.string(DECIMAL).regex(/^-?(0|[1-9][0-9]{0,5})(\.[0-9]{1,8})?$/, 'a decimal, as text');
const rounding = z.enum(ROUNDINGS);
const json = z.custom<JsonObject>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'an object is expected',
);

const latency = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('fixed'), ns: delayNs }),
  z
    .strictObject({ kind: z.literal('uniform'), minNs: delayNs, maxNs: delayNs })
    .refine(
      ({ minNs, maxNs }) => minNs <= maxNs && maxNs - minNs < 4_294_967_296,
      'minNs ≤ maxNs, less than 4.29 s apart',
    ),
  z.strictObject({
    kind: z.literal('logNormal'),
    medianNs: delayNs,
    sigmaPermille: z.int().min(0).max(2000),
  }),
  z.strictObject({ kind: z.literal('empirical'), valuesNs: z.array(delayNs).min(1).max(100_000) }),
]);

const fees = z.strictObject({
  tiers: z
    .array(z.strictObject({ fromTraded: fromZero.default('0'), makerBps: signed, takerBps: signed }))
    .min(1)
    .max(100),
  minimum: fromZero.default('0'),
  rounding: rounding.default('ceiling'),
});

const slippage = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('book') }),
  z.strictObject({ kind: z.literal('bps'), milliBps: z.int().min(0).max(10_000_000) }),
  z.strictObject({
    kind: z.literal('volatility'),
    permille: z.int().min(0).max(1_000_000),
    shift: z.int().min(1).max(20).default(6),
  }),
]);

const instrument = z.strictObject({
  class: z.enum(['spot', 'linear', 'inverse']).exactOptional(),
  contractSize: fromZero.exactOptional(),
  fees: fees.exactOptional(),
  slippage: slippage.exactOptional(),
  roundPer: z.enum(['fill', 'contract']).exactOptional(),
  rounding: rounding.exactOptional(),
  leverage: z.int().min(1).max(1000).exactOptional(),
  marginTiers: z
    .array(
      z.strictObject({
        floor: fromZero,
        maintenancePercent: fromZero,
        leverageMax: z.int().min(1).max(1000).exactOptional(),
      }),
    )
    .max(100)
    .exactOptional(),
  minQtyLots: lots.exactOptional(),
  maxQtyLots: lots.exactOptional(),
  qtyMultipleLots: lots.exactOptional(),
  priceMultipleTicks: lots.exactOptional(),
});

const ms = (count: number): number => count * 1_000_000;

const shape = z.strictObject({
  mode: z.enum(MODES).default('auto'),
  deposits: z.record(asset, fromZero).default({}),
  assets: z.record(asset, z.int().min(0).max(18)).default({}),
  equityAsset: asset.exactOptional(),
  equityOn: z.enum(['last', 'mark']).default('last'),
  instrument: instrument.default({}),
  instruments: z.record(z.string().min(1), instrument).default({}),
  latency: z
    .strictObject({
      feed: latency.default({ kind: 'fixed', ns: ms(1) }),
      order: latency.default({ kind: 'fixed', ns: ms(2) }),
      cancel: latency.default({ kind: 'fixed', ns: ms(2) }),
      response: latency.default({ kind: 'fixed', ns: ms(2) }),
    })
    .prefault({}),
  queue: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('riskAverse') }),
      z.strictObject({
        kind: z.literal('probPower'),
        n: z.union([z.literal(1), z.literal(2), z.literal(3)]).default(2),
      }),
      z.strictObject({ kind: z.literal('probLog') }),
    ])
    .default({ kind: 'riskAverse' }),
  outages: z
    .array(
      z.strictObject({
        fromNs: sinceFirst.describe('Begins: ns from the first event of the tape'),
        toNs: sinceFirst.describe('Up again: ns from the first event of the tape'),
        cancelAll: z.boolean().exactOptional(),
      }),
    )
    .max(10_000)
    .default([])
    .refine(
      (all) => all.every(({ fromNs, toNs }, k) => fromNs < toNs && (k === 0 || all[k - 1].toNs <= fromNs)),
      'times that rise, apart from each other',
    ),
  funding: z.strictObject({ everyNs: z.int().min(1_000_000).max(DAY_NS), rateE12: z.int() }).exactOptional(),
  risk: json.default({}),
  strategy: json.default({}),
  use: z
    .array(z.string().min(1).max(4096), 'a list is expected: use: [maker=market-maker, ./my.ts]')
    .min(1)
    .max(STRATEGIES_MAX)
    .exactOptional(),
  strategies: z
    .record(z.string().min(1), json, 'parameters by name: strategies: { maker: { qtyLots: 2 } }')
    .exactOptional(),
  script: z
    .array(
      z.strictObject({
        atNs: sinceFirst.describe('ns from the first event of the tape'),
        command: z.enum(['kill', 'resume', 'flatten']),
        level: z.enum(KILL_LEVELS).exactOptional(),
        rebase: z.boolean().exactOptional(),
      }),
    )
    .max(10_000)
    .default([])
    .refine((all) => all.every(({ atNs }, k) => k === 0 || all[k - 1].atNs <= atNs), 'times that rise'),
  sampleNs: z.int().min(1000).max(DAY_NS).default(ms(100)),
}) satisfies z.ZodType<BacktestConfig>;

/** What is wrong with a configuration, and where. */
export interface ConfigProblem {
  readonly path: string;
  readonly problem: string;
}

function problemsOf(issue: z.core.$ZodIssue): ConfigProblem[] {
  const { path, message } = issue;
  if (issue.code !== 'unrecognized_keys') return [{ path: path.join('.'), problem: message }];
  return issue.keys.map((key) => ({ path: [...path, key].join('.'), problem: 'there is no such setting' }));
}

/** Checks a configuration and fills in its defaults; every problem is told. */
export function parseConfig(value: unknown): Result<BacktestConfig, readonly ConfigProblem[]> {
  const parsed = shape.safeParse(value);
  return parsed.success ? ok(parsed.data) : err(parsed.error.issues.flatMap(problemsOf));
}

/** What a schema says, to stand inside another one. */
function inner(schema: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== '$schema' && key !== '$id'));
}

/** The shape of a configuration as JSON Schema; `strategy` is that of the strategy's parameters, where it is known. */
export function configJsonSchema(strategy?: JsonObject): JsonObject {
  const whole = z.toJSONSchema(shape, { io: 'input', unrepresentable: 'any' }) as JsonObject;
  const members = whole['properties'] as JsonObject;
  return {
    ...whole,
    properties: {
      ...members,
      risk: { default: {}, ...inner(riskJsonSchema()) },
      ...(strategy === undefined ? {} : { strategy: { default: {}, ...inner(strategy) } }),
    },
  };
}
