/** Small tapes for tests: two instruments, trades, quotes, a note, orders with their fates, gaps in time. */
import { writeFileSync } from 'node:fs';
import { BLANK, FLAG_LAST, Kind, SIDE_BUY, SIDE_SELL, defineFields } from '@truetape/contracts';
import type { Event } from '@truetape/contracts';
import { nodePorts } from '@truetape/host';
import { createBinaryWriter, createTextWriter, endTape, flushTape, writeEvent } from '@truetape/tape';
import type { TapeEnd, TapeHeader } from '@truetape/tape';

/** 2026-01-01T00:00:00Z. */
export const START_NS = 1_767_225_600_000_000_000n;
const HEADER: TapeHeader = {
  observer: 'venue',
  epochNs: String(START_NS),
  producer: { name: 'test' },
  seed: '7',
};

/** Defines of every tape here. */
export const DEFINES = 5;
/** Events that follow the Defines in each step of a tape. */
export const STEP_EVENTS = 5;
const STEP_NS = 10_000_000;

function defines(): Event[] {
  const instrument = (index: number, symbol: string, priceStep: string): Event => ({
    ...BLANK.Define,
    ...defineFields('instrument', index, {
      id: `TEST:${symbol}`,
      symbol,
      priceStep,
      qtyStep: '0.001',
      fineScale: 4,
    }),
  });
  const source = (index: number, name: string, role: string): Event => ({
    ...BLANK.Define,
    ...defineFields('source', index, { name, role }),
  });
  return [
    instrument(1, 'AAA', '0.1'),
    instrument(2, 'BBB', '0.25'),
    source(1, 'feed', 'marketFeed'),
    source(2, 'agent', 'agent'),
    source(3, 'venue', 'venue'),
  ];
}

/** A quote, a trade, an order and its fill or cancel: one step of the tape, every 10 ms. */
function stepEvents(step: number): Event[] {
  const timeNs = step * STEP_NS;
  const instrument = 1 + (step % 2);
  const flags = FLAG_LAST | (step % 3 === 0 ? SIDE_BUY : SIDE_SELL);
  const common = { timeNs, instrument };
  const first = DEFINES + step * STEP_EVENTS;
  const order = { ...common, orderId: 1000 + step, cause: first + 2 };
  const fate: Event =
    step % 4 === 0
      ? { ...BLANK.Canceled, ...order, source: 3, flags: FLAG_LAST, canceledLots: 2, reason: 1 }
      : {
          ...BLANK.Fill,
          ...common,
          cause: first + 2,
          source: 3,
          flags,
          tradeId: step,
          priceTicks: 500 + step,
          qtyLots: 2,
          makerOrderId: 1,
          takerOrderId: order.orderId,
        };
  return [
    {
      ...BLANK.Quote,
      ...common,
      source: 1,
      flags: FLAG_LAST,
      bidTicks: 499 + step,
      bidLots: 10,
      askTicks: 501 + step,
      askLots: 11,
    },
    {
      ...BLANK.Trade,
      ...common,
      source: 1,
      flags,
      priceTicks: 500 + step,
      qtyLots: 1 + (step % 7),
      tradeId: step,
    },
    {
      ...BLANK.NewOrder,
      ...common,
      orderId: order.orderId,
      source: 2,
      flags,
      priceTicks: 500 + step,
      qtyLots: 2,
      type: 1,
      tif: 1,
    },
    { ...BLANK.Accepted, ...order, source: 3, flags, priceTicks: 500 + step, leavesLots: 2 },
    fate,
  ];
}

/** All events of a tape of so many steps; step `changed` has another trade. */
export function sampleEvents(steps: number, changed: number = -1): Event[] {
  const events = defines();
  for (let step = 0; step < steps; step++) {
    for (const event of stepEvents(step)) {
      const isChanged = step === changed && event.kind === Kind.Trade;
      events.push(isChanged ? { ...event, qtyLots: event.qtyLots + 1 } : event);
    }
  }
  return events;
}

export interface SampleOptions {
  readonly steps?: number;
  readonly changed?: number;
  readonly encoding?: 'rpl' | 'text';
  readonly frameBytes?: number;
  readonly sealed?: boolean;
  readonly header?: Partial<TapeHeader>;
}

/** Bytes of a tape. */
export function sampleTape(options: SampleOptions = {}): {
  readonly bytes: Buffer;
  readonly end: TapeEnd | undefined;
} {
  const { steps = 200, changed, encoding = 'rpl', frameBytes = 4096, sealed = true, header } = options;
  const parts: Buffer[] = [];
  const sink = { write: (bytes: Uint8Array): void => void parts.push(Buffer.from(bytes)) };
  const config = { header: { ...HEADER, ...header }, ports: nodePorts, frameBytes };
  const writer = encoding === 'rpl' ? createBinaryWriter(config, sink) : createTextWriter(config, sink);
  for (const event of sampleEvents(steps, changed)) {
    const refused = writeEvent(writer, event);
    if (refused !== undefined) throw new Error(`${refused.code}: ${refused.found}`);
  }
  let end: TapeEnd | undefined;
  if (sealed) end = endTape(writer, { note: 'a test' });
  else flushTape(writer);
  return { bytes: Buffer.concat(parts), end };
}

/** Writes a tape into a file; its end. */
export function writeSample(path: string, options: SampleOptions = {}): TapeEnd | undefined {
  const { bytes, end } = sampleTape(options);
  writeFileSync(path, bytes);
  return end;
}
