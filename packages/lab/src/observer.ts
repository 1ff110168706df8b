/**
 * The observability sink: a sample a step through a bus of its own, which is read now and then. It is small
 * and loses samples on purpose: whoever looks must never hold up what is looked at. What it lost is
 * counted.
 */
import {
  BUS_EMPTY,
  BUS_OVERRUN,
  claimCell,
  createRingBus,
  lostEvents,
  openBusConsumer,
  pollBus,
  publishCell,
  publishedSeq,
} from '@truetape/kernel';
import type { BusConsumer, RingBus } from '@truetape/kernel';

const SAMPLES = 8;
const LOOK_EVERY = 10;

/** A sample: step, lag behind the ingest, acknowledged so far, overruns so far. */
export interface Observer {
  readonly bus: RingBus;
  readonly consumer: BusConsumer;
  seen: number;
  lagMax: number;
  ackedLast: number;
  overrunsLast: number;
}

/** What the sink came to. */
export interface Observability {
  readonly samples: number;
  readonly seen: number;
  readonly dropped: number;
  /** As far as it was seen. */
  readonly lagMax: number;
  readonly ackedLast: number;
  readonly overrunsLast: number;
}

export function createObserver(): Observer {
  const bus = createRingBus({ capacity: SAMPLES, cellBytes: 32 });
  const consumer = openBusConsumer(bus, 'oldest');
  return { bus, consumer, seen: 0, lagMax: 0, ackedLast: 0, overrunsLast: 0 };
}

/** Takes a sample behind a step, and looks at what there is every tenth one. */
export function observe(
  observer: Observer,
  sample: { readonly step: number; readonly lag: number; readonly acked: number; readonly overruns: number },
): void {
  const { bus } = observer;
  const place = claimCell(bus);
  bus.f64[place] = sample.step;
  bus.f64[place + 1] = sample.lag;
  bus.f64[place + 2] = sample.acked;
  bus.f64[place + 3] = sample.overruns;
  publishCell(bus);
  if ((sample.step + 1) % LOOK_EVERY === 0) look(observer);
}

function look(observer: Observer): void {
  const { bus, consumer } = observer;
  for (let place = pollBus(consumer); place !== BUS_EMPTY; place = pollBus(consumer)) {
    if (place === BUS_OVERRUN) continue;
    observer.seen += 1;
    observer.lagMax = Math.max(observer.lagMax, bus.f64[place + 1]);
    observer.ackedLast = bus.f64[place + 2];
    observer.overrunsLast = bus.f64[place + 3];
  }
}

/** Looks once more, and says what was seen. */
export function endObserver(observer: Observer): Observability {
  look(observer);
  const { bus, consumer, seen, lagMax, ackedLast, overrunsLast } = observer;
  const samples = publishedSeq(bus);
  return { samples, seen, dropped: lostEvents(consumer), lagMax, ackedLast, overrunsLast };
}
