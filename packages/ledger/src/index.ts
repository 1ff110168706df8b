// The public surface of @truetape/ledger.
export { checkFill } from './apply-fill.ts';
export { fundingOnLots } from './apply-held.ts';
export { applyLedger } from './apply.ts';
export { checkLedger } from './check.ts';
export { LEDGER_ERRORS, type LedgerError, type LedgerErrorCode } from './errors.ts';
export { type InstrumentPolicy } from './fold-define.ts';
export {
  createLedgerFold,
  foldLedgerEvent,
  type LedgerFold,
  type LedgerFoldConfig,
  type PendingProfit,
} from './fold.ts';
export {
  createLedgerOut,
  type CashInput,
  type CashReason,
  type FillInput,
  type FundingInput,
  type LastInput,
  type LedgerFlow,
  type LedgerInput,
  type LedgerOut,
  type MarkInput,
  type SettlementInput,
} from './input.ts';
export {
  addAsset,
  addInstrument,
  createLedger,
  setMargin,
  type AssetConfig,
  type InstrumentConfig,
  type LedgerConfig,
} from './ledger.ts';
export {
  assetMarginOf,
  initialMarginOf,
  liquidationOf,
  marginOf,
  type AssetMargin,
  type Liquidation,
  type PositionMargin,
} from './margin.ts';
export { applyLast, applyMark } from './prices.ts';
export { LEDGER_STATE_VERSION, booksOf, hashBooks, hashLedger, restoreLedger, saveLedger } from './save.ts';
export {
  BALANCE_REASONS,
  type AssetState,
  type BalanceReason,
  type Ledger,
  type PositionState,
} from './state.ts';
export { type MarginConfig, type MarginTierConfig } from './tiers.ts';
export {
  entryFineOf,
  equityOf,
  exchangedInto,
  positionLots,
  tradedWorthIn,
  unrealisedOf,
  valueOfLots,
  worthIn,
} from './value.ts';
