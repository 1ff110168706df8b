/** `truetape backtest compare`. */
import { Command } from 'commander';
import type { JsonObject } from '@truetape/contracts';
import { nodePorts } from '@truetape/host';
import { createDecoder, createReader, diffTapes } from '@truetape/tape';
import { readAccount } from '../../backtest/run-account.ts';
import type { RunAccount } from '../../backtest/run-account.ts';
import { tableLines } from '../../backtest/table-lines.ts';
import type { Cli, GlobalOptions } from '../../cli.ts';
import { examples } from '../../examples.ts';
import { EXIT, usageFailure } from '../../failure.ts';
import { openTapes } from '../../open-tapes.ts';
import { addAllowTorn, addJson } from '../../options.ts';
import { printOut } from '../../terminal.ts';
import { tapeFailure } from '../../wording.ts';

interface CompareOptions extends GlobalOptions {
  readonly allowTorn?: boolean;
  readonly json?: boolean;
}

export function createCommand(cli: Cli): Command {
  const command = new Command('compare')
    .description(
      'Lay runs side by side: output tapes of backtests, or what backtest run --json printed. Every value that ' +
        'differs is shown, of tapes also the first event. Exits 0 when nothing differs, 3 when something does.',
    )
    .argument('<a>', 'a tape or a report (- for a report on stdin)')
    .argument('<others...>', 'one or more others');
  return addJson(addAllowTorn(command))
    .addHelpText(
      'after',
      examples(
        'truetape backtest compare a.rpl b.rpl',
        'truetape backtest compare a.json b.json c.json --json',
      ),
    )
    .action(async (a: string, others: string[], _: unknown, self: Command) => {
      const options = self.optsWithGlobals<CompareOptions>();
      printOut(await comparisonOf(cli, [a, ...others], options));
    });
}

/** What is printed; the exit code says whether anything differs. */
export async function comparisonOf(
  cli: Cli,
  paths: readonly string[],
  options: CompareOptions,
): Promise<string> {
  const comparison = await compare(paths, options.allowTorn === true);
  if (comparison.differing.length + comparison.events.length > 0) cli.exitCode = EXIT.mismatch;
  return options.json === true ? `${JSON.stringify(comparisonJson(comparison))}\n` : textOf(comparison);
}

/** The first event in which a tape differs from the first one. */
interface EventDifference {
  readonly path: string;
  readonly seq: number;
  readonly a: string | null;
  readonly b: string | null;
}

interface Comparison {
  readonly paths: readonly string[];
  /** Values that were compared: where forms differ, those that both have. */
  readonly compared: number;
  readonly differing: readonly { readonly name: string; readonly values: readonly (string | null)[] }[];
  readonly events: readonly EventDifference[];
}

/** What only a later run has stands with what is beside it, not at the end. */
function bySection(names: ReadonlySet<string>): string[] {
  const sectionOf = (name: string): string => name.slice(0, Math.max(0, name.lastIndexOf('.')));
  const sections = new Map<string, string[]>();
  for (const name of names) {
    const section = sectionOf(name);
    sections.set(section, [...(sections.get(section) ?? []), name]);
  }
  return [...sections.values()].flat();
}

async function compare(paths: readonly string[], allowTorn: boolean): Promise<Comparison> {
  if (paths.filter((path) => path === '-').length > 1)
    throw usageFailure('- stands for standard input, which can be read once only', 'name it once');
  const accounts: RunAccount[] = [];
  for (const path of paths) accounts.push(await readAccount(path, allowTorn));
  const [first, ...others] = accounts;
  const isOneForm = others.every(({ form }) => form === first.form);
  const all = bySection(new Set(accounts.flatMap(({ values }) => [...values.keys()])));
  const names = all.filter((name) => isOneForm || accounts.every(({ values }) => values.has(name)));
  const rows = names.map((name) => ({
    name,
    values: accounts.map(({ values }) => values.get(name) ?? null),
  }));
  const events =
    first.form === 'tape'
      ? others.filter(({ form }) => form === 'tape').flatMap(({ path }) => firstDifference(first.path, path))
      : [];
  return {
    paths,
    compared: names.length,
    differing: rows.filter(({ values }) => values.some((value) => value !== values[0])),
    events,
  };
}

function firstDifference(a: string, b: string): EventDifference[] {
  const [left, right] = [a, b].map((path) =>
    createReader(createDecoder({ ports: nodePorts }), openTapes([path], { allowTorn: true }).source),
  );
  const { difference, error } = diffTapes(left, right, 0);
  if (error !== undefined) throw tapeFailure(error.tape === 'a' ? a : b, error.error);
  return difference === undefined ? [] : [{ path: b, seq: difference.seq, a: difference.a, b: difference.b }];
}

function comparisonJson({ paths, compared, differing, events }: Comparison): JsonObject {
  return {
    format: 'truetape/backtest-comparison/1',
    runs: [...paths],
    equal: differing.length + events.length === 0,
    compared,
    differing: differing.map(({ name, values }) => ({ name, values: [...values] })),
    events: events.map((one) => ({ ...one })),
  };
}

const VALUE_MAX = 24;

/** A value as a cell: hashes and lists by their beginning. */
function cell(value: string | null): string {
  if (value === null) return '-';
  return value.length <= VALUE_MAX ? value : `${value.slice(0, VALUE_MAX - 8)}…`;
}

function textOf({ paths, compared, differing, events }: Comparison): string {
  const [first] = paths;
  if (differing.length + events.length === 0) return `equal: ${compared} values of ${paths.length} runs\n`;
  const rows = differing.map(({ name, values }) => [name, ...values.map(cell)]);
  const eventLines = events.flatMap(({ path, seq, a, b }) => [
    '',
    `${first} and ${path} differ first at seq ${seq}`,
    `- ${a ?? `(${first} has no event ${seq})`}`,
    `+ ${b ?? `(${path} has no event ${seq})`}`,
  ]);
  return [
    `differ: ${differing.length} of ${compared} values`,
    '',
    ...tableLines(['value', ...paths], rows),
    ...eventLines,
    '',
  ].join('\n');
}
