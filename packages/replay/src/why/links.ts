/** How events name each other: what they follow from, and whose they are. */
import {
  Kind,
  LAYOUTS,
  NONE,
  getN,
  getRefSeq,
  getRefTape,
  kindName,
  layoutOfName,
} from '@truetape/contracts';
import type { Event, RecordBuffer } from '@truetape/contracts';

/** What wants something of the market. */
export type Decision = Extract<
  Event,
  { readonly kind: typeof Kind.Intent } | { readonly kind: typeof Kind.Target }
>;

/** An event of this tape (0), or of its k-th parent. */
export interface Place {
  readonly tape: number;
  readonly seq: number;
}

export const isDecision = (event: Event): event is Decision =>
  event.kind === Kind.Intent || event.kind === Kind.Target;
export const isCommand = (kind: number): boolean => kind >= Kind.NewOrder && kind <= Kind.CancelAll;
export const isFact = (kind: number): boolean => kind >= Kind.Accepted && kind <= Kind.CancelAllDone;

/** What an event says that it follows from; undefined where it names nothing. */
export function causeOf(event: Event): Place | undefined {
  if (!('cause' in event) || event.cause === NONE) return undefined;
  return { tape: event.causeTape, seq: event.cause };
}

/** Orders that an event is about: that of a command or a report, both of a trade between two. */
export function ordersOf(event: Event): readonly number[] {
  if (event.kind === Kind.Fill) {
    const { makerOrderId, takerOrderId } = event;
    return [takerOrderId, makerOrderId].filter((id) => id !== NONE);
  }
  // A verdict names the order that it would be: one that was denied leaves its id to the next.
  if (event.kind === Kind.RiskDecision) return [];
  if (!('orderId' in event) || event.orderId === NONE) return [];
  return [event.orderId];
}

/** Word of the cause, in every kind that has one. */
const CAUSE_WORD = layoutOfName('Canceled')!.fields.find(({ name }) => name === 'cause')!.word;

/** Kinds that can be part of a chain: those with a cause. */
const HAS_CAUSE = new Uint8Array(256);
/** Words by kind that hold the id of an order or an intent. */
const ORDER_WORDS: number[][] = Array.from({ length: 256 }, () => []);
const INTENT_WORDS: number[][] = Array.from({ length: 256 }, () => []);
for (const { code, fields } of LAYOUTS) {
  if (fields.some(({ name, word }) => name === 'cause' && word === CAUSE_WORD)) HAS_CAUSE[code] = 1;
  const words = (...names: string[]): number[] =>
    fields.filter(({ name }) => names.includes(name)).map(({ word }) => word);
  if (kindName(code) !== 'Trade') ORDER_WORDS[code] = words('orderId', 'makerOrderId', 'takerOrderId');
  INTENT_WORDS[code] = words('intentId', 'parentIntentId');
}

/** Word of the id that a kind brings into the tape: of an order, of an intent; 0 for all other kinds. */
export const FIRST_ID_WORDS: Readonly<Uint8Array> = new Uint8Array(256);
for (const [kind, words] of [
  [Kind.NewOrder, ORDER_WORDS],
  [Kind.Intent, INTENT_WORDS],
  [Kind.Target, INTENT_WORDS],
] as const)
  (FIRST_ID_WORDS as Uint8Array)[kind] = words[kind][0];

/** What a record is asked for, before anything of it is decoded. */
export interface Wanted {
  readonly seqs: { readonly has: (seq: number) => boolean };
  readonly orderIds: ReadonlySet<number>;
  readonly intentIds: ReadonlySet<number>;
}

/** Whether a checked record at half word `i` names one of these. It may be none of theirs all the same. */
export function mayConcern({ seqs, orderIds, intentIds }: Wanted, b: RecordBuffer, i: number): boolean {
  const head = b.u32[i];
  const kind = (head >>> 16) & 0xff;
  if (HAS_CAUSE[kind] === 0) return false;
  const at = i + CAUSE_WORD * 2;
  if (getRefTape(b, at) === 0 && seqs.has(getRefSeq(b, at))) return true;
  const words = head & 0xffff;
  for (const word of ORDER_WORDS[kind]) if (word < words && orderIds.has(getN(b, i + word * 2))) return true;
  for (const word of INTENT_WORDS[kind])
    if (word < words && intentIds.has(getN(b, i + word * 2))) return true;
  return false;
}
