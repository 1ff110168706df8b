/**
 * Models of the queue on aggregated depth against the exact place in it, on the same order-by-order tape.
 *
 * Identical passive orders (`queue-probes.ts`) are placed at the same moments in a venue that is told every order, and
 * in one for each model that is told levels and trades alone, derived from the same tape. Each lane has venues of its
 * own, so that no probe knows of another one.
 */
import { Kind, NONE } from '@truetape/contracts';
import type { Epoch, RecordBuffer } from '@truetape/contracts';
import { createTerms } from '@truetape/kernel';
import type { ContractTerms } from '@truetape/kernel';
import {
  cancel,
  createDepthFeed,
  createVenue,
  forgetTaken,
  ordersTop,
  submit,
  takeForDepth,
  takeRecord,
  tellDue,
} from '@truetape/venue';
import type { DepthFeed, Venue, VenueConfig } from '@truetape/venue';
import type { Batch } from '@truetape/tape';
import type { ProbeFills, ProbeOutcome } from './queue-errors.ts';
import { createSlots, drawProbe, nextSlot } from './queue-probes.ts';
import type { Probe, ProbePlan, ProbeSlots } from './queue-probes.ts';

/** How a venue that knows levels alone fills. */
export interface QueueContender {
  readonly name: string;
  readonly venue: Pick<VenueConfig, 'mode' | 'queue'>;
}

/** The models of the venue, and the control: an order is filled as soon as its price is reached. */
export const QUEUE_CONTENDERS: readonly QueueContender[] = [
  { name: 'riskAverse', venue: { mode: 'replay', queue: { kind: 'riskAverse' } } },
  { name: 'probPower 1', venue: { mode: 'replay', queue: { kind: 'probPower', n: 1 } } },
  { name: 'probPower 2', venue: { mode: 'replay', queue: { kind: 'probPower', n: 2 } } },
  { name: 'probPower 3', venue: { mode: 'replay', queue: { kind: 'probPower', n: 3 } } },
  { name: 'probLog', venue: { mode: 'replay', queue: { kind: 'probLog' } } },
  { name: 'ideal', venue: { mode: 'ideal' } },
];

export interface QueueComparisonConfig {
  /** Index of the instrument on the tape. */
  readonly instrument: number;
  /** Indices of the sources whose facts count; empty: all. */
  readonly sources: readonly number[];
  /** The tape begins without orders, as a venue's own does. */
  readonly startsEmpty: boolean;
  readonly epoch: Epoch;
  readonly plan: ProbePlan;
  /** How often levels are told; 0: each change at once. */
  readonly depthEveryNs: number;
  readonly contenders: readonly QueueContender[];
}

/** A probe that is alive: in all venues of its lane. */
interface LiveProbe extends Probe {
  readonly orderId: number;
  readonly placedNs: number;
  readonly priceTicks: number;
  readonly exact: ProbeFills;
  readonly models: readonly ProbeFills[];
}

interface Lane {
  readonly slots: ProbeSlots;
  readonly exact: Venue;
  readonly models: readonly Venue[];
  probe: LiveProbe | undefined;
  /** When the next probe is placed, or this one's life ends. */
  dueNs: number;
}

export interface QueueComparison {
  readonly config: QueueComparisonConfig;
  readonly depth: DepthFeed;
  readonly outcomes: ProbeOutcome[];
  /** Made with the tape's first event. */
  lanes: Lane[];
  /** The next time at which a lane has something to do. */
  dueNs: number;
  orderId: number;
  /** Messages of the tape, and of levels told between them, in a row. */
  message: number;
  /** Where no probe could be placed: the book was not known, crossed, or its side empty. */
  skipped: number;
  /** A venue would not take the order, so that nobody's counts. */
  refused: number;
  /** Facts of orders that were taken. */
  facts: number;
  /** Levels were told of the instrument before any order: nothing exact can be known from this tape. */
  tellsLevels: boolean;
}

export function createQueueComparison(config: QueueComparisonConfig): QueueComparison {
  const { instrument, epoch, startsEmpty, depthEveryNs: everyNs } = config;
  return {
    config,
    depth: createDepthFeed({ instrument, epoch, startsEmpty, everyNs }),
    outcomes: [],
    lanes: [],
    dueNs: Infinity,
    orderId: 0,
    message: 0,
    skipped: 0,
    refused: 0,
    facts: 0,
    tellsLevels: false,
  };
}

