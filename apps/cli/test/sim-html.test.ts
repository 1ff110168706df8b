// `--html` on the command line: a page beside everything else, which stays as it is.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dataOf } from './sim-pages.ts';
import { scratchFolder, truetape } from './truetape.ts';

const folder = scratchFolder();
const run = ['sim', 'run', '--preset', 'burst', '--symbols', 'A,B', '--seed', '7', '--events', '3000'];
const page = (name: string): string => readFileSync(join(folder, name), 'utf8');

test('a page changes nothing else, and its bytes are those of the run', async () => {
  const [plain, first, again] = await Promise.all([
    truetape(run, { cwd: folder }),
    truetape([...run, '--html', 'first page.html'], { cwd: folder }),
    truetape([...run, '--html', 'again.html', '-o', 'run.rpl', '--json', '-q'], { cwd: folder }),
  ]);
  expect(first).toEqual({ ...plain, stderr: 'truetape: first page.html shows it: open it in a browser\n' });
  expect([again.code, again.stderr]).toEqual([0, '']);
  const { hash, events, timeNs } = JSON.parse(again.stdout);
  expect(page('again.html')).toBe(page('first page.html'));
  expect(page('again.html')).toContain(`<code>${hash}</code>`);
  expect(page('again.html')).toContain(`<code>truetape ${run.join(' ')}</code>`);
  expect(dataOf(page('again.html'))).toMatchObject({
    startNs: 0,
    endNs: timeNs,
    symbols: [{ name: 'A' }, {}],
  });
  expect(events).toBeGreaterThanOrEqual(3000);
});

test('a page of a run by time ends with it; that of one that goes on begins where it does', async () => {
  const script = 'script=[{"atNs":100000000,"regime":"burst"}]';
  const first = ['--set', script, '--duration', '300300us', '--state', 'state', '--html', 'first.html'];
  const whole = await truetape(['sim', 'run', '--seed', '7', ...first], { cwd: folder });
  expect(whole.code).toBe(0);
  expect(dataOf(page('first.html'))).toMatchObject({
    startNs: 0,
    endNs: 300_300_000,
    count: 300,
    regimes: ['burst', 'calm', 'cancel-storm'],
    changes: [
      [0, 1],
      [100_000_000, 0],
    ],
  });
  expect(page('first.html')).toContain('--seed 7 --duration 300.3ms</code>');
  const rest = await truetape(['sim', 'resume', 'state', '--duration', '100ms', '--html', 'rest.html'], {
    cwd: folder,
  });
  expect(rest.code).toBe(0);
  const data = dataOf(page('rest.html')) as {
    startNs: number;
    endNs: number;
    count: number;
    changes: unknown;
  };
  expect(data.endNs).toBe(400_300_000);
  expect(data.startNs).toBeLessThanOrEqual(300_300_000);
  expect(data.count).toBeGreaterThanOrEqual(100);
  expect(data.changes).toEqual([[data.startNs, 0]]);
});

test('an existing file stays, and a run that cannot be drawn does not begin', async () => {
  writeFileSync(join(folder, 'mine.html'), 'mine');
  const [kept, stdout, same] = await Promise.all([
    truetape([...run, '--html', 'mine.html', '-o', 'never.rpl'], { cwd: folder }),
    truetape([...run, '--html', '-'], { cwd: folder }),
    truetape([...run, '--html', 'x.rpl', '-o', 'x.rpl'], { cwd: folder }),
  ]);
  expect([kept.code, kept.stdout]).toEqual([1, '']);
  expect(kept.stderr).toContain('mine.html');
  expect(page('mine.html')).toBe('mine');
  expect(existsSync(join(folder, 'never.rpl'))).toBe(false);
  expect([stdout.code, same.code]).toEqual([2, 2]);
});
