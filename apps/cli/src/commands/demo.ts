/** `truetape demo`: the commands that a user would type, each with what it prints, in a temporary folder. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { examples } from '../examples.ts';
import { CliFailure, EXIT, explained } from '../failure.ts';
import { Interrupted } from '../interruption.ts';
import { createProgram } from '../program.ts';
import { printOut } from '../terminal.ts';

export function createCommand(cli: Cli): Command {
  return new Command('demo')
    .description(
      'A tour in a temporary folder: order flow from a seed becomes a tape, which is looked at, replayed, made ' +
        'again and compared; a pipeline that fails and recovers; an engine that is killed, and loses nothing; a ' +
        'strategy that trades on what was simulated.',
    )
    .addHelpText('after', examples('truetape demo', 'truetape demo > tour.txt'))
    .action(() => runDemo(cli));
}

type Step =
  | { readonly say: string }
  | { readonly run: string; readonly exit?: number }
  | { readonly act: string; readonly work: () => Promise<string> | string };

/** Changes the quantity of one fill in a text tape and drops the end line, which would tell. */
function changeOne(from: string, to: string): string {
  const lines = readFileSync(from, 'utf8').split('\n');
  const fills = lines.flatMap((line, k) => (line.includes(' Fill ') ? [k] : []));
  const at = fills[Math.floor(fills.length / 2)];
  lines[at] = lines[at].replace(/ qtyLots=(\d+)/, (_, lots: string) => ` qtyLots=${Number(lots) + 1}`);
  const text = lines.filter((line) => !line.startsWith('end ')).join('\n');
  writeFileSync(to, text);
  return '';
}

const STEPS: readonly Step[] = [
  { say: 'Agents trade with each other on a real book, from a seed. Every event goes onto a tape.' },
  { run: 'sim run --seed 7 --duration 5s -o run.rpl' },
  { say: 'What is in it.' },
  { run: 'tape summary run.rpl' },
  { say: 'A part of it, for people: a burst of all rates, injected faults, and what was refused.' },
  { run: 'tape view run.rpl --kind Regime,FaultInjected,Rejected --limit 6 --pretty' },
  { say: 'The first fills, each with the command that caused it.' },
  { run: 'tape view run.rpl --kind Fill --limit 4 --pretty' },
  {
    say: 'Every byte is vouched for, and a fresh book is given the commands: it must answer with the same facts.',
  },
  { run: 'tape verify run.rpl --replay --orders' },
  { say: 'Now one fill is changed by hand, in a copy without a hash.' },
  { run: 'tape convert run.rpl -o copy.txt.rpl' },
  {
    act: 'one lot more in one fill of copy.txt.rpl → changed.txt.rpl',
    work: () => changeOne('copy.txt.rpl', 'changed.txt.rpl'),
  },
  { run: 'tape verify changed.txt.rpl --replay', exit: EXIT.mismatch },
  { say: 'Two tapes are compared whatever their encoding.' },
  { run: 'tape diff run.rpl changed.txt.rpl', exit: EXIT.mismatch },
  { say: 'The header has seed and configuration: the tape can be made again, to the byte.' },
  { run: 'sim run --config run.rpl --duration 5s -o again.rpl' },
  { run: 'tape diff run.rpl again.rpl' },
  { say: 'The lab: a pipeline that never blocks fails, and recovers.' },
  { run: 'lab run failure-recovery' },
  {
    say: 'An engine on a durable log, in a process of its own: what it has answered survives its sudden death.',
  },
  {
    act: 'truetape wal serve log --clock input --id demo --jsonl, and then: kill -9',
    work: async () => (await import('../wal/crash-demo.ts')).crashServer('log'),
  },
  { run: 'wal recover log' },
  {
    say: 'A market maker trades on the first tape: delays, queues, fees, a limit on its position, a ledger.',
  },
  {
    run: 'backtest run --tape run.rpl --strategy market-maker --set risk.limits.maxPositionLots=5 -o out.rpl',
  },
  { say: 'What led to its seventh order, and what came of it: on its tape, and on the market’s.' },
  { run: 'why out.rpl order 7 --tape run.rpl' },
];

/** Runs a command line in this process; its exit code. A failure is told where the tour is. */
async function runLine(cli: Cli, line: string): Promise<number> {
  const args = line.split(' ');
  cli.exitCode = EXIT.ok;
  const program = await createProgram(cli, args);
  try {
    await program.parseAsync(args, { from: 'user' });
    return cli.exitCode;
  } catch (error) {
    if (!(error instanceof CliFailure) || error instanceof Interrupted) throw error;
    printOut(explained(error));
    return error.exitCode;
  } finally {
    cli.exitCode = EXIT.ok;
  }
}

async function runDemo(cli: Cli): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'truetape-demo-'));
  const before = process.cwd();
  process.chdir(folder);
  try {
    for (const step of STEPS) {
      if ('say' in step) printOut(`\n# ${step.say}\n`);
      else if ('act' in step) {
        printOut(`  (${step.act})\n`);
        printOut(await step.work());
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
