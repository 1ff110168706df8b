/**
 * Events for people: UTC, decimal prices and quantities, one line each. This is no tape and cannot be read
 * back: fields are shortened, and what says nothing is left out.
 *
 *     2024-08-08 UTC
 *           12 09:00:00.123456789 Trade       BTCUSDT   buy  0.014 @ 61837.6  id 5321  send -1.25s
 *
 * Times of the venue are shown against the event's own time, and only the last one; a feed's name goes
 * without saying, any other source is named.
 */
import {
  FLAG_LAST,
  Kind,
  SIDE_BUY,
  SIDE_MASK,
  kindName,
  layoutOfCode,
  recordFlags,
  recordInstrument,
  recordKind,
  recordSource,
  recordWords,
} from '@truetape/contracts';
import type { DefineTables, Field, KindLayout, RecordBuffer } from '@truetape/contracts';
import { createQuantum, formatDecimal, formatQuanta } from '@truetape/kernel';
import type { Quantum } from '@truetape/kernel';
import { fieldValue, indexName, packedValue, payloadText, unixTimeAt, wordsHex } from './field-values.ts';
import { flagNames } from './json-lines.ts';
import { formatSpan, utcDate, utcTime } from './utc.ts';

/** How parts of a line stand out; each returns its text, with or without marks around it. */
export interface PrettyStyles {
  readonly faint: (text: string) => string;
  readonly kind: (text: string) => string;
  readonly buy: (text: string) => string;
  readonly sell: (text: string) => string;
  readonly alarm: (text: string) => string;
}

const PLAIN = (text: string): string => text;
/** No marks at all: for files and pipes. */
export const PLAIN_STYLES: PrettyStyles = {
  faint: PLAIN,
  kind: PLAIN,
  buy: PLAIN,
  sell: PLAIN,
  alarm: PLAIN,
};

/** Grids of an instrument; undefined where its Define does not say. */
interface Grid {
  readonly symbol: string;
  readonly price: Quantum | undefined;
  readonly qty: Quantum | undefined;
  readonly fineScale: number | undefined;
}

/** A view under way: it remembers the day and the instruments' grids. */
export interface Pretty {
  readonly styles: PrettyStyles;
  readonly grids: (Grid | undefined)[];
  day: string;
}

export function createPretty(styles: PrettyStyles = PLAIN_STYLES): Pretty {
  return { styles, grids: [], day: '' };
}

function quantumOf(step: unknown): Quantum | undefined {
  const quantum = typeof step === 'string' ? createQuantum(step) : undefined;
  return quantum?.ok ? quantum.value : undefined;
}

function gridOf(pretty: Pretty, tables: DefineTables, index: number): Grid {
  const known = pretty.grids[index];
  if (known !== undefined) return known;
  const definition = tables.instrument.byIndex[index];
  const { symbol, priceStep, qtyStep, fineScale } = definition?.value ?? {};
  const grid: Grid = {
    symbol: typeof symbol === 'string' ? symbol : (indexName(tables.instrument, index) ?? '-'),
    price: quantumOf(priceStep),
    qty: quantumOf(qtyStep),
    fineScale: typeof fineScale === 'number' ? fineScale : undefined,
  };
  // Before its Define an instrument is only a number; the grid is kept once it is known.
  if (definition !== undefined) pretty.grids[index] = grid;
  return grid;
}

/** Spans are shown with this many digits behind the point. */
const SPAN_PLACES = 3;

/** One event on its way into a line. */
interface Subject {
  readonly b: RecordBuffer;
  readonly i: number;
  readonly layout: KindLayout;
  readonly grid: Grid;
  readonly tables: DefineTables;
  readonly timeNs: bigint;
}

function moneyText(subject: Subject, amount: bigint): string {
  const assetField = subject.layout.fields.find((field) => field.role === 'asset');
  const index = assetField === undefined ? 0 : packedValue(subject.b, subject.i, assetField);
  const asset = subject.tables.asset.byIndex[index];
  const scale = asset?.value['scale'];
  return typeof scale === 'number' ? `${formatDecimal(amount, scale)} ${asset!.name}` : String(amount);
}

/** Fields whose unit is in the end of their names: the shown name, and the value in decimal. */
function inUnits(subject: Subject, name: string, value: number): readonly [name: string, text: string] {
  const { grid } = subject;
  if (name.endsWith('Ticks') && grid.price !== undefined)
    return [name.slice(0, -5), formatQuanta(grid.price, value)];
  if (name.endsWith('Lots') && grid.qty !== undefined)
    return [name.slice(0, -4), formatQuanta(grid.qty, value)];
  if (name.endsWith('Fine') && grid.fineScale !== undefined)
    return [name.slice(0, -4), formatDecimal(BigInt(value), grid.fineScale)];
  if (name.endsWith('E12')) return [name.slice(0, -3), formatDecimal(BigInt(value), 12)];
  if (name.endsWith('Ns')) return [name.slice(0, -2), formatSpan(BigInt(value))];
  return [name, String(value)];
}

/** `price 61837.6`; empty for a field that is absent. */
function part(subject: Subject, field: Field): string {
  const value = fieldValue(subject.b, subject.i, field);
  if (value === undefined) return '';
  if (typeof value === 'string') return value === 'normal' ? '' : `${field.name} ${value}`;
  if (typeof value === 'bigint') {
    if (field.type === 'm') return `${field.name} ${moneyText(subject, value)}`;
    const span = value - subject.timeNs;
    return `${field.name.replace(/Time$/, '')} ${span < 0n ? '' : '+'}${formatSpan(span, SPAN_PLACES)}`;
  }
  if (field.role === 'label' || field.role === 'account' || field.role === 'asset') {
    const table = subject.tables[field.role];
    return `${field.name} ${indexName(table, value) ?? value}`;
  }
  return inUnits(subject, field.name, value).join(' ');
}

