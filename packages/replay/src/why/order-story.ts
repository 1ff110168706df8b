/** What became of an order, as the tape tells it. */
import { Kind, NONE, SIDE_MASK, codeOfName } from '@truetape/contracts';
import type { Event, Fill, NewOrder } from '@truetape/contracts';
import { causeOf } from './links.ts';

/** How an order stands behind its last event. `unseen`: the tape holds no word of how it was sent. */
export type OrderEnd =
  | 'unanswered'
  | 'open'
  | 'filled'
  | 'canceled'
  | 'expired'
  | 'rejected'
  | 'dropped'
  | 'notSent'
  | 'unseen';

/** A request for an order that waits for its answer. */
export interface PendingRequest {
  readonly kind: number;
  readonly seq: number;
  readonly timeNs: number;
}

/** Fills of one kind: who provided, and the assumption that they rest on. */
export interface FillGroup {
  /** Codes of liquidity and basis; 0: not said. */
  readonly liquidity: number;
  readonly basis: number;
  count: number;
  qtyLots: number;
}

/** Cash that an order moved: in one asset, for one reason. */
export interface CashGroup {
  readonly asset: number;
  /** Code of cashReason. */
  readonly reason: number;
  amount: bigint;
}

export interface OrderStory {
  readonly orderId: number;
  instrument: number;
  /** SIDE_BUY, SIDE_SELL, 0 where nothing says it. */
  side: number;
  /** What was asked for; NONE where that is not on the tape, or for no price. */
  priceTicks: number;
  qtyLots: number;
  type: number;
  tif: number;
  postOnly: number;
  /** Seq and time of the command that sent it; NONE without one. */
  sentSeq: number;
  sentNs: number;
  acceptedNs: number;
  firstFillNs: number;
  lastFillNs: number;
  endNs: number;
  end: OrderEnd;
  /** Code of what ended it: rejectCode, cancelReason, expireReason, dropReason, outcome. */
  code: number;
  /** Who rejected it: a code of rejectedBy. */
  by: number;
  filledLots: number;
  fillCount: number;
  /** Price of the first fill, and whether all others have the same. */
  fillTicks: number;
  isOnePrice: boolean;
  leavesLots: number;
  /** What stood before it in the queue when it ended; NONE where nobody says. */
  aheadLots: number;
  amends: number;
  readonly pending: PendingRequest[];
  readonly fills: FillGroup[];
  readonly cash: CashGroup[];
}

export function createOrderStory(orderId: number, instrument: number): OrderStory {
  return {
    orderId,
    instrument,
    side: 0,
    priceTicks: NONE,
    qtyLots: NONE,
    type: 0,
    tif: 0,
    postOnly: 0,
    sentSeq: NONE,
    sentNs: NONE,
    acceptedNs: NONE,
    firstFillNs: NONE,
    lastFillNs: NONE,
    endNs: NONE,
    end: 'unseen',
    code: 0,
    by: 0,
    filledLots: 0,
    fillCount: 0,
    fillTicks: NONE,
    isOnePrice: true,
    leavesLots: NONE,
    aheadLots: NONE,
    amends: 0,
    pending: [],
    fills: [],
    cash: [],
  };
}

/** Takes what an event says of its order. Events of other orders must not come here. */
export function tellStory(story: OrderStory, event: Event): void {
  switch (event.kind) {
    case Kind.NewOrder:
      takeNewOrder(story, event);
      break;
    case Kind.CancelOrder:
    case Kind.AmendOrder:
      story.pending.push({ kind: event.kind, seq: event.seq, timeNs: event.timeNs });
      break;
    case Kind.Accepted:
      if (story.end === 'unanswered' || story.end === 'unseen') story.end = 'open';
      if (story.side === 0) story.side = event.flags & SIDE_MASK;
      if (story.qtyLots === NONE) story.qtyLots = event.leavesLots;
      if (event.priceTicks !== NONE) story.priceTicks = event.priceTicks;
      story.leavesLots = event.leavesLots;
      if (story.acceptedNs === NONE) story.acceptedNs = event.timeNs;
      break;
    case Kind.Rejected:
      if (!answer(story, event) && event.command === Kind.NewOrder && isOurs(story, event)) {
        endStory(story, 'rejected', event.timeNs, event.code);
        story.by = event.by;
      }
      break;
    case Kind.Fill:
      takeFill(story, event);
      break;
    case Kind.Amended:
      answer(story, event);
      story.amends += 1;
      if (event.priceTicks !== NONE) story.priceTicks = event.priceTicks;
      story.leavesLots = event.leavesLots;
      if (event.leavesLots !== NONE) story.qtyLots = story.filledLots + event.leavesLots;
      break;
    case Kind.Canceled:
      answer(story, event);
      endStory(story, 'canceled', event.timeNs, event.reason);
      story.leavesLots = event.canceledLots;
      break;
    case Kind.Expired:
      endStory(story, 'expired', event.timeNs, event.reason);
      story.leavesLots = event.expiredLots;
      break;
    case Kind.NoAction:
      if (event.aheadLots !== NONE) story.aheadLots = event.aheadLots;
      break;
    case Kind.Dropped:
      if (event.command === Kind.NewOrder && isOurs(story, event))
        endStory(story, 'dropped', event.timeNs, event.reason);
      else answer(story, event);
      break;
    case Kind.CashFlow:
      addCash(story, event);
      break;
    default:
  }
}

