// The page of a backtest as a text: what stands in it, that nothing in it breaks out, and that it stays small. What a
// browser makes of it is looked at by backtest-page.proof.ts.
import { createBacktest, parseConfig, reportOf } from '@truetape/backtest';
import type { Backtest } from '@truetape/backtest';
import { expect, test } from 'vitest';
import { tablesBeside } from '../src/backtest/perform.ts';
import { areaPath, bandPath, linePath, timelineOf } from '../src/backtest/page/lines.ts';
import { HEIGHT, scaleOf, timeTicks } from '../src/backtest/page/scale.ts';
import { reportText } from '../src/backtest/report-text.ts';
import { escapeHtml } from '../src/sim/page-html.ts';
import { BUSY, marketOf, pageOf, pageOfRun, renamed } from './backtest-pages.ts';
import { run } from './backtest/runs.ts';
import type { OwnStrategy } from './backtest/runs.ts';

const EVIL = `</script><script>alert(1)</script><!-- "' & \u2028 <img src=x onerror=alert(1)>`;
const tape = marketOf(4000);
const whole = run(tape, BUSY).backtest;
const page = pageOf(whole);

/** Elements of a page, by name. */
const elements = (html: string): Map<string, number> => {
  const found = new Map<string, number>();
  for (const [, name] of html.matchAll(/<(\/?[a-z][a-z0-9]*)/g)) found.set(name, (found.get(name) ?? 0) + 1);
  return found;
};

// Fails when a name of a strategy, a tape or an instrument, or a value of the configuration is not escaped somewhere.
test('no text breaks out of its place', () => {
  const named = renamed(whole, EVIL);
  const config = { ...(named.report['config'] as object), strategy: { [EVIL]: EVIL } };
  const orders = named.report['orders'] as { readonly denied: object };
  expect(Object.keys(orders.denied)).toHaveLength(1);
  const report = { ...named.report, config, orders: { ...orders, denied: { [EVIL]: 3 } } };
  const evil = pageOf(named.backtest, { report, strategy: EVIL, tape: EVIL, tapeHash: EVIL, hash: EVIL });
  expect(evil).not.toMatch(/<script|<img|<!--/);
  expect([...elements(evil)].sort()).toEqual([...elements(page)].sort());
  expect(evil).toContain('<h1>Backtest of &lt;/script&gt;&lt;script&gt;alert(1)');
});

