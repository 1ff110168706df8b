/**
 * Names of every coded value, index or key = the code on the wire. 0 is always "none or unspecified".
 * A closed list rejects unknown codes; an open one keeps the number, which prints as `#57`.
 */
export interface Vocabulary {
  readonly closed: boolean;
  /** Sparse: names by code. */
  readonly names: readonly (readonly [code: number, name: string])[];
}

function listed(closed: boolean, ...names: string[]): Vocabulary {
  return { closed, names: names.map((name, index) => [index + 1, name] as const) };
}

const closed = (...names: string[]): Vocabulary => listed(true, ...names);
const open = (...names: string[]): Vocabulary => listed(false, ...names);

/** Reject codes of a matching engine in their order of precedence, then those of gateway and queue. */
export const REJECT_CODES = [
  'badQty',
  'badPrice',
  'unknownInstrument',
  'duplicateId',
  'unknownOrder',
  'notOwner',
  'wouldCross',
  'wouldNotFill',
  'capacity',
  'queueFull',
  'limit',
  'notReady',
  'venueDown',
  'insufficientBalance',
  'insufficientLiquidity',
  'badTick',
  'badLot',
  'duplicateClientId',
  'reduceOnly',
] as const;

/** Rules of the risk gate in their order of precedence: the first that does not pass decides. */
export const RISK_RULES = [
  'killSwitch',
  'instrument',
  'strategy',
  'view',
  'certainty',
  'dataAge',
  'uncertainTime',
  'staleTime',
  'loss',
  'drawdown',
  'dailyLoss',
  'rejectSpike',
  'clientId',
  'orderForm',
  'quantity',
  'price',
  'reduceOnly',
  'orderQty',
  'notional',
  'priceCollar',
  'parentQty',
  'position',
  'openOrders',
  'leverage',
  'strategyPosition',
  'strategyOpenOrders',
  'strategyLoss',
  'strategyRate',
  'orderRate',
] as const;

/** Why the risk gate refuses: that a rule cannot be computed, then a code for each rule, in their order. */
export const DENIAL_CODES = [
  'notComputable',
  'killed',
  'unknownInstrument',
  'unknownStrategy',
  'badView',
  'uncertainData',
  'staleData',
  'uncertainTooLong',
  'staleTooLong',
  'lossLimit',
  'drawdownLimit',
  'dailyLossLimit',
  'rejectSpike',
  'duplicateClientId',
  'badOrder',
  'badQty',
  'badPrice',
  'notReducing',
  'maxOrderQty',
  'maxNotional',
  'outsideCollar',
  'exceedsParent',
  'positionLimit',
  'maxOpenOrders',
  'maxLeverage',
  'strategyPositionLimit',
  'strategyMaxOpenOrders',
  'strategyLossLimit',
  'strategyThrottled',
  'throttled',
] as const;

