/** What became of it, in one sentence. */
import { Kind, NONE, kindName, nameOfCode } from '@truetape/contracts';
import type { Event } from '@truetape/contracts';
import type { Follow, IntentStory, OrderStory } from '@truetape/replay';
import { levelName } from './event-words.ts';
import { codeText, glossOf, reasonText } from './glosses.ts';
import { counted, spanText } from './names.ts';
import type { Names } from './names.ts';

/** The sentence of a search that has found something. */
export function summaryOf(names: Names, follow: Follow): string {
  const { subject, orders, intents, focusSeq, events } = follow;
  const sentence =
    subject.by === 'order'
      ? `order ${subject.orderId} ${orderSentence(names, orders[0])}`
      : subject.by === 'intent'
        ? `intent ${subject.intentId} ${intentSentence(names, follow, intents[0])}`
        : eventSentence(names, follow);
  const focus = subject.by === 'event' ? undefined : events.find(({ seq }) => seq === focusSeq);
  return focus === undefined ? sentence : `seq ${focus.seq} is ${article(focus)}: ${sentence}`;
}

const article = ({ kind }: Event): string => {
  const name = kindName(kind);
  return `${/^[AEIO]/.test(name) ? 'an' : 'a'} ${name}`;
};

const spanOf = (fromNs: number, toNs: number): string => spanText(BigInt(toNs - fromNs));

/** What became of an order; its subject stands before it. */
export function orderSentence(names: Names, order: OrderStory): string {
  switch (order.end) {
    case 'filled':
      return `was filled${afterSending(order)}: ${filledWords(names, order)}`;
    case 'canceled':
      return `${partWords(names, order, 'was ')}canceled${canceledWhy(order)}${aheadWords(names, order)}`;
    case 'expired':
      return [
        partWords(names, order, ''),
        `expired (${glossOf('expireReason', order.code)})`,
        aheadWords(names, order),
      ].join('');
    case 'rejected':
      return `never stood in the book: rejected${byWhom(order)}, ${codeText('rejectCode', order.code)}`;
    case 'dropped':
      return `never reached the venue: dropped, ${glossOf('dropReason', order.code)}`;
    case 'notSent':
      return `was never sent: ${nameOfCode('outcome', order.code)}`;
    case 'open':
      return `is still open at the end of the tape: ${soFar(names, order)}${pendingWords(order)}`;
    case 'unanswered':
      return `was sent, and never answered: the tape ends first${pendingWords(order)}`;
    case 'unseen':
      return 'was never seen in the book: the tape holds requests for it alone';
  }
}

const afterSending = ({ sentNs, lastFillNs }: OrderStory): string =>
  sentNs === NONE || lastFillNs === NONE ? '' : ` ${spanOf(sentNs, lastFillNs)} after it was sent`;

const byWhom = ({ by }: OrderStory): string => (by === 0 ? '' : ` by the ${nameOfCode('rejectedBy', by)}`);

/** `1 lot at 100.06 in 1 fill, as maker, matched in the book`. */
function filledWords(names: Names, order: OrderStory): string {
  const { instrument, filledLots, fillTicks, isOnePrice, fillCount, fills } = order;
  const price = fillTicks === NONE || !isOnePrice ? '' : ` at ${names.price(instrument, fillTicks)}`;
  const [first] = fills;
  const groups =
    fills.length === 1
      ? `, ${groupWords(first)}`
      : `: ${fills.map((one) => `${names.amount(instrument, one.qtyLots)} ${groupWords(one)}`).join('; ')}`;
  return `${names.amount(instrument, filledLots)}${price} in ${counted(fillCount, 'fill')}${groups}`;
}

const groupWords = ({ liquidity, basis }: OrderStory['fills'][number]): string =>
  `as ${nameOfCode('liquidity', liquidity)}${basis === 0 ? '' : `, ${glossOf('basis', basis)}`}`;

