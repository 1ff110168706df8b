/**
 * The books of account: what the ledger makes of each fill, fee and funding, as events. No cash changes
 * without one.
 */
import { FLAG_LAST, MONEY_NONE, NONE } from '@truetape/contracts';
import { assert } from '@truetape/kernel';
import { applyLast, applyLedger, applyMark, exchangedInto, fundingOnLots } from '@truetape/ledger';
import type { CashReason, Ledger, LedgerFlow, LedgerInput, LedgerOut } from '@truetape/ledger';
import type { ExecutionReport } from './command.ts';
import { ACCOUNT, SOURCE_LEDGER, SOURCE_VENUE, codeFor } from './emit.ts';
import type { OwnOrder } from './own-order.ts';
import type { Engine, MarketState, StrategyRun } from './state.ts';

/** The ledger, and room for what it answers. */
export interface Account {
  readonly ledger: Ledger;
  readonly out: LedgerOut;
}

const SECOND_NS = 1_000_000_000;
const REALISED = codeFor('cashReason', 'realised');
const REASONS: { readonly [Reason in CashReason]: number } = {
  fee: codeFor('cashReason', 'fee'),
  rebate: codeFor('cashReason', 'rebate'),
  deposit: codeFor('cashReason', 'deposit'),
  withdrawal: codeFor('cashReason', 'withdrawal'),
  transfer: codeFor('cashReason', 'transfer'),
  opening: codeFor('cashReason', 'opening'),
  interest: codeFor('cashReason', 'interest'),
  liquidationFee: codeFor('cashReason', 'liquidationFee'),
  insurance: codeFor('cashReason', 'insurance'),
  adjustment: codeFor('cashReason', 'adjustment'),
};

/** Takes something into the ledger. Throws on ENGINE-6 where it refuses: the venue cannot have done that. */
function book(engine: Engine, input: LedgerInput): void {
  const { ledger, out } = engine.account;
  const error = applyLedger(ledger, input, out);
  assert(error === undefined && out.outcome === 'applied', 'ENGINE-6', error?.code ?? out.outcome);
}

interface CashFields {
  readonly source: number;
  readonly cause: number;
  readonly instrument: number;
  readonly asset: number;
  readonly reason: number;
  readonly amount: bigint;
  readonly orderId: number;
  readonly tradeId: number;
}

function emitCash(engine: Engine, fields: CashFields): void {
  const event = engine.scratch.CashFlow;
  event.timeNs = engine.timeNs;
  event.flags = FLAG_LAST;
  event.instrument = fields.instrument;
  event.source = fields.source;
  event.cause = fields.cause;
  event.causeTape = 0;
  event.amount = fields.amount;
  event.asset = fields.asset;
  event.reason = fields.reason;
  event.account = ACCOUNT;
  event.orderId = fields.orderId;
  event.tradeId = fields.tradeId;
  event.matchTime = NONE;
  engine.ports.emit(event);
}

/** Books a fill that was written at `seq`: what it realised, then its fee. */
export function bookFill(engine: Engine, order: OwnOrder, report: ExecutionReport, seq: number): void {
  const { timeNs } = engine;
  const { orderId, tradeId, priceTicks, qtyLots, fee } = report;
  const { instrument } = order;
  const place = { timeNs, instrument, priceTicks, priceFine: NONE, qtyLots, orderId, tradeId };
  const { out, ledger } = engine.account;
  const netBefore = ledger.positions[instrument]!.netValue;
  book(engine, { event: 'fill', side: order.side << 4, ...place });
  addToRun(engine, order, report, netBefore);
  const about = { cause: seq, instrument, orderId, tradeId };
  for (let k = 0; k < out.count; k++) {
    const { asset, amount } = out.flows[k];
    emitCash(engine, { ...about, source: SOURCE_LEDGER, asset, amount, reason: REALISED });
  }
  if (fee === undefined || fee.amount === 0n) return;
  const reason = fee.amount > 0n ? 'fee' : 'rebate';
  const amount = -fee.amount;
  const { asset } = fee;
  emitCash(engine, { ...about, source: SOURCE_VENUE, asset, amount, reason: REASONS[reason] });
  book(engine, { event: 'cash', timeNs, reason, asset, amount, instrument });
}

/** What a booked fill brings its strategy: its value as the ledger has it, less its fee. */
function addToRun(engine: Engine, order: OwnOrder, { fee }: ExecutionReport, netBefore: bigint): void {
  const { instrument } = order;
  const run = engine.runs[order.strategy];
  const { ledger } = engine.account;
  const { netValue, gain, settle } = ledger.positions[instrument]!;
  addValue(run, instrument, gain * (netBefore - netValue));
  if (fee === undefined || fee.amount === 0n) return;
  // At the price of now: what the account began with of another asset loses by itself.
  addValue(run, instrument, exchangedInto(ledger, fee.asset, -fee.amount, settle.index) ?? MONEY_NONE);
}

