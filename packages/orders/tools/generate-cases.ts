import { ORDER_EVENTS, ORDER_STATES } from '../src/states.ts';
import { NEED_ERRORS, TRANSITIONS, illegalCode } from '../src/table.ts';

/** Source text of the list of every state and event. */
export function casesSource(): string {
  const lines: string[] = [];
  for (const state of ORDER_STATES) {
    for (const event of ORDER_EVENTS) {
      const cell = TRANSITIONS[state].legal[event];
      const what =
        cell === undefined
          ? `error: '${illegalCode(state, event)}'`
          : `to: [${cell.to.map((one) => `'${one}'`).join(', ')}]` +
            (cell.needs === undefined ? '' : `, needs: '${cell.needs}', error: '${NEED_ERRORS[cell.needs]}'`);
      lines.push(`  { state: '${state}', event: '${event}', ${what} },`);
    }
  }
  return [
    '// Generated from packages/orders/src/table.ts by npm run generate; do not edit.',
    `import type { Need, OrderErrorCode, OrderEvent, OrderState } from '@truetape/orders';`,
    '',
    '/** One cell of the table: where it leads, and the error where it leads nowhere. */',
    'export interface TransitionCase {',
    '  readonly state: OrderState;',
    '  readonly event: OrderEvent;',
    '  readonly to?: readonly OrderState[];',
    '  readonly needs?: Need;',
    '  readonly error?: OrderErrorCode;',
    '}',
    '',
    'export const EVERY_TRANSITION: readonly TransitionCase[] = [',
    ...lines,
    '];',
    '',
  ].join('\n');
}