/** `was never filled: ` or how much was. */
function partWords(names: Names, order: OrderStory, verb: string): string {
  if (order.filledLots === 0) return 'was never filled: ';
  const whole = order.qtyLots === NONE ? '' : ` of ${names.amount(order.instrument, order.qtyLots)}`;
  return `was filled in part, ${names.qty(order.instrument, order.filledLots)}${whole}; the rest ${verb}`;
}

function canceledWhy({ code }: OrderStory): string {
  if (code === 0) return '';
  const name = nameOfCode('cancelReason', code);
  return name === 'requested' ? '' : `, ${codeText('cancelReason', code)}`;
}

function aheadWords(names: Names, order: OrderStory): string {
  if (order.aheadLots !== NONE && order.aheadLots > 0)
    return ` with ${names.amount(order.instrument, order.aheadLots)} still ahead of it in the queue`;
  if (order.filledLots > 0 || order.acceptedNs === NONE || order.endNs === NONE) return '';
  return `, ${spanOf(order.acceptedNs, order.endNs)} after it was accepted`;
}

function soFar(names: Names, order: OrderStory): string {
  const { instrument, filledLots, leavesLots } = order;
  const left = leavesLots === NONE ? '' : `, ${names.amount(instrument, leavesLots)} left`;
  const filled = filledLots === 0 ? 'nothing filled' : `${names.amount(instrument, filledLots)} filled`;
  return `${filled}${left}`;
}

function pendingWords({ pending }: OrderStory): string {
  const last = pending.at(-1);
  return last === undefined ? '' : `; ${kindName(last.kind)} at seq ${last.seq} is not answered`;
}

/** What became of an intent; its subject stands before it. */
function intentSentence(names: Names, follow: Follow, story: IntentStory): string {
  const { event, verdict, command, noAction } = story;
  const word = verdict === undefined ? '' : nameOfCode('verdict', verdict.verdict);
  if (verdict !== undefined && word === 'deny') return `was denied by risk: ${reasonText(names, verdict)}`;
  if (verdict !== undefined && word === 'throttle') return `was throttled: ${reasonText(names, verdict)}`;
  if (event?.kind === Kind.Target || story.parts > 0) return wholeSentence(names, follow, story);
  if (noAction !== undefined) return `led to nothing: ${codeText('noActionCode', noAction.code)}`;
  if (command === undefined) {
    if (verdict !== undefined) return 'was allowed, and never sent';
    return isAnnounced(event)
      ? 'announced a large order: no part of it followed'
      : 'has no verdict: the tape ends first';
  }
  const reduced =
    verdict !== undefined && word === 'reduce'
      ? `was reduced to ${names.amount(verdict.instrument, verdict.allowedLots)} by risk: ` +
        `${reasonText(names, verdict)}; it `
      : '';
  if (command.kind === Kind.NewOrder) {
    const { orderId, instrument } = command;
    const order = follow.orders.find((one) => one.orderId === orderId && one.instrument === instrument);
    const fate = order === undefined ? '' : `, which ${orderSentence(names, order)}`;
    return `${reduced}became order ${orderId}${fate}`;
  }
  return `${reduced}${answerSentence(names, story, command)}`;
}

/** What is sent in parts has no type of its own, and gets no verdict. */
const isAnnounced = (event: IntentStory['event']): boolean =>
  event?.kind === Kind.Intent && event.type === 0 && nameOfCode('action', event.action) === 'new';

/** What came of a request to cancel or amend. */
function answerSentence(names: Names, { answer }: IntentStory, command: Event): string {
  const verb = command.kind === Kind.CancelOrder ? 'cancel' : 'amend';
  const whose = 'orderId' in command ? `order ${command.orderId}` : 'orders';
  if (answer === undefined)
    return `asked to ${verb} ${whose}: no answer names it, the tape ends first, or the order did`;
  const after = spanOf(command.timeNs, answer.timeNs);
  if (answer.kind === Kind.Rejected)
    return `asked to ${verb} ${whose} in vain: ${codeText('rejectCode', answer.code)}`;
  if (answer.kind === Kind.Canceled)
    return `canceled ${whose}, ${names.amount(answer.instrument, answer.canceledLots)} left, after ${after}`;
  return `${verb === 'amend' ? 'amended' : 'changed'} ${whose}, answered after ${after}`;
}

