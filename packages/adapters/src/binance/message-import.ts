/** Trades, quotes, mark prices and funding rates of single messages onto the tape. */
import { FLAG_LAST, NONE, SIDE_BUY, SIDE_SELL } from '@truetape/contracts';
import { addProduct, addTo, toQuanta, type Quantum } from '@truetape/kernel';
import { offerQuote, readTop, recordDrift } from '@truetape/marketdata';
import { noteLatency, quantaField, refuse, signedField, timeField, updateIdField } from './fields.ts';
import type { Wire } from './frame.ts';
import { sourceOf, type ImportState, type InstrumentState, type TradeTotals } from './import-state.ts';
import { aliasOf, assignAlias, idText, isOwnId } from './trade-ids.ts';

/** Codes of the vocabulary `condition`. */
const CONDITION_NORMAL = 1;
const CONDITION_ADL = 6;
const CONDITION_INSURANCE = 7;

/** Most trades in an aggregate: the count is a u32. */
const TRADE_COUNT_MAX = 4294967295;

/** Code `trade` of the vocabulary `aliasScope`. */
const SCOPE_TRADE = 3;

/** Code `predicted` of the vocabulary `fundingKind`: the stream's rate is settled only at funding time. */
const RATE_PREDICTED = 1;

/** The grid of funding rates on the tape. */
const RATE: Quantum = { step: '0.000000000001', mantissa: 1, scale: 12 };

/** A message of the trade stream. False when it was refused. */
export function takeTrade(
  state: ImportState,
  instrument: InstrumentState,
  data: Wire,
  json: string,
): boolean {
  const { trades } = instrument;
  if (isPlaceholder(data)) {
    instrument.tradeStream = 'yes';
    if (isOwnId(data.t)) noteIds(trades, data.t, data.t, String(data.t), String(data.t));
    trades.placeholders++;
    return true;
  }
  if (!fillTrade(state, instrument, data)) return false;
  const text = isOwnId(data.t) ? undefined : idText(data.t, json, 't');
  if (!isOwnId(data.t) && text === undefined) {
    refuse(state, 't', 'a trade id', data.t);
    return false;
  }
  // Aggregates came first, and have told of this trade.
  const told = instrument.tradeStream === 'unknown' && isOwnId(data.t) && data.t <= trades.lastNumber;
  if (told) {
    trades.leftOut++;
    return true;
  }
  instrument.tradeStream = 'yes';
  const { trade } = state.scratch;
  trade.source = sourceOf(state, 'trade');
  trade.tradeId = isOwnId(data.t) ? data.t : aliasId(state, instrument, trade.source, text ?? '');
  trade.condition = conditionOf(data.X);
  trade.tradeCount = 0;
  trade.firstTradeId = NONE;
  emitTrade(state, instrument);
  const name = text ?? String(data.t);
  noteIds(trades, text === undefined ? trade.tradeId : NONE, trade.tradeId, name, name);
  return true;
}

/** A message of the aggTrade stream: a Trade only where there are no single trades. */
export function takeAggregate(
  state: ImportState,
  instrument: InstrumentState,
  data: Wire,
  json: string,
): boolean {
  const { trades } = instrument;
  if (!fillTrade(state, instrument, data)) return false;
  if (instrument.tradeStream === 'yes') {
    trades.leftOut++;
    return true;
  }
  const { trade } = state.scratch;
  trade.source = sourceOf(state, 'aggTrade');
  trade.condition = 0;
  if (!fillAggregateIds(state, instrument, data, json)) return false;
  emitTrade(state, instrument);
  return true;
}

