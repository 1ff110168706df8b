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

/** Counts and rates, a column for all and one for each regime that was in force. */
function countLines(metrics: JsonObject): string[] {
  const all = metrics['all'] as JsonObject;
  const regimes = Object.entries(metrics['regimes'] as JsonObject).filter(
    ([, counts]) => (counts as JsonObject)['events'] !== 0,
  );
  const columns = [['all', all] as const, ...regimes].map(([title, counts]) => {
    const cells = Object.keys(all).map((name) => cellText(name, (counts as JsonObject)[name]));
    const width = Math.max(...[title, ...cells].map(({ length }) => length));
    return [title, ...cells].map((cell) => cell.padStart(width));
  });
  const labels = ['', ...Object.keys(all).map((name) => (name === 'timeNs' ? 'time' : words(name)))];
  return labels.map((label, row) => line(label, columns.map((column) => column[row]).join('  ')));
}

/** Distributions over commands. */
function distributionLines(metrics: JsonObject): string[] {
  return Object.entries(metrics).flatMap(([name, value]) => {
    if (name === 'all' || name === 'regimes') return [];
    if (!isObject(value)) return [line(words(name), cellText(name, value))];
    const shown = Object.entries(value).filter(([key]) => key !== 'count');
    return [line(words(name), shown.map(([key, one]) => `${key} ${cellText(key, one)}`).join(', '))];
  });
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
  const metrics = metricsJson(sim);
  const symbols = sim.symbols.map(({ name }) => name).join(', ');
  const events = `${sim.recorder.nextSeq} in ${formatSpan(BigInt(sim.timeNs))} of simulated time`;
  const regime = `${sim.regimes[sim.regime]} at the end`;
  const part = fromSeq > 0 ? line('part', `events from seq ${fromSeq} on${isJoined ? ', joined' : ''}`) : '';
  return [
    line('simulation', runText(parts)),
    line('symbols', symbols),
    line('events', `${events}${isInterrupted ? ', interrupted' : ''}`),
    line('regime', regime),
    ...countLines(metrics),
    ...distributionLines(metrics),
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
