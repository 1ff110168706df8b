// A long random account, its state at many points: the same bytes everywhere.
import { canonicalText } from '@truetape/contracts';
import { applyLedger, createLedgerOut, equityOf, saveLedger, worthIn } from '@truetape/ledger';
import {
  BTC,
  INVERSE,
  LINEAR,
  SPOT,
  USDT,
  cash,
  configOf,
  fillOf,
  ledgerOf,
  markOf,
  units,
} from './setups.ts';

const ledger = ledgerOf(configOf());
const out = createLedgerOut();
let seed = 7;
const next = (bound: number): number => (seed = (seed * 48_271) % 2_147_483_647) % bound;

applyLedger(ledger, cash('deposit', USDT, units('100000')), out);
for (let k = 0; k < 4000; k++) {
  const instrument = [SPOT, LINEAR, INVERSE][next(3)];
  const ticks = (500_000 + next(9999)) * (instrument === SPOT ? 10 : 1);
  const fill = fillOf(instrument, next(2) === 0 ? 'buy' : 'sell', 1 + next(500), ticks, { tradeId: k });
  const error = applyLedger(ledger, fill, out);
  const flows = out.flows.slice(0, out.count).map(({ amount }) => String(amount));
  if (k % 3 === 0) applyLedger(ledger, markOf(instrument, String(50_000 + next(999))), out);
  const equity = [USDT, BTC].map((asset) => `${equityOf(ledger, asset)} ${worthIn(ledger, asset) ?? '-'}`);
  process.stdout.write(`${error?.code ?? flows.join(' ')} ${equity.join(' ')}\n`);
  if (k % 500 === 0) process.stdout.write(`${canonicalText(saveLedger(ledger))}\n`);
}
