// Runs a producer of bytes under every supported Node and under a hostile time zone and locale.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../tools/architecture/repository.ts';

/** What one environment printed. */
export type ProducerRun = { readonly environment: string; readonly stdout: Buffer };

/** A zone with a quarter-hour offset, and the locale whose upper-case i is another letter. */
export const HOSTILE = { TZ: 'Asia/Kathmandu', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' } as const;
const PLAIN = { TZ: 'UTC', LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8' } as const;

/** The Node binaries that set-up put side by side: the host's own counts when its major fits. */
export const NODES: readonly { readonly major: string; readonly path: string }[] = ['24', '26'].map(
  (major) => ({
    major,
    path: process.env[`TRUETAPE_NODE_${major}`] ?? '',
  }),
);

/** One Node with plain or with hostile settings. */
export interface Environment {
  readonly major: string;
  readonly settings: 'plain' | 'hostile';
}

export const ENVIRONMENTS: readonly Environment[] = (['plain', 'hostile'] as const).flatMap((settings) =>
  NODES.map(({ major }) => ({ major, settings })),
);

/** The two that have nothing in common. */
export const EXTREMES: readonly Environment[] = ENVIRONMENTS.filter(
  ({ major, settings }) => (major === '24') === (settings === 'plain'),
);

/** Runs `script` with `args` in an environment. Rejects when the run fails. */
export async function runIn(
  { major, settings }: Environment,
  script: string,
  args: readonly string[],
): Promise<ProducerRun> {
  const path = NODES.find((node) => node.major === major)?.path ?? '';
  return settings === 'plain'
    ? produce(path, `Node ${major}`, PLAIN, [script, ...args])
    : produce(path, `Node ${major}, ${HOSTILE.TZ}, ${HOSTILE.LANG}`, HOSTILE, [script, ...args]);
}

function produce(
  node: string,
  environment: string,
  settings: Readonly<Record<string, string>>,
  args: readonly string[],
): Promise<ProducerRun> {
  if (!existsSync(node)) {
    throw new Error(
      `${environment} is not set up: start the tests with npm test or node tools/go.mjs vitest`,
    );
  }
  return new Promise((resolve, reject) => {
    const env = { ...process.env, ...settings, NODE_OPTIONS: '' };
    const child = spawn(node, args, { cwd: join(ROOT), env, stdio: ['ignore', 'pipe', 'pipe'] });
    const stdout: Buffer[] = [];
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve({ environment, stdout: Buffer.concat(stdout) });
      else reject(new Error(`${environment}: exit ${code}\n${stderr}`));
    });
  });
}
