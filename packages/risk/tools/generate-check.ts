/** The rules one after the other as calls: the table in code, which a machine runs in half the time of a loop over it. */
import { RULES } from '../src/rule-table.ts';
import * as exposure from '../src/rules-exposure.ts';
import * as order from '../src/rules-order.ts';
import * as state from '../src/rules-state.ts';
import { EXEMPTS } from '../src/entries.ts';

const MODULES: readonly (readonly [string, object])[] = [
  ['rules-exposure', exposure],
  ['rules-order', order],
  ['rules-state', state],
];
const ARGUMENTS = ['gate', 'view', 'order', 'work', 'limits', 'budget'];

function importsOf([module, members]: readonly [string, object]): string[] {
  const names = RULES.map(({ judge }) => judge.name)
    .filter((name) => Object.hasOwn(members, name))
    .sort();
  return ['import {', ...names.map((name) => `  ${name},`), `} from '../${module}.ts';`];
}

function callOf(k: number): string {
  const { judge, exempts } = RULES[k];
  const call = `${judge.name}(${ARGUMENTS.slice(0, judge.length).join(', ')})`;
  const guard = exempts === 'none' ? '' : `(kinds & ${EXEMPTS[exempts]}) === 0 && `;
  const test = `${guard}(said = ${call}) >= DENIES && stops(work, ${k}, said, gate, order.instrument)`;
  return `  if (${test}) return said;`;
}

/** The source of src/generated/first-refusal.ts. */
export function checkSource(): string {
  return [
    '// Generated from the table of rules in src/rule-table.ts by `npm run generate`; do not edit.',
    "import { stops } from '../entries.ts';",
    "import type { Gate, InstrumentRules, StrategyRules } from '../gate.ts';",
    ...MODULES.flatMap(importsOf),
    "import { DENIES, PASSES } from '../verdict.ts';",
    "import type { Work } from '../verdict.ts';",
    "import type { Proposal, RiskView } from '../view.ts';",
    '',
    '/** Asks the rules by precedence. What the first said that does not let the order go; 0: all let it. */',
    'export function firstRefusal(',
    '  gate: Gate,',
    '  view: RiskView,',
    '  order: Proposal,',
    '  work: Work,',
    '  limits: InstrumentRules | undefined,',
    '  budget: StrategyRules | undefined,',
    '  kinds: number,',
    '): number {',
    '  let said: number = PASSES;',
    ...RULES.map((_, k) => callOf(k)),
    '  return PASSES;',
    '}',
    '',
  ].join('\n');
}
