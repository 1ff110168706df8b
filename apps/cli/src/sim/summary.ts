/** What a run came to: the same bytes on every machine. */
import { hashMarket } from '@truetape/book';
import type { JsonObject, JsonValue } from '@truetape/contracts';
import { nodePorts } from '@truetape/host';
import { metricsJson } from '@truetape/orderflow';
import type { Sim } from '@truetape/orderflow';
import { formatSpan } from '@truetape/tape';
import type { TapeEnd } from '@truetape/tape';
import type { Format } from '../outputs/index.ts';
import type { ConfigOrigin } from './config-source.ts';

export interface SummaryParts {
  readonly sim: Sim;
  readonly origin: ConfigOrigin;
  /** What was written, or would have been. */
  readonly tape: TapeEnd;
  /** First seq of this run; what comes before on its tape are Defines, or the tape that it was joined to. */
  readonly fromSeq: number;
  readonly isJoined: boolean;
  readonly isInterrupted: boolean;
  readonly out: { readonly path: string; readonly format: Format } | undefined;
  readonly state: string | undefined;
  /** A command to go on with; null where none comes to mind. */
  readonly next: string | null;
}

/** The summary as one object. */
export function summaryOf(parts: SummaryParts): JsonObject {
  const { sim, origin, tape, fromSeq, isJoined, isInterrupted, out, state, next } = parts;
  const { preset, config, set } = origin;
  return {
    preset,
    config,
    set: [...set],
    symbols: sim.symbols.map(({ name }) => name),
    seed: sim.seed,
    events: sim.recorder.nextSeq,
    timeNs: sim.timeNs,
    regime: sim.regimes[sim.regime],
    interrupted: isInterrupted,
    metrics: metricsJson(sim),
    fromSeq,
    joined: isJoined,
    tape: out === undefined ? null : { path: out.path, format: out.format },
    tapeEvents: tape.count,
    hash: tape.hash,
    stateHash: hashMarket(sim.market, nodePorts.sha256),
    state: state ?? null,
    next,
  };
}

const LABEL_WIDTH = 22;
const line = (label: string, text: string): string => `${label.padEnd(LABEL_WIDTH)}${text}`;

/** `cancelRate` as `cancel rate`. */
const words = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function cellText(name: string, value: JsonValue | undefined): string {
  if (value === null || value === undefined) return '-';
  if (name === 'timeNs') return formatSpan(BigInt(value as number));
  return typeof value === 'string' ? value : JSON.stringify(value);
}

type Column = readonly [title: string, values: JsonObject];

/** All, and each regime that was in force. */
function columnsOf(metrics: JsonObject): Column[] {
  const regimes = Object.entries(metrics['regimes'] as { [name: string]: JsonObject });
  return [
    ['all', metrics['all'] as JsonObject],
    ...regimes
      .filter(([, counts]) => counts['events'] !== 0)
      .map(([name, counts]) => [name, counts] as const),
  ];
}

/** Counts and rates in columns. */
function countLines(columns: readonly Column[]): string[] {
  const names = Object.keys(columns[0][1]).filter((name) => !DISTRIBUTIONS.includes(name));
  const texts = columns.map(([title, values]) => {
    const cells = [title, ...names.map((name) => cellText(name, values[name]))];
    const width = Math.max(...cells.map(({ length }) => length));
    return cells.map((cell) => cell.padStart(width));
  });
  const labels = ['', ...names.map((name) => (name === 'timeNs' ? 'time' : words(name)))];
  return labels.map((label, row) => line(label, texts.map((cells) => cells[row]).join('  ')));
}

const DISTRIBUTIONS: readonly string[] = ['queueDepth', 'spreadTicks', 'topLots'];

function distributionText(value: JsonValue | undefined): string {
  if (!isObject(value)) return '-';
  const shown = Object.entries(value).filter(([key]) => key !== 'count');
  return shown.map(([key, one]) => `${key} ${cellText(key, one)}`).join(', ');
}

/** Distributions in all, and of each regime where there were several. */
function distributionLines(columns: readonly Column[]): string[] {
  const shown = columns.length > 2 ? columns : columns.slice(0, 1);
  return DISTRIBUTIONS.flatMap((name) =>
    shown.map(([title, values], k) =>
      line(k === 0 ? words(name) : `  ${title}`, distributionText(values[name])),
    ),
  );
}

function tapeText(parts: SummaryParts): string {
  const { out, tape } = parts;
  return out === undefined ? 'none was written' : `${out.path}, ${tape.count} events as ${out.format}`;
}

function runText({ sim, origin }: SummaryParts): string {
  const set = origin.set.map((assignment) => ` --set ${assignment}`).join('');
  return `${origin.preset ?? origin.config}${set}, seed ${sim.seed}`;
}

/** The summary for people. */
export function summaryText(parts: SummaryParts): string {
  const { sim, tape, fromSeq, isJoined, isInterrupted, state, next } = parts;
  const columns = columnsOf(metricsJson(sim));
  const symbols = sim.symbols.map(({ name }) => name).join(', ');
  const events = `${sim.recorder.nextSeq} in ${formatSpan(BigInt(sim.timeNs))} of simulated time`;
  const regime = `${sim.regimes[sim.regime]} at the end`;
  const part = fromSeq > 0 ? line('part', `events from seq ${fromSeq} on${isJoined ? ', joined' : ''}`) : '';
  return [
    line('simulation', runText(parts)),
    line('symbols', symbols),
    line('events', `${events}${isInterrupted ? ', interrupted' : ''}`),
    line('regime', regime),
    ...countLines(columns),
    ...distributionLines(columns),
    part,
    line('tape', tapeText(parts)),
    line('hash', tape.hash),
    line('books', hashMarket(sim.market, nodePorts.sha256)),
    state === undefined ? '' : line('state', state),
    next === null ? '' : line('next', next),
  ]
    .filter((one) => one !== '')
    .join('\n')
    .concat('\n');
}