/** Ids and count of an aggregate: first and last of its trades, each the venue's own or an assigned one. */
function fillAggregateIds(
  state: ImportState,
  instrument: InstrumentState,
  data: Wire,
  json: string,
): boolean {
  const { trade } = state.scratch;
  const { trades } = instrument;
  const { f, l } = data;
  trade.tradeCount = 0;
  if (isOwnId(f) && isOwnId(l) && f <= l && l - f < TRADE_COUNT_MAX) {
    trade.firstTradeId = f;
    trade.tradeId = l;
    trade.tradeCount = l - f + 1;
    noteIds(trades, f, l, String(f), String(l));
    return true;
  }
  // −1 marks aggregates that stand for no public trade.
  if (f === -1 && l === -1) {
    trade.firstTradeId = trade.tradeId = NONE;
    return true;
  }
  const first = isOwnId(f) ? undefined : idText(f, json, 'f');
  const last = isOwnId(l) ? undefined : idText(l, json, 'l');
  if (first === undefined || last === undefined) {
    refuse(state, first === undefined ? 'f' : 'l', 'the id of a trade', first === undefined ? f : l);
    return false;
  }
  trade.firstTradeId = aliasId(state, instrument, trade.source, first);
  trade.tradeId = aliasId(state, instrument, trade.source, last);
  noteIds(trades, NONE, NONE, first, last);
  return true;
}

/** `X: NA` with price and quantity 0: an id that was used for no trade. */
function isPlaceholder(data: Wire): boolean {
  if (data.X !== 'NA' || typeof data.p !== 'string' || typeof data.q !== 'string') return false;
  return /^0(\.0+)?$/.test(data.q) && /^0(\.0+)?$/.test(data.p);
}

function conditionOf(type: unknown): number {
  switch (type) {
    case 'MARKET':
      return CONDITION_NORMAL;
    case 'INSURANCE_FUND':
      return CONDITION_INSURANCE;
    case 'ADL':
      return CONDITION_ADL;
    default:
      return 0;
  }
}

/** Price, quantity, side and times of a trade, into the scratch event. */
function fillTrade(state: ImportState, instrument: InstrumentState, data: Wire): boolean {
  const { trade } = state.scratch;
  trade.priceTicks = NONE;
  trade.priceFine = NONE;
  // Insurance fund and deleveraging trade at prices of their own, which need not lie on the grid.
  const offMarket = data.X === 'INSURANCE_FUND' || data.X === 'ADL';
  const loose = offMarket && typeof data.p === 'string' && Number.isNaN(toQuanta(instrument.price, data.p));
  const price = quantaField(state, loose ? instrument.fine : instrument.price, 'p', data.p);
  if (loose) trade.priceFine = price;
  else trade.priceTicks = price;
  trade.qtyLots = quantaField(state, instrument.qty, 'q', data.q);
  trade.matchTime = timeField(state, 'T', data.T);
  trade.sendTime = timeField(state, 'E', data.E);
  if (typeof data.m !== 'boolean') refuse(state, 'm', 'true or false', data.m);
  // The buyer was the maker: the seller came in.
  trade.flags = state.timeFlags | FLAG_LAST | (data.m === true ? SIDE_SELL : SIDE_BUY);
  if (state.fault !== undefined) return false;
  noteLatency(state, trade.sendTime);
  return true;
}

function aliasId(state: ImportState, instrument: InstrumentState, source: number, text: string): number {
  const known = aliasOf(instrument.aliases, text);
  if (known !== undefined) return known;
  const id = assignAlias(instrument.aliases, text);
  const { alias } = state.scratch;
  alias.timeNs = state.timeNs;
  alias.flags = state.timeFlags;
  alias.instrument = instrument.index;
  alias.source = source;
  alias.id = id;
  alias.scope = SCOPE_TRADE;
  alias.text = text;
  state.emit(alias);
  return id;
}

function emitTrade(state: ImportState, instrument: InstrumentState): void {
  const { trade } = state.scratch;
  const { trades } = instrument;
  trade.timeNs = state.timeNs;
  trade.instrument = instrument.index;
  state.emit(trade);
  trades.count++;
  addTo(trades.lots, trade.qtyLots);
  if (trade.priceTicks !== NONE) addProduct(trades.notional, trade.priceTicks, trade.qtyLots);
  else addProduct(trades.fineNotional, trade.priceFine, trade.qtyLots);
}

