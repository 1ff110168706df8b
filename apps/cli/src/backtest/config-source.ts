/** The configuration of a backtest as the command line asks for it: a file, and changes. */
import { parseConfig } from '@truetape/backtest';
import type { BacktestConfig, ConfigProblem } from '@truetape/backtest';
import type { JsonObject } from '@truetape/contracts';
import { parseRiskConfig } from '@truetape/risk';
import { usageFailure } from '../failure.ts';
import { plainYaml } from '../plain-yaml.ts';
import { nameOf, readText } from '../sim/config-source.ts';
import { configFailure } from './config-failure.ts';
import { readDelayFiles, withoutDelayFiles } from './delay-files.ts';
import { withChanges } from './set-values.ts';

export interface ConfigOptions {
  readonly config?: string;
  readonly set?: readonly string[];
  readonly ideal?: boolean;
}

async function readFile(path: string): Promise<JsonObject> {
  const text = await readText(path);
  const content = await plainYaml(nameOf(path), text);
  // An empty file says nothing: all is as it is by default.
  if (content === null || content === undefined) return {};
  if (typeof content === 'object' && !Array.isArray(content)) return content as JsonObject;
  throw usageFailure(`${nameOf(path)}: expected a configuration, found ${JSON.stringify(content)}`);
}

const isOtherMode = (mode: unknown): mode is 'exchange' | 'replay' =>
  mode === 'exchange' || mode === 'replay';

/** Of a configuration as JSON: the header of a tape holds 1 MiB, with parents and names besides. */
const CONFIG_BYTES_MAX = 800_000;

/** The configuration that the options ask for. Throws a usage failure with every problem and its path. */
export async function loadConfig(options: ConfigOptions): Promise<BacktestConfig> {
  const read = options.config === undefined ? {} : await readDelayFiles(await readFile(options.config));
  // Changes are made to what it is with its defaults: latency.order.ns is there though no file says so.
  const whole = parseConfig(read);
  const filled = whole.ok ? (JSON.parse(JSON.stringify(whole.value)) as JsonObject) : read;
  const asked = options.ideal === true ? { ...filled, mode: 'ideal' } : filled;
  const { config, problems: found } = withChanges(asked, options.set ?? [], problemsOf);
  const others = options.ideal === true ? [filled['mode'], config['mode']].filter(isOtherMode) : [];
  const problems = [
    ...found,
    ...others.map((mode) => ({ path: 'mode', problem: `${mode} is asked for, and --ideal` })),
  ];
  if (problems.length > 0) throw configFailure(problems);
  const parsed = parseConfig(await readDelayFiles(config));
  if (!parsed.ok) throw configFailure(parsed.error);
  const bytes = Buffer.byteLength(JSON.stringify(parsed.value));
  if (bytes <= CONFIG_BYTES_MAX) return parsed.value;
  const problem = `${bytes} bytes as JSON, where a tape has room for ${CONFIG_BYTES_MAX}`;
  throw configFailure([{ path: '', problem }]);
}

/** What is wrong with a configuration, limits of risk included. */
function problemsOf(config: JsonObject): ConfigProblem[] {
  const parsed = parseConfig(withoutDelayFiles(config));
  const risk = parsed.ok ? parseRiskConfig(parsed.value.risk) : undefined;
  const below = risk === undefined || risk.ok ? [] : risk.error;
  return [
    ...(parsed.ok ? [] : parsed.error),
    ...below.map(({ path, problem }) => ({ path: path === '' ? 'risk' : `risk.${path}`, problem })),
  ];
}
