// The engine of `wal serve` without its process: commits, answers, repeats, time, Checkpoints, snapshots, restarts.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kind, decodeEvent } from '@truetape/contracts';
import type { Event } from '@truetape/contracts';
import { nodePorts } from '@truetape/host';
import { createDecoder, createReader } from '@truetape/tape';
import { recoverLog, startClock } from '@truetape/wal';
import type { RecoveryReport } from '@truetape/wal';
import { describe, expect, test } from 'vitest';
import { createProgram } from '../src/program.ts';
import { DEFAULTS } from '../src/settings.ts';
import { inspectFiles } from '../src/wal/inspect-files.ts';
import { findLog } from '../src/wal/open-serving.ts';
import { readFolder } from '../src/wal/open-folder.ts';
import { commitAll, endServing, isUnwitnessed, markIdle, takeLine } from '../src/wal/serving.ts';
import type { Serving } from '../src/wal/serving.ts';
import { createWallClock } from '../src/wal/wall-clock.ts';
import { scratchFolder } from './truetape.ts';
import {
  DAY_NS,
  OPTIONS,
  copyOf,
  filesOf,
  flip,
  killedBehind,
  line,
  lines,
  serveLines,
  take,
  withLog,
} from './wal-log.ts';

const cwd = scratchFolder();
let folders = 0;
const newFolder = (): string => join(cwd, `log ${folders++}`);

/** All events of a log. */
function eventsOf(folder: string): Event[] {
  const events: Event[] = [];
  for (const name of filesOf(folder, '.rpl')) {
    const bytes = readFileSync(join(folder, name));
    let isRead = false;
    const read = (): Uint8Array | undefined => {
      if (isRead) return undefined;
      isRead = true;
      return bytes;
    };
    const reader = createReader(createDecoder({ ports: nodePorts }), { read });
    for (let batch = reader.next(); batch !== undefined; batch = reader.next()) {
      const { records, from, to, firstSeq } = batch;
      for (let at = from, seq = firstSeq; at < to; at += (records.u32[at] & 0xffff) * 2)
        events.push(decodeEvent(records, at, reader.decoder.epoch, seq++));
    }
  }
  return events;
}

function framesOf(folder: string): { readonly data: number; readonly mark: number } {
  const { segments } = readFolder(folder, ({ storage, path }) => inspectFiles(storage, path));
  const frames = segments.map(({ walk }) => walk!.frames);
  const sum = (of: 'data' | 'mark'): number => frames.reduce((total, one) => total + one[of], 0);
  return { data: sum('data'), mark: sum('mark') };
}

function recovered(folder: string): RecoveryReport {
  const read = readFolder(folder, ({ config }) => recoverLog({ ...config, everything: true, deep: true }));
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value.report;
}

const answers = (parts: readonly string[]): Record<string, unknown>[] =>
  parts
    .join('')
    .split('\n')
    .filter((text) => text !== '')
    .map((text) => JSON.parse(text) as Record<string, unknown>);

describe('commits', () => {
  test('are one a command, or one a group: of so many commands, or of those that came in time', async () => {
    const [sync, group, off] = [newFolder(), newFolder(), newFolder()];
    const said = [
      await serveLines(sync, lines(50)),
      await serveLines(group, lines(50), { durability: 'group', groupMax: 20 }),
      await serveLines(off, lines(50), { durability: 'off', groupMax: 20 }),
    ];
    // Session and Clock, Defines, and the Checkpoint at the end are commits of their own.
    expect([sync, group, off].map((folder) => framesOf(folder).data)).toEqual([53, 6, 6]);
    expect(said.map((parts) => parts.length)).toEqual([50, 3, 3]);
    expect(said[1].join('')).toBe(said[0].join(''));
    const states = [sync, group, off].map((folder) => recovered(folder).stateHash);
    expect(new Set(states).size).toBe(1);
    const modes = [sync, group, off].map(
      (folder) => JSON.parse((eventsOf(folder)[0] as { json: string }).json) as object,
    );
    expect(modes).toMatchObject([{ mode: 'sync' }, { mode: 'group' }, { mode: 'volatile' }]);
    await withLog(newFolder(), { durability: 'off' }, ({ log }) => expect(log.config.isVolatile).toBe(true));
    await withLog(newFolder(), { durability: 'group', groupDelayMs: 0 }, (serving, { parts }) => {
      take(serving, lines(3));
      expect(parts).toHaveLength(3);
    });
  });

  test('that fail answer nothing, and nothing goes on behind them', async () => {
    const folder = newFolder();
    const fault = { op: 'sync', name: '00000001.rpl', code: 'EIO' } as const;
    const parts = await withLog(folder, { durability: 'group' }, (serving, said) => {
      take(serving, lines(2));
      commitAll(serving);
      const { out } = serving.log;
      Object.assign(out, { file: { ...out.file, sync: () => fault } });
      take(serving, lines(3, 2));
      const message = /00000001\.rpl cannot be made durable: the device failed$/;
      expect(() => commitAll(serving)).toThrow(message);
      expect(() => commitAll(serving)).toThrow(message);
      expect(() => endServing(serving)).toThrow(message);
      expect(said.parts).toHaveLength(1);
    });
    expect(answers(parts).every(({ id, maker }) => Number(id ?? maker) < 2)).toBe(true);
  });

  test('have a witness once nobody asks any more, and no second one', async () => {
    const folder = newFolder();
    await withLog(folder, {}, (serving) => {
      expect(isUnwitnessed(serving)).toBe(true);
      markIdle(serving);
      expect(isUnwitnessed(serving)).toBe(false);
      take(serving, lines(2));
      expect(isUnwitnessed(serving)).toBe(true);
      markIdle(serving);
      markIdle(serving);
      expect(framesOf(folder).mark).toBe(2);
      endServing(serving);
    });
  });
});

