// Tapes whose checksums are right and whose content is not: every rule of the format, broken alone.
import { describe, expect, test } from 'vitest';
import { BLANK } from '@truetape/contracts';
import { createDecoder, createReader } from '@truetape/tape';
import { addFrame, addSeal, define, fileHeader, fileOf, forge, HEADER_JSON } from './forge.ts';
import { record, sealed, skip, timer, unsealed } from './forge.ts';
import type { ForgedFrame, ForgedSeal } from './forge.ts';
import { readReference } from './reference.ts';
import { HEADER, PORTS, readTape, writeTape } from './tape.ts';

const A: ForgedFrame = { records: [timer(0n), timer(1n)] };
const B: ForgedFrame = { records: [timer(2n), timer(3n)] };
const SOURCE = '{"name":"a"}';
const ABSENT = 2n ** 64n - 1n;
/** The body of a Timer that is in order. */
const BODY = [ABSENT, 1n, 1764547200000000000n];

/** Offset of frame B in a tape of A and B. */
const offsetB = unsealed([A]).length;

function set(at: number, value: number): (head: Buffer) => void {
  return (head) => void head.writeUInt8(value, at);
}

describe('a tape forged rightly', () => {
  // Fails when the forge, or the writer, builds another format than the one described.
  test('is what the writer writes, and what the reference reads', () => {
    const event = (timeNs: number): { event: object; gap: number } => ({
      event: { ...BLANK.Timer, timeNs, timerId: 1, dueTime: timeNs },
      gap: timeNs === 2 ? 3 : 0,
    });
    const items = [0, 1, 2, 3].map(event) as never;
    const written = writeTape('binary', items, {
      frameBytes: 64,
      header: { ...HEADER, producer: { name: 'forge' } },
    });
    const frames = [A, { records: [skip(3n, 2n), timer(2n)] }, { records: [timer(3n)] }];
    const tape = sealed(frames);
    expect(written.bytes.toString('hex')).toBe(tape.toString('hex'));
    expect(readReference(tape).seqs).toEqual([0, 1, 5, 6]);
    expect(readTape(tape).end).toMatchObject({ sealed: true, count: 4, nextSeq: 7 });
  });

  test.each<[string, ForgedFrame[], number]>([
    ['marks anywhere', [{ type: 5 }, A, { type: 5 }, { type: 5 }, B], 4],
    ['carried Defines, not counted', [{ type: 4, records: [define(2, 1, SOURCE)] }, A], 2],
    [
      'a Define behind carried ones',
      [{ type: 4, records: [define(2, 1, SOURCE)] }, { records: [define(2, 2, SOURCE)] }],
      1,
    ],
    ['a MORE chain', [{ ...A, more: true }, B], 4],
    ['an unknown kind', [{ records: [record([5n], { kind: 0x5f })] }], 1],
    ['a record of two words', [{ records: [record([], { kind: 0x5f })] }], 1],
    [
      'a record of 65,535 words',
      [
        {
          records: [
            record(
              Array.from({ length: 65533 }, () => 1n),
              { kind: 0x5f },
            ),
          ],
        },
      ],
      1,
    ],
    ['tail words of a later version', [{ records: [record([ABSENT, 1n, 1764547200000000000n, 9n])] }], 1],
  ])('%s', (_, frames, count) => {
    for (const tape of [sealed(frames), unsealed(frames)]) {
      const read = readTape(tape);
      expect(read.error).toBeUndefined();
      expect(read.end).toMatchObject({ count, torn: undefined });
    }
  });

  // Fails when whoever seeks would not find them.
  test('carried Defines are in force, and in the index', () => {
    const read = readTape(sealed([{ type: 4, records: [define(2, 1, SOURCE)] }, A]));
    expect(read.error).toBeUndefined();
    expect(read.tables.source.byIndex[1]?.name).toBe('a');
    expect(read.end?.index?.defineFrames).toEqual([fileHeader(HEADER_JSON).length]);
  });
});

