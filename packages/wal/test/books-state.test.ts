// The bytes of a books machine's state: damaged ones are refused, or are those of another state; and what is bounded.
import {
  BUY,
  GTC,
  LIMIT,
  OP_CANCEL,
  OP_CANCEL_ALL,
  OP_NEW,
  SELL,
  commandCode,
  hashMarket,
} from '@truetape/book';
import { FIRST_ASSIGNED_ID, N_MAX, NONE } from '@truetape/contracts';
import { describe, expect, test } from 'vitest';
import { checkpoint, submit } from '../src/index.ts';
import type { AskedCommand } from '../src/index.ts';
import { beginLog, createLog, endLog, eventsOf, foldTape, kind, sha256, stepsOf, takeStep } from './books.ts';
import type { BooksLog } from './books.ts';

function sampleLog(): BooksLog {
  const log = createLog({ instruments: [], limits: { ordersMax: 6, cmdIdsMax: 3 } });
  beginLog(log);
  for (const step of stepsOf(7, 3, 60)) takeStep(log, step);
  return log;
}

describe('damaged bytes of a state', () => {
  // Fails when some byte of them throws, or is no part of the state that comes back.
  test('are refused, or are the bytes of the state that they give', () => {
    const { machine } = sampleLog();
    const bytes = machine.save();
    expect(machine.state.window.byId.size).toBe(3);
    let refused = 0;
    for (let at = 0; at < bytes.length; at++) {
      const cut = kind.restore(bytes.subarray(0, at));
      expect(cut.ok).toBe(false);
      for (const flip of [1, 0x80, (at * 37) % 256]) {
        const damaged = bytes.slice();
        damaged[at] ^= flip;
        const back = kind.restore(damaged);
        if (!back.ok) refused += 1;
        else if (Buffer.compare(back.value.save(), damaged) !== 0) throw new Error(`byte ${at} ^ ${flip}`);
      }
    }
    expect(kind.restore(Uint8Array.of(...bytes, 0)).ok).toBe(false);
    expect(refused).toBeGreaterThan(bytes.length);
  });

  test.each<[string, number, number]>([
    ['the magic bytes', 0, 1],
    ['version 1', 8, 2],
    ['a section of', 12, 41],
  ])('say what was expected: %s', (expected, at, value) => {
    const bytes = sampleLog().machine.save();
    bytes[at] = value;
    const back = kind.restore(bytes);
    expect(back.ok ? '' : back.error.expected).toContain(expected);
  });
});

describe('parts that are right each', () => {
  /** The bytes of a state with two commands that have an id, changed behind a mark. */
  function patched(mark: string, offset: number, bytes: readonly number[]): string {
    const log = logOf(9, [
      ['first', { id: 'a' }],
      ['other', { id: 'b' }],
    ]);
    const state = log.machine.save();
    const at = Buffer.from(state).indexOf(mark) + offset;
    state.set(bytes, at);
    const back = kind.restore(state);
    return back.ok ? '' : `${back.error.expected}; ${back.error.found}`;
  }

  test('and cannot stand together are refused', () => {
    expect(patched('TTBKST', 16 + 28, [9, 0, 0, 0])).toBe('room for 9 orders; 1048576');
    expect(patched('TTBKST', 16 + 24, [1])).toBe('2 sources at least; 1');
    expect(patched('TTBKST', 16 + 32, [1, 0, 0, 0])).toContain('1 commands, 16 reports each');
    expect(patched('TTNAME', 24, [0])).toContain(`ids below ${FIRST_ASSIGNED_ID}; ${FIRST_ASSIGNED_ID}`);
    expect(patched('TTBOOK', 12, [2])).toBe('books of 1; 2');
    // The seq of the second stands 60 bytes before its id.
    expect(patched('other', -60, [0])).toContain('a later command');
    expect(patched('other', 0, [...Buffer.from('first')])).toContain('a later command');
  });
});

const limit = (side: number): number => commandCode({ op: OP_NEW, side, type: LIMIT, tif: GTC });
const ORDER: AskedCommand = {
  code: limit(BUY),
  id: 1,
  owner: 'ann',
  instrument: undefined,
  priceTicks: 100,
  qtyLots: 5,
  minQtyLots: 0,
};
const ALL: AskedCommand = {
  ...ORDER,
  code: commandCode({ op: OP_CANCEL_ALL, everyone: true }),
  id: undefined,
};

