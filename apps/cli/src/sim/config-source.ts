/** The configuration of a simulation as the command line asks for it: preset or file, symbols, changes. */
import type { JsonObject, JsonValue } from '@truetape/contracts';
import { readChunks } from '@truetape/host';
import { PRESETS, parseConfig, setPath } from '@truetape/orderflow';
import type { ConfigProblem, PresetName, SimConfig } from '@truetape/orderflow';
import { CliFailure, EXIT, usageFailure } from '../failure.ts';
import { plainYaml } from '../plain-yaml.ts';
import type { ExitCode } from '../failure.ts';
import { lettingGo } from '../let-go.ts';
import { beginsTape, readTapeConfig } from './tape-config.ts';

/** What the command line says of the configuration. */
export interface ConfigOptions {
  readonly preset?: PresetName;
  readonly config?: string;
  readonly set?: readonly string[];
  readonly symbols?: readonly string[];
}

/** How a configuration was come by. */
export interface ConfigOrigin {
  readonly preset: PresetName | null;
  /** The file, as it was named. */
  readonly config: string | null;
  readonly symbols: readonly string[] | null;
  readonly set: readonly string[];
}

export interface SourcedConfig {
  readonly origin: ConfigOrigin;
  readonly config: SimConfig;
  /** Of the tape that the configuration was taken from. */
  readonly seed?: string;
}

export const DEFAULT_PRESET: PresetName = 'mixed';

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function decodeText(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new CliFailure(EXIT.corrupt, `${nameOf(path)}: expected UTF-8, found other bytes`);
  }
}

async function readAll(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return parts;
}

/** The text of a file, or of standard input. Throws `InputError`, and a failure where it is no UTF-8. */
export async function readText(path: string): Promise<string> {
  return decodeText(path, Buffer.concat(await readAll(readChunks(path))));
}

/** A path as messages name it. */
export const nameOf = (path: string): string => (path === '-' ? 'standard input' : path);

async function parseConfigText(path: string, text: string): Promise<JsonObject> {
  const content = await plainYaml(nameOf(path), text);
  if (isObject(content)) return content;
  throw usageFailure(
    `${nameOf(path)}: expected a configuration, found ${JSON.stringify(content ?? null)}`,
    'truetape sim presets --show mixed prints one',
  );
}

/** A configuration, not checked yet; a tape has its seed with it. */
interface RawConfig {
  readonly config: JsonObject;
  readonly seed?: string;
}

async function readConfigFile(path: string): Promise<RawConfig> {
  return lettingGo(readChunks(path), async (chunks) => {
    const first = await chunks.next();
    const head = first.done === true ? new Uint8Array() : first.value;
    if (beginsTape(head)) return readTapeConfig(nameOf(path), head, chunks);
    const bytes = Buffer.concat([head, ...(await readAll(chunks))]);
    return { config: await parseConfigText(path, decodeText(path, bytes)) };
  });
}

/** Every problem on its line. */
export function problemsFailure(
  what: string,
  problems: readonly ConfigProblem[],
  rest: { readonly exitCode: ExitCode; readonly next: string },
): CliFailure {
  const lines = problems.map(({ path, problem }) => `${path === '' ? '(the whole)' : path}: ${problem}`);
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return new CliFailure(rest.exitCode, `${what}: ${count}`, [...lines, rest.next].join('\n  '));
}

/** The configuration with these symbols alone: each as it stands there, else as the first of those there. */
function withSymbols(config: JsonObject, names: readonly string[]): JsonObject {
  const { symbols } = config;
  const first = isObject(symbols) ? Object.keys(symbols).sort((a, b) => (a < b ? -1 : 1))[0] : undefined;
  // Without any there is nothing to go by: the check says what is wrong.
  if (!isObject(symbols) || first === undefined) return config;
  const settings = (name: string): JsonValue => symbols[Object.hasOwn(symbols, name) ? name : first];
  return { ...config, symbols: Object.fromEntries(names.map((name) => [name, settings(name)])) };
}

/** The configuration that the options ask for. Throws a usage failure with every problem and its path. */
export async function loadConfig(options: ConfigOptions): Promise<SourcedConfig> {
  const { config: file, symbols, set = [] } = options;
  if (file !== undefined && options.preset !== undefined)
    throw usageFailure('--preset and --config exclude each other', 'choose one');
  const preset = file === undefined ? (options.preset ?? DEFAULT_PRESET) : null;
  const raw: RawConfig =
    preset === null ? await readConfigFile(file!) : { config: PRESETS[preset] as unknown as JsonObject };
  let { config } = raw;
  if (symbols !== undefined) config = withSymbols(config, symbols);
  const problems: ConfigProblem[] = [];
  for (const assignment of set) {
    const changed = setPath(config, assignment);
    if (changed.ok) config = changed.value;
    else problems.push({ path: `--set ${changed.error.path}`, problem: changed.error.problem });
  }
  const checked = parseConfig(config);
  if (!checked.ok) problems.push(...checked.error);
  if (!checked.ok || problems.length > 0) {
    const name = preset === null ? nameOf(file!) : `preset ${preset}`;
    const changes = [...(symbols === undefined ? [] : ['--symbols']), ...(set.length > 0 ? ['--set'] : [])];
    const what = changes.length === 0 ? name : `${name} with ${changes.join(' and ')}`;
    const next = 'truetape sim schema says what is expected';
    throw problemsFailure(what, problems, { exitCode: EXIT.usage, next });
  }
  const origin = { preset, config: file ?? null, symbols: symbols ?? null, set };
  const { seed } = raw;
  return { origin, config: checked.value, ...(seed === undefined ? {} : { seed }) };
}

/** Names with commas between them. Throws a usage failure. */
export function parseSymbols(text: string): readonly string[] {
  const names = text.split(',');
  if (names.every((name) => name !== '') && new Set(names).size === names.length) return names;
  throw usageFailure(`--symbols: expected different names with commas between them, found ${text}`);
}
