// Logs of commands to books in memory: random commands, a writer, and what a machine makes of the log.
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { createCommands, encodeCommand } from '@truetape/book';
import type { Command } from '@truetape/book';
import { BLANK, FIRST_ASSIGNED_ID, FLAG_BAD_TIME, N_MAX, NONE, decodeEvent } from '@truetape/contracts';
import type { Event } from '@truetape/contracts';
import type { Sha256 } from '@truetape/kernel';
import { createStream } from '@truetape/kernel';
import type { RandomStream } from '@truetape/kernel';
import { createBinaryWriter, createDecoder, endTape, writeEvent } from '@truetape/tape';
import type { Batch, TapePorts, TapeWriter } from '@truetape/tape';
import { beginBooks, booksKind, checkpoint, createBookService, submit } from '../src/index.ts';
import type { AskedCommand, BookService, BooksConfig, BooksMachine, MachineStop } from '../src/index.ts';

export const sha256: Sha256 = () => createHash('sha256');
export const ports: TapePorts = { sha256, crc32: (bytes, before) => crc32(bytes, before) };
export const kind = booksKind(sha256);
export const EPOCH_NS = 1_700_000_000_123_456_789n;

export interface BooksLog {
  readonly service: BookService;
  readonly machine: BooksMachine;
  readonly writer: TapeWriter;
  readonly chunks: Uint8Array[];
}

export function createLog(config: BooksConfig, machine = kind.create(), frameBytes = 400): BooksLog {
  const chunks: Uint8Array[] = [];
  const header = { observer: 'venue', epochNs: String(EPOCH_NS), producer: { name: 'test' } } as const;
  const sink = {
    write: (bytes: Uint8Array) => {
      chunks.push(bytes.slice());
    },
  };
  const writer = createBinaryWriter({ header, ports, frameBytes }, sink);
  const service = createBookService(machine, config);
  return { service, machine, writer, chunks };
}

/** The whole tape; nothing can be written to it any more. */
export function endLog({ writer, chunks }: BooksLog): Uint8Array {
  endTape(writer);
  return Buffer.concat(chunks);
}

const pickOf = <Value>(random: RandomStream, values: readonly Value[]): Value =>
  values[random.nextInt(values.length)];

/** What is asked for, and how. */
export interface Step {
  readonly asked: AskedCommand;
  readonly timeNs: number;
  readonly flags: number;
  readonly cmdId: string | undefined;
  /** Checkpoints follow. */
  readonly isChecked: boolean;
}

const TEXTS = ['', 'ann', 'bob', 'ümlaut', '7'];
const PLACES = [undefined, undefined, undefined, 'BOOK', 'XYZ', 'ünknown'];

/** An order's id as clients give them: numbers, large numbers, texts. */
function idOf(random: RandomStream, orderId: number): string | number {
  const way = orderId % 4;
  if (way === 0) return orderId;
  if (way === 1) return orderId >= FIRST_ASSIGNED_ID ? orderId : FIRST_ASSIGNED_ID + orderId;
  return way === 2 ? `o${orderId}` : String(orderId + random.nextInt(2));
}

const cells = createCommands(1);

function askedOf(random: RandomStream, command: Command): AskedCommand {
  encodeCommand(cells, 0, command);
  const { f64, u32 } = cells;
  return {
    code: u32[0],
    id: command.op === 'cancelAll' ? undefined : idOf(random, command.orderId!),
    owner: TEXTS[u32[1] % TEXTS.length],
    instrument: pickOf(random, PLACES),
    priceTicks: f64[2],
    qtyLots: f64[3],
    minQtyLots: f64[4],
  };
}

const TICKS = [100, 101, 102, 103, 103, 104, 105, 0.5, NaN, 2_147_483_648, -0];
const LOTS = [1, 2, 3, 4, 5, 7, 9, 9, 20, 0, -1, 1.5, N_MAX, N_MAX + 1];

