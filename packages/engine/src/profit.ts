/** Profit and loss of a run: what was traded, and nothing of what the account began with. */
import { unrealisedOf } from '@truetape/ledger';
import type { Ledger } from '@truetape/ledger';

/** Places in the totals of an asset, see `BALANCE_REASONS`. */
const FEE = 0;
const REBATE = 1;
const LIQUIDATION_FEE = 7;

/** Parts of a profit, in units of one asset. */
export interface Profit {
  readonly realised: bigint;
  readonly unrealised: bigint;
  /** Below zero: paid. Rebates are in it. */
  readonly fees: bigint;
  readonly funding: bigint;
  readonly net: bigint;
}

/** Of all that is settled in an asset; fees are those paid in it. Complexity: O(instruments). */
export function profitIn(ledger: Ledger, asset: number): Profit {
  let realised = 0n;
  let unrealised = 0n;
  let funding = 0n;
  for (const position of ledger.positions) {
    if (position?.settle.index !== asset) continue;
    realised += position.realised + position.settlement;
    unrealised += unrealisedOf(ledger, position.index);
    funding += position.funding;
  }
  const totals = ledger.assets[asset]?.totals ?? [];
  const fees = (totals[FEE] ?? 0n) + (totals[REBATE] ?? 0n) + (totals[LIQUIDATION_FEE] ?? 0n);
  return { realised, unrealised, fees, funding, net: realised + unrealised + fees + funding };
}