/** Adds to what a market has brought a strategy. What nobody can value leaves that unknown: it fails closed. */
function addValue({ netValues }: StrategyRun, instrument: number, amount: bigint): void {
  const before = netValues[instrument] ?? 0n;
  const isKnown = before !== MONEY_NONE && amount !== MONEY_NONE;
  netValues[instrument] = isKnown ? before + amount : MONEY_NONE;
}

/** Puts money into the account, or takes it out; what it begins with is a deposit. */
export function moveCash(
  engine: Engine,
  cash: { readonly reason: CashReason; readonly asset: number; readonly amount: bigint },
): void {
  const { reason, asset, amount } = cash;
  const { timeNs } = engine;
  const about = { cause: NONE, instrument: 0, orderId: NONE, tradeId: NONE };
  emitCash(engine, { ...about, source: SOURCE_LEDGER, asset, amount, reason: REASONS[reason] });
  book(engine, { event: 'cash', timeNs, reason, asset, amount, instrument: 0 });
}

/** A funding that the venue has exchanged. */
export interface FundingNotice {
  readonly instrument: number;
  readonly rateE12: number;
  readonly markFine: number;
  readonly fundingNs: number;
  /** Of a rate that nobody told: how often it is exchanged, ns; else 0. */
  readonly everyNs: number;
  /** The event that told the rate; seq NONE where none did, and then one is written here. */
  readonly causeSeq: number;
  readonly causeTape: number;
}

/**
 * Each strategy's part of a funding: what its position adds to those before it. So the parts are the whole to the last
 * unit, and strategies that hold against each other pay each other where the account pays nothing.
 */
function shareFunding(engine: Engine, funding: FundingNotice): void {
  const { instrument } = funding;
  let lots = 0;
  let before = 0n;
  for (const run of engine.runs) {
    const { positions, fundings } = run;
    lots += positions[instrument] ?? 0;
    const whole = fundingOnLots(engine.account.ledger, funding, lots);
    const part = whole - before;
    before = whole;
    if (part === 0n) continue;
    fundings[instrument] = (fundings[instrument] ?? 0n) + part;
    addValue(run, instrument, part);
  }
}

/**
 * Takes a funding that the venue tells, on the position that there was: what it told before has been taken. Where the
 * account holds nothing the strategies share alone, and nothing is written. The seq of what was paid, or NONE.
 */
export function takeFunding(engine: Engine, funding: FundingNotice): number {
  const { timeNs, account, scratch } = engine;
  const { rateE12, fundingNs, markFine, instrument: index } = funding;
  const positionLots = account.ledger.positions[index]?.positionLots ?? 0;
  shareFunding(engine, funding);
  if (positionLots === 0) return NONE;
  const isTold = funding.causeSeq !== NONE;
  const cause = isTold ? funding.causeSeq : emitFundingRate(engine, funding);
  book(engine, { event: 'funding', timeNs, instrument: index, rateE12, markFine });
  const flow: LedgerFlow = account.out.flows[0];
  const event = scratch.FundingPaid;
  event.timeNs = timeNs;
  event.flags = FLAG_LAST;
  event.instrument = index;
  event.source = SOURCE_VENUE;
  event.cause = cause;
  event.causeTape = isTold ? funding.causeTape : 0;
  event.amount = flow.amount;
  event.asset = flow.asset;
  event.account = ACCOUNT;
  event.positionLots = positionLots;
  event.rateE12 = rateE12;
  event.markFine = flow.priceFine;
  event.fundingTime = fundingNs;
  return engine.ports.emit(event);
}

const FINAL = codeFor('fundingKind', 'final');

/** The rate of a configuration as the venue tells it. */
function emitFundingRate(engine: Engine, { instrument, rateE12, everyNs }: FundingNotice): number {
  const event = engine.scratch.FundingRate;
  event.timeNs = engine.timeNs;
  event.flags = FLAG_LAST;
  event.instrument = instrument;
  event.source = SOURCE_VENUE;
  event.rateE12 = rateE12;
  event.nextFundingTime = NONE;
  event.intervalSec = everyNs % SECOND_NS === 0 ? everyNs / SECOND_NS : 0;
  event.rateKind = FINAL;
  return engine.ports.emit(event);
}

/** The last trade values positions. A price that no ledger takes values nothing. */
export function valueAtLast(engine: Engine, market: MarketState): void {
  applyLast(engine.account.ledger, market.index, market.lastTicks, engine.timeNs);
}

/** The venue's mark values positions. */
export function valueAtMark(engine: Engine, market: MarketState): void {
  applyMark(engine.account.ledger, market.index, market.markFine, engine.timeNs);
}
