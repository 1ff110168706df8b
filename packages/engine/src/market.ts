/**
 * The market as it reaches the strategies: messages of 64 bytes are folded into the view, and at the end of
 * each of the venue's messages the strategies are called.
 *
 * The layout of a message, eight 64-bit cells, is the one in which the simulated venue writes them:
 *
 *     cell 0  u32 type | side << 8 | flags << 16, u32 instrument
 *          1  f64 priceTicks                        quote: best bid
 *          2  f64 qtyLots                           level: all that stands there now
 *          3  f64 seq of the tape's event
 *          4  u32 tape, u32 spare
 *          5  f64 tradeId, or NONE
 *          6  f64 quote: best ask                   mark: index
 *          7  f64 quote: lots of the best ask
 */
import { NONE } from '@truetape/contracts';
import { readTop, resetBook, setLevel } from '@truetape/marketdata';
import { valueAtLast, valueAtMark } from './account.ts';
import { addTrade, barDueNs, createBar } from './bars.ts';
import { closeBar, noteReturn, throwFault } from './callbacks.ts';
import { emitTradingStatus } from './emit.ts';
import type { Engine, MarketState, StrategyRun } from './state.ts';
import type { MarketUpdate } from './strategy.ts';

export const MESSAGE_LEVEL = 1;
export const MESSAGE_TRADE = 2;
export const MESSAGE_QUOTE = 3;
/** The book is empty from here on. */
export const MESSAGE_RESET = 4;
/** One of the venue's messages has ended. */
export const MESSAGE_END = 5;
/** `qtyLots` is 1 where the market is certain (LIVE). */
export const MESSAGE_STATUS = 6;
export const MESSAGE_MARK = 7;
export const MESSAGE_FUNDING = 8;
/** What a status says of a market that can be traded. */
const LIVE = 1;
/** What a status says of one that takes no orders. */
const HALTED = 3;
/** Flag: the venue's message ends with this one. */
export const FLAG_END = 1;

const SIDE_SHIFT = 4;
const top = { bidTicks: NONE, bidLots: 0, askTicks: NONE, askLots: 0 };

/** Takes a message at a cell; the engine's time is when it is received. Hot: no allocation but for its bars. */
export function takeMarket(engine: Engine, f64: Float64Array, u32: Uint32Array, cell: number): void {
  const head = u32[cell * 2];
  const market = engine.markets[u32[cell * 2 + 1]];
  if (market === undefined) return;
  const type = head & 0xff;
  market.causeSeq = f64[cell + 3];
  market.causeTape = market.causeSeq === NONE ? 0 : u32[cell * 2 + 8];
  market.seenNs = engine.timeNs;
  switch (type) {
    case MESSAGE_LEVEL:
      setLevel(market.book, ((head >>> 8) & 3) << SIDE_SHIFT, f64[cell + 1], f64[cell + 2]);
      market.isDepthChanged = true;
      break;
    case MESSAGE_TRADE:
      takeTrade(engine, market, (head >>> 8) & 3, f64[cell + 1], f64[cell + 2]);
      break;
    case MESSAGE_RESET:
      resetBook(market.book, 'live', NONE);
      market.isDepthChanged = true;
      break;
    case MESSAGE_END:
      break;
    default:
      takeOther(engine, market, type, f64, cell);
  }
  if ((type === MESSAGE_END || ((head >>> 16) & FLAG_END) !== 0) && market.isDepthChanged)
    tellDepth(engine, market);
}

/** The venue's message has ended: best prices are as they stand now. */
function tellDepth(engine: Engine, market: MarketState): void {
  market.isDepthChanged = false;
  readTop(market.book, top);
  const isTopNew =
    top.bidTicks !== market.bidTicks ||
    top.askTicks !== market.askTicks ||
    top.bidLots !== market.bidLots ||
    top.askLots !== market.askLots;
  if (isTopNew) {
    market.bidTicks = top.bidTicks;
    market.bidLots = top.bidLots;
    market.askTicks = top.askTicks;
    market.askLots = top.askLots;
  }
  for (const run of engine.runs) {
    const { depth } = run.listens;
    if (depth === 'all' || (depth === 'top' && isTopNew)) tell(engine, run, market, 'depth');
  }
}

/** Calls a strategy: what it does follows from the market's last event. */
function tell(engine: Engine, run: StrategyRun, market: MarketState, kind: MarketUpdate['kind']): void {
  if (!engine.isStarted) return;
  const { update, ports } = engine;
  update.kind = kind;
  update.market = market;
  if (kind !== 'trade') {
    update.priceTicks = NONE;
    update.qtyLots = NONE;
    update.side = undefined;
  }
  engine.causeSeq = market.causeSeq;
  engine.causeTape = market.causeTape;
  engine.calls += 1;
  ports.guard.isInside = true;
  try {
    const said: unknown = run.strategy.onMarket?.(run.context, update);
    if (said !== undefined) noteReturn(engine, said);
  } finally {
    ports.guard.isInside = false;
  }
  throwFault(ports.guard);
}

function takeTrade(
  engine: Engine,
  market: MarketState,
  side: number,
  priceTicks: number,
  qtyLots: number,
): void {
  // Hidden executions off the grid have no price in ticks.
  if (priceTicks === NONE) return;
  market.lastTicks = priceTicks;
  valueAtLast(engine, market);
  if (side !== 0) market.lastSide = side === 1 ? 'buy' : 'sell';
  if (!engine.isStarted) return;
  for (const run of engine.runs) {
    if (run.bars !== undefined) {
      engine.calls += 1;
      const bar = (run.barStates[market.index] ??= createBar());
      // A trade at the end of an interval is the first of the next one: it may be here before the clock is.
      if (barDueNs(run.bars, bar) <= engine.timeNs) closeBar(engine, run, market, bar);
      const isClosed = addTrade(run.bars, bar, { timeNs: engine.timeNs, priceTicks, qtyLots });
      if (isClosed) closeBar(engine, run, market, bar);
    }
    if (run.listens.trades === true) {
      const { update } = engine;
      update.priceTicks = priceTicks;
      update.qtyLots = qtyLots;
      update.side = side === 0 ? undefined : market.lastSide;
      tell(engine, run, market, 'trade');
    }
  }
}

function takeOther(engine: Engine, market: MarketState, type: number, f64: Float64Array, cell: number): void {
  let kind: MarketUpdate['kind'] = 'quote';
  if (type === MESSAGE_QUOTE) takeQuote(market, f64, cell);
  else if (type === MESSAGE_STATUS) {
    kind = 'status';
    market.isCertain = f64[cell + 2] === LIVE;
    // An outage is no event of the tape: what follows from it has to have a cause.
    if (market.causeSeq === NONE && engine.isStarted) {
      market.causeSeq = emitTradingStatus(engine, market.index, f64[cell + 2] !== HALTED);
      market.causeTape = 0;
    }
  } else if (type === MESSAGE_MARK) {
    kind = 'mark';
    market.markFine = f64[cell + 1];
    valueAtMark(engine, market);
  } else if (type === MESSAGE_FUNDING) {
    kind = 'funding';
    market.fundingE12 = f64[cell + 1];
  }
  for (const run of engine.runs) if (run.listens.others === true) tell(engine, run, market, kind);
}

/** Without a book, the venue's own best prices are all that there is. */
function takeQuote(market: MarketState, f64: Float64Array, cell: number): void {
  const { book } = market;
  if (book.bids.count > 0 || book.asks.count > 0) return;
  market.bidTicks = f64[cell + 1];
  market.bidLots = f64[cell + 2];
  market.askTicks = f64[cell + 6];
  market.askLots = f64[cell + 7];
}
