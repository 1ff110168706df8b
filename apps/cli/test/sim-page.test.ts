// The page of a simulation as a text: what stands in it, and that nothing in it can break out. What a browser
// makes of it is looked at by sim-page.proof.ts.
import { expect, test } from 'vitest';
import { PAGE_SCRIPT } from '../src/sim/generated/page-script.ts';
import { renderSimPage } from '../src/sim/page.ts';
import { regimeStrip } from '../src/sim/page-strip.ts';
import { regimeSlots } from '../src/sim/page-tables.ts';
import { seriesJson } from '../src/sim/series-json.ts';
import { readChartLibrary } from '../src/sim/uplot.ts';
import { NO_LIBRARY, dataOf, pageOf, preset, sampled, symbolsOf } from './sim-pages.ts';

const EVIL = `</script><script>alert(1)</script><!-- "' & \u2028`;

test('no text breaks out of its place', () => {
  const run = sampled(preset('mixed', { symbols: symbolsOf(EVIL, 'B') }), { events: 3000 });
  const page = renderSimPage({
    ...run,
    name: EVIL,
    command: `truetape sim run --config '${EVIL}'`,
    hash: 'ab',
    library: NO_LIBRARY,
  });
  expect(page.match(/<script/g)).toHaveLength(3);
  expect(page.match(/<\/script/g)).toHaveLength(3);
  // The licence is the one comment.
  expect(page.match(/<!--/g)).toHaveLength(1);
  expect(page.match(/-->/g)).toHaveLength(1);
  expect(dataOf(page)).toMatchObject({ symbols: [{ name: EVIL }, { name: 'B' }] });
  expect(page).toContain(
    '<h1>Simulation &lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;!-- &quot;&#39; &amp;',
  );
});

test('a script of the page that has the end of a script in it does not end there', () => {
  const run = sampled(preset('calm'), { events: 500 });
  const page = pageOf(run, 'calm', { ...NO_LIBRARY, script: 'a="</script>"', license: 'x --> y' });
  expect(page).toContain('a="<\\/script>"');
  expect(page.match(/<\/script/g)).toHaveLength(3);
  expect(page.match(/-->/g)).toHaveLength(1);
});

test('says without a script what came of the run', () => {
  const run = sampled(preset('mixed'), { events: 20_000 });
  const page = pageOf(run, 'mixed');
  const [visible] = page.split('<script');
  const { regimes } = run.sim.metrics;
  const all = (name: 'orders' | 'fills'): number => regimes.reduce((sum, counts) => sum + counts[name], 0);
  const comma = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ',');
  for (const text of [
    'Simulation mixed, seed 7',
    'truetape sim run --preset mixed --seed 7',
    '5eed'.repeat(16),
    `<dt>Events</dt><dd>${comma(run.sim.recorder.nextSeq)}</dd>`,
    `<dt>Orders</dt><dd>${comma(all('orders'))}</dd>`,
    `<dt>Fills</dt><dd>${comma(all('fills'))}</dd>`,
    'calm</th>',
    '<noscript>',
  ])
    expect(visible).toContain(text);
  // A regime that never was has no row.
  expect(visible).not.toContain('cancel-storm</th>');
});

test('the parts of the mix are all events', () => {
  const { sim, series } = sampled(preset('mixed'), { events: 20_000 });
  const [, mix] = pageOf({ sim, series }, 'mixed').split('<h2>Event mix</h2>');
  const counts = [...mix.matchAll(/<b>([\d,]+)<\/b>/g)].map(([, text]) => Number(text.replaceAll(',', '')));
  expect(counts.reduce((a, b) => a + b, 0)).toBe(sim.recorder.nextSeq);
});

test('a run without an event, or without time, has a page', () => {
  for (const limits of [{ untilNs: 0 }, { untilNs: 1_000_000 }, { events: 1 }]) {
    const run = sampled(preset('calm'), limits);
    const page = pageOf(run, 'calm');
    expect(page.replace(PAGE_SCRIPT, '')).not.toMatch(/NaN|undefined|Infinity/);
    expect(dataOf(page)).toMatchObject({ count: 1 });
  }
});

test('a page loads nothing, and says so to the browser', () => {
  const page = pageOf(sampled(preset('calm'), { events: 500 }), 'calm', readChartLibrary());
  const [, policy] = /Content-Security-Policy" content="([^"]+)"/.exec(page)!;
  expect(policy.split('; ')).toEqual([
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    "script-src 'unsafe-inline'",
    'img-src data:',
  ]);
  expect(page).not.toMatch(/(src|href)="(?!data:)/);
  expect(page).not.toMatch(/@import|url\((?!data:)/);
});

test('the licence of the charts goes with them', () => {
  const library = readChartLibrary();
  const page = pageOf(sampled(preset('calm'), { events: 500 }), 'calm', library);
  expect(library.license).toMatch(/MIT License[^]*Copyright \(c\)/);
  expect(page).toContain(library.license);
  expect(page).toContain(library.script);
});

test('regimes take colours in the order in which they come; the first has none', () => {
  expect(regimeSlots(['burst', 'calm', 'storm'], [1, 0, 1, 2])).toEqual([1, 0, 2]);
  expect(regimeSlots(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'], [0])).toEqual([
    0, 1, 2, 3, 4, 5, 6, 1, 2,
  ]);
});

test('the strip shows each regime from its change to the next, and spikes above', () => {
  const script = [
    { atNs: 1_000_000_000, regime: 'burst' },
    { atNs: 1_500_000_000, regime: 'cancel-storm' },
    { atNs: 1_600_000_000, regime: 'burst' },
  ];
  const { series } = sampled(preset('calm', { script }), { untilNs: 2_000_000_000 });
  series.marks.bursts = [
    { fromNs: 200_000_000, toNs: 300_000_000 },
    { fromNs: 1_900_000_000, toNs: -1 },
  ];
  const strip = regimeStrip(series, [1, 0, 2]);
  expect([...strip.matchAll(/class="(\S+)" d="([^"]+)"/g)].map(([, name, path]) => [name, path])).toEqual([
    ['chip-1', 'M5000 0h2500v16h-2500zM8000 0h2000v16h-2000z'],
    ['chip-2', 'M7500 0h500v16h-500z'],
    ['chip-burst', 'M1000 0h500v5h-500zM9500 0h500v5h-500z'],
  ]);
});

test('a symbol with a price step of its own', () => {
  const symbols = symbolsOf('X');
  const run = sampled(preset('calm', { symbols: { X: { ...symbols['X'], priceStep: '0.25' } } }), {
    events: 500,
  });
  expect(seriesJson(run.series, run.sim.regimes)).toMatchObject({ symbols: [{ priceStep: '0.25' }] });
});
