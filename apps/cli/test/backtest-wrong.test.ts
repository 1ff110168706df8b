// What a newcomer gets wrong: numbers for money, files that are not there or are one another, a run that is cut short.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '@truetape/contracts';
import { nodePorts, openInput } from '@truetape/host';
import { createDecoder, createReader } from '@truetape/tape';
import { writeMarket } from './backtest-tapes.ts';
import { ended, scratchFolder, start, truetape } from './truetape.ts';
import type { Run } from './truetape.ts';

const cwd = scratchFolder();
const run = (...args: string[]): Promise<Run> =>
  truetape(['backtest', 'run', '--tape', 'market.rpl', '--strategy', 'market-maker', ...args], { cwd });
/** What the header of a tape says of how it was made. */
function configOf(path: string): JsonObject | undefined {
  const reader = createReader(createDecoder({ ports: nodePorts }), openInput(path).source);
  reader.next();
  return reader.decoder.header?.config;
}
const sets = (...all: string[]): string[] => all.flatMap((one) => ['--set', one]);

beforeAll(() => {
  writeMarket(join(cwd, 'market.rpl'), 'calm', 3000);
  writeFileSync(join(cwd, 'money.yaml'), 'deposits: { USD: 5 }\n');
  writeFileSync(join(cwd, 'tag.yaml'), 'latency: !slow { order: { kind: fixed, ns: 5 } }\n');
  writeFileSync(join(cwd, 'round.yaml'), 'strategy: &all { more: *all }\n');
  writeFileSync(join(cwd, 'market.csv'), '');
});

/** Each with how it ends, and what is said. */
const WRONG: readonly (readonly [what: string, args: readonly string[], code: number, said: RegExp])[] = [
  ['a fraction', sets('strategy.qtyLots=1.5'), 2, /strategy\.qtyLots: a whole number below 2\^53, or text/],
  ['more than numbers are', sets('strategy.qtyLots=1e300'), 2, /qtyLots: a whole number below 2\^53/],
  [
    'a number beyond its bound',
    sets('latency.order.ns=99999999999999999999'),
    2,
    /1 problem\n.*<=1099511627776\n/,
  ],
  ['money in a file that is no text', ['--config', 'money.yaml'], 2, /deposits\.USD: a decimal as text/],
  [
    'an asset that nothing trades',
    sets('deposits.UDS=5'),
    2,
    /deposits\.UDS: no instrument has it: SIM, USD\n/,
  ],
  [
    'a limit that there is none of',
    sets('risk.limits.maxPos=5'),
    2,
    /risk\.limits\.maxPos: there is no such/,
  ],
  [
    'a tag that means nothing',
    ['--config', 'tag.yaml'],
    2,
    /tag\.yaml: expected YAML or JSON, .*Unresolved tag/,
  ],
  [
    'what leads back to where it stands',
    ['--config', 'round.yaml'],
    2,
    /round\.yaml: expected YAML or JSON, /,
  ],
  ['a file that is not there', ['--config', 'no.yaml'], 1, /^truetape: no\.yaml: there is no such file\n/],
  ['a name that says no form', ['-o', 'out.foo'], 2, /expected a name that ends in [^\n]+\n$/],
  ['its own tape as the output', ['-o', './market.rpl', '--force'], 2, /is the tape that is read\n/],
  ['its own tape as the page', ['--html', 'market.rpl', '--force'], 2, /is the tape that is read\n/],
  [
    'a file of rows that says no form',
    ['--fills', 'a.foo'],
    2,
    /^truetape: --fills a\.foo: expected a name that ends in \.csv, \.jsonl or \.parquet\n$/,
  ],
  [
    'the file beside a table twice',
    ['-o', 'a.parquet', '--fills', 'a.equity.parquet'],
    2,
    /--equity a\.equity\.parquet is also the file of --fills\n/,
  ],
  [
    'its own configuration as the page',
    ['--config', 'money.yaml', '--html', './money.yaml', '--set', 'deposits.USD=5', '--force'],
    2,
    /is the configuration\n/,
  ],
  ['an output in its own log', ['--wal', 'a log', '-o', 'a log/out.rpl'], 2, /is in the log a log\n/],
  ['an output that is there', ['--wal', 'a log', '-o', 'market.csv'], 1, /market\.csv exists already\n/],
  ['a page on standard output', ['--html', '-'], 2, /--html: expected the name of a file, found -\n/],
  ['a folder for a strategy', ['--strategy', './'], 2, /^truetape: the strategy \.\/ is no file\n/],
  ['one file twice', ['-o', 'a.csv', '--fills', './a.csv'], 2, /--fills \.\/a\.csv is also the file of -o\n/],
];

describe('is told so, and nothing is written:', () => {
  test.each(WRONG)('%s', async (_, args, code, said) => {
    const before = readFileSync(join(cwd, 'market.rpl'));
    const there = readdirSync(cwd).toSorted();
    const result = await run(...args);
    expect(result).toMatchObject({ code, stdout: '' });
    expect(result.stderr).toMatch(said);
    expect(readFileSync(join(cwd, 'market.rpl')).equals(before)).toBe(true);
    expect(readdirSync(cwd).toSorted()).toEqual(there);
  });
});

