// What a browser makes of the page of a simulation: that it is drawn, that it loads nothing, what mouse, keys and
// fingers do, on a wide and a narrow screen, in light and in darkness, and without a script.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readChartLibrary } from '../src/sim/uplot.ts';
import { findBrowser, startBrowser } from './browser.ts';
import { pageOf, preset, sampled, symbolsOf } from './sim-pages.ts';
import { scratchFolder } from './truetape.ts';

const executable = findBrowser();
const isRequired = process.env['TRUETAPE_BROWSER_REQUIRED'] === '1';
const CHARTS = ['price', 'spread', 'depth', 'events', 'mix', 'cancel-rate', 'queue', 'trouble'];
const SECOND = 1_000_000_000;

test('there is a browser', (context) => {
  if (executable !== undefined) return;
  const what = 'no Chromium on this machine, so that nothing looks at the page: apt-get install chromium';
  if (isRequired) throw new Error(what);
  console.warn(what);
  context.skip(what);
});

/** Two symbols over 8.18 s: as many samples as a page may have, and so as large as it may be. */
function makePage(): string {
  const script = [
    { atNs: 2 * SECOND, regime: 'burst' },
    { atNs: 4 * SECOND, regime: 'calm' },
    { atNs: 6 * SECOND, regime: 'cancel-storm' },
  ];
  const burst = { intervalNs: SECOND, peakPermille: 3000, halfLifeNs: 50_000_000 };
  const faults = {
    duplicatePpm: 2000,
    dropPpm: 2000,
    reorderPpm: 2000,
    handling: 'reject',
    windowNs: 1,
  } as const;
  const config = preset('mixed', { symbols: symbolsOf('AAA', 'BBB'), script, burst, faults });
  return pageOf(sampled(config, { untilNs: 8.18 * SECOND }), 'mixed', readChartLibrary());
}

/** In the page: what can be read of a canvas, on a copy that is made for reading. */
const READING = `const read = (draw, width, height) => {
  const copy = Object.assign(document.createElement('canvas'), { width, height });
  const context = copy.getContext('2d', { willReadFrequently: true });
  draw(context);
  return context.getImageData(0, 0, width, height).data;
};`;

/** In the page: how many pixels of a chart have a colour of the style sheet. */
const COUNT_PIXELS = `(id, name) => {
  ${READING}
  const canvas = document.querySelector('#chart-' + id + ' canvas');
  const [r, g, b] = read((context) => {
    context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(name);
    context.fillRect(0, 0, 1, 1);
  }, 1, 1);
  const data = read((context) => context.drawImage(canvas, 0, 0), canvas.width, canvas.height);
  const near = (k) => Math.abs(data[k] - r) + Math.abs(data[k + 1] - g) + Math.abs(data[k + 2] - b) < 40;
  let count = 0;
  for (let k = 0; k < data.length; k += 4) if (data[k + 3] > 200 && near(k)) count++;
  return count;
}`;

/** In the page: the colour of the price chart at a time, near the upper edge of its plot. */
const COLOR_AT = `(seconds) => {
  ${READING}
  const canvas = document.querySelector('#chart-price canvas');
  const box = document.querySelector('#chart-price .u-over').getBoundingClientRect();
  const frame = canvas.getBoundingClientRect();
  const x = Math.round(box.left - frame.left + (box.width * seconds) / 8.18);
  const y = Math.round(box.top - frame.top) + 2;
  return [...read((context) => context.drawImage(canvas, -x, -y), 1, 1)].join();
}`;

