import { BLANK, FLAG_LAST, Kind, defineFields, epochAt, layoutOfCode, priorityOf } from '@truetape/contracts';
import type { DefineTables, Event, JsonObject, TableName } from '@truetape/contracts';
import { createBinaryWriter, endTape, mergeTapes, mergedHeader } from '@truetape/tape';
import type { MergeError, TapeHeader } from '@truetape/tape';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyItems } from './arbitrary.ts';
import { listEvents, openBytes } from './market.ts';
import { checkProperty, seeds } from './property.ts';
import { HEADER, PORTS, createSink, writeTape } from './tape.ts';
import type { Item } from './tape.ts';

const EPOCH = epochAt(BigInt(HEADER.epochNs));
const PARENT = { hash: '0'.repeat(64), count: 1 };
const ROLES = ['account', 'asset', 'label'] as const;

interface Listing {
  readonly events: readonly Event[];
  readonly tables: DefineTables;
  readonly header: TapeHeader;
  readonly hash: string;
  readonly count: number;
}

function list(bytes: Uint8Array): Listing {
  const reader = openBytes(bytes, { hash: true, verify: true, epoch: EPOCH });
  const events = listEvents(reader).map(({ event }) => event);
  expect(reader.error).toBeUndefined();
  const { hash, count } = reader.end!;
  const { tables, header } = reader.decoder;
  return { events, tables, header: header!, hash: hash!, count: count! };
}

function merge(tapes: readonly Uint8Array[]): { readonly error?: MergeError; readonly bytes: Buffer } {
  const heads = tapes.map(list);
  const sink = createSink();
  const writer = createBinaryWriter({ header: mergedHeader(heads), ports: PORTS, frameBytes: 300 }, sink);
  const readers = tapes.map((bytes) => openBytes(bytes));
  const error = mergeTapes(
    readers,
    heads.map(({ header }) => header),
    writer,
  );
  if (error !== undefined) return { error, bytes: Buffer.alloc(0) };
  endTape(writer);
  return { bytes: Buffer.concat(sink.parts) };
}

function rolesOf(kind: number): { readonly name: string; readonly role: TableName }[] {
  const fields = layoutOfCode(kind)?.fields ?? [];
  return fields.flatMap(({ name, role }) => {
    const table = ROLES.find((one) => one === role);
    return table === undefined ? [] : [{ name, role: table }];
  });
}

/** The items with every index one that was defined before, and aliases that do not contradict each other. */
function resolvable(items: readonly Item[]): Item[] {
  const sizes: Record<string, number> = {};
  const names = ['instrument', 'source', ...ROLES];
  return items.map(({ event, gap }) => {
    const within = (name: string, index: number): number => index % ((sizes[name] ?? 0) + 1);
    const bag: Record<string, unknown> = { ...event };
    bag['instrument'] = within('instrument', event.instrument);
    bag['source'] = within('source', event.source);
    for (const { name, role } of rolesOf(event.kind)) bag[name] = within(role, bag[name] as number);
    if (typeof bag['causeTape'] === 'number') bag['causeTape'] %= 3;
    if (event.kind === Kind.Alias) bag['text'] = `id ${event.id}`;
    if (event.kind === Kind.Define) sizes[names[event.table - 1]] = event.index;
    return { event: bag as unknown as Event, gap };
  });
}

/** What an event says, with definitions for indexes: the same before and after a merge. */
function meaning(event: Event, { tables }: Listing, mapTape: (tape: number) => number): unknown {
  const { seq: _seq, instrument, source, ...rest } = event;
  const bag: Record<string, unknown> = { ...rest };
  for (const { name, role } of rolesOf(event.kind))
    bag[name] = tables[role].byIndex[bag[name] as number]?.json;
  if (typeof bag['cause'] === 'number' && bag['cause'] >= 0)
    bag['causeTape'] = mapTape(bag['causeTape'] as number);
  const of = tables.source.byIndex[source]?.value;
  const role = of === undefined ? undefined : [(of['name'] as string).replace(/(@\d)+$/, ''), of['role']];
  return { ...bag, role, instrument: tables.instrument.byIndex[instrument]?.json };
}

