/**
 * The tree of commands. A command's own file is loaded only when the command line names it, so that help and
 * version need nothing but this one and the list.
 */
import { Command } from 'commander';
import { examples } from './examples.ts';
import { VERSION } from './version.ts';
import type { Cli } from './cli.ts';
import { COMMANDS, GROUPS } from './command-list.ts';
import type { CommandEntry } from './command-list.ts';
import { usageFailure } from './failure.ts';
import { printError, printOut } from './terminal.ts';
import type { ColorChoice } from './terminal.ts';

function parseColor(text: string): ColorChoice {
  if (text === 'auto' || text === 'always' || text === 'never') return text;
  throw usageFailure(`--color: expected auto, always or never, found ${text}`);
}

/** Which commands are loaded: those that the command line names, or all of them. */
export type Wanted = readonly string[] | 'all';

async function commandOf(cli: Cli, entry: CommandEntry, isWanted: boolean): Promise<Command> {
  if (!isWanted) return new Command(entry.name).summary(entry.summary).description(entry.summary);
  const module = await entry.load();
  return module.createCommand(cli).summary(entry.summary);
}

/** A command that is there, but not in the group that was named. */
function meant(text: string, path: string): string {
  const [, name] = /^error: unknown command '([^']+)'\n$/.exec(text) ?? [];
  const isThere = [...GROUPS, ...COMMANDS].some((one) => one.name === name);
  return isThere && path !== 'truetape' ? `(Did you mean truetape ${name}?)\n` : '';
}

/** Applies to a command and all below it what commander does not hand down by itself. */
function settle(command: Command, path: string): Command {
  command.showHelpAfterError(`  see ${path} --help`);
  command.exitOverride().configureOutput({
    writeOut: printOut,
    writeErr: printError,
    outputError: (text, write) => write(`${text.replace(/^error: /, 'truetape: ')}${meant(text, path)}`),
    // Help is the same for everyone, whatever the terminal.
    getOutHelpWidth: () => 100,
    getErrHelpWidth: () => 100,
  });
  for (const child of command.commands) settle(child, `${path} ${child.name()}`);
  return command;
}

/** The program with the commands that are wanted; the others are known by name alone. */
export async function createProgram(cli: Cli, wanted: Wanted): Promise<Command> {
  const program = new Command('truetape')
    .description('A deterministic trading-systems toolkit: a run is a tape of events.')
    .version(VERSION, '-V, --version')
    .option('--color <when>', 'colours: auto, always or never', parseColor)
    .option('-q, --quiet', 'nothing on stderr but failures')
    .showSuggestionAfterError()
    .addHelpText(
      'after',
      examples(
        'truetape import binance capture.gz -o day.rpl',
        'truetape tape view day.rpl --limit 20 --pretty',
      ),
    );
  const isWanted = (...path: readonly string[]): boolean =>
    wanted === 'all' || path.every((name, depth) => wanted[depth] === name);
  for (const group of GROUPS) {
    const parent = new Command(group.name)
      .summary(group.summary)
      .description(group.summary)
      .addHelpText('after', examples(...group.examples));
    for (const entry of group.commands)
      parent.addCommand(await commandOf(cli, entry, isWanted(group.name, entry.name)));
    program.addCommand(parent);
  }
  for (const entry of COMMANDS) program.addCommand(await commandOf(cli, entry, isWanted(entry.name)));
  return settle(program, 'truetape');
}

/** The commands that a command line names, outermost first. */
export function namedCommands(args: readonly string[]): readonly string[] {
  const top = [...GROUPS, ...COMMANDS].map(({ name }) => name);
  const at = args.findIndex((arg) => top.includes(arg));
  if (at < 0) return [];
  const group = GROUPS.find(({ name }) => name === args[at]);
  const names = group?.commands.map(({ name }) => name) ?? [];
  const second = args.slice(at + 1).find((arg) => names.includes(arg));
  return second === undefined ? [args[at]] : [args[at], second];
}