// Fails where a number of the command line is no money, or the next command forgets what this one was told.
test('money is a number on the command line, and the next command says all of it again', async () => {
  const args = [
    ...sets('deposits.USD=5000.5', 'risk.kill.loss.amount=0.1', 'risk.kill.loss.level=flatten'),
    '--seed',
    '3',
    '--from-time',
    '+100ms',
  ];
  const { code, stdout } = await run(...args, '--json');
  expect(code).toBe(0);
  const { config } = JSON.parse(stdout) as { config: object };
  expect(config).toMatchObject({ deposits: { USD: '5000.5' }, risk: { kill: { loss: { amount: '0.1' } } } });
  const text = await run(...args);
  expect(text.stdout.split('\n').at(-2)).toBe(
    'next          truetape backtest run --tape market.rpl --strategy market-maker --set deposits.USD=5000.5 ' +
      '--set risk.kill.loss.amount=0.1 --set risk.kill.loss.level=flatten --seed 3 ' +
      '--from-time +100000000ns -o out.rpl',
  );
});

test('a quote that there is no room for is why nothing is asked for', async () => {
  const { stdout } = await run(...sets('strategy.qtyLots=1000000000000'));
  expect(stdout).toMatch(/^fills +none: the strategy never asked for anything: sizedToZero, once$/m);
});

test('a log that is there says how to go on with it', async () => {
  await run('--wal', 'a log');
  const again = await run('--wal', 'a log');
  expect(again).toMatchObject({ code: 1, stdout: '' });
  expect(again.stderr).toMatch(/ {2}truetape backtest resume 'a log' goes on with it\n$/);
});

// Fails where the log of a run over standard input goes on with a file of that name.
test('a run over standard input goes on with standard input', async () => {
  const options = { cwd, input: readFileSync(join(cwd, 'market.rpl')) };
  const made = await truetape(
    ['backtest', 'run', '--tape', '-', '--strategy', 'twap', '--wal', 'in log'],
    options,
  );
  const on = await truetape(['backtest', 'resume', 'in log'], options);
  expect([made.code, on.code]).toEqual([0, 0]);
  expect(on.stdout.match(/^hash .*$/m)).toEqual(made.stdout.match(/^hash .*$/m));
});

// Fails where a log or an output does not say when it traded, or a time beyond all times ends with a stack.
test('times stand in the output, however far away', async () => {
  const far = ['--from-time', '18446744073709551614', '--to-time', '18446744073709551614'];
  expect(await run('--wal', 'far log', '-o', 'far.rpl', ...far)).toMatchObject({ code: 0 });
  expect(await run('-o', 'near.rpl', '--from-time', '+5ms', '--to-time', '+1s')).toMatchObject({ code: 0 });
  const [atFar, atNear] = ['far', 'near'].map((name) => configOf(join(cwd, `${name}.rpl`)));
  expect(atFar).toMatchObject({ fromNs: Number.MAX_SAFE_INTEGER, toNs: Number.MAX_SAFE_INTEGER });
  expect(Number(atNear?.['toNs']) - Number(atNear?.['fromNs'])).toBe(995_000_000);
  expect(await truetape(['backtest', 'resume', 'far log'], { cwd })).toMatchObject({ code: 0 });
  const again = await truetape(['backtest', 'run', '--tape', 'near.rpl', '--strategy', 'twap'], { cwd });
  expect(again).toMatchObject({ code: 2, stdout: '' });
  expect(again.stderr).toMatch(/^truetape: near\.rpl is the output of a backtest: no market is on it\n/);
});

test('a command of another group is named', async () => {
  const { stderr } = await truetape(['tape', 'import', 'capture.gz'], { cwd });
  expect(stderr).toBe(
    "truetape: unknown command 'import'\n(Did you mean truetape import?)\n  see truetape tape --help\n",
  );
});

const looping = (where: string): string => `
import type { StrategyKit } from '@truetape/engine';
export function define({ z, defineStrategy }: StrategyKit) {
  return defineStrategy({
    name: 'looping',
    doc: 'It never returns.',
    parameters: z.strictObject({}),
    listens: () => ({ depth: 'top' }),
    create: () => {
      const state = { turns: 0 };
      const loop = () => { console.error('looping'); for (;;) state.turns = (state.turns + 1) % 7; };
      ${where === 'create' ? 'loop();' : ''}
      return { state, ${where}: loop };
    },
  });
}
`;

// Fails where Ctrl-C does not reach a strategy that never returns, leaves files, or ends with another code.
test.each(['onMarket', 'create', 'onStop'])(
  'Ctrl-C ends %s that never returns, and leaves no file',
  async (where) => {
    writeFileSync(join(cwd, 'looping.ts'), looping(where));
    const before = readdirSync(cwd).toSorted();
    const args = ['--strategy', './looping.ts', '-o', 'cut.rpl', '--fills', 'cut.csv'];
    const child = start(['backtest', 'run', '--tape', 'market.rpl', ...args], { cwd });
    const end = ended(child);
    // A signal from before its turn is heard behind it, which never ends.
    await new Promise((resolve) => child.stderr?.once('data', resolve));
    child.kill('SIGINT');
    expect(await end).toMatchObject({ code: 130, stdout: '', stderr: 'looping\n' });
    expect(readdirSync(cwd).toSorted()).toEqual(before);
  },
  60_000,
);

// Fails when a run on what is left of a tape reports as if it had seen all of it.
test('a torn tape is told by the report', async () => {
  const whole = readFileSync(join(cwd, 'market.rpl'));
  writeFileSync(join(cwd, 'torn.rpl'), whole.subarray(0, Math.floor(whole.length / 2)));
  const torn = ['backtest', 'run', '--tape', 'torn.rpl', '--strategy', 'market-maker'];
  expect(await truetape(torn, { cwd })).toMatchObject({ code: 5, stdout: '' });
  const { stdout } = await truetape([...torn, '--allow-torn'], { cwd });
  expect(stdout).toMatch(/^ {2}- torn\.rpl is torn at offset \d+: .*; events from seq \d+ on are lost/m);
});