/** Prices and quantities are compared, no values: any terms will do. */
function anyTerms(): ContractTerms {
  const common = { class: 'linear', priceStep: '1', qtyStep: '1', fineScale: 0 };
  const terms = createTerms({ ...common, contractSize: '1', moneyScale: 0 });
  if (!terms.ok) throw new TypeError('terms of ones');
  return terms.value;
}

function startLanes(comparison: QueueComparison, startNs: number): void {
  const { plan, instrument: index, startsEmpty, contenders } = comparison.config;
  const one = { index, terms: anyTerms(), feeAsset: 0, startsEmpty };
  const venueOf = (venue: QueueContender['venue']): Venue => {
    const made = createVenue({ ...venue, instruments: [one] });
    made.isListening = false;
    return made;
  };
  comparison.lanes = Array.from({ length: plan.lanes }, (_, k) => {
    const slots = createSlots(plan, k, startNs);
    return {
      slots,
      exact: venueOf({ mode: 'replay' }),
      models: contenders.map(({ venue }) => venueOf(venue)),
      probe: undefined,
      dueNs: nextSlot(slots),
    };
  });
  comparison.dueNs = Math.min(...comparison.lanes.map(({ dueNs }) => dueNs));
}

const TWO_32 = 4_294_967_296;

/** Takes a batch of the tape's checked records. */
export function feedQueueComparison(comparison: QueueComparison, batch: Batch): void {
  const { records, to } = batch;
  const { u32 } = records;
  const { epoch } = comparison.config;
  let seq = batch.firstSeq;
  for (let i = batch.from; i < to; i += (u32[i] & 0xffff) * 2) {
    const kind = (u32[i] >>> 16) & 0xff;
    if (kind === Kind.Skip) {
      seq += u32[i + 4] + u32[i + 5] * TWO_32;
      continue;
    }
    const timeNs = (u32[i + 3] - epoch.hi) * TWO_32 + (u32[i + 2] - epoch.lo);
    if (concerns(comparison, records, i, kind)) takeFact(comparison, records, i, timeNs, seq);
    seq += 1;
  }
}

/** Whether a record tells of the orders of the instrument. */
function concerns(comparison: QueueComparison, { u32 }: RecordBuffer, i: number, kind: number): boolean {
  const { instrument, sources } = comparison.config;
  const placed = u32[i + 1];
  const of = placed & 0xffff;
  if (of !== instrument && !(of === 0 && kind === Kind.FeedStatus)) return false;
  if (sources.length > 0 && !sources.includes(placed >>> 16)) return false;
  const isFact = kind >= Kind.Accepted && kind <= Kind.CancelAllDone;
  if (isFact) comparison.facts += 1;
  else if (comparison.facts === 0 && (kind === Kind.Level || kind === Kind.BookUpdate))
    comparison.tellsLevels = true;
  return isFact || kind === Kind.Note || kind === Kind.BookReset || kind === Kind.FeedStatus;
}

function takeFact(
  comparison: QueueComparison,
  records: RecordBuffer,
  i: number,
  timeNs: number,
  seq: number,
): void {
  const { depth } = comparison;
  if (comparison.lanes.length === 0) startLanes(comparison, timeNs);
  if (!depth.feed.inMessage) {
    while (Math.min(comparison.dueNs, depth.dueNs) < timeNs) runDue(comparison);
    comparison.message += 1;
  }
  for (const lane of comparison.lanes) {
    takeRecord(lane.exact, records, i, timeNs, seq, 0);
    if (lane.exact.reports.length > 0) noteFills(lane.exact, lane.probe!.exact, comparison.message);
  }
  takeForDepth(depth, records, i, timeNs);
  if (!depth.feed.inMessage) passOn(comparison, timeNs);
}