/** What came of a position that was wanted, or of an order that is worked in parts. */
function wholeSentence(names: Names, follow: Follow, whole: IntentStory): string {
  const { event, noAction, parts } = whole;
  if (noAction !== undefined && parts === 0)
    return `led to nothing: ${codeText('noActionCode', noAction.code)}`;
  const { orders, intents } = follow;
  const denied = intents.filter(
    (one) => one !== whole && one.command === undefined && one.verdict !== undefined,
  );
  const refused =
    denied.length === 0 ? [] : [`intent ${denied[0].intentId} ${intentSentence(names, follow, denied[0])}`];
  if (denied.length > 1) refused.push(`${denied.length - 1} more of its parts did not pass`);
  if (orders.length === 0)
    return refused.length === 0 ? 'led to no order' : `led to no order: ${refused.join('; ')}`;
  const fates =
    orders.length > 2
      ? [manyWords(names, orders, event?.kind === Kind.Intent ? event.qtyLots : NONE)]
      : orders.map((order) => `order ${order.orderId} ${orderSentence(names, order)}`);
  return `led to ${counted(orders.length, 'order')}: ${[...fates, ...refused].join('; ')}`;
}

/** `7 filled, 3 canceled; 18 of 20 lots in all`. */
function manyWords(names: Names, orders: readonly OrderStory[], wantedLots: number): string {
  const ends = new Map<string, number>();
  let lots = 0;
  for (const { end, filledLots } of orders) {
    ends.set(end, (ends.get(end) ?? 0) + 1);
    lots += filledLots;
  }
  const [{ instrument }] = orders;
  const all =
    wantedLots === NONE
      ? names.amount(instrument, lots)
      : `${names.qty(instrument, lots)} of ${names.amount(instrument, wantedLots)}`;
  return `${[...ends].map(([end, count]) => `${count} ${end}`).join(', ')}; ${all} filled in all`;
}

/** What came of any other event. */
function eventSentence(names: Names, follow: Follow): string {
  const event = follow.events.find(({ seq }) => seq === follow.focusSeq) ?? follow.events[0];
  const { seq, kind } = event;
  if (kind === Kind.NoAction)
    return `at seq ${seq} nothing was done: ${codeText('noActionCode', event.code)}`;
  const followed = followWords(names, follow);
  if (kind === Kind.RiskDecision)
    return (
      `at seq ${seq} risk stepped in, ${nameOfCode('verdict', event.verdict)}: ` +
      `${reasonText(names, event)}; ${followed}`
    );
  if (kind === Kind.KillSwitch) {
    const change = `from ${levelName(event.previous)} to ${levelName(event.level)}`;
    const code = event.code === 0 ? '' : ` (${glossOf('denialCode', event.code)})`;
    return `at seq ${seq} the kill switch went ${change}${code}; ${followed}`;
  }
  return `seq ${seq} is ${article(event)}: ${followed}`;
}

/** Kinds of what followed, counted, in the order of their first. */
function followWords(names: Names, follow: Follow): string {
  const { events, leftOut, focusSeq } = follow;
  const counts = new Map<string, number>();
  for (const { seq, kind } of events)
    if (seq !== focusSeq) counts.set(kindName(kind), (counts.get(kindName(kind)) ?? 0) + 1);
  if (counts.size === 0) return 'nothing on this tape follows from it';
  const parts = [...counts].map(([name, count]) => `${count} ${name}`);
  const fates = follow.orders.slice(0, 2).map((one) => `; order ${one.orderId} ${orderSentence(names, one)}`);
  const more = follow.orders.length > 2 ? `; and ${counted(follow.orders.length - 2, 'more order')}` : '';
  return `${parts.join(', ')} followed${leftOut === 0 ? '' : `, and ${leftOut} more`}${fates.join('')}${more}`;
}
