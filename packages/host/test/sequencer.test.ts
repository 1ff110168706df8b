// The sequencer by hand, on one thread: the order it gives, whose turn it is, who is told what.
import { describe, expect, test } from 'vitest';
import { addBook, createBook, createCommands, createMarket, encodeCommand } from '@truetape/book';
import type { Command } from '@truetape/book';
import { NONE } from '@truetape/contracts';
import { InvariantError, createDoorbell, createSharedRing, createSharedSnapshot } from '@truetape/kernel';
import {
  OutputError,
  awaitReports,
  closeProducer,
  connectProducer,
  connectReader,
  createRows,
  decodeRow,
  nodePorts,
} from '@truetape/host';
import { isProducerEnded, pollReports, readDepth, sendCommand, submitCommands } from '@truetape/host';
import type { Producer, ProducerHandle, Row } from '@truetape/host';
import { depthCells } from '../src/market/depth-block.ts';
import { createSequencer, endSequencer, hasWork } from '../src/market/sequencer.ts';
import { isSequencerDrained, runRound } from '../src/market/sequencer.ts';
import type { Sequencer } from '../src/market/sequencer.ts';
import { createVenueTape, failVenueTape } from '../src/market/venue-tape.ts';

interface Bench {
  readonly sequencer: Sequencer;
  readonly producers: readonly Producer[];
  readonly depth: () => ReturnType<typeof readDepth>;
  /** Records on its tape. */
  readonly recorded: () => number;
}

function createBench(count: number, turnCommands: number, reportCapacity = 64): Bench {
  const bell = createDoorbell();
  const handles = Array.from({ length: count }, (_, index): ProducerHandle => {
    const commands = createSharedRing({ capacity: 16 });
    const reports = createSharedRing({ capacity: reportCapacity, cellBytes: 128 });
    const account = 10 + index;
    const name = `p${index}`;
    return {
      name,
      index,
      account,
      cancelsEveryone: index === 1,
      overflow: 'reject',
      commands,
      bell,
      reports,
      reportBell: createDoorbell(),
    };
  });
  const market = createMarket({ create: createBook });
  addBook(market, 1);
  const blocks = [undefined, createSharedSnapshot(depthCells(3))];
  let now = 0;
  const nowNs = (): number => (now += 10);
  const sink = { write: () => undefined };
  const instruments = [{ id: 'TEST:1' }];
  const tape = createVenueTape({ epochNs: '0', instruments, producers: ['p'], ports: nodePorts, sink });
  const common = { market, producers: handles, depthLevels: 3, blocks, turnCommands, nowNs, tape };
  const sequencer = createSequencer({ ...common, check: true });
  const reader = connectReader({ depthLevels: 3, blocks });
  const recorded = (): number => tape.writer.nextSeq;
  return { sequencer, producers: handles.map(connectProducer), depth: () => readDepth(reader, 1), recorded };
}

const ORDER = { op: 'new', instrument: 1, type: 'limit', side: 'buy', priceTicks: 100, qtyLots: 5 } as const;

function readRows(producer: Producer): Row[] {
  const rows = createRows(64);
  pollReports(producer, rows);
  return Array.from({ length: rows.count }, (_, k) => decodeRow(rows, k));
}

test('a round gives each producer its turn, and the first turn goes round', () => {
  const { sequencer, producers } = createBench(3, 2);
  for (const [k, producer] of producers.entries())
    for (let n = 0; n < 5; n++) sendCommand(producer, { ...ORDER, orderId: k * 10 + n, tag: n });
  expect([runRound(sequencer), runRound(sequencer), runRound(sequencer), runRound(sequencer)]).toEqual([
    6, 6, 3, 0,
  ]);
  const places = producers.map((producer) =>
    readRows(producer).map((row) => row.type === 'answer' && row.order),
  );
  // Rounds: p0 p1 p2, then p1 p2 p0, then p2 p0 p1.
  expect(places).toEqual([
    [1, 2, 11, 12, 14],
    [3, 4, 7, 8, 15],
    [5, 6, 9, 10, 13],
  ]);
});

test('account, source and time are the sequencer’s to say', () => {
  const { sequencer, producers } = createBench(2, 8);
  sendCommand(producers[1], { ...ORDER, orderId: 1, owner: 10, source: 99, timeNs: 5, tag: 3 });
  runRound(sequencer);
  expect(readRows(producers[1])).toMatchObject([{ timeNs: 10, tag: 3, report: { owner: 11 } }]);
  // Another's order is not one's own to cancel, whatever owner is claimed.
  sendCommand(producers[0], { op: 'cancel', instrument: 1, orderId: 1, owner: 11 });
  runRound(sequencer);
  expect(readRows(producers[0])).toMatchObject([{ report: { kind: 'rejected', reason: 'notOwner' } }]);
  expect(sequencer.turn.u32[11]).toBe(2);
});

