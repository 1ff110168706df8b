// The first records of a process: who it is, what it found, and what its clock says.
import { Kind, decodeEvent } from '@truetape/contracts';
import type { Epoch, Event } from '@truetape/contracts';
import type { Batch } from '@truetape/tape';
import { expect, test } from 'vitest';
import { createSimDisk, startSession } from '@truetape/wal';
import type { SimDisk } from '@truetape/wal';
import { EPOCH_NS, TOY, putTimers, recoverToy, startToy } from './toy.ts';
import type { ToyRun } from './toy.ts';

/** A log with one commit of two events. */
function begun(): { readonly disk: SimDisk; readonly run: ToyRun } {
  const disk = createSimDisk('session');
  const run = startToy(disk);
  expect(putTimers(run, 0, 1)).toBeUndefined();
  return { disk, run };
}

/** All records of a log, as a machine gets them. */
function eventsOf(disk: SimDisk): Event[] {
  const events: Event[] = [];
  recoverToy(disk, {
    kind: {
      ...TOY,
      create: () => ({
        ...TOY.create(),
        fold: ({ records, from, to, firstSeq }: Batch, { epoch }: { readonly epoch: Epoch }) => {
          for (let at = from, seq = firstSeq; at < to; at += (records.u32[at] & 0xffff) * 2)
            events.push(decodeEvent(records, at, epoch, seq++));
          return undefined;
        },
      }),
    },
  });
  return events;
}

test('a session says who writes, what was found and what the clock says; a later epoch begins a segment', () => {
  const { disk, run } = begun();
  const later = EPOCH_NS + 80n * 86_400_000_000_000n;
  const session = { build: { version: '1' }, mode: 'test', wallNs: later - 5n, timeNs: later } as const;
  expect(startSession(run.log, { ...session, previousEnd: 'open' })).toBeUndefined();
  const listed = disk.list();
  expect(listed.ok && listed.value.toSorted()).toEqual(['00000001.rpl', '00000002.rpl']);
  const json =
    '{"build":{"version":"1"},"epoch":"1771459200000000000","mode":"test","previousEnd":"open","recoveredSeq":2,' +
    '"wallTime":"1771459199999999995"}';
  expect(eventsOf(disk).slice(-2)).toMatchObject([
    { kind: Kind.Session, seq: 2, timeNs: 0, json },
    { kind: Kind.Clock, seq: 3, timeNs: 0, wallTime: -5, offsetNs: 5, applied: 1 },
  ]);
});

// As behind a battery that was empty: in 1970, or a little nearer, but further off than a record can say.
test.each([0n, EPOCH_NS - 9_000_000_000_000_000n])(
  'a clock at %i ns stands in the Session alone',
  (wallNs) => {
    const { disk, run } = begun();
    const later = EPOCH_NS + 1_000_000_000_000_000n;
    const session = { build: {}, mode: 'test', wallNs, timeNs: later, previousEnd: 'open' } as const;
    expect(startSession(run.log, session)).toBeUndefined();
    expect(putTimers({ ...run, timeNs: 1_000_000_000_000_000 }, 7)).toBeUndefined();
    expect(eventsOf(disk).slice(2)).toMatchObject([
      { kind: Kind.Session, json: expect.stringContaining(`"wallTime":"${wallNs}"`) },
      { kind: Kind.Timer, timerId: 7 },
    ]);
  },
);
