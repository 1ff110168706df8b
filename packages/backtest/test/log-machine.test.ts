/** The state of a log, and what holds it; whole runs through a log are tests of the command line. */
import { createHash } from 'node:crypto';
import { backtestKind, createBacktest, endBacktest, feedBatch } from '@truetape/backtest';
import type { BacktestMachine, LoggedRun, TapeFacts } from '@truetape/backtest';
import { parseConfig, saveBacktest } from '@truetape/backtest';
import { BLANK, FLAG_LAST, Kind, createRecordOut, encodeEvent, encodeUtf8 } from '@truetape/contracts';
import type { Event, RecordOut } from '@truetape/contracts';
import { createBinaryWriter, writeEvent } from '@truetape/tape';
import type { Batch, TapeReader } from '@truetape/tape';
import type { MachineStop } from '@truetape/wal';
import { describe, expect, test } from 'vitest';

const DEFINE = {
  id: 'X:BTC',
  class: 'linear',
  base: 'BTC',
  quote: 'USD',
  priceStep: '1',
  qtyStep: '1',
  fineScale: 0,
} as const;
const TAPE: TapeFacts = {
  observer: 'client',
  epoch: { hi: 0, lo: 0 },
  epochNs: 0n,
  instruments: [{ index: 1, name: 'X:BTC', value: DEFINE, json: '' }],
  sources: [],
  firstNs: 0,
  missing: 0,
  hasSnapshots: false,
  hasCommands: false,
};
const BARS = { bars: { by: 'count', size: 1 } } as const;
const EMPTY = { next: () => undefined, error: undefined } as unknown as TapeReader;
const BROKEN = { next: () => undefined, error: { code: 'corrupt' } } as unknown as TapeReader;

function runOf(state: object, reader: TapeReader = EMPTY, config: unknown = {}): LoggedRun {
  const parsed = parseConfig(config);
  if (!parsed.ok) throw new Error('config');
  return {
    setup: () => ({
      config: parsed.value,
      seed: '1',
      tape: TAPE,
      strategies: [{ name: 'test', strategy: { state, onBar: () => undefined }, listens: BARS }],
      guard: { isInside: false },
    }),
    read: () => reader,
    sha256: () => createHash('sha256'),
  };
}

test('a saved machine is restored, and saves the same bytes', () => {
  const kind = backtestKind(runOf({ seen: [1, 2.5, -0, 10n], by: new Map([['a', 1]]) }));
  const bytes = kind.create().save();
  const restored = kind.restore(bytes);
  expect(restored.ok && restored.value.save()).toEqual(bytes);
});

test.each([
  ['no JSON', 'nonsense'],
  ['other JSON', '{"format":"other","written":0}'],
])('%s is no state', (_, text) => {
  expect(backtestKind(runOf({})).restore(encodeUtf8(text)!).ok).toBe(false);
});

const throwsWith = (id: string, act: () => unknown): void => {
  expect(act).toThrow(expect.objectContaining({ invariant: id }) as Error);
};

/** Longer than anything is on its way. */
const STEP_NS = 1_000_000_000;

/** So many trades of the tape, from 5 ns on. */
function trades(count: number): TapeReader {
  const out = createRecordOut({ hi: 0, lo: 0 }, 64 * count);
  for (let k = 0; k < count; k++)
    encodeEvent(out, {
      ...BLANK.Trade,
      flags: FLAG_LAST,
      instrument: 1,
      timeNs: 5 + k * STEP_NS,
      priceTicks: 3,
      qtyLots: 1,
    });
  let batch: Batch | undefined = batchOf(out, 0, count);
  const next = (): Batch | undefined => {
    const now = batch;
    batch = undefined;
    return now;
  };
  return { next, error: undefined } as unknown as TapeReader;
}

const batchOf = (records: RecordOut, firstSeq: number, recordCount: number): Batch => ({
  records,
  from: 0,
  to: records.words * 2,
  firstSeq,
  nextSeq: firstSeq + recordCount,
  recordCount,
});