/** A number of a list; those at its end, which a book refuses, are rare. */
function numberOf(random: RandomStream, values: readonly number[], usual: number): number {
  return values[random.nextInt(random.nextInt(12) === 0 ? values.length : usual)];
}

/** Some of the commands say when they were given, by a clock that is behind or ahead. */
const decidedOf = ({ asked: { qtyLots }, timeNs }: Step): number | undefined =>
  qtyLots === 3 || qtyLots === 5 ? timeNs - 4_000_000_000 + qtyLots : undefined;

/** Some command about one of a few orders, so that they meet. */
function nextCommand(random: RandomStream): Command {
  const orderId = random.nextInt(40);
  const about = { orderId, owner: random.nextInt(9) === 0 ? random.nextInt(5) : orderId % 5 };
  const side = pickOf(random, ['buy', 'sell'] as const);
  const priceTicks = numberOf(random, TICKS, 7);
  const qtyLots = numberOf(random, LOTS, 9);
  const postOnly = pickOf(random, [undefined, undefined, undefined, 'reject', 'slide'] as const);
  const way = random.nextInt(20);
  if (way < 11) {
    const isMarket = random.nextInt(8) === 0;
    return {
      op: 'new',
      ...about,
      side,
      type: isMarket ? 'market' : 'limit',
      tif: pickOf(random, ['GTC', 'GTC', 'GTC', 'IOC', 'FOK'] as const),
      qtyLots,
      minQtyLots: pickOf(random, [0, 0, 0, 0, 1, 3, -0, 0.5]),
      ...(isMarket ? {} : { priceTicks }),
      stp: pickOf(random, ['newest', 'oldest', 'both', 'decrement'] as const),
      ...(postOnly === undefined ? {} : { postOnly }),
    };
  }
  if (way < 14) return { op: 'cancel', ...about };
  if (way < 16) return { op: 'reduce', ...about, qtyLots };
  if (way === 19)
    return { op: 'cancelAll', ...about, orderId: NONE, everyone: random.nextInt(3) === 0, side };
  const price = random.nextInt(2) === 0 ? { priceTicks } : {};
  return {
    op: 'amend',
    ...about,
    ...price,
    qtyLots,
    qtyMode: pickOf(random, ['total', 'remaining'] as const),
  };
}

/** The steps of an episode: commands of every kind, ids that come again, a clock that stands and jumps. */
export function stepsOf(seed: number, episode: number, count: number): Step[] {
  const random = createStream(seed, `books ${episode}`);
  const steps: Step[] = [];
  let timeNs = 0;
  for (let k = 0; k < count; k++) {
    timeNs += pickOf(random, [0, 0, 1, 1000, 2 ** 32, 5 * 2 ** 32]);
    const isRepeat = random.nextInt(10) === 0 && steps.length > 0;
    const flags = random.nextInt(8) === 0 ? FLAG_BAD_TIME : 0;
    const isChecked = random.nextInt(12) === 0;
    if (isRepeat) {
      const before = pickOf(random, steps);
      const asked = random.nextInt(4) === 0 ? askedOf(random, nextCommand(random)) : before.asked;
      steps.push({ ...before, asked, timeNs, flags, isChecked });
    } else {
      const cmdId =
        random.nextInt(3) === 0 ? pickOf(random, [`c${k}`, `c${k}`, 'x'.repeat(128), 'é']) : undefined;
      steps.push({ asked: askedOf(random, nextCommand(random)), timeNs, flags, cmdId, isChecked });
    }
  }
  return steps;
}

/** What an answer says, kept. */
export interface Told {
  readonly status: string;
  readonly seq: number;
  readonly reports: readonly number[];
  readonly names: readonly string[];
}