describe('a restart', () => {
  test('finds the state that was left, behind an end and behind a kill', async () => {
    const folder = newFolder();
    const state = ({ service }: Serving): string => service.machine.hash();
    let left = '';
    await withLog(folder, {}, (serving) => {
      take(serving, lines(30));
      left = state(serving);
      serving.log.out.file.close();
    });
    await withLog(folder, {}, (serving) => {
      expect(state(serving)).toBe(left);
      take(serving, lines(10, 30));
      endServing(serving);
      left = state(serving);
    });
    await withLog(folder, {}, (serving) => {
      expect(state(serving)).toBe(left);
      endServing(serving);
    });
    const sessions = eventsOf(folder).filter(({ kind }) => kind === Kind.Session) as {
      readonly json: string;
    }[];
    expect(sessions.map(({ json }) => JSON.parse(json) as object)).toMatchObject([
      { previousEnd: 'new', recoveredSeq: 0 },
      { previousEnd: 'open' },
      { previousEnd: 'sealed' },
    ]);
  });

  test('says what it found: a torn end that is cut, a snapshot that is passed over, a window that stays', async () => {
    const folder = newFolder();
    await killedBehind(folder, lines(25), { snapshotEvery: 10, cmdWindow: 7 });
    const { segments } = readFolder(folder, ({ storage, path }) => inspectFiles(storage, path));
    // What is reserved behind its end is no damage.
    expect(segments[0]).toMatchObject({ sealed: false, damage: undefined });
    expect(segments[0].reservedBytes).toBeGreaterThan(1_000_000);
    const segment = join(folder, '00000001.rpl');
    flip(segment, segments[0].walk!.endBytes - 8);
    const [, newest] = filesOf(folder, '.snap');
    flip(join(folder, newest), 50);
    const notes: string[] = [];
    const opened = readFolder(folder, (dir) =>
      findLog(dir, { ...OPTIONS, cmdWindow: 8 }, (text) => notes.push(text.replaceAll(folder, 'DIR'))),
    );
    expect(opened.told).toMatchObject({ previousEnd: 'torn', torn: { segment: '00000001.rpl' } });
    expect(notes).toEqual([
      `DIR has a bad snapshot, which was passed over: ${newest}: expected the checksum of its bytes, found another`,
      expect.stringMatching(
        /^DIR: 00000001\.rpl was torn at offset (\d+): a bad payload, \d+ bytes, with seqs? \d+.*; cut off, and kept as 00000001\.rpl\.torn-\1$/,
      ),
      'DIR remembers 7 cmdIds, as it began: --cmd-window is for a new log',
    ]);
    await serveLines(folder, lines(3, 30));
    expect(filesOf(folder, `.torn-${opened.told.torn!.offsetBytes}`)).toHaveLength(1);
    expect(recovered(folder)).toMatchObject({ commandsReplayed: 24 + 3, torn: undefined });
  });

  test('keeps its default instrument, takes more of them, and has an identity of its own', async () => {
    const folder = newFolder();
    await serveLines(folder, lines(1), { instrument: ['A', 'B'] });
    await expect(serveLines(folder, [], { instrument: ['B', 'A'] })).rejects.toMatchObject({ exitCode: 2 });
    await expect(serveLines(folder, [], { id: 'another' })).rejects.toThrow('is log test, found another');
    const parts = await serveLines(folder, [line(1, { instrument: 'C' }), line(2, { instrument: 'D' })], {
      instrument: ['A', 'C'],
    });
    expect(answers(parts)).toMatchObject([
      { event: 'accepted', instrument: 'C' },
      { event: 'rejected', code: 'unknownInstrument', instrument: 'D' },
    ]);
    expect(recovered(folder).commandsReplayed).toBe(3);
  });
});