/** A log with what is asked, each under its id. */
function logOf(
  cmdIdsMax: number,
  asked: readonly (readonly [cmdId: string | undefined, some: Partial<AskedCommand>])[],
): BooksLog {
  const log = createLog({ instruments: [], limits: { cmdIdsMax } });
  beginLog(log);
  for (const [cmdId, some] of asked) submit(log.service, log.writer, { ...ORDER, ...some }, 0, 0, cmdId);
  return log;
}

const remembered = ({ machine }: BooksLog): string[] => [...machine.state.window.byId.keys()];

/** The log's own fold remembers the same. */
function expectSame(log: BooksLog): void {
  const machine = kind.create();
  expect(foldTape(machine, endLog(log))).toBeUndefined();
  expect(machine.save()).toEqual(log.machine.save());
}

describe('commands with an id', () => {
  test('are forgotten, the oldest first, where there are too many', () => {
    const ids = Array.from({ length: 3000 }, (_, k) => k);
    const log = logOf(
      700,
      ids.map((id) => [`c${id}`, { id }]),
    );
    expect(remembered(log)).toEqual(ids.slice(-700).map((id) => `c${id}`));
    const { order, head } = log.machine.state.window;
    expect(order.length - head).toBe(700);
    expect(order.length).toBeLessThan(2200);
    // What was forgotten is a new command.
    const forgotten = submit(log.service, log.writer, { ...ORDER, id: 3000 }, 0, 0, 'c0');
    expect(forgotten.status).toBe('done');
    expectSame(log);
  });

  test('are forgotten where their reports are too many; the latest never is', () => {
    const orders = (from: number, count: number): [undefined, Partial<AskedCommand>][] =>
      Array.from({ length: count }, (_, k) => [undefined, { id: from + k }]);
    // 2 commands and 32 reports at most.
    const log = logOf(2, [['a', { id: 500 }], ...orders(0, 20), ['b', ALL], ...orders(0, 12), ['c', ALL]]);
    expect(remembered(log)).toEqual(['c']);
    const { machine, service, writer } = log;
    expect(machine.state.window.reports).toBe(13);
    for (let id = 0; id < 60; id++) submit(service, writer, { ...ORDER, id }, 0, 0);
    submit(service, writer, ALL, 0, 0, 'd');
    expect(remembered(log)).toEqual(['d']);
    expect(machine.state.window.reports).toBe(61);
    submit(service, writer, { ...ORDER, id: 7 }, 0, 0, 'e');
    expect(remembered(log)).toEqual(['e']);
    expectSame(log);
  });

  test.each<[string, Partial<AskedCommand>]>([
    ['code', { code: limit(SELL) }],
    ['owner', { owner: 'bob' }],
    ['new owner', { owner: 'who' }],
    ['id', { id: 'mine2' }],
    ['id as a number', { id: 4 }],
    ['large id', { id: N_MAX }],
    ['no id', { code: commandCode({ op: OP_CANCEL_ALL }), id: undefined }],
    ['instrument', { instrument: 'XYZ' }],
    ['new instrument', { instrument: 'NEW' }],
    ['price', { priceTicks: 101 }],
    ['quantity', { qtyLots: 6 }],
    ['least quantity', { minQtyLots: 1 }],
  ])('given to a command of another %s, refuse it', (_, some) => {
    const log = logOf(9, [[undefined, { owner: 'bob', instrument: 'XYZ' }]]);
    const { service, writer, machine } = log;
    const { seq } = submit(service, writer, { ...ORDER, id: 'mine' }, 5, 0, 'c');
    const before = [writer.nextSeq, machine.hash()];
    expect(submit(service, writer, { ...ORDER, id: 'mine', ...some }, 6, 0, 'c')).toMatchObject({
      status: 'cmdIdReused',
      seq,
      reports: { count: 0 },
    });
    expect(submit(service, writer, { ...ORDER, id: 'mine' }, 6, 0, 'c').status).toBe('repeat');
    expect([writer.nextSeq, machine.hash()]).toEqual(before);
  });

  test('of an instrument that is not known are told from each other by its name', () => {
    const log = createLog({ instruments: ['A'] });
    beginLog(log);
    const { service, writer } = log;
    const ask = (instrument: string): unknown =>
      submit(service, writer, { ...ORDER, id: 'x', instrument }, 0, 0, 'c').status;
    expect([ask('U1'), ask('U1'), ask('U2'), ask('A')]).toEqual([
      'done',
      'repeat',
      'cmdIdReused',
      'cmdIdReused',
    ]);
    const { names } = submit(service, writer, { ...ORDER, id: 'x', instrument: 'U1' }, 0, 0, 'c');
    expect(submit(service, writer, { ...ORDER, id: 'y' }, 0, 0, 'd').names.unknown).toBe('');
    expect([names.unknown, names.ids.get(65_535)?.byId.get(FIRST_ASSIGNED_ID)?.key]).toEqual(['U1', 'x']);
    expectSame(log);
  });

  test('are not those of an order that their own met', () => {
    const log = logOf(9, [[undefined, { id: 'maker' }]]);
    const { service, writer } = log;
    const taker = { ...ORDER, code: limit(SELL), id: 'taker' };
    expect(submit(service, writer, taker, 0, 0, 'c').reports.count).toBe(2);
    expect(submit(service, writer, { ...taker, id: 'maker' }, 0, 0, 'c').status).toBe('cmdIdReused');
    expect(submit(service, writer, taker, 0, 0, 'c').status).toBe('repeat');
  });

  test('are answered as before when names have forgotten their order', () => {
    const log = logOf(9, [['c', { id: 'mine' }]]);
    const { service, writer, machine } = log;
    const { names } = machine.state;
    submit(service, writer, { ...ORDER, id: 'mine', code: commandCode({ op: OP_CANCEL }) }, 0, 0);
    names.ids.clear();
    const answer = submit(service, writer, { ...ORDER, id: 'mine' }, 0, 0, 'c');
    expect(answer.status).toBe('repeat');
    expect(answer.names.ids.get(1)?.byId.get(answer.reports.f64[2])?.key).toBe('mine');
    expect(answer.names.instruments).toEqual([undefined, 'BOOK']);
  });
});

