/** A small market on a tape, drawn from a seed, and its events as objects: what queries are held against. */
import { BLANK, FLAG_LAST, Kind, SIDE_BUY, SIDE_SELL, decodeEvent, defineFields } from '@truetape/contracts';
import type { Event } from '@truetape/contracts';
import { createStream } from '@truetape/kernel';
import { createDecoder, createReader, recordLine } from '@truetape/tape';
import type { DecoderOptions, TapeReader } from '@truetape/tape';
import { PORTS } from './tape.ts';
import type { Item } from './tape.ts';

export const INSTRUMENTS = ['X:A', 'X:B', 'X:A'];
export const SOURCES = ['feed', 'venue'];

/** Events of two instruments, the first of which is superseded half way; some seqs are left out. */
export function marketItems(seed: string, count: number): Item[] {
  const stream = createStream(seed, 'market');
  const items: Item[] = [];
  const put = (event: Event, gap = 0): void => void items.push({ event, gap });
  const define = (table: 'instrument' | 'source', index: number, value: Record<string, string>): void =>
    put({ ...BLANK.Define, timeNs: items.at(-1)?.event.timeNs ?? 0, ...defineFields(table, index, value) });
  const steps = { priceStep: '0.1', qtyStep: '0.01' };
  for (const [k, name] of SOURCES.entries()) define('source', k + 1, { name });
  for (const k of [0, 1]) define('instrument', k + 1, { id: INSTRUMENTS[k], ...steps });
  let timeNs = 0;
  for (let k = 0; k < count; k++) {
    if (k === count >>> 1) define('instrument', 3, { id: 'X:A', priceStep: '0.5', qtyStep: '1' });
    timeNs += stream.nextInt(3);
    const instrument = 1 + stream.nextInt(k > count >>> 1 ? 3 : 2);
    const flags = FLAG_LAST | [0, SIDE_BUY, SIDE_SELL][stream.nextInt(3)];
    const head = { timeNs, instrument, source: stream.nextInt(3), flags };
    const orderId = stream.nextInt(4);
    const lots = { priceTicks: stream.nextInt(1000) - 500, qtyLots: stream.nextInt(100) };
    const orders = { makerOrderId: orderId, takerOrderId: stream.nextInt(4) };
    const kinds: Event[] = [
      { ...BLANK.Trade, ...head, ...lots, tradeId: k },
      { ...BLANK.Trade, ...head, qtyLots: 3, priceFine: 7, tradeId: k },
      { ...BLANK.Fill, ...head, ...lots, ...orders },
      { ...BLANK.NewOrder, ...head, ...lots, orderId, cause: k },
      { ...BLANK.Canceled, ...head, orderId, contraOrderId: stream.nextInt(4) },
      { ...BLANK.Quote, ...head, bidTicks: 1, bidLots: 1 },
      { ...BLANK.Timer, ...head, timerId: 1, dueTime: timeNs },
    ];
    put(kinds[stream.nextInt(kinds.length)], stream.nextInt(8) === 0 ? 1 + stream.nextInt(5) : 0);
  }
  return items;
}

/** A reader of bytes in memory, which can skip. */
export function openBytes(bytes: Uint8Array, options: Partial<DecoderOptions> = {}): TapeReader {
  let at = 0;
  return createReader(createDecoder({ ports: PORTS, ...options }), {
    read: () => {
      if (at >= bytes.length) return undefined;
      at += 700;
      return bytes.subarray(at - 700, at);
    },
    skip: (size) => {
      at += size;
    },
  });
}

/** An event with its line of text. */
export interface Listed {
  readonly event: Event;
  readonly line: string;
}

/** All events of a reader, up to its end or error. */
export function listEvents(reader: TapeReader): Listed[] {
  const listed: Listed[] = [];
  for (let batch = reader.next(); batch !== undefined; batch = reader.next()) {
    const { records } = batch;
    const { tables, epoch } = reader.decoder;
    let seq = batch.firstSeq;
    for (let i = batch.from; i < batch.to; i += (records.u32[i] & 0xffff) * 2) {
      const event = decodeEvent(records, i, epoch, seq);
      if (event.kind === Kind.Skip) seq += event.count;
      else {
        listed.push({ event, line: recordLine(records, i, seq, tables) });
        seq += 1;
      }
    }
  }
  return listed;
}
