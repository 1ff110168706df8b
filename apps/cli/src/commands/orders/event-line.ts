/** A line of `orders run` as an event: parsed once, then trusted. */
import { z } from 'zod';
import { codeOfName } from '@truetape/contracts';
import type { VocabularyName } from '@truetape/contracts';
import { ORDER_EVENTS, REASON_VOCABULARIES } from '@truetape/orders';
import type { OrderEvent } from '@truetape/orders';

export type LineId = string | number;

function isId(value: unknown): value is LineId {
  if (typeof value === 'string') return value.length > 0 && value.length <= 1000;
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

const integer = z.custom<number>(Number.isSafeInteger, { error: 'expected an integer within 2^53' });
const optionalInteger = integer.nullish();
/** JSON.parse rounds larger numbers without a word: such an id has to be a text. */
const id = z.custom<LineId>(isId, { error: 'expected a text, or a number from 0 within 2^53' });
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

const MEMBERS: ReadonlySet<string> = new Set([
  'event',
  ...Object.values(SHAPES).flatMap((shape) => Object.keys(shape.shape)),
]);

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
  /** Members that no event has. */
  readonly strangers: readonly string[];
}

/** A line's event, or what is wrong with it. */
export function parseEventLine(text: string): EventLine | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'it is no JSON';
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'it is no JSON object';
  const name: unknown = 'event' in value ? value.event : undefined;
  const event = ORDER_EVENTS.find((one) => one === name);
  if (event === undefined) {
    return name === undefined
      ? 'it has no event'
      : `unknown event ${JSON.stringify(name)}; known are ${ORDER_EVENTS.join(', ')}`;
  }
  const parsed = SHAPES[event].safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return `${issue.path.join('.')}: ${issue.message}`;
  }
  return eventLine(event, parsed.data, Object.keys(value));
}

type Parsed = z.infer<(typeof SHAPES)[OrderEvent]>;

function eventLine(event: OrderEvent, data: Parsed, members: readonly string[]): EventLine {
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
    strangers: members.filter((member) => !MEMBERS.has(member)),
  };
}
