// A session with every report, code and reason prints its goldens: this file runs under every Node, in another
// time zone and locale.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REJECT_CODES, VOCABULARIES } from '@truetape/contracts';
import { expect, test } from 'vitest';
import { ROOT, scratchFolder, truetape } from './truetape.ts';

const cwd = scratchFolder();
const FOLDER = join(ROOT, 'fixtures', 'book');
const SESSION = join(FOLDER, 'every-report.jsonl');
const run = ['book', 'run', SESSION, '--instrument', 'BTC-USD,ETH-USD', '--depth'];

test('lines of JSON, lines for people and the tape are the goldens; both books write the same bytes', async () => {
  const [json, reference, text, tape] = await Promise.all([
    truetape([...run, '--jsonl', '--out', 'fast.rpl'], { cwd }),
    truetape([...run, '--jsonl', '--check', '--impl', 'reference', '--out', 'reference.rpl'], { cwd }),
    truetape([...run, '--check'], { cwd }),
    truetape([...run, '--out', 'session.txt.rpl'], { cwd }),
  ]);
  expect(json).toMatchObject({ code: 0, stderr: '' });
  expect(reference).toEqual(json);
  expect(readFileSync(join(cwd, 'reference.rpl'))).toEqual(readFileSync(join(cwd, 'fast.rpl')));
  expect(tape.stdout).toBe(text.stdout);
  await expect(json.stdout).toMatchFileSnapshot(join(FOLDER, 'every-report.golden.jsonl'));
  await expect(text.stdout).toMatchFileSnapshot(join(FOLDER, 'every-report.golden.txt'));
  const lines = readFileSync(join(cwd, 'session.txt.rpl'), 'utf8').split('\n');
  expect(lines.at(-2)).toMatch(/^end \d+ [0-9a-f]{64} seal=/);
  // Without the footer, which names the version of this build.
  await expect(`${lines.slice(0, -2).join('\n')}\n`).toMatchFileSnapshot(
    join(FOLDER, 'every-report.golden.events'),
  );
});

// A book alone has no connections, no accounts and no positions.
const OF_A_VENUE = ['disconnect', 'slide', 'insufficientBalance', 'reduceOnly'];

test('the session has every event, every code and every reason that a book gives', async () => {
  const { stdout } = await truetape([...run, '--jsonl'], { cwd });
  const reports = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const values = (key: string, event?: string): unknown[] => [
    ...new Set(
      reports.flatMap((report) => (event === undefined || report['event'] === event ? [report[key]] : [])),
    ),
  ];
  const names = (vocabulary: 'cancelReason' | 'amendReason'): string[] =>
    VOCABULARIES[vocabulary].names.map(([, name]) => name).filter((name) => !OF_A_VENUE.includes(name));
  expect(values('event').toSorted()).toEqual([
    'accepted',
    'amended',
    'cancelAllDone',
    'canceled',
    'depth',
    'fill',
    'rejected',
  ]);
  expect(values('code', 'rejected').toSorted()).toEqual(REJECT_CODES.slice(0, 9).toSorted());
  expect(values('reason', 'canceled').toSorted()).toEqual(names('cancelReason').toSorted());
  expect(values('reason', 'amended').toSorted()).toEqual(names('amendReason').toSorted());
  expect(new Set(values('priorityKept', 'amended'))).toEqual(new Set([true, false]));
});
