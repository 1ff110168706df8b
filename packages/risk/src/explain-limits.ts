/** Which limits a configuration puts in force, rule by rule. */
import type { JsonObject, JsonValue } from '@truetape/contracts';
import type { RiskConfig } from './config.ts';
import type { RuleUnit } from './rule.ts';
import { RULES } from './rule-table.ts';
import type { DenialCode, RuleName } from './verdict.ts';

/** A limit as it is configured, and whose it is. */
export interface LimitValue {
  /** `account`; `every instrument`; the name of an instrument or of a strategy. */
  readonly of: string;
  readonly value: JsonValue;
}

export interface LimitInForce {
  readonly rule: RuleName;
  readonly code: DenialCode;
  readonly unit: RuleUnit;
  readonly phase: 'preTrade' | 'runtime';
  readonly setting: string;
  /** It needs no limit. */
  readonly isAlways: boolean;
  /** None: it is not in force, unless it always is. */
  readonly values: readonly LimitValue[];
}

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function memberOf(value: JsonValue | undefined, key: string): JsonValue | undefined {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** A member of each of a record's values, by name. */
function valuesOf(record: JsonValue | undefined, key: string): LimitValue[] {
  const names = isObject(record) ? Object.keys(record).sort() : [];
  return names.flatMap((of) => {
    const value = memberOf(memberOf(record, of), key);
    return value === undefined ? [] : [{ of, value }];
  });
}

function configured(config: JsonObject, setting: string): LimitValue[] {
  const [group, ...path] = setting.split('.');
  const key = path[path.length - 1];
  if (group === 'strategies') return valuesOf(memberOf(config, group), key);
  const value = memberOf(memberOf(config, group), key);
  const of = group === 'limits' ? 'every instrument' : 'account';
  const common = value === undefined ? [] : [{ of, value }];
  return group === 'limits' ? [...common, ...valuesOf(memberOf(config, 'instruments'), key)] : common;
}

/** Every rule by precedence, with the limits that it has. */
export function explainLimits(config: RiskConfig): LimitInForce[] {
  return RULES.map(({ rule, code, unit, phase, setting }) => {
    const isAlways = setting === 'always';
    const values = isAlways ? [] : configured(config as unknown as JsonObject, setting);
    return { rule, code, unit, phase, setting, isAlways, values };
  });
}
