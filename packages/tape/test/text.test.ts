// The text form: every part of every line, broken alone.
import { describe, expect, test } from 'vitest';
import { BLANK, defineFields } from '@truetape/contracts';
import { chunked, createSink, HEADER, PORTS, readPieces, readTape, writeTape } from './tape.ts';
import { createTextWriter, endTape } from '@truetape/tape';
import { feed } from './damage.ts';
import { changeText } from './text-changes.ts';

const HASH = 'ab'.repeat(32);
/** Header, Define of feed, Define of X:BTC, Trade, Quote, BookUpdate, two Levels, end. */
const LINES = writeTape('text', feed(3), { footer: { quality: { gaps: 0 } } })
  .bytes.toString()
  .trimEnd()
  .split('\n');
const END = LINES.length - 1;

function textOf(lines: readonly string[]): Buffer {
  return Buffer.from(`${lines.join('\n')}\n`);
}

/** The tape with one line changed. */
function changed(line: number, change: (text: string) => string): Buffer {
  return textOf(LINES.map((text, k) => (k === line ? change(text) : text)));
}

const swap =
  (from: string, to: string) =>
  (text: string): string => {
    expect(text).toContain(from);
    return text.replace(from, to);
  };

describe('a line with a bad field', () => {
  const seqOf = (line: number): number => Math.max(0, line - 1);
  test.each<[string, number, (text: string) => string, string]>([
    ['seq: none', 3, swap('2 ', ' '), 'badLine'],
    ['seq: a sign', 3, swap('2 ', '+2 '), 'badLine'],
    ['seq: a leading zero', 3, swap('2 ', '02 '), 'badLine'],
    ['seq: too large', 3, swap('2 ', '9007199254740992 '), 'badLine'],
    ['seq: the last number', 3, swap('2 ', '9007199254740991 '), 'badSkip'],
    ['seq: backwards', 3, swap('2 ', '1 '), 'seqBackwards'],
    ['time: a fraction', 3, swap('17645', '1.7645'), 'badLine'],
    ['time: absent', 3, swap('1764547200000000000', '18446744073709551615'), 'badLine'],
    ['time: beyond 64 bits', 3, swap('1764547200000000000', '18446744073709551616'), 'badLine'],
    ['time: far from the epoch', 3, swap('1764547200000000000', '1'), 'badLine'],
    ['time: backwards', 4, swap('1764547200001000003', '1764547199999999999'), 'timeBackwards'],
    ['kind: unknown name', 3, swap('Trade', 'Trace'), 'badLine'],
    ['kind: known by its number', 3, swap('Trade', 'Kind0x30'), 'badLine'],
    ['kind: of the end', 3, swap('Trade', 'end'), 'badLine'],
    ['kind: a draft', 3, () => '2 1764547200000000000 Sent - feed', 'draftKind'],
    ['kind: Skip', 3, () => '2 1764547200000000000 Skip - - count=1', 'badSkip'],
    ['instrument: undefined', 3, swap('X:BTC', 'X:ETH'), 'badLine'],
    ['instrument: a number too large', 3, swap('X:BTC', '#65536'), 'badLine'],
    ['source: none', 3, swap(' feed', ''), 'badLine'],
    ['source: undefined', 3, swap('feed', 'fee'), 'badLine'],
    ['side: unknown', 3, swap('side=buy', 'side=up'), 'badLine'],
    ['side: twice', 3, swap('side=buy', 'side=buy side=buy'), 'badLine'],
    ['flags: unknown', 7, swap('+LAST', '+LAS'), 'badLine'],
    ['flags: twice', 7, swap('+LAST', '+LAST+LAST'), 'badLine'],
    ['flags: nothing', 7, swap('+LAST', '+'), 'badLine'],
    ['key: unknown', 3, swap('qtyLots', 'qtyLot'), 'badLine'],
    ['key: twice', 3, swap('qtyLots=0', 'qtyLots=0 qtyLots=0'), 'badLine'],
    ['key: missing', 3, swap(' qtyLots=0', ''), 'badLine'],
    ['key: without a value', 3, swap('qtyLots=0', 'qtyLots='), 'badLine'],
    ['key: without =', 3, swap('qtyLots=0', 'qtyLots'), 'badLine'],
    ['value: a sign', 3, swap('qtyLots=0', 'qtyLots=+0'), 'badLine'],
    ['value: minus zero', 3, swap('qtyLots=0', 'qtyLots=-0'), 'badLine'],
    ['value: a leading zero', 3, swap('qtyLots=0', 'qtyLots=00'), 'badLine'],
    ['value: a fraction', 3, swap('qtyLots=0', 'qtyLots=0.5'), 'badLine'],
    ['value: hexadecimal', 3, swap('qtyLots=0', 'qtyLots=0x1'), 'badLine'],
    ['value: beyond 2^53', 3, swap('qtyLots=0', 'qtyLots=9007199254740992'), 'badLine'],
    ['ext: half a word', 3, (text) => `${text} ext=00000000`, 'badLine'],
    ['ext: upper case', 3, (text) => `${text} ext=00000000000000FF`, 'badLine'],
    ['space: two', 3, swap(' Trade', '  Trade'), 'badLine'],
    ['space: in front', 3, (text) => ` ${text}`, 'badLine'],
    ['space: behind', 3, (text) => `${text} `, 'badLine'],
    ['space: behind, without a key', 3, () => '2 1764547200000000000 CancelAllDone - - ', 'badLine'],
    ['a tab', 3, swap(' Trade', '\tTrade'), 'badLine'],
    ['nothing', 3, () => '', 'badLine'],
    ['no UTF-8', 3, swap('side=buy', 'side=\u00ff'), 'badLine'],
    ['half of it', 3, (text) => text.slice(0, text.length / 2), 'badLine'],
    ['Define: not the next', 2, swap('index=1', 'index=2'), 'badDefine'],
    ['Define: no table', 2, swap('table=instrument', 'table=things'), 'badLine'],
    ['Define: JSON with a space', 2, swap('":"', '": "'), 'badLine'],
    ['Define: JSON with a byte beyond ASCII', 2, swap('X:BTC', 'X:é'), 'badLine'],
    ['Define: a step that is none', 2, swap('"0.1"', '"1e-1"'), 'badDefine'],
  ])('%s', (name, line, change, code) => {
    const read = readTape(changed(line, change));
    expect([name, read.error?.code, read.end]).toEqual([name, code, undefined]);
    // A Define is put in force, and may be refused, once what stands before the next line is asked for.
    if (code !== 'badDefine')
      expect([read.error?.line, read.error?.offsetBytes]).toEqual([
        line + 1,
        textOf(LINES.slice(0, line)).length,
      ]);
    expect(read.error?.seq).toBe(seqOf(line));
    expect(read.seqs.slice(0, seqOf(line))).toEqual(LINES.slice(1, line).map((_, k) => k));
    expect(read.seqs.length).toBe(seqOf(line) + (code === 'badDefine' ? 1 : 0));
  });

  // What is delivered before an error does not depend on how the input was cut.
  test('is told alike however the input is cut', () => {
    for (const bytes of [
      changed(6, swap('qtyLots', 'x')),
      changed(END, swap('end', 'enf')),
      changed(4, (text) => `9${text.slice(1)} x`),
    ]) {
      const whole = readTape(bytes);
      for (const size of [1, 13, 64]) {
        const cut = readPieces(chunked(bytes, [size]));
        expect([cut.error, cut.seqs, cut.records.toString('hex')]).toEqual([
          whole.error,
          whole.seqs,
          whole.records.toString('hex'),
        ]);
      }
    }
  });
});

