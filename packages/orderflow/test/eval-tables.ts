/** The tables of EVAL.md, from the facts of markets, simulated and real. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject, JsonValue } from '@truetape/contracts';
import { factsJson } from '@truetape/orderflow';
import { autocorrelations } from '../src/facts-statistics.ts';
import { returnsOf } from '../src/facts-json.ts';
import { rateOf } from './realism.ts';
import type { Market } from './realism.ts';

const ROOT = join(import.meta.dirname, '../../..');
export const PAGE: string = join(ROOT, 'EVAL.md');
const NO_VALUE = '–';

/** Facts of real captures as `truetape tape facts --json` gives them; a test of the command holds them. */
const realFacts = (name: string): JsonObject =>
  Object.values(
    JSON.parse(readFileSync(join(ROOT, 'fixtures', 'eval', `${name}.json`), 'utf8')) as JsonObject,
  )[0] as JsonObject;

/** A member by its path; an index of a list is one, too. */
function at(facts: JsonObject, path: string): number | undefined {
  let value: JsonValue | undefined = facts;
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as JsonObject)[key];
  }
  return value === null || value === undefined ? undefined : Number(value);
}

interface Row {
  readonly label: string;
  readonly of: (facts: JsonObject) => number | undefined;
  readonly places: number;
}

const row = (label: string, path: string, places: number, scale: number = 1): Row => ({
  label,
  places,
  of: (facts) => {
    const value = at(facts, path);
    return value === undefined ? undefined : value * scale;
  },
});

const overLots =
  (path: string, bottom: string): Row['of'] =>
  (facts) => {
    const [a, b] = [at(facts, path), at(facts, bottom)];
    return a === undefined || b === undefined ? undefined : a / b;
  };

const ROWS: readonly Row[] = [
  row('two-sided, % of time', 'twoSidedShare', 2, 100),
  row('spread, ticks, median', 'spreadTicks.p50', 0),
  row('spread, ticks, mean', 'spreadTicks.mean', 2),
  row('spread, ticks, p99', 'spreadTicks.p99', 0),
  { label: 'level 2 ÷ level 1, lots', places: 2, of: overLots('levelLots.1', 'levelLots.0') },
  { label: 'level 5 ÷ level 1, lots', places: 2, of: overLots('levelLots.4', 'levelLots.0') },
  { label: 'level 10 ÷ level 1, lots', places: 2, of: overLots('levelLots.9', 'levelLots.0') },
  row('σ of 1 s returns, bps', 'returns.sigmaBps', 2),
  row('excess kurtosis', 'returns.excessKurtosis', 2),
  row('returns beyond 3σ, %', 'returns.beyond3Sigma', 2, 100),
  row('tail index of returns', 'returns.hill', 2),
  row('variance ratio, 10 s', 'returns.varianceRatio', 2),
  row('returns, lag 1', 'autocorrelation.returns.0', 2),
  row('absolute returns, lag 1', 'autocorrelation.absoluteReturns.0', 2),
  row('absolute returns, lag 2', 'autocorrelation.absoluteReturns.1', 2),
  row('absolute returns, lag 5', 'autocorrelation.absoluteReturns.4', 2),
  row('volume, lag 1', 'autocorrelation.volumes.0', 2),
  row('volume with absolute returns', 'autocorrelation.volumeToAbsoluteReturn', 2),
  row('taking sides, lag 1', 'autocorrelation.takingSides.0', 2),
  row('taking sides, lag 10', 'autocorrelation.takingSides.9', 2),
  row('takings a second', 'takings.perSecond', 1),
  row('takings, dispersion', 'takings.dispersion', 1),
  row('waits, σ ÷ mean', 'takingWaits.variation', 2),
  row('waits, lag 1', 'takingWaits.lag1', 2),
  { label: 'trades a taking', places: 2, of: overLots('takings.trades', 'takings.count') },
  { label: 'taking ÷ size at the best, medians', places: 3, of: overLots('takings.p50', 'touchLots.p50') },
  row('tail index of takings', 'takings.hill', 2),
  row('takings ≥ 10 lots, % round', 'takings.roundShare', 0, 100),
  row('tail index of orders', 'orders.hill', 2),
  row('orders a second', 'orders.perSecond', 0),
  row('cancels an order', 'orders.cancelRatio', 2),
  row('orders a trade', 'orders.orderTradeRatio', 1),
  row('life of canceled, ms, median', 'orders.canceledLifeNs.p50', 1, 1e-6),
];

