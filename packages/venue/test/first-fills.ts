/**
 * Replay against the obvious reference: the same order in a matching engine, beside the commands that made the tape.
 * Up to its first fill an own order changes nothing there, so that fill must come with the same message and lots.
 */
import * as fc from 'fast-check';
import { expect } from 'vitest';
import { aheadOf, submit, takeRecord, type Venue } from '@truetape/venue';
import { steps, tapeOf, type Tape } from './flow.ts';
import { checkProperty } from './property.ts';
import { BUY, order, SELL, venueOf } from './tapes.ts';

interface Own {
  readonly at: number;
  readonly isBuy: boolean;
  readonly priceTicks: number;
  readonly qtyLots: number;
}

interface FirstFill {
  readonly message: number;
  readonly lots: number;
  /** Lots ahead of it before. */
  readonly ahead: readonly number[];
}

/** Runs a tape with one own order; the message and the lots of its first fills, and the queue before each message. */
function firstFill(mode: 'replay' | 'exchange', tape: Tape, own: Own): FirstFill | undefined {
  const venue: Venue = venueOf({ mode });
  const { out, starts } = tape;
  const at = own.at % starts.length;
  const ahead: number[] = [];
  const filled = (): number =>
    venue.reports.reduce((sum, { kind, qtyLots }) => sum + (kind === 'fill' ? qtyLots : 0), 0);
  for (let message = 0; message < starts.length; message++) {
    if (message === at) submit(venue, order(9, own.isBuy ? BUY : SELL, own.priceTicks, own.qtyLots), 0);
    // What it takes as it arrives; from there on the engine's market is another one.
    if (filled() > 0) return { message: -1, lots: filled(), ahead };
    if (message === starts.length - 1) break;
    if (message >= at) ahead.push(aheadOf(venue, 9));
    for (let i = starts[message]; i < starts[message + 1]; i += (out.u32[i] & 0xffff) * 2)
      takeRecord(venue, out, i, message, message + 1, 0);
    if (filled() > 0) return { message, lots: filled(), ahead };
  }
  return undefined;
}

/** The first fill, and the queue before it, are those of a matching engine, in tapes of so many steps. */
export function checkFirstFills(seed: number, runs: number, count: number): void {
  let [fills, makers, none] = [0, 0, 0];
  const one = fc.record({
    at: fc.nat(count),
    isBuy: fc.boolean(),
    priceTicks: fc.integer({ min: 96, max: 104 }),
    qtyLots: fc.integer({ min: 1, max: 20 }),
  });
  checkProperty(
    seed,
    fc.property(steps(count), one, (all, own) => {
      const tape = tapeOf(all);
      const replayed = firstFill('replay', tape, own);
      expect(replayed).toEqual(firstFill('exchange', tape, own));
      if (replayed === undefined) none += 1;
      else fills += 1;
      if (replayed !== undefined && replayed.message >= 0) makers += 1;
    }),
    runs,
  );
  expect(Math.min(fills, makers, none)).toBeGreaterThan(100);
}
