/** Real captures through a market maker, from the gzip file to a ledger that balances. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kind, nameOfCode } from '@truetape/contracts';
import { createLedgerFold, foldLedgerEvent } from '@truetape/ledger';
import { describe, expect, test } from 'vitest';
import { ROOT, scratchFolder, truetape } from '../truetape.ts';
import { eventsOf, ofKind } from './runs.ts';

const REAL = join(ROOT, '..', 'shared', 'data', 'binance');
const folder = scratchFolder();

describe.skipIf(!existsSync(REAL))('real captures (skipped where ../shared/data is absent)', () => {
  // Fails where a capture's book is not known, where a fill has no assumption, or where cash has no event.
  test.each(['usdm', 'spot'])(
    '%s: a market maker trades, twice alike, and its books follow from its tape',
    async (market) => {
      const tape = join(folder, `${market}.rpl`);
      await truetape(['import', 'binance', join(REAL, `${market}_btcusdt_20240808.gz`), '-o', tape]);
      const out = join(folder, `${market}-out.rpl`);
      const args = ['backtest', 'run', '--tape', tape, '--strategy', 'market-maker', '--json'];
      const settings = [
        '--to-time',
        '+120s',
        '--set',
        'queue={"kind":"probPower","n":2}',
        '--set',
        'strategy.halfSpreadTicks=5',
      ];
      const once = await truetape([...args, ...settings, '-o', out]);
      expect([once.code, once.stderr]).toEqual([0, '']);
      const report = JSON.parse(once.stdout) as {
        mode: string;
        fills: { count: number };
        output: { hash: string };
      };
      expect(report.mode).toBe('replay');
      expect(report.fills.count).toBeGreaterThan(20);
      const twice = await truetape([...args, ...settings]);
      expect((JSON.parse(twice.stdout) as typeof report).output.hash).toBe(report.output.hash);
      const events = eventsOf(readFileSync(out));
      const assumptions = new Set(ofKind(events, Kind.Fill).map(({ basis }) => nameOfCode('basis', basis)));
      expect([...assumptions].every((name) => ['queueProbPower', 'tradeThrough'].includes(name))).toBe(true);
      const fold = createLedgerFold({
        account: 1,
        equityOn: 'last',
        policy: { roundPer: 'fill', rounding: 'halfUp' },
      });
      if (!fold.ok) throw new Error(fold.error.code);
      for (const event of events) expect(foldLedgerEvent(fold.value, event)).toBeUndefined();
      expect(fold.value.pending).toEqual([]);
    },
  );
});
