import { BLANK, FLAG_LAST, Kind, SIDE_BUY, SIDE_SELL, defineFields } from '@truetape/contracts';
import type { Event, JsonObject } from '@truetape/contracts';
import type { Context, MarketUpdate, Strategy } from '@truetape/engine';
import { nodePorts } from '@truetape/host';
import { createBinaryWriter, endTape, writeEvent } from '@truetape/tape';
import { expect, test } from 'vitest';
import { ofKind, run, tapeOf } from './runs.ts';
import type { OwnStrategy, TestTape } from './runs.ts';

const SECOND = 1_000_000_000;
const DEFINE: JsonObject = {
  id: 'X:BTC',
  symbol: 'BTC',
  class: 'linear',
  base: 'BTC',
  quote: 'USD',
  settle: 'USD',
  priceStep: '1',
  qtyStep: '1',
  fineScale: 2,
  contractSize: '1',
};
const AT = { instrument: 1, source: 1, flags: FLAG_LAST };

function tapeOfEvents(events: readonly Event[]): TestTape {
  const parts: Uint8Array[] = [];
  const sink = { write: (bytes: Uint8Array) => void parts.push(Uint8Array.from(bytes)) };
  const header = { observer: 'client', epochNs: '0', producer: { name: 'test' } } as const;
  const writer = createBinaryWriter({ header, ports: nodePorts }, sink);
  for (const event of events) expect(writeEvent(writer, event)).toBe(undefined);
  endTape(writer);
  return tapeOf(Buffer.concat(parts));
}

const BUYER: OwnStrategy = {
  name: 'buyer',
  listens: { depth: 'top' },
  make: (): Strategy => ({
    state: {},
    onMarket: (context: Context, { market }: MarketUpdate) => {
      if (market.askTicks < 0 || context.positionLots(market) > 0) return;
      if (context.openOrders(market).length === 0) context.submit({ market, side: 'buy', qtyLots: 2 });
    },
  }),
};

// Fails where a rate's next time is not waited for: nothing else is due in the hour between two samples.
test('funding that a rate tells is exchanged at its time, at the mark of that time', () => {
  const define = { ...BLANK.Define, flags: FLAG_LAST };
  const touch = (timeNs: number): Event => ({
    ...BLANK.Quote,
    ...AT,
    timeNs,
    bidTicks: 99,
    bidLots: 9,
    askTicks: 100,
    askLots: 9,
  });
  const tape = tapeOfEvents([
    { ...define, ...defineFields('instrument', 1, DEFINE) },
    { ...define, ...defineFields('source', 1, { name: 'feed', role: 'marketFeed' }) },
    { ...BLANK.BookReset, ...AT, timeNs: 1 },
    { ...BLANK.Level, ...AT, timeNs: 2, flags: SIDE_BUY | FLAG_LAST, priceTicks: 99, qtyLots: 9 },
    { ...BLANK.Level, ...AT, timeNs: 2, flags: SIDE_SELL | FLAG_LAST, priceTicks: 100, qtyLots: 9 },
    touch(SECOND),
    { ...BLANK.Mark, ...AT, timeNs: 100 * SECOND, markFine: 10_000 },
    {
      ...BLANK.FundingRate,
      ...AT,
      timeNs: 100 * SECOND,
      rateE12: 1_000_000_000,
      nextFundingTime: 101 * SECOND,
    },
    { ...BLANK.Mark, ...AT, timeNs: 102 * SECOND, markFine: 90_000 },
    touch(103 * SECOND),
  ]);
  const { events } = run(tape, { strategy: BUYER, config: { sampleNs: 3600 * SECOND } });
  const paid = ofKind(events, Kind.FundingPaid);
  expect(
    paid.map(({ fundingTime, markFine, positionLots, rateE12 }) => [
      fundingTime / SECOND,
      markFine,
      positionLots,
      rateE12,
    ]),
  ).toEqual([[101, 10_000, 2, 1_000_000_000]]);
});