describe('what is written', () => {
  test('says what no record can hold in a Note, and stands in it as a book refuses it', () => {
    const log = logOf(9, [
      [undefined, { priceTicks: 0.5 }],
      ['c', { id: 'a', qtyLots: Infinity }],
      ['c', { id: 'a', qtyLots: NaN }],
    ]);
    const texts = eventsOf(endLog(log))
      .map((event) => ('text' in event ? event.text : ''))
      .filter((text) => text !== '');
    expect(texts).toEqual([
      'a remark',
      'price 0.5 of the next command cannot stand in it',
      'qty Infinity of the next command cannot stand in it',
      'a',
      'c',
    ]);
    expect(log.machine.state.commandCount).toBe(2);
  });

  // More facts than are written in place: one frame would not hold them all.
  test('of a command with thousands of facts is the same', () => {
    const log = createLog({ instruments: [] }, undefined, 65_536);
    beginLog(log);
    const { service, writer } = log;
    for (let id = 0; id < 5000; id++) submit(service, writer, { ...ORDER, id }, id, 0);
    submit(service, writer, ALL, 2 ** 33, 8);
    expect(log.machine.state.reports.count).toBe(5001);
    expectSame(log);
  });

  test('as Checkpoints is the hash of the market, and that of the machine', () => {
    const log = logOf(9, [[undefined, {}]]);
    const { machine, service, writer } = log;
    const hashes = [hashMarket(machine.state.market, sha256), machine.hash()];
    const { nextSeq } = writer;
    checkpoint(service, writer);
    expect(machine.hash()).not.toBe(hashes[1]);
    const events = eventsOf(endLog(log)).slice(-2);
    expect(events).toMatchObject([
      { scope: 1, instrument: 0, hashVersion: 1, coversSeq: nextSeq, stateHash: hashes[0] },
      { scope: 5, instrument: 0, hashVersion: 1, coversSeq: nextSeq + 1, stateHash: hashes[1] },
    ]);
  });

  test('of an order that asks for nothing that a number can say is refused alike', () => {
    const log = logOf(9, [[undefined, { qtyLots: NONE }]]);
    expect(log.machine.state.reports.u32[0] & 15).toBe(2);
    expectSame(log);
  });
});
