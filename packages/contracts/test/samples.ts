/** Events whose values follow from the names of their fields: when two fields change places, so do their values. */
import { LAYOUTS, NONE, SIDE_BUY, VOCABULARIES, epochAt } from '@truetape/contracts';
import type { Event, Field, KindLayout } from '@truetape/contracts';
import { absentValue } from './bag.ts';
import type { Bag } from './bag.ts';

/** 2025-12-01T00:00:00Z. */
export const EPOCH = epochAt(1764547200000000000n);

/** FNV-1a of a name, 32 bits. */
function hashOf(name: string): number {
  let hash = 0x811c9dc5;
  for (const letter of name) hash = Math.imul(hash ^ letter.charCodeAt(0), 16777619) >>> 0;
  return hash;
}

function sampleUnsigned(field: Field, hash: number): number {
  const vocabulary = field.vocabulary === undefined ? undefined : VOCABULARIES[field.vocabulary];
  if (vocabulary?.closed === true) return 1 + (hash % vocabulary.names.length);
  return 1 + (hash % (2 ** field.bits - 2));
}

function sampleField(field: Field): number | bigint | string {
  const hash = hashOf(field.name);
  switch (field.type) {
    case 'n':
      return (hash % 2 === 0 ? 1 : -1) * (hash * 1000003 + 1);
    case 'q':
      return hash * 1000003 + 1;
    case 'id':
    case 'ref':
      return hash * 2097143 + 1;
    case 't':
      return hash * 1009 + 1;
    case 'm':
      return (hash % 2 === 0 ? 1n : -1n) * (BigInt(hash) ** 3n + 1n);
    case 'hash':
      return hash.toString(16).padStart(8, '1').repeat(8);
    case 'u':
      return sampleUnsigned(field, hash);
  }
}

const PAYLOADS = {
  json: '{"id":"币安人生USDT","n":-1}',
  text: 'Grüße, 币安 🚀',
  bytes: new Uint8Array([0, 1, 2, 253, 254, 255, 128, 64, 32]),
};

/** An event of a kind with every field set. */
export function fullEvent(layout: KindLayout): Event {
  const bag: Bag = {
    kind: layout.code,
    seq: 0,
    timeNs: 123456789012345,
    flags: 0x63,
    instrument: 0x1234,
    source: 0xfedc,
  };
  for (const field of layout.fields) {
    bag[field.name] = sampleField(field);
    if (field.type === 'ref') bag['causeTape'] = 1029;
  }
  if (layout.payload === undefined) bag['ext'] = '';
  else bag[layout.payload.name] = PAYLOADS[layout.payload.type];
  if (isPricedOnce(layout)) bag['priceFine'] = NONE;
  if (layout.name === 'Raw') Object.assign(bag, { offset: Number(bag['offset']) % 2 ** 24 });
  if (layout.name === 'Skip') Object.assign(bag, { flags: 0, instrument: 0, source: 0 });
  return bag as unknown as Event;
}

/** True for a kind that has either priceTicks or priceFine. */
function isPricedOnce({ definition }: KindLayout): boolean {
  return definition.rules?.some(({ form }) => form === 'oneOf') === true;
}

/** An event with all of its words: as `fullEvent`, but off the grid of prices where a kind has either price. */
export function longestEvent(layout: KindLayout): Event {
  const event = fullEvent(layout);
  const priceFine = layout.fields.find(({ name }) => name === 'priceFine');
  if (!isPricedOnce(layout) || priceFine === undefined) return event;
  return { ...event, priceTicks: NONE, priceFine: sampleField(priceFine) } as Event;
}

/** An event of a kind in which as little as possible is set. */
export function blankEvent(layout: KindLayout): Event {
  const bag: Bag = { kind: layout.code, seq: 0, timeNs: 0, flags: 0, instrument: 0, source: 0 };
  for (const field of layout.fields) {
    const isSet = field.type === 'hash' && !field.optional;
    bag[field.name] = isSet ? sampleField(field) : absentValue(field);
    if (field.type === 'ref') bag['causeTape'] = 0;
  }
  if (layout.payload === undefined) bag['ext'] = '';
  else bag[layout.payload.name] = { json: '{}', text: '', bytes: new Uint8Array(0) }[layout.payload.type];
  if (layout.name === 'Define') Object.assign(bag, { table: 1, index: 1 });
  if (layout.name === 'Skip') bag['count'] = 1;
  if (isPricedOnce(layout)) bag['priceTicks'] = 0;
  if (layout.name === 'Level') bag['flags'] = SIDE_BUY;
  return bag as unknown as Event;
}

/** The event with its tail cut before the given word: what lies behind has its default. */
export function cutEvent(layout: KindLayout, event: Event, end: number): Event {
  const bag = { ...(event as unknown as Bag) };
  for (const field of layout.fields) if (field.word >= end) bag[field.name] = absentValue(field);
  return bag as unknown as Event;
}

/** Layouts of the kinds that are frozen. */
export const FROZEN: readonly KindLayout[] = LAYOUTS.filter(({ definition }) => definition.status === 'F');
