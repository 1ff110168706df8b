// Lines of commands: what is malformed, with its place; what is a command all the same and is rejected by the book.
import { ENDED_MAX, addIdName, createNames, endId, idJson, nameId } from '@truetape/book';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLineReader, readCommandLine } from '../src/book/command-json.ts';
import { COMMAND_BYTES_MAX, commandLines } from '../src/book/command-lines.ts';
import { createFlatObject, parseFlat } from '../src/book/flat-json.ts';
import { scratchFolder, truetape } from './truetape.ts';

const cwd = scratchFolder();
const GOOD = '{"op":"new","id":1,"side":"buy","type":"limit","price":100,"qty":5}';

/** The good line with some members changed; one that is undefined is left out. */
function line(changes: object): string {
  return JSON.stringify({ ...(JSON.parse(GOOD) as object), ...changes });
}

const MALFORMED: readonly (readonly [string, RegExp])[] = [
  ['{', /expected a key in quotes at column 2, found the end of the line/],
  ['nonsense', /expected an object at column 1, found "nonsense"/],
  ['[]', /expected an object at column 1/],
  ['null', /expected an object/],
  [`${GOOD},`, /expected the end of the line at column 68, found ","/],
  [`${GOOD}${GOOD}`, /expected the end of the line/],
  ['{"op":"new",}', /expected a key in quotes at column 13/],
  ['{"op" "new"}', /expected a colon at column 7/],
  ["{'op':'new'}", /expected a key in quotes/],
  ['{"op":"new" "id":1}', /expected a comma or the end of the object/],
  ['{"op":"cancel","id":01}', /expected a number as JSON writes it at column 21/],
  ['{"op":"cancel","id":+1}', /expected a string, number, true, false or null/],
  ['{"op":"cancel","id":1.}', /expected a number as JSON writes it/],
  ['{"op":"cancel","id":NaN}', /expected a string, number/],
  ['{"op":"cancel","id":[1]}', /expected a string, number/],
  ['{"op":"cancel","id":{"a":1}}', /expected a string, number/],
  ['{"op":"cancel","id":"a}', /expected a whole string at column 21/],
  ['{"op":"cancel","id":"\\q"}', /expected a whole string/],
  ['{"op":"cancel","id":"\t"}', /expected a whole string/],
  ['{"op":"cancel","id":1,"id":2}', /expected "id" once at column 23/],
  ['{"op":"cancel","id":1,"\\u0069d":2}', /expected "id" once/],
  ['{}', /op: expected new, cancel, amend, reduce, cancelAll, found nothing/],
  ['{"op":"New","id":1}', /op: expected new, .*, found "New"/],
  ['{"op":1}', /op: expected new, .*, found 1/],
  ['{"op":"cancel"}', /id: expected an integer or a string, found nothing/],
  [
    line({ postonly: 'reject' }),
    /postonly: expected keys of new: op, instrument, timeNs, id, side, .*, found another/,
  ],
  ['{"op":"cancel","id":1,"price":3}', /price: expected keys of cancel: op, instrument, timeNs, id, owner/],
  ['{"op":"reduce","id":1,"qty":1,"price":3}', /price: expected keys of reduce/],
  ['{"op":"cancelAll","id":1}', /id: expected keys of cancelAll/],
  ['{"op":"cancel","id":1,"__proto__":3}', /__proto__: expected keys of cancel/],
  [line({ id: undefined }), /id: expected an integer or a string, found nothing/],
  [line({ id: null }), /id: expected an integer from 0 in digits, or a string, found null/],
  [line({ id: true }), /id: expected an integer from 0 in digits, or a string, found true/],
  [line({ id: -1 }), /id: expected an integer from 0 in digits, or a string, found -1/],
  [line({ id: 1.5 }), /id: .*, found 1\.5/],
  [GOOD.replace('"id":1', '"id":1.0'), /id: .*, found 1\.0/],
  [GOOD.replace('"id":1', '"id":1e3'), /id: .*, found 1e3/],
  [
    GOOD.replace('"id":1', '"id":9007199254740992'),
    /id: expected an integer up to 2\^53−1; larger ids as strings, found 9007199254740992/,
  ],
  [GOOD.replace('"id":1', '"id":18446744073709551615'), /larger ids as strings, found 18446744073709551615/],
  [line({ id: '' }), /id: expected a string of 1 to 1024 bytes, found ""/],
  [line({ id: 'x'.repeat(1025) }), /id: expected a string of 1 to 1024 bytes, found "x{59}…/],
  [GOOD.replace('"id":1', '"id":"\\ud800"'), /id: expected a string of 1 to 1024 bytes/],
  [line({ side: undefined }), /side: expected "buy" or "sell", found nothing/],
  [line({ side: 'Buy' }), /side: expected "buy" or "sell", found "Buy"/],
  [line({ type: 'stop' }), /type: expected "limit" or "market", found "stop"/],
  [line({ tif: 'GTD' }), /tif: expected "GTC", "IOC" or "FOK", found "GTD"/],
  [line({ tif: 'ioc' }), /tif: expected "GTC", "IOC" or "FOK", found "ioc"/],
  [line({ postOnly: true }), /postOnly: expected false, "reject" or "slide", found true/],
  [line({ stp: 'all' }), /stp: expected "none", "newest", "oldest", "both" or "decrement", found "all"/],
  [line({ price: '100' }), /price: expected a number, found "100"/],
  [line({ qty: '5' }), /qty: expected a number, found "5"/],
  [line({ qty: undefined }), /qty: expected a number, found nothing/],
  [line({ qty: null }), /qty: expected a number, found nothing/],
  [line({ qty: true }), /qty: expected a number, found true/],
  [line({ minQty: '1' }), /minQty: expected a number, found "1"/],
  [line({ owner: 7 }), /owner: expected a string of up to 1024 bytes, found 7/],
  [line({ instrument: '' }), /instrument: expected a string of 1 to 1024 bytes, found ""/],
  [line({ timeNs: -1 }), /timeNs: expected ns since 1970: an integer from 0, in digits, found -1/],
  [line({ timeNs: 1.5 }), /timeNs: .*, found 1\.5/],
  [line({ timeNs: '18446744073709551615' }), /timeNs: /],
  [
    '{"op":"amend","id":1,"qty":3,"qtyMode":"reduceBy"}',
    /qtyMode: expected "total" or "remaining", found "reduceBy"/,
  ],
  ['{"op":"cancelAll","everyone":"yes"}', /everyone: expected false or true, found "yes"/],
  ['{"op":"reduce","id":1}', /qty: expected a number, found nothing/],
];

describe('a malformed line', () => {
  test.each(MALFORMED)('%s', (text, message) => {
    const fault = readCommandLine(createLineReader(), text);
    expect(fault).toBeDefined();
    const { field, expected, found } = fault!;
    expect(`${field === '' ? '' : `${field}: `}expected ${expected}, found ${found}`).toMatch(message);
  });

  test('ends the run with 2 and its number, and what was answered before it stands', async () => {
    const runs = await Promise.all(
      [
        '{',
        '{"op":"nwe"}',
        line({ qty: '5' }),
        Buffer.from([0x7b, 0xff]),
        'x'.repeat(COMMAND_BYTES_MAX + 1),
      ].map(async (bad) => {
        const input = Buffer.concat([
          Buffer.from(`${GOOD}\n\n`),
          Buffer.from(bad),
          Buffer.from(`\n${line({ id: 2 })}\n`),
        ]);
        return truetape(['book', 'run', '--jsonl', '--depth'], { cwd, input });
      }),
    );
    for (const { code, stdout, stderr } of runs) {
      expect({ code, stdout }).toEqual({
        code: 2,
        stdout: '{"event":"accepted","id":1,"price":100,"leaves":5}\n',
      });
      expect(stderr).toMatch(
        /^truetape: standard input:3: .*expected .*\n {2}correct it, or go on without such lines: --on-bad-line skip\n$/,
      );
    }
  });

  test('is passed over, told and counted where that is wanted', async () => {
    const bad = Array.from({ length: 12 }, (_, k) => `{"op":${k}}`);
    const input = Buffer.concat([
      Buffer.from(`${bad.join('\n')}\n${GOOD}\n`),
      Buffer.from([0xff, 0x0a]),
      Buffer.from(`${'x'.repeat(3 * COMMAND_BYTES_MAX)}\n${line({ id: 2, side: 'sell' })}\n{`),
    ]);
    const args = ['book', 'run', '--jsonl', '--on-bad-line', 'skip'];
    const [loud, quiet, setting] = await Promise.all([
      truetape(args, { cwd, input }),
      truetape([...args, '--quiet'], { cwd, input }),
      truetape(['book', 'run', '--jsonl'], { cwd, input, env: { TRUETAPE_ON_BAD_LINE: 'skip' } }),
    ]);
    expect(loud.code).toBe(0);
    expect(loud.stdout.split('\n')).toHaveLength(4);
    expect(loud.stderr.split('\n')).toHaveLength(12);
    expect(loud.stderr).toContain(
      'truetape: 15 malformed lines of standard input skipped, the first 10 of them above\n',
    );
    expect(quiet).toMatchObject({ code: 0, stdout: loud.stdout, stderr: '' });
    expect(setting).toEqual(loud);
  });

  test('has changed nothing: neither time nor books', async () => {
    const input = [
      line({ timeNs: 5 }),
      line({ timeNs: 4, id: 2 }),
      line({ timeNs: 9, id: 3, qty: 'x' }),
      line({ timeNs: 6, id: 4 }),
      line({ timeNs: '9007199254740992', id: 5 }),
    ].join('\n');
    const { code, stdout, stderr } = await truetape(['book', 'run', '--on-bad-line', 'skip'], { cwd, input });
    expect(code).toBe(0);
    expect(stdout.match(/^accepted +\d/gm)).toEqual(['accepted  1', 'accepted  4']);
    expect(stderr).toContain(':2: timeNs: expected 5 or later: time does not go back, found 4; skipped\n');
    expect(stderr).toContain(':5: timeNs: expected a time within 104 days of the first');
  });
});

describe('a number that no book takes', () => {
  test.each<[string, string, string]>([
    ['badQty', 'qty', '0'],
    ['badQty', 'qty', '-0'],
    ['badQty', 'qty', '-5'],
    ['badQty', 'qty', '1.5'],
    ['badQty', 'qty', '1e300'],
    ['badQty', 'qty', '1e999'],
    ['badQty', 'qty', '9007199254740992'],
    // The number that stands for an absent one.
    ['badQty', 'qty', '-9007199254740992'],
    ['badQty', 'minQty', '6'],
    ['badQty', 'minQty', '-9007199254740992'],
    ['badPrice', 'price', '0.5'],
    ['badPrice', 'price', '2147483648'],
    ['badPrice', 'price', '-9007199254740992'],
    ['badPrice', 'price', 'null'],
  ])('is rejected by the book: %s for %s %s', async (code, key, text) => {
    const input = line({ [key]: 12345 }).replace('12345', text);
    const { code: exit, stdout } = await truetape(['book', 'run', '--jsonl'], { cwd, input });
    expect({ exit, stdout }).toEqual({
      exit: 0,
      stdout: `{"event":"rejected","id":1,"code":"${code}","leaves":0}\n`,
    });
  });

  test('while zero without a sign, and null for what may be absent, are as good as others', async () => {
    const given = {
      price: -0,
      owner: null,
      tif: null,
      stp: null,
      postOnly: null,
      minQty: null,
      timeNs: null,
      instrument: null,
      type: null,
    };
    const { stdout } = await truetape(['book', 'run', '--jsonl'], {
      cwd,
      input: line(given).replace('"price":0', '"price":-0'),
    });
    expect(stdout).toBe('{"event":"accepted","id":1,"price":0,"leaves":5}\n');
  });
});

describe('objects of plain values', () => {
  const plain = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.boolean(),
    fc.constant(null),
  );
  // No escapes: V8 may take one escaped key for another that it has just seen ({"\\\\":1}, then {"\\"":1}).
  const keys = fc
    .oneof(fc.string(), fc.constantFrom('op', 'id', 'qty', 'ü'))
    .filter((key) => !/[\\"]/.test(key));
  const members = (text: string): unknown => {
    const flat = createFlatObject();
    const fault = parseFlat(text, flat);
    if (fault !== undefined) return undefined;
    return Array.from({ length: flat.count }, (_, k) => [flat.keys[k], flat.values[k]]);
  };

  test('are read as JSON.parse reads them (seed 63)', () => {
    const blanks = fc.constantFrom(undefined, 1, ' ', '\t');
    fc.assert(
      fc.property(fc.dictionary(keys, plain, { noNullPrototype: true }), blanks, (object, space) => {
        const text = JSON.stringify(object, undefined, space);
        expect(members(text)).toEqual(Object.entries(JSON.parse(text) as object));
      }),
      { seed: 63, numRuns: 1000 },
    );
  });

  test('also where V8 takes one key for another', () => {
    expect(members('{"op":"","\\\\":false}')).toEqual([
      ['op', ''],
      ['\\', false],
    ]);
    expect(members('{"op":"","\\"":false}')).toEqual([
      ['op', ''],
      ['"', false],
    ]);
  });

  test('and what is none is refused wherever JSON.parse refuses it (seed 64)', () => {
    const bases = [GOOD, '{"a":-0.5e-3,"b":"x\\u00e9\\n","c":true,"d":null,"e":12345678901234567890}'];
    const edit = fc.record({
      base: fc.constantFrom(...bases),
      at: fc.nat(80),
      remove: fc.nat(2),
      insert: fc.constantFrom(
        '',
        '"',
        '\\',
        ',',
        ':',
        '0',
        '-',
        '.',
        'e',
        '{',
        '}',
        '[',
        ' ',
        '\u0001',
        'true',
      ),
    });
    fc.assert(
      fc.property(edit, ({ base, at, remove, insert }) => {
        const text = base.slice(0, at) + insert + base.slice(at + remove);
        let parsed: unknown;
        try {
          parsed = JSON.parse(text);
        } catch {
          // No JSON at all.
        }
        const isFlat =
          typeof parsed === 'object' &&
          parsed !== null &&
          !Array.isArray(parsed) &&
          Object.values(parsed).every((value) => typeof value !== 'object' || value === null);
        const found = members(text) as [string, unknown][] | undefined;
        if (!isFlat) expect(found).toBeUndefined();
        // Two equal keys are refused here alone.
        else if (found !== undefined) expect(Object.fromEntries(found)).toEqual(parsed);
      }),
      { seed: 64, numRuns: 5000 },
    );
  });
});

describe('lines', () => {
  async function linesOf(bytes: Uint8Array, size: number): Promise<unknown[]> {
    const chunks = async function* (): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    };
    const found: unknown[] = [];
    for await (const { firstLine, lines } of commandLines(chunks())) {
      expect(firstLine).toBe(found.length + 1);
      for (const one of lines) found.push(typeof one === 'string' ? one : one.expected);
    }
    return found;
  }

  // Fails when a mark is taken off wherever a chunk happens to begin.
  test('have a byte order mark before the first alone', async () => {
    const marked = Buffer.from('\ufeffa\n\ufeffb\n');
    for (const size of [4, 5, 8, 100]) expect(await linesOf(marked, size)).toEqual(['a', '\ufeffb']);
  });

  test('are the same however the bytes are cut', async () => {
    const bytes = Buffer.concat([
      Buffer.from('\ufeffa\n\nü\r\n'),
      Buffer.from([0xff, 0x0a]),
      Buffer.from('€b'),
    ]);
    for (let size = 1; size <= bytes.length; size++)
      expect(await linesOf(bytes, size)).toEqual(['a', '', 'ü\r', 'UTF-8', '€b']);
  });

  test('that are too long are one fault each, and cost no memory', async () => {
    const long = Buffer.alloc(5 * COMMAND_BYTES_MAX, 120);
    const bytes = Buffer.concat([Buffer.from('a\n'), long, Buffer.from('\nb\n'), long]);
    for (const size of [65_536, bytes.length])
      expect(await linesOf(bytes, size)).toEqual([
        'a',
        'a line of at most 1 MiB',
        'b',
        'a line of at most 1 MiB',
      ]);
  });
});

test('names of ended orders are forgotten by generations; those of live ones are kept', () => {
  const names = createNames();
  let made = 0;
  const idOf = (key: string): number => nameId(names, 1, key, () => (made += 1));
  const live = idOf('live');
  for (let k = 0; k < ENDED_MAX; k++) endId(names, 1, idOf(`a${k}`));
  // A generation is full, and none is forgotten yet; what is seen again is of the next one.
  const again = idOf('a1');
  endId(names, 1, again);
  expect(made).toBe(1 + ENDED_MAX);
  for (let k = 0; k < ENDED_MAX - 1; k++) endId(names, 1, idOf(`b${k}`));
  expect(made).toBe(2 * ENDED_MAX);
  expect(idOf('a1')).toBe(again);
  expect(made).toBe(2 * ENDED_MAX);
  idOf('a0');
  expect(made).toBe(2 * ENDED_MAX + 1);
  expect(idJson(names, 1, live)).toBe('"live"');
  // b0 … , a1, a0 and the live one.
  expect(names.ids.get(1)!.byKey.size).toBe(ENDED_MAX + 2);
  addIdName(names, { instrument: 1, id: live, key: 'renamed' });
  expect(idJson(names, 1, live)).toBe('"renamed"');
});

test('the name of an order that lives again, or of an id that is named anew, is not forgotten with the old one', () => {
  const names = createNames();
  const idOf = (key: string): number => nameId(names, 1, key, () => undefined);
  const lives = idOf('lives');
  endId(names, 1, lives);
  idOf('lives');
  const renamed = idOf('before');
  endId(names, 1, renamed);
  addIdName(names, { instrument: 1, id: renamed, key: 'after' });
  for (let k = 0; k < 3 * ENDED_MAX; k++) endId(names, 1, idOf(`e${k}`));
  expect([idJson(names, 1, lives), idJson(names, 1, renamed)]).toEqual(['"lives"', '"after"']);
});

// Fails when a reject is taken for the end of the order that it names.
test('an order keeps its name through rejects that name it, however many others end', async () => {
  const others = Array.from({ length: 2 * ENDED_MAX }, (_, k) => `{"op":"cancel","id":"u${k}"}`);
  const rests = line({ id: 'rests' });
  const input = [
    rests,
    rests,
    '{"op":"cancel","id":"rests","owner":"B"}',
    ...others,
    '{"op":"cancel","id":"rests"}',
  ];
  const { stdout } = await truetape(['book', 'run', '--jsonl'], { cwd, input: input.join('\n') });
  expect(stdout.trimEnd().split('\n').at(-1)).toBe(
    '{"event":"canceled","id":"rests","reason":"requested","leaves":5}',
  );
});