describe('the commands that read', () => {
  const cli = {
    exitCode: 0 as const,
    settings: () => Promise.resolve({ values: DEFAULTS, origins: {} as never }),
  };

  /** How a command ends; nothing is printed by one that fails. */
  async function failureOf(...args: readonly string[]): Promise<unknown> {
    const program = await createProgram(cli, args.slice(0, 2));
    return program.parseAsync([...args], { from: 'user' }).then(
      () => undefined,
      (error: unknown) => error,
    );
  }

  test('refuse a torn end and a bad snapshot where that is asked for, or where all has to be right', async () => {
    const torn = newFolder();
    await killedBehind(torn, lines(25), { snapshotEvery: 10 });
    const bad = copyOf(torn, 'bad');
    const { segments } = readFolder(torn, ({ storage, path }) => inspectFiles(storage, path));
    flip(join(torn, '00000001.rpl'), segments[0].walk!.endBytes - 8);
    const [older] = filesOf(bad, '.snap');
    flip(join(bad, older), 50);
    const isTorn = {
      exitCode: 5,
      message: expect.stringContaining('00000001.rpl is torn at offset ') as string,
    };
    expect(await failureOf('wal', 'recover', torn, '--strict-tail')).toMatchObject(isTorn);
    expect(await failureOf('wal', 'verify', torn)).toMatchObject(isTorn);
    expect(await failureOf('wal', 'verify', bad)).toMatchObject({
      exitCode: 5,
      message: `${bad} has a bad snapshot: ${older}: expected the checksum of its bytes, found another`,
    });
  });
});

describe('a cmdId', () => {
  const a = line(0, { cmdId: 'a' });

  test('makes a command that is done once: its repeat is answered as it was, behind a restart as well', async () => {
    const folder = newFolder();
    const first = await killedBehind(folder, [a, line(1, { price: 100 }), a], { durability: 'group' });
    const [done, , fill, repeat] = answers(first);
    expect(done).toEqual({ seq: 7, cmdId: 'a', event: 'accepted', id: 0, price: 100, leaves: 1 });
    expect(fill).toMatchObject({ event: 'fill', maker: 0 });
    expect(repeat).toEqual({ ...done, repeated: true });
    const { lastSeq } = { lastSeq: eventsOf(folder).length };
    const second = await withLog(folder, {}, (serving) => {
      take(serving, [a]);
      commitAll(serving);
      serving.log.out.file.close();
    });
    expect(answers(second)).toEqual([repeat]);
    // A Session and a Clock, and nothing of the repeat.
    expect(eventsOf(folder).length).toBe(lastSeq + 2);
  });

  test('of another command is refused, and nothing is done', async () => {
    const folder = newFolder();
    const other = JSON.stringify({ op: 'cancelAll', everyone: true, cmdId: 'a' });
    const parts = await serveLines(folder, [a, other]);
    expect(answers(parts).at(-1)).toEqual({ seq: 7, cmdId: 'a', event: 'refused', code: 'cmdIdReused' });
    expect(eventsOf(folder).some(({ kind }) => kind === Kind.CancelAll)).toBe(false);
    const text = await serveLines(newFolder(), [a, a, other], { jsonl: false });
    expect(text.join('')).toBe(
      [
        '       7 accepted  0        buy         1 @ 100',
        '       7 accepted  0        buy         1 @ 100  (repeated)',
        '       7 refused   cmdId "a" is that of another command',
        '',
      ].join('\n'),
    );
  });

  test('is forgotten behind so many others', async () => {
    const folder = newFolder();
    const given = ['a', 'b', 'c', 'a'].map((cmdId, k) =>
      line(k, { id: cmdId, cmdId, side: 'buy', timeNs: null }),
    );
    const parts = await serveLines(folder, [...given, given[2]], { cmdWindow: 2 });
    expect(answers(parts).map(({ event, repeated }) => [event, repeated])).toEqual([
      ['accepted', undefined],
      ['accepted', undefined],
      ['accepted', undefined],
      ['rejected', undefined],
      ['accepted', true],
    ]);
  });

  test.each([
    ['', '""'],
    ['x'.repeat(129), '"xxxxx'],
    [7, '7'],
  ])('%j is none', async (cmdId, found) => {
    await withLog(newFolder(), {}, (serving) => {
      const wrong = takeLine(serving, line(0, { cmdId }));
      expect(wrong).toMatchObject({ field: 'cmdId', expected: 'a string of 1 to 128 bytes' });
      expect((wrong as { found: string }).found).toContain(found);
      take(serving, [line(0, { cmdId: 'é'.repeat(64) })]);
      endServing(serving);
    });
  });
});

