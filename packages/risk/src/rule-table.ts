/**
 * The rules, in their order of precedence: the one table that checks, explanations, the documentation and the
 * tests go by.
 *
 * An order meets them from the top; the first that does not pass decides. What can be told without the market
 * comes first, then what is known of market and account, the order itself, what it would add, and last what
 * only time cures.
 */
import {
  judgeClientId,
  judgeNotional,
  judgeOrderForm,
  judgeOrderQty,
  judgeParentQty,
} from './rules-order.ts';
import { judgePrice, judgePriceCollar, judgeQuantity, judgeReduceOnly } from './rules-order.ts';
import { judgeLeverage, judgeOpenOrders, judgeOrderRate, judgePosition } from './rules-exposure.ts';
import { judgeStrategyLoss, judgeStrategyOpenOrders, judgeStrategyPosition } from './rules-exposure.ts';
import { judgeStrategyRate } from './rules-exposure.ts';
import type { Rule } from './rule.ts';
import { BEFORE, RUNTIME } from './table-state.ts';

const ORDER: readonly Rule[] = [
  {
    rule: 'clientId',
    code: 'duplicateClientId',
    unit: 'none',
    setting: 'always',
    phase: 'preTrade',
    exempts: 'none',
    compares:
      'the client id with those that were admitted: the last rememberedIds one by one, before them the ' +
      'highest; an amend has its order’s',
    judge: judgeClientId,
  },
  {
    rule: 'orderForm',
    code: 'badOrder',
    unit: 'none',
    setting: 'always',
    phase: 'preTrade',
    exempts: 'none',
    compares: 'side and type with buy, sell and limit, market',
    judge: judgeOrderForm,
  },
  {
    rule: 'quantity',
    code: 'badQty',
    unit: 'none',
    setting: 'always',
    phase: 'preTrade',
    exempts: 'none',
    compares: 'the quantity with the integers from 1',
    judge: judgeQuantity,
  },
  {
    rule: 'price',
    code: 'badPrice',
    unit: 'none',
    setting: 'always',
    phase: 'preTrade',
    exempts: 'none',
    compares: 'the price of a limit order with the integers from 1, of a market order with none',
    judge: judgePrice,
  },
  {
    rule: 'reduceOnly',
    code: 'notReducing',
    unit: 'lots',
    setting: 'always',
    phase: 'preTrade',
    exempts: 'none',
    compares:
      'the quantity of an order that only reduces with the position less what is open against it ' +
      'already; with some of it left the order is reduced to that',
    judge: judgeReduceOnly,
  },
  {
    rule: 'orderQty',
    code: 'maxOrderQty',
    unit: 'lots',
    setting: 'limits.maxOrderLots',
    phase: 'preTrade',
    exempts: 'flatten',
    compares: 'the quantity with the limit',
    judge: judgeOrderQty,
  },
  {
    rule: 'notional',
    code: 'maxNotional',
    unit: 'asset',
    money: 'instrument',
    setting: 'limits.maxNotional',
    phase: 'preTrade',
    exempts: 'flatten',
    compares:
      'quantity × price with the limit, rounded up: at the order’s price, or the other side’s best ' +
      'where that makes it dearer; a market order at the other side’s best',
    judge: judgeNotional,
  },
  {
    rule: 'priceCollar',
    code: 'outsideCollar',
    unit: 'ticks',
    setting: 'limits.priceCollar',
    phase: 'preTrade',
    exempts: 'none',
    compares:
      'the price with the reference ± bps of it, rounded towards it; against the touch only where the ' +
      'order is eager. A market order needs a reference',
    judge: judgePriceCollar,
  },
  {
    rule: 'parentQty',
    code: 'exceedsParent',
    unit: 'lots',
    setting: 'always',
    phase: 'preTrade',
    exempts: 'none',
    compares: 'what the parent’s children have filled and open + the quantity with the parent’s quantity',
    judge: judgeParentQty,
  },
];

const EXPOSURE: readonly Rule[] = [
  {
    rule: 'position',
    code: 'positionLimit',
    unit: 'lots',
    setting: 'limits.maxPositionLots',
    phase: 'preTrade',
    exempts: 'none',
    compares:
      '±position + all that is open on the order’s side + the quantity with the limit; an amend that only ' +
      'makes its order smaller passes',
    judge: judgePosition,
  },
  {
    rule: 'openOrders',
    code: 'maxOpenOrders',
    unit: 'count',
    setting: 'limits.maxOpenOrders',
    phase: 'preTrade',
    exempts: 'flatten',
    compares: 'the instrument’s open orders + this one with the limit; an amend adds none',
    judge: judgeOpenOrders,
  },
  {
    rule: 'leverage',
    code: 'maxLeverage',
    unit: 'asset',
    money: 'account',
    setting: 'account.maxLeverageBps',
    phase: 'preTrade',
    exempts: 'reducing',
    compares:
      'exposure of all instruments at the worst, at the dearest of both touches, last trade and the ' +
      'order’s price, with equity × the limit; what only leads towards zero passes, and so does an amend ' +
      'that only makes its order smaller',
    judge: judgeLeverage,
  },
  {
    rule: 'strategyPosition',
    code: 'strategyPositionLimit',
    unit: 'lots',
    setting: 'strategies.*.maxPositionLots',
    phase: 'preTrade',
    exempts: 'reducing',
    compares: 'as `position`, of the strategy alone',
    judge: judgeStrategyPosition,
  },
  {
    rule: 'strategyOpenOrders',
    code: 'strategyMaxOpenOrders',
    unit: 'count',
    setting: 'strategies.*.maxOpenOrders',
    phase: 'preTrade',
    exempts: 'flatten',
    compares: 'as `openOrders`, of the strategy alone',
    judge: judgeStrategyOpenOrders,
  },
  {
    rule: 'strategyLoss',
    code: 'strategyLossLimit',
    unit: 'asset',
    money: 'account',
    setting: 'strategies.*.maxLoss',
    phase: 'preTrade',
    exempts: 'reducing',
    compares: '−profit and loss of the strategy with the limit',
    judge: judgeStrategyLoss,
  },
  {
    rule: 'strategyRate',
    code: 'strategyThrottled',
    unit: 'ns',
    setting: 'strategies.*.orderRate',
    phase: 'preTrade',
    exempts: 'flatten',
    compares: 'the time until the strategy’s bucket has an order’s token with 0',
    judge: judgeStrategyRate,
  },
  {
    rule: 'orderRate',
    code: 'throttled',
    unit: 'ns',
    setting: 'account.orderRate',
    phase: 'preTrade',
    exempts: 'flatten',
    compares: 'the time until the account’s bucket has an order’s token with 0',
    judge: judgeOrderRate,
  },
];

/** All rules, by precedence. */
export const RULES: readonly Rule[] = [...BEFORE, ...RUNTIME, ...ORDER, ...EXPOSURE];
