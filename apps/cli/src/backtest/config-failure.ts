/** What is wrong with a configuration, told with every path. */
import type { ConfigProblem } from '@truetape/backtest';
import { EXIT } from '../failure.ts';
import { problemsFailure } from '../sim/config-source.ts';

/** Configurations that contradict each other or the tape. */
export function configFailure(problems: readonly ConfigProblem[]): Error {
  return problemsFailure('the configuration', problems, {
    exitCode: EXIT.usage,
    next: 'truetape backtest schema says what is expected',
  });
}
