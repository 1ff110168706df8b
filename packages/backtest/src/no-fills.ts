/** Why a run has no fills: the main reason, from what was counted. */
import { Kind } from '@truetape/contracts';
import type { Backtest } from './state.ts';
import { timedCount } from './timed-queue.ts';

const most = (counts: ReadonlyMap<string, number>): readonly [name: string, count: number] | undefined =>
  [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))[0];

/** One sentence. The first step that let nothing through is the reason. */
export function reasonForNothing({ metrics, engine, entry, responses }: Backtest): string {
  const { kinds, denials, rejects, noActions, throttled } = metrics;
  if (engine.runs.length === 0) return 'there was no strategy';
  if (!engine.isStarted) return 'no event of the tape lies in the time that was asked for';
  const asked = kinds[Kind.Intent] + kinds[Kind.Target];
  const idle = most(noActions);
  if (asked === 0) {
    return idle === undefined
      ? 'the strategy never asked for anything, and never said why'
      : `the strategy never asked for anything: ${idle[0]}, ${idle[1]} times`;
  }
  const sent = kinds[Kind.NewOrder];
  if (sent === 0) {
    const denied = most(denials);
    if (denied !== undefined) return `risk let no order pass: ${denied[0]}, ${denied[1]} times`;
    return throttled > 0 ? `risk throttled every order: ${throttled}` : 'no order was needed';
  }
  const accepted = kinds[Kind.Accepted];
  const rejected = most(rejects);
  if (accepted === 0 && rejected !== undefined)
    return `the venue rejected every order: ${rejected[0]}, ${rejected[1]} times`;
  if (accepted === 0) {
    const underWay = timedCount(entry) + timedCount(responses);
    return `no order had been answered when the tape ended; ${underWay} messages were under way`;
  }
  const unreached = noActions.get('queueNotReached') ?? 0;
  if (unreached > 0)
    return `${unreached} orders were canceled or expired with others ahead of them in the queue`;
  return 'orders rested, and the market never came to their prices';
}
