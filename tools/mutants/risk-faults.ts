/** Faults in the gate: the quick look, the rules at their limits, what it remembers, and the kill switch. */
import { mutantsOf, type Mutant } from './mutant.ts';

const RISK = 'packages/risk/src';
const QUICK = ['packages/risk/test/quick.test.ts'];
const BOUNDS = ['packages/risk/test/boundaries.test.ts'];
const SWITCH = ['packages/risk/test/kill-switch.test.ts'];
const MEMORY = ['packages/risk/test/memory.test.ts'];
const LOOK = ['packages/risk/test/look.test.ts'];
const SMALLER = ['packages/risk/test/smaller.test.ts'];
const CLOSED = ['packages/risk/test/fail-closed.test.ts'];

const quick: readonly Mutant[] = [
  ...mutantsOf(`${RISK}/quick.ts`, QUICK, [
    {
      id: 'risk-quick-position',
      find: 'side > limits.maxPositionLots && ',
      replace: 'side > limits.maxPositionLots + 1 && ',
      why: 'one lot beyond the position limit passes unasked',
    },
    {
      id: 'risk-quick-money',
      find: 'const UNITS_MARGIN = 3;',
      replace: 'const UNITS_MARGIN = -3;',
      why: 'what is worth a unit more than its limit passes unasked',
    },
    {
      id: 'risk-quick-loss',
      find: 'from.units - units <= rule.limit.units',
      replace: 'from.units - units <= rule.limit.units + 1',
      why: 'an order passes behind a loss beyond its limit',
    },
    {
      id: 'risk-quick-empty-side',
      find: '(side === BUY ? askTicks : bidTicks) === NONE) return false',
      replace: '(side === BUY ? bidTicks : askTicks) === NONE) return false',
      why: 'a market order into an empty side has a value that nobody knows',
    },
    {
      id: 'risk-quick-amend',
      find: 'if (!isCount(replaced) || beside < 0) return false;',
      replace: 'if (!isCount(replaced)) return false;',
      why: 'an amend takes the place of more than is open',
    },
    {
      id: 'risk-quick-token',
      find: '* bucket.perTick >= bucket.perOrder)',
      replace: '* bucket.perTick > 0)',
      why: 'a part of a token is one',
    },
    {
      id: 'risk-quick-never',
      find: '    isStateClear(gate, view, order) &&\n',
      replace: '    !isStateClear(gate, view, order) &&\n',
      why: 'every order goes by the rules, at five times the cost',
    },
  ]),
  ...mutantsOf(`${RISK}/quick.ts`, SMALLER, [
    {
      id: 'risk-quick-smaller',
      find: 'side > limits.maxPositionLots && !isSmaller(order, qtyLots))',
      replace: 'side > limits.maxPositionLots && !isSmaller(order, qtyLots - 1))',
      why: 'an amend that makes its order no smaller passes a limit that is broken, unasked',
    },
  ]),
  ...mutantsOf(`${RISK}/seen-ids.ts`, QUICK, [
    {
      id: 'risk-quick-id',
      find: 'if (id > ids.highest) ids.highest = id;',
      replace: 'if (ids.highest < 0) ids.highest = id;',
      why: 'an id that was used passes for a new one',
    },
  ]),
];

const limits: readonly Mutant[] = [
  ...mutantsOf(`${RISK}/verdict.ts`, BOUNDS, [
    {
      id: 'risk-at-limit',
      find: 'if (seen <= bound) return PASSES;',
      replace: 'if (seen < bound) return PASSES;',
      why: 'what is at its limit is refused',
    },
    {
      id: 'risk-wide-limit',
      find: 'return seen <= bound ? PASSES : DENIES;\n}\n\n/** Something that',
      replace: 'return seen <= bound + 1n ? PASSES : DENIES;\n}\n\n/** Something that',
      why: 'money beyond 2^53 has another limit',
    },
  ]),
  ...mutantsOf(`${RISK}/rules-exposure.ts`, SMALLER, [
    {
      id: 'risk-smaller-equal',
      find: 'lots < replacedLots',
      replace: 'lots <= replacedLots',
      why: 'an amend that takes nothing away passes a limit that is broken',
    },
    {
      id: 'risk-smaller-price',
      find: ' && priceTicks === replacedTicks',
      replace: '',
      why: 'a smaller order at a price that is sooner met passes a limit that is broken',
    },
    {
      id: 'risk-smaller-unknown',
      find: 'outcome === DENIES && isSmaller',
      replace: 'outcome >= DENIES && isSmaller',
      why: 'an amend passes though nobody knows what is open',
    },
  ]),
  ...mutantsOf(`${RISK}/rules-exposure.ts`, BOUNDS, [
    {
      id: 'risk-worst-side',
      find: 'const filled = besideLots + lots;',
      replace: 'const filled = lots;',
      why: 'open orders are not counted',
    },
    {
      id: 'risk-amend-place',
      find: 'replacedLots <= open ? open - replacedLots : NaN',
      replace: 'replacedLots <= open ? open : NaN',
      why: 'an amend is counted beside the order whose place it takes',
    },
    {
      id: 'risk-unknown-passes',
      find:
        'if (equity === MONEY_NONE || otherExposure === MONEY_NONE || otherExposure < 0n) ' +
        'return notComputable(work);',
      replace: 'if (equity === MONEY_NONE) return notComputable(work);',
      why: 'exposure that nobody knows is none',
      suite: CLOSED,
    },
  ]),
  ...mutantsOf(`${RISK}/rules-order.ts`, BOUNDS, [
    {
      id: 'risk-inverse-price',
      find: 'return isBuy ? Math.min(priceTicks, other) : priceTicks;',
      replace: 'return isBuy ? priceTicks : Math.max(priceTicks, other);',
      why: 'an inverse contract is valued where it is worth least',
    },
    {
      id: 'risk-reduce-open',
      find: '(order.side === SELL ? positionLots : -positionLots) - beside;',
      replace: 'order.side === SELL ? positionLots : -positionLots;',
      why: 'two orders that reduce turn a position over',
      suite: SWITCH,
    },
  ]),
  ...mutantsOf(`${RISK}/rejects.ts`, BOUNDS, [
    {
      id: 'risk-reject-window',
      find: 'if (timeAt(rejects, middle) > timeNs) high = middle;',
      replace: 'if (timeAt(rejects, middle) >= timeNs) high = middle;',
      why: 'a reject as old as the window counts',
    },
  ]),
];

