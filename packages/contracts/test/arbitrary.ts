/** Any event of any kind, edges first: what the properties of the codec draw from. */
import * as fc from 'fast-check';
import {
  MONEY_NONE,
  NONE,
  N_MAX,
  REF_TAPE_MAX,
  SIDE_BUY,
  SIDE_MASK,
  TWO_32,
  VOCABULARIES,
  canonicalText,
  epochAt,
} from '@truetape/contracts';
import type { Epoch, Event, Field, JsonValue, KindLayout } from '@truetape/contracts';
import { absentValue } from './bag.ts';
import type { Bag } from './bag.ts';

/** High halves lie within this of the epoch's. */
const HI_DISTANCE_MAX = 2097150;

const EDGES = [0, 1, -1, 255, 2 ** 31 - 1, 2 ** 31, -(2 ** 31), -(2 ** 31) - 1, TWO_32 - 1, TWO_32, -TWO_32];

const anyN = fc.oneof(
  fc.constantFrom(...EDGES, N_MAX, -N_MAX),
  fc.integer({ min: -1000, max: 1000 }),
  fc.maxSafeInteger(),
);

const anyId = fc.oneof(
  fc.constantFrom(...EDGES.filter((value) => value >= 0), N_MAX, 2 ** 52 - 1, 2 ** 52),
  fc.maxSafeNat(),
);

const anyMoney = fc.oneof(
  fc.constantFrom(0n, 1n, -1n, 2n ** 32n, -(2n ** 64n), 2n ** 64n - 1n, MONEY_NONE + 1n, 2n ** 127n - 1n),
  fc.bigInt({ min: MONEY_NONE + 1n, max: 2n ** 127n - 1n }),
);

const anyHash = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .filter((bytes) => bytes.some((byte) => byte !== 0))
  .map((bytes) => Buffer.from(bytes).toString('hex'));

/** Any epoch of 64 bits. */
export const anyEpoch: fc.Arbitrary<Epoch> = fc.oneof(
  fc
    .constantFrom(0n, 1n, 2n ** 32n - 1n, 2n ** 53n, 1764547200000000000n, 2n ** 63n, 2n ** 64n - 2n)
    .map(epochAt),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 2n }).map(epochAt),
);

/** Any time that the wire and a number of ns since the epoch can both hold. */
export function anyTime(epoch: Epoch): fc.Arbitrary<number> {
  const min = Math.max(-HI_DISTANCE_MAX, -epoch.hi);
  const max = Math.min(HI_DISTANCE_MAX, 0xfffffffe - epoch.hi);
  const hi = fc.oneof(fc.constantFrom(min, max), fc.integer({ min, max }));
  const lo = fc.oneof(fc.constantFrom(0, TWO_32 - 1), fc.integer({ min: 0, max: TWO_32 - 1 }));
  return fc.tuple(hi, lo).map(([high, low]) => high * TWO_32 + (low - epoch.lo));
}

function anyUnsigned(field: Field): fc.Arbitrary<number> {
  const vocabulary = field.vocabulary === undefined ? undefined : VOCABULARIES[field.vocabulary];
  const max = vocabulary?.closed === true ? vocabulary.names.length : 2 ** field.bits - 1;
  return fc.oneof(fc.constantFrom(0, 1, max), fc.integer({ min: 0, max }));
}

function maybe<T>(field: Field, absent: T, value: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return field.optional
    ? fc.oneof({ arbitrary: fc.constant(absent), weight: 1 }, { arbitrary: value, weight: 2 })
    : value;
}

function anyField(field: Field, epoch: Epoch): fc.Arbitrary<number | bigint | string> {
  switch (field.type) {
    case 'n':
      return maybe(field, NONE, anyN);
    case 'q':
    case 'id':
    case 'ref':
      return maybe(field, NONE, anyId);
    case 't':
      return maybe(field, NONE, anyTime(epoch));
    case 'm':
      return maybe(field, MONEY_NONE, anyMoney);
    case 'hash':
      return maybe(field, '', anyHash);
    case 'u':
      return anyUnsigned(field);
  }
}

const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 20 }), fc.string({ maxLength: 40 }));

