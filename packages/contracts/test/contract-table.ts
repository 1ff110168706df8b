/**
 * The kinds once more, written down from the text of the contracts and not from the declarations: two entries that a test
 * compares. `{…}` is one word of packed fields, `0:16` reserved bits, `name:type?` a field that may be absent.
 *
 * A line of status F never changes again; a later version may append to its tail.
 */
export interface ContractKind {
  /** Code, name, status, priority. */
  readonly head: string;
  readonly base: string;
  readonly tail: string;
  /** Name and type of the bytes behind the fixed part, and the field that has their length. */
  readonly payload: string;
  /** `side`: never without one · `a^b`: one of both · `a<b`: a is 0 where b is absent · `name()`: a function. */
  readonly rules: string;
}

const kind = (head: string, base: string, tail = '', payload = '', rules = ''): ContractKind => ({
  head,
  base,
  tail,
  payload,
  rules,
});

const META: readonly ContractKind[] = [
  kind(
    '01 Define F 0',
    '{table:8 0:24 index:32} {jsonBytes:32 0:32}',
    '',
    'json:json jsonBytes',
    'defineRule()',
  ),
  kind('02 Note F 0', 'cause:ref? {utf8Bytes:32 topic:16 0:16}', '', 'text:text utf8Bytes'),
  kind(
    '03 Raw F 0',
    'cause:ref? {direction:8 channel:8 httpStatus:16 byteCount:32} {totalBytes:32 offset:32}',
    '',
    'bytes:bytes byteCount',
    'rawRule()',
  ),
  kind('04 Checkpoint F 11', 'cause:ref? coversSeq:q {scope:8 hashVersion:8 0:16 0:32} stateHash:hash'),
  kind('05 Alias F 0', 'cause:ref? id:id {scope:8 0:8 0:16 utf8Bytes:32}', '', 'text:text utf8Bytes'),
  kind('06 Skip F 0', 'count:q', '', '', 'skipRule()'),
];

const COMMANDS: readonly ContractKind[] = [
  kind(
    '10 NewOrder F 9',
    'cause:ref? orderId:id priceTicks:n? qtyLots:n {type:8 tif:8 postOnly:8 stp:8 account:32}',
    'intentId:id? minQtyLots:n? {positionSide:8 exec:8 0:16 0:32} parentOrderId:id? decidedTime:t? expireTime:t? stopTicks:n? displayLots:n? requestId:id?',
  ),
  kind(
    '11 CancelOrder F 9',
    'cause:ref? orderId:id {account:32 reason:16 0:16}',
    'decidedTime:t? requestId:id?',
  ),
  kind(
    '12 AmendOrder F 9',
    'cause:ref? orderId:id priceTicks:n? qtyLots:n? {qtyMode:8 postOnly:8 0:16 account:32}',
    'newOrderId:id? decidedTime:t? requestId:id?',
  ),
  kind('13 CancelAll F 9', 'cause:ref? {account:32 scope:8 0:24}', 'decidedTime:t? requestId:id?'),
  kind('14 Sent D 9', 'cause:ref? {attempt:16 channel:8 0:8 weight:32}'),
  kind(
    '15 Outcome D 9',
    'cause:ref? {outcome:8 channel:8 code:16 httpStatus:16 attempt:16} venueCode:n?',
    'retryAfterNs:n? sendTime:t?',
  ),
];

