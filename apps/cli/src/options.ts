/** Options that several commands have, with their words. */
import type { Command } from 'commander';

export function addAllowTorn(command: Command): Command {
  return command.option('--allow-torn', 'take what is good of a tape whose end is torn for the whole');
}

export function addJson(command: Command): Command {
  return command.option('--json', 'one JSON object on stdout');
}