describe('lines as they may be', () => {
  const whole = readTape(textOf(LINES));
  const same = (bytes: Buffer): void => {
    const read = readTape(bytes);
    expect([read.error, read.end?.hash, read.end?.footer, read.end?.sealed]).toEqual([
      undefined,
      whole.end?.hash,
      whole.end?.footer,
      true,
    ]);
    expect(read.records.equals(whole.records)).toBe(true);
  };

  test('CRLF', () => {
    same(Buffer.from(`${LINES.join('\r\n')}\r\n`));
  });

  // A comment whose third word is Define was once taken for one.
  test('lines with # anywhere behind the first, and behind the end', () => {
    const comments = [
      '#',
      '# a Define b',
      '#0 1 Define - - table=source index=1 json={}',
      '# end 0',
      '#\u00e9',
    ];
    for (const comment of comments)
      for (let at = 1; at <= LINES.length; at++)
        same(textOf([...LINES.slice(0, at), comment, ...LINES.slice(at)]));
    same(Buffer.concat([textOf(LINES), Buffer.from('# without an LF')]));
    expect(readTape(textOf(['# first', ...LINES])).error?.code).toBe('notATape');
  });

  test('a gap in the seqs is a Skip, also before a Define', () => {
    const define = '7 1764547200000000000 Define - - table=label index=1 json={"text":"x"}';
    const read = readTape(textOf([LINES[0], define]));
    expect(read.seqs).toEqual([7]);
    expect(read.tables.label.byIndex[1]?.name).toBe('x');
    expect(read.records.readUInt8(2)).toBe(6);
  });

  // Fails when the Skip of a refused line is delivered without it.
  test('a gap before a line that is refused is not delivered', () => {
    const read = readTape(textOf([...LINES.slice(0, 4), '9 1764547200001000003 Sent - feed']));
    expect([read.error?.code, read.seqs, read.error?.seq]).toEqual(['draftKind', [0, 1, 2], 9]);
  });
});

