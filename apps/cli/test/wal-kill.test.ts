// Servers that are killed, a few times; many more in the proof. Two servers on one folder.
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ended, start, truetape } from './truetape.ts';
import { killLogs } from './wal-kill-run.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'truetape wal two '));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

// Fails when something that was acknowledged is gone, is another, or is done twice behind a restart.
test('what was acknowledged survives three kills (seed kill-test)', async () => {
  const { tally, failures } = await killLogs(['kill-test'], 3);
  expect(failures).toEqual([]);
  expect(tally.kills).toBe(3);
});

const locks = (): string[] => readdirSync(folder).filter((name) => name.startsWith('lock.'));

/** A server that takes commands; what it says. */
async function serving() {
  const child = start(['wal', 'serve', folder, '--jsonl']);
  const lines = createInterface({ input: child.stdout! });
  const ask = async (text: string): Promise<object> => {
    child.stdin!.write(text);
    return JSON.parse(String((await once(lines, 'line'))[0])) as object;
  };
  return { child, ask, first: await ask('') };
}

// Fails when a second server gets as far as the log, or when the lock of a dead one keeps the next one out.
test('one server has a log, whoever else starts; killed, the next one takes it over', async () => {
  const { child, ask, first } = await serving();
  expect(first).toMatchObject({ event: 'recovered', previousEnd: 'new' });
  const [lock] = locks();
  const before = readdirSync(folder);
  for (const args of [
    ['serve', folder],
    ['compact', folder],
    ['repair', folder],
  ]) {
    const second = await truetape(['wal', ...args], { own: true });
    expect([second.code, second.stdout]).toEqual([1, '']);
    expect(second.stderr).toContain(`in use by process ${child.pid}`);
  }
  expect(readdirSync(folder)).toEqual(before);
  expect(await ask('{"op":"new","id":1,"side":"buy","price":5,"qty":1,"cmdId":"a"}\n')).toMatchObject({
    cmdId: 'a',
    event: 'accepted',
  });
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(locks()).toEqual([lock]);
  // Of two that start at once at most one goes on; the dead one's lock is in nobody's way.
  const race = await Promise.all(
    [0, 1].map(() => truetape(['wal', 'serve', folder, '--jsonl'], { own: true })),
  );
  const codes = race.map(({ code }) => code).toSorted();
  expect(['0,0', '0,1', '1,1']).toContain(codes.join());
  expect(locks()).toEqual([]);
  const next = await serving();
  expect(next.first).toMatchObject({ event: 'recovered' });
  const again = '{"op":"new","id":1,"side":"buy","price":5,"qty":1,"cmdId":"a"}\n';
  expect(await next.ask(again)).toMatchObject({ cmdId: 'a', repeated: true });
  next.child.stdin!.end();
  expect((await ended(next.child)).code).toBe(0);
});
