/**
 * A ledger from the events of a tape: the account's own fills, cash, funding and settlements, and the prices
 * that stand beside them. Whoever has a run's output tape makes its ledger again, and every amount that the
 * tape tells is held against what the terms give.
 *
 * What is not the account's is passed over: fills without an own side, cash of other accounts, fills of a
 * public feed, instruments of other classes or without assets, and all other kinds.
 */
import {
  Kind,
  NONE,
  SIDE_BUY,
  SIDE_MASK,
  SIDE_SELL,
  createTables,
  nameOfCode,
  ok,
} from '@truetape/contracts';
import type {
  CashFlow,
  DefineTables,
  Event,
  Fill,
  FundingPaid,
  Result,
  Settlement,
} from '@truetape/contracts';
import { applyLedger } from './apply.ts';
import { fundingOf, settlementOf } from './apply-held.ts';
import type { LedgerError } from './errors.ts';
import { foldDefine } from './fold-define.ts';
import type { InstrumentPolicy } from './fold-define.ts';
import { createLedgerOut } from './input.ts';
import type { CashReason, FillInput, LedgerOut } from './input.ts';
import { createLedger } from './ledger.ts';
import { applyLast, applyMark } from './prices.ts';
import type { Ledger } from './state.ts';

export interface LedgerFoldConfig {
  /** Whose ledger; 0 takes every account's events as one's own. */
  readonly account: number;
  readonly equityOn: 'last' | 'mark';
  /** For instruments whose Define has no `rules.rounding` or `rules.roundPer`. */
  readonly policy: InstrumentPolicy;
  /** By id of the instrument; goes before the Define. */
  readonly policies?: Readonly<Record<string, Partial<InstrumentPolicy>>>;
  readonly tradesKept?: number;
}

/** A profit that a fill gave and the tape has still to tell. */
export interface PendingProfit {
  readonly instrument: number;
  readonly asset: number;
  readonly amount: bigint;
  readonly orderId: number;
  readonly tradeId: number;
}

/** Changed by `foldLedgerEvent`; otherwise read-only. */
export interface LedgerFold {
  readonly config: LedgerFoldConfig;
  readonly ledger: Ledger;
  readonly tables: DefineTables;
  /** In the order of their fills. Behind the last event of a whole tape there is none. */
  readonly pending: PendingProfit[];
  readonly out: LedgerOut;
}

/** A fold at its beginning, with an account that has nothing. Errors: `badConfig`. */
export function createLedgerFold(config: LedgerFoldConfig): Result<LedgerFold, LedgerError> {
  const { account, equityOn, tradesKept } = config;
  const kept = tradesKept === undefined ? {} : { tradesKept };
  const made = createLedger({ account, equityOn, assets: [], instruments: [], ...kept });
  if (!made.ok) return made;
  return ok({ config, ledger: made.value, tables: createTables(), pending: [], out: createLedgerOut() });
}

/** Folds one event. Returns why it cannot be, and then nothing of what the account has is another. */
export function foldLedgerEvent(fold: LedgerFold, event: Event): LedgerError | undefined {
  const { ledger } = fold;
  switch (event.kind) {
    case Kind.Define:
      return foldDefine(fold, event);
    case Kind.Fill:
      return foldFill(fold, event);
    case Kind.CashFlow:
      return foldCash(fold, event);
    case Kind.FundingPaid:
      return foldFunding(fold, event);
    case Kind.Settlement:
      return foldSettlement(fold, event);
    case Kind.Mark:
      if (event.markFine === NONE || ledger.positions[event.instrument] === undefined) return undefined;
      return applyMark(ledger, event.instrument, event.markFine, event.timeNs);
    case Kind.Trade:
      if (event.priceTicks === NONE || ledger.positions[event.instrument] === undefined) return undefined;
      return applyLast(ledger, event.instrument, event.priceTicks, event.timeNs);
    default:
      return undefined;
  }
}

/** The own side of a fill: maker 1, taker 2, or 0 for none. */
function ownRole({ config, tables }: LedgerFold, event: Fill): number {
  // A public feed shows the own order a second time.
  if (tables.source.byIndex[event.source]?.value['role'] === 'marketFeed') return 0;
  const { makerOrderId, takerOrderId, makerAccount, takerAccount, liquidity } = event;
  const isMaker = makerOrderId !== NONE;
  const role =
    liquidity === 1 || liquidity === 2
      ? liquidity
      : isMaker !== (takerOrderId !== NONE)
        ? isMaker
          ? 1
          : 2
        : 0;
  const account = role === 1 ? makerAccount : takerAccount;
  return role === 0 || isForeign(config.account, account) ? 0 : role;
}

