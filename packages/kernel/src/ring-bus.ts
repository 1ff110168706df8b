/**
 * A bounded bus within one thread, from one producer to any number of consumers that know nothing of each
 * other. The producer never waits: on a full ring it overwrites the oldest cell. A consumer that was too
 * slow is told what it lost, from seq to seq, before it is given another event.
 *
 *     seq          … claimed−capacity …  next (of a consumer)  …  published   claimed
 *                    oldest that is whole                          next to come  = published, or one more
 *
 * Cells are fixed-size places in one buffer. The producer writes its event into the cell that `claimCell`
 * names and then publishes it; a consumer reads it where it lies, until it polls again or the producer goes
 * on. So there is no copy, and nothing is allocated behind the opening. Counts stand in typed arrays as
 * doubles, exact to 2^53: as fields of an object they would become boxed numbers past 2^31.
 *
 * A cell that is claimed is lost to consumers at once, not when it is published: it may be half written.
 *
 * Source: the claim and publish of M. Thompson et al., Disruptor (LMAX, 2011), with its wait strategies
 * left out: there a producer waits for the slowest consumer. Alternative considered: a queue for each
 * consumer; then one event is written as often as there are consumers, and a consumer that halts costs its
 * producer as much as one that reads.
 */
import { assert } from './assert.ts';

const PUBLISHED = 0;
const CLAIMED = 1;
const FIRST = 2;

const NEXT = 0;
const LOST_FROM = 1;
const LOST_TO = 2;
const LOST = 3;
const OVERRUNS = 4;
const HALTED = 5;

/** What `pollBus` answers where it has no event; a place of a cell is never below zero. */
export const BUS_EMPTY = -1;
/** Events were lost: `lostFrom` and `lostTo` say which. The next poll goes on by the policy. */
export const BUS_OVERRUN = -2;
/** The consumer lost events and its policy is `halt`: it is given nothing any more. */
export const BUS_HALTED = -3;

const CAPACITY_MAX = 16_777_216;
const CELL_BYTES_MAX = 4096;

/** Where a consumer goes on that has lost events: at the oldest there is, at the newest, or not at all. */
export type BusPolicy = 'oldest' | 'latest' | 'halt';

export interface BusConfig {
  /** 1 … 2^24, a power of two. */
  readonly capacity: number;
  /** Whole words of 8 bytes, up to 4,096; a cache line of 64 by default. */
  readonly cellBytes?: number;
  /** Seq of the first event, 0 … 2^52: for tests of large counts. */
  readonly firstSeq?: number;
}

/** The bus as its producer has it; cells are at `f64[place + k]`, which is also `i32[(place + k) * 2]`. */
export interface RingBus {
  readonly f64: Float64Array<ArrayBuffer>;
  readonly i32: Int32Array<ArrayBuffer>;
  readonly capacity: number;
  /** Words of 8 bytes in a cell. */
  readonly cellWords: number;
  /** Counts; not for callers. */
  readonly counts: Float64Array<ArrayBuffer>;
}

/** The end of one consumer. */
export interface BusConsumer {
  readonly bus: RingBus;
  readonly policy: BusPolicy;
  /** Counts; not for callers. */
  readonly counts: Float64Array<ArrayBuffer>;
}

/** A new, empty bus. Throws on KERNEL-40 for a size that it cannot have. */
export function createRingBus(config: BusConfig): RingBus {
  const { capacity, cellBytes = 64, firstSeq = 0 } = config;
  assert(
    capacity >= 1 && capacity <= CAPACITY_MAX && (capacity & (capacity - 1)) === 0 && capacity % 1 === 0,
    'KERNEL-40',
    'the capacity of a bus is a power of two',
  );
  assert(
    cellBytes >= 8 && cellBytes <= CELL_BYTES_MAX && cellBytes % 8 === 0,
    'KERNEL-40',
    'the cells of a bus are whole words',
  );
  assert(
    Number.isInteger(firstSeq) && firstSeq >= 0 && firstSeq <= 4_503_599_627_370_496,
    'KERNEL-40',
    'the first seq of a bus is in 0 … 2^52',
  );
  const f64 = new Float64Array((capacity * cellBytes) / 8);
  const counts = new Float64Array(3).fill(firstSeq);
  return { f64, i32: new Int32Array(f64.buffer), capacity, cellWords: cellBytes / 8, counts };
}

/** Seq of the next event: as many as were published, from the first seq on. */
export function publishedSeq(bus: RingBus): number {
  return bus.counts[PUBLISHED];
}

