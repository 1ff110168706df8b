// What the commands on logs say, as text and as JSON: this file runs under every Node, in another time zone and locale.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT, scratchFolder, shell } from './truetape.ts';
import { line, lines, serveLines } from './wal-log.ts';

const cwd = scratchFolder();
const folder = join(ROOT, 'fixtures', 'wal');

/** Runs command lines, one after the other; a transcript of them. */
async function transcript(commands: readonly string[]): Promise<string> {
  const script = commands.map(
    (command) =>
      `echo '$ ${command}'; ${command}; code=$?; if [ $code -ne 0 ]; then echo "# exit $code"; fi; echo`,
  );
  const { stdout } = await shell(`exec 2>&1\n${script.join('\n')}`, cwd);
  return stdout;
}

test('on a log from its first command to its repair', async () => {
  const given = [line(0, { cmdId: 'a' }), ...lines(9, 1), line(0, { cmdId: 'a' }), line(3, { cmdId: 'a' })];
  writeFileSync(join(cwd, 'orders.jsonl'), given.join('\n'));
  writeFileSync(join(cwd, 'more.jsonl'), lines(30, 10).join('\n'));
  const small = '--clock input --segment-bytes 4096';
  const text = await transcript([
    `truetape wal serve log ${small} --id test --jsonl < orders.jsonl`,
    `truetape wal serve log ${small} --snapshot-every 15 < more.jsonl | tail -n 4`,
    'truetape wal recover log',
    'truetape wal recover log --json --expect-seq 20',
    'truetape wal inspect log',
    'truetape wal inspect log --json',
    'truetape wal snapshot log --keep 1',
    'truetape wal compact log --dry-run',
    'truetape tape view log/00000003.rpl --last 2 --pretty',
    'truetape tape summary log/00000003.rpl | tail -n 7',
    'printf x | dd of=log/00000001.rpl bs=1 seek=1800 conv=notrunc status=none',
    'truetape wal verify log --json',
    'truetape wal repair log',
    'truetape wal repair log --accept-loss --json',
    'truetape wal recover log --json',
  ]);
  await expect(text).toMatchFileSnapshot(join(folder, 'commands.golden.txt'));
}, 180_000);

test('on a log that is compacted, archive and all', async () => {
  // A page of the hash is 4,096 events; segments of whole pages go.
  await serveLines(join(cwd, 'long'), lines(3000), {
    durability: 'off',
    segmentBytes: 65_536,
    groupMax: 100,
    snapshotEvery: 1000,
    checkpointEvery: 500,
  });
  mkdirSync(join(cwd, 'empty'));
  const text = await transcript([
    'truetape wal compact long --keep 1 --dry-run',
    'truetape wal compact long --keep 1',
    'truetape wal verify long',
    'truetape wal snapshot long --json --keep 1',
    'truetape wal compact long --policy delete --json',
    'truetape wal snapshot empty',
  ]);
  await expect(text).toMatchFileSnapshot(join(folder, 'compacted.golden.txt'));
}, 180_000);
