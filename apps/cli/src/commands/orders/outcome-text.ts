/** An outcome as a line. */
import type { LineId } from './event-line.ts';
import { averageText } from './run-orders.ts';
import type { LineOutcome } from './run-orders.ts';
import { word } from './words.ts';

export function outcomeJson(id: LineId, outcome: LineOutcome): string {
  if ('error' in outcome) {
    const { code, state, event, why } = outcome.error;
    return JSON.stringify({ id, error: { code, state, event, why } });
  }
  const { order, reason } = outcome;
  return JSON.stringify({
    id,
    state: order.state,
    cumQty: order.cumLots,
    leavesQty: order.leavesLots,
    reason,
    ...(order.cumLots > 0 ? { avgPx: averageText(order) } : {}),
    ...(order.lateFills > 0 ? { lateFills: order.lateFills } : {}),
  });
}

/** For people: columns that stand below each other as long as ids are short. */
export function outcomeText(id: LineId, outcome: LineOutcome): string {
  const name = word(id).padEnd(8);
  if ('error' in outcome) {
    const { code, state, event, why } = outcome.error;
    return `${name} error            ${code}: ${event} in ${state}: ${why}`;
  }
  const { order, reason } = outcome;
  const columns = [
    name,
    order.state.padEnd(16),
    `${order.cumLots} filled`.padEnd(12),
    `${order.leavesLots} open`.padEnd(10),
    order.cumLots > 0 ? `at ${String(averageText(order))}`.padEnd(14) : ''.padEnd(14),
    word(reason),
  ];
  const late = order.lateFills > 0 ? `  (${order.lateFills} late)` : '';
  return columns.join(' ') + late;
}
