/**
 * Sequence rules of a depth stream: when to buffer, what bridges a snapshot, what is a gap.
 *
 * A pure state machine over update ids alone; the caller keeps the messages (see `backlog.ts`).
 *
 *     awaiting ──snapshot──► bridging ──first message that fits──► live
 *        │                      │                                   │
 *        └──give up──► uncertain ◄────────────── gap ───────────────┘
 *                           └──snapshot──► bridging
 *
 * Rules, with L = update id of the snapshot, U and u = first and last id of a message, pu = last id of the
 * message before:
 * - spot: drop u ≤ L; the first has U ≤ L+1 ≤ u; then U = previous u + 1;
 * - futures: drop u < L; the first has U ≤ L ≤ u; then pu = previous u. The message with u = L is kept,
 *   since the next one names it as pu. When it was already gone before the stream began, the next one
 *   still proves that nothing lies between by pu ≤ L, and bridges: without that, every snapshot of a quiet
 *   market would be followed by another one, for ever.
 * - both: a message that ends at or before the current id is old news (a second connection, a repeat) and
 *   is dropped; anything else that does not continue the sequence is a gap.
 *
 * Source: developers.binance.com, "How to manage a local order book correctly" for spot, USDⓈ-M and COIN-M,
 * read 2026-11-21.
 */
import { NONE } from '@truetape/contracts';

export type SequenceRules = 'spot' | 'futures';

export type SequencePhase = 'awaiting' | 'bridging' | 'live' | 'uncertain';

/** What to do with a message: keep it for later, apply it, ignore it, or apply it with doubt. */
export type SequenceStep = 'buffer' | 'apply' | 'drop' | 'gap' | 'doubt';

/** Where a depth stream stands. Changed in place by `offerMessage`, `offerSnapshot`, `giveUpWaiting`. */
export interface DepthSequence {
  readonly rules: SequenceRules;
  phase: SequencePhase;
  /** Last update id taken: of the snapshot while bridging, of the last message after that. */
  lastId: number;
  /** Snapshots that a message continued. */
  bridged: number;
  gaps: number;
  /** Of the last gap: the id that would have continued the sequence, and the one that came. */
  expectedId: number;
  receivedId: number;
}

export function createSequence(rules: SequenceRules): DepthSequence {
  return {
    rules,
    phase: 'awaiting',
    lastId: NONE,
    bridged: 0,
    gaps: 0,
    expectedId: NONE,
    receivedId: NONE,
  };
}

/**
 * Takes the ids of one message, in the order of arrival (or, behind a snapshot, of the buffer).
 *
 * `prevId` is NONE under spot rules. Hot: no allocation.
 */
export function offerMessage(
  sequence: DepthSequence,
  firstId: number,
  lastId: number,
  prevId: number,
): SequenceStep {
  switch (sequence.phase) {
    case 'awaiting':
      return 'buffer';
    case 'uncertain':
      sequence.lastId = lastId;
      return 'doubt';
    case 'bridging':
      return bridge(sequence, firstId, lastId, prevId);
    case 'live': {
      if (lastId <= sequence.lastId) return 'drop';
      const next = sequence.rules === 'spot' ? firstId === sequence.lastId + 1 : prevId === sequence.lastId;
      if (!next) return gap(sequence, firstId, lastId, prevId);
      sequence.lastId = lastId;
      return 'apply';
    }
  }
}

function bridge(sequence: DepthSequence, firstId: number, lastId: number, prevId: number): SequenceStep {
  const snapshotId = sequence.lastId;
  const spot = sequence.rules === 'spot';
  if (spot ? lastId <= snapshotId : lastId < snapshotId) return 'drop';
  const fits = spot ? firstId <= snapshotId + 1 : firstId <= snapshotId || prevId <= snapshotId;
  if (!fits) return gap(sequence, firstId, lastId, prevId);
  sequence.phase = 'live';
  sequence.lastId = lastId;
  sequence.bridged++;
  return 'apply';
}

function gap(sequence: DepthSequence, firstId: number, lastId: number, prevId: number): SequenceStep {
  const spot = sequence.rules === 'spot';
  sequence.expectedId = spot ? sequence.lastId + 1 : sequence.lastId;
  sequence.receivedId = spot ? firstId : prevId;
  sequence.gaps++;
  sequence.phase = 'uncertain';
  sequence.lastId = lastId;
  return 'gap';
}

/**
 * Takes a snapshot's update id. The caller loads the snapshot and then offers every message that it kept,
 * oldest first.
 *
 * `oldestId` is the last id of the message before the oldest one kept (NONE when nothing was forgotten).
 * Returns false, and changes nothing, for a snapshot that a live book has outgrown: a message behind it was
 * already forgotten, so that loading it would only tear a hole.
 */
export function offerSnapshot(sequence: DepthSequence, snapshotId: number, forgottenId: number): boolean {
  const outgrown = forgottenId !== NONE && forgottenId > snapshotId;
  if (outgrown && sequence.phase === 'live') return false;
  sequence.phase = 'bridging';
  sequence.lastId = snapshotId;
  return true;
}

/** Stops waiting for a snapshot: from here on messages are applied with doubt. */
export function giveUpWaiting(sequence: DepthSequence): void {
  if (sequence.phase === 'awaiting') sequence.phase = 'uncertain';
}
