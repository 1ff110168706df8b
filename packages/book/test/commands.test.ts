// Command cells: what goes in comes out, and what no program may write is caught.
import { describe, expect, test } from 'vitest';
import { NONE } from '@truetape/contracts';
import {
  BUY,
  COMMAND_CELLS,
  FOK,
  LIMIT,
  POST_ONLY_SLIDE,
  QTY_REMAINING,
  QTY_TOTAL,
  SELL,
  STP_DECREMENT,
  commandCode,
  createCommands,
  encodeCommand,
  isForEveryone,
  isOrderId,
  opOf,
  postOnlyOf,
  qtyModeOf,
  sideOf,
  stpOf,
  tifOf,
  typeOf,
  viewCommands,
  type Command,
} from '@truetape/book';
import { limit, market } from './play.ts';

describe('cells', () => {
  test('hold every field of a command, and no bit of one in another', () => {
    const commands = createCommands(2);
    const choices = { tif: 'FOK', postOnly: 'slide', stp: 'decrement', minQtyLots: 3 } as const;
    const about = { owner: 4_294_967_295, instrument: 65_535, source: 7, tag: 8, timeNs: 9 };
    encodeCommand(commands, 1, limit(5, 'sell', -2_147_483_648, 6, { ...choices, ...about }));
    const code = commands.u32[16];
    const read = [opOf, sideOf, typeOf, tifOf, postOnlyOf, stpOf, qtyModeOf].map((field) => field(code));
    expect(read).toEqual([1, SELL, LIMIT, FOK, POST_ONLY_SLIDE, STP_DECREMENT, 0]);
    expect(isForEveryone(code)).toBe(false);
    expect([...commands.u32.subarray(17, 18), ...commands.u32.subarray(26, 28)]).toEqual([
      4_294_967_295, 65_535, 7,
    ]);
    const { f64 } = commands;
    expect([9, 10, 11, 12, 14, 15].map((cell) => f64[cell])).toEqual([5, -2_147_483_648, 6, 3, 8, 9]);
    // The place before stays untouched.
    expect([...f64.subarray(0, COMMAND_CELLS)]).toEqual(Array.from({ length: COMMAND_CELLS }, () => 0));
  });

  test('say NONE for what is absent', () => {
    const commands = createCommands(1);
    encodeCommand(commands, 0, { op: 'cancelAll' });
    expect([1, 2, 3, 4, 6, 7].map((cell) => commands.f64[cell])).toEqual([NONE, NONE, NONE, 0, NONE, NONE]);
    encodeCommand(commands, 0, { op: 'amend', orderId: 1 });
    expect(qtyModeOf(commands.u32[0])).toBe(QTY_REMAINING);
    encodeCommand(commands, 0, { op: 'amend', orderId: 1, qtyMode: 'total' });
    expect(qtyModeOf(commands.u32[0])).toBe(QTY_TOTAL);
    encodeCommand(commands, 0, { op: 'cancelAll', everyone: true, side: 'buy' });
    expect([isForEveryone(commands.u32[0]), sideOf(commands.u32[0])]).toEqual([true, BUY]);
  });

  test('are the same for a code that was computed once', () => {
    const commands = createCommands(1);
    encodeCommand(commands, 0, market(1, 'buy', 2, { tif: 'IOC', stp: 'oldest' }));
    expect(commands.u32[0]).toBe(commandCode({ op: 1, side: BUY, type: 2, tif: 2, stp: 2 }));
  });

  test('are read in the memory of another, from any offset of eight', () => {
    const buffer = new SharedArrayBuffer(64 * 3 + 8);
    const all = viewCommands(buffer, 8);
    expect(all.capacity).toBe(3);
    encodeCommand(all, 1, limit(77, 'buy', 1, 1));
    expect(viewCommands(buffer, 8 + 64, 1).f64[1]).toBe(77);
  });
});

describe('a program’s mistakes', () => {
  test.each([
    ['a part of a command', () => viewCommands(new ArrayBuffer(65))],
    ['more than there is', () => viewCommands(new ArrayBuffer(64), 0, 2)],
    ['less than nothing', () => viewCommands(new ArrayBuffer(64), 0, -1)],
    ['half a command', () => viewCommands(new ArrayBuffer(64), 0, 0.5)],
  ])('BOOK-1: %s', (_, view) => expect(view).toThrow('BOOK-1'));

  const new1 = limit(1, 'buy', 1, 1);
  test.each<readonly [string, number, Command]>([
    ['a place behind the end', 1, new1],
    ['a place before the beginning', -1, new1],
    ['an operation that is none', 0, { ...new1, op: 'replace' as 'new' }],
    ['no id', 0, { op: 'cancel' }],
    ['an id below 0', 0, { op: 'cancel', orderId: -1 }],
    ['a fraction', 0, { op: 'cancel', orderId: 0.5 }],
    ['an id beyond 2^53−1', 0, { op: 'cancel', orderId: 9_007_199_254_740_992 }],
    ['no number', 0, { op: 'cancel', orderId: NaN }],
    ['no side', 0, { op: 'new', orderId: 1, type: 'limit' }],
    ['no type', 0, { op: 'new', orderId: 1, side: 'buy' }],
  ])('BOOK-2: %s', (_, place, command) => {
    expect(() => encodeCommand(createCommands(1), place, command)).toThrow('BOOK-2');
  });

  test('an id is an integer in 0 … 2^53−1', () => {
    expect([0, 1, Number.MAX_SAFE_INTEGER].map(isOrderId)).toEqual([true, true, true]);
    expect([-1, 0.5, NaN, Infinity, NONE, 9_007_199_254_740_992].some(isOrderId)).toBe(false);
  });
});
