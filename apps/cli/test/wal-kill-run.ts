/** Logs whose servers are killed again and again. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStream } from '@truetape/kernel';
import type { RandomStream } from '@truetape/kernel';
import { ended, start } from './truetape.ts';
import { drawMoment, live } from './wal-kill-life.ts';
import type { World } from './wal-kill-life.ts';
import { createScript, readSurvivors, same } from './wal-kill-script.ts';
import type { Survivors } from './wal-kill-script.ts';

/** Commands that are sent in a life at most. */
const COMMANDS = 40;

function drawOptions(random: RandomStream): string[] {
  const pick = (...values: readonly number[]): string => String(values[random.nextInt(values.length)]);
  const group = ['--group-delay-ms', pick(0, 1, 5), '--group-max', pick(2, 7, 64)];
  const sizes = ['--segment-bytes', pick(4096, 6000, 16_384, 65_536), '--snapshot-every', pick(5, 11, 30)];
  const often = ['--checkpoint-every', pick(3, 10, 50), '--keep', pick(1, 2, 3)];
  const level = random.nextInt(2) === 0 ? ['--durability', 'sync'] : ['--durability', 'group', ...group];
  return [...level, ...sizes, ...often, '--cmd-window', '4096'];
}

/** Kills a compaction somewhere; what it was in the middle of is ended by the next one, or by nobody. */
async function killCompaction(folder: string, random: RandomStream): Promise<void> {
  const child = start(['wal', 'compact', folder, '--policy', random.nextInt(2) === 0 ? 'archive' : 'delete']);
  const timer = setTimeout(() => child.kill('SIGKILL'), 150 + random.nextInt(300));
  const { code, signal, stderr } = await ended(child);
  clearTimeout(timer);
  // Without a snapshot there is nothing to compact.
  const isFine = signal === 'SIGKILL' || code === 0 || stderr.includes('snapshot');
  if (!isFine) throw new Error(`a compaction ended with ${code}: ${stderr}`);
}

export interface KillTally {
  kills: number;
  commands: number;
  /** Kills before commands were taken, and those that left a file that is not all there. */
  early: number;
  unfinished: number;
  /** Kills that left a torn end, and how many commands were durable that nobody had been told of. */
  torn: number;
  untold: number;
}

export const createTally = (): KillTally => ({
  kills: 0,
  commands: 0,
  early: 0,
  unfinished: 0,
  torn: 0,
  untold: 0,
});

/** Kills the servers of one log so many times, then lets one end. A failure names its seed, and keeps the folder. */
export async function killLog(seed: string, kills: number, tally: KillTally): Promise<void> {
  const random = createStream(seed, 'moments');
  const folder = join(mkdtempSync(join(tmpdir(), 'truetape kill ')), 'log');
  const options = drawOptions(random);
  const script = await createScript(seed, kills * COMMANDS);
  const world: World = { folder, options, script, acked: [] };
  let before: Survivors | undefined;
  for (let left = kills; left >= 0; left--) {
    const commands = 1 + random.nextInt(COMMANDS);
    const moment = left === 0 ? ({ at: 'end' } as const) : drawMoment(random, commands);
    const count = left === 0 ? script.lines.length - world.acked.length : commands;
    try {
      const isEarly = !(await live(world, before, moment, count));
      tally.early += isEarly ? 1 : 0;
      before = readSurvivors(folder, script);
      if (left > 0 && before !== undefined && random.nextInt(8) === 0) {
        await killCompaction(folder, random);
        before = readSurvivors(folder, script);
      }
      check(world, before, left === 0);
    } catch (error) {
      const place = `behind ${kills - left} kills, then ${JSON.stringify(moment)}, ${options.join(' ')}, in ${folder}`;
      throw new Error(`${place}: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    }
    tally.kills += left === 0 ? 0 : 1;
    tally.unfinished += (before?.report.unfinished.length ?? 0) > 0 ? 1 : 0;
    tally.torn += before?.report.torn === undefined ? 0 : 1;
    tally.untold += (before?.seqs.length ?? 0) - world.acked.length;
  }
  tally.commands += world.acked.length;
  rmSync(join(folder, '..'), { recursive: true });
}

/** All that was acknowledged is there, under its seq; at the end everything is. */
function check({ acked, script }: World, left: Survivors | undefined, isEnd: boolean): void {
  const seqs = left?.seqs ?? [];
  if (seqs.length < acked.length)
    throw new Error(`lost: ${acked.length} commands were acknowledged, ${seqs.length} are there`);
  for (const [k, seq] of acked.entries()) same(`the seq of c${k} in the log`, seq, seqs[k]);
  if (!isEnd) return;
  same('commands at the end', script.lines.length, seqs.length);
  same('the last segment is sealed', true, left?.report.segments.at(-1)?.sealed);
}

/** Kills the servers of several logs, two at a time. Returns what came of it, and the failures. */
export async function killLogs(
  seeds: readonly string[],
  killsEach: number,
): Promise<{ readonly tally: KillTally; readonly failures: readonly string[] }> {
  const tally = createTally();
  const failures: string[] = [];
  const waiting = seeds.slice();
  const lane = async (): Promise<void> => {
    for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) {
      try {
        await killLog(seed, killsEach, tally);
      } catch (error) {
        failures.push(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  };
  await Promise.all([lane(), lane()]);
  return { tally, failures };
}
