/** The end of the demo: an engine of its own, killed in the middle of its work. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { nodePorts, openLogStorage } from '@truetape/host';
import { booksKind, recoverLog } from '@truetape/wal';
import { CliFailure, EXIT } from '../failure.ts';

const COMMANDS = 300;

/** Orders around a price, each third one crosses it. */
function commandLine(k: number): string {
  const side = k % 2 === 0 ? 'buy' : 'sell';
  const away = k % 3 === 0 ? -2 : 1 + (k % 5);
  const price = side === 'buy' ? 1000 - away : 1001 + away;
  return JSON.stringify({
    op: 'new',
    id: k,
    side,
    price,
    qty: 1 + (k % 9),
    owner: `T${k % 4}`,
    timeNs: k * 1000,
  });
}

/** The state that a log gives now. */
function stateOf(folder: string): string {
  const storage = openLogStorage(folder);
  const read = storage.ok
    ? recoverLog({ storage: storage.value, ports: nodePorts, kind: booksKind(nodePorts.sha256) })
    : storage;
  if (!read.ok) throw new CliFailure(EXIT.failure, `the demo's log: ${read.error.code}`, 'please report it');
  return read.value.report.stateHash;
}

/**
 * Serves a log in a process of its own, waits until all its commands are answered, and kills it while it waits for the
 * rest of another. Returns what was seen of it.
 */
export async function crashServer(folder: string): Promise<string> {
  const args = ['wal', 'serve', folder, '--clock', 'input', '--id', 'demo', '--jsonl'];
  const child = spawn(process.execPath, [process.argv[1], ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  for (let k = 1; k <= COMMANDS; k++) child.stdin.write(`${commandLine(k)}\n`);
  child.stdin.write('{"op":"new","id":301,"side":"bu');
  let last = 0;
  const seqs = new Set<number>();
  for await (const line of createInterface({ input: child.stdout })) {
    const { event, seq } = JSON.parse(line) as { readonly event: string; readonly seq?: number };
    if (event === 'recovered' || seq === undefined) continue;
    seqs.add(seq);
    last = seq;
    if (seqs.size === COMMANDS) break;
  }
  const state = stateOf(folder);
  child.kill('SIGKILL');
  await ended;
  return (
    `  ${seqs.size} commands answered, the last with seq ${last}; state hash ${state}\n` +
    `  kill -9, in the middle of a line\n`
  );
}
