/** A line of `ledger run` as an event: its members as text, so that no decimal passes through a double. */
import { z } from 'zod';
import { CONTRACT_CLASSES, ROUNDINGS, parseDecimal } from '@truetape/kernel';
import type { ContractClass, Rounding } from '@truetape/kernel';
import { createFlatObject, parseFlat } from '../../book/flat-json.ts';
import { short } from '../orders/words.ts';

interface Timed {
  readonly time?: number | undefined;
}
interface CashLine extends Timed {
  readonly asset: string;
  readonly amount: string;
}
interface PaidLine extends CashLine {
  readonly instrument?: string | undefined;
}
interface PriceLine extends Timed {
  readonly instrument: string;
  readonly price: string;
}

/** What events say; decimals are text. */
interface Lines {
  readonly asset: { readonly code: string; readonly scale: number };
  readonly instrument: {
    readonly id: string;
    readonly class: ContractClass;
    readonly base: string;
    readonly quote: string;
    readonly settle?: string | undefined;
    readonly priceStep: string;
    readonly qtyStep: string;
    readonly contractSize?: string | undefined;
    readonly fineScale?: number | undefined;
    readonly roundPer?: 'fill' | 'contract' | undefined;
    readonly rounding?: Rounding | undefined;
    readonly leverage?: number | undefined;
  };
  readonly tier: {
    readonly instrument: string;
    readonly floor: string;
    readonly rate: string;
    readonly amount?: string | undefined;
    readonly leverage?: number | undefined;
  };
  readonly deposit: CashLine;
  readonly withdraw: CashLine;
  readonly fee: PaidLine;
  readonly rebate: PaidLine;
  readonly transfer: CashLine;
  readonly adjust: CashLine;
  readonly fill: PriceLine & {
    readonly side: 'buy' | 'sell';
    readonly qty: string;
    readonly trade?: number | undefined;
    readonly fee?: string | undefined;
    readonly feeAsset?: string | undefined;
  };
  readonly mark: PriceLine;
  readonly last: PriceLine;
  readonly funding: Timed & {
    readonly instrument: string;
    readonly rate: string;
    readonly price?: string | undefined;
  };
  readonly settle: PriceLine;
}

type Tagged = { readonly [Event in keyof Lines]: Lines[Event] & { readonly event: Event } };
/** An event as the line says it. */
export type LedgerLine = Tagged[keyof Lines];

const name = z
  .string({ error: 'expected a name' })
  .min(1, { error: 'expected a name' })
  .max(100, { error: 'expected a name of at most 100 characters' });
const isDecimal = (value: string): boolean => parseDecimal(value).ok;
const decimal = z
  .string({ error: 'expected a decimal' })
  .refine(isDecimal, { error: 'expected a decimal, as "0.25"' });
const fromZero = decimal.refine((value) => !value.startsWith('-'), { error: 'expected a decimal from 0' });
const whole = z
  .string({ error: 'expected an integer' })
  .refine((value) => /^-?[0-9]+$/.test(value) && Number.isSafeInteger(Number(value)), {
    error: 'expected an integer within 2^53',
  })
  .transform(Number);
const oneOf = <const Name extends string>(...names: readonly [Name, ...Name[]]): z.ZodType<Name> =>
  z.enum(names, { error: `expected ${names.join(', ')}` });

const when = { time: whole.optional() };
const held = { ...when, asset: name, amount: fromZero };
const signed = { ...when, asset: name, amount: decimal };
const priced = { ...when, instrument: name, price: decimal };

const SHAPES = {
  asset: z.object({ code: name, scale: whole }),
  instrument: z.object({
    id: name,
    class: oneOf(...CONTRACT_CLASSES),
    base: name,
    quote: name,
    settle: name.optional(),
    priceStep: decimal,
    qtyStep: decimal,
    contractSize: decimal.optional(),
    fineScale: whole.optional(),
    roundPer: oneOf('fill', 'contract').optional(),
    rounding: oneOf(...ROUNDINGS).optional(),
    leverage: whole.optional(),
  }),
  tier: z.object({
    instrument: name,
    floor: fromZero,
    rate: fromZero,
    amount: fromZero.optional(),
    leverage: whole.optional(),
  }),
  deposit: z.object(held),
  withdraw: z.object(held),
  fee: z.object({ ...held, instrument: name.optional() }),
  rebate: z.object({ ...held, instrument: name.optional() }),
  transfer: z.object(signed),
  adjust: z.object(signed),
  fill: z.object({
    ...priced,
    side: oneOf('buy', 'sell'),
    qty: decimal,
    trade: whole.optional(),
    fee: decimal.optional(),
    feeAsset: name.optional(),
  }),
  mark: z.object(priced),
  last: z.object(priced),
  funding: z.object({ ...when, instrument: name, rate: decimal, price: decimal.optional() }),
  settle: z.object(priced),
} as const satisfies { readonly [Event in keyof Lines]: z.ZodType<Lines[Event]> };

export interface ParsedLine {
  readonly line: LedgerLine;
  /** Members that this event has not. */
  readonly strangers: readonly string[];
}

const flat = createFlatObject();

/** The members of a line, numbers by their digits; or why it has none. */
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
    const text_ = typeof value === 'number' ? text.slice(flat.from[k], flat.to[k]) : value;
    // As if it were not there.
    if (text_ !== null) members.push([flat.keys[k], text_]);
  }
  return Object.fromEntries(members);
}

/** A line's event, or what is wrong with it. */
export function parseLedgerLine(text: string): ParsedLine | string {
  const members = membersOf(text);
  if (typeof members === 'string') return members;
  const found: unknown = Object.hasOwn(members, 'event') ? members['event'] : undefined;
  const event = (Object.keys(SHAPES) as (keyof Lines)[]).find((one) => one === found);
  if (event === undefined) {
    return found === undefined
      ? 'it has no event'
      : `unknown event ${short(found)}; known are ${Object.keys(SHAPES).join(', ')}`;
  }
  const parsed = SHAPES[event].safeParse(members);
  if (!parsed.success) {
    const [{ path, message }] = parsed.error.issues;
    const field = path.join('.');
    const given = Object.hasOwn(members, field) ? `, found ${short(members[field])}` : ', and it is missing';
    return `${field}: ${message}${given}`;
  }
  const known = SHAPES[event].shape;
  const strangers = Object.keys(members).filter((one) => one !== 'event' && !Object.hasOwn(known, one));
  return { line: { event, ...parsed.data } as LedgerLine, strangers };
}
