/** Reads saved states from untrusted JSON: what is not as expected is remembered by its first path, and read as 0. */
import { NONE } from '@truetape/contracts';

export interface StateReader {
  /** Of the whole state: the path of the first thing that is wrong. */
  readonly fault: string | undefined;
  fail(field: string): void;
  /** A safe integer from 0 to a largest one. */
  count(field: string, max?: number): number;
  /** A safe integer; NONE for null. */
  maybe(field: string): number;
  flag(field: string): boolean;
  text(field: string): string;
  object(field: string): StateReader;
  list(field: string): StateReader[];
  /** The value itself: a list of so many safe integers or nulls. */
  cells(length: number): (number | undefined)[];
  /** A list of so many safe integers or nulls. */
  row(field: string, length: number): (number | undefined)[];
  /** A list of texts. */
  texts(field: string): string[];
  /** The value itself: a safe integer. */
  integer(): number;
  /** The value itself, as a list. */
  items(): StateReader[];
}

interface Fault {
  path: string | undefined;
}

export function createStateReader(state: unknown): StateReader {
  return readerOf(state, '', { path: undefined });
}

function readerOf(state: unknown, path: string, fault: Fault): StateReader {
  const at = (field: string): string => (path === '' || field === '' ? path + field : `${path}.${field}`);
  const fail = (field: string): void => {
    fault.path ??= at(field) || 'state';
  };
  const get = (field: string): unknown => {
    if (typeof state === 'object' && state !== null && !Array.isArray(state) && Object.hasOwn(state, field))
      return (state as Record<string, unknown>)[field];
    fail(field);
    return undefined;
  };
  const wanted = <T>(field: string, isOne: (value: unknown) => value is T, otherwise: T): T => {
    const value = get(field);
    if (isOne(value)) return value;
    fail(field);
    return otherwise;
  };
  const itemsOf = (value: unknown, where: string): StateReader[] => {
    if (Array.isArray(value)) return value.map((item, k) => readerOf(item, `${where}[${k}]`, fault));
    fault.path ??= where || 'state';
    return [];
  };
  return {
    get fault() {
      return fault.path;
    },
    fail,
    count: (field, max = Number.MAX_SAFE_INTEGER) =>
      wanted(field, (value): value is number => isCount(value) && value <= max, 0),
    maybe: (field) =>
      wanted(field, (value): value is number | null => value === null || isInteger(value), 0) ?? NONE,
    flag: (field) => wanted(field, (value) => typeof value === 'boolean', false),
    text: (field) => wanted(field, (value) => typeof value === 'string', ''),
    object: (field) => readerOf(get(field), at(field), fault),
    list: (field) => itemsOf(get(field), at(field)),
    cells: (length) => {
      const isRow = Array.isArray(state) && state.length === length;
      if (isRow && state.every((value) => value === null || isInteger(value)))
        return state.map((value: number | null) => value ?? undefined);
      fail('');
      return [];
    },
    row: (field, length) => readerOf(get(field), at(field), fault).cells(length),
    texts: (field) => {
      const value = get(field);
      if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
      fail(field);
      return [];
    },
    integer: () => {
      if (isInteger(state)) return state;
      fail('');
      return 0;
    },
    items: () => itemsOf(state, path),
  };
}

const isInteger = (value: unknown): value is number => Number.isSafeInteger(value);
const isCount = (value: unknown): value is number => isInteger(value) && value >= 0;