/** Values as one cell: where they differ, the least and the largest. */
function cell(values: readonly (number | undefined)[], places: number): string {
  const known = values.filter((value) => value !== undefined);
  if (known.length === 0) return NO_VALUE;
  const fixed = (value: number): string =>
    value
      .toFixed(places)
      .replace(/^-(0(?:\.0+)?)$/, '$1')
      .replace('-', '−');
  const [low, high] = [Math.min(...known), Math.max(...known)].map(fixed);
  return low === high ? low : `${low} … ${high}`;
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => [
  `| ${head.join(' | ')} |`,
  `|${head.map((_, k) => (k === 0 ? '---|' : '---:|')).join('')}`,
  ...rows.map((cells) => `| ${cells.join(' | ')} |`),
];

/** Facts beside each other: two real markets, and the range over the seeds of each preset. */
export function factsTable(presets: ReadonlyMap<string, readonly Market[]>): string[] {
  const columns: [string, JsonObject[]][] = [
    ['BTCUSDT perpetual', [realFacts('usdm')]],
    ['BTCUSDT spot', [realFacts('spot')]],
    ...[...presets].map(([name, markets]): [string, JsonObject[]] => [
      name,
      markets.map(({ facts }) => factsJson(facts)!),
    ]),
  ];
  return table(
    ['fact', ...columns.map(([name]) => name)],
    ROWS.map(({ label, of, places }) => [label, ...columns.map(([, all]) => cell(all.map(of), places))]),
  );
}

/** The cells of the real markets alone: what can be checked without a simulation. */
export const realCells = (): string[][] =>
  ROWS.map(({ label, of, places }) => [
    label,
    ...['usdm', 'spot'].map((name) => cell([of(realFacts(name))], places)),
  ]);

export interface SeedRuns {
  readonly seed: number;
  readonly mixed: Market;
  readonly unscripted: Market;
  readonly calm: Market;
  readonly burst: Market;
  readonly storm: Market;
  /** With intervals of 100 ms. */
  readonly crash: Market;
}

/** What has to hold, and by how much it does. */
export function requirementsTable(runs: readonly SeedRuns[]): string[] {
  const least = ({ types }: Market): number => Math.min(...[...types.values()].map(({ fills }) => fills));
  const lines: [string, string, (run: SeedRuns) => number, number][] = [
    ['mixed: two-sided, % of time', '≥ 99', ({ mixed }) => mixed.twoSidedShare * 100, 2],
    ['mixed: fills of the type of agent with the fewest', '> 0', ({ mixed }) => least(mixed), 0],
    ['mixed: excess kurtosis of 1 s returns', '> 1', ({ mixed }) => mixed.returns.excessKurtosis, 2],
    ['mixed: absolute returns, lag 1', '> 0.1', ({ mixed }) => mixed.absoluteLags[0], 3],
    ['orders: burst ÷ calm', '≥ 5', ({ burst, calm }) => rateOf(burst, 'orders') / rateOf(calm, 'orders'), 1],
    [
      'cancels: storm ÷ calm',
      '≥ 3',
      ({ storm, calm }) => rateOf(storm, 'cancels') / rateOf(calm, 'cancels'),
      1,
    ],
    [
      'mixed without its script: excess kurtosis',
      '',
      ({ unscripted }) => unscripted.returns.excessKurtosis,
      2,
    ],
    [
      'mixed without its script: absolute returns, lag 1',
      '',
      ({ unscripted }) => unscripted.absoluteLags[0],
      3,
    ],
    ['calm: excess kurtosis', '', ({ calm }) => calm.returns.excessKurtosis, 2],
    ['calm: absolute returns, lag 1', '', ({ calm }) => calm.absoluteLags[0], 3],
  ];
  return table(
    ['', 'wanted', ...runs.map(({ seed }) => `seed ${seed}`)],
    lines.map(([label, wanted, of, places]) => [
      label,
      wanted,
      ...runs.map((run) => cell([of(run)], places)),
    ]),
  );
}

/** The fall and the way back, at 100 ms. */
export interface Crash {
  /** Share of the price of 9.5 s that is lost at the lowest. */
  readonly fall: number;
  readonly lowSecond: number;
  /** When half of the fall has been made good. */
  readonly halfBackSecond: number;
}

export function crashOf({ facts }: Market): Crash {
  const { middles } = facts;
  const before = middles[95];
  const low = Math.min(...middles);
  const lowAt = middles.indexOf(low);
  const halfAt = middles.findIndex((middle, k) => k > lowAt && middle >= (before + low) / 2);
  return { fall: 1 - low / before, lowSecond: (lowAt + 1) / 10, halfBackSecond: (halfAt + 1) / 10 };
}

export function crashTable(runs: readonly SeedRuns[]): string[] {
  const crashes = runs.map(({ crash }) => crashOf(crash));
  const spreads = runs.map(({ crash }) => crash.facts.spreadTicks.stats[2]);
  const end = runs.map(({ crash: { facts, sim } }) => {
    const value = (sim.symbols[0].valueMilliticks * 2) / 1000;
    return (facts.middles[facts.middles.length - 1] / value - 1) * 10_000;
  });
  return table(
    ['flash-crash', ...runs.map(({ seed }) => `seed ${seed}`)],
    [
      ['fall, %', ...crashes.map(({ fall }) => cell([fall * 100], 2))],
      ['lowest at, s', ...crashes.map(({ lowSecond }) => cell([lowSecond], 1))],
      ['half of it made good at, s', ...crashes.map(({ halfBackSecond }) => cell([halfBackSecond], 1))],
      ['widest spread, ticks', ...spreads.map((ticks) => cell([ticks], 0))],
      ['price over hidden value at 60 s, bps', ...end.map((bps) => cell([bps], 1))],
    ],
  );
}

/** Who places orders in a storm. */
export function stuffingTable(runs: readonly SeedRuns[]): string[] {
  const of = (run: SeedRuns): [number, number, number] => {
    const { types, sim } = run.storm;
    const { orders, cancels, fills } = types.get('cancelBot')!;
    const all = sim.metrics.regimes.reduce((sum, counts) => sum + counts.orders, 0);
    return [(orders / all) * 100, (cancels / orders) * 100, (fills / orders) * 100];
  };
  const shares = runs.map(of);
  const labels = ['orders of the cancelBot, % of all', 'of them canceled, %', 'fills, % of its orders'];
  return table(
    ['cancel-storm', ...runs.map(({ seed }) => `seed ${seed}`)],
    labels.map((label, k) => [label, ...shares.map((share) => cell([share[k]], 1))]),
  );
}

/** Autocorrelations of |returns| at lags 1 … 10, as they fade. */
export function fadingTable(runs: readonly SeedRuns[]): string[] {
  const of = (facts: JsonObject, key: string): string[] =>
    Array.from({ length: 10 }, (_, k) => cell([at(facts, `autocorrelation.${key}.${k}`)], 2));
  const mean = (lists: readonly (readonly number[])[]): string[] =>
    lists[0].map((_, k) => cell([lists.reduce((sum, list) => sum + list[k], 0) / lists.length], 2));
  const lagsOf = ({ facts }: Market): number[] =>
    autocorrelations(
      returnsOf(facts.middles).map((value) => Math.abs(value)),
      10,
    );
  const sidesOf = ({ facts }: Market): number[] =>
    (factsJson(facts)!['autocorrelation'] as { takingSides: string[] }).takingSides.map(Number);
  return table(
    ['lag', ...Array.from({ length: 10 }, (_, k) => String(k + 1))],
    [
      ['absolute returns, perpetual', ...of(realFacts('usdm'), 'absoluteReturns')],
      ['absolute returns, spot', ...of(realFacts('spot'), 'absoluteReturns')],
      ['absolute returns, mixed, mean of the seeds', ...mean(runs.map(({ mixed }) => lagsOf(mixed)))],
      ['taking sides, perpetual', ...of(realFacts('usdm'), 'takingSides')],
      ['taking sides, spot', ...of(realFacts('spot'), 'takingSides')],
      ['taking sides, mixed, mean of the seeds', ...mean(runs.map(({ mixed }) => sidesOf(mixed)))],
    ],
  );
}

/** The blocks of EVAL.md by name. */
export function evalBlocks(runs: readonly SeedRuns[]): ReadonlyMap<string, readonly string[]> {
  const of = (key: 'mixed' | 'calm' | 'burst' | 'storm'): Market[] => runs.map((run) => run[key]);
  const presets = new Map([
    ['mixed', of('mixed')],
    ['calm', of('calm')],
    ['burst', of('burst')],
    ['cancel-storm', of('storm')],
  ]);
  return new Map([
    ['requirements', requirementsTable(runs)],
    ['facts', factsTable(presets)],
    ['fading', fadingTable(runs)],
    ['crash', crashTable(runs)],
    ['stuffing', stuffingTable(runs)],
  ]);
}

/** What stands between the marks of a block, line by line. */
export function blockOf(page: string, name: string): string[] {
  const [, inside = ''] =
    new RegExp(`<!-- eval: ${name} -->\\n\\n([\\s\\S]*?)\\n\\n<!-- /eval -->`).exec(page) ?? [];
  return inside.split('\n');
}

/** The page with another block. */
export function withBlock(page: string, name: string, lines: readonly string[]): string {
  const marks = new RegExp(`(<!-- eval: ${name} -->\\n)[\\s\\S]*?(<!-- /eval -->)`);
  return page.replace(marks, (_, open: string, close: string) => `${open}\n${lines.join('\n')}\n\n${close}`);
}
