/**
 * The sequencer: many rings of commands in, one order out. It takes up to so many commands from each ring
 * in turn, the first turn going round, gives them their place, carries them out, and tells whom it
 * concerns. That order is what stands on the tape; whoever replays it comes to the same state.
 *
 * One ring a producer and one thread that looks at all of them, rather than one ring that producers compete
 * for: a producer that dies or is not scheduled stops nobody, nobody takes another's turn, and the order is
 * made in one place. What it gives up: looking at empty rings, some 5 ns each.
 *
 * It owns no thread and no clock, so that a test can run it by hand.
 */
import {
  COMMAND_CELLS,
  OP_CANCEL_ALL,
  REPORT_CELLS,
  applyToMarket,
  bookOf,
  checkMarket,
  commandCode,
  createCommands,
  createReports,
  opOf,
} from '@truetape/book';
import type { CommandBuffer, Market, ReportBuffer } from '@truetape/book';
import { NONE } from '@truetape/contracts';
import {
  isRingDrained,
  openRingConsumer,
  openSnapshotWriter,
  pollCells,
  publishSnapshot,
  readyCells,
  type RingConsumer,
  type SharedSnapshot,
  type SnapshotWriter,
} from '@truetape/kernel';
import { writeDepth } from './depth-block.ts';
import type { ProducerHandle } from './handles.ts';
import { endReports, openReportOut, publishReports } from './report-out.ts';
import type { ReportOut } from './report-out.ts';
import { REPORT_AT, ROW_ANSWER, ROW_CELLS, ROW_OWN_ORDER, setRow } from './report-rows.ts';
import { VENUE_SOURCE, recordCommand, recordFacts, recordLoss, type VenueTape } from './venue-tape.ts';

export interface SequencerConfig {
  readonly market: Market;
  readonly producers: readonly ProducerHandle[];
  readonly depthLevels: number;
  /** Blocks by instrument. */
  readonly blocks: readonly (SharedSnapshot | undefined)[];
  /** Commands taken from a producer in one turn. */
  readonly turnCommands: number;
  /** Nanoseconds since the tape's epoch; never goes back. */
  readonly nowNs: () => number;
  readonly tape?: VenueTape;
  /** Checks every invariant of every book after each turn. */
  readonly check: boolean;
}

/** A producer as the sequencer sees it. */
interface Lane {
  readonly handle: ProducerHandle;
  readonly ring: RingConsumer;
  readonly out: ReportOut | undefined;
  commands: number;
}

export interface Sequencer {
  readonly config: SequencerConfig;
  readonly lanes: readonly Lane[];
  /** Lanes by account, as far as they want reports. */
  readonly byAccount: ReadonlyMap<number, Lane>;
  readonly turn: CommandBuffer;
  readonly turnWords: Int32Array;
  readonly reports: ReportBuffer;
  readonly blocks: readonly (SnapshotWriter | undefined)[];
  /** Instruments whose block is behind, as marks by instrument. */
  readonly touched: Uint8Array;
  first: number;
  /** Commands so far: the last one's place in the order. */
  commands: number;
  facts: number;
  /** Commands that had been carried out when readers were shown the state last. */
  published: number;
  timeNs: number;
  /** Seq of the command that is being carried out. */
  cause: number;
}

export function createSequencer(config: SequencerConfig): Sequencer {
  const lanes = config.producers.map((handle): Lane => {
    return {
      handle,
      ring: openRingConsumer(handle.commands),
      out: openReportOut(handle, config.nowNs),
      commands: 0,
    };
  });
  const turn = createCommands(config.turnCommands);
  const sequencer: Sequencer = {
    config,
    lanes,
    byAccount: new Map(lanes.map((lane) => [lane.handle.account, lane])),
    turn,
    turnWords: new Int32Array(turn.u32.buffer),
    reports: createReports(),
    blocks: config.blocks.map((block) => (block === undefined ? undefined : openSnapshotWriter(block))),
    touched: new Uint8Array(config.blocks.length).fill(1),
    first: 0,
    commands: 0,
    facts: 0,
    published: -1,
    timeNs: 0,
    cause: NONE,
  };
  publishBlocks(sequencer);
  return sequencer;
}

/** Commands after which readers are shown the state, whatever there is to do. */
const SHOW_COMMANDS = 256;

const EVERYONE: number =
  commandCode({ op: OP_CANCEL_ALL, everyone: true }) & ~commandCode({ op: OP_CANCEL_ALL });

/** What the sequencer alone may say of a command, whatever its cells say. */
function stamp({ f64, u32 }: CommandBuffer, k: number, handle: ProducerHandle, timeNs: number): void {
  const cell = k * COMMAND_CELLS;
  if (!handle.cancelsEveryone) u32[cell * 2] &= ~EVERYONE;
  u32[cell * 2 + 1] = handle.account;
  u32[cell * 2 + 11] = VENUE_SOURCE + 1 + handle.index;
  f64[cell + 7] = timeNs;
}

/** Gathers a row for a lane; publishes those that were gathered where there is no room for it. */
function addRow(sequencer: Sequencer, lane: Lane, k: number, type: number, last: number, tag: number): void {
  const { out } = lane;
  if (out === undefined) return;
  const { rows } = out;
  if (rows.count === rows.capacity) publishTo(sequencer, lane);
  out.numbered += 1;
  const seq = sequencer.config.tape === undefined ? NONE : sequencer.cause + 1 + k;
  const { commands: order, timeNs, reports } = sequencer;
  setRow(rows, rows.count, { type, last, tag, order, number: out.numbered, seq, timeNs });
  const from = k * REPORT_CELLS * 2;
  const to = (rows.count * ROW_CELLS + REPORT_AT) * 2;
  for (let half = 0; half < REPORT_CELLS * 2; half++) rows.i32[to + half] = reports.i32[from + half];
  rows.count += 1;
}

