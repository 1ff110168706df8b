/** Faults in the books: fills, funding, margin, liquidation, valuation, and what is refused. */
import { mutantsOf, type Mutant } from './mutant.ts';

const LEDGER = 'packages/ledger/src';
const BOOKS = ['packages/ledger/test/ledger.test.ts'];
const VENUES = ['packages/ledger/test/venues.test.ts'];
const MARGIN = ['packages/ledger/test/margin.test.ts'];
const LIQUIDATION = ['packages/ledger/test/liquidation.test.ts'];
const VALUATION = ['packages/ledger/test/valuation.test.ts'];
const FOLD = ['packages/ledger/test/fold.test.ts'];
const SAVE = ['packages/ledger/test/save.test.ts'];

const fills: readonly Mutant[] = [
  ...mutantsOf(`${LEDGER}/fill.ts`, BOOKS, [
    {
      id: 'ledger-flip-cost',
      find: 'step.cost = cost - side * share - side * (value - out);',
      replace: 'step.cost = cost - side * share;',
      why: 'what a fill through zero opens costs nothing',
    },
    {
      id: 'ledger-gain-sign',
      find: 'step.realised = position.gain * side * (out - share);',
      replace: 'step.realised = side * (out - share);',
      why: 'an inverse contract gains where it loses',
    },
    {
      id: 'ledger-per-contract',
      find: 'rounding) * contractsPerLot * lots;',
      replace: 'rounding) * lots;',
      why: 'a lot of several contracts is worth one of them',
      suite: VENUES,
    },
  ]),
  ...mutantsOf(`${LEDGER}/apply-fill.ts`, BOOKS, [
    {
      id: 'ledger-trade-side',
      find: '(side === SIDE_BUY ? tradeId : -1 - tradeId)',
      replace: '(side === SIDE_BUY ? tradeId : tradeId)',
      why: 'the two sides of an own trade are one fill',
    },
    {
      id: 'ledger-fee-unpaid',
      find: 'const change = fee.amount + gainOf(position, asset, step, input.qtyLots);',
      replace: 'const change = gainOf(position, asset, step, input.qtyLots);',
      why: 'a fill whose fee cannot be paid is said to be good',
    },
    {
      id: 'ledger-short-base',
      find: 'return canPay(base, bases, true) ?? canPay(quote, quotes, true);',
      replace: 'return canPay(quote, quotes, true);',
      why: 'spot that is not there is sold',
    },
  ]),
];

const venue: readonly Mutant[] = [
  ...mutantsOf(`${LEDGER}/apply-held.ts`, VENUES, [
    {
      id: 'ledger-funding-sign',
      find: 'return divideRounded(-paid, RATE_ONE, position.rounding);',
      replace: 'return divideRounded(paid, RATE_ONE, position.rounding);',
      why: 'longs are paid where they pay',
    },
    {
      id: 'ledger-funding-mark',
      find: 'input.markFine === NONE ? position.markFine : input.markFine;',
      replace: 'position.markFine;',
      why: 'the price that a funding tells is not taken',
    },
    {
      id: 'ledger-settled-lots',
      find: 'position.settledLots += BigInt(held);',
      replace: 'position.settledLots -= BigInt(held);',
      why: 'lots do not add up behind a settlement',
    },
  ]),
  ...mutantsOf(`${LEDGER}/apply-cash.ts`, BOOKS, [
    {
      id: 'ledger-withdraw-debt',
      find: 'const fault = canPay(asset, amount, isOwn || asset.isCashOnly);',
      replace: 'const fault = canPay(asset, amount, asset.isCashOnly);',
      why: 'money that a venue lends can be taken out',
    },
  ]),
];