/** What the feed of levels and trades said goes to every model. */
function passOn({ depth, lanes, message }: QueueComparison, timeNs: number): void {
  const { out } = depth;
  const to = out.words * 2;
  for (const { models, probe } of lanes) {
    for (let k = 0; k < models.length; k++) {
      for (let at = 0; at < to; at += (out.u32[at] & 0xffff) * 2)
        takeRecord(models[k], out, at, timeNs, message, 0);
      if (models[k].reports.length > 0) noteFills(models[k], probe!.models[k], message);
    }
  }
  out.words = 0;
}

function noteFills({ reports }: Venue, fills: ProbeFills, message: number): void {
  for (const { kind, qtyLots, timeNs } of reports) {
    if (kind !== 'fill') continue;
    if (fills.firstNs === NONE) {
      fills.firstNs = timeNs;
      fills.firstMessage = message;
    }
    fills.lots += qtyLots;
  }
  reports.length = 0;
}

/** Between two messages: what is due first, levels before probes. */
function runDue(comparison: QueueComparison): void {
  const { depth, lanes } = comparison;
  const { dueNs } = depth;
  if (dueNs <= comparison.dueNs) {
    tellDue(depth);
    comparison.message += 1;
    passOn(comparison, dueNs);
    return;
  }
  const nowNs = comparison.dueNs;
  comparison.dueNs = Infinity;
  for (const lane of lanes) {
    if (lane.dueNs <= nowNs) {
      if (lane.probe === undefined) placeProbe(comparison, lane, nowNs);
      else endProbe(comparison, lane, lane.probe, nowNs);
    }
    comparison.dueNs = Math.min(comparison.dueNs, lane.dueNs);
  }
}

const noFills = (): ProbeFills => ({ firstNs: NONE, firstMessage: NONE, lots: 0 });

/** The price of a probe; NONE where none can be placed. */
function priceOf({ depth }: QueueComparison, { side, behindTicks }: Probe): number {
  if (depth.told !== 'live') return NONE;
  const { bidTicks, askTicks } = ordersTop(depth);
  if (bidTicks !== NONE && askTicks !== NONE && bidTicks >= askTicks) return NONE;
  const best = side === 1 ? bidTicks : askTicks;
  if (best === NONE) return NONE;
  return side === 1 ? best - behindTicks : best + behindTicks;
}

function placeProbe(comparison: QueueComparison, lane: Lane, nowNs: number): void {
  const { config } = comparison;
  const probe = drawProbe(lane.slots);
  const priceTicks = priceOf(comparison, probe);
  if (priceTicks === NONE) {
    comparison.skipped += 1;
    lane.dueNs = nextSlot(lane.slots);
    return;
  }
  const orderId = ++comparison.orderId;
  const { side, qtyLots } = probe;
  const { instrument } = config;
  const order = { instrument, orderId, side, type: 1, tif: 1, priceTicks, qtyLots, postOnly: 1 };
  let isTaken = true;
  for (const venue of [lane.exact, ...lane.models]) {
    submit(venue, order, nowNs);
    isTaken &&= venue.orders.has(orderId);
    venue.reports.length = 0;
  }
  if (!isTaken) {
    comparison.refused += 1;
    leave(lane, orderId, nowNs);
    lane.dueNs = nextSlot(lane.slots);
    return;
  }
  const models = lane.models.map(noFills);
  lane.probe = { ...probe, orderId, placedNs: nowNs, priceTicks, exact: noFills(), models };
  lane.dueNs = nowNs + config.plan.lifetimeNs;
}

function endProbe(comparison: QueueComparison, lane: Lane, probe: LiveProbe, nowNs: number): void {
  comparison.outcomes.push(probe);
  leave(lane, probe.orderId, nowNs);
  lane.probe = undefined;
  lane.dueNs = nextSlot(lane.slots);
}

/** The order leaves all venues of its lane, which are then as if it had never been there. */
function leave({ exact, models }: Lane, orderId: number, nowNs: number): void {
  for (const venue of [exact, ...models]) {
    if (venue.orders.has(orderId)) cancel(venue, orderId, nowNs);
    venue.reports.length = 0;
    forgetTaken(venue);
  }
}

/** Probes that are alive at the end of the tape: they count for nobody. */
export function unfinishedProbes({ lanes }: QueueComparison): number {
  return lanes.filter(({ probe }) => probe !== undefined).length;
}
