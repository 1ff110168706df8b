/** Why a run has no fills: the main reason, from what was counted. */
import { Kind, NONE } from '@truetape/contracts';
import type { Backtest } from './state.ts';
import { timedCount } from './timed-queue.ts';

/** The step at which nothing went on, how often, and a sentence. */
export interface NothingFilled {
  /**
   * What it was: `noStrategy`, `noTime`, `noData`, `silent`, `sizedToZero`, `denied`, `throttled`, `notNeeded`,
   * `unanswered`, `rejected`, `queueNotReached`, `expired`, `canceled`, `neverReached`, or the code of a NoAction.
   */
  readonly reason: string;
  /** The main code of a denial or a rejection; else null. */
  readonly code: string | null;
  readonly count: number;
  readonly text: string;
}

type Counts = ReadonlyMap<string, number>;
type Most = readonly [name: string, count: number];

const most = (counts: Counts): Most | undefined =>
  [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))[0];
const sumOf = (counts: Counts): number => [...counts.values()].reduce((sum, count) => sum + count, 0);
const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);

function because(reason: string, count: number, text: string, code: string | null = null): NothingFilled {
  return { reason, code, count, text };
}

/**
 * The first step that let nothing through is the reason; where it had several, the most frequent. A rate always lets
 * the first order through: it is the reason where it held back more than it did.
 */
export function reasonForNothing(backtest: Backtest): NothingFilled {
  const { metrics, engine } = backtest;
  const { kinds } = metrics;
  if (engine.runs.length === 0) return because('noStrategy', 0, 'there was no strategy');
  if (!engine.isStarted)
    return because('noTime', 0, 'no event of the tape lies in the time that was asked for');
  const isBlind = engine.views.every(({ seenNs }) => seenNs === NONE);
  if (isBlind) return because('noData', 0, 'no market data reached the strategy before the tape ended');
  if (kinds[Kind.Intent] + kinds[Kind.Target] === 0) return reasonForSilence(backtest);
  const sent = kinds[Kind.NewOrder];
  if (sent === 0) return reasonForNotSending(backtest);
  const { throttled } = metrics;
  if (throttled > sent) {
    const text = `risk throttled ${throttled} orders and changes of orders, and let ${sent} orders pass`;
    return because('throttled', throttled, text);
  }
  return kinds[Kind.Accepted] === 0 ? reasonForNoAnswer(backtest) : reasonForResting(backtest);
}

function reasonForSilence({ metrics }: Backtest): NothingFilled {
  // A reason is told once as long as it lasts, so of those that are equal the later one is how it stayed.
  const [idle] = [...metrics.noActions].reverse().sort(([, n], [, m]) => m - n) as (Most | undefined)[];
  const never = 'the strategy never asked for anything';
  return idle === undefined
    ? because('silent', 0, `${never}, and never said why`)
    : because(idle[0], idle[1], `${never}: ${idle[0]}, ${times(idle[1])}`);
}

/** The most frequent of several, the first of those that are equal; undefined where none ever was. */
function mainOf(all: readonly NothingFilled[]): NothingFilled | undefined {
  const found = all.reduce((a, b) => (b.count > a.count ? b : a));
  return found.count > 0 ? found : undefined;
}

function reasonForNotSending({ metrics }: Backtest): NothingFilled {
  const { denials, noActions } = metrics;
  const [code, count] = most(denials) ?? ['', 0];
  const zeros = noActions.get('sizedToZero') ?? 0;
  const found = mainOf([
    because('denied', sumOf(denials), `risk let no order pass: ${code}, ${times(count)}`, code),
    because('sizedToZero', zeros, `what was wanted came to no lots: sizedToZero, ${times(zeros)}`),
  ]);
  return found ?? because('notNeeded', 0, 'large orders were announced, and none was sent');
}

function reasonForNoAnswer({ metrics, entry, responses }: Backtest): NothingFilled {
  const { newRejects, kinds } = metrics;
  const rejected = sumOf(newRejects);
  const [code, count] = most(newRejects) ?? ['', 0];
  const open = kinds[Kind.NewOrder] - rejected;
  const underWay = timedCount(entry) + timedCount(responses);
  return mainOf([
    because('rejected', rejected, `the venue rejected every order: ${code}, ${times(count)}`, code),
    because(
      'unanswered',
      open,
      `no order had been answered when the tape ended; ${underWay} messages were under way`,
    ),
  ])!;
}

function reasonForResting({ metrics }: Backtest): NothingFilled {
  const { kinds, noActions, cancelReasons } = metrics;
  const unreached = noActions.get('queueNotReached') ?? 0;
  const ahead = `${unreached} orders ended with others ahead of them in the queue`;
  const [code, count] = most(cancelReasons) ?? ['', 0];
  // Those that ended in the queue were canceled, or expired, as well.
  const expired = Math.max(0, kinds[Kind.Expired] - unreached);
  const canceled = Math.max(0, kinds[Kind.Canceled] - unreached);
  const found = mainOf([
    because('queueNotReached', unreached, ahead),
    because(
      'expired',
      expired,
      `the market never came to the orders' prices before they expired: ${expired}`,
    ),
    because(
      'canceled',
      canceled,
      `the market never came to the orders' prices before they were canceled: ${code}, ${times(count)}`,
      code,
    ),
  ]);
  return found ?? because('neverReached', 0, 'orders rested, and the market never came to their prices');
}
