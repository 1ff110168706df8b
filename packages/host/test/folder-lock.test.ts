// A lock against two writers: with real processes, some of which are killed.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { acquireFolderLock, findFolderLocks } from '@truetape/host';
import type { FolderLock, LockHeld } from '@truetape/host';
import type { Result } from '@truetape/contracts';

const PEER = fileURLToPath(new URL('./lock-peer.ts', import.meta.url));
let folder = '';
const peers: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'truetape lock '));
});
afterEach(() => {
  for (const peer of peers.splice(0)) peer.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

function held(result: Result<FolderLock, LockHeld>): FolderLock {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

/** The parts of this process's own lock: pid, start, boot, host. */
function ownParts(): [pid: string, start: string, boot: string, host: string] {
  const lock = held(acquireFolderLock(folder));
  const [, pid, start, boot, ...host] = lock.file.split('.');
  lock.release();
  return [pid, start, boot, host.join('.')];
}

function forge(...parts: readonly string[]): string {
  const file = `lock.${parts.join('.')}`;
  writeFileSync(join(folder, file), '');
  return file;
}

/** A pid that nobody has. */
function deadPid(): string {
  return String(spawnSync(process.execPath, ['--version']).pid);
}

describe('a lock of a folder', () => {
  test('is held once, also by the same process, and can be given up', () => {
    const lock = held(acquireFolderLock(folder));
    expect(readdirSync(folder)).toEqual([lock.file]);
    expect(lock.file).toMatch(new RegExp(`^lock\\.${process.pid}\\.[1-9]\\d*\\.[0-9a-f]{8}\\..+$`));
    const error = { reason: 'held', file: lock.file, pid: process.pid };
    expect(acquireFolderLock(folder)).toEqual({ ok: false, error });
    expect(readdirSync(folder)).toEqual([lock.file]);
    lock.release();
    expect(readdirSync(folder)).toEqual([]);
    const again = held(acquireFolderLock(folder));
    // The first one is no more: it gives up nothing that is another's.
    lock.release();
    expect(readdirSync(folder)).toEqual([again.file]);
    again.release();
  });

  test.runIf(process.platform === 'linux')('of a process that runs is respected', () => {
    const [, , boot, host] = ownParts();
    const stat = spawnSync('cat', [`/proc/${process.ppid}/stat`], { encoding: 'utf8' }).stdout;
    const start = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    const file = forge(String(process.ppid), start, boot, host);
    const error = { reason: 'held', file, pid: process.ppid };
    expect(acquireFolderLock(folder)).toEqual({ ok: false, error });
    expect(readdirSync(folder)).toEqual([file]);
  });

  test('is found by whoever only reads, and stays', () => {
    const [, start, boot, host] = ownParts();
    expect(findFolderLocks(folder)).toEqual({ ok: true, value: [] });
    const pid = Number(deadPid());
    const dead = forge(String(pid), start, boot, host);
    const odd = forge('odd');
    const lock = forge(String(process.pid), start, boot, host);
    const found = findFolderLocks(folder);
    expect(found.ok && found.value.toSorted((a, b) => (a.status < b.status ? -1 : 1))).toEqual([
      { file: lock, pid: process.pid, status: 'alive' },
      { file: dead, pid, status: 'dead' },
      { file: odd, pid: undefined, status: 'unknown' },
    ]);
    expect(readdirSync(folder)).toHaveLength(3);
    expect(findFolderLocks(join(folder, 'absent'))).toEqual({ ok: false, error: 'ENOENT' });
  });

  test('of a process that is dead is removed, and so is one whose pid is another process by now', () => {
    const [pid, start, boot, host] = ownParts();
    const stale = [
      forge(deadPid(), start, boot, host),
      forge(pid, String(Number(start) - 1), boot, host),
      forge(String(process.ppid), start, boot, host),
    ];
    const lock = held(acquireFolderLock(folder));
    expect([...lock.removedStale].sort()).toEqual(stale.sort());
    expect(readdirSync(folder)).toEqual([lock.file]);
    lock.release();
  });

  test('of an earlier boot of this machine is removed, even where the same pid runs', () => {
    const [pid, start, , host] = ownParts();
    const stale = [forge(pid, start, '00000000', host), forge(pid, start, '00000001', `${host}~1`)];
    const lock = held(acquireFolderLock(folder));
    expect([...lock.removedStale].sort()).toEqual(stale.sort());
    lock.release();
  });

  test('of which nobody here can tell keeps everybody out, and is named', () => {
    const [pid, start, boot, host] = ownParts();
    const dead = deadPid();
    for (const [file, other] of [
      [`lock.${dead}.${start}.${boot}.elsewhere.example`, 'elsewhere.example'],
      [`lock.${dead}.${start}.00000000.elsewhere`, 'elsewhere'],
      // Another container of this machine: its pids mean nothing here.
      [`lock.${dead}.${start}.${boot}.${host}~12345`, `${host}~12345`],
      ['lock.', undefined],
      ['lock.mine', undefined],
      [`lock.0.${start}.${boot}.${host}`, undefined],
      [`lock.${pid}.${start}.${host}`, undefined],
    ] as const) {
      writeFileSync(join(folder, file), '');
      expect(acquireFolderLock(folder)).toEqual({
        ok: false,
        error: { reason: 'unknown', file, host: other },
      });
      expect(readdirSync(folder)).toEqual([file]);
      rmSync(join(folder, file));
    }
    held(acquireFolderLock(folder)).release();
  });

  test('cannot be had where nothing can be written', () => {
    const none = acquireFolderLock(join(folder, 'none'));
    expect(none).toMatchObject({ ok: false, error: { reason: 'unwritable', code: 'ENOENT' } });
    const lock = held(acquireFolderLock(folder));
    rmSync(folder, { recursive: true });
    lock.release();
  });
});

/** A process of its own that asks for the folder. */
function startPeer() {
  const child = spawn(process.execPath, [PEER, folder], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  peers.push(child);
  const lines = createInterface({ input: child.stdout });
  const ask = async (command: string): Promise<string> => {
    const answer = once(lines, 'line');
    child.stdin.write(`${command}\n`);
    return String((await answer)[0]);
  };
  const kill = async (signal: NodeJS.Signals): Promise<void> => {
    const exit = once(child, 'exit');
    child.kill(signal);
    await exit;
  };
  const end = async (): Promise<void> => {
    const exit = once(child, 'exit');
    child.stdin.end();
    await exit;
  };
  return { ask, kill, end, pid: child.pid! };
}

describe('among processes', () => {
  test('the lock of one that runs keeps others out; killed, it is taken over; ended, it is gone', async () => {
    const [first, second] = [startPeer(), startPeer()];
    expect(await first.ask('try 0')).toBe('{"ok":true,"removed":[]}');
    const [file] = readdirSync(folder);
    const error = { reason: 'held', file, pid: first.pid };
    expect(JSON.parse(await second.ask('try 0'))).toEqual({ ok: false, error });
    expect(acquireFolderLock(folder)).toEqual({ ok: false, error });
    await first.kill('SIGKILL');
    expect(readdirSync(folder)).toEqual([file]);
    expect(JSON.parse(await second.ask('try 0'))).toEqual({ ok: true, removed: [file] });
    await second.end();
    expect(readdirSync(folder)).toEqual([]);
  });

  test.runIf(process.platform === 'linux')('a zombie that nobody waits for is dead', async () => {
    // Its parent stops itself, and only then it ends: nobody waits for it.
    const script = '(until grep -q ") T " /proc/$$/stat; do :; done) & echo $!; kill -STOP $$';
    const parent = spawn('sh', ['-c', script]);
    peers.push(parent);
    const zombie = Number(String((await once(createInterface({ input: parent.stdout }), 'line'))[0]));
    const stat = (): string[] =>
      spawnSync('cat', [`/proc/${zombie}/stat`], { encoding: 'utf8' })
        .stdout.split(') ')[1]
        .split(' ');
    while (stat()[0] !== 'Z') await new Promise((resolve) => setTimeout(resolve, 5));
    const [, , boot, host] = ownParts();
    const file = forge(String(zombie), stat()[19], boot, host);
    const lock = held(acquireFolderLock(folder));
    expect(lock.removedStale).toEqual([file]);
    lock.release();
  });

  test('of eight that ask at once at most one has it, in each of 20 rounds', async () => {
    const racers = Array.from({ length: 8 }, startPeer);
    const [, start, boot, host] = ownParts();
    const dead = deadPid();
    for (let round = 0; round < 20; round++) {
      // Each round finds a dead one's lock that all of them want to remove.
      forge(dead, `${start}${round}`, boot, host);
      const at = Date.now() + 3;
      const answers = await Promise.all(racers.map(({ ask }) => ask(`try ${at}`)));
      const winners = answers.flatMap((answer, k) => (answer.startsWith('{"ok":true') ? [k] : []));
      expect(winners.length, `round ${round}: ${answers.join('\n')}`).toBeLessThanOrEqual(1);
      if (winners.length === 1) expect(readdirSync(folder)).toHaveLength(1);
      const [winner] = winners;
      if (winner !== undefined && round % 7 === 6) {
        await racers[winner].kill('SIGKILL');
        racers[winner] = startPeer();
      }
      await Promise.all(racers.map(({ ask }) => ask('release')));
      // Nothing is left in the way, whoever was refused or killed.
      const alone = racers[round % racers.length];
      expect(await alone.ask('try 0')).toMatch(/^\{"ok":true/);
      await alone.ask('release');
      expect(readdirSync(folder)).toEqual([]);
    }
  });
});
