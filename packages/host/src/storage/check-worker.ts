/** The thread that checks the segments of a log while another one folds them. */
import { workerData } from 'node:worker_threads';
import { checkSegments } from '@truetape/wal';
import { nodePorts } from '../node-ports.ts';
import { CHECK_DONE, CHECK_FAILED, CHECK_RUNS, viewShared } from './check-beside.ts';
import type { CheckTask } from './check-beside.ts';
import { openLogStorage } from './node-storage.ts';

/** The other thread hears of so many events at once. */
const STEP_EVENTS = 16_384;

const { folder, request, memory } = workerData as CheckTask;
const { signal, status, seqs, page } = viewShared(memory);

function say(next: number): void {
  Atomics.store(status, 0, next);
  Atomics.add(signal, 0, 1);
  Atomics.notify(signal, 0);
}

function check(): number {
  say(CHECK_RUNS);
  const storage = openLogStorage(folder);
  if (!storage.ok) return CHECK_FAILED;
  let said = 0;
  let reached = 0;
  const checked = checkSegments({ storage: storage.value, ports: nodePorts }, request, (nextSeq) => {
    reached = nextSeq;
    if (nextSeq - said < STEP_EVENTS) return;
    said = nextSeq;
    seqs[0] = nextSeq;
    say(CHECK_RUNS);
  });
  storage.value.close();
  if (!checked.ok) return CHECK_FAILED;
  seqs[0] = reached;
  seqs[1] = checked.value.firstSeq;
  page.set(checked.value.hash);
  return CHECK_DONE;
}

try {
  say(check());
} catch {
  // The recovery finds out by itself what is wrong.
  say(CHECK_FAILED);
}
