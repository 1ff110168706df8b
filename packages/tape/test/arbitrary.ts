/** Random sequences of events that a writer must take: all kinds, Defines in the middle, gaps, messages. */
import * as fc from 'fast-check';
import {
  BLANK,
  FLAG_LAST,
  Kind,
  LAYOUTS,
  MONEY_NONE,
  NONE,
  SIDE_BUY,
  UNIX_EPOCH,
  createRecordOut,
  defineFields,
  encodeEvent,
} from '@truetape/contracts';
import type { Event, Field, JsonObject, KindLayout, TableName } from '@truetape/contracts';
import type { Item } from './tape.ts';

type Bag = Record<string, number | bigint | string | Uint8Array>;

const TABLES: readonly TableName[] = ['instrument', 'source', 'account', 'asset', 'label'];
const NUMBERS = [0, 1, -1, 7, 2 ** 31, -(2 ** 31) - 1, 2 ** 32, -(2 ** 32), 2 ** 53 - 1, -(2 ** 53) + 1];
const MONEY = [0n, 1n, -1n, 2n ** 64n, -(2n ** 64n), 2n ** 127n - 1n, 1n - 2n ** 127n];
const ORDINARY = LAYOUTS.filter(({ code }) => code !== Kind.Define && code !== Kind.Skip);

/** A field's value from one drawn number: absent, an edge, or something small. */
function fieldValue(field: Field, draw: number): number | bigint | string {
  const isAbsent = draw % 3 === 0;
  const pick = Math.floor(draw / 3);
  if (field.type === 'u') return isAbsent ? 0 : pick % Math.min(3, 2 ** Math.min(field.bits, 20));
  if (field.type === 't') return isAbsent && field.optional ? NONE : pick;
  if (field.type === 'hash')
    return isAbsent && field.optional ? '' : (pick + 1).toString(16).padStart(64, '0');
  if (field.type === 'm') {
    if (isAbsent && field.optional) return MONEY_NONE;
    return isAbsent && field.tail ? 0n : MONEY[pick % MONEY.length];
  }
  if (isAbsent && (field.optional || field.type === 'ref')) return NONE;
  if (isAbsent && field.tail) return 0;
  const value = NUMBERS[pick % NUMBERS.length];
  return field.type === 'n' ? value : Math.abs(value);
}

const scratch = createRecordOut(UNIX_EPOCH, 64);

/** True for an event that has a record: kinds have rules of their own that no field tells. */
function isEvent(event: Event): boolean {
  scratch.words = 0;
  return encodeEvent(scratch, event) === 0;
}

const anyText = fc.oneof(
  fc.constantFrom(
    '',
    'BTCUSDT',
    'a b',
    '"',
    '\\',
    '-',
    '#7',
    'x=y',
    'é',
    '币安人生',
    '\u{1f600}',
    '\u007f\u0000\n',
  ),
  fc.string({ unit: 'binary', maxLength: 30 }),
);

function payloadValue(layout: KindLayout, text: string): Bag {
  const { payload } = layout;
  if (payload === undefined) return {};
  if (payload.type === 'bytes') return { [payload.name]: Uint8Array.from(Buffer.from(text)) };
  return { [payload.name]: payload.type === 'json' ? JSON.stringify({ text }) : text };
}

/** Any event of any kind but Define and Skip; also of a kind that this build does not know. */
const anyEvent: fc.Arbitrary<Event> = fc
  .record({
    layout: fc.constantFrom(...ORDINARY),
    draws: fc.array(fc.nat(1 << 20), { minLength: 16, maxLength: 16 }),
    flags: fc.nat(0x7f).filter((flags) => (flags & 0x30) !== 0x30),
    names: fc.tuple(fc.nat(70), fc.nat(70)),
    text: anyText,
    ext: fc.constantFrom('', '', '', '00000000000000ff', `${'0'.repeat(16)}0123456789abcdef`),
    unknown: fc.constantFrom(0, 0, 0, 0x0f, 0x2f, 0x5f, 0xff),
  })
  .map(({ layout, draws, flags, names, text, ext, unknown }) => {
    const common = { timeNs: 0, flags, instrument: names[0], source: names[1] };
    if (unknown > 0) return { kind: Kind.Unknown, seq: NONE, ...common, code: unknown, body: ext };
    const bag: Bag = { ...BLANK[layout.name as 'Trade'], kind: layout.code, ...common };
    for (const [k, field] of layout.fields.entries()) bag[field.name] = fieldValue(field, draws[k % 16] + k);
    if (layout.fields.some(({ type }) => type === 'ref'))
      bag['causeTape'] = bag['cause'] === NONE ? 0 : draws[15] % 2047;
    if (layout.payload === undefined) bag['ext'] = ext;
    if (layout.code === Kind.Fill) bag['priceFine'] = bag['priceTicks'] === NONE ? 5 : NONE;
    return { ...bag, ...payloadValue(layout, text) } as unknown as Event;
  })
  .filter(isEvent);