const isForeign = (own: number, account: number): boolean => own !== 0 && account !== 0 && account !== own;

function foldFill(fold: LedgerFold, event: Fill): LedgerError | undefined {
  const role = ownRole(fold, event);
  if (role === 0) return undefined;
  const { instrument, timeNs, priceTicks, priceFine, qtyLots, tradeId } = event;
  const aggressor = event.flags & SIDE_MASK;
  const contra = aggressor === SIDE_BUY ? SIDE_SELL : aggressor === SIDE_SELL ? SIDE_BUY : 0;
  const orderId = role === 1 ? event.makerOrderId : event.takerOrderId;
  const side = role === 1 ? contra : aggressor;
  const prices = { priceTicks, priceFine };
  const input: FillInput = { event: 'fill', timeNs, instrument, side, ...prices, qtyLots, orderId, tradeId };
  const error = applyLedger(fold.ledger, input, fold.out);
  if (error !== undefined) return error;
  for (let k = 0; k < fold.out.count; k++) {
    const { asset, amount } = fold.out.flows[k];
    fold.pending.push({ instrument, asset, amount, orderId, tradeId });
  }
  return undefined;
}

function foldCash(fold: LedgerFold, event: CashFlow): LedgerError | undefined {
  const { asset, amount, timeNs, instrument } = event;
  if (isForeign(fold.config.account, event.account)) return undefined;
  const reason = nameOfCode('cashReason', event.reason);
  if (reason === 'realised') return foldProfit(fold, event);
  if (reason === undefined) return { code: 'badReason', asset };
  const known = fold.ledger.positions[instrument] === undefined ? 0 : instrument;
  const input = { event: 'cash', timeNs, reason: reason as CashReason, asset, amount } as const;
  return applyLedger(fold.ledger, { ...input, instrument: known }, fold.out);
}

/** A profit was applied with its fill: here it is held against what the tape tells. */
function foldProfit({ pending }: LedgerFold, event: CashFlow): LedgerError | undefined {
  const { instrument, amount: found, asset } = event;
  const next = pending[0];
  if (next === undefined) return { code: 'realisedUnexpected', instrument, expected: 0n, found };
  const { amount: expected } = next;
  const isOfFill =
    next.instrument === instrument &&
    next.asset === asset &&
    (event.orderId === NONE || event.orderId === next.orderId) &&
    (event.tradeId === NONE || event.tradeId === next.tradeId);
  if (!isOfFill || found !== expected) return { code: 'realisedMismatch', instrument, expected, found };
  pending.shift();
  return undefined;
}

function foldFunding({ ledger, config, out }: LedgerFold, event: FundingPaid): LedgerError | undefined {
  const { instrument, timeNs, rateE12, markFine, positionLots, amount, asset, account } = event;
  if (isForeign(config.account, account)) return undefined;
  const input = { event: 'funding', timeNs, instrument, rateE12, markFine } as const;
  const made = fundingOf(ledger, input);
  if ('code' in made) return made;
  const error = told(ledger, instrument, { positionLots, asset, amount }, made.amount);
  return error ?? applyLedger(ledger, input, out);
}

function foldSettlement({ ledger, config, out }: LedgerFold, event: Settlement): LedgerError | undefined {
  const { instrument, timeNs, priceFine, positionLots, amount, asset, account } = event;
  if (isForeign(config.account, account)) return undefined;
  const input = { event: 'settlement', timeNs, instrument, priceFine } as const;
  const made = settlementOf(ledger, input);
  if ('code' in made) return made;
  const error = told(ledger, instrument, { positionLots, asset, amount }, made.amount);
  return error ?? applyLedger(ledger, input, out);
}

/** Whether what is told of a flow is what it has to be. */
function told(
  ledger: Ledger,
  instrument: number,
  event: { readonly positionLots: number; readonly asset: number; readonly amount: bigint },
  amount: bigint,
): LedgerError | undefined {
  const position = ledger.positions[instrument]!;
  if (event.asset !== position.settle.index) return { code: 'unknownAsset', asset: event.asset };
  if (event.positionLots !== position.tradedLots) {
    const [expected, found] = [BigInt(position.tradedLots), BigInt(event.positionLots)];
    return { code: 'positionMismatch', instrument, expected, found };
  }
  return event.amount === amount
    ? undefined
    : { code: 'amountMismatch', instrument, expected: amount, found: event.amount };
}