const FACTS: readonly ContractKind[] = [
  kind(
    '20 Accepted F 3',
    'cause:ref? orderId:id priceTicks:n? leavesLots:q',
    '{account:32 type:8 tif:8 0:16} matchTime:t? sendTime:t?',
  ),
  kind(
    '21 Rejected F 3',
    'cause:ref? orderId:id? {command:8 by:8 code:16 account:32}',
    'venueCode:n? matchTime:t? sendTime:t? priceTicks:n? qtyLots:n?',
  ),
  kind(
    '22 Fill F 3',
    'cause:ref? tradeId:id? priceTicks:n? qtyLots:q makerOrderId:id? takerOrderId:id? makerLeaves:q? takerLeaves:q?',
    '{makerAccount:32 takerAccount:32} {liquidity:8 condition:8 basis:8 0:8 0:32} priceFine:n? matchTime:t? sendTime:t?',
    '',
    'priceTicks^priceFine',
  ),
  kind(
    '23 Canceled F 3',
    'cause:ref? orderId:id canceledLots:q? {reason:16 0:16 account:32}',
    'contraOrderId:id? matchTime:t? sendTime:t?',
  ),
  kind(
    '24 Amended F 3',
    'cause:ref? orderId:id priceTicks:n? leavesLots:q {reason:16 priorityKept:8 0:8 account:32}',
    'newOrderId:id? contraOrderId:id? matchTime:t? sendTime:t?',
  ),
  kind(
    '25 Expired F 3',
    'cause:ref? orderId:id expiredLots:q? {reason:16 0:16 account:32}',
    'matchTime:t? sendTime:t?',
  ),
  kind('26 CancelAllDone F 3', 'cause:ref? {canceled:32 failed:32}', 'matchTime:t? sendTime:t?'),
];

const MARKET: readonly ContractKind[] = [
  kind(
    '30 Trade F 4',
    'priceTicks:n? qtyLots:q tradeId:id?',
    'matchTime:t? sendTime:t? {condition:8 0:8 0:16 tradeCount:32} firstTradeId:id? makerOrderId:id? takerOrderId:id? priceFine:n?',
    '',
    'priceTicks^priceFine',
  ),
  kind(
    '31 Quote F 6',
    'bidTicks:n? bidLots:q askTicks:n? askLots:q',
    'updateId:id? matchTime:t? sendTime:t?',
    '',
    'bidLots<bidTicks askLots<askTicks',
  ),
  kind('32 Level F 5', 'priceTicks:n qtyLots:q', '{orderCount:32 0:32}', '', 'side'),
  kind(
    '33 BookUpdate F 5',
    'lastUpdateId:id? {levels:32 0:32}',
    'firstUpdateId:id? prevUpdateId:id? matchTime:t? sendTime:t? heldNs:q',
  ),
  kind(
    '34 BookReset F 5',
    'lastUpdateId:id? {bids:32 asks:32}',
    'knownLowTicks:n? knownHighTicks:n? matchTime:t? sendTime:t? {depthLimit:32 reason:8 0:8 0:16}',
  ),
  kind('35 Mark F 6', 'markFine:n? indexFine:n? settleFine:n?', 'matchTime:t? sendTime:t?'),
  kind(
    '36 FundingRate F 6',
    'rateE12:n nextFundingTime:t?',
    '{intervalSec:32 rateKind:8 0:8 0:16} matchTime:t? sendTime:t?',
  ),
  kind('37 TradingStatus F 2', '{status:8 previous:8 reason:16 0:32}', 'matchTime:t? sendTime:t?'),
  kind(
    '38 Bar F 6',
    'openTicks:n highTicks:n lowTicks:n closeTicks:n qtyLots:q {intervalSec:32 trades:32} startTime:t {barKind:8 0:8 0:16 0:32}',
    'size:q?',
  ),
  kind(
    '40 FeedStatus F 2',
    '{status:8 previous:8 reason:16 count:32}',
    'expectedId:id? receivedId:id? lastGoodTime:t? valueNs:n?',
  ),
];

const DECISIONS: readonly ContractKind[] = [
  kind(
    '50 Intent F 8',
    'cause:ref? intentId:id {action:8 type:8 tif:8 postOnly:8 reason:16 exec:8 0:8} priceTicks:n? qtyLots:n? orderId:id?',
    'parentIntentId:id?',
  ),
  kind(
    '51 Target F 8',
    'cause:ref? intentId:id targetLots:n {scope:8 0:8 reason:16 account:32}',
    'currentLots:n? parentIntentId:id?',
  ),
  kind(
    '52 RiskDecision F 8',
    'cause:ref? intentId:id? {verdict:8 unit:8 code:16 rule:16 tier:8 phase:8} priceTicks:n? qtyLots:n? allowedLots:n? observed:m? limit:m?',
    'orderId:id? {asset:16 0:16 account:32}',
  ),
  kind(
    '53 RouteDecision D 8',
    'cause:ref? intentId:id {rank:8 chosen:8 reason:16 account:32} priceTicks:n? allocatedLots:n feeE12:n? slippageE12:n? latencyNs:n? fundingE12:n? inventoryE12:n? totalE12:n?',
  ),
  kind('54 NoAction F 8', 'cause:ref? intentId:id? {code:16 0:16 0:32}', 'orderId:id? aheadLots:n?'),
];

