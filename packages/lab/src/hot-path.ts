/**
 * The hot path: a producer that publishes and a consumer that polls and acknowledges, on one bus. Nothing
 * in it waits, and nothing allocates. It reads the lifecycle and cannot change it.
 */
import {
  BUS_EMPTY,
  LIFECYCLE,
  claimCell,
  createRingBus,
  isHalted,
  isOverrun,
  lostEvents,
  lostFrom,
  lostTo,
  openBusConsumer,
  pollBus,
  polledSeq,
  publishCell,
  publishedSeq,
  unreadEvents,
} from '@truetape/kernel';
import type { BusConsumer, BusPolicy, LifecycleView, RingBus } from '@truetape/kernel';
import { journalAck, journalOverrun } from './journal.ts';
import type { Journal } from './journal.ts';

export interface HotPath {
  readonly bus: RingBus;
  readonly consumer: BusConsumer;
  readonly lifecycle: LifecycleView;
  readonly journal: Journal;
  acked: number;
  provisional: number;
  emptyPolls: number;
  /** Events that were published and not yet seen, behind the last ingest. */
  lag: number;
  lagMax: number;
}

export function createHotPath(
  config: { readonly capacity: number; readonly policy: BusPolicy },
  lifecycle: LifecycleView,
  journal: Journal,
): HotPath {
  const bus = createRingBus({ capacity: config.capacity });
  const consumer = openBusConsumer(bus, config.policy);
  const counts = { acked: 0, provisional: 0, emptyPolls: 0, lag: 0, lagMax: 0 };
  return { bus, consumer, lifecycle, journal, ...counts };
}

/** Publishes events; each carries the step at which it was decided. */
export function ingest(path: HotPath, step: number, count: number): void {
  const { bus, consumer } = path;
  for (let k = 0; k < count; k++) {
    const place = claimCell(bus);
    bus.f64[place] = step;
    publishCell(bus);
  }
  path.lag = unreadEvents(consumer);
  if (path.lag > path.lagMax) path.lagMax = path.lag;
}

/** Polls so many times, and acknowledges what it gets. What was lost is told first, and takes no poll. */
export function consume(path: HotPath, step: number, polls: number): void {
  const { bus, consumer, journal } = path;
  if (isOverrun(consumer)) {
    pollBus(consumer);
    journalOverrun(journal, step, lostFrom(consumer), lostTo(consumer));
  }
  if (isHalted(consumer)) return;
  const provisional = path.lifecycle.state === LIFECYCLE.READY ? 0 : 1;
  for (let k = 0; k < polls; k++) {
    const place = pollBus(consumer);
    if (place === BUS_EMPTY) {
      path.emptyPolls += 1;
      continue;
    }
    journalAck(journal, step, polledSeq(consumer), bus.f64[place], provisional);
    path.acked += 1;
    path.provisional += provisional;
  }
}

/** Where every event is: acknowledged, lost, or unread; of the last, how many the ring has no more. */
export interface Whereabouts {
  readonly published: number;
  readonly acked: number;
  readonly lost: number;
  readonly unread: number;
  readonly overwritten: number;
}

export function whereabouts({ bus, consumer, acked }: HotPath): Whereabouts {
  const unread = unreadEvents(consumer);
  const overwritten = Math.max(0, unread - bus.capacity);
  return { published: publishedSeq(bus), acked, lost: lostEvents(consumer), unread, overwritten };
}
