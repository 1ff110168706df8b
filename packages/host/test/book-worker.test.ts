// A book in a worker with producers and readers on other threads: nothing lost, doubled, torn or crossed,
// and the tape of the run replays to the same state.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createBook, createCommands, createReferenceBook, encodeCommand } from '@truetape/book';
import { Kind } from '@truetape/contracts';
import {
  OutputError,
  awaitReports,
  closeProducer,
  connectProducer,
  connectReader,
  createRows,
  decodeRow,
  isMarketEnded,
  isProducerEnded,
  pollReports,
  readDepth,
  readTop,
  readerCounters,
  sendCommand,
  startBookWorker,
  submitCommands,
  unsequencedCommands,
  type BookWorkerConfig,
  type Producer,
  type Row,
} from '@truetape/host';
import { checkContest, checkRejections, contest, startBookPeer } from './book-run.ts';
import { readEvents, replay } from './replay.ts';

let folder = '';
const at = (name: string): string => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'truetape book '));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const ONE: BookWorkerConfig = {
  instruments: [{ id: 'TEST:BTC-USD' }],
  producers: [
    { name: 'maker', account: 7 },
    { name: 'taker', account: 8 },
  ],
};
const ORDER = { op: 'new', instrument: 1, type: 'limit', side: 'buy', priceTicks: 100, qtyLots: 5 } as const;

/** What a process that sleeps for 100 ms uses at most. */
const IDLE_MICROS = 50_000;

/** CPU time of the process in the quietest of some moments of 100 ms: the compiler and the collector take some too. */
async function idleMicros(): Promise<number> {
  let least = Infinity;
  for (let k = 0; k < 8 && least >= IDLE_MICROS; k++) {
    const before = process.cpuUsage();
    await new Promise((resolve) => setTimeout(resolve, 100));
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, user + system);
  }
  return least;
}

/** Reads until a command has its last answer. */
function readAnswer(producer: Producer): Row[] {
  const rows = createRows(64);
  const read: Row[] = [];
  for (;;) {
    awaitReports(producer, 60_000);
    rows.count = 0;
    if (pollReports(producer, rows) === 0) throw new Error('no answer');
    for (let k = 0; k < rows.count; k++) read.push(decodeRow(rows, k));
    if (read.some((row) => row.type === 'answer' && row.last)) return read;
  }
}

function readToEnd(producer: Producer): Row[] {
  const rows = createRows(64);
  const read: Row[] = [];
  while (!isProducerEnded(producer)) {
    awaitReports(producer, 50);
    rows.count = 0;
    pollReports(producer, rows);
    for (let k = 0; k < rows.count; k++) read.push(decodeRow(rows, k));
  }
  return read;
}

test('example: two producers trade, a reader sees the book', async () => {
  const book = startBookWorker({ ...ONE, tapePath: at('example.rpl') });
  // In an application these connect in threads of their own: handles are plain data.
  const [maker, taker] = book.producers.map(connectProducer);
  const reader = connectReader(book.readers);
  expect(isMarketEnded(reader)).toBe(false);
  expect(sendCommand(maker, { ...ORDER, orderId: 1, tag: 70 })).toBe(true);
  expect(readAnswer(maker)).toMatchObject([{ tag: 70, last: true, report: { kind: 'accepted', owner: 7 } }]);
  sendCommand(taker, { ...ORDER, side: 'sell', orderId: 2, qtyLots: 3, tag: 80 });
  expect(readAnswer(taker)).toMatchObject([
    { type: 'answer', order: 2, number: 1, tag: 80, last: false, report: { kind: 'accepted' } },
    { type: 'answer', order: 2, number: 2, tag: 80, last: true, report: { kind: 'fill', qtyLots: 3 } },
  ]);
  closeProducer(maker);
  closeProducer(taker);
  const run = await book.done;
  expect(isMarketEnded(reader)).toBe(true);
  expect(readToEnd(maker)).toMatchObject([
    { type: 'ownOrder', number: 2, report: { kind: 'fill', leavesLots: 2 } },
  ]);
  const top = { bidTicks: 0, bidLots: 0, bidOrders: 0, askTicks: 0, askLots: 0, askOrders: 0 };
  expect(readTop(reader, 1, top)).toBe(true);
  expect(top).toEqual({
    bidTicks: 100,
    bidLots: 2,
    bidOrders: 1,
    askTicks: -(2 ** 53),
    askLots: 0,
    askOrders: 0,
  });
  expect(readDepth(reader, 1)).toMatchObject({ commands: 2, orders: 1, trades: 1, bidLots: 2, asks: [] });
  expect(readerCounters(reader)).toMatchObject({ reads: 2, naps: 0 });
  expect(run).toMatchObject({ commands: 2, facts: 3, tape: { count: 9 } });
  expect(unsequencedCommands(maker)).toBe(0);
  expect(replay(at('example.rpl'), createReferenceBook).stateHash).toBe(run.stateHash);
});

