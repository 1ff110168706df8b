/**
 * Commands as lines of JSON. A line says what it means or is malformed: unknown and repeated keys, values of
 * another type and names that are none are refused. A number that no book takes (a quantity of 0 or 1.5, a price
 * beyond 2^31) is no fault of the line: the book rejects the command.
 */
import {
  BUY,
  FOK,
  GTC,
  IOC,
  LIMIT,
  MARKET,
  OPS,
  OP_AMEND,
  OP_CANCEL_ALL,
  OP_NEW,
  OP_REDUCE,
  POST_ONLY_REJECT,
  POST_ONLY_SLIDE,
  QTY_REMAINING,
  QTY_TOTAL,
  SELL,
  STP_BOTH,
  STP_DECREMENT,
  STP_NEWEST,
  STP_OLDEST,
  commandCode,
} from '@truetape/book';
import { NONE, N_MAX, utf8Length } from '@truetape/contracts';
import { createFlatObject, parseFlat } from './flat-json.ts';
import type { FlatObject, FlatValue } from './flat-json.ts';

/** What a line asks for, in a memory that is used again for each line. */
export interface Asked {
  /** Cell 0 of a command. */
  code: number;
  op: number;
  /** As it was given; undefined for cancelAll. */
  id: string | number | undefined;
  owner: string;
  instrument: string | undefined;
  priceTicks: number;
  qtyLots: number;
  minQtyLots: number;
  /** ns since 1970; undefined: as before. */
  timeNs: bigint | undefined;
  /** The command's own id, where lines may have one. */
  cmdId: string | undefined;
}

/** What is wrong with a line; `field` is empty for the line as such. */
export interface LineFault {
  readonly field: string;
  readonly expected: string;
  readonly found: string;
}

/** Reads lines into one `Asked`. */
export interface LineReader {
  readonly asked: Asked;
  readonly flat: FlatObject;
  /** Lines may have `cmdId`. */
  readonly hasCmdIds: boolean;
}

export function createLineReader(hasCmdIds: boolean = false): LineReader {
  const asked: Asked = {
    code: 0,
    op: 0,
    id: undefined,
    owner: '',
    instrument: undefined,
    priceTicks: NONE,
    qtyLots: NONE,
    minQtyLots: 0,
    timeNs: undefined,
    cmdId: undefined,
  };
  return { asked, flat: createFlatObject(), hasCmdIds };
}

const COMMON = ['op', 'instrument', 'timeNs'];
const KEYS: readonly (readonly string[])[] = [
  [],
  [...COMMON, 'id', 'side', 'type', 'price', 'qty', 'tif', 'postOnly', 'minQty', 'owner', 'stp'],
  [...COMMON, 'id', 'owner'],
  [...COMMON, 'id', 'price', 'qty', 'qtyMode', 'postOnly', 'owner'],
  [...COMMON, 'id', 'qty', 'owner'],
  [...COMMON, 'owner', 'side', 'everyone'],
];

const KEYS_WITH_CMD_ID = KEYS.map((keys) => [...keys, 'cmdId']);

type Choice = readonly (readonly [value: FlatValue, code: number])[];

const SIDES: Choice = [
  ['buy', BUY],
  ['sell', SELL],
];
const TYPES: Choice = [
  ['limit', LIMIT],
  ['market', MARKET],
];
const TIFS: Choice = [
  ['GTC', GTC],
  ['IOC', IOC],
  ['FOK', FOK],
];
const POST_ONLY: Choice = [
  [false, 0],
  ['reject', POST_ONLY_REJECT],
  ['slide', POST_ONLY_SLIDE],
];
const STPS: Choice = [
  ['none', 0],
  ['newest', STP_NEWEST],
  ['oldest', STP_OLDEST],
  ['both', STP_BOTH],
  ['decrement', STP_DECREMENT],
];
const QTY_MODES: Choice = [
  ['total', QTY_TOTAL],
  ['remaining', QTY_REMAINING],
];
const YES_NO: Choice = [
  [false, 0],
  [true, 1],
];

