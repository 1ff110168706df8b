/**
 * Settings: flags over environment over project file over user file over defaults. Files and their checker
 * are looked at only where there is one: most commands start without either.
 */
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, parse } from 'node:path';
import { usageFailure } from './failure.ts';
import type { ColorChoice } from './terminal.ts';

/** All settings, with what each of them changes. */
export interface Settings {
  readonly color: ColorChoice;
  readonly quiet: boolean;
  /** Payload bytes at which a frame of a new tape is closed. */
  readonly frameBytes: number;
  /** `import`: what happens to the clock's offset: measure, auto, or ns to add. */
  readonly clockOffset: string;
  readonly onBadLine: 'fail' | 'skip';
  /** `tape diff`: events shown before the first difference. */
  readonly context: number;
  /** `tape book`: levels shown of each side. */
  readonly levels: number;
}

export type SettingName = keyof Settings;

export const DEFAULTS: Settings = {
  color: 'auto',
  quiet: false,
  frameBytes: 65536,
  clockOffset: 'measure',
  onBadLine: 'fail',
  context: 3,
  levels: 10,
};

export const SETTING_NAMES: readonly SettingName[] = Object.keys(DEFAULTS) as SettingName[];

/** Values, and where each came from: `default`, `environment TRUETAPE_COLOR`, `project file …`, `user file …`. */
export interface ResolvedSettings {
  readonly values: Settings;
  readonly origins: Readonly<Record<SettingName, string>>;
}

/** `frameBytes` → `TRUETAPE_FRAME_BYTES`. */
export function environmentName(name: SettingName): string {
  return `TRUETAPE_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

const FILE_NAMES = ['truetape.yaml', 'truetape.yml', 'truetape.json'];

function firstExisting(folder: string): string | undefined {
  return FILE_NAMES.map((name) => join(folder, name)).find((path) => existsSync(path));
}

/** The project file: in this folder or the nearest one above it. */
export function findProjectFile(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const found = firstExisting(at);
    if (found !== undefined || at === parse(at).root) return found;
  }
}

/** The user file: in XDG_CONFIG_HOME, by default ~/.config/truetape. */
export function findUserFile(env: NodeJS.ProcessEnv): string | undefined {
  const base = (env['XDG_CONFIG_HOME'] ?? '') === '' ? join(homedir(), '.config') : env['XDG_CONFIG_HOME']!;
  return firstExisting(join(base, 'truetape'));
}

/** A source of settings: what it says, unchecked, and how it is named. */
export interface SettingLayer {
  readonly origin: (name: SettingName) => string;
  readonly values: Readonly<Record<string, unknown>>;
  /** Values are text and are read as such: `true`, `12`. */
  readonly isText: boolean;
}

function environmentLayer(env: NodeJS.ProcessEnv): SettingLayer | undefined {
  const set = SETTING_NAMES.filter((name) => (env[environmentName(name)] ?? '') !== '');
  if (set.length === 0) return undefined;
  return {
    origin: (name) => `environment ${environmentName(name)}`,
    values: Object.fromEntries(set.map((name) => [name, env[environmentName(name)]])),
    isText: true,
  };
}

async function fileLayer(kind: 'project' | 'user', path: string): Promise<SettingLayer> {
  const { parse: parseYaml } = await import('yaml');
  let content: unknown;
  try {
    content = parseYaml(readFileSync(path, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw usageFailure(
      `${path}: expected YAML or JSON, found something else: ${reason}`,
      'correct or remove the file',
    );
  }
  const isObject = typeof content === 'object' && content !== null && !Array.isArray(content);
  if (content !== null && !isObject) {
    throw usageFailure(
      `${path}: expected settings by name, found ${JSON.stringify(content)}`,
      'write name: value on each line',
    );
  }
  return {
    origin: () => `${kind} file ${path}`,
    values: (content ?? {}) as Record<string, unknown>,
    isText: false,
  };
}

/** Reads all layers below the flags. Throws a usage failure that names the place of a bad value. */
export async function resolveSettings(
  folder: string = process.cwd(),
  env: NodeJS.ProcessEnv = process.env,
): Promise<ResolvedSettings> {
  const user = findUserFile(env);
  const project = findProjectFile(folder);
  const environment = environmentLayer(env);
  const origins = Object.fromEntries(SETTING_NAMES.map((name) => [name, 'default'])) as Record<
    SettingName,
    string
  >;
  if (user === undefined && project === undefined && environment === undefined) {
    return { values: DEFAULTS, origins };
  }
  const layers: SettingLayer[] = [];
  if (user !== undefined) layers.push(await fileLayer('user', user));
  if (project !== undefined) layers.push(await fileLayer('project', project));
  if (environment !== undefined) layers.push(environment);
  const { checkLayer } = await import('./settings-schema.ts');
  let values: Settings = DEFAULTS;
  for (const layer of layers) {
    const checked = checkLayer(layer);
    values = { ...values, ...checked };
    for (const name of Object.keys(checked) as SettingName[]) origins[name] = layer.origin(name);
  }
  return { values, origins };
}
