/**
 * Strategies by name, or from a file of one's own: a module that exports `define(kit)`, which gives a definition. The
 * file may import types and files beside it; whatever else it needs is in the kit. Clocks and dice are taken away
 * already while it is loaded, so that it cannot keep them for later.
 */
import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { NONE } from '@truetape/contracts';
import { defineStrategy } from '@truetape/engine';
import { ForbiddenInStrategy, installStrategyGuard } from '@truetape/host';
import type { EngineStrategy, StrategyDefinition, StrategyKit } from '@truetape/engine';
import { STRATEGIES, findStrategy } from '@truetape/strategies';
import { z } from 'zod';
import { CliFailure, EXIT, usageFailure } from '../failure.ts';
import { checkState, faultOf, rememberFile } from './strategy-fault.ts';

const isFile = (name: string): boolean => /[\\/]|\.(ts|mts|js|mjs)$/.test(name);

/** A strategy's name as another folder finds it: a file by its whole path. */
export const nameOfStrategy = (name: string): string =>
  findStrategy(name) === undefined && isFile(name) ? resolve(name) : name;

/** The definition that a name or a file stands for. Throws a usage failure, or one that names the file. */
export async function loadStrategy(name: string): Promise<StrategyDefinition> {
  const included = findStrategy(name);
  if (included !== undefined) return included;
  if (isFile(name)) return loadFile(name);
  const names = STRATEGIES.map((one) => one.name).join(', ');
  throw usageFailure(`--strategy: there is no strategy ${name}`, `one of ${names}, or a file: ./my.ts`);
}

/** What a file of one's own is given. */
const KIT: StrategyKit = { z, defineStrategy, NONE };

async function loadFile(name: string): Promise<StrategyDefinition> {
  const path = resolve(name);
  if (!existsSync(path))
    throw usageFailure(`--strategy: there is no file ${name}`, 'truetape backtest new my.ts writes one');
  const url = pathToFileURL(path).href;
  const hooks = registerHooks({
    resolve: (specifier, context, next) => {
      const isOwn = context.parentURL !== undefined && ownUrls.has(context.parentURL);
      if (isOwn && !/^\.{1,2}\//.test(specifier))
        throw new Error(`a strategy imports files beside it alone, not ${specifier}: the rest is in its kit`);
      const resolved = next(specifier, context);
      if (isOwn) ownUrls.add(resolved.url);
      return resolved;
    },
  });
  const ownUrls = new Set([url]);
  const guard = installStrategyGuard();
  try {
    guard.isInside = true;
    const module = (await import(url)) as { readonly define?: unknown };
    if (typeof module.define !== 'function')
      throw new Error('expected an exported function define(kit) that gives a definition');
    const definition = checked((module.define as (kit: StrategyKit) => unknown)(KIT));
    rememberFile(definition, { name, urls: ownUrls });
    return definition;
  } catch (error) {
    if (error instanceof CliFailure) throw error;
    if (error instanceof ForbiddenInStrategy) throw faultOf({ name, urls: ownUrls }, error) ?? error;
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    // Of what is no TypeScript the first line of the stack is the place.
    const [, line] = error instanceof Error ? (/^[^\n]*:(\d+)\n/.exec(error.stack ?? '') ?? []) : [];
    throw new CliFailure(
      EXIT.usage,
      `${line === undefined ? name : `${name}:${line}`}: ${reason}`,
      'truetape backtest new my.ts writes one that works',
    );
  } finally {
    guard.remove();
    hooks.deregister();
  }
}

function checked(definition: unknown): StrategyDefinition {
  const one = definition as Partial<StrategyDefinition> | null;
  const isDefinition =
    typeof one === 'object' &&
    one !== null &&
    typeof one.name === 'string' &&
    /^[A-Za-z][A-Za-z0-9_-]{0,31}$/.test(one.name) &&
    typeof one.create === 'function' &&
    typeof one.listens === 'function' &&
    typeof one.parameters?.safeParse === 'function';
  if (isDefinition) return one as StrategyDefinition;
  throw new Error('define(kit) has to give { name, doc, parameters, listens, create }');
}

/** Makes a strategy of its parameters. Throws a usage failure with every problem. */
export function createStrategy(definition: StrategyDefinition, parameters: unknown): EngineStrategy {
  const parsed = definition.parameters.safeParse(parameters);
  if (!parsed.success) {
    const lines = parsed.error.issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => `strategy.${key}: there is no such parameter`)
        : [`strategy.${issue.path.join('.')}: ${issue.message}`],
    );
    const next = `truetape backtest strategies --template ${definition.name} shows them all`;
    throw usageFailure(`parameters of ${definition.name} are wrong`, [...lines, next].join('\n  '));
  }
  const { name } = definition;
  const strategy = definition.create(parsed.data);
  checkState(definition, strategy);
  return { name, strategy, listens: definition.listens(parsed.data) };
}
