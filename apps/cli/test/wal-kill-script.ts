/** What is sent to a server that is killed again and again, and what comes of it where nobody is killed. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashMarket, saveNames } from '@truetape/book';
import { nodePorts } from '@truetape/host';
import { createStream } from '@truetape/kernel';
import { booksKind, recoverLog } from '@truetape/wal';
import type { BooksMachine, RecoveryReport } from '@truetape/wal';
import { readFolder } from '../src/wal/open-folder.ts';
import { commitAll, endServing, takeLine } from '../src/wal/serving.ts';
import { commandLine } from './book-commands.ts';
import { withLog } from './wal-log.ts';

/** The state apart from what depends on when processes started: books, and the names that ids have in them. */
export function booksOf({ state }: BooksMachine): string {
  const { market, names, commandCount } = state;
  const text = Buffer.from(saveNames(names)).toString('base64');
  return `${commandCount} ${hashMarket(market, nodePorts.sha256)} ${text}`;
}

/** Commands, each with an id of its own: `c0`, `c1`, … */
export interface Script {
  readonly lines: readonly string[];
  /** Report lines of each command, without their seq. */
  readonly answers: readonly (readonly string[])[];
  /** The books of a log whose Session is durable, and nothing that has to be defined. */
  readonly emptyBooks: string;
  /** The books before the command of that number; the last behind all. */
  readonly books: readonly string[];
}

export const cmdIdOf = (k: number): string => `c${k}`;

/** A report line without what a run with other restarts says otherwise. */
export function withoutSeq(line: string): string {
  return line.replace(/^\{"seq":\d+,/, '{').replace('"repeated":true,', '');
}

/** Commands from a seed, and what an engine in this process makes of them that nobody interrupts. */
export async function createScript(seed: string, count: number): Promise<Script> {
  const random = createStream(seed, 'commands');
  const lines = Array.from({ length: count }, (_, k) => {
    const command = JSON.parse(commandLine(random, k)) as object;
    const more = random.nextInt(8) === 0 ? { instrument: 'OTHER' } : {};
    return JSON.stringify({ ...command, ...more, cmdId: cmdIdOf(k) });
  });
  const folder = mkdtempSync(join(tmpdir(), 'truetape kill reference '));
  const books: string[] = [];
  const said = await withLog(folder, { durability: 'off', segmentBytes: 1 << 24 }, (serving) => {
    for (const line of lines) {
      books.push(booksOf(serving.service.machine));
      const wrong = takeLine(serving, line);
      if (wrong !== undefined) throw new Error(`${line}: ${JSON.stringify(wrong)}`);
      commitAll(serving);
    }
    books.push(booksOf(serving.service.machine));
    endServing(serving);
  });
  rmSync(folder, { recursive: true });
  const parts = said.filter((part) => part !== '');
  if (parts.length !== count) throw new Error(`${parts.length} answers to ${count} commands`);
  const answers = parts.map((part) => part.trimEnd().split('\n').map(withoutSeq));
  return { lines, answers, emptyBooks: booksOf(booksKind(nodePorts.sha256).create()), books };
}

/** A log as it lies there, read from its first event on, and from its newest snapshot. */
export interface Survivors {
  readonly report: RecoveryReport;
  /** Seqs of the commands that were executed, in their order. */
  readonly seqs: readonly number[];
}

/**
 * Reads what is left of a log; it holds exactly the first commands of the script. Throws where it does not. Undefined
 * where there is no log yet.
 */
export function readSurvivors(folder: string, { books, emptyBooks }: Script): Survivors | undefined {
  if (!existsSync(folder)) return undefined;
  return readFolder(folder, ({ config }) => {
    const whole = recoverLog({ ...config, everything: true });
    if (!whole.ok && whole.error.code === 'noLog') return undefined;
    if (!whole.ok) throw new Error(`verify: ${JSON.stringify(whole.error)}`);
    const fast = recoverLog(config);
    if (!fast.ok) throw new Error(`recover: ${JSON.stringify(fast.error)}`);
    const { report } = fast.value;
    const keys = ['nextSeq', 'hash', 'stateHash'] as const;
    for (const key of keys) same(`${key} by a snapshot`, whole.value.report[key], report[key]);
    same('bad snapshots', '', whole.value.report.refused.map(({ name }) => name).join());
    const machine = whole.value.machine as BooksMachine;
    const { order, head } = machine.state.window;
    const entries = order.slice(head);
    const ids = entries.map(({ cmdId }) => cmdId);
    same('the commands that are there', entries.map((_, k) => cmdIdOf(k)).join(), ids.join());
    const isBegun = machine.state.sources > 0;
    same('the books of that prefix', isBegun ? books[ids.length] : emptyBooks, booksOf(machine));
    return { report, seqs: entries.map(({ seq }) => seq) };
  });
}

export function same(what: string, expected: unknown, found: unknown): void {
  if (expected !== found) throw new Error(`${what}: expected ${String(expected)}, found ${String(found)}`);
}
