/**
 * What is known of a run that has ended, from its output tape or from the JSON that `backtest run` printed: one flat
 * list of values by path, so that runs can be laid side by side, whichever form they are in.
 */
import type { JsonObject, JsonValue } from '@truetape/contracts';
import { readChunks } from '@truetape/host';
import { CliFailure, EXIT } from '../failure.ts';
import { lettingGo } from '../let-go.ts';
import { nameOf, readText } from '../sim/config-source.ts';
import { beginsTape } from '../sim/tape-config.ts';
import { readTapeAccount } from './tape-account.ts';

export interface RunAccount {
  readonly path: string;
  readonly form: 'tape' | 'report';
  /** Leaves by their path, such as `config.latency.order.ns`. */
  readonly values: ReadonlyMap<string, string>;
}

/** Adds the leaves of a value. */
function flatten(values: Map<string, string>, path: string, value: JsonValue | undefined): void {
  if (value === undefined) return;
  if (typeof value !== 'object' || value === null) {
    values.set(path, typeof value === 'string' ? value : JSON.stringify(value));
    return;
  }
  for (const [key, inner] of Object.entries(value)) flatten(values, `${path}.${key}`, inner);
}

const object = (value: JsonValue | undefined): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};

/** Paths of a report that say the same as another one, or name files of whoever made it. */
const LEFT_OUT = new Set(['format', 'limits', 'input.path', 'output.path', 'output.fills', 'output.equity']);

/** Of the JSON of `backtest run --json`. */
function accountOfReport(path: string, report: JsonObject): RunAccount {
  const values = new Map<string, string>();
  for (const [key, value] of Object.entries(report))
    if (!LEFT_OUT.has(key)) flatten(values, key, keyed(key, value));
  for (const name of LEFT_OUT) values.delete(name);
  return { path, form: 'report', values };
}

/** Lists of a report as objects, by what names each of their rows. */
function keyed(key: string, value: JsonValue): JsonValue {
  const names: Readonly<Record<string, string>> = {
    profit: 'asset',
    balances: 'asset',
    positions: 'instrument',
    costs: 'instrument',
  };
  const by = names[key];
  if (by !== undefined && Array.isArray(value))
    return Object.fromEntries(value.map((row) => [nameIn(object(row), by), without(object(row), by)]));
  if (key === 'byStrategy' && Array.isArray(value))
    return Object.fromEntries(value.map((row) => [nameIn(object(row), 'name'), partOf(object(row))]));
  if (key === 'equity') return withCurve(object(value));
  if (key !== 'execution') return value;
  const { markouts, ...rest } = object(value);
  const rows = Array.isArray(markouts) ? markouts : [];
  const byDelay = rows.map(
    (row) => [nameIn(object(row), 'delayNs'), without(object(row), 'delayNs')] as const,
  );
  return { ...rest, markouts: Object.fromEntries(byDelay) };
}

/** The equity with each column of its curve as one value. */
function withCurve({ curve, ...equity }: JsonObject): JsonObject {
  if (curve === undefined) return equity;
  const { instruments, byStrategy, ...own } = object(curve);
  const columns = (row: JsonObject): JsonObject =>
    Object.fromEntries(Object.entries(row).map(([name, values]) => [name, JSON.stringify(values)]));
  const named = (rows: JsonValue | undefined, by: string): JsonObject =>
    Object.fromEntries(
      (Array.isArray(rows) ? rows : []).map((row) => [
        nameIn(object(row), by),
        columns(without(object(row), by)),
      ]),
    );
  const parts = { instruments: named(instruments, 'instrument'), byStrategy: named(byStrategy, 'name') };
  return { ...equity, curve: { ...columns(own), ...parts } };
}

/** What a report says of one strategy. */
const partOf = (row: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(without(row, 'name')).map(([key, value]) => [key, keyed(key, value)] as const),
  );

const nameIn = (row: JsonObject, key: string): string => {
  const name = row[key];
  return typeof name === 'string' ? name : JSON.stringify(name);
};

const without = (row: JsonObject, key: string): JsonObject =>
  Object.fromEntries(Object.entries(row).filter(([name]) => name !== key));

const REPORT_FORMAT = 'truetape/backtest-report/';

function parseReport(path: string, text: string): JsonObject {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    content = undefined;
  }
  const report = object(content as JsonValue | undefined);
  const { format } = report;
  if (typeof format === 'string' && format.startsWith(REPORT_FORMAT)) return report;
  throw new CliFailure(
    EXIT.corrupt,
    `${nameOf(path)}: expected an output tape of a backtest, or what backtest run --json printed`,
    'truetape backtest run -o out.rpl writes the one, --json > out.json the other',
  );
}

/** Of a file of either form; `-` is a report on standard input. Throws a failure for what is neither. */
export async function readAccount(path: string, allowTorn: boolean): Promise<RunAccount> {
  const isTape =
    path !== '-' &&
    (await lettingGo(readChunks(path), async (chunks) => {
      const first = await chunks.next();
      return first.done !== true && beginsTape(first.value);
    }));
  if (!isTape) return accountOfReport(path, parseReport(path, await readText(path)));
  const values = new Map<string, string>();
  for (const [key, value] of Object.entries(readTapeAccount(path, allowTorn))) flatten(values, key, value);
  return { path, form: 'tape', values };
}