const LEDGER: readonly ContractKind[] = [
  kind(
    '60 CashFlow F 10',
    'cause:ref? amount:m {asset:16 reason:16 account:32}',
    'orderId:id? tradeId:id? matchTime:t?',
  ),
  kind(
    '61 FundingPaid F 10',
    'cause:ref? amount:m {asset:16 0:16 account:32} positionLots:n rateE12:n markFine:n fundingTime:t',
  ),
  kind(
    '62 Settlement D 10',
    'cause:ref? amount:m {asset:16 reason:16 account:32} positionLots:n priceFine:n',
  ),
];

const RECONCILIATION: readonly ContractKind[] = [
  kind(
    '70 TruthOrder D 10',
    'cause:ref? batchId:id orderId:id priceTicks:n? qtyLots:n cumLots:n {status:8 tif:8 type:8 positionSide:8 account:32}',
    'avgFine:n? matchTime:t?',
  ),
  kind(
    '71 TruthPosition D 10',
    'cause:ref? batchId:id positionLots:n entryFine:n? {positionSide:8 marginMode:8 leverageX100:16 account:32}',
    'markFine:n? liquidationFine:n? unrealised:m? {asset:16 0:48}',
  ),
  kind('72 TruthBalance D 10', 'cause:ref? batchId:id wallet:m available:m? {asset:16 0:16 account:32}'),
  kind(
    '73 Divergence D 10',
    'cause:ref? batchId:id {subject:8 severity:8 code:16 action:16 asset:16} expected:m? observed:m?',
    'orderId:id? {account:32 0:32}',
  ),
  kind(
    '74 ReconcileReport D 10',
    'cause:ref? batchId:id {scope:8 status:8 reason:16 account:32} lookbackNs:n {asked:32 answered:32} {matched:32 diverged:32} {unresolved:32 repaired:32}',
  ),
];

const CONTROL: readonly ContractKind[] = [
  kind('80 Lifecycle F 1', 'cause:ref? {from:8 to:8 reason:16 0:32}'),
  kind('81 Regime F 1', 'cause:ref? {from:16 to:16 reason:16 0:16}'),
  kind(
    '82 OperatorCommand F 1',
    'cause:ref? {command:16 scope:16 account:32} {jsonBytes:32 0:32}',
    '',
    'json:json jsonBytes',
  ),
  kind(
    '83 Mode D 1',
    'cause:ref? {from:8 to:8 armed:8 tier:8 reason:16 0:16}',
    'leaseUntil:t? configHash:hash?',
  ),
  kind('84 KillSwitch F 1', 'cause:ref? {level:8 previous:8 code:16 account:32}'),
  kind('85 FaultInjected F 1', 'cause:ref? {fault:16 effect:8 handling:8 0:32} value:n', 'orderId:id?'),
  kind('86 InvariantViolated F 11', 'cause:ref? {utf8Bytes:32 0:32}', '', 'text:text utf8Bytes'),
  kind('87 Overrun F 11', 'cause:ref? lostFrom:q lostTo:q {policy:8 0:8 0:16 0:32}'),
  kind(
    '88 Dropped F 11',
    'cause:ref? orderId:id? {command:8 policy:8 reason:16 depth:32}',
    '{account:32 0:32} priceTicks:n? qtyLots:n?',
  ),
  kind('89 Timer F 7', 'cause:ref? timerId:id dueTime:t'),
  kind('8a Session F 0', 'cause:ref? {jsonBytes:32 0:32}', '', 'json:json jsonBytes'),
  kind('8b Clock F 0', 'cause:ref? wallTime:t offsetNs:n uncertaintyNs:n? {method:8 applied:8 0:16 0:32}'),
  kind('8c Ack F 11', 'cause:ref? ofSeq:q decidedStep:q completedStep:q {provisional:8 0:8 0:16 0:32}'),
  kind('8d Alert D 11', 'cause:ref? {severity:8 state:8 code:16 account:32}'),
];

