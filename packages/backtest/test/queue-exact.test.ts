// The truth that models of the queue are held against: each probe's first fill is that of a matching engine in which
// the same order stands beside the commands of the tape.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { NONE } from '@truetape/contracts';
import { createCrc32, createTerms } from '@truetape/kernel';
import { createDecoder, createReader, openedTape, type OpenedTape, type TapeReader } from '@truetape/tape';
import { createVenue, submit, takeRecord } from '@truetape/venue';
import { expect, test } from 'vitest';
import {
  createQueueComparison,
  feedQueueComparison,
  QUEUE_CONTENDERS,
  queueFigures,
  type ProbeOutcome,
} from '@truetape/backtest';

const PACK = join(import.meta.dirname, '..', '..', '..', 'fixtures', 'replay-pack');
const PORTS = {
  crc32: createCrc32({ large: (bytes, seed = 0) => crc32(bytes, seed) }),
  sha256: () => createHash('sha256'),
};

function readerOf(bytes: Uint8Array): TapeReader {
  let rest: Uint8Array | undefined = bytes;
  const read = (): Uint8Array | undefined => {
    const all = rest;
    rest = undefined;
    return all;
  };
  return createReader(createDecoder({ ports: PORTS, hash: false }), { read });
}

function probed(bytes: Uint8Array, lifetimeNs: number): readonly ProbeOutcome[] {
  const opened = readerOf(bytes);
  opened.next();
  const { epoch } = openedTape(opened);
  const comparison = createQueueComparison({
    instrument: 1,
    sources: [],
    startsEmpty: true,
    epoch,
    plan: { seed: '5', lanes: 12, lifetimeNs, qtyLots: [1, 5, 20], behindTicks: 2 },
    depthEveryNs: 0,
    contenders: QUEUE_CONTENDERS,
  });
  const reader = readerOf(bytes);
  for (let batch = reader.next(); batch !== undefined; batch = reader.next())
    feedQueueComparison(comparison, batch);
  return comparison.outcomes;
}

const TERMS = createTerms({
  class: 'linear',
  priceStep: '1',
  qtyStep: '1',
  fineScale: 0,
  contractSize: '1',
  moneyScale: 0,
});

/** When the same order is first filled in a matching engine, ns since the epoch; NONE: not in its lifetime. */
function matchedNs(bytes: Uint8Array, probe: ProbeOutcome, lifetimeNs: number): number {
  if (!TERMS.ok) throw new Error('terms');
  const one = { index: 1, terms: TERMS.value, feeAsset: 0, startsEmpty: true };
  const venue = createVenue({ mode: 'exchange', instruments: [one] });
  venue.isListening = false;
  const { side, priceTicks, qtyLots, placedNs } = probe;
  const order = { instrument: 1, orderId: 9, side, type: 1, tif: 1, priceTicks, qtyLots, postOnly: 1 };
  const reader = readerOf(bytes);
  let epoch: OpenedTape['epoch'] | undefined;
  let isPlaced = false;
  let isBetween = true;
  for (let batch = reader.next(); batch !== undefined; batch = reader.next()) {
    epoch ??= openedTape(reader).epoch;
    const { u32 } = batch.records;
    let seq = batch.firstSeq;
    for (let i = batch.from; i < batch.to; i += (u32[i] & 0xffff) * 2) {
      const timeNs = (u32[i + 3] - epoch.hi) * 4_294_967_296 + (u32[i + 2] - epoch.lo);
      if (!isPlaced && isBetween && timeNs > placedNs) {
        submit(venue, order, placedNs);
        isPlaced = true;
      }
      if (timeNs > placedNs + lifetimeNs) return NONE;
      takeRecord(venue, batch.records, i, timeNs, seq++, 0);
      isBetween = (u32[i] >>> 24) % 2 === 1;
      if (venue.reports.some(({ kind }) => kind === 'fill')) return timeNs;
    }
  }
  return NONE;
}

test.each([
  ['calm', 300_000_000],
  ['burst', 30_000_000],
  ['cancel-storm', 60_000_000],
])('%s: the exact fill is that of a matching engine', (name, lifetimeNs) => {
  const bytes = readFileSync(join(PACK, `${name}.rpl`));
  const outcomes = probed(bytes, lifetimeNs);
  expect(outcomes.length).toBeGreaterThan(20);
  const [filled, none] = [true, false].map(
    (isFilled) => outcomes.filter(({ exact }) => (exact.firstNs !== NONE) === isFilled).length,
  );
  expect(Math.min(filled, none)).toBeGreaterThan(4);
  for (const probe of outcomes) expect(probe.exact.firstNs).toBe(matchedNs(bytes, probe, lifetimeNs));
  expect(queueFigures(outcomes, 0)).toMatchObject({ early: 0, falseFills: 0 });
});