/** Longest id, owner or instrument in UTF-8 bytes: it stands on tapes, and in each line that names it. */
const NAME_BYTES_MAX = 1024;
/** Longest id of a command in UTF-8 bytes. */
const CMD_ID_BYTES_MAX = 128;
/** The largest absolute time on the wire. */
const TIME_MAX = 0xffff_ffff_ffff_fffen;
const FOUND_CHARS_MAX = 60;

/** What stands there, short. */
function shortened(text: string): string {
  return text.length <= FOUND_CHARS_MAX ? text : `${text.slice(0, FOUND_CHARS_MAX)}…`;
}

const fault = (field: string, expected: string, value: FlatValue | undefined): LineFault => ({
  field,
  expected,
  found: value === undefined ? 'nothing' : shortened(JSON.stringify(value)),
});

/** Values of the keys of a line, as codes, before they are put together. */
interface Draft {
  side: number;
  type: number;
  tif: number;
  postOnly: number;
  stp: number;
  qtyMode: number;
  everyone: number;
}

function listed(choice: Choice): string {
  const names = choice.map(([value]) => JSON.stringify(value));
  return `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}

/** Code of a choice; the fallback where it is left out. */
function choose(choice: Choice, field: string, value: FlatValue, fallback: number): number | LineFault {
  if (value === null) return fallback;
  for (const [name, code] of choice) if (name === value) return code;
  return fault(field, listed(choice), value);
}

/** A number for a book's cell. */
function amount(field: string, value: FlatValue): number | LineFault {
  if (value === null) return NONE;
  if (typeof value !== 'number') return fault(field, 'a number', value);
  // The number that stands for an absent one is itself out of every range: its neighbour is refused alike.
  return value === NONE ? NONE - 2 : value + 0;
}

function nameFault(
  field: string,
  value: FlatValue,
  emptyToo: boolean,
  bytesMax: number = NAME_BYTES_MAX,
): LineFault | undefined {
  const isName = typeof value === 'string' && (emptyToo || value !== '') && value.isWellFormed();
  if (isName && utf8Length(value) <= bytesMax) return undefined;
  return fault(field, `a string of ${emptyToo ? 'up' : '1'} to ${bytesMax} bytes`, value);
}

/** An order id: digits, taken from the text of the line since large ones are not exact as numbers, or a string. */
function readId(value: FlatValue, text: string): string | number | LineFault {
  if (typeof value === 'string') return nameFault('id', value, false) ?? value;
  const isDigits = typeof value === 'number' && /^(?:0|[1-9][0-9]*)$/.test(text);
  if (isDigits && value <= N_MAX) return value;
  const found = shortened(text);
  if (isDigits) return { field: 'id', expected: 'an integer up to 2^53−1; larger ids as strings', found };
  return { field: 'id', expected: 'an integer from 0 in digits, or a string', found };
}

function readTime(value: FlatValue, text: string): bigint | LineFault | undefined {
  if (value === null) return undefined;
  const digits = typeof value === 'string' ? value : text;
  const isTime = typeof value !== 'boolean' && /^(?:0|[1-9][0-9]{0,19})$/.test(digits);
  const timeNs = isTime ? BigInt(digits) : -1n;
  return timeNs >= 0n && timeNs <= TIME_MAX
    ? timeNs
    : fault('timeNs', 'ns since 1970: an integer from 0, in digits', value);
}

/** Reads member `k` into the draft and what is asked; a fault where it is none. */
function readMember(reader: LineReader, draft: Draft, text: string, k: number): LineFault | undefined {
  const { asked, flat } = reader;
  const key = flat.keys[k];
  const value = flat.values[k];
  const raw = (): string => text.slice(flat.from[k], flat.to[k]);
  let read: number | string | bigint | LineFault | undefined = 0;
  switch (key) {
    case 'id':
      read = readId(value, raw());
      if (typeof read !== 'object') asked.id = read;
      break;
    case 'price':
      read = amount(key, value);
      if (typeof read === 'number') asked.priceTicks = read;
      break;
    case 'qty':
      read = amount(key, value);
      if (typeof read === 'number') asked.qtyLots = read;
      break;
    case 'minQty':
      read = value === null ? 0 : amount(key, value);
      if (typeof read === 'number') asked.minQtyLots = read;
      break;
    case 'owner':
      if (value === null) break;
      if (typeof value === 'string') asked.owner = value;
      return nameFault(key, value, true);
    case 'instrument':
      if (value === null) break;
      if (typeof value === 'string') asked.instrument = value;
      return nameFault(key, value, false);
    case 'timeNs':
      read = readTime(value, raw());
      if (typeof read !== 'object') asked.timeNs = read;
      break;
    case 'cmdId':
      if (value === null) break;
      if (typeof value === 'string') asked.cmdId = value;
      return nameFault(key, value, false, CMD_ID_BYTES_MAX);
    default:
      return readChoice(draft, key, value);
  }
  return typeof read === 'object' ? read : undefined;
}

const CHOICES: { readonly [key in keyof Draft]: readonly [choice: Choice, fallback: number] } = {
  side: [SIDES, 0],
  type: [TYPES, LIMIT],
  tif: [TIFS, GTC],
  postOnly: [POST_ONLY, 0],
  stp: [STPS, 0],
  qtyMode: [QTY_MODES, QTY_REMAINING],
  everyone: [YES_NO, 0],
};

function readChoice(draft: Draft, key: string, value: FlatValue): LineFault | undefined {
  const name = key as keyof Draft;
  const [choice, fallback] = CHOICES[name];
  const code = choose(choice, key, value, fallback);
  if (typeof code !== 'number') return code;
  draft[name] = code;
  return undefined;
}

/** The op of a line, or what is wrong with it. */
function opOfLine(flat: FlatObject): number | LineFault {
  for (let k = 0; k < flat.count; k++) {
    if (flat.keys[k] !== 'op') continue;
    const op = OPS.indexOf(flat.values[k] as (typeof OPS)[number]) + 1;
    return op > 0 ? op : fault('op', OPS.join(', '), flat.values[k]);
  }
  return fault('op', OPS.join(', '), undefined);
}

function missing({ op, id, qtyLots }: Asked, side: number): LineFault | undefined {
  if (op !== OP_CANCEL_ALL && id === undefined) return fault('id', 'an integer or a string', undefined);
  if (op === OP_NEW && side === 0) return fault('side', listed(SIDES), undefined);
  const needsQty = op === OP_NEW || op === OP_REDUCE;
  return needsQty && qtyLots === NONE ? fault('qty', 'a number', undefined) : undefined;
}

/** Reads a line into `reader.asked`; what is wrong with it otherwise. */
export function readCommandLine(reader: LineReader, text: string): LineFault | undefined {
  const { asked, flat } = reader;
  const broken = parseFlat(text, flat);
  if (broken !== undefined) {
    const { column, expected } = broken;
    const found =
      column > text.length ? 'the end of the line' : shortened(JSON.stringify(text.slice(column - 1)));
    return { field: '', expected: `${expected} at column ${column}`, found };
  }
  const op = opOfLine(flat);
  if (typeof op !== 'number') return op;
  asked.op = op;
  asked.id = undefined;
  asked.owner = '';
  asked.instrument = undefined;
  asked.priceTicks = NONE;
  asked.qtyLots = NONE;
  asked.minQtyLots = 0;
  asked.timeNs = undefined;
  asked.cmdId = undefined;
  const draft: Draft = { side: 0, type: 0, tif: 0, postOnly: 0, stp: 0, qtyMode: 0, everyone: 0 };
  if (op === OP_NEW) {
    draft.type = LIMIT;
    draft.tif = GTC;
  } else if (op === OP_AMEND) draft.qtyMode = QTY_REMAINING;
  const keys = reader.hasCmdIds ? KEYS_WITH_CMD_ID[op] : KEYS[op];
  for (let k = 0; k < flat.count; k++) {
    const key = flat.keys[k];
    if (!keys.includes(key))
      return {
        field: shortened(key),
        expected: `keys of ${OPS[op - 1]}: ${keys.join(', ')}`,
        found: 'another',
      };
    if (key === 'op') continue;
    const wrong = readMember(reader, draft, text, k);
    if (wrong !== undefined) return wrong;
  }
  const { side, type, tif, postOnly, stp, qtyMode, everyone } = draft;
  asked.code = commandCode({ op, side, type, tif, postOnly, stp, qtyMode, everyone: everyone === 1 });
  return missing(asked, side);
}