describe.skipIf(executable === undefined)('the page of a simulation', () => {
  const path = join(scratchFolder(), 'page.html');
  let html = '';
  let browser: Browser | undefined;
  let noise: string[] = [];
  beforeAll(async () => {
    html = makePage();
    writeFileSync(path, html);
    browser = await startBrowser(executable!);
  });
  afterAll(() => browser?.close());

  async function open(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser!.newContext({ viewport: { width: 1366, height: 800 }, ...options });
    const page = await context.newPage();
    noise = [];
    const url = pathToFileURL(path).href;
    page.on('console', (message) => noise.push(message.text()));
    page.on('pageerror', (error) => noise.push(error.message));
    page.on('request', (request) => request.url() === url || noise.push(request.url()));
    await page.goto(url);
    return page;
  }
  const pixels = (page: Page, id: string, color: string): Promise<number> =>
    page.evaluate<number>(`(${COUNT_PIXELS})('${id}', '${color}')`);
  const now = (page: Page): Promise<string | null> => page.textContent('#now');
  const width = (page: Page): Promise<number> =>
    page.evaluate<number>('document.documentElement.scrollWidth');
  /** A place in the plot of a chart, its parts given from 0 to 1. */
  async function placeIn(page: Page, id: string, across: number): Promise<{ x: number; y: number }> {
    const plot = page.locator(`#chart-${id} .u-over`);
    await plot.scrollIntoViewIfNeeded();
    const box = (await plot.boundingBox())!;
    return { x: box.x + box.width * across, y: box.y + box.height / 2 };
  }

  test('is no larger than 300 KB', () => {
    expect(Buffer.byteLength(html)).toBeLessThan(300_000);
  });

  test('is drawn, with a band for each regime and a light for each spike, and loads nothing', async () => {
    const page = await open();
    expect(await page.locator('figure').evaluateAll((all) => all.map(({ id }) => id))).toEqual(
      CHARTS.map((id) => `chart-${id}`),
    );
    const drawn: [string, string][] = [
      ['price', '--bid'],
      ['price', '--ask'],
      ['price', '--value'],
      ['spread', '--mean'],
      ['depth', '--bid'],
      ['depth', '--ask'],
      ['events', '--events'],
      ['mix', '--orders'],
      ['mix', '--cancels'],
      ['mix', '--fills'],
      ['cancel-rate', '--cancels'],
      ['queue', '--mean'],
      ['trouble', '--faults'],
    ];
    for (const [id, color] of drawn)
      expect([id, color, (await pixels(page, id, color)) > 60]).toEqual([id, color, true]);
    const colors = (...times: number[]): Promise<string[]> =>
      Promise.all(times.map((seconds) => page.evaluate<string>(`(${COLOR_AT})(${seconds})`)));
    const { bursts } = JSON.parse((await page.textContent('#data'))!) as { bursts: [number, number][] };
    const isDark = (seconds: number): boolean =>
      bursts.some(([from, to]) => seconds * SECOND > from - 2e7 && seconds * SECOND < to + 2e7);
    const clear = (from: number): number => {
      for (let seconds = from + 0.1; ; seconds += 0.037) if (!isDark(seconds)) return seconds;
    };
    const [calm, burst, again, storm] = await colors(clear(0), clear(2), clear(4), clear(6));
    expect(again).toBe(calm);
    expect(new Set([calm, burst, storm]).size).toBe(3);
    expect(bursts.length).toBeGreaterThan(0);
    // A spike begins at once, and fades.
    const [fromNs, toNs] = bursts[0];
    const [from, to] = [fromNs / SECOND, toNs / SECOND];
    const [before, start, end] = await colors(from - 0.02, from + 0.02, to - (to - from) / 4);
    expect(start).not.toBe(before);
    expect(end).not.toBe(start);
    expect(noise).toEqual([]);
    await page.context().close();
  });

  test('has one cursor in all charts, and tells the values under it', async () => {
    const page = await open();
    for (const id of ['price', 'queue']) {
      const { x, y } = await placeIn(page, id, 0.4);
      await page.mouse.move(x, y);
      for (const other of CHARTS) {
        const share = await page.evaluate<number>(`(() => {
          const over = document.querySelector('#chart-${other} .u-over').getBoundingClientRect();
          return (document.querySelector('#chart-${other} .u-cursor-x').getBoundingClientRect().left - over.left) / over.width;
        })()`);
        expect([other, Math.abs(share - 0.4) < 0.01]).toEqual([other, true]);
        const values = await page.locator(`#chart-${other} .key b`).allTextContents();
        expect(values.join('')).toMatch(/\d/);
      }
      expect(await now(page)).toMatch(/^3\.2\d\d s · burst/);
    }
    expect(await page.locator('#chart-price .key b').allTextContents()).toEqual(
      Array.from({ length: 4 }, () => expect.stringMatching(/^\d+\.\d\d$/)),
    );
    expect(noise).toEqual([]);
    await page.context().close();
  });

  test('is zoomed by mouse, keys and buttons, and shown whole again', async () => {
    const page = await open();
    const whole = '0.000 s – 8.180 s';
    expect(await now(page)).toBe(whole);
    const [from, to] = [await placeIn(page, 'depth', 0.25), await placeIn(page, 'depth', 0.5)];
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(to.x, to.y, { steps: 4 });
    await page.mouse.up();
    // Off the chart, so that the range is told and not the time under the cursor.
    await page.mouse.move(2, 2);
    expect(await now(page)).toMatch(/^2\.0[345]\d s – 4\.(08|09|10)\d s$/);
    expect(await page.isVisible('#pane')).toBe(true);
    await page.mouse.dblclick(to.x, to.y);
    await page.mouse.move(2, 2);
    expect(await page.isVisible('#pane')).toBe(false);
    await page.click('[data-do=in]');
    expect(await page.isVisible('#pane')).toBe(true);
    await page.click('[data-do=all]');
    expect(await now(page)).toBe(whole);
    await page.focus('#stage');
    await page.keyboard.press('ArrowRight');
    expect(await now(page)).toMatch(/^4\.17\d s · calm/);
    await page.keyboard.press('Shift+ArrowLeft');
    expect(await now(page)).toMatch(/^3\.35\d s · burst/);
    await page.keyboard.press('+');
    expect(await now(page)).toMatch(/^3\.35\d+ s · burst/);
    await page.keyboard.press('Escape');
    expect(await now(page)).toBe(whole);
    expect(noise).toEqual([]);
    await page.context().close();
  });

  test('hides a line, and shows another symbol', async () => {
    const page = await open();
    const isThere = async (): Promise<boolean> => (await pixels(page, 'price', '--value')) > 60;
    await page.click('#chart-price .key.dashes');
    await expect.poll(isThere).toBe(false);
    await page.selectOption('#chosen', 'BBB');
    expect(await page.textContent('#chart-price h3')).toContain('BBB');
    await expect.poll(isThere).toBe(true);
    expect(await page.locator('figure').count()).toBe(CHARTS.length);
    expect(noise).toEqual([]);
    await page.context().close();
  });

  test('fits a small screen, on which a finger moves the cursor', async () => {
    const phone = {
      viewport: { width: 360, height: 740 },
      isMobile: true,
      hasTouch: true,
      deviceScaleFactor: 2,
    };
    const page = await open(phone);
    expect(await width(page)).toBe(360);
    expect((await page.locator('#chart-price canvas').boundingBox())!.width).toBeLessThanOrEqual(340);
    await page.locator('#chart-price').scrollIntoViewIfNeeded();
    const { x, y } = await placeIn(page, 'price', 0.5);
    await page.touchscreen.tap(x, y);
    expect(await now(page)).toMatch(/^4\.0\d+ s · calm/);
    const fingers = await page.context().newCDPSession(page);
    const touch = (type: string, ...across: number[]): Promise<unknown> =>
      fingers.send('Input.dispatchTouchEvent', {
        type: type as 'touchStart',
        touchPoints: across.map((part, id) => ({ x: x + part * 280, y, id })),
      });
    await touch('touchStart', 0);
    await touch('touchMove', 0.1);
    await touch('touchMove', 0.25);
    // A move is told with the next frame.
    await expect.poll(() => now(page)).toMatch(/^6\.\d+ s · cancel-storm/);
    await touch('touchEnd');
    expect(await page.isVisible('#pane')).toBe(false);
    await touch('touchStart', -0.1, 0.1);
    await touch('touchMove', -0.2, 0.2);
    await touch('touchMove', -0.3, 0.3);
    await expect.poll(() => page.isVisible('#pane')).toBe(true);
    await touch('touchEnd');
    // Turned on its side.
    await page.setViewportSize({ width: 740, height: 360 });
    await expect
      .poll(async () => (await page.locator('#chart-price canvas').boundingBox())!.width)
      .toBeGreaterThan(650);
    expect(await width(page)).toBe(740);
    expect(noise).toEqual([]);
    await page.context().close();
  });

  test('is dark in the dark, also when that falls', async () => {
    const page = await open({ colorScheme: 'light' });
    const ground = (): Promise<string> =>
      page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    const light = await ground();
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await ground()).not.toBe(light);
    await expect.poll(() => pixels(page, 'price', '--bid')).toBeGreaterThan(60);
    await expect.poll(() => pixels(page, 'events', '--events')).toBeGreaterThan(60);
    expect(noise).toEqual([]);
    await page.context().close();
  });

  test('says what it can without a script', async () => {
    const page = await open({ javaScriptEnabled: false });
    const text = await page.innerText('main');
    for (const part of ['Simulation mixed, seed 7', 'The charts need JavaScript', 'cancel-storm', 'EVENTS/S'])
      expect(text.toLowerCase()).toContain(part.toLowerCase());
    expect(await page.isVisible('[data-do=in]')).toBe(false);
    expect(await page.isVisible('.strip svg')).toBe(true);
    expect(noise).toEqual([]);
    await page.context().close();
  });
});
