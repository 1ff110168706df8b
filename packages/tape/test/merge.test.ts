import { BLANK, FLAG_LAST, Kind, SIDE_BUY, defineFields, priorityOf } from '@truetape/contracts';
import type { Event } from '@truetape/contracts';
import { createBinaryWriter, endTape, mergeTapes, mergedHeader } from '@truetape/tape';
import type { MergeError, TapeHeader } from '@truetape/tape';
import { describe, expect, test } from 'vitest';
import { listEvents, marketItems, openBytes } from './market.ts';
import type { Listed } from './market.ts';
import { HEADER, PORTS, createSink, writeTape } from './tape.ts';
import type { Item } from './tape.ts';

interface Merged {
  readonly error: MergeError | undefined;
  readonly header: TapeHeader;
  readonly listed: Listed[];
  readonly bytes: Buffer;
}

function merge(tapes: readonly Uint8Array[]): Merged {
  const heads = tapes.map((bytes) => {
    const reader = openBytes(bytes, { hash: true });
    listEvents(reader);
    const { hash, count } = reader.end!;
    return { header: reader.decoder.header!, hash: hash!, count: count! };
  });
  const header = mergedHeader(heads);
  const sink = createSink();
  const writer = createBinaryWriter({ header, ports: PORTS, frameBytes: 512 }, sink);
  const readers = tapes.map((bytes) => openBytes(bytes, { epoch: writer.records.epoch }));
  const error = mergeTapes(
    readers,
    heads.map((head) => head.header),
    writer,
  );
  if (error === undefined) endTape(writer);
  const bytes = Buffer.concat(sink.parts);
  const merged = openBytes(bytes, { hash: true, verify: true });
  const listed = error === undefined ? listEvents(merged) : [];
  if (error === undefined) expect(merged.end?.sealed).toBe(true);
  return { error, header, listed, bytes };
}

/** A line without what a merge changes: the seq, the source and the cause's tape. */
function plain({ event, line }: Listed): string {
  const words = line.split(' ');
  return [words[1], words[2], words[3], ...words.slice(5)]
    .join(' ')
    .replace(/cause=(\d+:)?/, `cause=`)
    .concat(` ${event.kind}`);
}

function market(seed: string): Buffer {
  // Without the instrument that is superseded: two tapes may not disagree on a name.
  const items = marketItems(seed, 120).filter(
    ({ event }) => event.instrument !== 3 && !(event.kind === Kind.Define && event.index === 3),
  );
  return writeTape('binary', items, { frameBytes: 600 }).bytes;
}

const tapes = ['one', 'two', 'three'].map(market);
const inputs = tapes.map((bytes) => listEvents(openBytes(bytes)));

