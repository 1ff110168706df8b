// Logs whose commits were not synced say so, whoever looks at them.
import { join } from 'node:path';
import { nodePorts } from '@truetape/host';
import { createLog } from '@truetape/wal';
import { expect, test } from 'vitest';
import { changeFolder } from '../src/wal/open-folder.ts';
import { scratchFolder, truetape } from './truetape.ts';
import { DAY_NS, filesOf, killedBehind, lines, serveLines } from './wal-log.ts';

const cwd = scratchFolder();

interface Looked {
  readonly segments: readonly { readonly name: string; readonly volatile?: true }[];
  readonly lastSeq: number;
}

async function look(how: string, log: string): Promise<Looked> {
  const { code, stdout } = await truetape(['wal', how, log, '--json'], { cwd });
  expect(code).toBe(0);
  return JSON.parse(stdout) as Looked;
}

// Fails when commits that were synced and others come into one segment, or when nobody tells which is which.
test('segments are synced or volatile, and told as what they are', async () => {
  const folder = join(cwd, 'mixed');
  await killedBehind(folder, lines(3));
  await killedBehind(folder, lines(3, 3), { durability: 'off' });
  await killedBehind(folder, lines(3, 6), { durability: 'off' });
  await serveLines(folder, lines(3, 9), { durability: 'group' });
  for (const how of ['recover', 'verify', 'inspect']) {
    const { segments } = await look(how, 'mixed');
    expect(segments.map(({ volatile }) => volatile)).toEqual([undefined, true, undefined]);
    const { stdout } = await truetape(['wal', how, 'mixed'], { cwd });
    expect(stdout.match(/^.*volatile.*$/gm)).toEqual([
      expect.stringMatching(/00000002\.rpl .*, volatile: its commits were not synced/),
    ]);
  }
});

// Fails when a segment that nothing was written to is in the way of what is written otherwise.
test('a volatile segment may stand behind one without an event', async () => {
  const folder = join(cwd, 'empty');
  await changeFolder(
    folder,
    ({ storage }) => {
      const log = createLog({ storage, ports: nodePorts, producer: 'a test' }, 'test', DAY_NS);
      if (log.ok) log.value.out.file.close();
    },
    { create: true, note: () => undefined },
  );
  await killedBehind(folder, lines(3), { durability: 'off' });
  await serveLines(folder, lines(3, 3));
  expect(filesOf(folder, '.rpl')).toHaveLength(3);
  const { segments, lastSeq } = await look('verify', 'empty');
  expect(segments.map(({ volatile }) => volatile)).toEqual([undefined, true, undefined]);
  expect(lastSeq).toBeGreaterThan(12);
  expect(await look('recover', 'empty')).toMatchObject({ lastSeq });
});