describe('time', () => {
  test('of lines does not go back, and may go on by years within a group', async () => {
    const folder = newFolder();
    const at = (ns: bigint): object => ({ timeNs: String(ns) });
    await withLog(folder, { durability: 'group' }, (serving) => {
      take(serving, [line(0, at(DAY_NS)), line(1, at(DAY_NS + 1n)), line(2, { timeNs: null })]);
      expect(takeLine(serving, line(3, at(DAY_NS)))).toMatchObject({
        field: 'timeNs',
        found: String(DAY_NS),
      });
      take(serving, [line(3, at(DAY_NS * 2n)), line(4, at(DAY_NS * 2n))]);
      endServing(serving);
    });
    expect(recovered(folder)).toMatchObject({ commandsReplayed: 5 });
    expect(filesOf(folder, '.rpl')).toHaveLength(2);
  });

  test('of the wall is when a command came; what its line says is when it was decided', async () => {
    const folder = newFolder();
    await serveLines(folder, [], { clock: 'input' });
    let wallNs = DAY_NS + 10_000n;
    let elapsedNs = 0n;
    const now = () => ({ wallNs, elapsedNs: (elapsedNs += 1n) });
    await withLog(folder, {}, (serving) => {
      const started = startClock(now(), serving.lastNs);
      if (!started.ok) throw new Error(started.error.code);
      Object.assign(serving, { time: { from: 'wall', clock: started.value, now } });
      take(serving, [line(0, { timeNs: String(DAY_NS + 5n) })]);
      wallNs -= 7000n;
      take(serving, [line(1, { timeNs: '1000' })]);
      expect(serving.undated).toBe(1);
      wallNs += 4_000_000_000_000n;
      const ahead = takeLine(serving, line(2));
      expect(ahead).toMatchObject({ exitCode: 1 });
      expect((ahead as Error).message).toMatch(
        /^the clock says 2026-01-01T01:06:40\.000003000Z, .* later than can be: expected 2026-01-01T00:00:00/,
      );
      endServing(serving);
    });
    const orders = eventsOf(folder).filter(({ kind }) => kind === Kind.NewOrder);
    expect(orders).toMatchObject([
      { timeNs: 10_000, decidedTime: 5, flags: 0x11 },
      { timeNs: 10_000, flags: 0x29 },
    ]);
    expect(recovered(folder).commandsReplayed).toBe(2);
  });

  test('that stood still for a month is asked about', async () => {
    const folder = newFolder();
    const long = 1_500_000_000_000_000_000n;
    const first = line(0, { timeNs: String(long) });
    await withLog(
      folder,
      {},
      (serving) => {
        take(serving, [first]);
        endServing(serving);
      },
      long,
    );
    const refused = serveLines(folder, [], { clock: 'wall' });
    await expect(refused).rejects.toMatchObject({
      exitCode: 1,
      next: 'time on a log never goes back: set the clock right; if it is right, start with --accept-clock',
    });
    expect(filesOf(folder, '.rpl')).toHaveLength(1);
    await serveLines(folder, lines(1, 1), { clock: 'wall', acceptClock: true });
    expect(recovered(folder).commandsReplayed).toBe(2);
  });

  test('of this machine counts on within a millisecond', () => {
    const now = createWallClock();
    let before = now();
    for (let k = 0; k < 2000; k++) {
      const from = BigInt(Date.now()) * 1_000_000n;
      const reading = now();
      const to = BigInt(Date.now() + 1) * 1_000_000n;
      expect(reading.wallNs >= from && reading.wallNs < to).toBe(true);
      expect(reading.wallNs >= before.wallNs && reading.elapsedNs >= before.elapsedNs).toBe(true);
      before = reading;
    }
  });
});

describe('the state', () => {
  test('is recorded every so many commands, in the commit of the last of them, and at the end', async () => {
    const folder = newFolder();
    await serveLines(folder, lines(25), { checkpointEvery: 10 });
    const checkpoints = eventsOf(folder).filter(({ kind }) => kind === Kind.Checkpoint);
    expect(checkpoints).toHaveLength(6);
    expect(framesOf(folder).data).toBe(28);
    // Nothing has happened since.
    await serveLines(folder, []);
    expect(eventsOf(folder).filter(({ kind }) => kind === Kind.Checkpoint)).toHaveLength(6);
  });

  test('is saved every so many commands, the last few times, and at the end where that is asked for', async () => {
    const folder = newFolder();
    await serveLines(folder, lines(35), { snapshotEvery: 10, keep: 3 });
    const names = filesOf(folder, '.snap');
    expect(names).toHaveLength(3);
    const report = recovered(folder);
    expect(report.verified).toEqual(names);
    expect(Number(names[2].slice(0, 16))).toBe(report.nextSeq);
    const none = newFolder();
    const { snapshotEvery: _, ...options } = { snapshotEvery: 0 };
    await serveLines(none, lines(35), options);
    expect(filesOf(none, '.snap')).toEqual([]);
  });
});
