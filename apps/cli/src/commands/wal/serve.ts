/** `truetape wal serve`. */
import { Command, Option } from 'commander';
import { CMD_IDS_LIMIT, SEGMENT_BYTES } from '@truetape/wal';
import type { Cli } from '../../cli.ts';
import { voiceOf } from '../../cli.ts';
import { examples } from '../../examples.ts';
import { instrumentNames } from '../../book/instrument-names.ts';
import { usageFailure } from '../../failure.ts';
import { interruptible } from '../../interruption.ts';
import { integerFrom } from '../../number-argument.ts';
import { changeFolder } from '../../wal/open-folder.ts';
import {
  CHECKPOINT_EVERY,
  GROUP_DELAY_MS,
  GROUP_MAX,
  KEEP_DEFAULT,
  SNAPSHOT_EVERY,
} from '../../wal/serve-options.ts';
import type { ServeOptions } from '../../wal/serve-options.ts';
import { serve } from '../../wal/serve.ts';

const WORDS = `
Commands are those of truetape book run (see its --help), a line each. "cmdId":"a text of its own" makes one
that may be given again: what was recorded is answered, and nothing is done. "timeNs" is when it was decided,
and left out where that is over 104 days away; with --clock input it is when it came, and does not go back.

First of all, then for each report (without --jsonl as text, the seq in front):
  {"event":"recovered","lastSeq":41,"stateHash":"...","hash":"...","torn":null,"log":"...",
   "previousEnd":"sealed","mode":"sync"}
  {"seq":44,"event":"accepted","id":1,"price":100,"leaves":5}
      seq: of the command, in the log. It is printed once the command is durable: printing it acknowledges it
  {"seq":44,"cmdId":"a","repeated":true,"event":"accepted","id":1,"price":100,"leaves":5}
  {"seq":44,"cmdId":"a","event":"refused","code":"cmdIdReused"}
      the command at seq 44 had this id and was another one: nothing is done

The end of the input, SIGINT and SIGTERM end it in order: what was taken is committed and answered, the hash
of the state is recorded, the log is sealed. What fails on the disk ends it at once with 1, and nothing of
that commit is answered.

Exits 0, also by SIGTERM, 130 by SIGINT, 2 at a malformed line, 5 and 3 as truetape wal recover.
`;

export function createCommand(cli: Cli): Command {
  const command = new Command('serve')
    .description(
      'Match orders on a durable log: commands on stdin, execution reports on stdout once they are durable. ' +
        'A log that is there is recovered and goes on; another one is begun.',
    )
    .argument('<dir>', 'the folder of the log')
    .addOption(
      new Option(
        '--durability <level>',
        'a sync for each command, for each group of those that wait, or none',
      )
        .choices(['sync', 'group', 'off'])
        .default('sync'),
    );
  addNumbers(command);
  return command
    .addOption(
      new Option('--clock <which>', 'the time of commands: that of the wall, or what lines say')
        .choices(['wall', 'input'])
        .default('wall'),
    )
    .option('--accept-clock', 'the clock is right, however long ago the log ended')
    .option('--instrument <ids>', 'which there are, the default one first', instrumentNames)
    .option('--jsonl', 'lines of JSON')
    .addOption(
      new Option('--on-bad-line <what>', 'a malformed line ends the run, or is passed over').choices([
        'fail',
        'skip',
      ]),
    )
    .option('--id <text>', 'what a new log is called in its files (default: a random UUID)', identity)
    .addHelpText(
      'after',
      WORDS +
        examples(
          'truetape wal serve log --jsonl < orders.jsonl',
          'truetape wal serve log --durability group --snapshot-every 100000',
        ),
    )
    .action(async (dir: string, _: unknown, self: Command) => {
      const options = self.optsWithGlobals<ServeOptions>();
      const voice = await voiceOf(cli, options);
      const { values } = await cli.settings();
      const skips = (options.onBadLine ?? values.onBadLine) === 'skip';
      const note = (text: string): void => voice.note(text);
      await interruptible((interruption) =>
        changeFolder(dir, (folder) => serve(folder, { ...options, skips }, note, interruption), {
          create: true,
          note,
        }),
      );
    });
}

/** It stands in the header of each segment, and in each snapshot. */
function identity(text: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/.test(text)) return text;
  throw usageFailure(`--id: expected up to 128 letters, digits and . _ : -, found ${JSON.stringify(text)}`);
}

/** Smaller segments would be little more than what each of them carries. */
const SEGMENT_BYTES_MIN = 4096;

/** Longer waits are none for a timer. */
const DELAY_MS_MAX = 2_147_483_647;

function addNumbers(command: Command): void {
  const option = (flags: string, text: string, min: number, given: number, max?: number): void => {
    command.option(flags, text, integerFrom(min, flags.split(' ')[0], max), given);
  };
  option('--group-delay-ms <n>', 'a group waits for so long at most', 0, GROUP_DELAY_MS, DELAY_MS_MAX);
  option('--group-max <n>', 'and for so many commands', 1, GROUP_MAX);
  option(
    '--segment-bytes <n>',
    'a segment that is so large is followed by another',
    SEGMENT_BYTES_MIN,
    SEGMENT_BYTES,
  );
  option('--checkpoint-every <n>', 'commands between two records of the state’s hash', 1, CHECKPOINT_EVERY);
  command.option(
    '--snapshot-every <n>',
    `commands between two snapshots, and one at the end; 0: none (default: ${SNAPSHOT_EVERY}, none at the end)`,
    integerFrom(0, '--snapshot-every'),
  );
  option('--keep <n>', 'snapshots that stay', 1, KEEP_DEFAULT);
  command.option(
    '--cmd-window <n>',
    'of a new log: commands whose cmdId is remembered (default: 65536)',
    integerFrom(1, '--cmd-window', CMD_IDS_LIMIT),
  );
}
