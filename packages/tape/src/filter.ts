/** Filters: which records of a tape are wanted, and which frames can hold none of them. */
import { Kind, LAYOUTS, SIDE_BUY, SIDE_MASK, SIDE_SELL, getN } from '@truetape/contracts';
import type { DefineTable, DefineTables, RecordBuffer } from '@truetape/contracts';
import type { FrameHeader, FrameSummary, WireTime } from './frame.ts';

/** What is wanted; conditions are combined, names of a list are alternatives. Seqs and times are inclusive. */
export interface FilterSpec {
  readonly kinds?: readonly number[];
  /** Define ids, `#7` for an index, `-` for none. */
  readonly instruments?: readonly string[];
  /** Define names, `#7` for an index, `-` for none. */
  readonly sources?: readonly string[];
  readonly side?: 'buy' | 'sell';
  /** Any field that holds an order's id. */
  readonly orderId?: number;
  readonly fromSeq?: number;
  readonly toSeq?: number;
  /** Absolute Unix ns. */
  readonly fromTime?: bigint;
  readonly toTime?: bigint;
}

/** A set of indexes of one table that grows as Defines give its names a meaning. */
interface NameSet {
  readonly names: readonly string[];
  readonly indexes: Uint8Array;
  /** The same as a frame's summary has it: bit = index mod 64. */
  readonly bits: Uint32Array;
  /** Definitions that have been looked at. */
  seen: number;
}

export interface Filter {
  readonly spec: FilterSpec;
  readonly kinds: Uint8Array | undefined;
  readonly instruments: NameSet | undefined;
  readonly sources: NameSet | undefined;
  readonly side: number;
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly from: WireTime;
  readonly to: WireTime;
}

const ORDER_FIELDS = [
  'orderId',
  'newOrderId',
  'makerOrderId',
  'takerOrderId',
  'contraOrderId',
  'parentOrderId',
];
/** Words by kind that hold an order's id. */
const ORDER_WORDS: readonly (readonly number[])[] = Array.from({ length: 256 }, (_, code) => {
  const layout = LAYOUTS.find((entry) => entry.code === code);
  return (layout?.fields ?? [])
    .filter((field) => ORDER_FIELDS.includes(field.name))
    .map((field) => field.word);
});

function wireTime(ns: bigint): WireTime {
  return { hi: Number(ns >> 32n), lo: Number(ns & 0xffffffffn) };
}

function addIndex(set: Pick<NameSet, 'indexes' | 'bits'>, index: number): void {
  set.indexes[index] = 1;
  set.bits[(index >>> 5) & 1] |= 1 << (index & 31);
}

