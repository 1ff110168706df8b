/**
 * JSON Lines: one object an event, for programs that do not know the tape.
 *
 *     {"seq":7,"timeNs":"1723107600000000000","kind":"Trade","instrument":"BINANCE-USDM:BTCUSDT","source":"trade",
 *      "flags":["LAST"],"side":"buy","priceTicks":618376,"qtyLots":14,"tradeId":5321}
 *
 * Integers that fit 2^53 are numbers; times, which do not, and money are decimal strings. What a text tape
 * omits is omitted here.
 */
import {
  FLAG_NAMES,
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
import type { DefineTables, KindLayout, RecordBuffer } from '@truetape/contracts';
import { fieldValue, indexName, payloadText, unixTimeAt, wordsHex } from './field-values.ts';

function nameJson(name: string | undefined): string {
  return name === undefined ? 'null' : JSON.stringify(name);
}

/** Names of the one-bit flags that are set, in their order in text. */
export function flagNames(flags: number): string[] {
  return FLAG_NAMES.filter(([bit]) => (flags & bit) !== 0).map(([, name]) => name);
}

function fieldsJson(b: RecordBuffer, i: number, layout: KindLayout): string {
  let json = '';
  for (const field of layout.fields) {
    const value = fieldValue(b, i, field);
    if (value === undefined) continue;
    json += `,"${field.name}":${typeof value === 'number' ? value : JSON.stringify(String(value))}`;
  }
  const { payload } = layout;
  if (payload !== undefined) {
    const text = payloadText(b, i, layout);
    json += `,"${payload.name}":${payload.type === 'json' ? text : JSON.stringify(text)}`;
  } else if (recordWords(b, i) > layout.fullWords) json += `,"ext":"${wordsHex(b, i, layout.fullWords)}"`;
  return json;
}

/** The JSON object of a checked record, on one line, without its LF. */
export function formatJsonLine(b: RecordBuffer, i: number, seq: number, tables: DefineTables): string {
  const kind = recordKind(b, i);
  const flags = recordFlags(b, i);
  const head =
    `{"seq":${seq},"timeNs":"${unixTimeAt(b, i + 2) ?? 0n}","kind":"${kindName(kind)}"` +
    `,"instrument":${nameJson(indexName(tables.instrument, recordInstrument(b, i)))}` +
    `,"source":${nameJson(indexName(tables.source, recordSource(b, i)))}`;
  const layout = layoutOfCode(kind);
  if (layout === undefined) return `${head},"flagsByte":${flags},"body":"${wordsHex(b, i, 2)}"}`;
  const names = flagNames(flags);
  const side = flags & SIDE_MASK;
  return (
    head +
    (names.length === 0 ? '' : `,"flags":${JSON.stringify(names)}`) +
    (side === 0 ? '' : `,"side":"${side === SIDE_BUY ? 'buy' : 'sell'}"`) +
    fieldsJson(b, i, layout) +
    '}'
  );
}
