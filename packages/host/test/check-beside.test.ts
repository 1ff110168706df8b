// The thread that checks a log beside its recovery.
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BLANK } from '@truetape/contracts';
import { checkBeside, nodePorts, openLogStorage } from '@truetape/host';
import { writeEvent } from '@truetape/tape';
import { beginCommit, commit, createLog, recoverLog } from '@truetape/wal';
import type { LogMachine, MachineKind } from '@truetape/wal';
import { afterAll, beforeAll, expect, test } from 'vitest';

let base = '';
beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'truetape-beside-'));
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

function mustBe<T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown },
): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

/** Counts events; nothing else is asked of it here. */
function countingKind(): MachineKind {
  const create = (): LogMachine => {
    let count = 0;
    return {
      foldedCommands: 0,
      fold: ({ recordCount }) => {
        count += recordCount;
        return undefined;
      },
      end: () => undefined,
      save: () => new Uint8Array(0),
      hash: () => count.toString(16).padStart(64, '0'),
    };
  };
  return { stateVersion: 'count/1', create, restore: () => ({ ok: true, value: create() }) };
}

function writeLog(folder: string): void {
  const storage = mustBe(openLogStorage(folder, { create: true }));
  const config = { storage, ports: nodePorts, producer: 'test', segmentBytes: 40_000, isVolatile: true };
  const log = mustBe(createLog(config, 'beside', 0n));
  for (let k = 0; k < 100; k++) {
    expect(beginCommit(log, 0n)).toBeUndefined();
    for (let n = 0; n < 100; n++) writeEvent(log.segment.writer, { ...BLANK.Timer, timerId: n, dueTime: 0 });
    expect(commit(log)).toBeUndefined();
  }
  log.out.file.close();
  storage.close();
}

test('a real thread gives what one alone gives, and its failure nothing else', () => {
  const folder = join(base, 'log');
  writeLog(folder);
  const storage = mustBe(openLogStorage(folder));
  const recover = (more: object): unknown => {
    const read = recoverLog({ storage, ports: nodePorts, kind: countingKind(), ...more });
    return read.ok ? { ...read.value.report, segments: 0 } : read.error;
  };
  const alone = recover({});
  expect(alone).toMatchObject({ nextSeq: 10_000 });
  let asked = 0;
  const beside = checkBeside(folder, 0);
  const counted: typeof beside = (...args) => {
    asked += 1;
    return beside(...args);
  };
  expect(recover({ beside: counted })).toEqual(alone);
  expect(asked).toBe(1);
  expect(recover({ beside: checkBeside(folder) })).toEqual(alone);
  expect(recover({ beside: checkBeside(join(base, 'another'), 0) })).toEqual(alone);
  const second = join(folder, '00000002.rpl');
  const bytes = readFileSync(second);
  bytes[bytes.length - 200] ^= 1;
  writeFileSync(second, bytes);
  const damaged = recover({});
  expect(damaged).toMatchObject({ code: 'corruptData', segment: '00000002.rpl' });
  expect(recover({ beside })).toEqual(damaged);
  storage.close();
});

// Fails where a thread that says nothing any more is waited for without end: a recovery would never come back.
test.runIf(process.platform !== 'win32')('a thread that falls silent does not count', () => {
  const folder = join(base, 'silent');
  mkdirSync(folder);
  const segment = join(folder, '00000001.rpl');
  // Who reads a pipe that nobody writes to waits.
  execFileSync('sh', ['-c', 'mkfifo "$0"', segment]);
  const request = { segments: ['00000001.rpl', '00000002.rpl'], page: undefined, snapshot: undefined };
  const check = checkBeside(folder, 0, 50)(request, 1)!;
  expect([check.reaches(0), check.result()]).toEqual([false, undefined]);
  closeSync(openSync(segment, 'r+'));
});