describe('four producers and two readers at the same time', () => {
  test('with tiny rings that wait: producers sleep, and nothing is lost, doubled, torn or crossed', async () => {
    const tiny = { ringCapacity: 4, reportCapacity: 1024, overflow: 'wait', turnCommands: 3 } as const;
    const crowd = { traders: 4, readers: 2, commands: 800 };
    const config = { ...tiny, ...crowd, seed: '4202', tapePath: at('wait.rpl') };
    const ran = await contest(config);
    checkContest(ran, config);
    const { producers } = ran.run;
    expect(producers.reduce((sum, { waits }) => sum + waits, 0)).toBeGreaterThan(0);
    expect(ran.trades.every(({ refusals }) => refusals.full === 0)).toBe(true);
  });

  test('with tiny rings that reject: what was rejected is counted, and told to the producer', async () => {
    const tiny = { ringCapacity: 2, reportCapacity: 1024, overflow: 'reject', turnCommands: 3 } as const;
    const crowd = { traders: 2, readers: 0, commands: 1_000 };
    const config = { ...tiny, ...crowd, seed: '4203', tapePath: at('reject.rpl') };
    const ran = await contest(config);
    checkContest(ran, config);
    checkRejections(ran);
  });
});

test('a producer that is killed at any point leaves whole commands, and the others go on', async () => {
  const tapePath = at('killed.rpl');
  const book = startBookWorker({ ...ONE, tapePath, ringCapacity: 8, reportCapacity: 64 });
  const [dying, living] = book.producers;
  const peer = startBookPeer({
    type: 'trade',
    handle: dying,
    seed: '4205',
    commands: Infinity,
    instruments: 1,
    readEvery: 1,
  });
  const reader = connectReader(book.readers);
  while ((readDepth(reader, 1)?.commands ?? 0) < 300) await new Promise((resolve) => setTimeout(resolve, 1));
  await peer.terminate();
  book.closeFor(dying);
  const producer = connectProducer(living);
  sendCommand(producer, { ...ORDER, orderId: 5, priceTicks: 1, tag: 1 });
  expect(readAnswer(producer).at(-1)).toMatchObject({ type: 'answer', tag: 1, last: true });
  closeProducer(producer);
  const run = await book.done;
  const again = replay(tapePath, createReferenceBook);
  expect(again.stateHash).toBe(run.stateHash);
  const [killed] = run.producers;
  expect(killed.commands).toBeGreaterThanOrEqual(300);
  expect(again.tags.get(2)).toEqual(Array.from({ length: killed.commands }, (_, k) => k + 1));
});