/** Takes a step; what was answered. */
export function takeStep({ service, writer }: BooksLog, step: Step): Told {
  const answer = submit(service, writer, step.asked, step.timeNs, step.flags, step.cmdId, decidedOf(step));
  const { status, seq, reports, names } = answer;
  const { count, u32, f64 } = reports;
  const ids: string[] = [names.unknown];
  for (let k = 0; k < count; k++)
    for (const cell of [2, 3]) {
      const id = f64[k * 8 + cell];
      const name = names.ids.get(u32[k * 16] >>> 16)?.byId.get(id)?.key;
      ids.push(name === undefined ? String(id) : JSON.stringify(name));
    }
  const told = { status, seq, reports: [...u32.subarray(0, count * 16)], names: ids };
  if (step.isChecked) checkpoint(service, writer);
  return told;
}

/** Begins a log, with what a process writes first. */
export function beginLog(log: BooksLog): void {
  if (beginBooks(log.service, 0, log.writer) !== undefined) throw new Error('a mismatch');
  writeEvent(log.writer, { ...BLANK.Session, timeNs: 0, json: '{"mode":"test"}' });
  writeEvent(log.writer, { ...BLANK.Note, timeNs: 0, text: 'a remark' });
}

/** Visits the batches of a tape, each cut at the borders of records where `cut` says so. */
export function visitBatches(
  bytes: Uint8Array,
  visit: (batch: Batch, decoder: ReturnType<typeof createDecoder>) => void,
  cut: (seq: number) => boolean = () => false,
): void {
  const decoder = createDecoder({ ports });
  decoder.push(bytes);
  decoder.finish();
  for (;;) {
    const step = decoder.next();
    if (step.type === 'end') return;
    if (step.type !== 'batch') throw new Error(JSON.stringify(step));
    for (const part of partsOf(step.batch, cut)) visit(part, decoder);
  }
}

function partsOf(batch: Batch, cut: (seq: number) => boolean): Batch[] {
  const parts: Batch[] = [];
  let from = batch.from;
  let firstSeq = batch.firstSeq;
  let seq = firstSeq;
  for (let i = from; i < batch.to;) {
    i += (batch.records.u32[i] & 0xffff) * 2;
    seq += 1;
    if (i < batch.to && !cut(seq)) continue;
    parts.push({ records: batch.records, from, to: i, firstSeq, nextSeq: seq, recordCount: seq - firstSeq });
    from = i;
    firstSeq = seq;
  }
  return parts;
}

/** Folds a tape into a machine, from a seq on; where it stops, and why. */
export function foldTape(
  machine: BooksMachine,
  bytes: Uint8Array,
  options: {
    readonly cut?: (seq: number) => boolean;
    readonly fromSeq?: number;
    readonly toSeq?: number;
  } = {},
): MachineStop | undefined {
  const { cut = () => false, fromSeq = 0, toSeq = Infinity } = options;
  let stop: MachineStop | undefined;
  let nextSeq = 0;
  const isCut = (seq: number): boolean => seq === fromSeq || seq === toSeq || cut(seq);
  visitBatches(
    bytes,
    (batch, { epoch }) => {
      if (stop !== undefined || batch.firstSeq < fromSeq || batch.firstSeq >= toSeq) return;
      stop = machine.fold(batch, { epoch });
      nextSeq = batch.nextSeq;
    },
    isCut,
  );
  return stop ?? machine.end(nextSeq);
}

/** The events of a tape. */
export function eventsOf(bytes: Uint8Array): Event[] {
  const events: Event[] = [];
  visitBatches(
    bytes,
    ({ records, from, firstSeq }, { epoch }) => events.push(decodeEvent(records, from, epoch, firstSeq)),
    () => true,
  );
  return events;
}

/** A tape of events; undefined where no tape can have them and that is no mistake. */
export function tapeOf(events: readonly Event[], mustBe: false): Uint8Array | undefined;
export function tapeOf(events: readonly Event[], mustBe?: true): Uint8Array;
export function tapeOf(events: readonly Event[], mustBe = true): Uint8Array | undefined {
  const log = createLog({ instruments: [] });
  for (const event of events) {
    const refused = writeEvent(log.writer, event);
    if (refused === undefined) continue;
    if (mustBe) throw new Error(JSON.stringify(refused));
    return undefined;
  }
  return endLog(log);
}