test('nobody waits for reports that are there', () => {
  const { sequencer, producers } = createBench(1, 8);
  sendCommand(producers[0], { ...ORDER, orderId: 1 });
  runRound(sequencer);
  const start = Date.now();
  awaitReports(producers[0], 10_000);
  expect(Date.now() - start).toBeLessThan(9_000);
});

test('who may not cancel everybody’s orders cancels its own, on the tape too', () => {
  const { sequencer, producers, depth } = createBench(2, 8);
  for (const [k, producer] of producers.entries()) sendCommand(producer, { ...ORDER, orderId: k });
  runRound(sequencer);
  sendCommand(producers[0], { op: 'cancelAll', everyone: true, tag: 9 });
  runRound(sequencer);
  runRound(sequencer);
  expect(readRows(producers[0]).map((row) => row.type !== 'loss' && row.report.kind)).toEqual([
    'accepted',
    'canceled',
    'cancelAllDone',
  ]);
  expect(depth()).toMatchObject({ orders: 1 });
  sendCommand(producers[0], { ...ORDER, orderId: 3 });
  runRound(sequencer);
  sendCommand(producers[1], { op: 'cancelAll', everyone: true });
  runRound(sequencer);
  runRound(sequencer);
  expect(depth()).toMatchObject({ orders: 0 });
});

test('what befalls an order of somebody else is told to both', () => {
  const { sequencer, producers, depth } = createBench(2, 8);
  sendCommand(producers[0], { ...ORDER, orderId: 1, tag: 1 });
  sendCommand(producers[0], { ...ORDER, orderId: 2, priceTicks: 99, tag: 2 });
  runRound(sequencer);
  expect(runRound(sequencer)).toBe(0);
  readRows(producers[0]);
  sendCommand(producers[1], { ...ORDER, orderId: 3, side: 'sell', qtyLots: 5, tag: 8 });
  sendCommand(producers[1], { op: 'cancelAll', everyone: true, tag: 9 });
  runRound(sequencer);
  expect(readRows(producers[0])).toMatchObject([
    { type: 'ownOrder', order: 3, number: 3, report: { kind: 'fill', orderId: 1 } },
    { type: 'ownOrder', order: 4, number: 4, report: { kind: 'canceled', orderId: 2, reason: 'cancelAll' } },
  ]);
  expect(readRows(producers[1])).toMatchObject([
    { type: 'answer', tag: 8, last: false, report: { kind: 'accepted' } },
    { type: 'answer', tag: 8, last: true, report: { kind: 'fill' } },
    { type: 'answer', tag: 9, last: false, report: { kind: 'canceled' } },
    { type: 'answer', tag: 9, last: true, report: { kind: 'cancelAllDone' } },
  ]);
  // Shown as soon as there is nothing to do.
  expect(depth()).toMatchObject({ commands: 2 });
  expect(runRound(sequencer)).toBe(0);
  expect(depth()).toMatchObject({ commands: 4, orders: 0, trades: 1, bids: [], asks: [] });
});

test('a sweep of more fills than are gathered at once is told whole', () => {
  const { sequencer, producers } = createBench(2, 16, 1024);
  for (let k = 0; k < 400; k++) {
    sendCommand(producers[0], { ...ORDER, orderId: k, qtyLots: 1 });
    if (k % 8 === 7) runRound(sequencer);
  }
  const rows = createRows(1024);
  pollReports(producers[0], rows);
  sendCommand(producers[1], { ...ORDER, orderId: 1_000, side: 'sell', qtyLots: 400, tag: 4 });
  runRound(sequencer);
  for (const producer of producers) {
    rows.count = 0;
    pollReports(producer, rows);
    const fills = Array.from({ length: rows.count }, (_, k) => decodeRow(rows, k)).filter(
      (row) => row.type !== 'loss' && row.report.kind === 'fill',
    );
    expect(fills.map((row) => row.type !== 'loss' && row.report.tradeId)).toEqual(
      Array.from({ length: 400 }, (_, k) => k + 1),
    );
  }
});

test('a book that always has something to do is shown every 256 commands', () => {
  const { sequencer, producers, depth } = createBench(1, 16);
  const shown = new Set<number>();
  for (let k = 0; k < 600; k++) {
    sendCommand(producers[0], { ...ORDER, orderId: k });
    runRound(sequencer);
    readRows(producers[0]);
    shown.add(depth()!.commands);
  }
  expect([...shown]).toEqual([0, 256, 512]);
  endSequencer(sequencer);
  expect(depth()).toMatchObject({ commands: 600, orders: 600, bids: [{ orders: 600, qtyLots: 3_000 }] });
});