describe('a merge', () => {
  // Fails when an event is lost, doubled or out of order: by time, then priority, then place of the tape.
  test('is a merge of heads in the order of simultaneous things', () => {
    const heads = inputs.map((events) => events.filter(({ event }) => event.kind !== Kind.Define));
    const at = heads.map(() => 0);
    const expected: string[] = [];
    for (;;) {
      let least = -1;
      for (const [k, events] of heads.entries()) {
        const mine = events[at[k]]?.event;
        if (mine === undefined) continue;
        const best = least < 0 ? undefined : heads[least][at[least]].event;
        const rank = (event: Event): number => event.timeNs * 100 + priorityOf(event.kind);
        if (best === undefined || rank(mine) < rank(best)) least = k;
      }
      if (least < 0) break;
      expected.push(plain(heads[least][at[least]++]));
    }
    const { error, listed } = merge(tapes);
    expect(error).toBeUndefined();
    expect(listed.filter(({ event }) => event.kind !== Kind.Define).map(plain)).toEqual(expected);
    expect(listed.map(({ event }) => event.seq)).toEqual(listed.map((_, seq) => seq));
  });

  test('numbers its parents, keeps sources apart and shares instruments', () => {
    const { header, listed, bytes } = merge(tapes);
    expect(header.parents?.length).toBe(3);
    const names = openBytes(bytes);
    listEvents(names);
    const { tables } = names.decoder;
    expect(tables.instrument.byIndex.length).toBe(3);
    expect([...tables.source.byName.keys()].toSorted()).toEqual(
      ['feed', 'feed@2', 'feed@3', 'venue', 'venue@2', 'venue@3'].toSorted(),
    );
    expect(tables.source.byIndex.map((entry) => entry?.value['parent'])).toEqual([
      undefined,
      1,
      1,
      2,
      2,
      3,
      3,
    ]);
    const orders = listed.filter(({ event }) => event.kind === Kind.NewOrder);
    expect(new Set(orders.map(({ event }) => (event as { causeTape: number }).causeTape))).toEqual(
      new Set([1, 2, 3]),
    );
  });

  test('of a merge counts on: the parents of its inputs follow the inputs', () => {
    const inner = merge([tapes[0], tapes[1]]);
    const outer = merge([tapes[2], inner.bytes]);
    expect(outer.error).toBeUndefined();
    expect(outer.header.parents?.length).toBe(4);
    const causes = outer.listed.filter(({ event }) => event.kind === Kind.NewOrder);
    expect(new Set(causes.map(({ event }) => (event as { causeTape: number }).causeTape))).toEqual(
      new Set([1, 3, 4]),
    );
  });

  test('of one tape has its events', () => {
    const { listed } = merge([tapes[0]]);
    expect(listed.map(plain).filter((line) => !line.startsWith('Define')).length).toBe(inputs[0].length);
  });

  test('never parts a message', () => {
    const message = (price: number): Item[] =>
      [
        { ...BLANK.Define, ...defineFields('instrument', 1, { id: 'X:A' }) },
        { ...BLANK.Define, ...defineFields('source', 1, { name: 'feed' }) },
        { ...BLANK.BookUpdate, levels: 2, instrument: 1, source: 1, timeNs: 5 },
        { ...BLANK.Level, priceTicks: price, flags: SIDE_BUY, instrument: 1, source: 1, timeNs: 5 },
        {
          ...BLANK.Level,
          priceTicks: price,
          flags: SIDE_BUY | FLAG_LAST,
          instrument: 1,
          source: 1,
          timeNs: 5,
        },
        {
          ...BLANK.Trade,
          priceTicks: price,
          qtyLots: 1,
          instrument: 1,
          source: 1,
          timeNs: 5,
          flags: FLAG_LAST,
        },
      ].map((event) => ({ event, gap: 0 }));
    const { listed } = merge([1, 2].map((price) => writeTape('binary', message(price)).bytes));
    const levels = listed.flatMap(({ event }) => (event.kind === Kind.Level ? [event.priceTicks] : []));
    expect(levels).toEqual([1, 1, 2, 2]);
  });
});

describe('inputs that contradict each other', () => {
  const one = (...events: Event[]): Uint8Array =>
    writeTape(
      'binary',
      events.map((event) => ({ event, gap: 0 })),
    ).bytes;
  const instrument = (priceStep: string): Event => ({
    ...BLANK.Define,
    ...defineFields('instrument', 1, { id: 'X:A', priceStep }),
  });
  const alias = (text: string): Event => ({
    ...BLANK.Alias,
    id: 4503599627370496,
    scope: 3,
    instrument: 1,
    text,
  });

  test.each<[string, Uint8Array, Uint8Array]>([
    ['two definitions of an instrument', one(instrument('0.1')), one(instrument('0.2'))],
    ['two meanings of an id', one(instrument('0.1'), alias('a')), one(instrument('0.1'), alias('b'))],
    ['an instrument that nobody defined', one(), one({ ...BLANK.Timer, instrument: 1, timerId: 1 })],
    ['an account that nobody defined', one(), one({ ...BLANK.CancelAll, account: 1 })],
  ])('%s', (_, a, b) => {
    expect(merge([a, b]).error).toMatchObject({ tape: 1, error: { code: 'mergeConflict' } });
  });

  test('tapes too far apart for one epoch are told so', () => {
    const header = { ...HEADER, epochNs: '0' };
    const late = { ...HEADER, epochNs: '1700000000000000000' };
    const near = writeTape('binary', [{ event: instrument('0.1'), gap: 0 }], { header }).bytes;
    const far = writeTape('binary', [{ event: instrument('0.1'), gap: 0 }], { header: late }).bytes;
    expect(merge([near, far]).error).toMatchObject({
      tape: 1,
      error: { code: 'mergeConflict', expected: 'times within 104 days of the earliest tape' },
    });
  });

  test('a damaged input is named', () => {
    const bad = Buffer.from(tapes[1]);
    bad[2000] ^= 1;
    const header = mergedHeader([0, 1].map(() => ({ header: HEADER, hash: '0'.repeat(64), count: 0 })));
    const writer = createBinaryWriter({ header, ports: PORTS }, createSink());
    const error = mergeTapes([openBytes(tapes[0]), openBytes(bad)], [HEADER, HEADER], writer);
    expect(error).toMatchObject({ tape: 1, error: { code: 'corrupt' } });
  });
});
