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

/** Buys two lots, once. */
const buyer = (name: string): OwnStrategy => ({
  name,
  listens: { depth: 'top' },
  make: (): Strategy => ({
    state: {},
    onMarket: (context: Context, { market }: MarketUpdate) => {
      if (market.askTicks < 0 || context.positionLots(market) > 0) return;
      if (context.openOrders(market).length === 0) context.submit({ market, side: 'buy', qtyLots: 2 });
    },
  }),
});

const level = (timeNs: number, flags: number, priceTicks: number, qtyLots: number): Event => ({
  ...BLANK.Level,
  ...AT,
  timeNs,
  flags: flags | FLAG_LAST,
  priceTicks,
  qtyLots,
});
/** Each of another quantity: what has not changed is told to nobody. */
const touch = (seconds: number): Event => level(seconds * SECOND, SIDE_BUY, 99, 9 + seconds);
const mark = (seconds: number, markFine: number): Event => ({
  ...BLANK.Mark,
  ...AT,
  timeNs: seconds * SECOND,
  markFine,
});
/** Of a thousandth, exchanged a second later. */
const rate = (seconds: number): Event => ({
  ...BLANK.FundingRate,
  ...AT,
  timeNs: seconds * SECOND,
  rateE12: 1_000_000_000,
  nextFundingTime: (seconds + 1) * SECOND,
});

/** A book of 99 to 100 from the beginning on, and what follows. */
function tapeWith(events: readonly Event[], instrument = DEFINE): TestTape {
  const define = { ...BLANK.Define, flags: FLAG_LAST };
  return tapeOfEvents([
    { ...define, ...defineFields('instrument', 1, instrument) },
    { ...define, ...defineFields('source', 1, { name: 'feed', role: 'marketFeed' }) },
    { ...BLANK.BookReset, ...AT, timeNs: 1 },
    level(2, SIDE_BUY, 99, 9),
    level(2, SIDE_SELL, 100, 9),
    ...events,
  ]);
}

// Fails where a rate's next time is not waited for: nothing else is due in the hour between two samples.
test('funding that a rate tells is exchanged at its time, at the mark of that time', () => {
  const tape = tapeWith([touch(1), mark(100, 10_000), rate(100), mark(102, 90_000), touch(103)]);
  const { events } = run(tape, { strategy: buyer('buyer'), config: { sampleNs: 3600 * SECOND } });
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

// Fails where a funding that nobody has a part in is an answer to a run that has not begun: its first equity, which
// losses count from, would be that of an account without its deposits.
test('funding before several strategies begin is no look at their account', () => {
  const tape = tapeWith([touch(1), mark(2, 10_000), rate(3), touch(10), touch(11), mark(12, 100), touch(13)]);
  const kill = { loss: { amount: '50', level: 'cancelAll' } };
  const config = { equityOn: 'mark', deposits: { USD: '1000' }, risk: { kill } };
  const { events, backtest } = run(tape, {
    strategy: [buyer('one'), buyer('other')],
    config,
    fromNs: 9 * SECOND,
  });
  expect(events[0].kind).toBe(Kind.Define);
  expect(backtest.engine.gate.risk.startEquity.exact).toBe(1000_00000000n);
  // Both are long at 100, and the mark says 1.
  expect(ofKind(events, Kind.KillSwitch).map(({ timeNs }) => timeNs > 12 * SECOND)).toEqual([true]);
});

// Fails where a price that no event can tell ends the run.
test('funding at a price of more digits than a number has is not exchanged', () => {
  const tape = tapeWith([touch(1), touch(2), touch(9)], { ...DEFINE, fineScale: 15 });
  const funding = { everyNs: SECOND, rateE12: 1_000_000_000 };
  const { events } = run(tape, { strategy: buyer('buyer'), config: { funding } });
  expect(ofKind(events, Kind.Fill)).toHaveLength(1);
  expect(ofKind(events, Kind.FundingPaid)).toEqual([]);
});