describe('a frame that contradicts the format', () => {
  const wide = (at: number, value: number) => (head: Buffer) => void head.writeUInt32LE(value, at);
  const seq = (at: number, value: bigint) => (head: Buffer) => void head.writeBigInt64LE(value, at);
  const cases: [string, ForgedFrame][] = [
    ['type 0', { ...B, set: set(4, 0) }],
    ['type 6', { ...B, set: set(4, 6) }],
    ['codec 1', { ...B, set: set(5, 1) }],
    ['an unknown flag', { ...B, set: set(6, 2) }],
    ['a high flag', { ...B, set: set(7, 1) }],
    ['a reserved word', { ...B, set: set(112, 1) }],
    ['no record', { records: [] }],
    ['more records than there are', { ...B, set: wide(8, 3) }],
    ['fewer records than there are', { ...B, set: wide(8, 1) }],
    ['more records than fit', { ...B, set: wide(8, 0xffffffff) }],
    ['a payload beyond 16 MiB', { ...B, set: wide(12, 16777224) }],
    ['a payload of 4 GiB', { ...B, set: wide(12, 0xfffffff8) }],
    ['a payload of broken words', { payload: Buffer.alloc(81, 1), set: wide(8, 2) }],
    ['firstSeq too low', { ...B, set: seq(16, 1n) }],
    ['firstSeq too high', { ...B, set: seq(16, 3n) }],
    ['firstSeq below 0', { ...B, set: seq(16, -1n) }],
    ['firstSeq absent', { ...B, set: seq(16, -(2n ** 53n)) }],
    ['firstSeq out of range', { ...B, set: seq(16, 2n ** 62n) }],
    ['nextSeq too low', { ...B, set: seq(24, 3n) }],
    ['nextSeq too high', { ...B, set: seq(24, 5n) }],
    ['nextSeq below firstSeq', { ...B, set: seq(24, 1n) }],
    ['nextSeq out of range', { ...B, set: seq(24, 2n ** 53n) }],
    ['durableSeq outside a log', { ...B, set: seq(32, 1n) }],
    ['durableSeq out of range', { ...B, set: seq(32, -1n) }],
    ['another first time', { ...B, set: set(40, 1) }],
    ['another last time', { ...B, set: set(48, 1) }],
    ['a kind too many', { ...B, set: set(56, 1) }],
    ['a kind too few', { ...B, set: set(56 + 17, 0) }],
    ['an instrument too many', { ...B, set: set(88, 3) }],
    ['a source too few', { ...B, set: set(96, 0) }],
    ['Defines without their bit', { records: [define(2, 1, SOURCE, 2n)], set: set(56, 0) }],
    ['MORE on a mark', { type: 5, more: true }],
    ['records in a mark', { ...B, type: 5 }],
    ['bytes in a mark', { type: 5, payload: Buffer.alloc(8) }],
    ['a seq in a mark', { type: 5, set: seq(24, 3n) }],
    ['kinds in a mark', { type: 5, set: set(56, 2) }],
    ['another time in a mark', { type: 5, set: set(48, 7) }],
    ['a carry behind events', { type: 4, records: [define(2, 1, SOURCE)] }],
    ['a seal without index', { type: 3, payload: Buffer.alloc(64) }],
  ];
  test.each(cases)('%s', (name, frame) => {
    for (const tape of [unsealed([A, frame]), unsealed([A, frame, { type: 5 }])]) {
      const read = readTape(tape);
      expect([name, read.error?.code, read.end]).toEqual([name, 'badFrame', undefined]);
      expect(read.error?.offsetBytes).toBe(offsetB);
      expect(read.seqs.slice(0, 2)).toEqual([0, 1]);
    }
  });

  // What only `verify` recomputes is found by it alone; everything else by every reader.
  test('is found without verify, too, but for summaries', () => {
    const missed = cases.filter(
      ([, frame]) => readTape(unsealed([A, frame]), { verify: false }).error === undefined,
    );
    expect(missed.map(([name]) => name)).toEqual([
      'a kind too many',
      'a kind too few',
      'an instrument too many',
      'a source too few',
      'Defines without their bit',
      'kinds in a mark',
      'another time in a mark',
    ]);
  });

  test.each<[string, ForgedFrame[]]>([
    ['of another type', [{ ...A, more: true }, { type: 5 }]],
    ['of a carry', [{ type: 4, more: true, records: [define(2, 1, SOURCE)] }, A]],
    [
      'with a gap in its seqs',
      [
        { ...A, more: true },
        { ...B, set: seq(16, 5n) },
      ],
    ],
    [
      'with a bad size in its middle',
      [
        { ...A, more: true },
        { ...B, set: wide(12, 0xfffffff8) },
      ],
    ],
  ])('a MORE chain %s', (_, frames) => {
    const read = readTape(unsealed(frames));
    expect([read.error?.code, read.seqs]).toEqual(['badFrame', []]);
  });

  test('a MORE chain into the index', () => {
    const read = readTape(sealed([A, { ...B, more: true }]));
    expect([read.error?.code, read.seqs]).toEqual(['badFrame', [0, 1]]);
  });

  test('no frame is wanted unless its header can be believed', () => {
    const wanted = (): boolean => false;
    for (const [name, frame] of cases.slice(0, 6)) {
      expect([name, readTape(unsealed([A, frame]), { wanted, hash: false }).error?.code]).toEqual([
        name,
        'badFrame',
      ]);
    }
  });
});

