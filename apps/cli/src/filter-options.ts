/** The options that select events, the same for every command that has them. */
import { LAYOUTS } from '@truetape/contracts';
import type { FilterSpec } from '@truetape/tape';
import type { Command } from 'commander';
import { usageFailure } from './failure.ts';
import { integerFrom } from './number-argument.ts';
import { absoluteTime, parseTime } from './time-argument.ts';
import type { TimeArgument } from './time-argument.ts';

/** What the options say; times may still be relative. */
export interface FilterArguments {
  readonly kind?: readonly number[];
  readonly instrument?: readonly string[];
  readonly source?: readonly string[];
  readonly side?: 'buy' | 'sell';
  readonly order?: number;
  readonly fromSeq?: number;
  readonly toSeq?: number;
  readonly fromTime?: TimeArgument;
  readonly toTime?: TimeArgument;
}

/** Flag of each option. */
export const FILTER_FLAGS: { readonly [key in keyof Required<FilterArguments>]: string } = {
  kind: '--kind',
  instrument: '--instrument',
  source: '--source',
  side: '--side',
  order: '--order',
  fromSeq: '--from-seq',
  toSeq: '--to-seq',
  fromTime: '--from-time',
  toTime: '--to-time',
};

type FilterKey = keyof typeof FILTER_FLAGS;
const FILTER_KEYS = Object.keys(FILTER_FLAGS) as FilterKey[];

/** The options as they were typed. */
export type FilterTexts = { readonly [key in FilterKey]?: string };

function parseKind(text: string): number {
  const layout = LAYOUTS.find(({ name }) => name.toLowerCase() === text.toLowerCase());
  if (layout !== undefined) return layout.code;
  const unknown = /^Kind0x([0-9a-f]{2})$/i.exec(text);
  if (unknown !== null) return Number.parseInt(unknown[1], 16);
  const start = text.slice(0, 3).toLowerCase();
  const near = LAYOUTS.map(({ name }) => name).filter((name) => name.toLowerCase().startsWith(start));
  throw usageFailure(
    `--kind: expected the name of a kind, found ${text}`,
    near.length > 0
      ? `near it: ${near.join(', ')}`
      : 'kinds are Trade, Quote, Level, …; docs/formats/events.md has all',
  );
}

function parseList(text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.includes('')) throw usageFailure(`expected names with commas between them, found ${text}`);
  return names;
}

function parseKinds(text: string): number[] {
  return parseList(text).map(parseKind);
}

function parseSide(text: string): 'buy' | 'sell' {
  if (text === 'buy' || text === 'sell') return text;
  throw usageFailure(`--side: expected buy or sell, found ${text}`);
}

function parseOrder(text: string): number {
  const id = Number(text);
  if (/^[0-9]{1,16}$/.test(text) && Number.isSafeInteger(id)) return id;
  throw usageFailure(
    `--order: expected a number, found ${text}`,
    'an id that is text stands for a number: --kind Alias shows which',
  );
}

const PARSERS: { readonly [key in FilterKey]: (text: string) => FilterArguments[key] } = {
  kind: parseKinds,
  instrument: parseList,
  source: parseList,
  side: parseSide,
  order: parseOrder,
  fromSeq: integerFrom(0, '--from-seq'),
  toSeq: integerFrom(0, '--to-seq'),
  fromTime: (text) => parseTime(text, '--from-time'),
  toTime: (text) => parseTime(text, '--to-time'),
};

/** Adds the options to a command. */
export function addFilterOptions(command: Command): Command {
  return command
    .option('--kind <kinds>', 'only these kinds, such as Trade,Quote')
    .option('--instrument <ids>', 'only these instruments; - for none, #7 for an index')
    .option('--source <names>', 'only these sources; - for none, #7 for an index')
    .option('--side <side>', 'only this side: buy or sell')
    .option('--order <id>', 'only events that name this order')
    .option('--from-seq <seq>', 'from this seq on')
    .option('--to-seq <seq>', 'up to and with this seq')
    .option('--from-time <time>', 'from this time on: ISO, ns since 1970, or +5s from the start')
    .option('--to-time <time>', 'up to and with this time');
}

/** The options' part of a command's options, as typed. */
export function filterTexts(options: FilterTexts): FilterTexts {
  const given = FILTER_KEYS.filter((key) => options[key] !== undefined);
  return Object.fromEntries(given.map((key) => [key, options[key]]));
}

/** Reads the options. Throws a usage failure. */
export function parseFilter(texts: FilterTexts): FilterArguments {
  const given = FILTER_KEYS.filter((key) => texts[key] !== undefined);
  return Object.fromEntries(given.map((key) => [key, PARSERS[key](texts[key]!)]));
}

/** True when they select everything. */
export function isEverything(filter: FilterArguments): boolean {
  return FILTER_KEYS.every((key) => filter[key] === undefined);
}

/** The filter of a tape whose first event is at `startNs`. */
export function filterSpec(filter: FilterArguments, startNs: bigint): FilterSpec {
  const { kind, instrument, source, side, order, fromSeq, toSeq, fromTime, toTime } = filter;
  return {
    ...(kind === undefined ? {} : { kinds: kind }),
    ...(instrument === undefined ? {} : { instruments: instrument }),
    ...(source === undefined ? {} : { sources: source }),
    ...(side === undefined ? {} : { side }),
    ...(order === undefined ? {} : { orderId: order }),
    ...(fromSeq === undefined ? {} : { fromSeq }),
    ...(toSeq === undefined ? {} : { toSeq }),
    ...(fromTime === undefined ? {} : { fromTime: absoluteTime(fromTime, startNs) }),
    ...(toTime === undefined ? {} : { toTime: absoluteTime(toTime, startNs) }),
  };
}
