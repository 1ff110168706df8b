/** As much of JSON Schema as events.schema.json uses; any other keyword throws, so that none is taken for checked. */
export type Schema = { readonly [key: string]: unknown };

type Check = (argument: never, value: unknown, schema: Schema, root: Schema) => boolean;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function hasType(type: string, value: unknown): boolean {
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  return type === 'object' ? isObject(value) : typeof value === type;
}

function resolve(root: Schema, pointer: string): Schema {
  const [, section, name] = pointer.split('/');
  return (root[section] as Record<string, Schema>)[name];
}

const CHECKS: Readonly<Record<string, Check>> = {
  $ref: (pointer: string, value, _schema, root) => accepts(resolve(root, pointer), value, root),
  type: (type: string, value) => hasType(type, value),
  const: (constant: unknown, value) => value === constant,
  enum: (list: readonly unknown[], value) => list.includes(value),
  pattern: (pattern: string, value) => typeof value !== 'string' || new RegExp(pattern, 'u').test(value),
  minLength: (size: number, value) => typeof value !== 'string' || value.length >= size,
  minimum: (least: number, value) => typeof value !== 'number' || value >= least,
  maximum: (most: number, value) => typeof value !== 'number' || value <= most,
  minItems: (size: number, value) => !Array.isArray(value) || value.length >= size,
  uniqueItems: (_wanted: boolean, value) => !Array.isArray(value) || new Set(value).size === value.length,
  items: (schema: Schema, value, _self, root) =>
    !Array.isArray(value) || value.every((item) => accepts(schema, item, root)),
  anyOf: (list: readonly Schema[], value, _self, root) => list.some((schema) => accepts(schema, value, root)),
  allOf: (list: readonly Schema[], value, _self, root) =>
    list.every((schema) => accepts(schema, value, root)),
  oneOf: (list: readonly Schema[], value, _self, root) =>
    list.filter((schema) => accepts(schema, value, root)).length === 1,
  required: (names: readonly string[], value) => !isObject(value) || names.every((name) => name in value),
  properties: (schemas: Record<string, Schema>, value, _self, root) =>
    !isObject(value) ||
    Object.entries(value).every(
      ([name, member]) => !(name in schemas) || accepts(schemas[name], member, root),
    ),
  additionalProperties: (_none: false, value, schema) =>
    !isObject(value) || Object.keys(value).every((name) => name in (schema['properties'] as Schema)),
};

const NOTES = new Set(['$schema', '$defs', 'title', 'description', 'contentEncoding']);

export function accepts(schema: Schema, value: unknown, root: Schema): boolean {
  return Object.entries(schema).every(([keyword, argument]) => {
    if (NOTES.has(keyword)) return true;
    const check = CHECKS[keyword];
    if (check === undefined) throw new Error(`no check for ${keyword}`);
    return check(argument as never, value, schema, root);
  });
}
