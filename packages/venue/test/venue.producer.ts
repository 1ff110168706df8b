// Reports, messages and states of own orders in a seeded market, and seeded delays: the same bytes everywhere.
import { canonicalText } from '@truetape/contracts';
import { createStream } from '@truetape/kernel';
import { createLatency, drawNs, flatFees, saveVenue, submit, takeRecord } from '@truetape/venue';
import { tapeOf, type Step } from './flow.ts';
import { order, venueOf } from './tapes.ts';

const OPS: readonly Step['op'][] = [
  'new',
  'new',
  'new',
  'new',
  'market',
  'ioc',
  'cancel',
  'amend',
  'reprice',
];
const stream = createStream(7, 'venue');
const steps = Array.from({ length: 600 }, (): Step => ({
  op: OPS[stream.nextInt(OPS.length)],
  isBuy: stream.nextInt(2) === 0,
  priceTicks: 96 + stream.nextInt(9),
  qtyLots: 1 + stream.nextInt(12),
  pick: stream.nextInt(30),
  owner: 1 + stream.nextInt(4),
}));
const { out, starts } = tapeOf(steps);

for (const mode of ['replay', 'exchange', 'ideal'] as const) {
  const slippage = { kind: 'volatility', permille: 400, shift: 3 } as const;
  const venue = venueOf({ mode }, { fees: flatFees(-100_000_000, 450_000_000, 'halfEven'), slippage });
  for (let message = 0; message < starts.length - 1; message++) {
    if (message % 7 === 0)
      submit(
        venue,
        order(message, 1 + stream.nextInt(2), 97 + stream.nextInt(7), 1 + stream.nextInt(9)),
        message,
      );
    for (let i = starts[message]; i < starts[message + 1]; i += (out.u32[i] & 0xffff) * 2)
      takeRecord(venue, out, i, message, message, 0);
  }
  const big = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);
  for (const report of venue.reports) process.stdout.write(`${JSON.stringify(report, big)}\n`);
  process.stdout.write(`${venue.market.u32.subarray(0, venue.market.count * 16).join(' ')}\n`);
  process.stdout.write(`${canonicalText(saveVenue(venue))}\n`);
}

const latency = createLatency(
  { kind: 'logNormal', medianNs: 250_000, sigmaPermille: 700 },
  createStream(3, 'delay'),
);
process.stdout.write(`${Array.from({ length: 500 }, () => drawNs(latency)).join(' ')}\n`);
