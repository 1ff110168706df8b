// A tape that was falsified is found out at the seq where it first differs, or nothing that commands decide
// has changed.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BLANK, Kind, NONE, kindName } from '@truetape/contracts';
import type { Event } from '@truetape/contracts';
import { createStream } from '@truetape/kernel';
import { NOT_COMPARED } from '../src/index.ts';
import { INVISIBLE, WAYS, falsified, firstDifference, isWritten } from './falsify.ts';
import { checkProperty, seeds } from './property.ts';
import { FEED, VENUE, isFact, randomTape, replayed } from './tapes.ts';

/** Commands of each kind, and facts of all kinds that a book has. */
const TAPE = randomTape(createStream(11, 'falsified'), 120);
const KINDS = ['Accepted', 'Rejected', 'Fill', 'Canceled', 'Amended', 'CancelAllDone'] as const;

const firstOf = (kind: number): Event => TAPE.find((event) => event.kind === kind)!;

/** Every field of a fact of each kind. */
const FIELDS = KINDS.flatMap((name) =>
  Object.keys(firstOf(Kind[name]))
    .filter((field) => !['kind', 'seq', 'flags'].includes(field))
    .map((field) => [name, field] as const),
);

/** What a reject may repeat of its command. */
const ASKED: readonly string[] = ['priceTicks', 'qtyLots'];

/** Other values of a field that a tape can hold. */
function others(fact: Event, field: string): Event[] {
  const value = fact[field as keyof Event];
  const values = typeof value === 'number' ? [NONE, 0, 1, 2, 3, value + 1] : ['ff00000000000000'];
  return values
    .filter((other) => other !== value)
    .map((other) => ({ ...fact, [field]: other }))
    .filter(isWritten);
}

describe('one field of one fact', () => {
  test.each(FIELDS)('%s, %s', (name, field) => {
    const fact = firstOf(Kind[name]);
    const asked = TAPE[causeOf(fact)];
    for (const changed of others(fact, field)) {
      // A reject may repeat what was asked for: see below.
      const key = field as keyof Event;
      if (fact.kind === Kind.Rejected && ASKED.includes(field) && changed[key] === asked[key]) continue;
      const { stop } = replayed(TAPE.with(fact.seq, changed));
      // 3 stands for a source that is no venue; those that are none at all may be one.
      const isSeen =
        field === 'source' ? changed.source === 1 || changed.source === FEED : !INVISIBLE.includes(field);
      if (!isSeen) expect(stop).toBeUndefined();
      else
        expect(stop).toMatchObject({
          code: 'fact',
          seq: fact.seq,
          kind: fact.kind,
          field,
          command: causeOf(fact),
        });
    }
  });

  test.each(KINDS)('%s: side and LAST, and no other flag', (name) => {
    const fact = firstOf(Kind[name]);
    const stopOf = (flags: number): unknown => replayed(TAPE.with(fact.seq, { ...fact, flags })).stop;
    expect(stopOf(fact.flags ^ 1)).toMatchObject({ seq: fact.seq, field: 'LAST' });
    expect(stopOf(fact.flags ^ 2)).toMatchObject({ seq: fact.seq, code: 'fact', field: 'SNAPSHOT' });
    for (const side of [0, 16, 32])
      if ((fact.flags & 48) !== side)
        expect(stopOf((fact.flags & ~48) | side)).toMatchObject({ seq: fact.seq, field: 'side' });
    for (const other of [4, 8, 64]) expect(stopOf(fact.flags ^ other)).toBeUndefined();
  });

  test('what is not compared is what a venue may say beside its commands', () => {
    expect([...NOT_COMPARED].sort()).toEqual([...INVISIBLE, 'flags', 'seq'].sort());
  });

  test('what is absent is told as none', () => {
    const fact = firstOf(Kind.Fill);
    const changed = TAPE.with(fact.seq, { ...fact, makerLeaves: NONE } as Event);
    expect(replayed(changed).stop).toMatchObject({ field: 'makerLeaves', found: 'none' });
  });

  test('codes are told by their names', () => {
    const fact = firstOf(Kind.Canceled);
    const shown = [0, 5, 99].map((reason) => {
      const { stop } = replayed(TAPE.with(fact.seq, { ...fact, reason } as Event));
      return stop?.found;
    });
    expect(shown).toEqual(['none', 'cancelAll', '#99']);
  });

  test('another kind', () => {
    for (const name of KINDS)
      for (const other of [...KINDS, 'Expired'] as const) {
        if (other === name) continue;
        const fact = firstOf(Kind[name]);
        const { timeNs, source, flags, instrument } = fact;
        const stranger = {
          ...BLANK[other],
          timeNs,
          source,
          flags,
          instrument,
          cause: causeOf(fact),
          seq: fact.seq,
        };
        expect(replayed(TAPE.with(fact.seq, stranger)).stop).toMatchObject({
          seq: fact.seq,
          field: 'kind',
          expected: name,
          found: other,
        });
      }
  });

  test('a reject may repeat what was asked for, and nothing else', () => {
    const rejected = TAPE.find(
      (event) =>
        event.kind === Kind.Rejected && TAPE[event.cause].kind === Kind.NewOrder && event.source === VENUE,
    )!;
    const { priceTicks, qtyLots } = TAPE[causeOf(rejected)] as Event & {
      readonly kind: typeof Kind.NewOrder;
    };
    const stopOf = (more: object): unknown =>
      replayed(TAPE.with(rejected.seq, { ...rejected, ...more })).stop;
    expect(stopOf({ priceTicks, qtyLots })).toBeUndefined();
    expect(stopOf({ priceTicks, qtyLots: qtyLots + 1 })).toMatchObject({
      field: 'qtyLots',
      seq: rejected.seq,
    });
    expect(stopOf({ priceTicks: priceTicks + 1 })).toMatchObject({ field: 'priceTicks', seq: rejected.seq });
  });
});

const causeOf = (fact: Event): number => (isFact(fact) ? fact.cause : NONE);

describe('a random tape, falsified in one place', () => {
  describe.each(WAYS)('%s', (way) => {
    test.each(seeds(4_201))('is found at its seq (seed %i)', (seed) => {
      const met = { found: 0, refused: 0, unseen: 0 };
      checkProperty(
        seed,
        fc.property(fc.nat(0xffff_ffff), fc.integer({ min: 1, max: 40 }), (number, count) => {
          const random = createStream(number, 'falsified');
          const tape = randomTape(random, count);
          expect(replayed(tape, { orders: true }).stop).toBeUndefined();
          const events = falsified(random, tape, way);
          const expected = firstDifference(events);
          const { stop } = replayed(events);
          expect(
            stop === undefined ? undefined : { seq: stop.seq, refused: stop.type === 'refusal' },
          ).toEqual(expected);
          met[expected === undefined ? 'unseen' : expected.refused ? 'refused' : 'found'] += 1;
        }),
      );
      console.log(`${way}: ${met.found} found, ${met.refused} refused, ${met.unseen} of no effect`);
      expect(met.found).toBeGreaterThan(way === 'field' ? 100 : 250);
    });
  });

  test('kinds of facts are all met', () => {
    expect([...new Set(TAPE.filter(isFact).map(({ kind }) => kindName(kind)))].sort()).toEqual(
      [...KINDS].sort(),
    );
  });
});
