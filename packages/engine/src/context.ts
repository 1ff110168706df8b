/** What strategies hold in their hands: the engine's side of `Context`. */
import { NONE } from '@truetape/contracts';
import type { VocabularyName } from '@truetape/contracts';
import { assert, createStream } from '@truetape/kernel';
import type { RandomStream } from '@truetape/kernel';
import { levelsOf, lotsAt } from '@truetape/marketdata';
import { codeFor, emitIntent, emitNoAction } from './emit.ts';
import { amendOrder, cancelOrder, placeOrder } from './intents.ts';
import type { MutableOrder, OwnOrder } from './own-order.ts';
import type { Engine, MarketState, StrategyRun } from './state.ts';
import type { Context, DepthLevel, MarketView, NoActionCode, OrderRequest, Side } from './strategy.ts';
import { setTarget } from './targets.ts';

const NO_SIGNAL = codeFor('noActionCode', 'noSignal');

const codes = (vocabulary: VocabularyName, ...names: string[]): ReadonlyMap<string, number> =>
  new Map(names.map((name) => [name, codeFor(vocabulary, name)] as const));
const REASONS = codes(
  'decisionReason',
  'signal',
  'quote',
  'requote',
  'inventory',
  'slice',
  'exit',
  'flatten',
  'stop',
  'operator',
  'target',
);
const TIFS = codes('tif', 'GTC', 'IOC', 'FOK');
const POST_ONLY = codes('postOnly', 'reject', 'slide');
const IDLE = codes('noActionCode', 'noSignal', 'sizedToZero', 'notReady');

/** The code of what a strategy said; 0 for nothing. Throws on ENGINE-4 for a name that is none. */
function said(names: ReadonlyMap<string, number>, name: string | undefined): number {
  if (name === undefined) return 0;
  const code = names.get(name);
  assert(code !== undefined, 'ENGINE-4', `one of ${[...names.keys()].join(', ')}: ${name}`);
  return code;
}

function checkSide(side: Side): void {
  assert(side === 'buy' || side === 'sell', 'ENGINE-5', 'buy or sell');
}

function sideBits(side: Side): number {
  checkSide(side);
  return side === 'buy' ? 0x10 : 0x20;
}

/** Makes the context of a strategy. */
export function createContext(engine: Engine, run: StrategyRun): Context {
  const stateOf = (market: MarketView): MarketState => {
    const state = engine.markets[market.index];
    assert(state !== undefined, 'ENGINE-4', 'a market of this run');
    return state;
  };
  const own = (order: OwnOrder): MutableOrder | undefined => {
    const held = engine.own.get(order.orderId);
    assert(held === undefined || held.strategy === run.index, 'ENGINE-4', 'an order of its own');
    return held;
  };
  // What a strategy does after it has returned has no time, and no place among what happens.
  const isCalled = (): boolean => {
    if (!engine.ports.guard.isInside) engine.isStray = true;
    return engine.ports.guard.isInside;
  };
  return {
    get timeNs() {
      return engine.timeNs;
    },
    get markets() {
      return engine.views;
    },
    get deniedCode() {
      return run.deniedCode;
    },
    levels: (market, side, countMax): DepthLevel[] =>
      levelsOf(stateOf(market).book, sideBits(side), countMax),
    lotsAt: (market, side, priceTicks) => lotsAt(stateOf(market).book, sideBits(side), priceTicks),
    positionLots: (market) => run.positions[stateOf(market).index] ?? 0,
    openOrders: (market) =>
      engine.runs.length === 1
        ? stateOf(market).open
        : stateOf(market).open.filter((order) => order.strategy === run.index),
    random: (purpose) => {
      isCalled();
      return streamOf(engine, run, purpose);
    },
    submit: (request) => (isCalled() ? submit(engine, run, stateOf(request.market), request) : 0),
    cancel: (order, reason) => {
      const held = own(order);
      if (held !== undefined && isCalled()) cancelOrder(engine, run, held, said(REASONS, reason));
    },
    amend: (order, { priceTicks = NONE, qtyLots = NONE }) => {
      const held = own(order);
      assert(priceTicks !== NONE || qtyLots !== NONE, 'ENGINE-5', 'an amend names a price or a quantity');
      const isPrice = priceTicks === NONE || Number.isSafeInteger(priceTicks);
      assert(isPrice, 'ENGINE-5', 'a price is a whole number of ticks');
      const isQty = qtyLots === NONE || (Number.isSafeInteger(qtyLots) && qtyLots > 0);
      assert(isQty, 'ENGINE-5', 'a whole number of lots above zero');
      if (held !== undefined && isCalled()) amendOrder(engine, run, held, { priceTicks, qtyLots });
    },
    cancelAll: (market, reason) => {
      if (!isCalled()) return;
      for (const order of stateOf(market).open.filter((one) => one.strategy === run.index))
        cancelOrder(engine, run, order, said(REASONS, reason));
    },
    target: (market, lots, reason) => {
      assert(Number.isSafeInteger(lots), 'ENGINE-5', 'a target is a whole number of lots');
      if (!isCalled()) return;
      actsIn(run, market);
      setTarget(engine, run, stateOf(market), lots, said(REASONS, reason));
    },
    openParent: (market, side, qtyLots, reason) =>
      isCalled()
        ? openParent(engine, run, stateOf(market), { side, qtyLots, reason: said(REASONS, reason) })
        : NONE,
    setTimer: (id, timeNs) => {
      const isTimer = Number.isSafeInteger(id) && id >= 0 && Number.isSafeInteger(timeNs);
      assert(isTimer, 'ENGINE-5', 'an id from 0 and a whole number of nanoseconds');
      if (isCalled()) run.timers.set(id, timeNs > engine.timeNs ? timeNs : engine.timeNs);
    },
    clearTimer: (id) => {
      if (isCalled()) run.timers.delete(id);
    },
    noAction: (code, market) => {
      if (isCalled()) noAction(engine, run, code, market === undefined ? 0 : stateOf(market).index);
    },
  };
}

