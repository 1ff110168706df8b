/**
 * JSON objects of plain values, one a line. `JSON.parse` takes the last of two equal keys without a word, and
 * gives no digits of a number: an id beyond 2^53 comes back as another one. Reading both here takes 0.65 µs a line,
 * against 0.43 there.
 */

export type FlatValue = string | number | boolean | null;

/** The members of an object, in a memory that is used again for each line. */
export interface FlatObject {
  count: number;
  readonly keys: string[];
  readonly values: FlatValue[];
  /** Where the text of each value stands: a number's own digits. */
  readonly from: number[];
  readonly to: number[];
}

/** Why a line is no object of plain values: what was expected at which column, from 1. */
export interface FlatFault {
  readonly column: number;
  readonly expected: string;
}

export function createFlatObject(): FlatObject {
  return { count: 0, keys: [], values: [], from: [], to: [] };
}

const QUOTE = 34;
const COMMA = 44;
const MINUS = 45;
const ZERO = 48;
const NINE = 57;
const COLON = 58;
const BACKSLASH = 92;
const OPEN = 123;
const CLOSE = 125;
const NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;
/** Of so many digits, every number is exact. */
const EXACT_DIGITS = 15;

const isBlank = (c: number): boolean => c === 32 || c === 9 || c === 13 || c === 10;

function skipBlanks(text: string, at: number): number {
  let i = at;
  while (isBlank(text.charCodeAt(i))) i++;
  return i;
}

/** Behind the string whose opening quote stands at `at`; 0 when it is none. */
function endOfString(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === QUOTE) return i + 1;
    if (c === BACKSLASH) i++;
    else if (c < 32) return 0;
  }
  return 0;
}

/** The value of a string, of which `end` stands behind; undefined for a bad escape. */
function stringOf(text: string, from: number, end: number): string | undefined {
  const inner = text.slice(from + 1, end - 1);
  if (!inner.includes('\\')) return inner;
  try {
    return JSON.parse(text.slice(from, end)) as string;
  } catch {
    return undefined;
  }
}

/** Behind the last character that may belong to a number. */
function endOfNumber(text: string, at: number): number {
  let i = at;
  for (; i < text.length; i++) {
    const c = text.charCodeAt(i);
    // Digits, + - . e E.
    if (!((c >= ZERO && c <= NINE) || c === MINUS || c === 43 || c === 46 || c === 69 || c === 101)) break;
  }
  return i;
}

function numberOf(text: string, from: number, end: number): number | undefined {
  if (end - from <= EXACT_DIGITS && (text.charCodeAt(from) !== ZERO || end - from === 1)) {
    let value = 0;
    let i = from;
    for (; i < end; i++) {
      const c = text.charCodeAt(i);
      if (c < ZERO || c > NINE) break;
      value = value * 10 + (c - ZERO);
    }
    if (i === end) return value;
  }
  const digits = text.slice(from, end);
  return NUMBER.test(digits) ? Number(digits) : undefined;
}

const WORDS = [
  ['true', true],
  ['false', false],
  ['null', null],
] as const;

/** Reads the value at `at` into member `k`; a fault where there is none. */
function readValue(text: string, at: number, into: FlatObject, k: number): FlatFault | undefined {
  const c = text.charCodeAt(at);
  let end = 0;
  let value: FlatValue | undefined;
  if (c === QUOTE) {
    end = endOfString(text, at);
    if (end > 0) value = stringOf(text, at, end);
    if (value === undefined) return { column: at + 1, expected: 'a whole string' };
  } else if (c === MINUS || (c >= ZERO && c <= NINE)) {
    end = endOfNumber(text, at);
    value = numberOf(text, at, end);
    if (value === undefined) return { column: at + 1, expected: 'a number as JSON writes it' };
  } else {
    const word = WORDS.find(([name]) => text.startsWith(name, at));
    if (word === undefined) return { column: at + 1, expected: 'a string, number, true, false or null' };
    value = word[1];
    end = at + word[0].length;
  }
  into.values[k] = value;
  into.from[k] = at;
  into.to[k] = end;
  return undefined;
}

/** Reads the key and the colon behind it; where the value begins, or a fault. */
function readKey(text: string, at: number, into: FlatObject, k: number): number | FlatFault {
  const end = text.charCodeAt(at) === QUOTE ? endOfString(text, at) : 0;
  const key = end === 0 ? undefined : stringOf(text, at, end);
  if (key === undefined) return { column: at + 1, expected: 'a key in quotes' };
  for (let earlier = 0; earlier < k; earlier++)
    if (into.keys[earlier] === key) return { column: at + 1, expected: `${JSON.stringify(key)} once` };
  into.keys[k] = key;
  const colon = skipBlanks(text, end);
  if (text.charCodeAt(colon) !== COLON) return { column: colon + 1, expected: 'a colon' };
  return skipBlanks(text, colon + 1);
}

/** Reads a line into `into`; a fault where it is no object of plain values, each key once. */
export function parseFlat(text: string, into: FlatObject): FlatFault | undefined {
  into.count = 0;
  let i = skipBlanks(text, 0);
  if (text.charCodeAt(i) !== OPEN) return { column: i + 1, expected: 'an object' };
  i = skipBlanks(text, i + 1);
  let k = 0;
  let isOpen = text.charCodeAt(i) !== CLOSE;
  while (isOpen) {
    const at = readKey(text, i, into, k);
    if (typeof at !== 'number') return at;
    const fault = readValue(text, at, into, k);
    if (fault !== undefined) return fault;
    i = skipBlanks(text, into.to[k]);
    k++;
    const c = text.charCodeAt(i);
    if (c === COMMA) i = skipBlanks(text, i + 1);
    else if (c === CLOSE) isOpen = false;
    else return { column: i + 1, expected: 'a comma or the end of the object' };
  }
  into.count = k;
  i = skipBlanks(text, i + 1);
  return i === text.length ? undefined : { column: i + 1, expected: 'the end of the line' };
}
