// Segments as a log writes them: a frame a commit, what is in force carried over, one hash over all of them.
import { BLANK, createTables, defineFields } from '@truetape/contracts';
import type { Event } from '@truetape/contracts';
import { describe, expect, test } from 'vitest';
import {
  commitFrames,
  continueSegment,
  createDecoder,
  createLogChain,
  createReader,
  genesisHash,
  isCommitReadable,
  markSegment,
  openForAppend,
  pageBefore,
  peekChain,
  startSegment,
  endTape,
  writeEvent,
} from '@truetape/tape';
import type { HashChain, Page, SegmentWriter, TapeHeader } from '@truetape/tape';
import { PORTS, createSink, readTape, writeTape } from './tape.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function headerOf(segment: number, baseSeq: number, page: Page, prevHash: string): TapeHeader {
  const log = {
    id: 'log',
    segment,
    baseSeq,
    basePage: hex(page.hash),
    pageFirstSeq: page.firstSeq,
    prevHash,
  };
  return { observer: 'venue', epochNs: '1764547200000000000', producer: { name: 'test' }, log };
}

const GENESIS: Page = { hash: genesisHash(PORTS), firstSeq: 0 };

interface Written {
  readonly segment: SegmentWriter;
  readonly calls: Buffer[][];
  readonly bytes: () => Buffer;
}

function start(header: TapeHeader, chain: HashChain, before?: SegmentWriter): Written {
  const calls: Buffer[][] = [];
  const config = { header, ports: PORTS, tables: before?.writer.tables ?? createTables(), chain };
  const sink = (parts: readonly Uint8Array[]): void => {
    calls.push(parts.map((part) => Buffer.from(part)));
  };
  const segment = startSegment(config, sink, before?.lastTime);
  return { segment, calls, bytes: () => Buffer.concat(calls.flat()) };
}

const timer = (timeNs: number): Event => ({ ...BLANK.Timer, timeNs, timerId: 1, dueTime: timeNs });
const source = (index: number, timeNs = 0): Event => {
  return { ...BLANK.Define, timeNs, ...defineFields('source', index, { name: `s${index}` }) };
};
// A Raw of nearly the largest record: a commit of many of them needs a MORE chain.
const large = (timeNs: number): Event => {
  const bytes = new Uint8Array(500_000);
  return { ...BLANK.Raw, timeNs, bytes, totalBytes: bytes.length, direction: 1, channel: 1 };
};

function put({ segment }: Written, ...events: readonly Event[]): void {
  for (const event of events) expect(writeEvent(segment.writer, event)).toBeUndefined();
}