const json: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue; object: JsonValue }>((tie) => ({
  object: fc.dictionary(text, tie('value'), { maxKeys: 5, noNullPrototype: true }),
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(null, true, false),
    fc.maxSafeInteger().map((value) => value + 0),
    text,
    fc.array(tie('value'), { maxLength: 4 }),
    tie('object'),
  ),
})).object;

function anyPayload(layout: KindLayout): fc.Arbitrary<string | Uint8Array> {
  switch (layout.payload?.type) {
    case 'json':
      return json.map(canonicalText);
    case 'bytes':
      return fc.uint8Array({ maxLength: 40 });
    default:
      return text;
  }
}

const anyExtension = fc
  .array(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), { minLength: 1, maxLength: 3 })
  .map((words) => words.map((word) => word.toString(16).padStart(16, '0')).join(''));

/** Makes a drawn event obey the rules of its kind that no field declares. */
function obeyRules(layout: KindLayout, bag: Bag): Bag {
  switch (layout.name) {
    case 'Trade':
    case 'Fill':
      if ((bag['priceTicks'] === NONE) === (bag['priceFine'] === NONE)) {
        return bag['priceTicks'] === NONE ? { ...bag, priceTicks: -5 } : { ...bag, priceFine: NONE };
      }
      return bag;
    case 'Skip':
      return {
        ...bag,
        count: Math.max(1, Number(bag['count'])),
        flags: 0,
        instrument: 0,
        source: 0,
        ext: '',
      };
    case 'Define':
      return { ...bag, table: Math.max(1, Number(bag['table'])), index: Math.max(1, Number(bag['index'])) };
    case 'Quote':
      return {
        ...bag,
        bidLots: bag['bidTicks'] === NONE ? 0 : bag['bidLots'],
        askLots: bag['askTicks'] === NONE ? 0 : bag['askLots'],
      };
    case 'Level':
      return (Number(bag['flags']) & SIDE_MASK) === 0
        ? { ...bag, flags: Number(bag['flags']) | SIDE_BUY }
        : bag;
    case 'Raw': {
      // Somewhere in a message that is large enough, its very end among the places.
      const bytes = (bag['bytes'] as Uint8Array).length;
      const totalBytes = Math.max(bytes, Number(bag['totalBytes']));
      return { ...bag, totalBytes, offset: Math.min(Number(bag['offset']), totalBytes - bytes) };
    }
    default:
      return bag;
  }
}

/** Any valid event of a kind, its tail cut at any place. */
export function anyEvent(layout: KindLayout, epoch: Epoch): fc.Arbitrary<Event> {
  const u16 = fc.oneof(fc.constantFrom(0, 1, 0xffff), fc.integer({ min: 0, max: 0xffff }));
  const shape: Record<string, fc.Arbitrary<number | bigint | string | Uint8Array>> = {
    seq: fc.maxSafeNat(),
    timeNs: anyTime(epoch),
    flags: fc.integer({ min: 0, max: 0x7f }).filter((flags) => (flags & 0x30) !== 0x30),
    instrument: u16,
    source: u16,
  };
  for (const field of layout.fields) shape[field.name] = anyField(field, epoch);
  if (layout.payload !== undefined) shape[layout.payload.name] = anyPayload(layout);
  const options = fc.record({
    tape: fc.integer({ min: 0, max: REF_TAPE_MAX }),
    cut: fc.integer({ min: 0, max: layout.ends.length }),
    ext: fc.oneof({ arbitrary: fc.constant(''), weight: 4 }, { arbitrary: anyExtension, weight: 1 }),
  });
  return fc.tuple(fc.record(shape), options).map(([drawn, { tape, cut, ext }]) => {
    const bag: Bag = { kind: layout.code, ...drawn };
    const end = layout.ends[cut] ?? layout.fullWords;
    for (const field of layout.fields) {
      if (field.tail && field.word >= end) bag[field.name] = absentValue(field);
      if (field.type === 'ref') bag['causeTape'] = bag['cause'] === NONE ? 0 : tape;
    }
    if (layout.payload === undefined) bag['ext'] = cut === layout.ends.length ? ext : '';
    return obeyRules(layout, bag) as unknown as Event;
  });
}
