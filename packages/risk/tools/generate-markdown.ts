/** The page of the risk gate: every rule, as the table has it, and what holds for all of them. */
import { RULES } from '../src/rule-table.ts';
import type { Rule } from '../src/rule.ts';

const EXEMPT_WORDS = { none: 'no order', flatten: 'flattening', reducing: 'reducing, flattening' } as const;
const UNIT_WORDS = { lots: 'lots', ticks: 'ticks', count: 'count', ns: 'ns', none: '–' } as const;

function unitWords({ unit, money }: Rule): string {
  return unit === 'asset'
    ? `money, ${money === 'account' ? 'account’s asset' : 'settle asset'}`
    : UNIT_WORDS[unit];
}

const row = (rule: Rule, k: number): string =>
  `| ${k + 1} | \`${rule.rule}\` | ${rule.compares} | ${unitWords(rule)} | \`${rule.code}\` | ` +
  `${rule.setting === 'always' ? 'always' : `\`${rule.setting}\``} | ${EXEMPT_WORDS[rule.exempts]} |`;

const HEAD = `# The risk gate

Generated from the table of rules in \`packages/risk/src/rule-table.ts\` by \`npm run generate\`; do not edit.

An order goes out only where the gate says so. It meets the rules from the top of this table, and the first that does not pass decides: its code,
what it observed and its limit are the RiskDecision. A value at its limit passes, one unit beyond does not.

## Rules by precedence
`;

const REST = `
"Passes by" are the orders that a rule lets by unseen: *reducing* are those with \`reduceOnly\`, *flattening* those that close a position because the kill switch
or an operator says so (they reduce only, too, and are cut to the position). Rules 7 to 12 pull the kill switch as well; before an order they are asked again, so that
nothing depends on who looked last.

## What holds for all of them

- **It fails closed.** What a rule in force needs and is missing (NONE, NaN, no integer, of another day, an instrument or strategy that is not known) makes it
  deny with the code \`notComputable\`, and no limit. A view is uncertain, its position unknown, until somebody says otherwise. A sum that doubles cannot hold is not
  computable; money beyond 2^53 units is compared exactly.
- **Verdicts.** \`allow\`; \`deny\`; \`throttle\` where only time is missing (observed: ns to wait); \`reduce\` where an order that only reduces asks for more than there
  is: \`allowedLots\` may go, and the rules below have judged that quantity.
- **The worst case.** Position limits assume that all open orders of the order's side fill, with those under way to the venue, and this one. An amend takes the place
  of what is open of its order. Leverage assumes the worse of both sides.
- **Making an order smaller.** What lies beyond a limit already (a price moved, equity fell, orders that only reduce were let by) may always become less: an amend that leaves
  less open of its order than there is, at the price that it has, is let by \`position\`, \`leverage\` and \`strategyPosition\`, by however much they are broken. With another price it is
  judged like any order. All other rules judge it as they judge any amend, the kill switch too: cancels are what always goes.
- **Reducing is for the account**: what two strategies hold against each other has no position to reduce.
- **Cancels never meet the gate.**
- **A market order has no price**: the collar only asks for a reference, its notional is at the other side's best, and how far it walks is bounded by its quantity
  alone. Where that matters, an IOC limit order meets the collar.
- **Collar.** \`touch\`: a buy at most bps above the best ask, a sell at most bps below the best bid; passive prices are free. \`mid\` and \`last\`: both sides, for both directions.
  A book without the reference, or crossed for \`mid\`, is not computable.
- **Rate.** A bucket holds \`burst\` tokens (\`orders\`, where it is not said), and fills with \`orders\` per \`perNs\` of simulated time: exactly, as a ratio of integers. A new order and
  an amend take one from the account's and one from the strategy's when they are admitted; what is denied takes none.
- **Days** begin at 00:00:00 UTC of simulated time, \`dayStartNs\` later where that is set. A day's loss counts from the equity seen last on the day before,
  also where no look has begun the day yet: a check says what it would say behind a look.
- **Losses** count from the first equity seen, from the highest, and from the day's beginning. Money paid in or out (\`noteTransfer\`) moves all three.
  They are of what was traded: what an account was given of other assets than its own, such as the base of a spot instrument, gains and loses by itself, and counts for leverage
  alone (\`setEquity\`). Whoever sells of it is short of it, and loses as its price goes up.
- **Fees** are part of a strategy's loss. One that is paid in another asset than the market settles in counts at its price in that one when it is paid; where there is no
  such price, the strategy's loss is \`notComputable\` from then on.
- **Rejects** count while they are younger than \`withinNs\`: one that is as old as that does not.

## Kill switch

| level | name | orders | the engine |
|---|---|---|---|
| 0 | off | all that pass | |
| 1 | blockNew | that only reduce | |
| 2 | cancelAll | that flatten | cancels all that is open |
| 3 | flatten | that flatten | cancels all, then closes positions |

A rule raises the level to its own and never lowers it; where several do at once the highest level counts, of equals the first of the table. An operator's \`kill\` raises it (to
cancelAll, where no level is said), \`flatten\` sets 3, and only \`resume\` sets it back to 0. What pulled it does so again at the next look if it still holds: \`resume\` with
\`rebase\` lets losses count anew from the equity seen last. Rejects so far are forgotten by it.

A flattening order needs certain, fresh data like any other: into a book that nobody knows nothing is sold.

## Configuration

Lots, ticks, ns and counts are integers, money is decimal text. A limit that is absent is not in force. \`instruments.NAME\` sets limits in the place of those in \`limits\`, one by one; a
name that is not traded is an error, since a limit there would hold nobody. \`truetape risk explain --config F\` prints what is in force.
`;

/** The text of docs/risk.md. */
export function riskMarkdown(): string {
  const head = '| | rule | compares | unit | code | in force by | passes by |\n|---|---|---|---|---|---|---|';
  return `${HEAD}\n${head}\n${RULES.map(row).join('\n')}\n${REST}`;
}
