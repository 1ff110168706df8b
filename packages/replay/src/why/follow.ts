/**
 * The part of a tape that belongs to a subject, in one pass from its beginning: causes come before what follows from
 * them, so an event belongs as soon as it names one that does. Orders are followed by their ids as well: what
 * happens to one that rests is caused by others.
 *
 * What a strategy decides after a report is a decision of its own: it is shown, and not followed. Else every later
 * order of a strategy would belong to its first.
 */
import { Kind, NONE, codeOfName, decodeEvent, getN } from '@truetape/contracts';
import type { Epoch, Event, RecordBuffer, RiskDecision } from '@truetape/contracts';
import { assert } from '@truetape/kernel';
import { createIntentStory, tellIntent } from './intent-story.ts';
import type { IntentStory } from './intent-story.ts';
import { FIRST_ID_WORDS, causeOf, isCommand, isDecision, isFact, mayConcern, ordersOf } from './links.ts';
import { createOrderStory, tellOutcome, tellStory } from './order-story.ts';
import type { OrderStory } from './order-story.ts';
import type { Subject } from './subject.ts';

/** The least and the greatest id that a tape has, for who asked for another; NONE where it has none. */
export interface IdRange {
  first: number;
  last: number;
}

export interface FollowConfig {
  readonly subject: Subject;
  /** The event that was asked for: it is never left out. */
  readonly focusSeq?: number;
  /** Events kept at most, 1,000 by default; those in the middle are left out, and still counted. */
  readonly keepMax?: number;
}

/** A search under way. Read-only but for `followRecord` and `followEvent`. */
export interface Follow {
  readonly subject: Subject;
  readonly focusSeq: number;
  readonly keepMax: number;
  /** What belongs, in the order of the tape. */
  readonly events: Event[];
  leftOut: number;
  /** How many were left out behind an event, by its seq. */
  readonly gaps: Map<number, number>;
  /** Decisions that follow, and begin a chain of their own. */
  readonly nexts: Set<number>;
  readonly members: Map<number, { readonly kind: number; readonly timeNs: number }>;
  readonly orders: OrderStory[];
  readonly intents: IntentStory[];
  readonly orderRange: IdRange;
  readonly intentRange: IdRange;
  /** Verdicts against a new order under the id that is asked for. */
  readonly denials: { readonly instrument: number; readonly intentId: number }[];
  readonly orderIds: Set<number>;
  readonly intentIds: Set<number>;
}

/** A search that has seen nothing yet. */
export function createFollow({ subject, focusSeq = NONE, keepMax = 1000 }: FollowConfig): Follow {
  assert(keepMax >= 3, 'REPLAY-3', 'room for a beginning, what is asked for, and an end');
  return {
    subject,
    focusSeq,
    keepMax,
    events: [],
    leftOut: 0,
    gaps: new Map(),
    nexts: new Set(),
    members: new Map(),
    orders: [],
    intents: subject.by === 'intent' ? [createIntentStory(subject.intentId)] : [],
    orderRange: { first: NONE, last: NONE },
    intentRange: { first: NONE, last: NONE },
    denials: [],
    orderIds: new Set(subject.by === 'order' ? [subject.orderId] : []),
    intentIds: new Set(subject.by === 'intent' ? [subject.intentId] : []),
  };
}

/** Takes the checked record at half word `i`; what cannot belong is not decoded. */
export function followRecord(
  follow: Follow,
  b: RecordBuffer,
  i: number,
  place: { readonly epoch: Epoch; readonly seq: number },
): void {
  const { subject } = follow;
  noteIds(follow, b, i);
  const { seq } = place;
  const wanted = { seqs: follow.members, orderIds: follow.orderIds, intentIds: follow.intentIds };
  if (!(subject.by === 'event' && subject.seq === seq) && !mayConcern(wanted, b, i)) return;
  followEvent(follow, decodeEvent(b, i, place.epoch, seq));
}

function noteIds({ orderRange, intentRange }: Follow, b: RecordBuffer, i: number): void {
  const kind = (b.u32[i] >>> 16) & 0xff;
  const word = FIRST_ID_WORDS[kind];
  if (word === 0) return;
  const range = kind === Kind.NewOrder ? orderRange : intentRange;
  const id = getN(b, i + word * 2);
  if (range.first === NONE || id < range.first) range.first = id;
  if (range.last === NONE || id > range.last) range.last = id;
}