/** A plain merge: again and again the least head by time, priority and place. */
function plainMerge(inputs: readonly Listing[], offsets: readonly number[]): unknown[] {
  const left = inputs.map(({ events }) => events.filter(({ kind }) => kind !== Kind.Define));
  const merged: unknown[] = [];
  for (;;) {
    const heads = left.flatMap((events, tape) => (events.length === 0 ? [] : [{ event: events[0], tape }]));
    if (heads.length === 0) return merged;
    heads.sort(
      (a, b) =>
        a.event.timeNs - b.event.timeNs ||
        priorityOf(codeOf(a.event)) - priorityOf(codeOf(b.event)) ||
        a.tape - b.tape,
    );
    const { event, tape } = heads[0];
    left[tape].shift();
    merged.push(meaning(event, inputs[tape], (old) => (old === 0 ? tape + 1 : offsets[tape] + old)));
  }
}

const codeOf = (event: Event): number => (event.kind === Kind.Unknown ? event.code : event.kind);

describe('a merge of random tapes', () => {
  const anyTape = fc.record({ items: anyItems(14), late: fc.nat(3), parents: fc.constantFrom(0, 2) });

  // Fails when an index, a name or a cause is mapped to another, or an event lost, doubled or displaced.
  test.each(seeds(71))('says what its inputs say, in their order (seed %s)', (seed) => {
    checkProperty(
      seed,
      fc.property(fc.array(anyTape, { minLength: 1, maxLength: 3 }), fc.boolean(), (tapes, isText) => {
        const written = tapes.map(({ items, late, parents }) => {
          const header = {
            ...HEADER,
            draft: true,
            epochNs: String(BigInt(HEADER.epochNs) + BigInt(late)),
            parents: Array.from({ length: parents }, () => PARENT),
          };
          return writeTape(isText ? 'text' : 'binary', resolvable(items), { header, frameBytes: 200 }).bytes;
        });
        const inputs = written.map(list);
        const { error, bytes } = merge(written);
        expect(error).toBeUndefined();
        const merged = list(bytes);
        const offsets = tapes.map((_, k) =>
          tapes.slice(0, k).reduce((sum, { parents }) => sum + parents, tapes.length),
        );
        const events = merged.events.filter(({ kind }) => kind !== Kind.Define);
        expect(events.map((event) => meaning(event, merged, (tape) => tape))).toEqual(
          plainMerge(inputs, offsets),
        );
        expect(merged.events.map(({ seq }) => seq)).toEqual(merged.events.map((_, seq) => seq));
        const earliest = Math.min(...tapes.map(({ late }) => late));
        expect(merged.header).toMatchObject({
          draft: true,
          epochNs: String(BigInt(HEADER.epochNs) + BigInt(earliest)),
        });
        expect(merged.header.parents).toEqual([
          ...inputs.map(({ hash, count }) => ({ hash, count })),
          ...inputs.flatMap(({ header }) => header.parents ?? []),
        ]);
      }),
      80,
    );
  });
});