test('and within a turn of more than that as well', () => {
  const { sequencer, producers, depth } = createBench(1, 16);
  const shown = new Set<number>();
  for (let k = 0; k < 250; k++) {
    sendCommand(producers[0], { ...ORDER, orderId: k });
    runRound(sequencer);
    readRows(producers[0]);
  }
  for (let k = 250; k < 262; k++) sendCommand(producers[0], { ...ORDER, orderId: k });
  shown.add(depth()!.commands);
  runRound(sequencer);
  shown.add(depth()!.commands);
  expect([...shown]).toEqual([0, 256]);
});

test('losses are told as ranges, each as soon as there is room', () => {
  const { sequencer, producers, recorded } = createBench(2, 16, 4);
  const [slow, other] = producers;
  for (let k = 0; k < 2; k++) sendCommand(slow, { ...ORDER, orderId: k, qtyLots: 1_000 });
  runRound(sequencer);
  const sell = (orderId: number): void => {
    sendCommand(other, { ...ORDER, orderId, side: 'sell', qtyLots: 1 });
    runRound(sequencer);
    readRows(other);
  };
  for (let k = 10; k < 15; k++) sell(k);
  // Three cells hold rows, the fourth is kept free.
  expect(readRows(slow).map(({ number }) => number)).toEqual([1, 2, 3]);
  const before = recorded();
  sell(20);
  // Command, Accepted and Fill; and the Overrun, as soon as it was told.
  expect(recorded() - before).toBe(4);
  expect(readRows(slow)).toMatchObject([
    { type: 'loss', number: 4, lostTo: 7 },
    { type: 'ownOrder', number: 8 },
  ]);
  for (let k = 30; k < 35; k++) sell(k);
  endSequencer(sequencer);
  expect(readRows(slow)).toMatchObject([
    { number: 9 },
    { number: 10 },
    { number: 11 },
    { type: 'loss', number: 12, lostTo: 13 },
  ]);
  expect(isProducerEnded(slow)).toBe(true);
});

test('it is drained once all producers have closed and all was carried out', () => {
  const { sequencer, producers } = createBench(2, 1);
  expect(hasWork(sequencer)).toBe(false);
  sendCommand(producers[0], { ...ORDER, orderId: 1 });
  expect(hasWork(sequencer)).toBe(true);
  sendCommand(producers[0], { ...ORDER, orderId: 2 });
  for (const producer of producers) closeProducer(producer);
  runRound(sequencer);
  expect(isSequencerDrained(sequencer)).toBe(false);
  runRound(sequencer);
  expect(isSequencerDrained(sequencer)).toBe(true);
  // There is something to do for one that sleeps: to end.
  expect(hasWork(sequencer)).toBe(true);
});

describe('what cannot be', () => {
  test('an instrument without a book is nobody’s to read: HOST-4', () => {
    const reader = connectReader({
      depthLevels: 3,
      blocks: [undefined, createSharedSnapshot(depthCells(3))],
    });
    expect(readDepth(reader, 1)).toMatchObject({ commands: 0, bids: [], asks: [] });
    for (const instrument of [0, 2])
      expect(() => readDepth(reader, instrument)).toThrow(expect.objectContaining({ invariant: 'HOST-4' }));
  });

  test('a tape that cannot tell of a failure hides none, and nothing is written behind a torn block', () => {
    const written: number[] = [];
    const failure = new OutputError('unwritable', 'a tape', 'ENOSPC');
    let isBroken = false;
    const write = (bytes: Uint8Array): undefined => {
      if (isBroken) throw failure;
      written.push(bytes.length);
    };
    const config = { epochNs: '0', instruments: [{ id: 'TEST:1' }], producers: ['p'], ports: nodePorts };
    const tape = createVenueTape({ ...config, sink: { write } });
    const before = written.length;
    failVenueTape(tape, failure, NONE, 5);
    expect(written).toHaveLength(before);
    // What an error that is no invariant leaves behind is handed on all the same.
    failVenueTape(tape, new RangeError('too deep'), NONE, 5);
    expect(written.length).toBeGreaterThan(before);
    const whole = written.length;
    failVenueTape(tape, new InvariantError('BOOK-1'), NONE, 6);
    expect(written.length).toBeGreaterThan(whole);
    isBroken = true;
    expect(() => {
      failVenueTape(tape, new InvariantError('BOOK-1'), NONE, 7);
    }).not.toThrow();
  });

  test('an order id that no record holds stops the run: HOST-3', () => {
    const { sequencer, producers } = createBench(1, 4);
    const commands = createCommands(1);
    const command: Command = { ...ORDER, orderId: 1 };
    encodeCommand(commands, 0, command);
    commands.f64[1] = 1.5;
    submitCommands(producers[0], commands);
    expect(() => runRound(sequencer)).toThrow(expect.objectContaining({ invariant: 'HOST-3' }));
  });
});