const anyMessage: fc.Arbitrary<Event[]> = fc
  .record({ levels: fc.nat(12), isClosed: fc.constantFrom(true, true, true, false) })
  .map(({ levels, isClosed }) => {
    const update = { ...BLANK.BookUpdate, instrument: 1, levels };
    const events: Event[] = [update];
    for (let k = 0; k < levels; k++)
      events.push({ ...BLANK.Level, flags: SIDE_BUY, instrument: 1, priceTicks: 1000 + k, qtyLots: k });
    const last = events.length - 1;
    if (isClosed) events[last] = { ...events[last], flags: events[last].flags | FLAG_LAST };
    return events;
  });

function definition(table: TableName, name: string, index: number): JsonObject {
  const text = name === '' ? `${table}${index}` : name;
  if (table === 'instrument') return { id: text, priceStep: '0.1', qtyStep: '0.001' };
  if (table === 'asset') return { code: text, scale: 8 };
  return table === 'label' ? { text } : { name: text };
}

type Piece =
  | { readonly form: 'events'; readonly events: readonly Event[] }
  | { readonly form: 'define'; readonly table: TableName; readonly name: string };

const anyPiece: fc.Arbitrary<Piece> = fc.oneof(
  { weight: 6, arbitrary: anyEvent.map((event): Piece => ({ form: 'events', events: [event] })) },
  { weight: 2, arbitrary: anyMessage.map((events): Piece => ({ form: 'events', events })) },
  {
    weight: 2,
    arbitrary: fc.record({
      form: fc.constant('define' as const),
      table: fc.constantFrom(...TABLES),
      name: fc.oneof(
        { weight: 3, arbitrary: fc.constantFrom('', 'a', 'b') },
        { weight: 1, arbitrary: anyText },
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc
      .nat(3000)
      .map((size): Piece => ({ form: 'events', events: [{ ...BLANK.Note, text: 'n'.repeat(size) }] })),
  },
);

const anyStep = fc.constantFrom(0, 0, 1, 1000, 2 ** 32, 2 ** 40);
const anyGap = fc.oneof(
  { weight: 6, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.constantFrom(1, 2, 2 ** 33) },
);

/** Events in an order that a tape allows, the last message complete. The header must say `draft`. */
export function anyItems(maxLength: number): fc.Arbitrary<Item[]> {
  return fc.array(fc.tuple(anyPiece, anyStep, anyGap), { maxLength, size: 'max' }).map((pieces) => {
    const items: Item[] = [];
    const sizes = new Map<TableName, number>();
    let timeNs = 0;
    for (const [piece, step, gap] of pieces) {
      timeNs += step;
      if (piece.form === 'events') {
        for (const [k, event] of piece.events.entries())
          items.push({ event: { ...event, timeNs }, gap: k === 0 ? gap : 0 });
        continue;
      }
      const index = (sizes.get(piece.table) ?? 0) + 1;
      sizes.set(piece.table, index);
      const fields = defineFields(piece.table, index, definition(piece.table, piece.name, index));
      items.push({ event: { ...BLANK.Define, timeNs, ...fields }, gap });
    }
    if (items.length > 0) items.push({ event: { ...BLANK.BookUpdate, timeNs, flags: FLAG_LAST }, gap: 0 });
    return items;
  });
}
