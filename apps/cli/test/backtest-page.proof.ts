// What a browser makes of the page of a backtest: that all of it is drawn without a script, that it loads nothing, fits a
// wide and a narrow screen, and can be read in light and in darkness.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { marketOf, pageOfRun } from './backtest-pages.ts';
import { findBrowser, startBrowser } from './browser.ts';
import { scratchFolder } from './truetape.ts';

const executable = findBrowser();
const isRequired = process.env['TRUETAPE_BROWSER_REQUIRED'] === '1';
const SCREENS = [1366, 740, 360].flatMap((width) =>
  (['light', 'dark'] as const).map((colorScheme) => ({ width, colorScheme })),
);

test('there is a browser', (context) => {
  if (executable !== undefined) return;
  const what = 'no Chromium on this machine, so that nothing looks at the page: apt-get install chromium';
  if (isRequired) throw new Error(what);
  console.warn(what);
  context.skip(what);
});

/** In the page: texts of an axis that lie upon each other, or beyond the screen. */
const BAD_LABELS = `(() => {
  const bad = [];
  for (const axis of document.querySelectorAll('.pane .x, .pane .y')) {
    const boxes = [...axis.querySelectorAll('span')].map((span) => span.getBoundingClientRect());
    boxes.forEach((a, k) => {
      const b = boxes[k + 1];
      const meets = b && a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
      const isOut = a.left < 0 || a.right > document.documentElement.clientWidth;
      if (meets || isOut) bad.push(axis.closest('figure').id + ' ' + axis.className + ' ' + k);
    });
  }
  return bad;
})()`;

/** In the page: the least contrast of a text to what lies behind it, and whose it is. */
const LEAST_CONTRAST = `(() => {
  const read = (color) => {
    const context = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d');
    context.fillStyle = color;
    context.fillRect(0, 0, 1, 1);
    return [...context.getImageData(0, 0, 1, 1).data];
  };
  const light = (color) => {
    const [r, g, b] = read(color).map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let at = element; at !== null; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      if (read(color)[3] === 255) return color;
    }
    return getComputedStyle(document.body).backgroundColor;
  };
  let least = [99, ''];
  for (const element of document.querySelectorAll('main *')) {
    const text = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== '');
    if (!text || element.namespaceURI !== document.documentElement.namespaceURI) continue;
    const [a, b] = [light(getComputedStyle(element).color), light(ground(element))].sort((x, y) => y - x);
    const contrast = (a + 0.05) / (b + 0.05);
    if (contrast < least[0]) least = [contrast, element.tagName + '.' + element.className];
  }
  return least;
})()`;

/** In the page: what is drawn, with its size on the screen, its line and its inside. */
const DRAWN = `[...document.querySelectorAll('.area path, .area use')].map((shape) => {
  const { width, height } = shape.getBoundingClientRect();
  const { stroke, fill, strokeDasharray } = getComputedStyle(shape);
  return { chart: shape.closest('figure').id, name: shape.getAttribute('class'), width, height, stroke, fill, strokeDasharray };
})`;

interface Shape {
  readonly chart: string;
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly stroke: string;
  readonly fill: string;
  readonly strokeDasharray: string;
}

