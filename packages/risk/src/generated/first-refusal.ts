// Generated from the table of rules in src/rule-table.ts by `npm run generate`; do not edit.
import { stops } from '../entries.ts';
import type { Gate, InstrumentRules, StrategyRules } from '../gate.ts';
import {
  judgeLeverage,
  judgeOpenOrders,
  judgeOrderRate,
  judgePosition,
  judgeStrategyLoss,
  judgeStrategyOpenOrders,
  judgeStrategyPosition,
  judgeStrategyRate,
} from '../rules-exposure.ts';
import {
  judgeClientId,
  judgeNotional,
  judgeOrderForm,
  judgeOrderQty,
  judgeParentQty,
  judgePrice,
  judgePriceCollar,
  judgeQuantity,
  judgeReduceOnly,
} from '../rules-order.ts';
import {
  judgeCertainty,
  judgeDailyLoss,
  judgeDataAge,
  judgeDrawdown,
  judgeInstrument,
  judgeKillSwitch,
  judgeLoss,
  judgeRejectSpike,
  judgeStaleTime,
  judgeStrategy,
  judgeUncertainTime,
  judgeView,
} from '../rules-state.ts';
import { DENIES, PASSES } from '../verdict.ts';
import type { Work } from '../verdict.ts';
import type { Proposal, RiskView } from '../view.ts';

/** Asks the rules by precedence. What the first said that does not let the order go; 0: all let it. */
export function firstRefusal(
  gate: Gate,
  view: RiskView,
  order: Proposal,
  work: Work,
  limits: InstrumentRules | undefined,
  budget: StrategyRules | undefined,
  kinds: number,
): number {
  let said: number = PASSES;
  if ((said = judgeKillSwitch(gate, view, order, work)) >= DENIES && stops(work, 0, said, gate, order.instrument)) return said;
  if ((said = judgeInstrument(gate, view, order, work)) >= DENIES && stops(work, 1, said, gate, order.instrument)) return said;
  if ((kinds & 1) === 0 && (said = judgeStrategy(gate, view, order, work)) >= DENIES && stops(work, 2, said, gate, order.instrument)) return said;
  if ((said = judgeView(gate, view, order, work)) >= DENIES && stops(work, 3, said, gate, order.instrument)) return said;
  if ((said = judgeCertainty(gate, view, order, work)) >= DENIES && stops(work, 4, said, gate, order.instrument)) return said;
  if ((said = judgeDataAge(gate, view, order, work)) >= DENIES && stops(work, 5, said, gate, order.instrument)) return said;
  if ((said = judgeUncertainTime(gate, view, order, work, limits)) >= DENIES && stops(work, 6, said, gate, order.instrument)) return said;
  if ((said = judgeStaleTime(gate, view, order, work)) >= DENIES && stops(work, 7, said, gate, order.instrument)) return said;
  if ((kinds & 3) === 0 && (said = judgeLoss(gate, view, order, work)) >= DENIES && stops(work, 8, said, gate, order.instrument)) return said;
  if ((kinds & 3) === 0 && (said = judgeDrawdown(gate, view, order, work)) >= DENIES && stops(work, 9, said, gate, order.instrument)) return said;
  if ((kinds & 3) === 0 && (said = judgeDailyLoss(gate, view, order, work)) >= DENIES && stops(work, 10, said, gate, order.instrument)) return said;
  if ((kinds & 3) === 0 && (said = judgeRejectSpike(gate, view, order, work)) >= DENIES && stops(work, 11, said, gate, order.instrument)) return said;
  if ((said = judgeClientId(gate, view, order, work)) >= DENIES && stops(work, 12, said, gate, order.instrument)) return said;
  if ((said = judgeOrderForm(gate, view, order, work)) >= DENIES && stops(work, 13, said, gate, order.instrument)) return said;
  if ((said = judgeQuantity(gate, view, order, work)) >= DENIES && stops(work, 14, said, gate, order.instrument)) return said;
  if ((said = judgePrice(gate, view, order, work)) >= DENIES && stops(work, 15, said, gate, order.instrument)) return said;
  if ((said = judgeReduceOnly(gate, view, order, work)) >= DENIES && stops(work, 16, said, gate, order.instrument)) return said;
  if ((kinds & 1) === 0 && (said = judgeOrderQty(gate, view, order, work, limits)) >= DENIES && stops(work, 17, said, gate, order.instrument)) return said;
  if ((kinds & 1) === 0 && (said = judgeNotional(gate, view, order, work, limits)) >= DENIES && stops(work, 18, said, gate, order.instrument)) return said;
  if ((said = judgePriceCollar(gate, view, order, work, limits)) >= DENIES && stops(work, 19, said, gate, order.instrument)) return said;
  if ((said = judgeParentQty(gate, view, order, work)) >= DENIES && stops(work, 20, said, gate, order.instrument)) return said;
  if ((said = judgePosition(gate, view, order, work, limits)) >= DENIES && stops(work, 21, said, gate, order.instrument)) return said;
  if ((kinds & 1) === 0 && (said = judgeOpenOrders(gate, view, order, work, limits)) >= DENIES && stops(work, 22, said, gate, order.instrument)) return said;
  if ((kinds & 3) === 0 && (said = judgeLeverage(gate, view, order, work, limits)) >= DENIES && stops(work, 23, said, gate, order.instrument)) return said;
  if ((kinds & 3) === 0 && (said = judgeStrategyPosition(gate, view, order, work, limits, budget)) >= DENIES && stops(work, 24, said, gate, order.instrument)) return said;
  if ((kinds & 1) === 0 && (said = judgeStrategyOpenOrders(gate, view, order, work, limits, budget)) >= DENIES && stops(work, 25, said, gate, order.instrument)) return said;
  if ((kinds & 3) === 0 && (said = judgeStrategyLoss(gate, view, order, work, limits, budget)) >= DENIES && stops(work, 26, said, gate, order.instrument)) return said;
  if ((kinds & 1) === 0 && (said = judgeStrategyRate(gate, view, order, work, limits, budget)) >= DENIES && stops(work, 27, said, gate, order.instrument)) return said;
  if ((kinds & 1) === 0 && (said = judgeOrderRate(gate, view, order, work)) >= DENIES && stops(work, 28, said, gate, order.instrument)) return said;
  return PASSES;
}