test('a producer that does not read its reports is held back, and loses what others do to its orders', async () => {
  const tapePath = at('slow.rpl');
  const book = startBookWorker({ ...ONE, tapePath, ringCapacity: 16, reportCapacity: 8 });
  const [slow, taker] = book.producers.map(connectProducer);
  let sent = 0;
  while (sendCommand(slow, { ...ORDER, orderId: sent, priceTicks: sent + 1, tag: sent })) {
    sent += 1;
    // Wait until the answer is there, or the room for answers is all taken.
    while (unsequencedCommands(slow) > 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  expect(slow.refusal).toBe('unreadReports');
  for (let k = 0; k < 12; k++) {
    sendCommand(taker, { ...ORDER, side: 'sell', orderId: 1_000 + k, priceTicks: 1, qtyLots: 1, tag: k });
    readAnswer(taker);
  }
  closeProducer(slow);
  closeProducer(taker);
  const run = await book.done;
  const rows = readToEnd(slow);
  const losses = rows.filter((row) => row.type === 'loss');
  expect(losses).toHaveLength(1);
  const [{ number, lostTo, seq, seqTo }] = losses;
  expect(rows.map((row) => row.number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect([number, lostTo, run.producers[0].lost]).toEqual([8, sent + 12, sent + 5]);
  const { overruns } = replay(tapePath, createBook);
  expect(overruns).toMatchObject([{ source: 2, lostFrom: seq, lostTo: seqTo }]);
  // What was lost stands on the tape, where it was said to.
  const { events } = readEvents(tapePath);
  expect(events[seq]).toMatchObject({ kind: Kind.Fill, makerAccount: 7 });
  expect(events[seqTo]).toMatchObject({ kind: Kind.Fill, makerAccount: 7, takerOrderId: 1_011 });
});

test('a stop lets go of everybody; what was published is carried out', async () => {
  const book = startBookWorker({ ...ONE, tapePath: at('stop.rpl') });
  const [maker, taker] = book.producers.map(connectProducer);
  sendCommand(maker, { ...ORDER, orderId: 0 });
  readAnswer(maker);
  // At rest the book sleeps: one that looked again and again would use up the time.
  expect(await idleMicros()).toBeLessThan(IDLE_MICROS);
  for (let k = 1; k < 21; k++) sendCommand(maker, { ...ORDER, orderId: k, tag: k });
  book.stop();
  expect(sendCommand(taker, { ...ORDER, orderId: 99 })).toBe(false);
  expect([taker.refusal, taker.refusals.stopped]).toEqual(['stopped', 1]);
  const run = await book.done;
  expect(run.commands).toBe(21);
  expect(readToEnd(maker)).toHaveLength(20);
  expect(isProducerEnded(taker)).toBe(true);
});

test('a tape grows while commands come, every now and then as well', async () => {
  const tapePath = at('grows.rpl');
  const book = startBookWorker({ ...ONE, tapePath });
  const [maker, taker] = book.producers.map(connectProducer);
  let [sent, sizeBytes, grown] = [0, 0, 0];
  while (grown < 4 && sent < 200) {
    sendCommand(maker, { ...ORDER, orderId: sent });
    readAnswer(maker);
    sent += 1;
    // Sooner than a tape is flushed that nobody writes on.
    await new Promise((resolve) => setTimeout(resolve, 5));
    const { size } = statSync(tapePath);
    if (size > sizeBytes) grown += 1;
    sizeBytes = size;
  }
  expect(grown).toBe(4);
  closeProducer(maker);
  closeProducer(taker);
  await book.done;
});

test('a book that sleeps is rung to end', async () => {
  const book = startBookWorker(ONE);
  const [{ bell }] = book.producers;
  while (bell.words[bell.index] === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  book.stop();
  expect(bell.words[bell.index]).toBe(0);
  expect(await book.done).toMatchObject({ commands: 0 });
});

test('a producer without reports, and a book without a tape', async () => {
  const producers = [{ name: 'loader', account: 3, reports: false }];
  const book = startBookWorker({
    ...ONE,
    producers,
    impl: 'reference',
    check: true,
    ordersMax: 10,
    spinRounds: 0,
  });
  const [loader] = book.producers.map(connectProducer);
  const commands = createCommands(30);
  for (let k = 0; k < 30; k++) encodeCommand(commands, k, { ...ORDER, orderId: k, owner: 99 });
  expect(submitCommands(loader, commands, 0, 30)).toBe(30);
  expect(pollReports(loader, createRows(1))).toBe(0);
  closeProducer(loader);
  // The book's thread says that it has ended: this one is asleep, and could not say it to itself.
  awaitReports(loader, 60_000);
  expect(isProducerEnded(loader)).toBe(true);
  const run = await book.done;
  expect(run).toMatchObject({ commands: 30, facts: 30, producers: [{ reports: 0, lost: 0 }] });
  expect(run.tape).toBeUndefined();
  // Twenty were refused for lack of capacity.
  expect(readDepth(connectReader(book.readers), 1)).toMatchObject({ orders: 10, bids: [{ orders: 10 }] });
  expect(isProducerEnded(loader)).toBe(true);
});

describe('a book fails closed', () => {
  /** A command that no program may send: an order id that is none. */
  function breakIt(producer: Producer): void {
    const commands = createCommands(2);
    for (const k of [0, 1]) encodeCommand(commands, k, { ...ORDER, orderId: 40 + k, tag: k });
    commands.u32[(8 + 5) * 2] = 70_000;
    submitCommands(producer, commands, 0, 2);
  }

  test('where an invariant breaks: everybody is told, and the tape says why, unsealed', async () => {
    const book = startBookWorker({ ...ONE, tapePath: at('failed.rpl') });
    const [maker, taker] = book.producers.map(connectProducer);
    const reader = connectReader(book.readers);
    breakIt(maker);
    await expect(book.done).rejects.toMatchObject({
      name: 'InvariantError',
      message: expect.stringMatching(/^[A-Z]+-[0-9]+/) as string,
    });
    expect(sendCommand(taker, { ...ORDER, orderId: 50 })).toBe(false);
    expect(taker.refusal).toBe('stopped');
    expect([isProducerEnded(taker), isMarketEnded(reader)]).toEqual([true, true]);
    // The first command was carried out; nothing of its turn may be told, but all of it is on the tape.
    expect(readToEnd(maker).length).toBeLessThanOrEqual(1);
    const { events, end } = readEvents(at('failed.rpl'));
    expect(end?.sealed).toBe(false);
    const last = events.at(-1);
    expect(last).toMatchObject({ kind: Kind.InvariantViolated });
    expect(events.filter(({ kind }) => kind === Kind.Accepted)).toHaveLength(1);
  });

  test('and the process that does not look ends with an error', () => {
    const script = new URL('./book-failing.ts', import.meta.url);
    const { status, stderr } = spawnSync(process.execPath, [fileURLToPath(script)], { encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toMatch(/InvariantError: [A-Z]+-[0-9]+/);
  });

  test('where its tape cannot be written: before anything is carried out', async () => {
    const tapePath = at('twice.rpl');
    writeFileSync(tapePath, 'a tape');
    const book = startBookWorker({ ...ONE, tapePath, ringCapacity: 2, overflow: 'reject' });
    // Those that wait are let go by the book's thread: this one does nothing else, as one that is asleep in a
    // full ring.
    const [maker] = book.producers.map(connectProducer);
    const reader = connectReader(book.readers);
    const until = Date.now() + 60_000;
    do sendCommand(maker, { ...ORDER, orderId: 1 });
    while (maker.refusal !== 'stopped' && Date.now() < until);
    expect(maker.refusal).toBe('stopped');
    while (!isMarketEnded(reader) && Date.now() < until);
    expect([isProducerEnded(maker), isMarketEnded(reader)]).toEqual([true, true]);
    await expect(book.done).rejects.toMatchObject({ name: OutputError.name, code: 'exists' });
  });

  test('and does not begin without what it needs: HOST-6', () => {
    const violation = expect.objectContaining({ invariant: 'HOST-6' }) as unknown;
    const [one] = ONE.producers;
    expect(() => startBookWorker({ ...ONE, producers: [] })).toThrow(violation);
    expect(() => startBookWorker({ ...ONE, producers: [one, one] })).toThrow(violation);
    for (const account of [0, -1, 1.5, 2 ** 32, 2 ** 32 + 7, NaN])
      expect(() => startBookWorker({ ...ONE, producers: [{ ...one, account }] })).toThrow(violation);
    for (const wrong of [
      { depthLevels: 0.5 },
      { turnCommands: 0 },
      { turnCommands: 1.5 },
      { spinRounds: NaN },
      { reportCapacity: 1 },
    ])
      expect(() => startBookWorker({ ...ONE, ...wrong })).toThrow(violation);
  });
});
