// Strategies in files of one's own, as they are started: one that works, and those that cheat or are none.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { notPlain } from '../src/backtest/strategy-fault.ts';
import { writeMarket } from './backtest-tapes.ts';
import { scratchFolder, truetape } from './truetape.ts';
import type { Run } from './truetape.ts';

const cwd = scratchFolder();
const LONG = { timeout: 180_000 };
const backtest = (...args: string[]): Promise<Run> => truetape(['backtest', ...args], { cwd });

beforeAll(() => {
  writeMarket(join(cwd, 'market.rpl'), 'calm', 3000);
});

/** A file whose strategy does something at each change of the best prices. */
const file = (before: string, body: string, state: string = '{ count: 0 }'): string => `
import type { StrategyKit } from '@truetape/engine';
${before}
export function define({ z, defineStrategy }: StrategyKit) {
  return defineStrategy({
    name: 'own',
    doc: 'It tries something.',
    parameters: z.strictObject({}),
    listens: () => ({ depth: 'top' }),
    create: () => {
      const state: Record<string, unknown> = ${state};
      return { state, onMarket: (context) => {
        ${body}
      } };
    },
  });
}
`;

/** Each with how it ends, and what is said. */
const WRONG: readonly (readonly [what: string, text: string, code: number, said: RegExp])[] = [
  ['asks for the date', file('', 'Date.now();'), 1, /:13: a strategy used Date\.now: /],
  ['draws at random', file('', 'Math.random();'), 1, /:13: a strategy used Math\.random: /],
  ['asks for the time of the process', file('', 'performance.now();'), 1, /:13: .* used performance\.now: /],
  [
    'catches what the clock throws',
    file('', 'try { Date.now(); } catch { state.count = 1; }'),
    1,
    /:13: .* used Date\.now: /,
  ],
  [
    'listens to bars of no length',
    file('', '').replace("depth: 'top'", "bars: { by: 'time', size: 0 }"),
    2,
    /: there are no such bars: \{"by":"time","size":0\}\n/,
  ],
  ['has kept a clock', file('const now = performance.now;', 'now();'), 1, /used performance\.now: /],
  [
    'looks at the clock while it is loaded',
    file('const at = Date.now();', 'at;'),
    1,
    /:3: .* used Date\.now: /,
  ],
  ['reads files', file("import fs from 'node:fs';", 'fs.statSync;'), 2, /: .*beside it alone, not node:fs: /],
  ['throws', file('', 'throw new RangeError("too far");'), 1, /:13: RangeError: too far\n/],
  [
    'asks for half a lot',
    file('', 'context.target(context.markets[0], 0.5);'),
    1,
    /:13: .*a whole number of lots/,
  ],
  ['is no TypeScript', 'export function define( {', 2, /: .+\n {2}truetape backtest new my\.ts writes one/],
  ['defines nothing', 'export const nothing = 1;', 2, /expected an exported function define\(kit\)/],
  ['gives no definition', 'export const define = () => 7;', 2, /define\(kit\) has to give \{ name, doc/],
  [
    'draws while it is made',
    file('', '', '{ seed: Math.random() }'),
    1,
    /:11: a strategy used Math\.random: /,
  ],
  ['remembers a map', file('', '', '{ seen: new Map() }'), 1, /plain data: state\.seen is a Map\n/],
  ['comes to remember no number', file('', 'state.count = 0 / 0;'), 1, /plain data: state\.count is NaN\n/],
];

// Fails where what a restart would make two of is taken for plain data.
test('a state has each list and object once', () => {
  const one = [1];
  expect(notPlain({ a: one, b: { one } }, 'state')).toBe('state.b.one stands elsewhere in it as well');
  expect(notPlain({ a: { b: one } }, 'state', new Set([one]))).toMatch(/^state\.a\.b is an order at work: /);
  expect(notPlain({ a: one, b: [...one], c: 'x', d: 'x', e: null, f: null }, 'state')).toBeUndefined();
});

describe.concurrent('a strategy of one’s own', () => {
  // Fails when the example does not work as it is written, or goes unnoticed by what reads its parameters.
  test('is written, runs as it is, has a template, and is not written over', LONG, async () => {
    const made = await backtest('new', 'my.ts');
    expect(made).toMatchObject({ code: 0, stderr: '' });
    expect(made.stdout).toMatch(/^strategy +my\.ts, named my\nnext +truetape backtest run .* \.\/my\.ts\n$/);
    const text = readFileSync(join(cwd, 'my.ts'), 'utf8');
    const [again, run, template] = await Promise.all([
      backtest('new', 'my.ts'),
      backtest('run', '--tape', 'market.rpl', '--strategy', './my.ts', '--set', 'strategy.slow=6', '--json'),
      backtest('strategies', '--template', './my.ts'),
    ]);
    expect(again).toMatchObject({ code: 1, stdout: '' });
    expect(again.stderr).toBe('truetape: my.ts exists already\n  --force replaces it\n');
    expect(readFileSync(join(cwd, 'my.ts'), 'utf8')).toBe(text);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    const report = JSON.parse(run.stdout) as { orders: { sent: number }; fills: { count: number } };
    expect(report).toMatchObject({ strategies: ['my'], config: { strategy: { slow: 6 } } });
    expect([report.orders.sent > 0, report.fills.count > 0]).toEqual([true, true]);
    expect(template.stdout).toMatch(/^# my: .*\n# .*\nstrategy:\n( {2}# .+\n {2}\w+: \d+\n){4}$/);
  });

  // Fails when a name is taken for a word of the template, or for a pattern of what stands in its place.
  test.each(['PROFILE.ts', 'a$&b c.ts', 'NAME.mts'])('is written as %s, and runs', LONG, async (name) => {
    expect(await backtest('new', name)).toMatchObject({ code: 0 });
    const run = await backtest('run', '--tape', 'market.rpl', '--strategy', `./${name}`, '--json');
    expect(run).toMatchObject({ code: 0, stderr: '' });
    const quoted = name.includes(' ') ? `'./${name}'` : `./${name}`;
    expect(readFileSync(join(cwd, name), 'utf8').split(`--strategy ${quoted}`)).toHaveLength(3);
  });

  // Fails where a run that failed cannot be gone on with once its strategy is mended, or says that nothing is there.
  test('that is mended goes on with the log of its failure', LONG, async () => {
    const path = join(cwd, 'mended.ts');
    const body = (text: string): string => `state.count = Number(state.count) + 1; ${text}`;
    writeFileSync(path, file('', body('if (state.count === 200) throw new Error("broken");')));
    const args = ['run', '--tape', 'market.rpl', '--strategy', './mended.ts'];
    const broken = await backtest(...args, '--wal', 'mended log');
    expect(broken).toMatchObject({ code: 1, stdout: '' });
    expect(broken.stderr).toMatch(/mended, truetape backtest resume 'mended log' goes on with it\n$/);
    writeFileSync(path, file('', body('')));
    // Modules are loaded once a process.
    const on = await truetape(['backtest', 'resume', 'mended log', '-o', 'on.rpl'], { cwd, own: true });
    expect(on).toMatchObject({ code: 0 });
    const whole = await truetape(['backtest', ...args, '-o', 'whole.rpl'], { cwd, own: true });
    expect(whole).toMatchObject({ code: 0 });
    expect(readFileSync(join(cwd, 'on.rpl')).equals(readFileSync(join(cwd, 'whole.rpl')))).toBe(true);
  });

  // Fails where what goes on behind a call ends a run, and not its resumption, which has nothing left to do.
  test('that goes on behind its call ends the run, and whatever goes on with its log', LONG, async () => {
    const body = "void Promise.resolve().then(() => context.noAction('noSignal', context.markets[0]));";
    writeFileSync(join(cwd, 'stray.ts'), file('', body));
    const run = ['run', '--tape', 'market.rpl', '--strategy', './stray.ts', '--wal', 'stray log'];
    for (const args of [run, ['resume', 'stray log']]) {
      const { code, stderr } = await backtest(...args);
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: expect.stringMatching(/goes on after it has returned/),
      });
    }
  });

  test.each(WRONG)('that %s is told so', LONG, async (what, text, code, said) => {
    const name = `${what.replaceAll(/[^a-z]+/gi, '-')}.ts`;
    writeFileSync(join(cwd, name), text);
    const args = ['--tape', 'market.rpl', '--strategy', `./${name}`, '-o', `${name}.rpl`];
    const [run, logged] = [
      await backtest('run', ...args),
      await backtest('run', ...args, '--wal', `${name} log`),
    ];
    for (const one of [run, logged]) {
      expect(one).toMatchObject({ code, stdout: '' });
      expect(one.stderr).toMatch(said);
      expect(one.stderr.startsWith(`truetape: ./${name}`)).toBe(true);
      expect(existsSync(join(cwd, `${name}.rpl`))).toBe(false);
    }
  });
});
