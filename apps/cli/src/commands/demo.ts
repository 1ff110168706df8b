/** `truetape demo`: the commands that a user would type, each with what it prints, in a temporary folder. */
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { examples } from '../examples.ts';
import { CliFailure, EXIT } from '../failure.ts';
import { createProgram } from '../program.ts';
import { printOut } from '../terminal.ts';

const CAPTURE = 'usdm-small.txt';

export function createCommand(cli: Cli): Command {
  return new Command('demo')
    .description(
      'A tour in a temporary folder: from a small synthetic capture to the first difference of two tapes, and a ' +
        'short matching session.',
    )
    .addHelpText('after', examples('truetape demo', 'truetape demo > tour.txt'))
    .action(() => runDemo(cli));
}

/** The capture lies among the fixtures of a checkout, and beside the bundle. */
function findCapture(): string {
  const places = [`../../../../fixtures/captures/${CAPTURE}`, `./${CAPTURE}`];
  const path = places
    .map((place) => fileURLToPath(new URL(place, import.meta.url)))
    .find((one) => existsSync(one));
  if (path !== undefined) return path;
  throw new CliFailure(
    EXIT.failure,
    `expected the demo's capture ${CAPTURE}, found none`,
    'install truetape again',
  );
}

type Step =
  | { readonly say: string }
  | { readonly run: string; readonly exit?: number }
  | { readonly act: string; readonly work: () => void };

/** Changes one quantity in a text tape and drops the end line, which would tell. */
function changeOne(from: string, to: string): void {
  const lines = readFileSync(from, 'utf8').split('\n');
  const trades = lines.flatMap((line, k) => (line.includes(' Trade ') ? [k] : []));
  const at = trades[Math.floor(trades.length / 2)];
  lines[at] = lines[at].replace(/ qtyLots=(\d+)/, (_, lots: string) => ` qtyLots=${Number(lots) + 1}`);
  const text = lines.filter((line) => !line.startsWith('end ')).join('\n');
  writeFileSync(to, text);
}

const STEPS: readonly Step[] = [
  { say: 'A recorded stream becomes a tape. Market and grids are found in the capture itself.' },
  { run: `import binance ${CAPTURE} -o day.rpl` },
  { say: 'What is in it.' },
  { run: 'tape summary day.rpl' },
  { say: 'A part of it, for people.' },
  { run: 'tape view day.rpl --kind Trade,Quote --limit 8 --pretty' },
  {
    say: 'The same part as a text tape: it keeps its seqs, can be read back, and names the whole that it is of.',
  },
  { run: 'tape view day.rpl --kind Trade --limit 2' },
  { say: 'The depth book, a fifth of a second in.' },
  { run: 'tape book day.rpl --at-time +200ms --levels 3' },
  { say: 'Every byte is vouched for.' },
  { run: 'tape verify day.rpl' },
  { say: 'Now one trade is changed by hand, in a copy.' },
  { run: 'tape convert day.rpl -o copy.txt.rpl' },
  {
    act: 'one lot more in one trade of copy.txt.rpl → changed.txt.rpl',
    work: () => changeOne('copy.txt.rpl', 'changed.txt.rpl'),
  },
  { say: 'Two tapes are compared whatever their encoding.' },
  { run: 'tape diff day.rpl changed.txt.rpl', exit: EXIT.mismatch },
  {
    say: 'A matching engine: five commands as lines of JSON, the reports, and the book behind them.',
  },
  {
    act: 'two bids, an offer, a sell order that takes both bids, a cancel → orders.jsonl',
    work: () => writeFileSync('orders.jsonl', ORDERS.join('\n')),
  },
  { run: 'book run orders.jsonl --instrument BTC-USD --out session.rpl --depth' },
  { say: 'The session is a tape as well: run again, its commands give what it says, and the same book.' },
  { run: 'tape view session.rpl --kind Fill --pretty' },
  { run: 'book run session.rpl --jsonl --depth --quiet' },
];

const ORDERS: readonly string[] = [
  '{"op":"new","id":1,"side":"buy","type":"limit","price":618000,"qty":5,"owner":"ann"}',
  '{"op":"new","id":2,"side":"buy","type":"limit","price":618001,"qty":2,"owner":"bob"}',
  '{"op":"new","id":3,"side":"sell","type":"limit","price":618004,"qty":4,"owner":"cat"}',
  '{"op":"new","id":4,"side":"sell","type":"limit","price":618000,"qty":6,"owner":"cat"}',
  '{"op":"cancel","id":3,"owner":"cat"}',
];

/** Runs a command line in this process; its exit code. */
async function runLine(cli: Cli, line: string): Promise<number> {
  const args = line.split(' ');
  cli.exitCode = EXIT.ok;
  const program = await createProgram(cli, args);
  await program.parseAsync(args, { from: 'user' });
  const { exitCode } = cli;
  cli.exitCode = EXIT.ok;
  return exitCode;
}

async function runDemo(cli: Cli): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'truetape-demo-'));
  const before = process.cwd();
  copyFileSync(findCapture(), join(folder, CAPTURE));
  process.chdir(folder);
  try {
    for (const step of STEPS) {
      if ('say' in step) printOut(`\n# ${step.say}\n`);
      else if ('act' in step) {
        printOut(`  (${step.act})\n`);
        step.work();
      } else {
        const exit = step.exit ?? EXIT.ok;
        printOut(`$ truetape ${step.run}${exit === EXIT.ok ? '' : ` # exit ${exit}`}\n`);
        const found = await runLine(cli, step.run);
        if (found !== exit)
          throw new CliFailure(EXIT.failure, `expected exit ${exit}, found ${found}`, 'please report it');
      }
    }
  } finally {
    process.chdir(before);
    rmSync(folder, { recursive: true, force: true });
  }
}
