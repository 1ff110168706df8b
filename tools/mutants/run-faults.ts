/** Faults in what drives a run: the engine, the channels, the account at the venue, the log, and the strategies. */
import { mutantsOf, type Mutant } from './mutant.ts';

const ENGINE = 'packages/engine/src';
const BACKTEST = 'packages/backtest/src';
const STRATEGIES = 'packages/strategies/src';
const ENGINE_TEST = ['packages/engine/test/engine.test.ts'];
const CONTROL = ['apps/cli/test/backtest/control.test.ts'];
const SEVERAL = ['apps/cli/test/backtest/several.test.ts'];
const LOG = ['packages/backtest/test/log-machine.test.ts'];
const ACCOUNT = ['packages/backtest/test/venue-account.test.ts'];
const QUEUE = ['packages/backtest/test/timed-queue.test.ts'];
const DECISIONS = ['packages/strategies/test/decisions.test.ts'];
const PLAYED = ['apps/cli/test/backtest/strategies.test.ts'];

const engine: readonly Mutant[] = [
  ...mutantsOf(`${ENGINE}/bars.ts`, ENGINE_TEST, [
    {
      id: 'engine-bar-begins-with-trade',
      find: 'timeNs - (timeNs % spec.size)',
      replace: 'timeNs - (timeNs % 1)',
      why: 'bars begin where a trade happens to be',
    },
    {
      id: 'engine-bar-too-full',
      find: 'bar.qtyLots >= spec.size',
      replace: 'bar.qtyLots > spec.size',
      why: 'a bar that is full takes another trade',
    },
  ]),
  ...mutantsOf(`${ENGINE}/targets.ts`, ENGINE_TEST, [
    {
      id: 'engine-target-sent-twice',
      find: 'const missing = wanted - underWay;',
      replace: 'const missing = wanted;',
      why: 'what is under way is sent again',
    },
  ]),
  ...mutantsOf(`${ENGINE}/intents.ts`, ENGINE_TEST, [
    {
      id: 'engine-denied-is-sent',
      find: 'if (verdict.allowedLots === 0) return 0;',
      replace: '',
      why: 'an order that was denied goes out',
    },
    {
      id: 'engine-amends-overtake',
      find: 'order.isCanceling || order.isAmending || !order.rests',
      replace: 'order.isCanceling || !order.rests',
      why: 'an amendment goes out before the one before is answered',
    },
  ]),
  ...mutantsOf(`${ENGINE}/account.ts`, ENGINE_TEST, [
    {
      id: 'engine-fee-received',
      find: 'const amount = -fee.amount;',
      replace: 'const amount = fee.amount;',
      why: 'fees are income',
    },
    {
      id: 'engine-funding-shared-whole',
      find: '    before = whole;\n',
      replace: '',
      why: 'each strategy pays for those before it as well',
      suite: SEVERAL,
    },
  ]),
  ...mutantsOf(`${ENGINE}/control.ts`, CONTROL, [
    {
      id: 'engine-flattens-with-open',
      find: 'engine.gate.risk.level < FLATTEN || market.open.length > 0',
      replace: 'engine.gate.risk.level < FLATTEN',
      why: 'a position is closed once more while its closing is under way',
      suite: ENGINE_TEST,
    },
    {
      id: 'engine-kill-cancels-nothing',
      find: 'if (order.rests && !order.isCanceling) sendCancel(engine, order, killSeq);',
      replace: 'void order;',
      why: 'orders stay where the switch says that none may',
    },
  ]),
  ...mutantsOf(`${ENGINE}/gate.ts`, CONTROL, [
    {
      id: 'engine-parent-unbounded',
      find: 'if (parent !== undefined) parent.sentLots += judged.allowedLots;',
      replace: '',
      why: 'children are more than their parent',
    },
    {
      id: 'engine-open-not-counted',
      find: '    if (order.side === 1) buy += lots;\n',
      replace: '    if (order.side === 1) buy = 0;\n',
      why: 'a limit is passed by orders that are under way',
    },
  ]),
];