const running: readonly Mutant[] = [
  ...mutantsOf(`${RISK}/watch.ts`, SWITCH, [
    {
      id: 'risk-day-begins',
      find: 'copyMoney(gate.dayEquity, gate.lastEquity);',
      replace: 'copyMoney(gate.dayEquity, gate.peakEquity);',
      why: 'a day begins with the highest equity',
    },
    {
      id: 'risk-day-ends',
      find: 'if (timeNs >= gate.dayFromNs && timeNs < gate.dayToNs) return;',
      replace: 'if (timeNs >= gate.dayFromNs && timeNs <= gate.dayToNs) return;',
      why: 'midnight is of the day before',
    },
    {
      id: 'risk-transfer',
      find: 'for (const money of [gate.startEquity, gate.peakEquity, gate.dayEquity, gate.lastEquity])\n    if',
      replace: 'for (const money of [gate.startEquity, gate.dayEquity, gate.lastEquity])\n    if',
      why: 'money that is paid out is a drawdown',
    },
    {
      id: 'risk-operator-lowers',
      find: "gate.level = Math.max(previous, levelCode(order.level ?? 'cancelAll'));",
      replace: "gate.level = levelCode(order.level ?? 'cancelAll');",
      why: 'who pulls the switch can lower it',
    },
    {
      id: 'risk-rule-lowers',
      find: 'if (level <= gate.level) continue;',
      replace: 'if (level === 0) continue;',
      why: 'a weaker rule lowers the switch',
    },
  ]),
  ...mutantsOf(`${RISK}/rules-state.ts`, SWITCH, [
    {
      id: 'risk-switch-level',
      find: '(level === 1 && isTrue(order.reduceOnly))',
      replace: '(level <= 2 && isTrue(order.reduceOnly))',
      why: 'orders that reduce pass a switch that cancels all',
    },
    {
      id: 'risk-other-day',
      find: 'timeNs < dayToNs ? gate.dayEquity : gate.lastEquity, view)',
      replace: 'gate.dayEquity, view)',
      why: 'yesterday’s beginning is today’s',
      suite: LOOK,
    },
  ]),
  ...mutantsOf(`${RISK}/token-bucket.ts`, MEMORY, [
    {
      id: 'risk-bucket-overflows',
      find: 'return came >= capacity - level ? capacity : level + came;',
      replace: 'return level + came;',
      why: 'who waits long may send without end',
    },
    {
      id: 'risk-bucket-refill',
      find: 'return (missing - rest) / bucket.perTick + (rest === 0 ? 0 : 1);',
      replace: 'return (missing - rest) / bucket.perTick + 1;',
      why: 'at the exact refill there is no token yet',
    },
  ]),
  ...mutantsOf(`${RISK}/seen-ids.ts`, MEMORY, [
    {
      id: 'risk-forgotten-id',
      find: 'if (oldest > ids.floor) ids.floor = oldest;',
      replace: 'ids.floor = oldest;',
      why: 'a forgotten id may be used again',
    },
    {
      id: 'risk-probe-ends',
      find: 'if (((at - homeOf(cells[at], mask)) & mask) < ((at - hole) & mask)) continue;',
      replace: 'if (cells[at] !== FREE) continue;',
      why: 'an id behind a hole is not found',
    },
  ]),
];

export const RISK_FAULTS: readonly Mutant[] = [...quick, ...limits, ...running];
