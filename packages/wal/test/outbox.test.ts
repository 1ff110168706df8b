// Exactly once: logged before it is sent, sent when durable, and never sent again by itself.
import { BLANK, decodeEvent } from '@truetape/contracts';
import type { Event, NewOrder } from '@truetape/contracts';
import { expect, test } from 'vitest';
import {
  applyOutbox,
  beginCommit,
  clientIdOf,
  commit,
  createOutbox,
  createSimDisk,
  failAt,
  prepare,
  takeReady,
  unresolved,
} from '@truetape/wal';
import type { LogMachine, MachineKind, SimDisk } from '@truetape/wal';
import { EPOCH_NS, TOY, recoverToy, startToy } from './toy.ts';
import type { ToyRun } from './toy.ts';

const SOURCE = 3;

const order = (orderId: number): NewOrder => ({
  ...BLANK.NewOrder,
  orderId,
  priceTicks: 1,
  qtyLots: 1,
  type: 1,
  tif: 1,
  flags: 17,
});

/** The outbox as a restart finds it. */
function refold(disk: SimDisk): ReturnType<typeof createOutbox> {
  const outbox = createOutbox('toy-log', SOURCE);
  const fold: LogMachine['fold'] = ({ records, from, to, firstSeq }, { epoch }) => {
    for (let at = from, seq = firstSeq; at < to; at += (records.u32[at] & 0xffff) * 2)
      applyOutbox(outbox, decodeEvent(records, at, epoch, seq++));
    return undefined;
  };
  const kind: MachineKind = { ...TOY, create: () => ({ ...TOY.create(), fold }) };
  expect(recoverToy(disk, { kind }).ok).toBe(true);
  return outbox;
}

function begin(run: ToyRun): ToyRun['log']['segment']['writer'] {
  expect(beginCommit(run.log, EPOCH_NS)).toBeUndefined();
  return run.log.segment.writer;
}

test('a command is handed out once, behind its commit, under an id that follows from the log', () => {
  const disk = createSimDisk('outbox');
  const run = startToy(disk);
  const outbox = createOutbox('toy-log', SOURCE);
  const prepared = prepare(outbox, begin(run), order(7));
  expect(prepared).toMatchObject({
    ok: true,
    value: { clientId: clientIdOf('toy-log', 1), seq: 1, state: 'logged' },
  });
  expect(takeReady(outbox, run.log.durableSeq)).toEqual([]);
  expect(commit(run.log)).toBeUndefined();
  expect(takeReady(outbox, run.log.durableSeq).map(({ clientId }) => clientId)).toEqual(['toy-log-1']);
  expect(takeReady(outbox, run.log.durableSeq)).toEqual([]);
});

test('behind a crash what has no answer is reported, and not handed out', () => {
  const disk = createSimDisk('outbox');
  const run = startToy(disk);
  const outbox = createOutbox('toy-log', SOURCE);
  const writer = begin(run);
  for (const id of [1, 2, 3, 4]) prepare(outbox, writer, order(id));
  commit(run.log);
  takeReady(outbox, run.log.durableSeq);
  const answers: Event[] = [
    { ...BLANK.Accepted, cause: 1, orderId: 1, flags: 1 },
    { ...BLANK.Rejected, cause: 3, orderId: 2, flags: 1, command: 0x10, code: 1 },
    // Of another tape: no answer to the third.
    { ...BLANK.Accepted, cause: 5, causeTape: 1, orderId: 3, flags: 1 },
  ];
  for (const event of answers) applyOutbox(outbox, event);
  expect([...outbox.pending.keys()]).toEqual([5, 7]);
  const again = refold(disk);
  for (const event of answers) applyOutbox(again, event);
  expect(unresolved(again).map(({ clientId, state }) => [clientId, state])).toEqual([
    ['toy-log-5', 'unknown'],
    ['toy-log-7', 'unknown'],
  ]);
  expect(takeReady(again, 1000)).toEqual([]);
  // Nobody knows, says the network: still to be resolved. Then somebody does.
  applyOutbox(again, { ...BLANK.Outcome, cause: 5, outcome: 3 });
  expect(unresolved(again).length).toBe(2);
  applyOutbox(again, { ...BLANK.Outcome, cause: 5, outcome: 1 });
  expect(unresolved(again).map(({ seq }) => seq)).toEqual([7]);
});

test('what was never durable was never handed out, and is unknown to nobody', () => {
  const disk = createSimDisk('outbox');
  const run = startToy(disk);
  const outbox = createOutbox('toy-log', SOURCE);
  prepare(outbox, begin(run), order(1));
  failAt(disk, 2, { op: 'sync', code: 'EIO' });
  expect(commit(run.log)?.code).toBe('storage');
  expect(takeReady(outbox, run.log.durableSeq)).toEqual([]);
});

test('commands of the log’s own venue are none of its business', () => {
  const outbox = createOutbox('toy-log', SOURCE);
  applyOutbox(outbox, { ...order(1), source: 1, seq: 0 });
  applyOutbox(outbox, { ...order(1), source: SOURCE, seq: 1 });
  expect(outbox.pending.size).toBe(0);
});