describe('the first line', () => {
  const header = (json: string): Buffer => textOf([`rpl-text 1 ${json}`]);
  const JSON0 = LINES[0].slice(11);
  test.each<[string, Buffer, string]>([
    ['a BOM', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), textOf(LINES)]), 'notATape'],
    ['another word', changed(0, swap('rpl-text', 'rpl-test')), 'notATape'],
    ['part of its word', Buffer.from('rpl-te'), 'badHeader'],
    ['another version', changed(0, swap('rpl-text 1', 'rpl-text 2')), 'unsupportedVersion'],
    ['no version', changed(0, swap('rpl-text 1', 'rpl-text')), 'unsupportedVersion'],
    ['no JSON', header('x'), 'badHeader'],
    ['JSON that is not canonical', header(JSON0.replace(',', ', ')), 'badHeader'],
    ['a letter beyond ASCII', header(JSON0.replace('"test"', '"tést"')), 'badHeader'],
    ['no LF', Buffer.from(LINES[0]), 'badHeader'],
    ['a missing field', header('{"observer":"client"}'), 'badHeader'],
    ['more than 1 MiB', header(JSON0.replace('"test"', `"${'t'.repeat(1 << 20)}"`)), 'headerTooLarge'],
    [
      'a line without end',
      Buffer.concat([Buffer.from('rpl-text 1 '), Buffer.alloc(7 << 20, 'x')]),
      'lineTooLong',
    ],
  ])('%s', (name, bytes, code) => {
    const read = readPieces(chunked(bytes, [65536]));
    expect([name, read.error?.code, read.seqs]).toEqual([name, code, []]);
  });

  test('letters beyond ASCII, escaped', () => {
    const read = readTape(header(JSON0.replace('"test"', '"t\\u00e9st"')));
    expect(read.headerJson).toContain('"tést"');
  });
});

