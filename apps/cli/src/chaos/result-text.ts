/** What a sweep found, in words and as JSON: each failure with the one command that shows it again. */
import type { Sweep, SweepResult } from '@truetape/wal';

const again = (sweep: Sweep, seed: string, place: string): string =>
  `truetape chaos wal --seed ${seed} --sweep ${sweep} --only ${place}`;

export function resultText({ sweep, seed, possible, tried, counts, failures }: SweepResult): string {
  const words = Object.entries(counts).map(([name, count]) => `${name} ${count}`);
  const head = `seed ${seed}  ${sweep.padEnd(8)} ${tried} of ${possible} cases: ${words.join(', ')}\n`;
  const found = failures.map(
    ({ place, wrong }) => `  case ${place}: ${wrong}\n    ${again(sweep, seed, place)}\n`,
  );
  return head + (found.length === 0 ? '  nothing wrong\n' : found.join(''));
}

export function resultJson({ failures, ...result }: SweepResult): object {
  const { sweep, seed } = result;
  const told = failures.map((failure) => ({ ...failure, command: again(sweep, seed, failure.place) }));
  return { ...result, failures: told };
}
