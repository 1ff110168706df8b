/** The tree of commands as a completion script needs it, taken from commander's own. */
import { LAYOUTS } from '@truetape/contracts';
import type { Command } from 'commander';

/** An option: its flags, and the values that it takes where they are few. */
export interface OutlineOption {
  readonly flags: readonly string[];
  readonly description: string;
  readonly takesValue: boolean;
  readonly values: readonly string[];
}

/** A command; `path` is empty for the program itself. */
export interface OutlineNode {
  readonly path: readonly string[];
  readonly commands: readonly { readonly name: string; readonly summary: string }[];
  readonly options: readonly OutlineOption[];
  /** Values of its first argument where they are few; files otherwise. */
  readonly values: readonly string[];
}

/** Values of options by their long flag. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  '--color': ['auto', 'always', 'never'],
  '--side': ['buy', 'sell'],
  '--kind': LAYOUTS.map(({ name }) => name),
  '--format': ['rpl', 'text', 'jsonl', 'csv', 'parquet'],
  '--market': ['spot', 'usdm', 'coinm'],
  '--on-bad-line': ['fail', 'skip'],
  '--clock-offset': ['measure', 'auto'],
};

/** Shells that scripts are written for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

function optionsOf(command: Command): OutlineOption[] {
  return command.options.map((option) => ({
    flags: [option.short, option.long].filter((flag) => flag !== undefined),
    description: option.description,
    takesValue: option.required || option.optional,
    values: option.argChoices ?? VALUES[option.long ?? ''] ?? [],
  }));
}

/** All commands, outermost first; each knows its own options and those of the program. */
export function outlineOf(program: Command): OutlineNode[] {
  const common = optionsOf(program);
  const visit = (command: Command, path: readonly string[]): OutlineNode[] => {
    const commands = command.commands.map((child) => ({ name: child.name(), summary: child.summary() }));
    const help = { flags: ['-h', '--help'], description: 'help', takesValue: false, values: [] };
    const own = path.length === 0 ? [] : optionsOf(command);
    const values = path.join(' ') === 'completion' ? SHELLS : [];
    const node: OutlineNode = { path, commands, options: [...own, ...common, help], values };
    return [node, ...command.commands.flatMap((child) => visit(child, [...path, child.name()]))];
  };
  return visit(program, []);
}
