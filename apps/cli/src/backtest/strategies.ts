/** Which strategies a run has: those of the command line, or else those that its configuration uses. */
import type { BacktestConfig, ConfigProblem } from '@truetape/backtest';
import type { JsonObject, JsonValue } from '@truetape/contracts';
import type { EngineStrategy } from '@truetape/engine';
import { usageFailure } from '../failure.ts';
import { configFailure } from './config-failure.ts';
import { createStrategy, loadStrategy, splitStrategy } from './strategy-source.ts';
import type { NamedStrategy } from './strategy-source.ts';

/** What runs, and a configuration that speaks of nothing else. */
export interface ChosenStrategies {
  /** As they were named. */
  readonly named: readonly string[];
  readonly strategies: readonly NamedStrategy[];
  readonly config: BacktestConfig;
}

/** A strategy, and the text that named it. */
interface Named {
  readonly text: string;
  readonly strategy: NamedStrategy;
}

async function loadAll(texts: readonly string[]): Promise<Named[]> {
  const all: Named[] = [];
  for (const text of texts) {
    const strategy = await loadStrategy(text);
    const { name } = strategy;
    if (all.some((one) => one.strategy.name === name))
      throw usageFailure(
        `--strategy: two strategies are named ${name}`,
        `give one another name: --strategy other=${splitStrategy(text).source}`,
      );
    all.push({ text, strategy });
  }
  return all;
}

/**
 * Loads them. A name that the configuration gives stands for what it says there. Throws a usage failure: none, two of a
 * name, parameters that nobody gets. Strategies that run each alone may share parameters.
 */
export async function chooseStrategies(
  asked: readonly string[] | undefined,
  whole: BacktestConfig,
  { isTogether = true }: { readonly isTogether?: boolean } = {},
): Promise<ChosenStrategies> {
  const { use = [], ...config } = whole;
  if ((asked ?? use).length === 0)
    throw usageFailure(
      'no strategy is named: expected --strategy, or use: in the configuration',
      'truetape backtest strategies lists those that are included',
    );
  const used = await loadAll(use);
  const textOf = (text: string): string => used.find(({ strategy }) => strategy.name === text)?.text ?? text;
  const running = asked === undefined ? used : await loadAll(asked.map(textOf));
  const names = running.map(({ strategy }) => strategy.name);
  const idle = used.map(({ strategy }) => strategy.name).filter((name) => !names.includes(name));
  const problems = [
    ...strangersIn(config, names, idle),
    ...(isTogether || names.length === 1 ? sharedIn(config, names) : []),
  ];
  if (problems.length > 0) throw configFailure(problems);
  return {
    named: running.map(({ text }) => text),
    strategies: running.map(({ strategy }) => strategy),
    config: without(config, idle),
  };
}

/** Parameters of strategies that are not there. */
function strangersIn(
  { strategies = {} }: BacktestConfig,
  names: readonly string[],
  idle: readonly string[],
): ConfigProblem[] {
  const strangers = Object.keys(strategies).filter((name) => !names.includes(name) && !idle.includes(name));
  return strangers.map((name) => ({
    path: `strategies.${name}`,
    problem: `there is no such strategy in this run: it has ${names.join(', ')}`,
  }));
}

/** Parameters of nobody in particular. */
function sharedIn({ strategy, strategies = {} }: BacktestConfig, names: readonly string[]): ConfigProblem[] {
  if (Object.keys(strategy).length === 0) return [];
  const [first] = names;
  if (names.length > 1)
    return [{ path: 'strategy', problem: `there are several: strategies.${first} has those of one` }];
  return Object.hasOwn(strategies, first)
    ? [{ path: 'strategy', problem: `strategies.${first} says parameters as well: leave one out` }]
    : [];
}

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A configuration without parameters and budgets of strategies that do not run. */
function without(config: BacktestConfig, idle: readonly string[]): BacktestConfig {
  const kept = <T>(record: { readonly [name: string]: T }): { readonly [name: string]: T } =>
    Object.fromEntries(Object.entries(record).filter(([name]) => !idle.includes(name)));
  const { strategies, risk } = config;
  const budgets = risk['strategies'];
  return {
    ...config,
    ...(strategies === undefined ? {} : { strategies: kept(strategies) }),
    ...(isObject(budgets) ? { risk: { ...risk, strategies: kept(budgets) } } : {}),
  };
}

/** Each of them alone, with a configuration that speaks of it alone. */
export function eachAlone({ strategies, config }: ChosenStrategies): Omit<ChosenStrategies, 'named'>[] {
  const names = strategies.map(({ name }) => name);
  return strategies.map((one) => ({
    strategies: [one],
    config: without(
      config,
      names.filter((name) => name !== one.name),
    ),
  }));
}

/** The strategies of a run, each made of its parameters. Throws a usage failure with every problem of the first. */
export function createStrategies(
  all: readonly NamedStrategy[],
  { strategy, strategies = {} }: BacktestConfig,
): EngineStrategy[] {
  return all.map((one) => {
    const { name } = one;
    const isOwn = Object.hasOwn(strategies, name);
    if (isOwn || all.length > 1)
      return createStrategy(one, { path: `strategies.${name}`, values: isOwn ? strategies[name] : {} });
    return createStrategy(one, { path: 'strategy', values: strategy });
  });
}