function nameSet(names: readonly string[] | undefined): NameSet | undefined {
  if (names === undefined) return undefined;
  const set: NameSet = { names, indexes: new Uint8Array(65536), bits: new Uint32Array(2), seen: 1 };
  for (const name of names) {
    if (name === '-') addIndex(set, 0);
    const index = Number(/^#([1-9][0-9]{0,4})$/.exec(name)?.[1] ?? 0);
    if (index > 0 && index <= 0xffff) addIndex(set, index);
  }
  return set;
}

/** Prepares a filter. It may be used for one tape only: it learns what names stand for as the tape goes on. */
export function createFilter(spec: FilterSpec): Filter {
  let kinds: Uint8Array | undefined;
  if (spec.kinds !== undefined) {
    kinds = new Uint8Array(256);
    for (const kind of spec.kinds) kinds[kind] = 1;
  }
  return {
    spec,
    kinds,
    instruments: nameSet(spec.instruments),
    sources: nameSet(spec.sources),
    side: spec.side === undefined ? -1 : spec.side === 'buy' ? SIDE_BUY : SIDE_SELL,
    fromSeq: spec.fromSeq ?? 0,
    toSeq: spec.toSeq ?? Number.MAX_SAFE_INTEGER,
    from: wireTime(spec.fromTime ?? 0n),
    to: wireTime(spec.toTime ?? 0xfffffffffffffffen),
  };
}

/** True when a filter asks for everything. */
export function isEmptyFilter(filter: Filter): boolean {
  return Object.values(filter.spec).every((value) => value === undefined);
}

function learn(set: NameSet, table: DefineTable): void {
  for (; set.seen < table.byIndex.length; set.seen++) {
    const definition = table.byIndex[set.seen];
    if (definition !== undefined && set.names.includes(definition.name)) addIndex(set, set.seen);
  }
}

/** Takes in the Defines so far; call before each batch. */
export function updateFilter(filter: Filter, tables: DefineTables): void {
  if (filter.instruments !== undefined) learn(filter.instruments, tables.instrument);
  if (filter.sources !== undefined) learn(filter.sources, tables.source);
}

function namesOrder(b: RecordBuffer, i: number, kind: number, orderId: number): boolean {
  const words = b.u32[i] & 0xffff;
  for (const word of ORDER_WORDS[kind]) {
    if (word < words && getN(b, i + word * 2) === orderId) return true;
  }
  return false;
}

function before(aHi: number, aLo: number, b: WireTime): boolean {
  return aHi < b.hi || (aHi === b.hi && aLo < b.lo);
}

/** True when a record is wanted. A Define always is: without it nothing else could be named. A Skip never is. */
export function filterMatches(filter: Filter, b: RecordBuffer, i: number, seq: number): boolean {
  const head = b.u32[i];
  const kind = (head >>> 16) & 0xff;
  if (kind === Kind.Define) return true;
  if (kind === Kind.Skip) return false;
  if (filter.kinds !== undefined && filter.kinds[kind] === 0) return false;
  if (seq < filter.fromSeq || seq > filter.toSeq) return false;
  const names = b.u32[i + 1];
  if (filter.instruments !== undefined && filter.instruments.indexes[names & 0xffff] === 0) return false;
  if (filter.sources !== undefined && filter.sources.indexes[names >>> 16] === 0) return false;
  if (filter.side >= 0 && ((head >>> 24) & SIDE_MASK) !== filter.side) return false;
  const lo = b.u32[i + 2];
  const hi = b.u32[i + 3];
  if (before(hi, lo, filter.from) || before(filter.to.hi, filter.to.lo, { hi, lo })) return false;
  const { orderId } = filter.spec;
  return orderId === undefined || namesOrder(b, i, kind, orderId);
}

/** True when a bit of a summary may stand for a wanted index. Indexes share bits, so it may be wrongly true. */
function overlaps(set: NameSet | undefined, bits: Uint32Array): boolean {
  return set === undefined || (set.bits[0] & bits[0]) !== 0 || (set.bits[1] & bits[1]) !== 0;
}

type FrameFacts = Pick<FrameHeader, 'firstSeq' | 'nextSeq' | 'firstTime' | 'lastTime'> & {
  readonly summary: FrameSummary;
};

/**
 * False when no record of a frame can be wanted (Defines aside). Call `updateFilter` right before, with the
 * decoder's tables: a Define at the end of a frame may name what the next holds, and no batch lies between.
 */
export function filterWants(filter: Filter, frame: FrameFacts): boolean {
  if (frame.nextSeq <= filter.fromSeq || frame.firstSeq > filter.toSeq) return false;
  if (before(frame.lastTime.hi, frame.lastTime.lo, filter.from)) return false;
  if (before(filter.to.hi, filter.to.lo, frame.firstTime)) return false;
  const { kinds } = filter.spec;
  if (
    kinds !== undefined &&
    !kinds.some((kind) => (frame.summary.kinds[kind >>> 5] & (1 << (kind & 31))) !== 0)
  ) {
    return false;
  }
  return (
    overlaps(filter.instruments, frame.summary.instruments) && overlaps(filter.sources, frame.summary.sources)
  );
}
