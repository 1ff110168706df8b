// Output tapes, reports, saved states and pages of backtests: the same under every Node, time zone and locale.
import { reportOf, saveBacktest } from '@truetape/backtest';
import { canonicalText } from '@truetape/contracts';
import { pageOf } from '../backtest-pages.ts';
import { run, simTape } from './runs.ts';

const tape = simTape('mixed', 'producer', 3000);
const latency = {
  feed: { kind: 'logNormal', medianNs: 300_000, sigmaPermille: 500 },
  order: { kind: 'uniform', minNs: 100_000, maxNs: 3_000_000 },
};
const slippage = { kind: 'volatility', permille: 500, shift: 4 };
const small = { barNs: 20_000_000, bars: 4 };

for (const mode of ['exchange', 'replay', 'ideal']) {
  for (const [strategy, parameters] of [
    ['market-maker', {}],
    ['mean-reversion', { ...small, entryPermille: 900, exitPermille: 100 }],
    ['vwap', { startNs: 50_000_000, durationNs: 400_000_000, qtyLots: 30 }],
  ] as const) {
    for (const kind of ['spot', 'inverse']) {
      const instrument = { class: kind, leverage: 20, slippage };
      const config = { mode, latency, instrument, strategy: parameters };
      const { backtest, hash } = run(tape, { strategy, config, seed: 'producer' });
      const saved = saveBacktest(backtest);
      process.stdout.write(`${mode} ${strategy} ${kind} ${hash}\n${canonicalText(reportOf(backtest))}\n`);
      process.stdout.write(`${saved.ok ? canonicalText(saved.value) : saved.error.path}\n`);
      process.stdout.write(pageOf(backtest));
    }
  }
}
