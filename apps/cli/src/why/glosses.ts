/** What codes mean, where their names alone do not say it. */
import { MONEY_NONE, nameOfCode } from '@truetape/contracts';
import type { RiskDecision, VocabularyName } from '@truetape/contracts';
import type { Names } from './names.ts';
import { spanText } from './names.ts';

type Glosses = Readonly<Record<string, string>>;

const BASES: Glosses = {
  matched: 'matched in the book',
  tradeThrough: 'assumed: the market traded through its price',
  queueExact: 'assumed: those ahead of it in the queue were gone, order by order',
  queueRiskAverse: 'assumed: trades had used up what stood ahead of it, cancels count for nothing',
  queueProbPower: 'assumed: a power law says how much of what left had stood ahead of it',
  queueProbLog: 'assumed: a logarithmic law says how much of what left had stood ahead of it',
  bookWalk: 'assumed: it took what stood in the recorded book',
  ideal: 'assumed: at once at the touch, as no venue does',
};

const REJECTS: Glosses = {
  unknownOrder: 'no such order is open: it had ended, or never was',
  wouldCross: 'it is post-only, and would have traded at once',
  wouldNotFill: 'fill or kill, and there was not enough to fill it',
  venueDown: 'the venue was down',
  notReady: 'the venue’s book was not known',
  duplicateId: 'an order with this id is open',
  insufficientLiquidity: 'nothing stood on the other side',
  insufficientBalance: 'the account could not pay for it, with what was open and at the worst price and fee',
  reduceOnly: 'it may only reduce a position, and there was nothing that it would reduce',
};

const CANCELS: Glosses = {
  requested: 'on request',
  iocRemainder: 'what an IOC order does not take at once',
  marketRemainder: 'what a market order does not find',
  selfTrade: 'it would have traded with an order of its own account',
  cancelAll: 'with all others',
  disconnect: 'the connection was lost',
  reduceOnly: 'it may only reduce a position, and none was left for it',
  insufficientBalance: 'the account could not pay for it any more',
};

const NOTHING: Glosses = {
  noSignal: 'the strategy looked, and had no reason to act',
  sizedToZero: 'the position is there already, or on its way',
  throttled: 'too many requests',
  routedAway: 'it went elsewhere',
  queueNotReached: 'others stood ahead of it in the queue to the end',
  notReady: 'the strategy does not know enough yet',
};

const DENIALS: Glosses = {
  notComputable: 'the rule could not be computed, and fails closed',
  killed: 'the kill switch is on',
  unknownInstrument: 'no limits for this instrument',
  uncertainData: 'the market is not known for certain',
  staleData: 'the market data is too old',
  uncertainTooLong: 'the market was not known for certain for too long',
  staleTooLong: 'there was no market data for too long',
  lossLimit: 'too much is lost',
  drawdownLimit: 'too far below the best equity',
  dailyLossLimit: 'too much is lost today',
  rejectSpike: 'the venue rejected too much',
  duplicateClientId: 'this id was used before',
  notReducing: 'it is to reduce a position, and would not',
  maxOrderQty: 'too much for one order',
  maxNotional: 'worth too much for one order',
  outsideCollar: 'the price is too far from the market',
  exceedsParent: 'more than the whole that it is part of',
  positionLimit: 'the position could become too large, counting what is open',
  maxOpenOrders: 'too many orders are open',
  maxLeverage: 'too much for the equity',
  strategyPositionLimit: 'the strategy’s position could become too large, counting what is open',
  strategyMaxOpenOrders: 'the strategy has too many orders open',
  strategyLossLimit: 'the strategy has lost too much',
  strategyThrottled: 'the strategy sends too fast',
  throttled: 'orders come too fast',
};

const ALL: Partial<Record<VocabularyName, Glosses>> = {
  basis: BASES,
  rejectCode: REJECTS,
  cancelReason: CANCELS,
  noActionCode: NOTHING,
  denialCode: DENIALS,
};

/** The name of a code, and in brackets what it means where that is not plain. */
export function codeText(vocabulary: VocabularyName, code: number): string {
  const name = code === 0 ? 'no code' : nameOfCode(vocabulary, code);
  const gloss = ALL[vocabulary]?.[name];
  return gloss === undefined ? name : `${name} (${gloss})`;
}

/** What a code means; its name where that says it. */
export function glossOf(vocabulary: VocabularyName, code: number): string {
  if (code === 0) return 'not said';
  const name = nameOfCode(vocabulary, code);
  return ALL[vocabulary]?.[name] ?? name;
}

/** Why a verdict is no plain allow: code, rule, what was observed and the limit. */
export function reasonText(names: Names, event: RiskDecision): string {
  const rule = event.rule === 0 ? '' : `, rule ${nameOfCode('rule', event.rule)}`;
  const numbers = numbersText(names, event);
  // The verdict throttle has said as much as this code.
  const code =
    nameOfCode('denialCode', event.code) === 'throttled'
      ? glossOf('denialCode', event.code)
      : codeText('denialCode', event.code);
  return `${code}${rule}${numbers === '' ? '' : `: ${numbers}`}`;
}

function numbersText(names: Names, event: RiskDecision): string {
  const { observed, limit } = event;
  if (observed === MONEY_NONE && limit === MONEY_NONE) return '';
  const [seen, held] = [observed, limit].map((value) => inUnit(names, event, value));
  if (limit === MONEY_NONE) return `observed ${seen}, without a limit to hold it against`;
  if (observed === MONEY_NONE) return `limit ${held}, and nothing observed to hold against it`;
  return `observed ${seen}, limit ${held}`;
}

function inUnit(names: Names, { unit, asset, instrument }: RiskDecision, value: bigint): string {
  const name = unit === 0 ? 'none' : nameOfCode('unit', unit);
  switch (name) {
    case 'asset':
      return names.money(asset, value);
    case 'lots':
      return names.amount(instrument, Number(value));
    case 'ticks':
      return `${value} ${value === 1n ? 'tick' : 'ticks'}`;
    case 'bps':
      return `${value} bps`;
    case 'ns':
      return spanText(value);
    default:
      return String(value);
  }
}