describe.skipIf(executable === undefined)('the page of a backtest', () => {
  const path = join(scratchFolder(), 'page.html');
  let browser: Browser | undefined;
  let noise: string[] = [];
  beforeAll(async () => {
    writeFileSync(path, pageOfRun(marketOf(12_000)));
    browser = await startBrowser(executable!);
  });
  afterAll(() => browser?.close());

  async function open(options: BrowserContextOptions): Promise<Page> {
    const context = await browser!.newContext(options);
    const page = await context.newPage();
    noise = [];
    const url = pathToFileURL(path).href;
    page.on('console', (message) => noise.push(message.text()));
    page.on('pageerror', (error) => noise.push(error.message));
    page.on('request', (request) => request.url() === url || noise.push(request.url()));
    await page.goto(url);
    return page;
  }

  // Fails when anything is wider than the screen, labels lie upon each other, or a text is too faint to read.
  test.each(SCREENS)('fits and can be read: $width px, $colorScheme', async ({ width, colorScheme }) => {
    const page = await open({ viewport: { width, height: 800 }, colorScheme });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    expect(await page.evaluate(BAD_LABELS)).toEqual([]);
    const [contrast, of] = await page.evaluate<[number, string]>(LEAST_CONTRAST);
    expect([contrast >= 4.5, of, contrast]).toEqual([true, of, contrast]);
    expect(noise).toEqual([]);
    await page.context().close();
  });

  test('draws lines, bands and marks, each told from the others by more than its colour', async () => {
    const page = await open({ viewport: { width: 1366, height: 800 } });
    const shapes = await page.evaluate<Shape[]>(DRAWN);
    const wide = (chart: string, name: string): Shape => {
      const found = shapes.find((shape) => shape.chart === chart && shape.name === name)!;
      expect([chart, name, found.width > 400]).toEqual([chart, name, true]);
      return found;
    };
    const parts = ['gross', 'fees', 'funding', 'net'].map((name) => wide('chart-profit', name));
    expect(new Set(parts.map(({ strokeDasharray }) => strokeDasharray)).size).toBe(4);
    expect(new Set(parts.map(({ stroke }) => stroke)).size).toBe(4);
    for (const [chart, name] of [
      ['chart-equity', 'net'],
      ['chart-drawdown', 'loss'],
      ['chart-price-0', 'middle'],
      ['chart-position-0', 'held'],
    ])
      expect(wide(chart, name).height).toBeGreaterThan(20);
    const kinds = ['buy-maker', 'buy-taker', 'sell-maker', 'sell-taker'];
    const marks = kinds.map((kind) => shapes.find(({ name }) => name === kind)!);
    for (const { width, height } of marks) expect(Math.min(width, height)).toBeGreaterThan(6);
    const [buyMaker, buyTaker, sellMaker, sellTaker] = marks;
    // Makers are hollow, takers are full; a triangle of a buyer points up.
    expect(buyMaker.fill).toBe(sellMaker.fill);
    expect([buyTaker.fill, sellTaker.fill]).toEqual([buyMaker.stroke, sellMaker.stroke]);
    expect(await page.getAttribute('#mark-buy-taker', 'd')).not.toBe(
      await page.getAttribute('#mark-sell-taker', 'd'),
    );
    await page.context().close();
  });

  test('is the same without a script', async () => {
    const seen = async (javaScriptEnabled: boolean): Promise<unknown> => {
      const page = await open({ viewport: { width: 900, height: 700 }, javaScriptEnabled });
      const boxes = ['#chart-equity path.net', '#chart-price-0 use.buy-taker', '#chart-position-0 .held'].map(
        (selector) => page.locator(selector).first().boundingBox(),
      );
      const found = { text: await page.innerText('main'), boxes: await Promise.all(boxes) };
      expect(noise).toEqual([]);
      await page.context().close();
      return found;
    };
    const without = (await seen(false)) as { text: string };
    expect(without).toEqual(await seen(true));
    expect(without.text).toContain('paid, in ticks x lots');
  });

  test('is dark in the dark', async () => {
    const page = await open({ viewport: { width: 900, height: 700 }, colorScheme: 'light' });
    const colors = (): Promise<string[]> =>
      page.evaluate<string[]>(`['body', '.card', '#chart-equity path.net', '#chart-price-0 .buy-taker'].map(
        (selector) => {
          const { backgroundColor, stroke } = getComputedStyle(document.querySelector(selector));
          return backgroundColor + stroke;
        })`);
    const light = await colors();
    await page.emulateMedia({ colorScheme: 'dark' });
    const dark = await colors();
    light.forEach((color, k) => expect(dark[k]).not.toBe(color));
    await page.context().close();
  });

  test('is told to who hears it', async () => {
    const page = await open({ viewport: { width: 1366, height: 800 } });
    const names = (role: 'heading' | 'img' | 'region' | 'table'): Promise<string[]> =>
      page
        .getByRole(role)
        .evaluateAll((all) => all.map((one) => one.getAttribute('aria-label') ?? one.textContent ?? ''));
    expect((await names('heading')).slice(0, 3)).toEqual([
      'Backtest of busy, seed 1',
      'Profit',
      expect.any(String),
    ]);
    const charts = await names('img');
    expect(charts[0]).toMatch(/^Net profit over time: -?[\d.,]+ USD at the end$/);
    expect(charts.join('\n')).toMatch(/own fills: bought as maker \d+, bought as taker \d+/);
    expect(await names('region')).toContain('Markouts');
    await page.context().close();
  });
});