const OUTCOMES_OF_NOTHING: readonly (number | undefined)[] = [
  codeOfName('outcome', 'localDenied'),
  codeOfName('outcome', 'throttled'),
];

/** What became of sending the command of an order. */
export function tellOutcome(story: OrderStory, event: Extract<Event, { kind: typeof Kind.Outcome }>): void {
  if (event.cause === story.sentSeq && OUTCOMES_OF_NOTHING.includes(event.outcome))
    endStory(story, 'notSent', event.timeNs, event.outcome);
}

function takeNewOrder(story: OrderStory, event: NewOrder): void {
  // The same id again is refused by the venue: the order is the first.
  if (story.sentSeq !== NONE && story.end !== 'rejected') return;
  story.instrument = event.instrument;
  story.side = event.flags & SIDE_MASK;
  story.priceTicks = event.priceTicks;
  story.qtyLots = event.qtyLots;
  story.leavesLots = event.qtyLots;
  story.type = event.type;
  story.tif = event.tif;
  story.postOnly = event.postOnly;
  story.sentSeq = event.seq;
  story.sentNs = event.timeNs;
  story.end = 'unanswered';
  story.endNs = NONE;
}

/** Takes the request from those that wait which an event answers; false where it is none of them. */
function answer(story: OrderStory, event: Event): boolean {
  const cause = causeOf(event);
  const at = cause?.tape === 0 ? story.pending.findIndex(({ seq }) => seq === cause.seq) : -1;
  if (at < 0) return false;
  story.pending.splice(at, 1);
  return true;
}

/** A rejection is that of the order itself: not that of a second one under its id. */
const isOurs = (story: OrderStory, event: Event): boolean => {
  const cause = causeOf(event);
  return cause === undefined || story.sentSeq === NONE || cause.seq === story.sentSeq;
};

function endStory(story: OrderStory, end: OrderEnd, timeNs: number, code: number): void {
  story.end = end;
  story.endNs = timeNs;
  story.code = code;
}

function takeFill(story: OrderStory, event: Fill): void {
  const isMaker = event.makerOrderId === story.orderId;
  const leaves = isMaker ? event.makerLeaves : event.takerLeaves;
  if (story.end === 'unanswered' || story.end === 'unseen') story.end = 'open';
  if (story.firstFillNs === NONE) {
    story.firstFillNs = event.timeNs;
    story.fillTicks = event.priceTicks;
  } else if (story.fillTicks !== event.priceTicks) story.isOnePrice = false;
  story.lastFillNs = event.timeNs;
  story.fillCount += 1;
  story.filledLots += event.qtyLots;
  if (leaves !== NONE) story.leavesLots = leaves;
  else if (story.leavesLots !== NONE) story.leavesLots -= event.qtyLots;
  if (story.leavesLots === 0) endStory(story, 'filled', event.timeNs, 0);
  const liquidity = event.liquidity !== 0 ? event.liquidity : isMaker ? MAKER : TAKER;
  const { basis } = event;
  let group = story.fills.find((one) => one.liquidity === liquidity && one.basis === basis);
  if (group === undefined) {
    group = { liquidity, basis, count: 0, qtyLots: 0 };
    story.fills.push(group);
  }
  group.count += 1;
  group.qtyLots += event.qtyLots;
}

const MAKER = codeOfName('liquidity', 'maker') ?? 0;
const TAKER = codeOfName('liquidity', 'taker') ?? 0;

function addCash(story: OrderStory, event: Extract<Event, { kind: typeof Kind.CashFlow }>): void {
  const { asset, reason, amount } = event;
  const group = story.cash.find((one) => one.asset === asset && one.reason === reason);
  if (group === undefined) story.cash.push({ asset, reason, amount });
  else group.amount += amount;
}