const backtest: readonly Mutant[] = [
  ...mutantsOf(`${BACKTEST}/timed-queue.ts`, QUEUE, [
    {
      id: 'backtest-overtakes',
      find: 'due.push(dueNs > last ? dueNs : last);',
      replace: 'due.push(dueNs);',
      why: 'a message overtakes the one before it',
    },
    {
      id: 'backtest-queue-grows',
      find: '} else if (queue.head === COMPACT_AT) {',
      replace: '} else if (queue.head < 0) {',
      why: 'a channel that is never empty keeps all that ever was in it',
    },
  ]),
  ...mutantsOf(`${BACKTEST}/log-machine.ts`, LOG, [
    {
      id: 'backtest-log-not-compared',
      find: 'if (differs(given, records, i)) {',
      replace: 'if (given.at < 0) {',
      why: 'a log of another run is gone on with',
    },
    {
      id: 'backtest-resumes-one-early',
      find: 'if (input.seq > fromSeq) return',
      replace: 'if (input.seq >= fromSeq) return',
      why: 'an event of the tape is taken twice behind a resume',
    },
  ]),
  ...mutantsOf(`${BACKTEST}/venue-account.ts`, ACCOUNT, [
    {
      id: 'backtest-amend-needs-twice',
      find: 'if (own.orderId === butId || position?.isSpot !== true) continue;',
      replace: 'if (position?.isSpot !== true) continue;',
      why: 'an amended order needs its money beside what it was',
    },
    {
      id: 'backtest-margin-without-fee',
      find: 'return initialMarginOf(position, value) + others + fee <= equity;',
      replace: 'return initialMarginOf(position, value) + others <= equity;',
      why: 'a position is let in whose fee cannot be paid',
    },
    {
      id: 'backtest-no-way-out',
      find: 'if (worst <= Math.abs(positionLots)) return true;',
      replace: '',
      why: 'an account without margin cannot close',
    },
    {
      id: 'backtest-oldest-goes-first',
      find: 'if (!isSpot || orderId < newest) continue;',
      replace: 'if (!isSpot || newest !== NONE) continue;',
      why: 'the order that came first is canceled for want of money',
    },
  ]),
  ...mutantsOf(
    `${BACKTEST}/costs.ts`,
    ['apps/cli/test/backtest/report.test.ts'],
    [
      {
        id: 'backtest-latency-is-free',
        find: 'addProduct(parts.latency, 2 * (report.touchTicks - touchTicks), lots);',
        replace: '',
        why: 'the parts of what execution cost do not make the whole',
      },
    ],
  ),
];

const strategies: readonly Mutant[] = [
  ...mutantsOf(`${STRATEGIES}/market-maker.ts`, DECISIONS, [
    {
      id: 'strategy-quotes-beyond',
      find: 'if (room < p.qtyLots) return NONE;',
      replace: 'if (room < 0) return NONE;',
      why: 'a market maker holds more than it may',
    },
    {
      id: 'strategy-quotes-across',
      find: 'bidTicks + 1);',
      replace: 'bidTicks);',
      why: 'an ask is quoted at the bid',
    },
  ]),
  ...mutantsOf(`${STRATEGIES}/momentum.ts`, DECISIONS, [
    {
      id: 'strategy-threshold-beyond',
      find: 'const wanted = move >= thresholdTicks',
      replace: 'const wanted = move > thresholdTicks',
      why: 'a move by the threshold is no signal one way, and one the other',
    },
  ]),
  ...mutantsOf(`${STRATEGIES}/mean-reversion.ts`, DECISIONS, [
    {
      id: 'strategy-reverts-away',
      find: 'Math.abs(score) <= exitPermille || Math.sign(score) === Math.sign(position)',
      replace: 'Math.abs(score) <= exitPermille',
      why: 'a position is kept that the market has gone through',
    },
  ]),
  ...mutantsOf(`${STRATEGIES}/execution.ts`, PLAYED, [
    {
      id: 'strategy-slices-add-up',
      find: 'dueLots(schedule, state.slice) - state.filledLots;',
      replace: 'dueLots(schedule, state.slice);',
      why: 'more is executed than was asked for',
    },
  ]),
];

export const RUN_FAULTS: readonly Mutant[] = [...engine, ...backtest, ...strategies];