function decimalOf(subject: Subject, name: string): string | undefined {
  const field = subject.layout.fields.find((one) => one.name === name);
  const value = field === undefined ? undefined : fieldValue(subject.b, subject.i, field);
  return typeof value === 'number' ? inUnits(subject, name, value)[1] : undefined;
}

/** What is said first of the kinds that make up most tapes, and the fields that are said with it. */
function lead(subject: Subject, kind: number): readonly [text: string, said: readonly string[]] {
  const get = (name: string): string => decimalOf(subject, name) ?? '-';
  if (kind === Kind.Trade && decimalOf(subject, 'priceTicks') !== undefined) {
    const id = decimalOf(subject, 'tradeId');
    const text = `${get('qtyLots')} @ ${get('priceTicks')}${id === undefined ? '' : `  id ${id}`}`;
    return [text, ['qtyLots', 'priceTicks', 'tradeId']];
  }
  if (kind === Kind.Quote) {
    const text = `${get('bidLots')} @ ${get('bidTicks')} | ${get('askTicks')} @ ${get('askLots')}`;
    return [text, ['bidLots', 'bidTicks', 'askTicks', 'askLots', 'updateId']];
  }
  if (kind === Kind.Level) return [`${get('qtyLots')} @ ${get('priceTicks')}`, ['qtyLots', 'priceTicks']];
  if (kind === Kind.NewOrder) return [`${get('qtyLots')} @ ${get('priceTicks')}`, ['qtyLots', 'priceTicks']];
  return ['', []];
}

/** `instrument 1 BINANCE-USDM:BTCUSDT  priceStep 0.1  qtyStep 0.001`: of a Define, what tells it from others. */
function defineText(subject: Subject): string {
  const { b, i, layout } = subject;
  const value = JSON.parse(payloadText(b, i, layout)) as Record<string, unknown>;
  const name = ['id', 'name', 'code', 'text'].map((key) => value[key]).find((one) => typeof one === 'string');
  const rest = ['role', 'venue', 'priceStep', 'qtyStep', 'scale']
    .filter((key) => value[key] !== undefined)
    .map((key) => `  ${key} ${String(value[key])}`);
  const [table, index] = layout.fields.map((field) => fieldValue(b, i, field) ?? '-');
  return `${String(table)} ${String(index)} ${name ?? ''}${rest.join('')}`;
}

function details(subject: Subject, kind: number): string {
  const { b, i, layout } = subject;
  if (kind === Kind.Define) return defineText(subject);
  const [first, said] = lead(subject, kind);
  const sent = layout.fields.find(({ name }) => name === 'sendTime');
  const isSent = sent !== undefined && fieldValue(b, i, sent) !== undefined;
  const rest = layout.fields
    .filter(({ name }) => !said.includes(name) && !(name === 'matchTime' && isSent))
    .map((field) => part(subject, field));
  if (layout.payload !== undefined) rest.push(payloadText(b, i, layout));
  else if (recordWords(b, i) > layout.fullWords) rest.push(`ext ${wordsHex(b, i, layout.fullWords)}`);
  return [first, ...rest].filter((text) => text !== '').join('  ');
}

function sideText(pretty: Pretty, side: number): string {
  if (side === 0) return '';
  return side === SIDE_BUY ? pretty.styles.buy('buy  ') : pretty.styles.sell('sell ');
}

/** The source's name, unless it is a feed of the market, whose kinds say where they come from. */
function sourceText(pretty: Pretty, tables: DefineTables, index: number): string {
  const definition = tables.source.byIndex[index];
  if (index === 0 || definition?.value['role'] === 'marketFeed') return '';
  return ` ${pretty.styles.faint((indexName(tables.source, index) ?? '').padEnd(10))}`;
}

/** The line of a checked record, without its LF; a line with the date before it where the day changes. */
export function formatPretty(
  pretty: Pretty,
  b: RecordBuffer,
  i: number,
  at: { readonly seq: number; readonly tables: DefineTables },
): string {
  const { styles } = pretty;
  const { tables } = at;
  const kind = recordKind(b, i);
  const flags = recordFlags(b, i);
  const timeNs = unixTimeAt(b, i + 2) ?? 0n;
  const grid = gridOf(pretty, tables, recordInstrument(b, i));
  const layout = layoutOfCode(kind);
  const text =
    layout === undefined
      ? `body ${wordsHex(b, i, 2)}`
      : details({ b, i, layout, grid, tables, timeNs }, kind);
  const marks = flagNames(flags & ~FLAG_LAST)
    .map((name) => `  ${name.startsWith('BAD') ? styles.alarm(name) : styles.faint(name)}`)
    .join('');
  const source = sourceText(pretty, tables, recordSource(b, i));
  const names = `${styles.kind(kindName(kind).padEnd(11))} ${grid.symbol.padEnd(9)}${source}`;
  const head = `${String(at.seq).padStart(8)} ${styles.faint(utcTime(timeNs))}`;
  const line = `${head} ${names} ${sideText(pretty, flags & SIDE_MASK)}${text}${marks}`;
  const day = utcDate(timeNs);
  if (day === pretty.day) return line;
  pretty.day = day;
  return `${styles.faint(`${day} UTC`)}\n${line}`;
}