/** Follows the ids of trades: numbers `first` … `last` (NONE where they are none), and their texts. */
function noteIds(trades: TradeTotals, first: number, last: number, from: string, to: string): void {
  trades.firstId ??= from;
  trades.lastId = to;
  if (first === NONE) return;
  if (trades.lastNumber !== NONE) {
    if (first > trades.lastNumber + 1) {
      trades.idGaps++;
      trades.idsMissing += first - trades.lastNumber - 1;
    } else if (first <= trades.lastNumber) trades.notRising++;
  }
  if (last > trades.lastNumber) trades.lastNumber = last;
}

/** A message of the bookTicker stream. */
export function takeQuote(state: ImportState, instrument: InstrumentState, data: Wire): boolean {
  const { quote } = state.scratch;
  const bidLots = quantaField(state, instrument.qty, 'B', data.B);
  const askLots = quantaField(state, instrument.qty, 'A', data.A);
  const bidTicks = quantaField(state, instrument.price, 'b', data.b);
  const askTicks = quantaField(state, instrument.price, 'a', data.a);
  const updateId = updateIdField(state, 'u', data.u);
  quote.matchTime = timeField(state, 'T', data.T);
  quote.sendTime = timeField(state, 'E', data.E);
  if (state.fault !== undefined) return false;
  noteLatency(state, quote.sendTime);
  // An empty side is published as price 0 with quantity 0.
  const { quoteTop } = state;
  quoteTop.bidTicks = quote.bidTicks = bidLots === 0 ? NONE : bidTicks;
  quoteTop.bidLots = quote.bidLots = bidLots;
  quoteTop.askTicks = quote.askTicks = askLots === 0 ? NONE : askTicks;
  quoteTop.askLots = quote.askLots = askLots;
  quote.updateId = updateId;
  quote.timeNs = state.timeNs;
  quote.flags = state.timeFlags | FLAG_LAST;
  quote.instrument = instrument.index;
  quote.source = sourceOf(state, 'bookTicker');
  state.emit(quote);
  instrument.quotes++;
  const { book } = instrument;
  readTop(book, state.top);
  recordDrift(instrument.drift, state.top, quoteTop, book.status === 'live');
  offerQuote(instrument.oracle, updateId, quoteTop);
  return true;
}

/** A markPriceUpdate: a Mark, and a FundingRate where the contract has one. */
export function takeMark(state: ImportState, instrument: InstrumentState, data: Wire): boolean {
  const { mark, funding } = state.scratch;
  mark.markFine = quantaField(state, instrument.fine, 'p', data.p);
  mark.indexFine =
    data.i === undefined || data.i === '' ? NONE : quantaField(state, instrument.fine, 'i', data.i);
  mark.settleFine =
    data.P === undefined || data.P === '' ? NONE : quantaField(state, instrument.fine, 'P', data.P);
  mark.sendTime = timeField(state, 'E', data.E);
  // Dated contracts have no funding: an empty rate, and 0 as its next time.
  const funded = data.r !== undefined && data.r !== '';
  if (funded) {
    funding.rateE12 = signedField(state, RATE, 'r', data.r);
    funding.nextFundingTime = data.T === 0 ? NONE : timeField(state, 'T', data.T);
  }
  if (state.fault !== undefined) return false;
  noteLatency(state, mark.sendTime);
  mark.timeNs = funding.timeNs = state.timeNs;
  mark.instrument = funding.instrument = instrument.index;
  mark.source = funding.source = sourceOf(state, 'markPrice');
  mark.flags = state.timeFlags | (funded ? 0 : FLAG_LAST);
  state.emit(mark);
  instrument.marks++;
  if (!funded) return true;
  funding.flags = state.timeFlags | FLAG_LAST;
  funding.sendTime = mark.sendTime;
  funding.rateKind = RATE_PREDICTED;
  state.emit(funding);
  return true;
}
