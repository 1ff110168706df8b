// Names as bytes: the same names have the same bytes, and what comes back from them is the same in all that follows.
import * as fc from 'fast-check';
import { FIRST_ASSIGNED_ID, N_MAX } from '@truetape/contracts';
import { describe, expect, test } from 'vitest';
import {
  ENDED_MAX,
  addIdName,
  addInstrument,
  createNames,
  endId,
  idJson,
  idText,
  keepId,
  nameId,
  restoreNames,
  saveNames,
} from '../src/index.ts';
import type { Names } from '../src/index.ts';
import { checkProperty, seeds } from './property.ts';

type Act =
  | { readonly do: 'name'; readonly instrument: number; readonly key: string | number }
  | { readonly do: 'end' | 'keep'; readonly instrument: number; readonly nth: number }
  | { readonly do: 'add'; readonly instrument: number; readonly nth: number; readonly key: string | number }
  | { readonly do: 'owner' | 'instrument'; readonly text: string };

const text = fc.oneof(
  fc.constantFrom('a', 'b', '1', '', 'é', '😀', 'x'.repeat(300)),
  fc.string({ unit: 'grapheme' }),
);
const key = fc.oneof(text, fc.constantFrom(FIRST_ASSIGNED_ID, N_MAX, 1));
const instrument = fc.constantFrom(0, 1, 2, 65_535);
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('name' as const), instrument, key }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('end' as const, 'keep' as const),
      instrument,
      nth: fc.nat(6),
    }),
  },
  fc.record({ do: fc.constant('add' as const), instrument, nth: fc.nat(6), key }),
  fc.record({ do: fc.constantFrom('owner' as const, 'instrument' as const), text }),
);
const acts = fc.array(act, { maxLength: 40 });

/** What an act says; what was added before is not added again. */
function apply(names: Names, one: Act): unknown {
  const newNames: unknown[] = [];
  switch (one.do) {
    case 'name':
      return [nameId(names, one.instrument, one.key, (name) => newNames.push(name)), newNames];
    case 'end':
      endId(names, one.instrument, FIRST_ASSIGNED_ID + one.nth);
      return undefined;
    case 'keep':
      return keepId(names, one.instrument, FIRST_ASSIGNED_ID + one.nth);
    case 'add':
      addIdName(names, { instrument: one.instrument, id: FIRST_ASSIGNED_ID + one.nth, key: one.key });
      return undefined;
    case 'owner':
      if (!names.owners.has(one.text)) names.owners.set(one.text, names.owners.size);
      return names.owners.get(one.text);
    case 'instrument':
      return names.instrumentOf.get(one.text) ?? addInstrument(names, one.text);
  }
}

function restored(bytes: Uint8Array): Names {
  const back = restoreNames(bytes);
  if (!back.ok) throw new Error(JSON.stringify(back.error));
  return back.value;
}

const allTexts = (names: Names): string[] =>
  [0, 1, 2, 65_535].flatMap((where) =>
    Array.from({ length: 45 }, (_, k) => idText(names, where, FIRST_ASSIGNED_ID + k)),
  );

function sampleNames(): Names {
  const names = createNames();
  addInstrument(names, 'BOOK');
  names.owners.set('ann', 1);
  const ids = ['a', 'b', N_MAX].map((one) => nameId(names, 1, one, () => undefined));
  addIdName(names, { instrument: 1, id: FIRST_ASSIGNED_ID + 8, key: 'a' });
  endId(names, 1, ids[1]);
  names.old.add(names.ids.get(1)!.byId.get(ids[2])!);
  return names;
}

describe('names as bytes', () => {
  // Fails when a part of the state is not in the bytes, or comes back as something else.
  test.each(seeds(91))('what comes back goes on alike (seed %s)', (seed) => {
    checkProperty(
      seed,
      fc.property(acts, acts, (before, after) => {
        const names = createNames();
        for (const one of before) apply(names, one);
        const bytes = saveNames(names);
        const back = restored(bytes);
        expect(saveNames(back)).toEqual(bytes);
        for (const one of after) expect(apply(back, one)).toEqual(apply(names, one));
        expect(saveNames(back)).toEqual(saveNames(names));
        expect(allTexts(back)).toEqual(allTexts(names));
        expect([back.young.size, back.old.size]).toEqual([names.young.size, names.old.size]);
      }),
      400,
    );
  });

  // Fails when bytes depend on the order in which the same names came.
  test('the order of what came is no part of the bytes', () => {
    const ids = [0, 1, 2].map((k) => ({ instrument: 1, id: FIRST_ASSIGNED_ID + k, key: `k${k}` }));
    const bytesOf = (order: readonly number[]): Uint8Array => {
      const names = createNames();
      for (const k of order) addIdName(names, ids[k]);
      for (const k of order.slice(0, 2)) endId(names, 1, ids[k].id);
      endId(names, 1, ids[order[2]].id);
      return saveNames(names);
    };
    expect(bytesOf([2, 0, 1])).toEqual(bytesOf([0, 1, 2]));
  });

  // Fails when a generation that is full moves on in one of them alone.
  test('generations go on where they stood', () => {
    const names = createNames();
    for (let k = 0; k < ENDED_MAX - 2; k++)
      endId(
        names,
        1,
        nameId(names, 1, `o${k}`, () => undefined),
      );
    for (const name of [...names.young].slice(0, 9)) names.old.add(name);
    for (const name of names.old) names.young.delete(name);
    const back = restored(saveNames(names));
    for (const one of [names, back])
      for (let k = 0; k < 16; k++)
        endId(
          one,
          1,
          nameId(one, 1, `p${k}`, () => undefined),
        );
    expect([back.young.size, back.old.size]).toEqual([5, ENDED_MAX]);
    expect(idJson(back, 1, FIRST_ASSIGNED_ID)).toBe(String(FIRST_ASSIGNED_ID));
    expect(idJson(back, 1, FIRST_ASSIGNED_ID + 9)).toBe('"o9"');
    expect(saveNames(back)).toEqual(saveNames(names));
  });

  // Fails when damaged bytes throw, or are taken for names whose bytes are others.
  test('each changed byte and each length is refused, or is other names', () => {
    const bytes = saveNames(sampleNames());
    let refused = 0;
    const codes = new Set<string>();
    const look = (damaged: Uint8Array): void => {
      const back = restoreNames(damaged);
      if (back.ok) expect(saveNames(back.value)).toEqual(damaged);
      else {
        refused += 1;
        codes.add(back.error.code);
        expect(back.error.offsetBytes).toBeLessThanOrEqual(damaged.length);
      }
    };
    for (let at = 0; at < bytes.length; at++) {
      look(bytes.subarray(0, at));
      for (const flip of [1, 2, 4, 8, 16, 32, 64, 128, 0xff]) {
        const damaged = bytes.slice();
        damaged[at] ^= flip;
        look(damaged);
      }
    }
    look(Uint8Array.of(...bytes, 0));
    expect([...codes].toSorted()).toEqual(['content', 'length', 'magic', 'short', 'version']);
    expect(refused).toBeGreaterThan(bytes.length * 5);
  });

  test('BOOK-81: a name that no text can hold is not saved', () => {
    const names = createNames();
    addInstrument(names, '\ud800');
    expect(() => saveNames(names)).toThrow('BOOK-81');
  });
});
