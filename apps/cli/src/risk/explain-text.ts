/** Limits and what they say to an order, as text and as JSON. */
import { MONEY_NONE, nameOfCode } from '@truetape/contracts';
import { formatDecimal, formatQuanta } from '@truetape/kernel';
import { createVerdict, explainLimits, explainOrder } from '@truetape/risk';
import type { LimitInForce, RiskConfig, RuleFinding, RuleUnit, Verdict } from '@truetape/risk';
import type { Scene } from './scene.ts';

/** An amount in the unit that a person writes: quantities and prices as decimals. */
function amount(unit: RuleUnit | 'bps', value: bigint, { terms }: Scene): string | null {
  if (value === MONEY_NONE) return null;
  switch (unit) {
    case 'lots':
      return formatQuanta(terms.qty, value);
    case 'ticks':
      return formatQuanta(terms.price, value);
    case 'asset':
      return formatDecimal(value, terms.moneyScale);
    default:
      return String(value);
  }
}

const unitOf = ({ unit }: Verdict): RuleUnit =>
  unit === 0 ? 'none' : (nameOfCode('unit', unit) as RuleUnit);

/** What an order was told, rule by rule and in all. */
interface Told {
  readonly findings: readonly RuleFinding[];
  readonly verdict: Verdict;
}

function ask({ gate, view, order }: Scene): Told {
  const verdict = createVerdict();
  return { findings: explainOrder(gate, view, order, verdict), verdict };
}

/** All of it as one object. */
export function explainJson(config: RiskConfig, scene: Scene | undefined): unknown {
  const limits = explainLimits(config);
  if (scene === undefined) return { limits };
  const { findings, verdict } = ask(scene);
  return {
    limits,
    order: { instrument: scene.instrument, strategy: scene.strategy },
    rules: findings.map(({ rule, outcome, code, unit, observed, limit }) => ({
      rule,
      outcome,
      code: code ?? null,
      unit,
      observed: amount(unit, observed, scene),
      limit: amount(unit, limit, scene),
    })),
    verdict: {
      verdict: nameOfCode('verdict', verdict.verdict),
      code: verdict.code === 0 ? null : nameOfCode('denialCode', verdict.code),
      rule: verdict.rule === 0 ? null : nameOfCode('rule', verdict.rule),
      observed: amount(unitOf(verdict), verdict.observed, scene),
      limit: amount(unitOf(verdict), verdict.limit, scene),
      allowed: formatQuanta(scene.terms.qty, verdict.allowedLots),
    },
  };
}

const valueText = (value: unknown): string => {
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([name, one]) => `${name} ${String(one)}`)
    .join(', ');
};

function limitText({ isAlways, values }: LimitInForce): string {
  if (isAlways) return 'always';
  if (values.length === 0) return 'not in force';
  return values.map(({ of, value }) => `${of}: ${valueText(value)}`).join('; ');
}

function findingText(finding: RuleFinding, scene: Scene): string {
  const { outcome, code, unit, observed, limit } = finding;
  const [seen, bound] = [amount(unit, observed, scene), amount(unit, limit, scene)];
  const numbers = seen === null || bound === null ? '' : `${seen} against ${bound}`;
  const words = outcome === 'notInForce' ? 'not in force' : outcome;
  return `${words.padEnd(15)}${code === undefined ? numbers : `${code}${numbers === '' ? '' : `: ${numbers}`}`}`;
}

/** The verdict as one line. */
function verdictText({ verdict }: Told, scene: Scene): string {
  const word = nameOfCode('verdict', verdict.verdict);
  if (verdict.code === 0) return word;
  const unit = unitOf(verdict);
  const [seen, bound] = [amount(unit, verdict.observed, scene), amount(unit, verdict.limit, scene)];
  const numbers = seen === null || bound === null ? '' : `, ${seen} against ${bound}`;
  const allowed = word === 'reduce' ? `, ${formatQuanta(scene.terms.qty, verdict.allowedLots)} may go` : '';
  return `${word} ${nameOfCode('denialCode', verdict.code)} by ${nameOfCode('rule', verdict.rule)}${numbers}${allowed}`;
}

const trimmed = (lines: readonly string[]): string => lines.map((line) => `${line.trimEnd()}\n`).join('');

/** A line a rule, by precedence: the limits that are in force, or what each says to the order and what comes of it. */
export function explainText(config: RiskConfig, scene: Scene | undefined): string {
  if (scene === undefined)
    return trimmed(explainLimits(config).map((one) => `${one.rule.padEnd(20)}${limitText(one)}`));
  const told = ask(scene);
  const lines = told.findings.map((one) => `${one.rule.padEnd(20)}${findingText(one, scene)}`);
  return trimmed([...lines, '', `${'verdict'.padEnd(20)}${verdictText(told, scene)}`]);
}
