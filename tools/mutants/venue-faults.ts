/** Faults in the simulated venue: fees, slippage, delays, queues, what becomes of an order, orders that reduce. */
import { mutantsOf, type Mutant } from './mutant.ts';

const VENUE = 'packages/venue/src';
const COSTS = ['packages/venue/test/costs.test.ts'];
const ORDERS = ['packages/venue/test/orders-replay.test.ts'];
const DEPTH = ['packages/venue/test/depth-replay.test.ts'];
const ARRIVALS = ['packages/venue/test/arrivals.test.ts'];
const MARKET = ['packages/venue/test/market.test.ts'];
const REDUCE = ['packages/venue/test/reduce-only.test.ts'];
const CONTROL = ['apps/cli/test/backtest/control.test.ts'];

const costs: readonly Mutant[] = [
  ...mutantsOf(`${VENUE}/fees.ts`, COSTS, [
    {
      id: 'venue-maker-pays-as-taker',
      find: 'fill.isMaker ? makerE12 : takerE12',
      replace: 'fill.isMaker ? takerE12 : takerE12',
      why: 'who rests pays as who takes',
    },
    {
      id: 'venue-tier-above',
      find: 'if (sum >= next.fromTraded) tier = next;',
      replace: 'if (sum > next.fromTraded) tier = next;',
      why: 'a value at a tier is in the one below',
    },
    {
      id: 'venue-month-kept',
      find: 'Math.max(state.day + 1, day - DAYS + 1)',
      replace: 'Math.max(state.day + 2, day - DAYS + 1)',
      why: 'what was traded 31 days ago still counts',
    },
  ]),
  ...mutantsOf(`${VENUE}/slippage.ts`, COSTS, [
    {
      id: 'venue-slippage-down',
      find: '(share % MILLI_BPS === 0 ? 0 : 1)',
      replace: '0',
      why: 'less than a tick of slippage is none',
    },
  ]),
  ...mutantsOf(`${VENUE}/takes.ts`, COSTS, [
    {
      id: 'venue-slippage-past-limit',
      find: 'if (order.type !== MARKET && isBetter(order.side, paid, order.priceTicks)) return order.priceTicks;',
      replace: '',
      why: 'a limit order pays more than its limit',
    },
  ]),
  ...mutantsOf(`${VENUE}/latency.ts`, COSTS, [
    {
      id: 'venue-root-of-two',
      find: 'let value = 134_217_728;',
      replace: 'let value = 134_217_700;',
      why: 'log-normal delays are off in the seventh digit',
    },
  ]),
];

const queues: readonly Mutant[] = [
  ...mutantsOf(`${VENUE}/depth-replay.ts`, DEPTH, [
    {
      id: 'venue-quote-overtaken',
      find: 'return best !== ABSENT && !isBetter(side, best, priceTicks);',
      replace: 'return false;',
      why: 'what a newer quote has told is told back by an older update, and the lots are lost twice',
    },
  ]),
  ...mutantsOf(`${VENUE}/queue-models.ts`, DEPTH, [
    {
      id: 'venue-behind-counts-front',
      find: 'const back = Math.max(0, beforeLots - front);',
      replace: 'const back = beforeLots;',
      why: 'what stands ahead is taken for what stands behind too',
    },
    {
      id: 'venue-place-beyond-level',
      find: 'Math.min(Math.max(0, front - gone), levelLots)',
      replace: 'Math.max(0, front - gone)',
      why: 'more stands ahead than there is',
    },
    {
      id: 'venue-carry-lost',
      find: 'place.carry = fine % ONE;',
      replace: 'place.carry = 0;',
      why: 'fractions of a lot never add up',
      suite: COSTS,
    },
  ]),
  ...mutantsOf(`${VENUE}/queue.ts`, ORDERS, [
    {
      id: 'venue-joins-in-front',
      find: 'own.arrival = ins.feed.arrived;',
      replace: 'own.arrival = 0;',
      why: 'an order fills before those that came first',
    },
  ]),
];

const orders: readonly Mutant[] = [
  ...mutantsOf(`${VENUE}/submit.ts`, ORDERS, [
    {
      id: 'venue-fok-in-part',
      find: 'if (own.tif === FOK && lots < own.leavesLots) return reject(WOULD_NOT_FILL);',
      replace: '',
      why: 'all or nothing fills in part',
    },
    {
      id: 'venue-own-cross',
      find: 'if (meetsOwn) cancelOwn(venue, ins, own, SELF_TRADE, timeNs);\n  else if',
      replace: 'if',
      why: 'own orders rest across each other',
    },
    {
      id: 'venue-post-only-takes',
      find: 'if (own.postOnly === 0) return priceTicks;',
      replace: 'if (own.postOnly !== 3) return priceTicks;',
      why: 'an order that only posts takes',
    },
  ]),
  ...mutantsOf(`${VENUE}/amend.ts`, ORDERS, [
    {
      id: 'venue-grows-in-place',
      find: 'priceTicks === own.priceTicks && qtyLots <= own.qtyLots;',
      replace: 'priceTicks === own.priceTicks;',
      why: 'an order becomes larger and keeps its place',
    },
    {
      id: 'venue-executed-twice',
      find: 'own.leavesLots = qtyLots - own.cumLots;',
      replace: 'own.leavesLots = qtyLots;',
      why: 'an amendment forgets what was executed',
    },
    {
      id: 'venue-unpaid-amend',
      find: 'if (isKept) return 0;',
      replace: 'return 0;',
      why: 'an amendment is let in that nobody can pay for',
      suite: ['packages/venue/test/venue.test.ts'],
    },
    {
      id: 'venue-poor-amend',
      find: 'if (isKept) return 0;',
      replace: '',
      why: 'who is poor may not make an order smaller',
      suite: ARRIVALS,
    },
    {
      id: 'venue-halted-amend',
      find: 'if (!isKept && ins.isHalted) return VENUE_DOWN;',
      replace: '',
      why: 'orders move while trading is halted',
      suite: ARRIVALS,
    },
  ]),
  ...mutantsOf(`${VENUE}/public.ts`, MARKET, [
    {
      id: 'venue-up-in-outage',
      find: 'if (isDown(venue) || ins.isHalted) return HALTED;',
      replace: 'if (ins.isHalted) return HALTED;',
      why: 'a feed that is live makes a venue that is down look up',
    },
  ]),
  ...mutantsOf(`${VENUE}/reduce-only.ts`, REDUCE, [
    {
      id: 'venue-reduces-twice',
      find: 'left = Math.max(0, left - own.leavesLots);',
      replace: '',
      why: 'two orders reduce the same position',
    },
    {
      id: 'venue-reduces-uncut',
      find: 'const lots = Math.min(order.qtyLots, reducibleLots(ins, order.side));',
      replace: 'const lots = reducibleLots(ins, order.side) === 0 ? 0 : order.qtyLots;',
      why: 'an order that only reduces opens the other side',
    },
  ]),
  ...mutantsOf(`${VENUE}/timers.ts`, CONTROL, [
    {
      id: 'venue-outage-keeps',
      find: 'if (isDown(venue) && cancelAll === true)',
      replace: 'if (isDown(venue) && cancelAll === false)',
      why: 'orders outlive an outage that cancels them',
      named: 'outage',
    },
  ]),
];

export const VENUE_FAULTS: readonly Mutant[] = [...costs, ...queues, ...orders];
