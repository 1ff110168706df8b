import { canonicalText, parseCanonicalObject } from './canonical-json.ts';
import type { JsonObject } from './canonical-json.ts';
import type { Define } from './generated/events.ts';
import { err, ok } from './result.ts';
import type { Result } from './result.ts';
import { utf8Length } from './utf8.ts';

/** Tables that Define events fill. The wire code of a table is its place here plus one. */
export const TABLE_NAMES = ['instrument', 'source', 'account', 'asset', 'label'] as const;
export type TableName = (typeof TABLE_NAMES)[number];

/** One definition: what an index stands for. */
export interface Definition {
  readonly index: number;
  /** id of an instrument, name of a source or account, code of an asset, text of a label. */
  readonly name: string;
  readonly value: JsonObject;
  readonly json: string;
}

/** A table: definitions by index (0 is never defined), and the index that a name stands for now. */
export interface DefineTable {
  readonly byIndex: (Definition | undefined)[];
  readonly byName: Map<string, number>;
}

/** What the Define events of a tape have said so far. */
export type DefineTables = { readonly [name in TableName]: DefineTable };

export interface DefineError {
  readonly code: 'notDense' | 'badJson' | 'badField' | 'unknownTable';
  readonly table: string;
  readonly index: number;
  /** The field at fault, empty when it is none. */
  readonly field: string;
}

export function createTables(): DefineTables {
  const table = (): DefineTable => ({ byIndex: [undefined], byName: new Map() });
  return { instrument: table(), source: table(), account: table(), asset: table(), label: table() };
}

/** Largest index of each table: what its fields can hold. Memory grows with the Defines alone. */
const INDEX_MAX: { readonly [name in TableName]: number } = {
  instrument: 0xffff,
  source: 0xffff,
  account: 0xffffffff,
  asset: 0xffff,
  label: 0xffff,
};

const NAME_KEYS: { readonly [name in TableName]: string } = {
  instrument: 'id',
  source: 'name',
  account: 'name',
  asset: 'code',
  label: 'text',
};

const DECIMAL = /^(?:0|[1-9][0-9]{0,19})(?:\.[0-9]{1,20})?$/;

function badInstrumentField(value: JsonObject): string {
  for (const key of ['priceStep', 'qtyStep']) {
    const step = value[key];
    if (step !== undefined && (typeof step !== 'string' || !DECIMAL.test(step) || !/[1-9]/.test(step)))
      return key;
  }
  const scale = value['fineScale'];
  if (scale !== undefined && (typeof scale !== 'number' || scale < 0 || scale > 30)) return 'fineScale';
  return '';
}

/** Longest name in UTF-8 bytes: it stands in every line of a text tape that uses it. */
const NAME_BYTES_MAX = 1024;
/** An i128 holds 38 digits. */
const SCALE_MAX = 38;

/** The field of a definition that is missing or of the wrong type; empty when all are in order. */
function badField(name: TableName, value: JsonObject): string {
  const own = value[NAME_KEYS[name]];
  if (typeof own !== 'string' || own === '' || utf8Length(own) > NAME_BYTES_MAX) return NAME_KEYS[name];
  const { scale } = value;
  if (name === 'asset' && !(typeof scale === 'number' && scale >= 0 && scale <= SCALE_MAX)) return 'scale';
  return name === 'instrument' ? badInstrumentField(value) : '';
}

/**
 * Takes in one Define. Errors: an index that is not the table's next, or past what fields can hold; JSON that is
 * not canonical or lacks a field.
 */
export function applyDefine(
  tables: DefineTables,
  event: Pick<Define, 'table' | 'index' | 'json'>,
): Result<Definition, DefineError> {
  const name = TABLE_NAMES[event.table - 1];
  const at = { table: name ?? `#${event.table}`, index: event.index, field: '' };
  if (name === undefined) return err({ code: 'unknownTable', ...at });
  const table = tables[name];
  if (event.index !== table.byIndex.length || event.index > INDEX_MAX[name])
    return err({ code: 'notDense', ...at });
  const parsed = parseCanonicalObject(event.json);
  if (!parsed.ok) return err({ code: 'badJson', ...at });
  const field = badField(name, parsed.value);
  if (field !== '') return err({ code: 'badField', ...at, field });
  const definition: Definition = {
    index: event.index,
    name: parsed.value[NAME_KEYS[name]] as string,
    value: parsed.value,
    json: event.json,
  };
  table.byIndex.push(definition);
  table.byName.set(definition.name, event.index);
  return ok(definition);
}

/** A Define's fields for a definition: its table's code and canonical JSON. */
export function defineFields(
  name: TableName,
  index: number,
  value: JsonObject,
): Pick<Define, 'table' | 'index' | 'json'> {
  return { table: TABLE_NAMES.indexOf(name) + 1, index, json: canonicalText(value) };
}

/**
 * How text names an index: the definition's name while that name stands for this index, `-` for none,
 * `#7` for an index that is undefined or whose name a later definition has taken.
 */
export function nameOfIndex(table: DefineTable, index: number): string {
  if (index === 0) return '-';
  const name = table.byIndex[index]?.name;
  return name !== undefined && table.byName.get(name) === index ? quoteText(name) : `#${index}`;
}

const BARE = /^[A-Za-z0-9_.:/@+-]+$/;

/** A string as text tapes write it: bare where that is unambiguous, else a JSON string of ASCII alone. */
export function quoteText(text: string): string {
  return BARE.test(text) && text !== '-' ? text : asciiJson(JSON.stringify(text));
}

/** JSON text with every unit beyond ASCII, and DEL, as an escape. */
export function asciiJson(json: string): string {
  return json.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