describe('a record that contradicts the format', () => {
  const nonCanonical = record([5n, 6n, 7n, ABSENT], { kind: 0x30, time: 2n });
  test.each<[string, Buffer[], string]>([
    ['of no word', [Buffer.alloc(16)], 'badRecord'],
    ['of one word', [record(BODY, { words: 1, time: 2n })], 'badRecord'],
    ['longer than its frame', [record(BODY, { words: 6, time: 2n })], 'badRecord'],
    ['of 65,535 words in a small frame', [record(BODY, { words: 65535, time: 2n })], 'badRecord'],
    ['that swallows its neighbour', [record(BODY, { words: 10, time: 2n }), timer(2n)], 'badFrame'],
    ['of kind 0', [record([1n], { kind: 0, time: 2n })], 'badRecord'],
    ['with the reserved flag', [record(BODY, { flags: 0x80, time: 2n })], 'badRecord'],
    ['with both sides', [record(BODY, { flags: 0x30, time: 2n })], 'badRecord'],
    ['with a default at its end', [nonCanonical], 'badRecord'],
    ['before the one before it', [timer(0n)], 'timeBackwards'],
    ['before its neighbour', [timer(9n), timer(8n)], 'timeBackwards'],
    ['far from the epoch', [timer(2n ** 54n)], 'badRecord'],
    ['without a time', [record(BODY, { time: ABSENT - 1764547200000000000n })], 'badRecord'],
    ['of a draft kind', [record([ABSENT, 0n], { kind: 0x14, time: 2n })], 'draftKind'],
    ['that skips twice', [skip(1n, 2n), skip(1n, 2n), timer(2n)], 'badSkip'],
    ['that skips at another time', [skip(1n, 2n), timer(3n)], 'badSkip'],
    ['that skips nothing', [skip(0n, 2n), timer(2n)], 'badRecord'],
    ['that skips backwards', [skip(-1n, 2n), timer(2n)], 'badRecord'],
    [
      'that skips and names a source',
      [record([1n], { kind: 6, source: 1, time: 2n }), timer(2n)],
      'badRecord',
    ],
    ['that skips as the last', [timer(2n), skip(1n, 2n)], 'badSkip'],
    ['a Define that is not the next', [define(2, 2, SOURCE, 2n)], 'badDefine'],
    ['a Define of index 0', [define(2, 0, SOURCE, 2n)], 'badRecord'],
    ['a Define of no table', [define(6, 1, SOURCE, 2n)], 'badRecord'],
    ['a Define without its name', [define(2, 1, '{"x":1}', 2n)], 'badDefine'],
    ['a Define of no object', [define(2, 1, '[]', 2n)], 'badRecord'],
    ['a Define with a key twice', [define(2, 1, '{"name":"a","name":"a"}', 2n)], 'badRecord'],
    ['a Define that is no JSON', [define(2, 1, '{', 2n)], 'badRecord'],
    ['a Define nested without end', [define(2, 1, `{"name":${'['.repeat(200000)}`, 2n)], 'badRecord'],
  ])('%s', (name, records, code) => {
    const read = readTape(unsealed([A, { records }]));
    expect([name, read.error?.code, read.end]).toEqual([name, code, undefined]);
    expect(read.error?.offsetBytes).toBeGreaterThanOrEqual(offsetB);
    expect(read.error?.seq).toBeGreaterThanOrEqual(2);
    // The first one is wrong, and was handed out: a Define is refused behind that.
    if (code === 'badDefine') expect([read.error?.seq, read.seqs]).toEqual([2, [0, 1, 2]]);
    expect(read.seqs.slice(0, 2)).toEqual([0, 1]);
  });

  // The first time of all is compared with nothing but the epoch.
  test.each([0n, 1n, 2n ** 63n])('far from the epoch, as the first of all (%i)', (time) => {
    const first = record(BODY);
    first.writeBigUInt64LE(time, 8);
    expect(readTape(unsealed([{ records: [first] }])).error?.code).toBe('badRecord');
  });

  // 2^53 − 3 more behind seq 2: the seq behind the next event would be no number.
  test.each([
    [2n ** 53n - 3n, 'badSkip'],
    [2n ** 53n - 4n, undefined],
  ])('that skips %i', (count, code) => {
    const set = (head: Buffer): void => void head.writeBigInt64LE(2n ** 53n - 1n, 24);
    const read = readTape(unsealed([A, { records: [skip(count, 2n), timer(2n)], set }]));
    expect(read.error?.code).toBe(code);
    if (code === undefined) expect(read.seqs.at(-1)).toBe(2 ** 53 - 2);
  });

  // A frame that is passed over is believed in its seqs, never in how near its times are.
  test('far from the epoch, behind a frame that was passed over', () => {
    const far = 2n ** 63n;
    const first = record(BODY);
    first.writeBigUInt64LE(far, 8);
    const set = (head: Buffer): void => void head.writeBigUInt64LE(far, 48);
    const bytes = unsealed([A, { ...B, set }, { records: [first] }]);
    const read = readTape(bytes, { hash: false, wanted: ({ firstSeq }) => firstSeq !== 2 });
    expect([read.error?.code, read.seqs]).toEqual(['badRecord', [0, 1]]);
  });

  test('other than a Define in a carry', () => {
    expect(
      readTape(
        unsealed([{ type: 4, records: [timer(0n)], set: (head) => void head.writeBigInt64LE(0n, 24) }]),
      ).error?.code,
    ).toBe('badFrame');
  });
});

