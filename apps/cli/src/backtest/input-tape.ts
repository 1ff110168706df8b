/**
 * The tape of a backtest: read once to the end before anything is simulated, so that nothing is run on half a
 * tape.
 */
import { Kind } from '@truetape/contracts';
import type { TapeFacts } from '@truetape/backtest';
import { nodePorts } from '@truetape/host';
import type { OpenInput } from '@truetape/host';
import { createDecoder, createReader, openedTape } from '@truetape/tape';
import type { TapeHeader, TapeReader } from '@truetape/tape';
import { usageFailure } from '../failure.ts';
import { openTapes } from '../open-tapes.ts';
import { BACKTEST_PRODUCER } from './run.ts';
import { sharedBook, toldBy } from './shared-books.ts';
import { tapeFailure, tornFailure, tornText } from '../wording.ts';

/** A tape that is whole, and can be read from its beginning. */
export interface InputTape {
  readonly path: string;
  readonly header: TapeHeader;
  readonly facts: TapeFacts;
  readonly hash: string;
  readonly count: number;
  /** What is said of each file whose end is torn. */
  readonly torn: readonly string[];
  /** Unix ns of the first event that is no Define; undefined where there is none. */
  readonly firstNs: bigint | undefined;
  /** A reader from the beginning. */
  read(): TapeReader;
}

const readerOf = (input: OpenInput): TapeReader =>
  createReader(createDecoder({ ports: nodePorts, hash: false }), input.source);

const TWO_32 = 4_294_967_296n;

/** What the scan looks for besides faults. */
interface Scanned {
  hasCommands: boolean;
  firstNs: bigint | undefined;
  missing: number;
  hasSnapshots: boolean;
}

function scan(reader: TapeReader): Scanned {
  const scanned: Scanned = { hasCommands: false, firstNs: undefined, missing: 0, hasSnapshots: false };
  let isFirst = true;
  for (let batch = reader.next(); batch !== undefined; batch = reader.next()) {
    const { u32 } = batch.records;
    if (isFirst) scanned.missing = batch.firstSeq;
    isFirst = false;
    for (let i = batch.from; i < batch.to; i += (u32[i] & 0xffff) * 2) {
      const kind = (u32[i] >>> 16) & 0xff;
      if (kind === Kind.NewOrder) scanned.hasCommands = true;
      if (kind !== Kind.Define) scanned.firstNs ??= BigInt(u32[i + 3]) * TWO_32 + BigInt(u32[i + 2]);
      if (kind === Kind.BookReset) scanned.hasSnapshots = true;
      if (kind === Kind.Skip) scanned.missing += u32[i + 4] + u32[i + 5] * 4_294_967_296;
    }
  }
  return scanned;
}

/**
 * Opens the tape that the paths name together, and reads all of it. Throws a failure for one that is not whole.
 */
export function openInputTape(paths: readonly string[], allowTorn: boolean): InputTape {
  const onInputs = (inputs: readonly OpenInput[]): void => {
    const shared = sharedBook(inputs.map(toldBy));
    if (shared !== undefined) throw shared;
  };
  const torn: string[] = [];
  const onTorn = (text: string): void => void torn.push(text);
  const opened = openTapes(paths, { allowTorn, again: true, onInputs, onTorn });
  return inputTape(opened, allowTorn, torn);
}

/** Reads all of a tape that can be read again. Throws a failure for one that is not whole. */
export function inputTape(
  opened: OpenInput,
  allowTorn: boolean,
  tornInputs: readonly string[] = [],
): InputTape {
  const path = opened.path;
  const reader = createReader(createDecoder({ ports: nodePorts, hash: true }), opened.source);
  const scanned = scan(reader);
  if (reader.error !== undefined) throw tapeFailure(path, reader.error);
  const { torn, hash, count } = reader.end!;
  if (torn !== undefined && !allowTorn) throw tornFailure(path, torn);
  const { header, epoch, tables } = openedTape(reader);
  const { observer, epochNs, producer } = header;
  if (producer?.name === BACKTEST_PRODUCER)
    throw usageFailure(
      `${path} is the output of a backtest: no market is on it`,
      'name the tape that it was made from',
    );
  return {
    path,
    header,
    facts: {
      observer,
      epoch,
      epochNs: BigInt(epochNs),
      instruments: tables.instrument.byIndex.filter((one) => one !== undefined),
      firstNs: scanned.firstNs === undefined ? 0 : Number(scanned.firstNs - BigInt(epochNs)),
      sources: tables.source.byIndex.filter((one) => one !== undefined),
      hasCommands: scanned.hasCommands,
      missing: scanned.missing,
      hasSnapshots: scanned.hasSnapshots,
    },
    hash: hash!,
    count: count!,
    torn: torn === undefined ? tornInputs : [`${path} ${tornText(torn)}`],
    firstNs: scanned.firstNs,
    read: () => readerOf(opened.reopen!()),
  };
}