/**
 * The place to write the next event at; its cell has what was there before. Asked again before
 * it is published, it is the same. Complexity: O(1), no allocation.
 */
export function claimCell(bus: RingBus): number {
  const { counts } = bus;
  const seq = counts[PUBLISHED];
  counts[CLAIMED] = seq + 1;
  return (seq & (bus.capacity - 1)) * bus.cellWords;
}

/** Publishes the cell that was claimed. Throws on KERNEL-41 where none was. */
export function publishCell(bus: RingBus): void {
  const { counts } = bus;
  const seq = counts[PUBLISHED] + 1;
  assert(counts[CLAIMED] === seq, 'KERNEL-41', 'a cell is claimed before it is published');
  counts[PUBLISHED] = seq;
}

/** Opens an end at the oldest event there is, or behind the newest one: what comes from now on. */
export function openBusConsumer(
  bus: RingBus,
  policy: BusPolicy,
  from: 'oldest' | 'now' = 'oldest',
): BusConsumer {
  const counts = new Float64Array(6);
  counts[NEXT] = from === 'now' ? bus.counts[PUBLISHED] : oldestSeq(bus);
  return { bus, policy, counts };
}

/** Seq of the oldest event whose cell is whole; of the next one to come when there is none. */
function oldestSeq(bus: RingBus): number {
  return Math.max(bus.counts[CLAIMED] - bus.capacity, bus.counts[FIRST]);
}

/** True when the consumer has lost events that it was not told of. Changes nothing. */
export function isOverrun(consumer: BusConsumer): boolean {
  const { bus, counts } = consumer;
  return counts[HALTED] === 0 && bus.counts[CLAIMED] - counts[NEXT] > bus.capacity;
}

/**
 * Place of the consumer's next event in `bus.f64`, `polledSeq` its seq; or BUS_EMPTY, BUS_OVERRUN,
 * BUS_HALTED.
 *
 * An overrun is told once, and takes no event: the poll behind it goes on by the policy.
 * Complexity: O(1), no allocation.
 */
export function pollBus(consumer: BusConsumer): number {
  const { bus, counts } = consumer;
  const next = counts[NEXT];
  if (bus.counts[CLAIMED] - next > bus.capacity) return overrun(consumer);
  if (bus.counts[PUBLISHED] === next || counts[HALTED] !== 0) return nothing(consumer);
  counts[NEXT] = next + 1;
  return (next & (bus.capacity - 1)) * bus.cellWords;
}

function nothing({ counts }: BusConsumer): number {
  return counts[HALTED] === 0 ? BUS_EMPTY : BUS_HALTED;
}

function overrun(consumer: BusConsumer): number {
  const { bus, policy, counts } = consumer;
  if (counts[HALTED] !== 0) return BUS_HALTED;
  const next = counts[NEXT];
  const oldest = bus.counts[CLAIMED] - bus.capacity;
  // In a ring of one cell that is claimed, not even the newest is whole.
  const target = policy === 'latest' ? Math.max(bus.counts[PUBLISHED] - 1, oldest) : oldest;
  counts[LOST_FROM] = next;
  counts[LOST_TO] = target - 1;
  counts[LOST] += target - next;
  counts[OVERRUNS] += 1;
  counts[NEXT] = target;
  if (policy === 'halt') counts[HALTED] = 1;
  return BUS_OVERRUN;
}

/** Seq of the event that the last poll returned. */
export function polledSeq(consumer: BusConsumer): number {
  return consumer.counts[NEXT] - 1;
}

/** Seq of the event that comes next to this consumer. */
export function nextSeq(consumer: BusConsumer): number {
  return consumer.counts[NEXT];
}

/** Events that were published and neither polled nor told as lost. */
export function unreadEvents(consumer: BusConsumer): number {
  return consumer.bus.counts[PUBLISHED] - consumer.counts[NEXT];
}

/** First seq of the last overrun. */
export function lostFrom(consumer: BusConsumer): number {
  return consumer.counts[LOST_FROM];
}

/** Last seq of the last overrun. */
export function lostTo(consumer: BusConsumer): number {
  return consumer.counts[LOST_TO];
}

/** Events that this consumer was told to have lost. */
export function lostEvents(consumer: BusConsumer): number {
  return consumer.counts[LOST];
}

/** How often this consumer was told of lost events. */
export function overrunCount(consumer: BusConsumer): number {
  return consumer.counts[OVERRUNS];
}

export function isHalted(consumer: BusConsumer): boolean {
  return consumer.counts[HALTED] !== 0;
}
