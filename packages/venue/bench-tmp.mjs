import { readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { createDecoder, createReader } from '../tape/src/index.ts';
import { nodePorts } from '../host/src/index.ts';
import { createTerms } from '../kernel/src/index.ts';
import { createVenue, takeRecord, submit, cancel } from './src/index.ts';
import { createFeedBook, applyFeedRecord } from '../book/src/index.ts';
const [file, mode = 'replay', how = 'listen', every = '0'] = process.argv.slice(2);
const bytes = readFileSync(file);
let given = false;
const reader = createReader(createDecoder({ ports: nodePorts }), {
  read: () => (given ? undefined : ((given = true), bytes)),
});
const parts = [];
let words = 0;
for (;;) {
  const b = reader.next();
  if (!b) break;
  const c = b.records.u32.slice(b.from, b.to);
  parts.push(c);
  words += c.length;
}
const u32 = new Uint32Array(words);
let at = 0;
for (const p of parts) {
  u32.set(p, at);
  at += p.length;
}
const records = { u32, i32: new Int32Array(u32.buffer), u8: new Uint8Array(u32.buffer) };
let epoch;
{
  const o = reader;
  epoch = reader.decoder.epoch ?? { hi: u32[3], lo: 0 };
}
const terms = createTerms({
  class: 'spot',
  priceStep: '0.01',
  qtyStep: '1',
  fineScale: 2,
  contractSize: '1',
  moneyScale: 8,
}).value;
const isSim = !file.includes('usdm');
for (let run = 0; run < 5; run++) {
  const venue = createVenue({
    mode: mode === 'book' ? 'replay' : mode,
    instruments: [{ index: 1, terms, feeAsset: 1, startsEmpty: isSim }],
    queue: { kind: 'probPower', n: 2 },
  });
  venue.isListening = how === 'listen';
  const feed = createFeedBook({ startsEmpty: true, ordersMax: 1 << 24 });
  let n = 0,
    messages = 0,
    fills = 0,
    id = 1;
  const step = Number(every);
  const kinds = {};
  const t0 = process.cpuUsage();
  const epochHi = u32[3];
  for (let i = 0; i < words; i += (u32[i] & 0xffff) * 2) {
    const timeNs = (u32[i + 3] - epochHi) * 4294967296 + u32[i + 2];
    if (mode === 'book') {
      const k = (u32[i] >>> 16) & 0xff;
      if (k >= 0x20) applyFeedRecord(feed, records, i);
    } else takeRecord(venue, records, i, timeNs, n, 0);
    n++;
    messages += venue.market.count;
    venue.market.count = 0;
    if (step > 0 && n % step === 0) {
      const ins = venue.instruments[0];
      for (const o of [...venue.orders.keys()]) cancel(venue, o, timeNs);
      const t = ins.told === 2 ? null : ins.feed.store;
      const top = { bidTicks: 0, askTicks: 0, bidLots: 0, askLots: 0, bidOrders: 0, askOrders: 0 };
      const m = await import('./src/instrument.ts').catch(() => null);
      const touch = m.readTouch(ins);
      if (touch.bidTicks > 0 && touch.askTicks > 0) {
        submit(
          venue,
          {
            instrument: 1,
            orderId: id++,
            side: 1,
            type: 1,
            tif: 1,
            priceTicks: touch.bidTicks,
            qtyLots: 1,
            postOnly: 1,
          },
          timeNs,
        );
        submit(
          venue,
          {
            instrument: 1,
            orderId: id++,
            side: 2,
            type: 1,
            tif: 1,
            priceTicks: touch.askTicks,
            qtyLots: 1,
            postOnly: 1,
          },
          timeNs,
        );
      }
      for (const r of venue.reports) {
        if (r.kind === 'fill') fills++;
        kinds[r.kind + r.code] = (kinds[r.kind + r.code] ?? 0) + 1;
      }
      venue.reports.length = 0;
    }
  }
  const used = process.cpuUsage(t0);
  const ns = (used.user + used.system) * 1000;
  console.log(
    mode,
    how,
    every,
    n,
    'records',
    (ns / n).toFixed(1),
    'ns/record',
    'messages',
    messages,
    'fills',
    fills,
    JSON.stringify(venue.counts),
    JSON.stringify(kinds),
  );
}
