/** The reference book's matching: what an order would do, as a list of steps, and doing it. */
import { NONE } from '@truetape/contracts';
import * as C from './command.ts';
import { isPrice } from './asked.ts';
import { writeAmended, writeCanceled, writeReport } from './reference-report.ts';
import {
  levelsOf,
  meets,
  otherSide,
  remove,
  type Incoming,
  type Resting,
  type State,
} from './reference-sides.ts';
import * as R from './report.ts';

/** What happens when an incoming order meets a resting one. */
interface Step {
  readonly act: 'trade' | 'cancelResting' | 'cancelIncoming' | 'decrement';
  readonly maker: Resting;
  readonly lots: number;
}

export interface Plan {
  readonly steps: readonly Step[];
  readonly tradedLots: number;
  /** What is left of the incoming order behind the steps. */
  readonly leftLots: number;
}

/** A post-only order's price once slid; undefined where it would cross. */
export function effectivePrice(
  state: State,
  side: number,
  priceTicks: number,
  postOnly: number,
): number | undefined {
  const best = levelsOf(state, otherSide(side))[0];
  if (postOnly === 0 || best === undefined || !meets(side, priceTicks, best.priceTicks)) return priceTicks;
  if (postOnly !== C.POST_ONLY_SLIDE || priceTicks === NONE) return undefined;
  const slid = side === C.BUY ? best.priceTicks - 1 : best.priceTicks + 1;
  return isPrice(slid) ? slid : undefined;
}

export function planOf(state: State, incoming: Incoming): Plan {
  const steps: Step[] = [];
  let leftLots = incoming.leavesLots;
  let tradedLots = 0;
  for (const maker of reachable(state, incoming)) {
    if (leftLots === 0) break;
    const lots = Math.min(leftLots, maker.leavesLots);
    const isOwn = incoming.owner !== 0 && incoming.owner === maker.owner;
    const mode = isOwn ? incoming.stp : 0;
    if (mode === C.STP_OLDEST || mode === C.STP_BOTH) steps.push({ act: 'cancelResting', maker, lots });
    if (mode === C.STP_NEWEST || mode === C.STP_BOTH) {
      steps.push({ act: 'cancelIncoming', maker, lots });
      leftLots = 0;
    }
    if (mode === C.STP_DECREMENT) {
      steps.push({ act: 'decrement', maker, lots });
      leftLots -= lots;
    }
    if (mode === 0) {
      steps.push({ act: 'trade', maker, lots });
      leftLots -= lots;
      tradedLots += lots;
    }
  }
  return { steps, tradedLots, leftLots };
}

/** Orders that an incoming one meets: best price first, first in time first. */
function* reachable(state: State, { side, priceTicks }: Incoming): Generator<Resting> {
  for (const level of levelsOf(state, otherSide(side)))
    if (meets(side, priceTicks, level.priceTicks)) yield* level.orders;
}

export function carryOut(state: State, plan: Plan, incoming: Incoming, out: R.ReportBuffer): void {
  for (const step of plan.steps) {
    const { maker, lots } = step;
    switch (step.act) {
      case 'trade':
        trade(state, maker, incoming, lots, out);
        break;
      case 'cancelResting':
        remove(state, maker);
        writeCanceled(state, maker, R.CANCEL_SELF_TRADE, out, incoming.orderId);
        break;
      case 'cancelIncoming':
        writeCanceled(state, incoming, R.CANCEL_SELF_TRADE, out, maker.orderId);
        incoming.leavesLots = 0;
        break;
      case 'decrement':
        decrement(state, maker, lots, { contraId: incoming.orderId, kept: true }, out);
        if (maker.leavesLots === 0) remove(state, maker);
        decrement(state, incoming, lots, { contraId: maker.orderId, kept: false }, out);
        break;
    }
  }
}

function trade(state: State, maker: Resting, taker: Incoming, lots: number, out: R.ReportBuffer): void {
  maker.leavesLots -= lots;
  taker.leavesLots -= lots;
  if (maker.leavesLots === 0) remove(state, maker);
  state.trades++;
  writeReport(out, state.instrument, {
    ...maker,
    kind: R.FILL,
    side: taker.side,
    more: taker.owner,
    contraId: taker.orderId,
    tradeId: state.trades,
    qtyLots: lots,
    takerLeaves: taker.leavesLots,
  });
}

/** Takes lots off an order without a trade: amended, or canceled where nothing is left. */
function decrement(
  state: State,
  order: Incoming,
  lots: number,
  { contraId, kept }: { contraId: number; kept: boolean },
  out: R.ReportBuffer,
): void {
  const ends = order.leavesLots === lots;
  if (ends) writeCanceled(state, order, R.CANCEL_SELF_TRADE, out, contraId);
  order.leavesLots -= lots;
  order.totalLots -= lots;
  if (!ends) writeAmended(state, order, { reason: R.AMEND_SELF_TRADE, kept, contraId }, out);
}
