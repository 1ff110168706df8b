/** Which process this is, and whether another still runs: a pid alone is used again. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { systemCode } from '../input-error.ts';

/** A process, told apart from every other one there was. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started: ticks since the boot, on macOS its date. `0` where the system does not say. */
  readonly start: string;
  /** The boot of the machine: eight hexadecimal digits. */
  readonly boot: string;
  /** The machine's name, and the pid namespace where the process has one of its own: a container. */
  readonly host: string;
}

/** The pid namespace of a machine's own processes. */
const MACHINE_PIDS = 'pid:[4026531836]';
const HOST_CHARS_MAX = 120;
/** Between a machine's name and a pid namespace; no host name has it. */
const NAMESPACE_MARK = '~';

const STAT_STATE = 0;
const STAT_THREADS = 17;
const STAT_START = 19;

function run(command: string, args: readonly string[]): string {
  const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
  try {
    return execFileSync(command, args, { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return '';
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}

function bootText(): string {
  if (process.platform === 'linux') return readText('/proc/sys/kernel/random/boot_id')?.trim() ?? '';
  return process.platform === 'darwin' ? run('sysctl', ['-n', 'kern.bootsessionuuid']) : '';
}

function namespaceOf(): string {
  if (process.platform !== 'linux') return '';
  try {
    const link = readlinkSync('/proc/self/ns/pid');
    return link === MACHINE_PIDS ? '' : `${NAMESPACE_MARK}${link.replace(/\D/g, '')}`;
  } catch {
    return '';
  }
}

/** Fields of a line of /proc/<pid>/stat from the third on; the second, the command, may hold anything. */
function statFields(pid: number): readonly string[] | undefined {
  const text = readText(`/proc/${pid}/stat`);
  return text?.slice(text.lastIndexOf(')') + 2).split(' ');
}

function startOf(pid: number): string {
  if (process.platform === 'linux') return statFields(pid)?.[STAT_START] ?? '0';
  if (process.platform !== 'darwin') return '0';
  return run('ps', ['-o', 'lstart=', '-p', String(pid)]).replace(/[^A-Za-z0-9]/g, '') || '0';
}

let known: ProcessIdentity | undefined;

/** This process. */
export function ownIdentity(): ProcessIdentity {
  if (known !== undefined) return known;
  const { pid } = process;
  const machine =
    hostname()
      .replace(/[^A-Za-z0-9._-]/g, '-')
      .slice(0, HOST_CHARS_MAX) || 'localhost';
  const boot = createHash('sha256').update(bootText()).digest('hex').slice(0, 8);
  known = { pid, start: startOf(pid), boot, host: machine + namespaceOf() };
  return known;
}

function machineOf(host: string): string {
  return host.split(NAMESPACE_MARK, 1)[0];
}

/** Nothing of it runs any more: a zombie whose threads have ended has let go of its files. */
function isZombie(fields: readonly string[]): boolean {
  return (fields[STAT_STATE] === 'Z' || fields[STAT_STATE] === 'X') && Number(fields[STAT_THREADS]) <= 1;
}

/**
 * Whether a process still runs, as far as this one can tell: `unknown` for one of another machine, or of another
 * container of this one. A start time that the system does not say is taken for the same.
 */
export function statusOf(other: ProcessIdentity): 'alive' | 'dead' | 'unknown' {
  const own = ownIdentity();
  if (machineOf(other.host) !== machineOf(own.host)) return 'unknown';
  if (other.boot !== own.boot) return 'dead';
  if (other.host !== own.host) return 'unknown';
  try {
    process.kill(other.pid, 0);
  } catch (error) {
    if (systemCode(error) === 'ESRCH') return 'dead';
  }
  const fields = process.platform === 'linux' ? statFields(other.pid) : undefined;
  if (fields !== undefined && isZombie(fields)) return 'dead';
  const start = startOf(other.pid);
  return start === '0' || other.start === '0' || start === other.start ? 'alive' : 'dead';
}