export const VOCABULARIES = {
  side: closed('buy', 'sell'),
  orderType: closed('limit', 'market', 'stop', 'stopLimit'),
  tif: closed('GTC', 'IOC', 'FOK', 'GTD', 'DAY'),
  stp: closed('newest', 'oldest', 'both', 'decrement'),
  postOnly: open('reject', 'slide'),
  positionSide: open('long', 'short'),
  qtyMode: open('total', 'remaining', 'reduceBy'),
  cancelScope: closed('everyone'),
  table: closed('instrument', 'source', 'account', 'asset', 'label'),
  direction: open('in', 'out'),
  channel: open('ws', 'rest', 'fix', 'file'),
  checkpointScope: open('book', 'orders', 'ledger', 'risk', 'engine', 'all'),
  aliasScope: open('clientOrder', 'venueOrder', 'trade', 'request', 'list'),
  outcome: open('confirmed', 'rejected', 'unresolved', 'localDenied', 'throttled'),
  outcomeCode: open(),
  command: {
    closed: false,
    names: [
      [0x10, 'NewOrder'],
      [0x11, 'CancelOrder'],
      [0x12, 'AmendOrder'],
      [0x13, 'CancelAll'],
    ],
  },
  rejectedBy: open('venue', 'gateway', 'engine', 'queue'),
  rejectCode: open(...REJECT_CODES),
  cancelReason: open(
    'requested',
    'iocRemainder',
    'marketRemainder',
    'selfTrade',
    'cancelAll',
    'disconnect',
    'reduceOnly',
    'insufficientBalance',
  ),
  amendReason: open('requested', 'reduced', 'selfTrade', 'slide', 'reduceOnly'),
  expireReason: open('timeInForce', 'endOfSession'),
  liquidity: open('maker', 'taker'),
  condition: open(
    'normal',
    'hidden',
    'auction',
    'block',
    'liquidation',
    'adl',
    'insurance',
    'settlement',
    'delivery',
  ),
  basis: open(
    'matched',
    'tradeThrough',
    'queueExact',
    'queueRiskAverse',
    'queueProbPower',
    'queueProbLog',
    'ideal',
    'bookWalk',
  ),
  resetReason: open('subscribed', 'gap', 'crossed', 'requested'),
  fundingKind: open('predicted', 'final'),
  barKind: open('time', 'count', 'volume'),
  tradingStatus: open('trading', 'halted', 'auction', 'cancelOnly', 'closed'),
  tradingReason: open(),
  feedStatus: open(
    'connected',
    'disconnected',
    'subscribed',
    'stale',
    'gap',
    'resyncing',
    'resynced',
    'checksumMismatch',
    'crossed',
  ),
  feedReason: open(),
  action: open('new', 'cancel', 'amend', 'flatten'),
  decisionReason: open(
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
  ),
  targetScope: open('strategy', 'portfolio'),
  verdict: open('allow', 'deny', 'reduce', 'throttle'),
  unit: open('lots', 'ticks', 'asset', 'count', 'bps', 'ns'),
  denialCode: open(...DENIAL_CODES),
  rule: open(...RISK_RULES),
  riskPhase: open('preTrade', 'runtime'),
  noActionCode: open('noSignal', 'sizedToZero', 'throttled', 'routedAway', 'queueNotReached', 'notReady'),
  cashReason: open(
    'fee',
    'rebate',
    'deposit',
    'withdrawal',
    'transfer',
    'opening',
    'interest',
    'liquidationFee',
    'insurance',
    'adjustment',
    'realised',
  ),
  settlementReason: open(),
  truthStatus: open(),
  marginMode: open(),
  subject: open('order', 'position', 'balance', 'trade'),
  divergenceCode: open(),
  divergenceAction: open(),
  reconcileScope: open(),
  reconcileStatus: open('complete', 'partial', 'failed'),
  lifecycle: open('INIT', 'WARMUP', 'READY', 'DEGRADED', 'STOPPED'),
  // Of changes of state (the first seven) and of regime.
  controlReason: open(
    'start',
    'warm',
    'failure',
    'overrun',
    'failureEnded',
    'clean',
    'shutdown',
    'script',
    'threshold',
    'burst',
    'burstEnded',
  ),
  operatorCommand: open('kill', 'resume', 'flatten'),
  mode: open('replay', 'paper', 'live'),
  killLevel: open('blockNew', 'cancelAll', 'flatten'),
  faultEffect: open('duplicate', 'drop', 'delay', 'reorder', 'corrupt', 'kill'),
  faultHandling: open('reject', 'reordered', 'flagged'),
  overrunPolicy: open('oldest', 'latest', 'halt'),
  dropPolicy: open('oldest', 'newest', 'reject', 'block'),
  dropReason: open(),
  clockMethod: open('auto', 'given', 'ntp', 'venue', 'restart'),
  alertState: open('raised', 'acknowledged', 'cleared'),
  alertCode: open(),
} as const satisfies Record<string, Vocabulary>;

export type VocabularyName = keyof typeof VOCABULARIES;

const NAMES = new Map<string, ReadonlyMap<number, string>>();
const CODES = new Map<string, ReadonlyMap<string, number>>();
for (const [key, vocabulary] of Object.entries<Vocabulary>(VOCABULARIES)) {
  NAMES.set(key, new Map(vocabulary.names));
  CODES.set(key, new Map(vocabulary.names.map(([code, name]) => [name, code] as const)));
}

/** Name of a code, or `#57` for one that the vocabulary does not list. */
export function nameOfCode(vocabulary: VocabularyName, code: number): string {
  return NAMES.get(vocabulary)?.get(code) ?? `#${code}`;
}

/** Code of a name as `nameOfCode` prints it; undefined when it is none. Bound: codes below 65,536. */
export function codeOfName(vocabulary: VocabularyName, name: string): number | undefined {
  const code = CODES.get(vocabulary)?.get(name);
  if (code !== undefined) return code;
  if (!/^#[1-9][0-9]{0,4}$/.test(name)) return undefined;
  const number = Number(name.slice(1));
  return number > 0xffff || NAMES.get(vocabulary)?.has(number) ? undefined : number;
}
