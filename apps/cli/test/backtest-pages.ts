/** Pages of backtests in memory, for the tests of what stands in them and of what a browser makes of them. */
import { reportOf } from '@truetape/backtest';
import type { Backtest } from '@truetape/backtest';
import type { JsonObject } from '@truetape/contracts';
import { renderBacktestPage } from '../src/backtest/page/page.ts';
import type { BacktestPage } from '../src/backtest/page/page.ts';
import { run, simTape } from './backtest/runs.ts';
import type { RunOptions, TestTape } from './backtest/runs.ts';

/** Buys and sells as maker and as taker, with limits that deny and fees that add up. */
export const BUSY: RunOptions = {
  strategy: {
    name: 'busy',
    listens: { trades: true },
    make: () => ({
      state: { count: 0 },
      onMarket(context, { market }) {
        const state = this.state as { count: number };
        state.count += 1;
        const side = state.count % 4 < 2 ? 'buy' : 'sell';
        const priceTicks = side === 'buy' ? market.bidTicks : market.askTicks;
        if (state.count % 2 === 0) context.submit({ market, side, qtyLots: 1 });
        else if (context.levels(market, side, 1).length > 0)
          context.submit({ market, side, qtyLots: 1, priceTicks, postOnly: 'reject' });
      },
    }),
  },
  config: {
    mode: 'exchange',
    sampleNs: 5_000_000,
    instrument: { class: 'linear', leverage: 20 },
    latency: { order: { kind: 'uniform', minNs: 100_000, maxNs: 4_000_000 } },
    risk: { limits: { maxPositionLots: 4 }, account: { orderRate: { orders: 30, perNs: 100_000_000 } } },
  },
};

export const marketOf = (events: number): TestTape => simTape('calm', '5', events);

/** What stands in a page besides its run. */
const WORDS = {
  strategy: 'busy',
  tape: 'market.rpl',
  tapeHash: '5eed'.repeat(16),
  tapeCount: 6000,
  hash: 'ab'.repeat(32),
  count: 1234,
};

export function pageOf(backtest: Backtest, change: Partial<BacktestPage> = {}): string {
  return renderBacktestPage({ ...WORDS, backtest, report: reportOf(backtest), ...change });
}

/** The page of a run over a tape. */
export function pageOfRun(tape: TestTape, options: RunOptions = BUSY): string {
  return pageOf(run(tape, options).backtest);
}

/** A report whose every instrument has another name, and a backtest that knows it by that. */
export function renamed(backtest: Backtest, name: string): { backtest: Backtest; report: JsonObject } {
  const instruments = backtest.universe.instruments.map((one) => ({ ...one, id: name }));
  const universe = { ...backtest.universe, instruments };
  const changed = { ...backtest, universe };
  return { backtest: changed, report: reportOf(changed) };
}
