/** Strategies by name. */
import type { StrategyDefinition } from '@truetape/engine';
import { twap, vwap } from './execution.ts';
import { marketMaker } from './market-maker.ts';
import { meanReversion } from './mean-reversion.ts';
import { momentum } from './momentum.ts';

// Each checks its own parameters before it gets them.
const entries = [marketMaker, meanReversion, momentum, twap, vwap] as unknown as StrategyDefinition[];

/** All that are included, by name. */
export const STRATEGIES: readonly StrategyDefinition[] = entries;

/** The included strategy of this name. */
export function findStrategy(name: string): StrategyDefinition | undefined {
  return STRATEGIES.find((definition) => definition.name === name);
}
