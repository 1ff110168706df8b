/**
 * Strategies by name, or from a file of one's own: a module that exports `define(kit)`, which gives a definition. The
 * file may import types and files beside it; whatever else it needs is in the kit. Clocks and dice are taken away
 * already while it is loaded, so that it cannot keep them for later.
 */
import { existsSync, statSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { NONE } from '@truetape/contracts';
import { defineStrategy } from '@truetape/engine';
import { ForbiddenInStrategy, installStrategyGuard } from '@truetape/host';
import type { InstalledGuard } from '@truetape/host';
import type { EngineStrategy, StrategyDefinition, StrategyKit } from '@truetape/engine';
import { STRATEGIES, findStrategy } from '@truetape/strategies';
import { z } from 'zod';
import { CliFailure, EXIT, usageFailure } from '../failure.ts';
import { quoted } from '../wording.ts';
import { checkListens, checkState, faultOf, rememberFile } from './strategy-fault.ts';

const isFile = (name: string): boolean => /[\\/]|\.(ts|mts|js|mjs)$/.test(name);

const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,31}$/;

/** A strategy of a run, by the name that it has there. */
export interface NamedStrategy {
  readonly name: string;
  readonly definition: StrategyDefinition;
}

/** `maker=./my.ts`: a name and what it stands for; without `=` the strategy's own name. Throws for no name. */
export function splitStrategy(text: string): { readonly name: string | undefined; readonly source: string } {
  const at = text.indexOf('=');
  const name = text.slice(0, Math.max(at, 0));
  // A path may have one.
  if (at < 0 || /[\\/]/.test(name)) return { name: undefined, source: text };
  if (NAME.test(name)) return { name, source: text.slice(at + 1) };
  throw usageFailure(
    `--strategy ${text}: ${name === '' ? 'nothing' : name} is no name`,
    'a letter, then up to 31 letters, digits, - and _: --strategy maker=market-maker',
  );
}

/** The file that a strategy comes from; undefined for one that is included. */
export function strategyFileOf(text: string): string | undefined {
  const { source } = splitStrategy(text);
  return findStrategy(source) === undefined && isFile(source) ? resolve(source) : undefined;
}

/** A strategy as another folder finds it: a file by its whole path. */
export function placeOfStrategy(text: string): string {
  const { name, source } = splitStrategy(text);
  const place = strategyFileOf(text) ?? source;
  return name === undefined ? place : `${name}=${place}`;
}

/** Runs code of a strategy's file with clocks and dice taken away. */
export function inGuard<T>(guard: InstalledGuard, work: () => T): T {
  guard.isInside = true;
  try {
    return work();
  } finally {
    guard.isInside = false;
  }
}

/** The strategy that a text stands for. Throws a usage failure, or one that names the file. */
export async function loadStrategy(text: string): Promise<NamedStrategy> {
  const { name, source } = splitStrategy(text);
  const definition = findStrategy(source) ?? (isFile(source) ? await loadFile(source) : undefined);
  if (definition !== undefined) return { name: name ?? definition.name, definition };
  const names = STRATEGIES.map((one) => one.name).join(', ');
  // It may be named by --strategy, by --template, or in a configuration.
  throw usageFailure(`there is no strategy ${quoted(source)}`, `one of ${names}, or a file: ./my.ts`);
}

/** What a file of one's own is given. */
const KIT: StrategyKit = { z, defineStrategy, NONE };

async function loadFile(name: string): Promise<StrategyDefinition> {
  const path = resolve(name);
  const isThere = existsSync(path);
  if (!isThere || !statSync(path).isFile()) {
    const what = isThere ? `the strategy ${name} is no file` : `there is no strategy ${name}`;
    throw usageFailure(what, 'truetape backtest new my.ts writes one');
  }
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
    if (guard.fault !== undefined) throw guard.fault;
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
    NAME.test(one.name) &&
    typeof one.create === 'function' &&
    typeof one.listens === 'function' &&
    typeof one.parameters?.safeParse === 'function';
  if (isDefinition) return one as StrategyDefinition;
  throw new Error('define(kit) has to give { name, doc, parameters, listens, create }');
}

/** Makes a strategy of its parameters. Throws a usage failure with every problem. */
export function createStrategy(
  { name, definition }: NamedStrategy,
  { path, values }: { readonly path: string; readonly values: unknown },
): EngineStrategy {
  const parsed = definition.parameters.safeParse(values);
  if (!parsed.success) {
    const lines = parsed.error.issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => `${path}.${key}: there is no such parameter`)
        : [`${[path, ...issue.path].join('.')}: ${issue.message}`],
    );
    const next = `truetape backtest strategies --template ${definition.name} shows them all`;
    throw usageFailure(`parameters of ${name} are wrong`, [...lines, next].join('\n  '));
  }
  const strategy = definition.create(parsed.data);
  checkState(definition, strategy);
  const listens = definition.listens(parsed.data);
  checkListens(definition, listens);
  return { name, strategy, listens };
}