/** A run over trades that is told about each of them, and what it writes: nothing is read but the tape. */
function tradesRun(count: number): { readonly run: LoggedRun; readonly events: readonly Event[] } {
  const run = { ...runOf({ seen: 0 }), read: () => trades(count) };
  const events: Event[] = [];
  const sink = { write: (event: Event): number => events.push({ ...event }) - 1 };
  const made = createBacktest({ ...run.setup(), sha256: run.sha256, sink });
  if (!made.ok) throw new Error('setup');
  for (const reader = run.read(); ;) {
    const batch = reader.next();
    if (batch === undefined) break;
    feedBatch(made.value, batch);
  }
  endBacktest(made.value);
  return { run, events };
}

/** Folds events as a log has them, from a seq on. */
function foldEvents(
  machine: BacktestMachine,
  events: readonly Event[],
  fromSeq: number,
): MachineStop | undefined {
  const out = createRecordOut({ hi: 0, lo: 0 }, 64 * events.length);
  for (const event of events.slice(fromSeq)) encodeEvent(out, event);
  const place = { epoch: { hi: 0, lo: 0 } } as Parameters<BacktestMachine['fold']>[1];
  return machine.fold(batchOf(out, fromSeq, events.length - fromSeq), place);
}

describe('a log is folded', () => {
  // Fails when an event of the tape is taken twice, or not at all, behind a state.
  test('from its beginning, and from the state behind each event of the tape', () => {
    const { run, events } = tradesRun(6);
    expect(events.length).toBeGreaterThan(6);
    const kind = backtestKind(run);
    for (let taken = 0; taken <= 6; taken++) {
      const machine = kind.create();
      for (let k = 0; k < taken; k++) expect(machine.advance()).toBe(true);
      const bytes = machine.save();
      const restored = kind.restore(bytes);
      if (!restored.ok) throw new Error(restored.error.found);
      const { written } = JSON.parse(Buffer.from(bytes).toString()) as { written: number };
      expect(foldEvents(restored.value, events, written), `behind ${taken}`).toBeUndefined();
      expect([restored.value.backtest.isEnded, restored.value.foldedCommands]).toEqual([true, 6 - taken]);
    }
  });

  test('up to the first event that the run does not give', () => {
    const { run, events } = tradesRun(3);
    const at = events.findLastIndex(({ kind }) => kind === Kind.Bar);
    const other = events.with(at, {
      ...(events[at] as Extract<Event, { kind: typeof Kind.Bar }>),
      qtyLots: 2,
    });
    expect(foldEvents(backtestKind(run).create(), other, 0)).toMatchObject({
      code: 'fact',
      seq: at,
      expected: expect.stringContaining('qtyLots=1') as string,
      found: expect.stringContaining('qtyLots=2') as string,
    });
    const longer = [...events, { ...BLANK.Note, timeNs: 99, text: 'and on' }];
    expect(foldEvents(backtestKind(run).create(), longer, 0)).toMatchObject({
      code: 'foreign',
      seq: events.length,
    });
  });
});

test('BACKTEST-1: a log that does not take what the run writes', () => {
  const machine = backtestKind(runOf({}, trades(1))).create();
  // A writer whose epoch lies behind the run's times.
  const ports = {
    crc32: (): number => 0,
    sha256: (): never => ({ update: () => undefined, digest: () => new Uint8Array(32) }) as never,
  };
  const header = { observer: 'client', epochNs: '0', producer: { name: 'test' } } as const;
  const writer = createBinaryWriter({ header, ports }, { write: () => undefined });
  writeEvent(writer, { ...BLANK.Note, timeNs: 99, text: 'later than the run' });
  machine.goOn(writer);
  throwsWith('BACKTEST-1', () => machine.advance());
});

test('BACKTEST-2: a strategy that keeps what cannot be saved', () => {
  const machine = backtestKind(runOf({ now: () => 5 })).create();
  throwsWith('BACKTEST-2', () => machine.save());
  expect(saveBacktest(machine.backtest)).toEqual({
    ok: false,
    error: { path: '.engine.runs.0.state.now', found: 'function' },
  });
});

test('BACKTEST-3: a tape that was whole, and is not any more', () => {
  const machine = backtestKind(runOf({}, BROKEN)).create();
  throwsWith('BACKTEST-3', () => machine.advance());
});

test('BACKTEST-4: a setup that makes no backtest', () => {
  throwsWith('BACKTEST-4', () => backtestKind(runOf({}, EMPTY, { mode: 'exchange' })).create());
});
