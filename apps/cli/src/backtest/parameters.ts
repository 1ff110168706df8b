/** The parameters of a strategy, as its schema has them: for templates and for the schema of configurations. */
import type { JsonObject, JsonValue } from '@truetape/contracts';
import type { StrategyDefinition } from '@truetape/engine';
import { z } from 'zod';

/** JSON Schema of the parameters. */
export function parametersSchema({ parameters }: StrategyDefinition): JsonObject {
  return z.toJSONSchema(parameters, { io: 'input', unrepresentable: 'any' }) as JsonObject;
}

interface Parameter {
  readonly name: string;
  readonly schema: JsonObject;
}

function parametersOf(definition: StrategyDefinition): Parameter[] {
  const members = (parametersSchema(definition)['properties'] ?? {}) as JsonObject;
  return Object.entries(members).map(([name, schema]) => ({ name, schema: schema as JsonObject }));
}

/** Every parameter with its default. */
export function defaultsOf(definition: StrategyDefinition): JsonObject {
  return Object.fromEntries(
    parametersOf(definition).map(({ name, schema }) => [name, schema['default'] ?? null]),
  );
}

/** What values a parameter takes, in words. */
function rangeOf({ type, enum: names, minimum, maximum, items }: JsonObject): string {
  if (Array.isArray(names)) return `one of ${names.map(String).join(', ')}`;
  if (type === 'integer') {
    // The bounds that every safe integer has say nothing.
    const from = typeof minimum === 'number' && minimum > Number.MIN_SAFE_INTEGER ? ` from ${minimum}` : '';
    const to = typeof maximum === 'number' && maximum < Number.MAX_SAFE_INTEGER ? ` to ${maximum}` : '';
    return `an integer${from}${to}`;
  }
  if (type === 'array' && items !== undefined) return `a list, each ${rangeOf(items as JsonObject)}`;
  return typeof type === 'string' ? `a ${type}` : '';
}

const said = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : '');

/** Spans read better beside their unit. */
const spanOf = (name: string, value: JsonValue | undefined): string =>
  name.endsWith('Ns') && typeof value === 'number' && value % 1_000_000 === 0
    ? `, ${value / 1_000_000} ms`
    : '';

/**
 * YAML for `--config`: each parameter with its default, and what it is as a comment. Under the strategy's name in its
 * run, where it has one there.
 */
export function parametersYaml(definition: StrategyDefinition, named: string, runName?: string): string {
  const { name, doc } = definition;
  const members = parametersOf(definition).flatMap(({ name: key, schema }) => {
    const comment = [said(schema['description']), rangeOf(schema)].filter((part) => part !== '').join('; ');
    const value = schema['default'];
    return [`  # ${comment}${spanOf(key, value)}`, `  ${key}: ${JSON.stringify(value ?? null)}`];
  });
  if (runName !== undefined) {
    const inner = members.map((line) => `  ${line}`);
    return [
      `# ${name}: ${doc}`,
      `# truetape backtest run --tape run.rpl --config ${runName}.yaml`,
      `use: [${JSON.stringify(named)}]`,
      'strategies:',
      ...(inner.length === 0 ? [`  ${runName}: {}`] : [`  ${runName}:`, ...inner]),
      '',
    ].join('\n');
  }
  return [
    `# ${name}: ${doc}`,
    `# truetape backtest run --tape run.rpl --strategy ${named} --config ${name}.yaml`,
    ...(members.length === 0 ? ['strategy: {}'] : ['strategy:', ...members]),
    '',
  ].join('\n');
}
