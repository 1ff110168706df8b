/** The risk configuration of a file, changed as the command line says. */
import type { JsonObject } from '@truetape/contracts';
import { parseRiskConfig } from '@truetape/risk';
import type { RiskConfig } from '@truetape/risk';
import { withChanges } from '../backtest/set-values.ts';
import { EXIT, usageFailure } from '../failure.ts';
import { plainYaml } from '../plain-yaml.ts';
import { nameOf, problemsFailure, readText } from '../sim/config-source.ts';

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

async function readConfigObject(path: string): Promise<JsonObject> {
  const text = await readText(path);
  const content = await plainYaml(nameOf(path), text);
  if (!isObject(content))
    throw usageFailure(`${nameOf(path)}: expected a configuration, found ${JSON.stringify(content ?? null)}`);
  // The configuration of a whole run has the gate's under its name.
  return isObject(content['risk']) ? content['risk'] : content;
}

/** Reads and checks it. Throws a usage failure with every problem and its path. */
export async function loadRiskConfig(path: string, changes: readonly string[]): Promise<RiskConfig> {
  const { config, problems } = withChanges(await readConfigObject(path), changes, (whole) => {
    const parsed = parseRiskConfig(whole);
    return parsed.ok ? [] : parsed.error;
  });
  const checked = parseRiskConfig(config);
  if (checked.ok && problems.length === 0) return checked.value;
  const next = 'docs/risk.md has every limit';
  throw problemsFailure(nameOf(path), problems, { exitCode: EXIT.usage, next });
}
