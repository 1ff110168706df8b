/** The state of a log, and what holds it; whole runs through a log are tests of the command line. */
import { backtestKind } from '@truetape/backtest';
import type { LoggedRun, TapeFacts } from '@truetape/backtest';
import { parseConfig, saveBacktest } from '@truetape/backtest';
import { BLANK, FLAG_LAST, createRecordOut, encodeEvent, encodeUtf8 } from '@truetape/contracts';
import { createBinaryWriter, writeEvent } from '@truetape/tape';
import type { Batch, TapeReader } from '@truetape/tape';
import { expect, test } from 'vitest';

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
  hasCommands: false,
};
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
      strategies: [{ name: 'test', strategy: { state }, listens: {} }],
      guard: { isInside: false },
    }),
    read: () => reader,
    sha256: () => ({ update: () => undefined, digest: () => new Uint8Array(32), copy: () => ({}) }) as never,
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

/** One trade of the tape. */
function oneTrade(): TapeReader {
  const out = createRecordOut({ hi: 0, lo: 0 }, 64);
  const trade = { ...BLANK.Trade, flags: FLAG_LAST, instrument: 1, timeNs: 5, priceTicks: 3, qtyLots: 1 };
  encodeEvent(out, trade);
  let batch: Batch | undefined = {
    records: out,
    from: 0,
    to: out.words * 2,
    firstSeq: 0,
    nextSeq: 1,
    recordCount: 1,
  };
  const next = (): Batch | undefined => {
    const now = batch;
    batch = undefined;
    return now;
  };
  return { next, error: undefined } as unknown as TapeReader;
}

test('BACKTEST-1: a log that does not take what the run writes', () => {
  const machine = backtestKind(runOf({}, oneTrade())).create();
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