function streamOf(engine: Engine, run: StrategyRun, purpose: string): RandomStream {
  let stream = run.streams.get(purpose);
  if (stream === undefined) {
    stream = createStream(engine.seed, `strategy/${run.index}/${run.name}/${purpose}`);
    run.streams.set(purpose, stream);
  }
  return stream;
}

function submit(engine: Engine, run: StrategyRun, market: MarketState, request: OrderRequest): number {
  const { side, qtyLots, priceTicks = NONE, tif, postOnly, reduceOnly = false, reason } = request;
  const { parentIntentId = NONE } = request;
  checkSide(side);
  assert(Number.isSafeInteger(qtyLots) && qtyLots > 0, 'ENGINE-5', 'a whole number of lots above zero');
  assert(
    priceTicks === NONE || Number.isSafeInteger(priceTicks),
    'ENGINE-5',
    'a price is a whole number of ticks',
  );
  assert(
    parentIntentId === NONE || engine.parents.has(parentIntentId),
    'ENGINE-4',
    'an order that was announced',
  );
  actsIn(run, market);
  return placeOrder(engine, run, {
    market,
    side: side === 'buy' ? 1 : 2,
    priceTicks,
    qtyLots,
    tif: said(TIFS, tif),
    postOnly: said(POST_ONLY, postOnly),
    reduceOnly,
    flatten: false,
    reason: said(REASONS, reason),
    parentIntentId,
    isOfTarget: false,
  });
}

/** The strategy wants something: why it next does nothing is told anew, of this market and of none in particular. */
function actsIn({ idleCodes }: StrategyRun, { index }: MarketView): void {
  idleCodes[index] = 0;
  if (idleCodes[0] !== undefined) idleCodes[0] = 0;
}

/** Announces a large order: an intent without a command of its own. */
function openParent(
  engine: Engine,
  run: StrategyRun,
  market: MarketState,
  parent: { readonly side: Side; readonly qtyLots: number; readonly reason: number },
): number {
  const { side, qtyLots, reason } = parent;
  checkSide(side);
  assert(Number.isSafeInteger(qtyLots) && qtyLots > 0, 'ENGINE-5', 'a whole number of lots above zero');
  const { intentId } = emitIntent(engine, run, market.index, {
    action: 'new',
    side: side === 'buy' ? 1 : 2,
    type: 0,
    tif: 0,
    postOnly: 0,
    reason,
    priceTicks: NONE,
    qtyLots,
    orderId: NONE,
    parentIntentId: NONE,
    reduceOnly: false,
  });
  engine.parents.set(intentId, { qtyLots, sentLots: 0 });
  return intentId;
}

/** Tells once why nothing is done, until something is, or for another reason. */
function noAction(engine: Engine, run: StrategyRun, name: NoActionCode, instrument: number): void {
  const code = said(IDLE, name) || NO_SIGNAL;
  if (run.idleCodes[instrument] === code) return;
  run.idleCodes[instrument] = code;
  const { causeSeq, causeTape } = engine;
  emitNoAction(engine, run.source, { instrument, code, causeSeq, causeTape });
}
