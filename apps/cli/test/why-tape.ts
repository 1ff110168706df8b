/** A strategy's tape by hand in which all comes to an end in another way, and the tape of its market. */
import { FLAG_LAST, Kind, NONE, SIDE_BUY, SIDE_SELL, codeOfName } from '@truetape/contracts';
import type { VocabularyName } from '@truetape/contracts';
import { ENGINE, FEED, MS, RISK, STRATEGY, VENUE, play } from './why-play.ts';
import type { Fields, Play } from './why-play.ts';

const code = (vocabulary: VocabularyName, name: string): number => codeOfName(vocabulary, name)!;

/** What stands where on the tapes. */
export interface WhySeqs {
  readonly filled: number;
  readonly timer: number;
  readonly operator: number;
  readonly kill: number;
  readonly noSignal: number;
  readonly runtime: number;
}

const PRE_TRADE = code('riskPhase', 'preTrade');
const ALLOW = { verdict: code('verdict', 'allow'), phase: PRE_TRADE, source: RISK };
const LIMIT = { type: code('orderType', 'limit'), tif: code('tif', 'GTC') };
const MAKER = code('liquidity', 'maker');
const TAKER = code('liquidity', 'taker');

/** Writes both tapes. */
export function writeWhyTapes(path: string, marketPath: string): WhySeqs {
  const market = play(marketPath, 'client', []);
  const { trade, quote } = playMarket(market);
  const tape = play(path, 'client', [market.end()]);
  const { add } = tape;
  const buy = { flags: FLAG_LAST | SIDE_BUY, priceTicks: 600_000, qtyLots: 14 };
  const want = (intentId: number, given: Fields<'Intent'> = {}): number =>
    add('Intent', {
      ...buy,
      ...LIMIT,
      source: STRATEGY,
      intentId,
      action: code('action', 'new'),
      reason: code('decisionReason', 'quote'),
      cause: quote,
      causeTape: 1,
      ...given,
    });
  const send = (orderId: number, given: Fields<'NewOrder'> = {}, cause: number = want(orderId)): number => {
    const qtyLots = given.qtyLots ?? buy.qtyLots;
    const intentId = orderId;
    const verdict = add('RiskDecision', { ...buy, ...ALLOW, cause, intentId, orderId, allowedLots: qtyLots });
    return add('NewOrder', { ...buy, ...LIMIT, source: ENGINE, cause: verdict, orderId, intentId, ...given });
  };
  const accept = (orderId: number, cause: number): number =>
    add('Accepted', { ...buy, source: VENUE, cause, orderId, leavesLots: 14, matchTime: NONE }, 4);
  const fill = { source: VENUE, flags: FLAG_LAST | SIDE_SELL, priceTicks: 600_000 };
  const cancel = (orderId: number, cause: number = NONE): number =>
    add(
      'Canceled',
      {
        source: VENUE,
        orderId,
        canceledLots: 14,
        reason: code('cancelReason', 'requested'),
        cause: add('CancelOrder', { source: ENGINE, orderId, cause }, 20),
      },
      4,
    );

  // 1: filled in two parts, by a model of the queue and by a trade beyond its price; its fee; a decision that follows.
  accept(1, send(1));
  const through = { ...fill, makerOrderId: 1, liquidity: MAKER, cause: trade, causeTape: 1, tradeId: 1 };
  add('Fill', { ...through, qtyLots: 4, makerLeaves: 10, basis: code('basis', 'queueProbPower') }, 30);
  const filled = add(
    'Fill',
    {
      ...through,
      qtyLots: 10,
      makerLeaves: 0,
      tradeId: 2,
      basis: code('basis', 'tradeThrough'),
      matchTime: 36 * MS,
    },
    4,
  );
  const fee = { source: VENUE, asset: 1, reason: code('cashReason', 'fee'), orderId: 1, tradeId: 2 };
  add('CashFlow', { ...fee, cause: filled, amount: -16_800_000n });
  // 2: canceled behind others.
  accept(2, send(2, {}, want(2, { cause: filled, causeTape: 0 })));
  const canceled = cancel(
    2,
    want(30, { action: code('action', 'cancel'), orderId: 2, priceTicks: NONE, qtyLots: NONE }),
  );
  const unreached = { source: VENUE, cause: canceled, intentId: 2, orderId: 2, aheadLots: 5200 };
  add('NoAction', { ...unreached, code: code('noActionCode', 'queueNotReached') });
  // 3: rejected. 4: expired in part. 5: an IOC order that takes a part.
  add(
    'Rejected',
    {
      source: VENUE,
      cause: send(3, { postOnly: code('postOnly', 'reject') }),
      orderId: 3,
      command: Kind.NewOrder,
      by: code('rejectedBy', 'venue'),
      code: code('rejectCode', 'wouldCross'),
    },
    4,
  );
  accept(4, send(4, { tif: code('tif', 'GTD') }));
  add('Fill', { ...fill, makerOrderId: 4, liquidity: MAKER, qtyLots: 3, makerLeaves: 11, tradeId: 3 }, 1);
  add(
    'Expired',
    { source: VENUE, orderId: 4, expiredLots: 11, reason: code('expireReason', 'timeInForce') },
    1000,
  );
  const market5 = send(5, { tif: code('tif', 'IOC'), type: code('orderType', 'market'), priceTicks: NONE });
  add(
    'Fill',
    { ...fill, cause: market5, takerOrderId: 5, liquidity: TAKER, basis: 1, qtyLots: 6, takerLeaves: 8 },
    4,
  );
  const remainder = code('cancelReason', 'marketRemainder');
  add('Canceled', { source: VENUE, cause: market5, orderId: 5, canceledLots: 8, reason: remainder });
  // 20, 21: denied, and denied because nothing can be computed. 22: throttled. 23: cut down, and sent as order 6.
  const denied = (intentId: number, given: Fields<'RiskDecision'>, wanted: Fields<'Intent'> = {}): number =>
    add('RiskDecision', {
      ...buy,
      source: RISK,
      phase: PRE_TRADE,
      cause: want(intentId, wanted),
      intentId,
      ...given,
    });
  denied(20, {
    orderId: 90,
    verdict: code('verdict', 'deny'),
    unit: code('unit', 'ticks'),
    observed: 120n,
    limit: 100n,
    code: code('denialCode', 'outsideCollar'),
    rule: code('rule', 'priceCollar'),
  });
  denied(21, {
    verdict: code('verdict', 'deny'),
    code: code('denialCode', 'notComputable'),
    rule: code('rule', 'notional'),
    unit: code('unit', 'asset'),
    asset: 1,
    observed: 12_345_000_000n,
  });
  denied(22, {
    verdict: code('verdict', 'throttle'),
    unit: code('unit', 'ns'),
    observed: 2_500_000n,
    limit: 0n,
    code: code('denialCode', 'throttled'),
    rule: code('rule', 'orderRate'),
  });
  const reduced = denied(23, {
    verdict: code('verdict', 'reduce'),
    unit: code('unit', 'lots'),
    observed: 14n,
    limit: 6n,
    allowedLots: 6,
    code: code('denialCode', 'positionLimit'),
    rule: code('rule', 'position'),
    orderId: 6,
  });
  add('NewOrder', { ...buy, ...LIMIT, source: ENGINE, cause: reduced, orderId: 6, intentId: 23, qtyLots: 6 });
  // 24: a position that is there already. No signal at all. What a timer leads to: an order that two instruments have.
  const held = {
    source: STRATEGY,
    intentId: 24,
    targetLots: 14,
    currentLots: 14,
    reason: code('decisionReason', 'signal'),
  };
  const target = add('Target', { ...held, cause: trade, causeTape: 1 });
  const sized = { source: STRATEGY, cause: target, intentId: 24, code: code('noActionCode', 'sizedToZero') };
  add('NoAction', sized);
  const noSignal = add('NoAction', {
    source: STRATEGY,
    cause: trade,
    causeTape: 1,
    code: code('noActionCode', 'noSignal'),
  });
  const timer = add('Timer', { instrument: 0, source: STRATEGY, timerId: 3 }, 10);
  const eth = send(7, { instrument: 2 }, want(7, { cause: timer, causeTape: 0, instrument: 2 }));
  add('Accepted', { ...buy, instrument: 2, source: VENUE, cause: eth, orderId: 7, leavesLots: 14 }, 4);
  accept(7, send(7, {}, want(8, { cause: timer, causeTape: 0 })));
  // 40: a larger order in four parts, one of which is denied.
  const whole = want(40, { priceTicks: NONE, type: 0, tif: 0, qtyLots: 42 });
  for (const orderId of [11, 12, 13]) {
    const part = { cause: whole, causeTape: 0, parentIntentId: 40 };
    const cause = send(orderId, { type: code('orderType', 'market') }, want(30 + orderId, part));
    const one = { ...fill, cause, takerOrderId: orderId, liquidity: TAKER, basis: 1 };
    const isLast = orderId === 13;
    add('Fill', { ...one, qtyLots: isLast ? 4 : 14, takerLeaves: isLast ? 10 : 0 }, 4);
  }
  denied(
    44,
    { verdict: code('verdict', 'deny'), code: code('denialCode', 'killed') },
    { parentIntentId: 40 },
  );
  // 9: open, a cancel under way. Risk steps in; an operator pulls the switch. 10: never answered.
  accept(9, send(9));
  const runtime = add(
    'RiskDecision',
    {
      source: RISK,
      cause: quote,
      causeTape: 1,
      verdict: code('verdict', 'deny'),
      phase: code('riskPhase', 'runtime'),
      code: code('denialCode', 'lossLimit'),
      rule: code('rule', 'loss'),
      unit: code('unit', 'asset'),
      asset: 1,
      observed: 5_100_000_000n,
      limit: 5_000_000_000n,
    },
    5,
  );
  send(10);
  const operator = add(
    'OperatorCommand',
    {
      instrument: 0,
      command: code('operatorCommand', 'kill'),
      json: '{"command":"kill"}',
    },
    5,
  );
  const kill = add('KillSwitch', { instrument: 0, cause: operator, level: code('killLevel', 'cancelAll') });
  add('CancelOrder', { source: ENGINE, cause: kill, orderId: 9 });
  tape.end();
  return { filled, timer, operator, kill, noSignal, runtime };
}

function playMarket({ add }: Play): { readonly trade: number; readonly quote: number } {
  const quote = { bidTicks: 600_000, bidLots: 5200, askTicks: 600_010, askLots: 100 };
  const first = add('Quote', { ...quote, source: FEED });
  const sell = {
    source: FEED,
    flags: FLAG_LAST | SIDE_SELL,
    priceTicks: 599_990,
    qtyLots: 5300,
    tradeId: 77,
  };
  return { quote: first, trade: add('Trade', sell, 30) };
}
