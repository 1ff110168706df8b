/**
 * A machine of a few lines under a log, as a subject: commands are timers, and the state is how many there
 * were and a number that depends on all of their ids in order. It costs next to nothing, so that what is
 * measured is the log.
 */
import { BLANK, Kind, decodeEvent, encodeUtf8, err, ok } from '@truetape/contracts';
import type { Result } from '@truetape/contracts';
import { assert, sha256Of, toHex } from '@truetape/kernel';
import type { Sha256 } from '@truetape/kernel';
import { peekChain, writeEvent } from '@truetape/tape';
import { compact, planCompaction } from '../compact.ts';
import type { WalError } from '../errors.ts';
import { beginCommit, closeLog, commit, failLog, mark } from '../log.ts';
import type { Log } from '../log.ts';
import type { LogMachine, MachineKind } from '../machine.ts';
import { createLog, openLog } from '../open.ts';
import { recoverLog } from '../recover.ts';
import type { RecoveryReport } from '../recover.ts';
import { startSession } from '../session.ts';
import { takeSnapshot } from '../snapshots.ts';
import type { ChaosRun, ChaosSetup, ChaosSubject } from './subject.ts';

const EPOCH_NS = 1_764_547_200_000_000_000n;
const STATE_BYTES = 16;

interface SmallMachine extends LogMachine {
  count: number;
  mixed: number;
  foldedCommands: number;
}

function takeTimer(machine: SmallMachine, timerId: number): void {
  machine.count += 1;
  machine.mixed = (Math.imul(machine.mixed, 0x01000193) ^ timerId) >>> 0;
}

function saved({ count, mixed }: SmallMachine): Uint8Array {
  const bytes = new Uint8Array(STATE_BYTES);
  const view = new DataView(bytes.buffer);
  view.setFloat64(0, count);
  view.setUint32(8, mixed);
  return bytes;
}

function createMachine(sha256: Sha256, count = 0, mixed = 0): SmallMachine {
  const machine: SmallMachine = {
    count,
    mixed,
    foldedCommands: 0,
    fold: ({ records, from, to, firstSeq }, { epoch }) => {
      let seq = firstSeq;
      for (let at = from; at < to; at += (records.u32[at] & 0xffff) * 2, seq++) {
        const kind = (records.u32[at] >>> 16) & 0xff;
        if (kind === Kind.Session || kind === Kind.Clock) continue;
        const event = decodeEvent(records, at, epoch, seq);
        if (event.kind !== Kind.Timer)
          return { code: 'foreign', seq, expected: 'Timer', found: String(kind) };
        takeTimer(machine, event.timerId);
        machine.foldedCommands += 1;
      }
      return undefined;
    },
    end: () => undefined,
    save: () => saved(machine),
    hash: () => toHex(sha256Of(sha256, encodeUtf8('small/1')!, saved(machine))),
  };
  return machine;
}

function smallKind(sha256: Sha256): MachineKind {
  return {
    stateVersion: 'small/1',
    create: () => createMachine(sha256),
    restore: (bytes) => {
      if (bytes.length !== STATE_BYTES)
        return err({ expected: `${STATE_BYTES} bytes`, found: String(bytes.length) });
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      return ok(createMachine(sha256, view.getFloat64(0), view.getUint32(8)));
    },
  };
}

/** A number that looks drawn, and depends on the seed and how many commands there were. */
function idOf(seed: string, count: number): number {
  let mixed = count + 1;
  for (let k = 0; k < seed.length; k++) mixed = Math.imul(mixed ^ seed.charCodeAt(k), 0x9e3779b1);
  mixed ^= mixed >>> 15;
  return Math.imul(mixed, 0x85ebca6b) >>> 1;
}

/** Time goes on by a microsecond an event, so that it follows from the log alone. */
const timeAt = (nextSeq: number): bigint => EPOCH_NS + BigInt(nextSeq) * 1000n;

function putTimers(log: Log, machine: SmallMachine, seed: string): WalError | undefined {
  const first = idOf(seed, machine.count);
  // Mostly one or a few; now and then so many that the commit has several sectors.
  const timers = first % 9 === 0 ? 20 + (first % 31) : 1 + (first % 4);
  const unixNs = timeAt(log.segment.writer.nextSeq);
  const refused = beginCommit(log, unixNs);
  if (refused !== undefined) return refused;
  const { writer } = log.segment;
  const timeNs = Number(unixNs - BigInt(writer.header.epochNs));
  for (let k = 0; k < timers; k++) {
    const timerId = idOf(seed, machine.count);
    const fault = writeEvent(writer, { ...BLANK.Timer, timeNs, timerId, dueTime: timeNs });
    assert(fault === undefined, 'WAL-70', `a timer that can be written: ${fault?.found}`);
    takeTimer(machine, timerId);
  }
  return commit(log);
}

function runOf(
  { storage, ports, seed }: ChaosSetup,
  parts: {
    readonly kind: MachineKind;
    readonly log: Log;
    readonly machine: SmallMachine;
    readonly report: RecoveryReport | undefined;
  },
): ChaosRun {
  const { kind, log, machine, report } = parts;
  return {
    report,
    nextSeq: () => log.segment.writer.nextSeq,
    hash: () => peekChain(log.segment.writer.chain),
    stateHash: () => machine.hash(),
    commands: () => machine.count,
    put: () => putTimers(log, machine, seed),
    mark: () => mark(log),
    snapshot: (keep) => {
      const taken = takeSnapshot(log, kind, machine, keep);
      return taken.ok ? undefined : taken.error;
    },
    compact: (policy, keep) => {
      if (log.failure !== undefined) return { code: 'failed', first: log.failure };
      const plan = planCompaction({ storage, ports, kind }, policy, keep);
      const failed = plan.ok ? compact({ storage, ports }, plan.value) : plan.error;
      // As any failure of the disk, it is the last thing that the process does.
      return failed?.code === 'storage' ? failLog(log, failed) : failed;
    },
    close: () => closeLog(log),
    answers: new Map(),
    repeat: () => undefined,
  };
}

function start(setup: ChaosSetup, kind: MachineKind): Result<ChaosRun, WalError> {
  const { storage, ports, segmentBytes, reserveBytes, isVolatile } = setup;
  const found = recoverLog({ storage, ports, kind });
  if (!found.ok && found.error.code !== 'noLog') return found;
  const config = { storage, ports, segmentBytes, reserveBytes, isVolatile, producer: 'chaos' };
  const unixNs = timeAt(found.ok ? found.value.report.nextSeq : 0);
  const opened = found.ok ? openLog(config, found.value, unixNs) : createLog(config, 'chaos', unixNs);
  if (!opened.ok) return opened;
  const log = opened.value;
  const machine = (found.ok ? found.value.machine : kind.create()) as SmallMachine;
  const run = runOf(setup, { kind, log, machine, report: found.ok ? found.value.report : undefined });
  setup.tell(run);
  const session = { build: {}, mode: 'chaos', wallNs: unixNs, timeNs: unixNs, previousEnd: 'open' } as const;
  const failed = startSession(log, session);
  setup.tell(run);
  return failed === undefined ? ok(run) : err(failed);
}

export function smallSubject(sha256: Sha256): ChaosSubject {
  const kind = smallKind(sha256);
  return { name: 'small', kind, start: (setup) => start(setup, kind) };
}