test('a page loads nothing and runs nothing, and says so to the browser', () => {
  const [, policy] = /Content-Security-Policy" content="([^"]+)"/.exec(page)!;
  expect(policy.split('; ')).toEqual(["default-src 'none'", "style-src 'unsafe-inline'", 'img-src data:']);
  expect(page).not.toMatch(/<script|javascript:|\son\w+=/);
  expect(page).not.toMatch(/(src|href)="(?!data:|#)/);
  expect(page).not.toMatch(/@import|url\(/);
});

test('says all of the report, of what went in, and which limits are in force', () => {
  const report = reportOf(whole);
  const words = { strategy: 'busy', tape: 'market.rpl', hash: 'ab'.repeat(32) };
  expect(page).toContain(escapeHtml(reportText(report, words)));
  for (const text of [
    '5eed'.repeat(16),
    whole.stateHash!,
    '<th scope="row">position</th><td>every instrument</td><td class="value">4</td><td>positionLimit</td>',
    '<th scope="row">orderRate</th>',
    'perNs 100000000',
    'agents of the tape do not react to own orders',
    '&quot;sampleNs&quot;: 5000000',
  ])
    expect(page).toContain(text);
});

// Fails when a heading is skipped, or a chart has no words.
test('is a page for who hears it: one title, headings in order, words for each chart', () => {
  expect(page).toMatch(/<html lang="en">[^]*<title>busy, seed 1 · backtest<\/title>/);
  const levels = [...page.matchAll(/<h([1-6])/g)].map(([, level]) => Number(level));
  expect(levels.filter((level) => level === 1)).toHaveLength(1);
  levels.forEach((level, k) => expect(level - (levels[k - 1] ?? 0)).toBeLessThanOrEqual(1));
  const figures = page.match(/<figure id="chart-/g)!;
  expect(page.match(/<svg class="area" role="img" aria-label="[^"]{20,}"/g)).toHaveLength(figures.length);
  const sections = page.match(/<section aria-labelledby="/g)!;
  expect(page.match(/<h2 id="/g)).toHaveLength(sections.length);
  const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const [, id] of page.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(id);
});

test('tells buys from sells and makers from takers by their shapes', () => {
  for (const kind of ['buy-maker', 'buy-taker', 'sell-maker', 'sell-taker'])
    expect(page).toMatch(
      new RegExp(`<use href="#mark-${kind}" class="${kind}" x="[\\d.]+%" y="[\\d.]+%"><title>`),
    );
  const { makerFills, takerFills } = whole.metrics;
  const counts = [...page.matchAll(/: \d+ lots in (\d+) fills?, near/g)].map(([, count]) => Number(count));
  expect(counts.reduce((a, b) => a + b)).toBe(makerFills + takerFills);
});

test('is the same for a run that was saved and went on', () => {
  const resumed = run(tape, { ...BUSY, resumeAt: [900, 2500] }).backtest;
  expect(pageOf(resumed)).toBe(page);
});

// Fails when something of the page grows with the length of the run.
test('is of bounded size', () => {
  const long = pageOfRun(marketOf(16_000));
  const dense = pageOfRun(tape, { ...BUSY, config: { ...BUSY.config, sampleNs: 1_000_000 } });
  for (const one of [page, long, dense]) expect(Buffer.byteLength(one)).toBeLessThan(250_000);
  expect((long.match(/<use href="#mark-/g) ?? []).length).toBeLessThanOrEqual(400);
});

/** A backtest that has not begun. */
function unbegun(): Backtest {
  const config = parseConfig({});
  if (!config.ok) throw new Error('config');
  const made = createBacktest({
    config: config.value,
    seed: '1',
    tape: tape.facts,
    strategies: [],
    sink: { write: () => 0 },
    guard: { isInside: false },
  });
  if (!made.ok) throw new Error('setup');
  return made.value;
}

test('a run without a fill, without a sample, and without time has a page that says why', () => {
  const idle = { ...BUSY, strategy: { name: 'idle', listens: {}, make: () => ({ state: {} }) } };
  const pages = [
    pageOfRun(tape, idle),
    pageOfRun(tape, { ...BUSY, cutAt: 1 }),
    pageOfRun(tape, { ...BUSY, config: { sampleNs: 1_000_000_000_000 } }),
    pageOf(unbegun()),
  ];
  for (const one of pages) expect(one).not.toMatch(/NaN|undefined|Infinity/);
  expect(pages[0]).toContain('<strong>Nothing was filled:</strong> the strategy never asked for anything');
  expect(pages[3]).toContain('<strong>Nothing was filled:</strong> there was no strategy');
});

test('scales show all of their values, and name some', () => {
  const texts = (low: number, high: number): string[] => scaleOf(low, high).ticks.map(({ text }) => text);
  expect(texts(0, 10)).toEqual(['0', '2', '4', '6', '8', '10']);
  expect(texts(-36.5, 0)).toEqual(['-30', '-20', '-10', '0']);
  expect(texts(61_798.4, 61_799)).toEqual(['61,798.4', '61,798.6', '61,798.8', '61,799.0']);
  expect(texts(5, 5)).toContain('5.0');
  const { low, high } = scaleOf(0, 0);
  expect(low < 0 && high > 0).toBe(true);
  expect(timeTicks(60e9).map(({ text }) => text)).toEqual([
    '0 s',
    '10 s',
    '20 s',
    '30 s',
    '40 s',
    '50 s',
    '60 s',
  ]);
  expect(timeTicks(0)).toEqual([]);
  for (const days of [0.001, 1, 30, 104]) expect(timeTicks(days * 86_400e9).length).toBeLessThanOrEqual(8);
});

test('lines stop where nothing is known; bands hold the least and the most', () => {
  const timeline = timelineOf({ ...whole.metrics.curves, steps: 4, stepNs: 5 }, 20);
  const scale = { low: 0, high: 10, ticks: [] };
  expect(linePath(timeline, scale, [0, 10, null, 5])).toBe(`M500 ${HEIGHT}h0l500 -1000M2000 500h0`);
  expect(linePath(timeline, scale, [10], 0)).toBe('M0 1000l500 -1000');
  expect(bandPath(timeline, scale, [1, 2], [3, 4])).toBe('M0 700V700H500V600H1000V800H500V900H0z');
  expect(areaPath(timeline, { low: -5, high: 5, ticks: [] }, [5])).toBe('M0 0V0H500V500H0z');
});

test('a Parquet table of all has those of fills and equity beside it', () => {
  expect(tablesBeside({ output: 'x.parquet' }, true)).toEqual({
    fills: 'x.fills.parquet',
    equity: 'x.equity.parquet',
  });
  expect(tablesBeside({ output: 'x.parquet', fills: 'f.csv' }, true)).toEqual({
    fills: 'f.csv',
    equity: 'x.equity.parquet',
  });
  expect(tablesBeside({ output: 'x.parquet' }, false)).toEqual({});
  expect(tablesBeside({ output: 'x.csv', equity: 'e.csv' }, true)).toEqual({ equity: 'e.csv' });
});

// Fails when what a rule denied of all is said of each that it is set for.
test('a rule with a limit for each has one count of all', () => {
  const makers = ['one', 'two'].map((name) => ({ ...(BUSY.strategy as OwnStrategy), name }));
  const budgets = { one: { maxPositionLots: 1 }, two: { maxPositionLots: 3 } };
  const config = { ...BUSY.config, risk: { strategies: budgets } };
  const { backtest } = run(tape, { ...BUSY, strategy: makers, config });
  const { denied } = reportOf(backtest)['orders'] as { readonly denied: Readonly<Record<string, number>> };
  const lines = [...pageOf(backtest).matchAll(/<tr><th scope="row">strategyPosition<\/th>(.*)<\/tr>/g)];
  const count = denied['strategyPositionLimit'];
  expect(count).toBeGreaterThan(0);
  expect(lines.map(([, cells]) => cells)).toEqual([
    `<td>one</td><td class="value">1</td><td rowspan="2">strategyPositionLimit</td><td rowspan="2">${count}</td>`,
    '<td>two</td><td class="value">3</td>',
  ]);
});

// Fails when the parts of a run of several are not there, or do not add up to what the page says of all.
test('several strategies have a row each, and one for all', () => {
  const makers = ['one', 'two'].map((name) => ({ ...(BUSY.strategy as OwnStrategy), name }));
  const { backtest } = run(tape, { ...BUSY, strategy: makers });
  const [, table] = pageOf(backtest).split('<h3 class="by">Strategies, in USD</h3>');
  const lines = [...table.split('</table>')[0].matchAll(/<th scope="row">([^<]+)<\/th>(.*?)<\/tr>/g)];
  const fills = lines.map(([, name, cells]) => [
    name,
    Number(cells.match(/<td>([^<]*)<\/td>/g)![3].slice(4, -5)),
  ]);
  const { makerFills, takerFills } = backtest.metrics;
  expect(fills.map(([name]) => name)).toEqual([...makers.map(({ name }) => name), 'all']);
  expect(fills[2][1]).toBe(makerFills + takerFills);
  expect(Number(fills[0][1]) + Number(fills[1][1])).toBe(fills[2][1]);
});