const margin: readonly Mutant[] = [
  ...mutantsOf(`${LEDGER}/tiers.ts`, MARGIN, [
    {
      id: 'ledger-tier-floor',
      find: 'if (tier.floor < value) found = tier;',
      replace: 'if (tier.floor <= value) found = tier;',
      why: 'a value at a floor is in the bracket above',
    },
    {
      id: 'ledger-maintenance-rounds',
      find: "divideRounded(value * tier.rate, RATE_ONE, 'ceiling')",
      replace: "divideRounded(value * tier.rate, RATE_ONE, 'floor')",
      why: 'maintenance is rounded in the account’s favour',
    },
  ]),
  ...mutantsOf(`${LEDGER}/margin.ts`, MARGIN, [
    {
      id: 'ledger-liquidated-at',
      find: 'const isLiquidated = isHeld && equity <= maintenance;',
      replace: 'const isLiquidated = isHeld && equity < maintenance;',
      why: 'equity that is just what has to be maintained is enough',
    },
    {
      id: 'ledger-initial-rounds',
      find: "divideRounded(value, BigInt(leverageOf(position, value)), 'ceiling')",
      replace: "divideRounded(value, BigInt(leverageOf(position, value)), 'floor')",
      why: 'initial margin is rounded in the account’s favour',
    },
    {
      id: 'ledger-bracket-at-floor',
      find: 'if (cap === undefined || top <= cap * bottom) break;',
      replace: 'if (cap === undefined || top < cap * bottom) break;',
      why: 'a liquidation value at a floor is in the bracket above',
    },
    {
      id: 'ledger-liquidation-rounds',
      find: "divideRounded(over, under, isLong ? 'floor' : 'ceiling')",
      replace: "divideRounded(over, under, isLong ? 'ceiling' : 'floor')",
      why: 'a liquidation price at which it is not yet',
      suite: LIQUIDATION,
    },
    {
      id: 'ledger-others-maintain',
      find: 'collateral += unrealisedOf(ledger, index) - marginOf(ledger, index).maintenance;',
      replace: 'collateral += unrealisedOf(ledger, index);',
      why: 'what other positions need is counted as free',
      suite: VENUES,
    },
  ]),
];

const looks: readonly Mutant[] = [
  ...mutantsOf(`${LEDGER}/value.ts`, VALUATION, [
    {
      id: 'ledger-worth-rounds',
      find: "tenTo(source.terms.fineScale + asset.scale), 'floor')",
      replace: "tenTo(source.terms.fineScale + asset.scale), 'down')",
      why: 'a debt is rounded in the account’s favour',
    },
    {
      id: 'ledger-worth-pair',
      find: 'one?.base === asset && one.quote === into)',
      replace: 'one?.base === asset)',
      why: 'a price in another quote is taken',
    },
  ]),
  ...mutantsOf(`${LEDGER}/prices.ts`, VALUATION, [
    {
      id: 'ledger-price-stale',
      find: "if (ledger.equityOn === 'mark' || position.isOwnLast) revalue(ledger, position);",
      replace: "if (ledger.equityOn !== 'mark' && position.isOwnLast) revalue(ledger, position);",
      why: 'a mark does not show in equity',
    },
  ]),
  ...mutantsOf(`${LEDGER}/fold.ts`, FOLD, [
    {
      id: 'ledger-profit-untold',
      find: "if (!isOfFill || found !== expected) return { code: 'realisedMismatch'",
      replace: "if (!isOfFill) return { code: 'realisedMismatch'",
      why: 'a profit that a tape tells is not held against the fill’s',
    },
    {
      id: 'ledger-funding-untold',
      find: 'return event.amount === amount\n',
      replace: 'return event.amount <= amount\n',
      why: 'an amount that a tape tells is believed',
    },
  ]),
  ...mutantsOf(`${LEDGER}/save.ts`, SAVE, [
    {
      id: 'ledger-save-last',
      find: "position.isOwnLast = saved['isOwnLast'] === true;",
      replace: 'position.isOwnLast = true;',
      why: 'a restored ledger takes own fills for the market’s price',
    },
  ]),
];

export const LEDGER_FAULTS: readonly Mutant[] = [...fills, ...venue, ...margin, ...looks];
