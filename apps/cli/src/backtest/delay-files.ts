/**
 * Measured delays from a file: `latency.order: { kind: empirical, file: delays.txt }` of a configuration stands for the
 * values that are there, a whole number of ns a line. They take the file's place, so that a tape has all that its run
 * depends on.
 */
import type { JsonObject, JsonValue } from '@truetape/contracts';
import { usageFailure } from '../failure.ts';
import { nameOf, readText } from '../sim/config-source.ts';

const FROM_FILE: JsonObject = {
  type: 'object',
  properties: {
    kind: { type: 'string', const: 'empirical' },
    file: { type: 'string', description: 'Measured delays, a whole number of ns a line' },
  },
  required: ['kind', 'file'],
  additionalProperties: false,
};

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The file that a latency names; undefined where it names none, or says anything else besides. */
function fileOf(spec: JsonValue): string | undefined {
  if (!isObject(spec) || spec['kind'] !== 'empirical' || Object.keys(spec).length !== 2) return undefined;
  const file = spec['file'];
  return typeof file === 'string' ? file : undefined;
}

/** The configuration with what stands for each file that a latency names. */
function withValues(config: JsonObject, valuesOf: (file: string) => readonly number[]): JsonObject {
  const { latency } = config;
  if (!isObject(latency)) return config;
  const filled = Object.entries(latency).map(([channel, spec]): [string, JsonValue] => {
    const file = fileOf(spec);
    return [channel, file === undefined ? spec : { kind: 'empirical', valuesNs: valuesOf(file) }];
  });
  return { ...config, latency: Object.fromEntries(filled) };
}

/** The configuration as it is checked before its files have been read. */
export const withoutDelayFiles = (config: JsonObject): JsonObject => withValues(config, () => [0]);

/** The configuration with the values of its files. Throws `InputError`, and a usage failure with file and line. */
export async function readDelayFiles(config: JsonObject): Promise<JsonObject> {
  const found = new Map<string, readonly number[]>();
  withValues(config, (file) => {
    found.set(file, []);
    return [];
  });
  for (const file of found.keys()) found.set(file, parseDelays(file, await readText(file)));
  return withValues(config, (file) => found.get(file)!);
}

/** What a schema says of a latency, with a file in place of the values too. */
export function schemaWithFiles(schema: JsonObject): JsonObject {
  const { properties } = schema;
  if (!isObject(properties) || !isObject(properties['latency'])) return schema;
  const { latency } = properties;
  const channels = isObject(latency['properties']) ? latency['properties'] : {};
  const filled = Object.entries(channels).map(([channel, one]): [string, JsonValue] => {
    const { oneOf } = one as JsonObject;
    return [channel, { ...(one as JsonObject), oneOf: [...(oneOf as JsonValue[]), FROM_FILE] }];
  });
  return {
    ...schema,
    properties: { ...properties, latency: { ...latency, properties: Object.fromEntries(filled) } },
  };
}

function parseDelays(file: string, text: string): number[] {
  const values: number[] = [];
  for (const [k, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    if (!/^(0|[1-9][0-9]{0,15})$/.test(line))
      throw usageFailure(
        `${nameOf(file)}:${k + 1}: expected a delay in whole ns, found ${line.slice(0, 40)}`,
      );
    values.push(Number(line));
  }
  if (values.length > 0) return values;
  throw usageFailure(`${nameOf(file)}: expected delays in ns, one a line, found none`);
}
