/** One life of a server: it is started, sent commands, and killed at a moment that was drawn; or left to its end. */
import type { ChildProcess } from 'node:child_process';
import { existsSync, watch } from 'node:fs';
import type { RandomStream } from '@truetape/kernel';
import { start } from './truetape.ts';
import { cmdIdOf, same, withoutSeq } from './wal-kill-script.ts';
import type { Script, Survivors } from './wal-kill-script.ts';

/** When a server is killed. */
export type Moment =
  /** So many ms behind its start: mostly while it starts, or recovers. */
  | { readonly at: 'start'; readonly ms: number }
  /** At an answer, so many ms behind it. */
  | { readonly at: 'answer'; readonly answers: number; readonly ms: number }
  /** As soon as a file appears that is not all there yet: in a rotation, or a snapshot. */
  | { readonly at: 'newFile'; readonly files: number }
  /** In the middle of a line that it waits for the rest of, with a mark behind its last commit. */
  | { readonly at: 'idle'; readonly ms: number }
  /** Not at all: whoever reads its answers goes, and it has to end by itself. */
  | { readonly at: 'reader'; readonly answers: number }
  /** Not at all: its input ends. */
  | { readonly at: 'end' };

export function drawMoment(random: RandomStream, commands: number): Moment {
  const answers = 1 + random.nextInt(commands);
  switch (random.nextInt(10)) {
    case 0:
    case 1:
      return { at: 'start', ms: random.nextInt(400) };
    case 2:
    case 3:
    case 4:
      return { at: 'newFile', files: 1 + random.nextInt(4) };
    case 5:
      return { at: 'idle', ms: random.nextInt(90) };
    case 6:
      return { at: 'reader', answers };
    default:
      return { at: 'answer', answers, ms: random.nextInt(4) };
  }
}

/** What the world knows of a log. */
export interface World {
  readonly folder: string;
  readonly options: readonly string[];
  readonly script: Script;
  /** Seqs of acknowledged commands, in the order of the script. */
  readonly acked: number[];
}

/** Acknowledged commands that are sent again all the same. */
const AGAIN = 3;

/** What a server said in its life. */
interface Told {
  recovered: { readonly lastSeq: number | null; readonly stateHash: string } | undefined;
  /** Whole lines of answers. */
  readonly lines: string[];
}

/**
 * Starts a server, sends it commands from the first unacknowledged one on, and ends it. Returns whether it came so far
 * as to take commands. Throws what is wrong.
 */
export async function live(
  world: World,
  before: Survivors | undefined,
  moment: Moment,
  commands: number,
): Promise<boolean> {
  const { folder, options, script, acked } = world;
  const first = Math.max(0, acked.length - AGAIN);
  const lines = script.lines.slice(first, acked.length + commands);
  const child = start(['wal', 'serve', folder, '--jsonl', ...options]);
  const told: Told = { recovered: undefined, lines: [] };
  let errors = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const ended = new Promise<NodeJS.Signals | number>((resolve, reject) => {
    child.on('error', reject).on('close', (code, signal) => resolve(signal ?? code ?? -1));
  });
  const stop = listen(child, told, folder, moment);
  child.stdin!.write(lines.map((line) => `${line}\n`).join('') + (moment.at === 'idle' ? '{"op":"ne' : ''));
  if (moment.at === 'end' || moment.at === 'reader') child.stdin!.end();
  const how = await ended;
  stop();
  const isOver = moment.at === 'end' || moment.at === 'reader';
  if (how !== (isOver ? 0 : 'SIGKILL')) throw new Error(`the server ended with ${how}: ${errors}`);
  judge(world, before, told, first);
  if (moment.at === 'end') same('acknowledged by an orderly end', first + lines.length, acked.length);
  return told.recovered !== undefined;
}

/** Reads what a server says, and kills it when its moment has come. Returns what ends the watch. */
function listen(child: ChildProcess, told: Told, folder: string, moment: Moment): () => void {
  const timers: NodeJS.Timeout[] = [];
  const kill = (ms: number): void => {
    if (ms === 0) child.kill('SIGKILL');
    else timers.push(setTimeout(() => child.kill('SIGKILL'), ms));
  };
  // A moment that does not come: nothing is left to be answered, or no file is made.
  const isKilled = moment.at !== 'end' && moment.at !== 'reader';
  if (isKilled) kill(moment.at === 'start' ? moment.ms : 3000);
  const watcher =
    moment.at === 'newFile' && existsSync(folder) ? watchNew(folder, moment.files, kill) : undefined;
  let rest = '';
  let quiet: NodeJS.Timeout | undefined;
  const answers = 'answers' in moment ? moment.answers : 0;
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop()!;
    for (const line of parts) {
      if (told.recovered === undefined) told.recovered = JSON.parse(line) as Told['recovered'];
      else told.lines.push(line);
    }
    if (moment.at === 'answer' && told.lines.length >= answers) kill(moment.ms);
    if (moment.at === 'reader' && told.lines.length >= answers) child.stdout!.destroy();
    clearTimeout(quiet);
    // Everything that was sent is answered.
    if (isKilled && moment.at !== 'start')
      quiet = setTimeout(() => kill(0), 60 + ('ms' in moment ? moment.ms : 0));
  });
  return () => {
    watcher?.close();
    clearTimeout(quiet);
    for (const timer of timers) clearTimeout(timer);
  };
}

function watchNew(folder: string, files: number, kill: (ms: number) => void): { close(): void } {
  let left = files;
  const watcher = watch(folder, (_, name) => {
    if (name?.endsWith('.new') !== true) return;
    left -= 1;
    if (left === 0) kill(0);
  });
  return watcher;
}

/** Holds what a server said against what was there before it, and against what was said before. */
function judge({ script, acked }: World, before: Survivors | undefined, told: Told, first: number): void {
  const { recovered, lines } = told;
  if (recovered !== undefined) {
    const { nextSeq, stateHash } = before?.report ?? { nextSeq: 0, stateHash: recovered.stateHash };
    same('recovered: last seq', nextSeq === 0 ? null : nextSeq - 1, recovered.lastSeq);
    same('recovered: state', stateHash, recovered.stateHash);
  }
  const executed = before?.seqs ?? [];
  let at = 0;
  for (let k = first; at < lines.length; k++) {
    const expected = script.answers[k];
    const own = lines.slice(at, at + expected.length);
    at += expected.length;
    // Whoever is killed may leave the last answer unfinished: its first line acknowledges it.
    same(
      `the answer to ${cmdIdOf(k)}`,
      expected.slice(0, own.length).join('\n'),
      own.map(withoutSeq).join('\n'),
    );
    const { seq, repeated = false } = JSON.parse(own[0]) as { seq: number; repeated?: boolean };
    same(`${cmdIdOf(k)} is a repeat`, k < executed.length, repeated);
    if (repeated) same(`the seq of ${cmdIdOf(k)}`, executed[k], seq);
    if (k < acked.length) same(`the seq of ${cmdIdOf(k)}, which was acknowledged`, acked[k], seq);
    else acked.push(seq);
  }
}
