/** The file that `backtest new` writes: it works, and shows where to go on. */
import { basename } from 'node:path';
import { quoted } from '../wording.ts';

const NAME_MAX = 32;

/** The name of the strategy in a file; `my-strategy` where the file's name makes none. */
export function strategyNameOf(file: string): string {
  const name = basename(file)
    .replace(/\.m?ts$/, '')
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .slice(0, NAME_MAX);
  return /^[A-Za-z]/.test(name) ? name : 'my-strategy';
}

/** The text of the file. */
export function exampleStrategy(name: string, file: string): string {
  // In one pass: a name may have either word in it. What stands for it is no pattern.
  return EXAMPLE.replaceAll(/'NAME'|\.\/FILE/g, (word) =>
    word === "'NAME'" ? `'${name}'` : quoted(`./${basename(file)}`),
  );
}

const EXAMPLE = `// A strategy: long while a fast average of prices is above a slow one, short while it is below.
// To run it:
//
//   truetape backtest run --tape run.rpl --strategy ./FILE
//   truetape backtest run --tape run.rpl --strategy ./FILE --set strategy.fast=3 --set strategy.slow=30
//   truetape backtest strategies --template ./FILE      its parameters, as a file for --config
//
// Types are stripped and nothing else is done to this file: it may import types, and files beside it. What else it
// needs is in the kit: z for parameters, NONE for prices that are not there. It sees simulated time and seeded chance
// alone: Date, Math.random and performance throw.
import type { StrategyKit } from '@truetape/engine';

/** The mean of the last \`count\` numbers, in thousandths: an integer, the same on every machine. */
function mean(closes: readonly number[], count: number): number {
  let sum = 0;
  for (const close of closes.slice(-count)) sum += close;
  return Math.round((1000 * sum) / count);
}

export function define({ z, defineStrategy, NONE }: StrategyKit) {
  // Every parameter has a default and a description; a wrong one is refused before anything runs.
  const parameters = z.strictObject({
    barNs: z.int().min(1_000_000).default(100_000_000).describe('Length of a bar'),
    fast: z.int().min(1).max(1000).default(5).describe('Bars of the fast average'),
    slow: z.int().min(2).max(1000).default(20).describe('Bars of the slow average'),
    qtyLots: z.int().min(1).default(2).describe('Position, in lots'),
  });

  return defineStrategy({
    name: 'NAME',
    doc: 'Follows the faster of two moving averages.',
    parameters,
    // What it is told of. Also: depth: 'top' or 'all', trades: true, others: true (quotes, marks, states of the feed).
    listens: ({ barNs }) => ({ bars: { by: 'time', size: barNs } }),
    create: ({ fast, slow, qtyLots }) => {
      // All that it remembers is here, as plain data: a run is saved with it. Closes, by the market's index.
      const state: { closes: Record<number, number[]> } = { closes: {} };
      return {
        state,
        // Also: onStart, onMarket, onFill, onOrder, onTimer, onStop.
        onBar: (context, { market, closeTicks }) => {
          const closes = (state.closes[market.index] ??= []);
          closes.push(closeTicks);
          if (closes.length > Math.max(fast, slow)) closes.shift();
          if (closes.length < Math.max(fast, slow) || market.bidTicks === NONE) {
            // Says why it does nothing: the report counts it, and truetape why shows it.
            context.noAction('notReady', market);
            return;
          }
          const signal = mean(closes, fast) - mean(closes, slow);
          const wanted = signal > 0 ? qtyLots : signal < 0 ? -qtyLots : 0;
          if (wanted === context.positionLots(market)) context.noAction('noSignal', market);
          // A position that it wants: the engine sends what is missing. Orders of its own instead:
          //   context.submit({ market, side: 'buy', qtyLots: 1, priceTicks: market.bidTicks, postOnly: 'reject' });
          //   for (const order of context.openOrders(market)) context.cancel(order);
          else context.target(market, wanted, 'signal');
        },
      };
    },
  });
}
`;
