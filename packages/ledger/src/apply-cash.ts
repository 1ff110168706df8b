/** Cash that comes or goes by itself. */
import { assert } from '@truetape/kernel';
import { assertAsset } from './check.ts';
import type { LedgerError } from './errors.ts';
import type { CashInput } from './input.ts';
import { isInteger, unknownInstrument } from './judge.ts';
import { canPay, fitsSpots, isMoney } from './limits.ts';
import { move } from './move.ts';
import { BALANCE_REASONS, REALISED } from './state.ts';
import type { Ledger } from './state.ts';

/** Reasons whose amounts are not above zero, and not below. */
const TAKEN = ['fee', 'withdrawal', 'liquidationFee'];
const GIVEN = ['rebate', 'deposit'];

export function applyCash(ledger: Ledger, input: CashInput): LedgerError | undefined {
  const { asset: index, amount, reason, timeNs, instrument } = input;
  assert(isInteger(timeNs), 'LEDGER-1', 'times are integers');
  const asset = ledger.assets[index];
  if (asset === undefined) return { code: 'unknownAsset', asset: index };
  if (instrument !== 0 && ledger.positions[instrument] === undefined) return unknownInstrument(instrument);
  const place = BALANCE_REASONS.indexOf(reason);
  if (place < 0 || place >= REALISED) return { code: 'badReason', asset: index };
  const isWrong = (TAKEN.includes(reason) && amount > 0n) || (GIVEN.includes(reason) && amount < 0n);
  if (isWrong || !isMoney(amount)) return { code: 'badAmount', asset: index };
  if (timeNs < asset.timeNs)
    return { code: 'timeBack', instrument: 0, asset: index, timeNs, lastNs: asset.timeNs };
  if (!fitsSpots(asset, asset.balance + amount)) return { code: 'tooLarge', instrument };
  // What the account itself takes out has to be there; what a venue takes may leave a debt where it lends.
  const isOwn = reason === 'withdrawal' || reason === 'transfer';
  const fault = canPay(asset, amount, isOwn || asset.isCashOnly);
  if (fault !== undefined) return fault;
  asset.timeNs = timeNs;
  move(asset, place, amount);
  ledger.worth.isStale = true;
  assertAsset(asset);
  return undefined;
}
