/**
 * What connects threads to a book that lives in a worker: plain data, to be posted. Every ring and block
 * has one writer; who that is stands beside it.
 */
import { closeRing, endSnapshot, ringDoorbell, stopRing } from '@truetape/kernel';
import type { Doorbell, RingOverflow, SharedRing, SharedSnapshot } from '@truetape/kernel';

/** What one producer's thread needs. */
export interface ProducerHandle {
  readonly name: string;
  /** Position among the producers, from 0. */
  readonly index: number;
  /** The account of its orders. */
  readonly account: number;
  /** Whether it may cancel everybody's orders at once. */
  readonly cancelsEveryone: boolean;
  readonly overflow: RingOverflow;
  /** Commands to the book: `COMMAND_CELLS` a cell. */
  readonly commands: SharedRing;
  /** Where the book sleeps. */
  readonly bell: Doorbell;
  /** Reports back; absent for a producer that wants none. */
  readonly reports?: SharedRing;
  /** Where the producer sleeps. */
  readonly reportBell: Doorbell;
}

/** What a reader's thread needs; the same for all. */
export interface ReaderHandle {
  readonly depthLevels: number;
  /** By instrument, from 1; the book is the writer. */
  readonly blocks: readonly (SharedSnapshot | undefined)[];
}

/** Lets go of everybody who waits for a book, or would: it has ended, however it did. */
export function releaseEverybody(producers: readonly ProducerHandle[], { blocks }: ReaderHandle): void {
  for (const { commands, reports, reportBell } of producers) {
    stopRing(commands);
    if (reports !== undefined) closeRing(reports);
    ringDoorbell(reportBell);
  }
  for (const block of blocks) if (block !== undefined) endSnapshot(block);
}
