import { Kind, NONE, kindName } from '@truetape/contracts';
import { createSummaryFold, foldBatch, summaryJson } from '@truetape/tape';
import type { TapeSummary } from '@truetape/tape';
import { describe, expect, test } from 'vitest';
import { listEvents, marketItems, openBytes } from './market.ts';
import type { Listed } from './market.ts';
import { HEADER, writeTape } from './tape.ts';

function summarize(bytes: Uint8Array, counting: boolean): TapeSummary {
  const fold = createSummaryFold();
  const reader = openBytes(bytes, counting ? { census: fold.census } : {});
  for (let batch = reader.next(); batch !== undefined; batch = reader.next()) foldBatch(fold, batch);
  expect(reader.error).toBeUndefined();
  return summaryJson(fold, reader.decoder.tables, reader.end!);
}

/** Counts by a key, in any order. */
function countBy(events: readonly Listed[], key: (listed: Listed) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const listed of events) counts[key(listed)] = (counts[key(listed)] ?? 0) + 1;
  return counts;
}

const NAMES = ['-', '#1', 'X:B', 'X:A'];

describe.each(['binary', 'text'] as const)('the summary of a %s tape', (encoding) => {
  const { bytes } = writeTape(encoding, marketItems('summary', 500), { frameBytes: 600 });
  const events = listEvents(openBytes(bytes));

  // Fails when an event is counted twice or not at all, above all by the decoder that counts while it checks.
  test.each([false, true])('is a plain count (decoder counts: %s)', (counting) => {
    const summary = summarize(bytes, counting);
    expect(summary.events).toBe(events.length);
    expect(summary.byKind).toEqual(countBy(events, ({ event }) => kindName(event.kind)));
    expect(summary.byInstrument).toEqual(countBy(events, ({ event }) => NAMES[event.instrument]));
    expect(summary.bySource).toEqual(countBy(events, ({ event }) => ['-', 'feed', 'venue'][event.source]));
    const times = events.map(({ event }) => BigInt(HEADER.epochNs) + BigInt(event.timeNs));
    expect(summary.firstTimeNs).toBe(String(times[0]));
    expect(summary.lastTimeNs).toBe(String(times.at(-1)));
    const traded = summary['traded'] as Record<string, Record<string, Record<string, unknown>>>;
    for (const [index, name] of NAMES.entries()) {
      for (const [kind, part] of [
        [Kind.Trade, 'trades'],
        [Kind.Fill, 'fills'],
      ] as const) {
        let lots = 0n;
        let notional = 0n;
        let count = 0;
        for (const { event } of events) {
          if ((event.kind !== Kind.Trade && event.kind !== Kind.Fill) || event.kind !== kind) continue;
          if (event.instrument !== index) continue;
          count += 1;
          lots += BigInt(event.qtyLots);
          if (event.priceTicks !== NONE) notional += BigInt(event.priceTicks) * BigInt(event.qtyLots);
        }
        if (count === 0) continue;
        const found = traded[name][part];
        expect(found).toMatchObject({ count, qtyLots: String(lots), notionalTicksLots: String(notional) });
      }
    }
    const orders = events.filter(({ event }) => event.kind === Kind.NewOrder).length;
    const canceled = events.filter(({ event }) => event.kind === Kind.Canceled).length;
    expect(summary['cancelRate']).toBe((Math.round((canceled * 1e6) / orders) / 1e6).toFixed(6));
    expect(summary['sealed']).toBe(true);
  });
});

test('a tape without events has no times and no rates', () => {
  const { bytes } = writeTape('binary', []);
  for (const counting of [false, true]) {
    const summary = summarize(bytes, counting);
    expect(summary).toMatchObject({ events: 0, byKind: {}, firstTimeNs: null, lastTimeNs: null });
    expect(summary).toMatchObject({ cancelRate: null, eventsPerSecond: null, sealed: true });
  }
});