describe('an index or a seal that lies', () => {
  const flip = (at: number) => (bytes: Buffer) => {
    bytes[at] ^= 1;
    return bytes;
  };
  const hash = '0'.repeat(63) + '1';
  test.each<[string, ForgedSeal, string]>([
    ['a count of entries', { index: flip(0) }, 'badIndex'],
    ['a count of Define frames', { index: flip(4) }, 'badIndex'],
    ['a count of pages', { index: flip(8) }, 'badIndex'],
    ['a word that is zero', { index: flip(12) }, 'badIndex'],
    ['counts beyond its size', { index: (bytes) => bytes.fill(0xff, 0, 12) }, 'badIndex'],
    ['an index of no bytes', { index: () => Buffer.alloc(8) }, 'badIndex'],
    ['the time of an entry', { index: flip(16) }, 'badIndex'],
    ['the seq of an entry', { index: flip(24) }, 'badIndex'],
    ['the offset of an entry', { index: flip(32) }, 'badIndex'],
    ['the offset of a Define frame', { index: flip(40) }, 'badIndex'],
    ['the hash of a page', { index: flip(48) }, 'badIndex'],
    ['the seq of a page', { index: flip(80) }, 'badIndex'],
    ['another count', { footer: (footer) => ({ ...footer, count: 5 }) }, 'badSeal'],
    [
      'another count, in the trailer, too',
      { footer: (footer) => ({ ...footer, count: 5 }), trailer: (bytes) => void bytes.writeUInt8(5, 16) },
      'countMismatch',
    ],
    ['another hash', { footer: (footer) => ({ ...footer, hash }) }, 'hashMismatch'],
    ['a hash that is none', { footer: (footer) => ({ ...footer, hash: 'x' }) }, 'badSeal'],
    [
      'another member than was sealed',
      { footer: (footer) => ({ ...footer, of: hash }), isSealed: false },
      'sealMismatch',
    ],
    ['an of that is no hash', { footer: (footer) => ({ ...footer, of: 'x' }) }, 'badSeal'],
    ['no footer', { footerJson: () => '' }, 'badSeal'],
    ['footer JSON with a space', { footerJson: (json) => json.replace(',', ', ') }, 'badSeal'],
    ['a footer that is too long', { footer: (footer) => ({ ...footer, x: 'x'.repeat(1 << 20) }) }, 'badSeal'],
    ['a word of padding too many', { footerJson: (json) => json + '\0'.repeat(8) }, 'badSeal'],
    ['another index offset', { trailer: (bytes) => void bytes.writeUInt8(0, 0) }, 'badSeal'],
    ['another seal offset', { trailer: (bytes) => void bytes.writeUInt8(0, 8) }, 'badSeal'],
    ['another count in the trailer', { trailer: (bytes) => void bytes.writeUInt8(9, 16) }, 'badSeal'],
    ['offsets beyond all numbers', { trailer: (bytes) => void bytes.fill(0xff, 0, 24) }, 'badSeal'],
    ['records in the index', { indexFrame: { set: set(8, 1) } }, 'badFrame'],
    ['a seq in the index', { indexFrame: { set: set(24, 9) } }, 'badFrame'],
    ['a time in the index', { indexFrame: { set: set(40, 9) } }, 'badFrame'],
    ['kinds in the seal', { sealFrame: { set: set(56, 2) } }, 'badFrame'],
    ['records in the seal', { sealFrame: { set: set(8, 1) } }, 'badFrame'],
    ['MORE in the seal', { sealFrame: { more: true } }, 'badFrame'],
  ])('%s', (name, options, code) => {
    const frames = [{ records: [define(2, 1, SOURCE), timer(0n)] }, B];
    expect(readTape(sealed(frames)).error).toBeUndefined();
    const read = readTape(sealed(frames, options));
    expect([name, read.error?.code, read.end]).toEqual([name, code, undefined]);
  });

  test('is sealed without an event', () => {
    expect(readTape(sealed([])).end).toMatchObject({ sealed: true, count: 0 });
    expect(readTape(sealed([], { footer: (footer) => ({ ...footer, hash }) })).error?.code).toBe(
      'hashMismatch',
    );
  });

  // Neither a hash nor the index is recomputed: the seal still holds header, hash, count and footer together.
  test('is found without hash and verify where the seal speaks of it', () => {
    const quick = { hash: false, verify: false };
    const code = (options: ForgedSeal): unknown => readTape(sealed([A, B], options), quick).error?.code;
    expect(code({ footer: (footer) => ({ ...footer, hash }) })).toBe('badIndex');
    expect(code({ footer: (footer) => ({ ...footer, of: hash }), isSealed: false })).toBe('sealMismatch');
  });

  // Seeking goes by an index that nobody has recomputed: it has to be in order at least.
  test.each([
    ['entries', 16, 24],
    ['Define frames', 16 + 2 * 24, 8],
    ['pages', 16 + 2 * 24 + 2 * 8, 40],
  ])('%s out of order are found without verify', (_, at, size) => {
    const big = record(
      Array.from({ length: 9000 }, () => 1n),
      { kind: 0x5f, time: 2n },
    );
    const many = Array.from({ length: 4097 }, () => timer(2n));
    const labels = [1, 2].map((index) => define(5, index, `{"text":"${index}"}`, 2n));
    const frames = [{ records: [labels[0], big] }, { records: [labels[1], ...many] }];
    const swapped = (index: Buffer): Buffer => {
      const first = Buffer.from(index.subarray(at, at + size));
      index.copy(index, at, at + size, at + size * 2);
      first.copy(index, at + size);
      return index;
    };
    const quick = { hash: false, verify: false };
    expect(readTape(sealed(frames), quick).end?.index?.pages.length).toBe(2);
    expect(readTape(sealed(frames, { index: swapped }), quick).error?.code).toBe('badIndex');
  });

  test('a seal over another header', () => {
    const tape = forge();
    const bytes = fileOf(addSeal(addFrame(tape, A)));
    const other = fileHeader(
      HEADER_JSON.replace('client', 'venues').replace('venues', 'client').replace('forge', 'forgf'),
    );
    // The chain of frames begins with the header's CRC: the first frame has to be forged with it.
    const body = forge(HEADER_JSON.replace('forge', 'forgf'));
    const moved = addSeal(addFrame(body, A), { footer: (footer) => footer });
    expect(fileOf(moved).subarray(0, other.length).equals(other)).toBe(true);
    const seals = [bytes, fileOf(moved)].map(
      (file) => /"seal":"([0-9a-f]+)"/.exec(file.toString('latin1'))?.[1],
    );
    expect(seals[0]).not.toBe(seals[1]);
    const swapped = Object.assign(forge(HEADER_JSON.replace('forge', 'forgf')), { headerJson: HEADER_JSON });
    expect(readTape(fileOf(addSeal(addFrame(swapped, A)))).error?.code).toBe('sealMismatch');
  });
});

