/** What values of a configuration must be to each other; each check needs only some members to be well formed. */
import { AGENTS_MAX, SYMBOLS_MAX } from './config.ts';
import type { SimConfig } from './config.ts';

/** What is wrong at a path of a configuration; the path is empty for the whole. */
export interface ConfigProblem {
  readonly path: string;
  readonly problem: string;
}

type Add = (path: string, problem: string) => void;

interface Relation {
  readonly members: readonly (keyof SimConfig)[];
  readonly check: (config: SimConfig, add: Add) => void;
}

function checkSymbols({ symbols }: SimConfig, add: Add): void {
  const count = Object.keys(symbols).length;
  if (count < 1 || count > SYMBOLS_MAX) add('symbols', `1 to ${SYMBOLS_MAX} symbols`);
  for (const [name, { priceStep, qtyStep }] of Object.entries(symbols)) {
    if (priceStep === '0') add(`symbols.${name}.priceStep`, 'more than 0');
    if (qtyStep === '0') add(`symbols.${name}.qtyStep`, 'more than 0');
  }
}

function checkAgents(config: SimConfig, add: Add): void {
  const symbols = Object.keys(config.symbols).length;
  const agents = Object.values(config.agents).reduce((sum, { count }) => sum + count * symbols, 0);
  if (agents < 1 || agents > AGENTS_MAX)
    add('agents', `1 to ${AGENTS_MAX} agents over all symbols, not ${agents}`);
}

function checkRegime({ regimes }: SimConfig, path: string, name: string, add: Add): void {
  if (!Object.hasOwn(regimes, name)) add(path, `no regime is named ${name}`);
}

function checkScript({ script, scriptRepeatNs }: SimConfig, add: Add): void {
  script.forEach(({ atNs }, k) => {
    if (k > 0 && atNs <= script[k - 1].atNs) add(`script.${k}.atNs`, 'later than the step before');
  });
  const endNs = script.at(-1)?.atNs ?? 0;
  if (scriptRepeatNs > 0 && scriptRepeatNs <= endNs)
    add('scriptRepeatNs', `0, or later than the last step of the script at ${endNs}`);
}

function checkFaults({ faults }: SimConfig, add: Add): void {
  const { duplicatePpm, dropPpm, reorderPpm } = faults;
  if (duplicatePpm + dropPpm + reorderPpm > 1_000_000) add('faults', 'at most 1000000 ppm together');
}

const RELATIONS: readonly Relation[] = [
  { members: ['symbols'], check: checkSymbols },
  { members: ['symbols', 'agents'], check: checkAgents },
  {
    members: ['startRegime', 'regimes'],
    check: (config, add) => checkRegime(config, 'startRegime', config.startRegime, add),
  },
  {
    members: ['script', 'regimes'],
    check: (config, add) =>
      config.script.forEach(({ regime }, k) => checkRegime(config, `script.${k}.regime`, regime, add)),
  },
  { members: ['script', 'scriptRepeatNs'], check: checkScript },
  {
    members: ['thresholds', 'regimes'],
    check: (config, add) =>
      config.thresholds.forEach(({ regime }, k) =>
        checkRegime(config, `thresholds.${k}.regime`, regime, add),
      ),
  },
  {
    members: ['thresholds'],
    check: ({ thresholds }, add) =>
      thresholds.forEach(({ above, below }, k) => {
        if ((above === undefined) === (below === undefined)) add(`thresholds.${k}`, 'either above or below');
      }),
  },
  { members: ['faults'], check: checkFaults },
];

/** What the shape of single values does not say. `broken` members have not their shape: nothing is said of them. */
export function relationProblems(config: SimConfig, broken: ReadonlySet<PropertyKey>): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const add: Add = (path, problem) => void problems.push({ path, problem });
  for (const { members, check } of RELATIONS)
    if (!members.some((member) => broken.has(member))) check(config, add);
  return problems;
}
