/** A line of `orders run` as an event: parsed once, then trusted. */
import { z } from 'zod';
import { codeOfName } from '@truetape/contracts';
import type { VocabularyName } from '@truetape/contracts';
import { ORDER_EVENTS, REASON_VOCABULARIES } from '@truetape/orders';
import type { OrderEvent } from '@truetape/orders';
import { createFlatObject, parseFlat } from '../../book/flat-json.ts';
import { short } from './words.ts';

export type LineId = string | number;

function isId(value: unknown): value is LineId {
  if (typeof value === 'string') return value.length > 0 && value.length <= 1000;
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

const integer = z.custom<number>(Number.isSafeInteger, { error: 'expected an integer within 2^53' });
const optionalInteger = integer.nullish();
const id = z.custom<LineId>(isId, {
  error: 'expected a text of 1 to 1000 characters, or an integer from 0 within 2^53',
});
const words = z.string().max(1000).nullish();
const key = { id };
const why = { reason: words, code: words };
const oneOf = (vocabulary: VocabularyName, ...names: readonly string[]): z.ZodType<number | undefined> =>
  z
    .enum(names as [string, ...string[]], { error: `expected ${names.join(', ')}` })
    .nullish()
    .transform((name) => (typeof name === 'string' ? codeOfName(vocabulary, name) : undefined));

const SHAPES = {
  submit: z.object({
    ...key,
    qty: integer,
    price: optionalInteger,
    tif: oneOf('tif', 'GTC', 'IOC', 'FOK', 'GTD', 'DAY'),
    type: oneOf('orderType', 'limit', 'market', 'stop', 'stopLimit'),
    side: oneOf('side', 'buy', 'sell'),
  }),
  accepted: z.object({ ...key, price: optionalInteger, leaves: optionalInteger }),
  rejected: z.object({ ...key, ...why }),
  fill: z.object({ ...key, tradeId: id.nullish(), price: integer, qty: integer }),
  cancelRequest: z.object({ ...key, ...why }),
  cancelRejected: z.object({ ...key, ...why }),
  canceled: z.object({ ...key, ...why, leaves: optionalInteger }),
  replaceRequest: z.object({ ...key, price: optionalInteger, qty: optionalInteger }),
  replaced: z.object({
    ...key,
    ...why,
    price: optionalInteger,
    qty: optionalInteger,
    leaves: optionalInteger,
  }),
  replaceRejected: z.object({ ...key, ...why }),
  amended: z.object({
    ...key,
    ...why,
    price: optionalInteger,
    qty: optionalInteger,
    leaves: optionalInteger,
  }),
  expired: z.object({ ...key, ...why, leaves: optionalInteger }),
  rested: z.object(key),
} as const satisfies Readonly<Record<OrderEvent, z.ZodType>>;

/** An event as the line says it. */
export interface EventLine {
  readonly event: OrderEvent;
  readonly id: LineId;
  readonly qty: number | undefined;
  readonly price: number | undefined;
  readonly leaves: number | undefined;
  readonly tif: number | undefined;
  readonly type: number | undefined;
  readonly side: number | undefined;
  readonly tradeId: LineId | undefined;
  /** Code of the reason, 0 when its text is none that the vocabulary lists. */
  readonly code: number;
  readonly reason: string | undefined;
  /** Members that this event has not. */
  readonly strangers: readonly string[];
}

/** Whole numbers, also as `1.0` and `1e3`: what they say is exactly what they are read as. */
const WHOLE = /^-?[0-9]+(?:\.0+)?(?:[eE]\+?[0-9]+)?$/;
const flat = createFlatObject();

/** The members of a line, or why it has none. No other number becomes a whole one by being rounded. */
function membersOf(text: string): Readonly<Record<string, unknown>> | string {
  const fault = parseFlat(text, flat);
  if (fault !== undefined) {
    const { column, expected } = fault;
    const found = column > text.length ? 'the end of the line' : short(text.slice(column - 1));
    return `expected ${expected} at column ${column}, found ${found}`;
  }
  const members: [string, unknown][] = [];
  for (let k = 0; k < flat.count; k++) {
    const value = flat.values[k];
    const isExact = typeof value !== 'number' || WHOLE.test(text.slice(flat.from[k], flat.to[k]));
    members.push([flat.keys[k], isExact ? value : Number.NaN]);
  }
  return Object.fromEntries(members);
}

/** A line's event, or what is wrong with it. */
export function parseEventLine(text: string): EventLine | string {
  const members = membersOf(text);
  if (typeof members === 'string') return members;
  const name: unknown = Object.hasOwn(members, 'event') ? members['event'] : undefined;
  const event = ORDER_EVENTS.find((one) => one === name);
  if (event === undefined) {
    return name === undefined
      ? 'it has no event'
      : `unknown event ${short(name)}; known are ${ORDER_EVENTS.join(', ')}`;
  }
  const parsed = SHAPES[event].safeParse(members);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return `${issue.path.join('.')}: ${issue.message}`;
  }
  const strangers = Object.keys(members).filter(
    (member) => member !== 'event' && !Object.hasOwn(SHAPES[event].shape, member),
  );
  return eventLine(event, parsed.data, strangers);
}

type Parsed = z.infer<(typeof SHAPES)[OrderEvent]>;

function eventLine(event: OrderEvent, data: Parsed, strangers: readonly string[]): EventLine {
  const given: Partial<Record<string, unknown>> = data;
  const number = (member: string): number | undefined =>
    (given[member] as number | null | undefined) ?? undefined;
  const reason = (given['code'] ?? given['reason'] ?? undefined) as string | undefined;
  const vocabulary = REASON_VOCABULARIES[event];
  const code = reason === undefined || vocabulary === undefined ? 0 : (codeOfName(vocabulary, reason) ?? 0);
  return {
    event,
    id: data.id,
    qty: number('qty'),
    price: number('price'),
    leaves: number('leaves'),
    tif: number('tif'),
    type: number('type'),
    side: number('side'),
    tradeId: (given['tradeId'] as LineId | null | undefined) ?? undefined,
    code,
    reason,
    strangers,
  };
}