describe('what stands behind the seal', () => {
  const whole = sealed([A, B]);
  test.each<[string, Buffer]>([
    ['a zero', Buffer.alloc(1)],
    ['zeros', Buffer.alloc(4096)],
    ['a word', Buffer.from('x')],
    ['the tape again', whole],
    ['its trailer again', whole.subarray(-32)],
  ])('%s: trailing bytes', (_, more) => {
    const read = readTape(Buffer.concat([whole, more]));
    expect([read.error?.code, read.error?.offsetBytes, read.end]).toEqual([
      'trailingBytes',
      whole.length,
      undefined,
    ]);
  });

  test('data behind the index', () => {
    const tape = addFrame(addFrame(forge(), A), { type: 2, payload: Buffer.alloc(16) });
    expect(readTape(fileOf(addFrame(tape, B))).error?.code).toBe('badFrame');
  });
});

describe('a file header', () => {
  const json = (text: string): Buffer => fileHeader(text);
  const withLength = (size: number): Buffer =>
    fileHeader(HEADER_JSON, (head) => void head.writeUInt32LE(size, 12));
  const bad = (from: string, to: string): Buffer => json(HEADER_JSON.replace(from, to));
  test.each<[string, Buffer, string]>([
    ['of nothing', Buffer.alloc(0), 'notATape'],
    ['of zeros', Buffer.alloc(1000), 'notATape'],
    ['of JSON', Buffer.from('{"a":1}'), 'notATape'],
    ['of its magic alone', fileHeader(HEADER_JSON).subarray(0, 8), 'badHeader'],
    ['of one byte', fileHeader(HEADER_JSON).subarray(0, 1), 'badHeader'],
    ['cut off', fileHeader(HEADER_JSON).subarray(0, -1), 'badHeader'],
    ['of version 1.1', fileHeader(HEADER_JSON, set(8, 1)), 'unsupportedVersion'],
    ['of version 0.2', fileHeader(HEADER_JSON, set(10, 2)), 'unsupportedVersion'],
    ['beyond 1 MiB', withLength(1048577), 'headerTooLarge'],
    ['of 4 GiB', withLength(0xffffffff), 'headerTooLarge'],
    ['of 1 MiB that is not there', withLength(1048576), 'badHeader'],
    ['with a reserved word', Object.assign(fileHeader(HEADER_JSON), { 20: 1 }), 'badHeader'],
    ['with a wrong CRC', Object.assign(fileHeader(HEADER_JSON), { 16: 0, 17: 0 }), 'badHeader'],
    ['with padding', Object.assign(bad('forge', 'forg'), { 103: 1 }), 'badHeader'],
    ['that is no JSON', json('{'), 'badHeader'],
    ['that is no UTF-8', json(HEADER_JSON).fill(0xff, 40, 41), 'badHeader'],
    ['that is not canonical', bad(',', ', '), 'badHeader'],
    ['that is no object', json('[]'), 'badHeader'],
    ['without observer', bad('"observer":"client",', ''), 'badHeader'],
    ['with another observer', bad('client', 'nobody'), 'badHeader'],
    ['with an epoch as number', bad('"1764547200000000000"', '17'), 'badHeader'],
    ['with an epoch beyond all times', bad('1764547200000000000', '18446744073709551615'), 'badHeader'],
    ['with draft as text', bad('{', '{"draft":"no",'), 'badHeader'],
    ['with a parent that is none', bad(',"producer"', ',"parents":[1],"producer"'), 'badHeader'],
    ['with a log that is none', bad(',"observer"', ',"log":{"id":"x"},"observer"'), 'badHeader'],
  ])('%s', (name, bytes, code) => {
    const read = readTape(Buffer.concat([bytes]));
    expect([name, read.error?.code, read.end, read.seqs]).toEqual([name, code, undefined, []]);
  });

  // A reader that believed the size would wait for 1 MiB, or make room for 4 GiB.
  test('of absurd size is refused before more is read', () => {
    let reads = 0;
    const head = withLength(0x7fffffff).subarray(0, 24);
    const reader = createReader(createDecoder({ ports: PORTS }), {
      read: () => {
        reads += 1;
        return head;
      },
    });
    expect(reader.next()).toBeUndefined();
    expect([reader.error?.code, reads]).toEqual(['headerTooLarge', 1]);
  });
});
