import { ORDER_ERRORS } from '../src/errors.ts';
import type { OrderErrorCode } from '../src/errors.ts';
import { ORDER_EVENTS, ORDER_STATES, isEnded } from '../src/states.ts';
import type { OrderEvent, OrderState } from '../src/states.ts';
import { NEED_ERRORS, TRANSITIONS, illegalCode } from '../src/table.ts';

const NEED_WORDS = {
  unaccepted: 'the venue has shown no sign of the order',
  accepted: 'the venue has shown a sign of the order',
  cancelPending: 'a cancel request has had no answer',
  replacePending: 'a replace request has had no answer',
} as const;

function legalCell(state: OrderState, event: OrderEvent): string {
  const cell = TRANSITIONS[state].legal[event];
  if (cell === undefined) return `*${illegalCode(state, event)}*`;
  const to = cell.to.map((one) => (one === state ? 'stays' : `**${one}**`)).join(', ');
  return cell.needs === undefined ? to : `${to} if ${cell.needs}`;
}

function table(): string[] {
  const rows = ORDER_EVENTS.map((event) => {
    const cells = ORDER_STATES.map((state) => legalCell(state, event));
    return `| \`${event}\` | ${cells.join(' | ')} |`;
  });
  return [`| | ${ORDER_STATES.join(' | ')} |`, `|---${'|---'.repeat(ORDER_STATES.length)}|`, ...rows];
}

/** Arrows between different states; those that join the same two are one arrow. */
function diagram(): string[] {
  const arrows: string[] = [];
  for (const from of ORDER_STATES) {
    for (const to of ORDER_STATES) {
      const events = ORDER_EVENTS.filter((event) => TRANSITIONS[from].legal[event]?.to.includes(to) === true);
      if (from !== to && events.length > 0) arrows.push(`    ${from} --> ${to}: ${events.join(', ')}`);
    }
  }
  const ends = ORDER_STATES.filter(isEnded).map((state) => `    ${state} --> [*]`);
  return ['```mermaid', 'stateDiagram-v2', '    [*] --> New', ...arrows, ...ends, '```'];
}

/** The page of the life cycle. */
export function ordersMarkdown(): string {
  const needs = Object.entries(NEED_WORDS).map(
    ([need, words]) => `| \`${need}\` | ${words} | ${NEED_ERRORS[need as keyof typeof NEED_WORDS]} |`,
  );
  const errors = Object.entries(ORDER_ERRORS).map(
    ([code, words]) => `| \`${code as OrderErrorCode}\` | ${words} |`,
  );
  return [
    '# The life of an order',
    '',
    'Generated from the transition table in `packages/orders/src/table.ts` by `npm run generate`; do not edit.',
    '',
    '## Transitions',
    '',
    'Rows are events, columns the state before. Bold is the state behind; where several are possible, quantities and pending',
    'requests decide. Italics is the error of an event that the state does not take: nothing changes then. `New` is the state of every id',
    'that is not known.',
    '',
    ...table(),
    '',
    'A fill with a trade id that the order has had is looked at before the table: the same again changes nothing in any state,',
    'other data is a *tradeConflict*.',
    '',
    '## Conditions',
    '',
    '| condition | holds when | otherwise |',
    '|---|---|---|',
    ...needs,
    '',
    '## Diagram',
    '',
    'Events that leave the state as it is are not drawn.',
    '',
    ...diagram(),
    '',
    '## Errors',
    '',
    '| code | meaning |',
    '|---|---|',
    ...errors,
    '',
  ].join('\n');
}