describe('names of inputs', () => {
  const define = (table: TableName, index: number, value: JsonObject, timeNs = 0, source = 0): Event => ({
    ...BLANK.Define,
    timeNs,
    source,
    ...defineFields(table, index, value),
  });
  const tape = (...events: Event[]): Buffer =>
    writeTape(
      'binary',
      events.map((event) => ({ event, gap: 0 })),
    ).bytes;
  const feed = define('source', 1, { name: 'feed' });
  const version = (step: string, index: number, timeNs = 0): Event =>
    define('instrument', index, { id: 'X:A', priceStep: step }, timeNs);
  const ofSources = (bytes: Uint8Array): unknown[] =>
    list(bytes)
      .tables.source.byIndex.slice(1)
      .map((one) => [one?.name, one?.value['parent']]);

  // Fails when a name that a merge made is taken for one that an input gave.
  test('of sources stay apart when merges are merged, in any order', () => {
    const inner = merge([tape(feed), tape(feed)]).bytes;
    expect(ofSources(inner)).toEqual([
      ['feed', 1],
      ['feed@2', 2],
    ]);
    expect(ofSources(merge([inner, tape(feed)]).bytes)).toEqual([
      ['feed', 3],
      ['feed@2', 4],
      ['feed@2@2', 2],
    ]);
    expect(ofSources(merge([tape(feed), inner]).bytes)).toEqual([
      ['feed', 1],
      ['feed@2', 3],
      ['feed@2@2', 4],
    ]);
    const own = tape(feed, define('source', 2, { name: 'feed@2' }));
    expect(ofSources(merge([tape(feed), own]).bytes).map((entry) => (entry as unknown[])[0])).toEqual([
      'feed',
      'feed@2',
      'feed@2@2',
    ]);
  });

  test('of a source that is defined anew stay its own', () => {
    const twice = tape(feed, define('source', 2, { name: 'feed', role: 'venue' }));
    expect(ofSources(merge([twice]).bytes)).toEqual([
      ['feed', 1],
      ['feed', 1],
    ]);
    expect(ofSources(merge([tape(feed), twice]).bytes)).toEqual([
      ['feed', 1],
      ['feed@2', 2],
      ['feed@2', 2],
    ]);
  });

  // Fails when it depends on which input comes to the change first.
  test.each([
    [5, 9],
    [9, 5],
    [5, 5],
  ])('that change alike agree (at %s and %s)', (a, b) => {
    const tapes = [a, b].map((at) => tape(version('0.1', 1), version('0.5', 2, at)));
    const { instrument } = list(merge(tapes).bytes).tables;
    expect(instrument.byIndex.slice(1).map((one) => one?.value['priceStep'])).toEqual(['0.1', '0.5']);
  });

  test('that change differently contradict each other', () => {
    const tapes = ['0.5', '0.7'].map((step) => tape(version('0.1', 1), version(step, 2, 5)));
    expect(merge(tapes).error).toMatchObject({ tape: 1, error: { code: 'mergeConflict', seq: 1 } });
    const late = tape(version('0.7', 1, 9));
    expect(merge([tape(version('0.1', 1)), late]).error).toMatchObject({ tape: 1 });
  });

  test('that go back to what they stood for stand for it', () => {
    const back = tape(version('0.1', 1), version('0.5', 2), version('0.1', 3));
    const { instrument } = list(merge([back, tape(version('0.1', 1))]).bytes).tables;
    expect(instrument.byIndex[instrument.byName.get('X:A')!]?.value['priceStep']).toBe('0.1');
  });

  test('that supersede name the merged index, and a Define keeps its source', () => {
    const other = tape(feed, define('instrument', 1, { id: 'X:B' }));
    const value = { id: 'X:A', supersedes: 1 };
    const own = tape(feed, define('instrument', 1, { id: 'X:A' }), define('instrument', 2, value, 1, 1));
    const { events, tables } = list(merge([other, own]).bytes);
    expect(tables.instrument.byIndex.at(-1)?.value['supersedes']).toBe(2);
    expect(tables.source.byIndex[events.at(-1)!.source]?.name).toBe('feed@2');
  });

  test('that no Define gives are told', () => {
    const ofNobody = tape(define('instrument', 1, { id: 'X:A' }, 0, 3));
    expect(merge([ofNobody]).error).toMatchObject({ tape: 0, error: { code: 'mergeConflict' } });
    const trade = { ...BLANK.Trade, qtyLots: 1, priceTicks: 1, flags: FLAG_LAST, source: 1 };
    expect(merge([tape(feed, trade), tape(trade)]).error).toMatchObject({ tape: 1 });
  });
});
