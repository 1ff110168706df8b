/** How a balance changes, and what is said of it. */
import { assertAsset, assertPosition } from './check.ts';
import type { LedgerOut } from './input.ts';
import { setSpotPositions } from './ledger.ts';
import type { AssetState, Ledger, PositionState } from './state.ts';

/** Money moves for a reason: the one way that a balance changes. */
export function move(asset: AssetState, reason: number, amount: bigint): void {
  asset.balance += amount;
  asset.totals[reason] += amount;
  asset.isStale = true;
  if (asset.spots.length > 0) setSpotPositions(asset);
}

export function touch(ledger: Ledger, position: PositionState): void {
  ledger.worth.isStale = true;
  position.isStale = true;
  position.settle.isStale = true;
  assertPosition(position);
  assertAsset(position.settle);
}

export function addFlow(
  out: LedgerOut,
  { index: instrument, settle }: PositionState,
  kind: 'realised' | 'funding' | 'settlement',
  amount: bigint,
  positionLots: number,
  priceFine: number,
): void {
  const asset = settle.index;
  const flow = out.flows[out.count];
  if (flow === undefined) out.flows.push({ kind, instrument, asset, amount, positionLots, priceFine });
  else Object.assign(flow, { kind, instrument, asset, amount, positionLots, priceFine });
  out.count++;
}