describe('a segment', () => {
  test('has a frame for each commit, written in one call, that says what was durable', () => {
    const log = start(headerOf(1, 0, GENESIS, hex(GENESIS.hash)), createLogChain(PORTS));
    put(log, source(1), timer(1));
    commitFrames(log.segment);
    log.segment.durableSeq = 2;
    put(log, timer(2), timer(3), timer(4));
    commitFrames(log.segment);
    log.segment.durableSeq = 5;
    markSegment(log.segment);
    const [, first, second, mark] = log.calls;
    expect(log.calls.length).toBe(4);
    const durable = [first, second, mark].map(([frame]) => Number(frame.readBigInt64LE(32)));
    expect(durable).toEqual([0, 2, 5]);
    const read = readTape(log.bytes());
    expect([read.error, read.seqs, read.end?.torn]).toEqual([undefined, [0, 1, 2, 3, 4], undefined]);
    // The chain of the log is that of its events, wherever frames end.
    expect(peekChain(log.segment.writer.chain)).toBe(read.end?.hash);
  });

  test('a commit larger than a frame is one chain, to be read as a whole or not at all', () => {
    const log = start(headerOf(1, 0, GENESIS, hex(GENESIS.hash)), createLogChain(PORTS));
    put(log, ...Array.from({ length: 80 }, (_, k) => large(k)));
    expect(isCommitReadable(log.segment)).toBe(true);
    commitFrames(log.segment);
    expect(log.calls.length).toBeGreaterThan(3);
    const bytes = log.bytes();
    expect(readTape(bytes).seqs.length).toBe(80);
    expect(readTape(bytes.subarray(0, -1)).seqs).toEqual([]);
    put(log, ...Array.from({ length: 140 }, (_, k) => large(100 + k)));
    expect(isCommitReadable(log.segment)).toBe(false);
  });

  test('is carried on by the next: Defines, seqs, and one hash over both', () => {
    const chain = createLogChain(PORTS);
    const first = start(headerOf(1, 0, GENESIS, hex(GENESIS.hash)), chain);
    const events = [source(1), ...Array.from({ length: 5000 }, (_, k) => timer(k))];
    put(first, ...events);
    commitFrames(first.segment);
    const { writer } = first.segment;
    const page = pageBefore(chain, writer.nextSeq);
    expect(page.firstSeq).toBe(4096);
    const second = start(headerOf(2, writer.nextSeq, page, peekChain(chain)), chain, first.segment);
    const more = [source(2, 6000), timer(6000)];
    expect(writeEvent(second.segment.writer, timer(4998))?.code).toBe('timeBackwards');
    put(second, ...more);
    commitFrames(second.segment);
    const read = readTape(second.bytes());
    expect([read.error, read.seqs]).toEqual([undefined, [5001, 5002]]);
    expect(read.tables.source.byIndex.slice(1).map((entry) => entry?.name)).toEqual(['s1', 's2']);
    const whole = writeTape(
      'binary',
      [...events, ...more].map((event) => ({ event, gap: 0 })),
    );
    expect(peekChain(chain)).toBe(whole.end?.hash);
    // A chain from behind the last page gives the same.
    const tail = createLogChain(PORTS, page);
    const again = start(headerOf(1, page.firstSeq, page, peekChain(chain)), tail);
    put(again, ...[...events, ...more].slice(4096).filter(({ kind }) => kind !== BLANK.Define.kind));
    commitFrames(again.segment);
    expect(pageBefore(tail, again.segment.writer.nextSeq).firstSeq).toBe(4096);
  });

  test('goes on behind a restart, and is sealed at its end', () => {
    const log = start(headerOf(1, 0, GENESIS, hex(GENESIS.hash)), createLogChain(PORTS));
    put(log, source(1), timer(1));
    commitFrames(log.segment);
    const before = log.bytes();
    const { end, tables } = readTape(before);
    const parts: Buffer[] = [before];
    const chain = createLogChain(PORTS);
    const config = { header: log.segment.writer.header, ports: PORTS, tables, chain };
    const segment = continueSegment(
      config,
      (more) => void parts.push(...more.map((part) => Buffer.from(part))),
      end!.place!,
    );
    expect(segment.durableSeq).toBe(2);
    expect(writeEvent(segment.writer, timer(0))?.code).toBe('timeBackwards');
    expect(writeEvent(segment.writer, timer(2))).toBeUndefined();
    commitFrames(segment);
    markSegment(segment);
    const open = Buffer.concat(parts);
    expect(readTape(open).seqs).toEqual([0, 1, 2]);
    const sink = createSink();
    const pieces: Uint8Array[] = [Uint8Array.from(open)];
    const reader = createReader(createDecoder({ ports: PORTS, append: true }), {
      read: () => pieces.shift(),
    });
    while (reader.next() !== undefined);
    const appending = openForAppend(reader, sink, { ports: PORTS });
    if (!appending.ok) throw new Error(appending.error.code);
    endTape(appending.value.writer);
    const sealed = Buffer.concat([open, ...sink.parts]);
    expect(readTape(sealed)).toMatchObject({ error: undefined, end: { sealed: true, count: 3 } });
    // Its frames vouch for what stands before them: a changed bit in the last commit is corruption, not a torn end.
    expect(Number(sink.parts[0].readBigInt64LE(32))).toBe(3);
    const damaged = Buffer.from(sealed.subarray(0, -32));
    damaged[open.length - 130] ^= 1;
    expect(readTape(damaged).error?.code).toBe('corrupt');
    // So does its trailer alone, where index and seal are gone as well.
    const alone = Buffer.concat([open, Buffer.alloc(sealed.length - open.length - 32), sealed.subarray(-32)]);
    alone[open.length - 130] ^= 1;
    expect(readTape(alone).error?.code).toBe('corrupt');
  });

  // Found by a crash that left the end of an archived segment in place of a commit: the log refused to start.
  test('that is torn stays so where the disk had the trailer of another one before', () => {
    const sealed = writeTape('binary', [], {
      header: headerOf(1, 0, GENESIS, hex(GENESIS.hash)),
    }).bytes;
    const log = start(headerOf(2, 0, GENESIS, hex(GENESIS.hash)), createLogChain(PORTS));
    put(log, ...Array.from({ length: 20 }, (_, k) => timer(k)));
    commitFrames(log.segment);
    for (const bytes of [32, 160, 4000]) {
      const stale = Buffer.concat([Buffer.alloc(bytes - 32, 7), sealed.subarray(-32)]);
      const { error, end } = readTape(Buffer.concat([log.bytes(), stale]));
      expect([error, end?.torn?.bytes, end?.nextSeq]).toEqual([undefined, bytes, 20]);
    }
  });

  test('takes no mark and no end within a commit or a message', () => {
    const log = start(headerOf(1, 0, GENESIS, hex(GENESIS.hash)), createLogChain(PORTS));
    put(log, timer(1));
    expect(() => markSegment(log.segment)).toThrow('TAPE-17');
    put(log, { ...BLANK.CancelAllDone, timeNs: 2 });
    expect(() => commitFrames(log.segment)).toThrow('TAPE-17');
    const { log: _, ...plain } = log.segment.writer.header;
    expect(() => start(plain, createLogChain(PORTS))).toThrow('TAPE-16');
  });
});
