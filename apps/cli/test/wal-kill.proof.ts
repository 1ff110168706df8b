// `kill -9` of `wal serve` at random moments, again and again: what is left is a prefix of what was sent, with
// everything that was acknowledged, and what is sent again is done once.
//
// TRUETAPE_KILLS=2000 for a long run; TRUETAPE_SEED=<seed of the failure> for that log alone.
import { expect, test } from 'vitest';
import { killLogs } from './wal-kill-run.ts';

const KILLS_EACH = 10;
const kills = Number(process.env['TRUETAPE_KILLS'] ?? 200);
const asked = process.env['TRUETAPE_SEED'];
const seeds =
  asked === undefined
    ? Array.from({ length: Math.ceil(kills / KILLS_EACH) }, (_, k) => `kill-${k}`)
    : [asked];

/** On a machine that is busy a life takes a second or two. */
const LIFE_MS_MAX = 3000;
const timeout = Math.max(300_000, kills * LIFE_MS_MAX);
const last = seeds.at(-1)!;

test(
  `${kills} kills of servers, ${KILLS_EACH} of each log (${seeds[0]} to ${last})`,
  { timeout },
  async () => {
    const startMs = performance.now();
    const { tally, failures } = await killLogs(seeds, KILLS_EACH);
    const seconds = ((performance.now() - startMs) / 1000).toFixed(0);
    console.log(
      `${tally.kills} kills in ${seconds} s: ${tally.commands} commands acknowledged, ${tally.early} kills at the start, ` +
        `${tally.unfinished} in the middle of a file, ${tally.torn} torn ends, ${tally.untold} commands durable untold`,
    );
    const again = 'node tools/go.mjs vitest run --project proofs apps/cli/test/wal-kill.proof.ts';
    const told = failures.map((text) => `${text}\n  TRUETAPE_SEED=${/^seed (\S+):/.exec(text)![1]} ${again}`);
    expect(told).toEqual([]);
    expect(tally.kills).toBe(seeds.length * KILLS_EACH);
  },
);
