// An outage ends an order while something that was asked of it is still under way: all the way to the venue and back.
import { Kind, NONE, nameOfCode } from '@truetape/contracts';
import type { Event } from '@truetape/contracts';
import type { Context, MarketUpdate, Strategy } from '@truetape/engine';
import { expect, test } from 'vitest';
import { run, simTape, visitRecords } from './runs.ts';
import type { OwnStrategy, RunResult } from './runs.ts';

const MS = 1_000_000;
const CUT_NS = 200 * MS;
const tape = simTape('mixed', '7', 1600);

type Asked = 'amend' | 'cancel' | 'both';

/** Bids far below the market, and asks something of that order ten ms before the cut. */
const asking = (asked: Asked): OwnStrategy => ({
  name: 'asking',
  listens: { depth: 'all' },
  make: (): Strategy => {
    const state = { step: 0 };
    return {
      state,
      onMarket: (context: Context, { market }: MarketUpdate) => {
        const { bidTicks } = market;
        if (bidTicks === NONE || context.timeNs < 60 * MS) return;
        const [order] = context.openOrders(market);
        if (state.step === 0) {
          context.submit({ market, side: 'buy', qtyLots: 9, priceTicks: bidTicks - 20 });
          state.step = 1;
        } else if (state.step === 1 && context.timeNs >= CUT_NS - 10 * MS) {
          if (asked !== 'cancel') context.amend(order, { qtyLots: 12, priceTicks: bidTicks - 21 });
          if (asked !== 'amend') context.cancel(order);
          state.step = 2;
        }
      },
    };
  },
});

const fixed = (ns: number): { readonly kind: 'fixed'; readonly ns: number } => ({ kind: 'fixed', ns });

/** What was asked reaches the venue 15 ms behind the cut. */
function cutWhile(asked: Asked, mode: string, outageNs: number, resumeAt: number[]): RunResult {
  return run(tape, {
    strategy: asking(asked),
    config: {
      mode,
      instrument: { class: 'linear', leverage: 100 },
      latency: { order: fixed(25 * MS), cancel: fixed(25 * MS), response: fixed(3 * MS), feed: fixed(MS) },
      outages: [{ fromNs: CUT_NS, toNs: CUT_NS + outageNs, cancelAll: true }],
    },
    resumeAt,
  });
}

/** Events of the tape up to a time. */
function takenBy(untilNs: number): number {
  let count = 0;
  visitRecords(tape.bytes, (_, __, timeNs) => {
    if (timeNs > untilNs) return false;
    count += 1;
    return true;
  });
  return count;
}

/** What the venue said of the order, a line each. */
const answers = (events: readonly Event[]): string[] =>
  events.flatMap((event) => {
    switch (event.kind) {
      case Kind.Accepted:
        return ['accepted'];
      case Kind.Canceled:
        return [`canceled ${event.canceledLots} ${nameOfCode('cancelReason', event.reason)}`];
      case Kind.Rejected:
        return [
          `${event.command === Kind.AmendOrder ? 'amend' : 'cancel'} ${nameOfCode('rejectCode', event.code)}`,
        ];
      case Kind.Amended:
      case Kind.Fill:
        return ['amended or filled'];
      default:
        return [];
    }
  });

// Fails where an order lives on behind a cut, or an answer is lost, or a state that is saved in between has not all.
test.each([
  ['replay', 'amend', 5 * MS, ['amend unknownOrder']],
  ['replay', 'cancel', 50 * MS, ['cancel venueDown']],
  ['exchange', 'cancel', 5 * MS, ['cancel unknownOrder']],
  ['exchange', 'both', 50 * MS, ['amend venueDown', 'cancel venueDown']],
] as const)('%s: %s, an outage of %i ns', (mode, asked, outageNs, rejected) => {
  const whole = cutWhile(asked, mode, outageNs, []);
  expect(answers(whole.events)).toEqual(['accepted', 'canceled 9 disconnect', ...rejected]);
  const { engine, venue } = whole.backtest;
  expect([engine.own.size, engine.views[0].open.length, venue.orders.size]).toEqual([0, 0, 0]);
  // Between question and cut, cut and news of it, arrival and answer.
  const resumed = cutWhile(
    asked,
    mode,
    outageNs,
    [-5, 1, 5, 16].map((ms) => takenBy(CUT_NS + ms * MS)),
  );
  expect(resumed.hash).toBe(whole.hash);
});
