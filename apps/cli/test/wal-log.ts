/** Logs of commands made in this process, by the engine of `wal serve` without its process around it. */
import {
  cpSync,
  openSync,
  closeSync,
  readFileSync,
  readSync,
  readdirSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import type { OpenSink } from '@truetape/host';
import { findLog, openServing } from '../src/wal/open-serving.ts';
import { changeFolder } from '../src/wal/open-folder.ts';
import { CHECKPOINT_EVERY, GROUP_MAX, KEEP_DEFAULT } from '../src/wal/serve-options.ts';
import type { ServeOptions } from '../src/wal/serve-options.ts';
import { commitAll, endServing, isCommitDue, takeLine } from '../src/wal/serving.ts';
import type { Serving } from '../src/wal/serving.ts';

export const DAY_NS = 1_767_225_600_000_000_000n;

/** A line of a command, at a time of its own. */
export function line(k: number, more: object = {}): string {
  const side = k % 2 === 0 ? 'buy' : 'sell';
  const command = {
    op: 'new',
    id: k,
    side,
    price: 100 + (k % 5) - (k % 2) * 2,
    qty: 1 + (k % 3),
    owner: `O${k % 3}`,
  };
  return JSON.stringify({ ...command, timeNs: String(DAY_NS + BigInt(k) * 1000n), ...more });
}

export const lines = (count: number, from: number = 0): string[] =>
  Array.from({ length: count }, (_, k) => line(from + k));

export const OPTIONS: ServeOptions = {
  durability: 'sync',
  groupDelayMs: 60_000,
  groupMax: GROUP_MAX,
  segmentBytes: 67_108_864,
  snapshotEvery: 0,
  checkpointEvery: CHECKPOINT_EVERY,
  keep: KEEP_DEFAULT,
  clock: 'input',
  jsonl: true,
  id: 'test',
};

/** What a log was made to say, a part for each write. */
export interface Said {
  readonly parts: string[];
  readonly sink: OpenSink;
}

export function listen(): Said {
  const parts: string[] = [];
  const write = (bytes: Uint8Array): void => void parts.push(Buffer.from(bytes).toString());
  const nothing = (): void => undefined;
  return { parts, sink: { path: '-', write, flush: nothing, commit: nothing, abandon: nothing } };
}

/** Opens a log, runs work on it, and leaves it as the work leaves it. */
export async function withLog(
  folder: string,
  given: Partial<ServeOptions>,
  work: (serving: Serving, said: Said) => void,
  firstNs: bigint = DAY_NS,
): Promise<string[]> {
  const options = { ...OPTIONS, ...given };
  const said = listen();
  await changeFolder(
    folder,
    (opened) =>
      work(
        openServing(
          findLog(opened, options, () => undefined),
          said.sink,
          firstNs,
        ),
        said,
      ),
    { create: true, note: () => undefined },
  );
  return said.parts;
}

/** Takes lines as the loop does. */
export function take(serving: Serving, given: readonly string[]): void {
  for (const text of given) {
    const wrong = takeLine(serving, text);
    if (wrong !== undefined) throw new Error(JSON.stringify(wrong));
    if (isCommitDue(serving)) commitAll(serving);
  }
}

/** Serves lines to their end. */
export async function serveLines(
  folder: string,
  given: readonly string[],
  options: Partial<ServeOptions> = {},
): Promise<string[]> {
  return withLog(folder, options, (serving) => {
    take(serving, given);
    endServing(serving);
  });
}

/** Serves lines, and stops without an end, as a process does that is killed behind its last answer. */
export async function killedBehind(
  folder: string,
  given: readonly string[],
  options: Partial<ServeOptions> = {},
): Promise<string[]> {
  return withLog(folder, options, (serving) => {
    take(serving, given);
    commitAll(serving);
    serving.log.out.file.close();
  });
}

/** A copy to be damaged. */
export function copyOf(folder: string, name: string): string {
  const to = `${folder} ${name}`;
  cpSync(folder, to, { recursive: true });
  return to;
}

/** Changes a byte; a negative offset counts from the end. */
export function flip(path: string, offset: number): void {
  const size = readFileSync(path).length;
  const at = offset < 0 ? size + offset : offset;
  const fd = openSync(path, 'r+');
  const byte = Buffer.alloc(1);
  readSync(fd, byte, 0, 1, at);
  byte[0] ^= 1;
  writeSync(fd, byte, 0, 1, at);
  closeSync(fd);
}

/** Cuts bytes off the end of a file. */
export function cutEnd(path: string, bytes: number): void {
  writeFileSync(path, readFileSync(path).subarray(0, -bytes));
}

export const filesOf = (folder: string, end: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(end))
    .toSorted();
