/** Peak memory of streaming commands, each in a process of its own, by what Linux counts. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { BenchRow } from './report.ts';

const LIMIT_MB = 200;
const LOOK_EVERY_MS = 20;

/** Highest resident size of a process so far, in kB; undefined once it has ended, and where there is no /proc. */
function peakKb(pid: number): number | undefined {
  try {
    const match = /VmHWM:\s+([0-9]+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return match === null ? undefined : Number(match[1]);
  } catch {
    return undefined;
  }
}

/** Runs the command line and watches it until it ends. */
export async function watch(
  args: readonly string[],
): Promise<{ readonly peakMb: number; readonly code: number | null }> {
  const child = spawn(process.execPath, [process.argv[1], ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  let peak = 0;
  const look = (): void => {
    peak = Math.max(peak, peakKb(child.pid ?? 0) ?? 0);
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', resolve);
  });
  clearInterval(timer);
  return { peakMb: peak / 1024, code };
}

/** Peak memory of each streaming command on a tape; nothing where the system does not tell. */
export async function benchMemory(tape: string, text: string, target: string): Promise<BenchRow[]> {
  if (peakKb(process.pid) === undefined) return [];
  const commands = [
    ['tape', 'summary', tape],
    ['tape', 'verify', tape],
    ['tape', 'view', tape, '--kind', 'Mark'],
    ['tape', 'convert', tape, '-o', target, '--force'],
    ['tape', 'verify', text],
    ['tape', 'diff', tape, tape],
  ];
  const rows: BenchRow[] = [];
  for (const args of commands) {
    const { peakMb, code } = await watch(args);
    const shown =
      args.slice(0, 2).join(' ') +
      (args.includes(text) ? ' (text)' : '') +
      (args.includes('--kind') ? ' --kind' : '');
    const measured = `${peakMb.toFixed(0)} MB${code === 0 ? '' : `, exit ${code}`}`;
    const met = code === 0 && peakMb < LIMIT_MB;
    rows.push({
      what: `peak memory of ${shown}`,
      target: `below ${LIMIT_MB} MB`,
      measured,
      met,
      detail: 'resident, as the system counts it',
    });
  }
  return rows;
}