export const CONTRACT: readonly ContractKind[] = [
  ...META,
  ...COMMANDS,
  ...FACTS,
  ...MARKET,
  ...DECISIONS,
  ...LEDGER,
  ...RECONCILIATION,
  ...CONTROL,
];

/** Codes of every vocabulary that the contracts list, `code name` from 1, or as given. */
export const CONTRACT_CODES: Readonly<Record<string, string>> = {
  table: '1 instrument 2 source 3 account 4 asset 5 label',
  direction: '1 in 2 out',
  channel: '1 ws 2 rest 3 fix 4 file',
  checkpointScope: '1 book 2 orders 3 ledger 4 risk 5 engine 6 all',
  aliasScope: '1 clientOrder 2 venueOrder 3 trade 4 request 5 list',
  side: '1 buy 2 sell',
  orderType: '1 limit 2 market 3 stop 4 stopLimit',
  tif: '1 GTC 2 IOC 3 FOK 4 GTD 5 DAY',
  postOnly: '1 reject 2 slide',
  stp: '1 newest 2 oldest 3 both 4 decrement',
  positionSide: '1 long 2 short',
  qtyMode: '1 total 2 remaining 3 reduceBy',
  cancelScope: '1 everyone',
  outcome: '1 confirmed 2 rejected 3 unresolved 4 localDenied 5 throttled',
  command: '16 NewOrder 17 CancelOrder 18 AmendOrder 19 CancelAll',
  rejectedBy: '1 venue 2 gateway 3 engine 4 queue',
  liquidity: '1 maker 2 taker',
  condition: '1 normal 2 hidden 3 auction 4 block 5 liquidation 6 adl 7 insurance 8 settlement 9 delivery',
  basis:
    '1 matched 2 tradeThrough 3 queueExact 4 queueRiskAverse 5 queueProbPower 6 queueProbLog 7 ideal 8 bookWalk',
  fundingKind: '1 predicted 2 final',
  barKind: '1 time 2 count 3 volume',
  tradingStatus: '1 trading 2 halted 3 auction 4 cancelOnly 5 closed',
  feedStatus:
    '1 connected 2 disconnected 3 subscribed 4 stale 5 gap 6 resyncing 7 resynced 8 checksumMismatch 9 crossed',
  action: '1 new 2 cancel 3 amend 4 flatten',
  targetScope: '1 strategy 2 portfolio',
  verdict: '1 allow 2 deny 3 reduce 4 throttle',
  unit: '1 lots 2 ticks 3 asset 4 count 5 bps 6 ns',
  riskPhase: '1 preTrade 2 runtime',
  noActionCode: '1 noSignal 2 sizedToZero 3 throttled 4 routedAway 5 queueNotReached 6 notReady',
  cashReason:
    '1 fee 2 rebate 3 deposit 4 withdrawal 5 transfer 6 opening 7 interest 8 liquidationFee 9 insurance 10 adjustment 11 realised',
  subject: '1 order 2 position 3 balance 4 trade',
  reconcileStatus: '1 complete 2 partial 3 failed',
  lifecycle: '1 INIT 2 WARMUP 3 READY 4 DEGRADED 5 STOPPED',
  mode: '1 replay 2 paper 3 live',
  killLevel: '1 blockNew 2 cancelAll 3 flatten',
  faultEffect: '1 duplicate 2 drop 3 delay 4 reorder 5 corrupt 6 kill',
  faultHandling: '1 reject 2 reordered 3 flagged',
  overrunPolicy: '1 oldest 2 latest 3 halt',
  dropPolicy: '1 oldest 2 newest 3 reject 4 block',
  clockMethod: '1 auto 2 given 3 ntp 4 venue 5 restart',
  alertState: '1 raised 2 acknowledged 3 cleared',
};