describe('the last line', () => {
  const end = (change: (text: string) => string): Buffer => changed(END, change);
  const [count, hash] = LINES[END].split(' ').slice(1);
  test.each<[string, (text: string) => string, string]>([
    ['another count', swap(`end ${count}`, 'end 8'), 'countMismatch'],
    ['a count that is none', swap(`end ${count}`, 'end 07'), 'badLine'],
    ['a count beyond 2^53', swap(`end ${count}`, 'end 9007199254740993'), 'badLine'],
    ['another hash', swap(hash, HASH), 'hashMismatch'],
    ['a short hash', swap(hash, hash.slice(1)), 'badLine'],
    ['an upper-case hash', swap(hash, hash.toUpperCase()), 'badLine'],
    ['another seal', (text) => text.replace(/seal=[0-9a-f]+/, `seal=${HASH}`), 'sealMismatch'],
    ['an of that was not sealed', swap(' seal=', ` of=${HASH} seal=`), 'sealMismatch'],
    ['of behind seal', swap(' footer=', ` of=${HASH} footer=`), 'badLine'],
    ['another footer', swap('"gaps":0', '"gaps":1'), 'sealMismatch'],
    ['a footer that is not canonical', swap('"gaps":0', '"gaps": 0'), 'badLine'],
    ['a footer with a reserved member', swap('{"quality"', '{"of":"x","quality"'), 'badLine'],
    ['a space behind it', (text) => `${text} `, 'badLine'],
    ['something else that begins with e', () => 'endless', 'badLine'],
  ])('%s', (name, change, code) => {
    const read = readTape(end(change));
    expect([name, read.error?.code, read.error?.line, read.end]).toEqual([
      name,
      code,
      code === 'badLine' ? END + 1 : read.error?.line,
      undefined,
    ]);
    expect(read.seqs.length).toBe(7);
  });

  test('without seal and footer vouches for the events alone', () => {
    const read = readTape(end((text) => text.split(' ').slice(0, 3).join(' ')));
    expect(read.end).toMatchObject({ sealed: true, hash, count: 7 });
    expect(read.end?.footer?.['quality']).toBeUndefined();
  });

  // An unfinished last line is what an interrupted write leaves; nothing of it counts.
  test.each(Array.from({ length: 8 }, (_, k) => k + 1))('cut off in line %i: torn', (lines) => {
    const before = textOf(LINES.slice(0, lines));
    for (const part of [1, LINES[lines].length]) {
      const read = readTape(Buffer.concat([before, Buffer.from(LINES[lines].slice(0, part))]));
      const torn = {
        offsetBytes: before.length,
        bytes: part,
        firstSeq: lines - 1,
        nextSeq: undefined,
        reason: 'line that is cut off',
      };
      expect(read.end).toMatchObject({ sealed: false, footer: undefined, torn, nextSeq: lines - 1 });
    }
  });

  test.each([
    ['an event', LINES[3]],
    ['another end', LINES[END]],
    ['nothing', ''],
    ['rubbish', 'x'],
  ])('%s behind it: trailing bytes', (_, more) => {
    expect(readTape(textOf([...LINES, more])).error).toMatchObject({ code: 'trailingBytes', line: END + 2 });
    if (more !== '')
      expect(readTape(Buffer.concat([textOf(LINES), Buffer.from(more)])).error?.code).toBe('trailingBytes');
  });
});

// Fails when a change in a sealed text tape goes unnoticed although it changes something.
test('one or two bits of every byte flipped, every byte left out', () => {
  changeText([0, 6]);
});

describe('a line beyond all measure', () => {
  // Fails when the limit holds only for what comes in pieces, or memory grows with the line.
  test.each([65536, 6 << 20])('is refused, in pieces of %i bytes', (size) => {
    const long = Buffer.from(`${LINES[3]} ext=${'0'.repeat(5 << 20)}`);
    const bytes = Buffer.concat([textOf(LINES.slice(0, 4)), long, Buffer.from('\n')]);
    const read = readPieces(chunked(bytes, [size]));
    expect(read.error).toMatchObject({ code: 'lineTooLong', line: 5, seq: 3 });
    expect(read.seqs).toEqual([0, 1, 2]);
  });

  test('is refused before it ends', () => {
    let pieces = 0;
    const piece = Buffer.alloc(65536, 'x');
    const read = readPieces(
      new Proxy([textOf(LINES.slice(0, 3))], {
        get: (target, key) =>
          Number(key) > 0 ? (pieces++, Uint8Array.from(piece)) : Reflect.get(target, key),
      }),
    );
    expect(read.error?.code).toBe('lineTooLong');
    expect(pieces).toBeLessThan(200);
  });
});

test('names that a tape writes are names that it reads', () => {
  const names = [
    'a b',
    '-',
    '#1',
    '"',
    '\\',
    '+LAST',
    'side=buy',
    '币安人生',
    'a\nb',
    '\u0000',
    'x'.repeat(1024),
  ];
  const items = names.flatMap((name, k) => [
    { event: { ...BLANK.Define, timeNs: k, ...defineFields('source', k + 1, { name }) }, gap: 0 },
    { event: { ...BLANK.Timer, timeNs: k, timerId: 1, dueTime: k, source: k + 1 }, gap: 0 },
  ]);
  const text = writeTape('text', items);
  expect(readTape(text.bytes).end).toMatchObject({ sealed: true, hash: text.end?.hash });
  expect(text.bytes.toString('latin1')).not.toMatch(/[^\n -~]/);
});

test('the writer sends its lines on, frame by frame', () => {
  const sink = createSink();
  const writer = createTextWriter({ header: HEADER, ports: PORTS, frameBytes: 0 }, sink);
  expect(sink.parts.length).toBe(1);
  endTape(writer);
  expect(Buffer.concat(sink.parts).toString().split('\n').length).toBe(3);
});