/** Takes an event. */
export function followEvent(follow: Follow, event: Event): void {
  const role = roleOf(follow, event);
  if (role === 'none') return;
  keep(follow, event);
  if (role === 'next') {
    follow.nexts.add(event.seq);
    return;
  }
  follow.members.set(event.seq, { kind: event.kind, timeNs: event.timeNs });
  tell(follow, event);
}

/** Whether an event belongs. */
function roleOf(follow: Follow, event: Event): 'member' | 'next' | 'none' {
  const { subject, members } = follow;
  if (subject.by === 'event' && subject.seq === event.seq) return 'member';
  noteDenial(follow, event);
  if (isOfIntents(follow, event) || isOfOrders(follow, event)) return 'member';
  const cause = causeOf(event);
  const from = cause?.tape === 0 ? members.get(cause.seq) : undefined;
  if (from === undefined) return 'none';
  return isOwnDecision(event) && isReport(from.kind) ? 'next' : 'member';
}

/**
 * What is wanted anew. That an order was not reached is no decision; a command of one that is followed came in
 * before.
 */
const isOwnDecision = (event: Event): boolean =>
  isDecision(event) || isCommand(event.kind) || (event.kind === Kind.NoAction && event.orderId === NONE);
const isReport = (kind: number): boolean =>
  isFact(kind) || kind === Kind.CashFlow || kind === Kind.FundingPaid || kind === Kind.NoAction;

/** An intent of those that are followed, a part of one, or what names it. */
function isOfIntents({ intentIds }: Follow, event: Event): boolean {
  if ('intentId' in event && intentIds.has(event.intentId)) return true;
  return isDecision(event) && intentIds.has(event.parentIntentId);
}

/** What names an order that is followed. The order that is asked for may be of any instrument, unless that is said. */
function isOfOrders(follow: Follow, event: Event): boolean {
  const { subject, orderIds, orders } = follow;
  for (const id of ordersOf(event)) {
    if (!orderIds.has(id)) continue;
    if (orders.some(({ orderId, instrument }) => orderId === id && instrument === event.instrument))
      return true;
    if (subject.by !== 'order' || subject.orderId !== id) continue;
    if (subject.instrument === undefined || subject.instrument === event.instrument) {
      orders.push(createOrderStory(id, event.instrument));
      return true;
    }
  }
  return false;
}

const DENIALS: readonly (number | undefined)[] = [
  codeOfName('verdict', 'deny'),
  codeOfName('verdict', 'throttle'),
];
const isDenial = ({ verdict }: RiskDecision): boolean => DENIALS.includes(verdict);
/** Denials that are remembered: a few stand for all. */
const DENIALS_MAX = 8;

function noteDenial({ subject, denials }: Follow, event: Event): void {
  if (subject.by !== 'order' || event.kind !== Kind.RiskDecision || event.orderId !== subject.orderId) return;
  if (!isDenial(event) || denials.length === DENIALS_MAX) return;
  const { instrument, intentId } = event;
  denials.push({ instrument, intentId });
}

/** Keeps an event; of too many, one in the middle goes. */
function keep(follow: Follow, event: Event): void {
  const { events, keepMax, focusSeq, gaps } = follow;
  events.push(event);
  if (events.length <= keepMax) return;
  const middle = keepMax >>> 1;
  const at = events[middle].seq === focusSeq ? middle + 1 : middle;
  const [{ seq }] = events.splice(at, 1);
  const before = events[at - 1].seq;
  gaps.set(before, (gaps.get(before) ?? 0) + 1 + (gaps.get(seq) ?? 0));
  gaps.delete(seq);
  follow.leftOut += 1;
}

function tell(follow: Follow, event: Event): void {
  const { orders, intents, orderIds, intentIds } = follow;
  if (isDecision(event) && !(intents.length > 0 && intents[0].intentId === event.intentId)) {
    const whole = intents.find(({ intentId }) => intentId === event.parentIntentId);
    if (whole !== undefined) whole.parts += 1;
    intents.push(createIntentStory(event.intentId));
    intentIds.add(event.intentId);
  }
  if (event.kind === Kind.NewOrder && !orders.some((one) => isOf(one, event))) {
    orders.push(createOrderStory(event.orderId, event.instrument));
    orderIds.add(event.orderId);
  }
  const ids = ordersOf(event);
  for (const story of orders) {
    if (story.instrument === event.instrument && ids.includes(story.orderId)) tellStory(story, event);
    if (event.kind === Kind.Outcome) tellOutcome(story, event);
  }
  for (const story of intents) tellIntent(story, event);
}

const isOf = (story: OrderStory, event: { readonly orderId: number; readonly instrument: number }): boolean =>
  story.orderId === event.orderId && story.instrument === event.instrument;
