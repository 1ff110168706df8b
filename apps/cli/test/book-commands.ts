/** Commands for the matching engine as lines, and the events of a tape. */
import { Kind, decodeEvent } from '@truetape/contracts';
import type { Event } from '@truetape/contracts';
import { nodePorts } from '@truetape/host';
import type { RandomStream } from '@truetape/kernel';
import { createDecoder, createReader } from '@truetape/tape';
import { openTapes } from '../src/open-tapes.ts';

const pick = <T>(random: RandomStream, ...values: readonly T[]): T => values[random.nextInt(values.length)];

/** One command: mostly new orders near one price, bad ones among them; the others name recent orders. */
export function commandLine(random: RandomStream, index: number): string {
  const recent = Math.max(0, index - random.nextInt(40));
  const owner = pick(random, 'A', 'B', 'C');
  const price = 95 + random.nextInt(10);
  switch (random.nextInt(10)) {
    case 0:
      return JSON.stringify({ op: 'cancel', id: recent, owner });
    case 1: {
      const qtyMode = pick(random, 'remaining', 'total');
      return JSON.stringify({ op: 'amend', id: recent, owner, price, qty: random.nextInt(20), qtyMode });
    }
    case 2:
      return JSON.stringify(
        random.nextInt(10) === 0
          ? { op: 'cancelAll', owner }
          : { op: 'reduce', id: recent, owner, qty: 1 + random.nextInt(6) },
      );
    default:
      return JSON.stringify({
        op: 'new',
        // Sometimes an id that was there: taken, or free again.
        id: random.nextInt(10) === 0 ? recent : index,
        side: pick(random, 'buy', 'sell'),
        qty: random.nextInt(20),
        tif: pick(random, 'GTC', 'GTC', 'GTC', 'IOC', 'FOK'),
        owner,
        stp: pick(random, 'none', 'newest', 'oldest', 'both', 'decrement'),
        ...(random.nextInt(6) === 0
          ? { type: 'market' }
          : { price, postOnly: pick<unknown>(random, false, false, 'reject', 'slide') }),
      });
  }
}

/** All events of a tape. */
export function eventsOf(path: string): Event[] {
  const input = openTapes([path], { allowTorn: false });
  const reader = createReader(createDecoder({ ports: nodePorts }), input.source);
  const events: Event[] = [];
  for (let batch = reader.next(); batch !== undefined; batch = reader.next()) {
    const { records } = batch;
    for (let i = batch.from; i < batch.to; i += (records.u32[i] & 0xffff) * 2) {
      const event = decodeEvent(records, i, reader.decoder.epoch, events.length);
      if (event.kind !== Kind.Define) events.push(event);
    }
  }
  input.close();
  if (reader.error !== undefined) throw new Error(reader.error.code);
  return events;
}