/** Tells a command's reports: all of them to its producer, and what befell others' orders to those. */
function tell(sequencer: Sequencer, lane: Lane, tag: number): void {
  const { reports, byAccount } = sequencer;
  const { u32, count } = reports;
  for (let k = 0; k < count; k++) {
    addRow(sequencer, lane, k, ROW_ANSWER, k === count - 1 ? 1 : 0, tag);
    const account = u32[k * REPORT_CELLS * 2 + 2];
    if (account === lane.handle.account) continue;
    const other = byAccount.get(account);
    if (other !== undefined) addRow(sequencer, other, k, ROW_OWN_ORDER, 0, NONE);
  }
}

function touch(sequencer: Sequencer, k: number): void {
  const { turn, touched } = sequencer;
  const at = k * COMMAND_CELLS * 2;
  const instrument = turn.u32[at + 10];
  if (instrument === 0 && opOf(turn.u32[at]) === OP_CANCEL_ALL) touched.fill(1);
  else if (instrument < touched.length) touched[instrument] = 1;
}

/**
 * Carries out command `k` of a turn: on the tape before it is done, so that a replay fails where this does.
 */
function carryOut(sequencer: Sequencer, lane: Lane, k: number): void {
  const { config, turn, reports, timeNs } = sequencer;
  const { tape } = config;
  stamp(turn, k, lane.handle, timeNs);
  sequencer.commands += 1;
  lane.commands += 1;
  const tag = turn.f64[k * COMMAND_CELLS + 6];
  if (tape !== undefined) {
    const source = VENUE_SOURCE + 1 + lane.handle.index;
    sequencer.cause = recordCommand(tape, turn, k, { timeNs, source, tag });
  }
  reports.count = 0;
  applyToMarket(config.market, turn, k, reports);
  sequencer.facts += reports.count;
  if (tape !== undefined) recordFacts(tape, reports, { timeNs, cause: sequencer.cause });
  tell(sequencer, lane, tag);
  touch(sequencer, k);
  if (sequencer.commands - sequencer.published >= SHOW_COMMANDS) publishBlocks(sequencer);
}

/** Puts what a producer was told of its losses on the tape, too. */
function noteLosses(sequencer: Sequencer, { handle, out }: Lane): void {
  if (out === undefined || out.told.length === 0) return;
  const { tape } = sequencer.config;
  if (tape !== undefined)
    for (const loss of out.told) recordLoss(tape, VENUE_SOURCE + 1 + handle.index, loss, sequencer.timeNs);
  out.told.length = 0;
}

function publishTo(sequencer: Sequencer, lane: Lane): void {
  if (lane.out === undefined) return;
  publishReports(lane.out, sequencer.timeNs);
  noteLosses(sequencer, lane);
}

/** Publishes the blocks of the books that have changed. */
function publishBlocks(sequencer: Sequencer): void {
  const { config, blocks, touched, commands, timeNs } = sequencer;
  for (let instrument = 0; instrument < blocks.length; instrument++) {
    const block = blocks[instrument];
    const book = bookOf(config.market, instrument);
    if (touched[instrument] === 0 || block === undefined || book === undefined) continue;
    writeDepth(block.f64, config.depthLevels, book, commands, timeNs);
    publishSnapshot(block);
    touched[instrument] = 0;
  }
  sequencer.published = commands;
}

/**
 * One round: a turn of each producer. Returns how many commands it carried out.
 *
 * Everything is told at the end of a turn. Readers are shown the state as soon as a round finds nothing to do, and
 * every 256 commands at the latest: to show it takes a microsecond, which is then nobody's. Throws what an
 * invariant throws.
 */
export function runRound(sequencer: Sequencer): number {
  const { lanes } = sequencer;
  const before = sequencer.commands;
  for (let k = 0; k < lanes.length; k++) takeTurn(sequencer, lanes[(sequencer.first + k) % lanes.length]);
  sequencer.first = (sequencer.first + 1) % lanes.length;
  if (sequencer.commands === before) {
    for (const one of lanes) if (one.out?.pending !== undefined) publishTo(sequencer, one);
    if (sequencer.published !== before) publishBlocks(sequencer);
  }
  return sequencer.commands - before;
}

function takeTurn(sequencer: Sequencer, lane: Lane): void {
  const { config, lanes } = sequencer;
  const count = pollCells(lane.ring, sequencer.turnWords, 0, config.turnCommands);
  if (count === 0) return;
  sequencer.timeNs = config.nowNs();
  for (let at = 0; at < count; at++) carryOut(sequencer, lane, at);
  if (config.check) checkMarket(config.market);
  for (const one of lanes) publishTo(sequencer, one);
}

/** True when a command waits, or a producer has ended that had not. */
export function hasWork(sequencer: Sequencer): boolean {
  return sequencer.lanes.some((lane) => readyCells(lane.ring) > 0) || isSequencerDrained(sequencer);
}

/** True when a producer waits to be told of what it lost. */
export function hasUntoldLoss(sequencer: Sequencer): boolean {
  return sequencer.lanes.some((lane) => lane.out?.pending !== undefined);
}

/** True once every producer has ended and all of their commands were carried out. */
export function isSequencerDrained(sequencer: Sequencer): boolean {
  return sequencer.lanes.every((lane) => isRingDrained(lane.ring));
}

/** Ends the reports to all producers; what they lost is told. Readers see the end. */
export function endSequencer(sequencer: Sequencer): void {
  publishBlocks(sequencer);
  for (const lane of sequencer.lanes) {
    if (lane.out === undefined) continue;
    endReports(lane.out, sequencer.timeNs);
    noteLosses(sequencer, lane);
  }
}
