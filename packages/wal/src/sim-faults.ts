/** Counting the operations of a simulated disk, and making them fail. */
import { assert, createStream } from '@truetape/kernel';
import type { DiskState, FaultCode } from './sim-state.ts';
import type { StorageOp } from './storage.ts';

const CHANGING: ReadonlySet<StorageOp> = new Set([
  'create',
  'open',
  'write',
  'sync',
  'truncate',
  'rename',
  'unlink',
  'syncFolder',
]);

/** Counts an operation and tells whether it is to fail. */
export function begin(state: DiskState, op: StorageOp, name: string, bytes: number): FaultCode | undefined {
  assert(!state.isDead, 'WAL-60', 'a disk is not used after its crash');
  const changes = CHANGING.has(op);
  const count = state.counts[op] + 1;
  const number = state.changes + 1;
  const failed = state.faults.find((fault) =>
    fault.op === undefined ? changes && fault.n === number : fault.op === op && fault.n === count,
  )?.code;
  const operation = { number, op, name, bytes, failed };
  // Before anything is counted: a copy that is made now counts this operation again when it is asked for it.
  if (changes) state.watch?.(operation);
  state.counts[op] = count;
  if (changes) {
    state.changes = number;
    state.log = { operation, before: state.log };
  }
  return failed;
}

/** A draw of an operation that fails. It depends on its number alone, so that copies share no stream. */
export function drawBelow(state: DiskState, bound: number): number {
  return createStream(state.seed, `fault ${state.changes}`).nextInt(bound);
}

/** An operation that fails with EIO may have been done all the same. */
export function takesEffect(state: DiskState, code: FaultCode | undefined): boolean {
  return code === undefined || (code === 'EIO' && drawBelow(state, 2) === 1);
}
