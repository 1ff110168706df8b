/** `truetape backtest resume`. */
import { Command } from 'commander';
import { parseConfig } from '@truetape/backtest';
import { checkParent, readLoggedRun, runLogged } from '../../backtest/logged.ts';
import { filesRead, refuseSameFiles } from '../../backtest/distinct-files.ts';
import { openInputTape } from '../../backtest/input-tape.ts';
import { addOutputOptions, outputFiles, perform } from '../../backtest/perform.ts';
import type { OutputOptions } from '../../backtest/perform.ts';
import { configFailure } from '../../backtest/config-failure.ts';
import { chooseStrategies } from '../../backtest/strategies.ts';
import type { Cli, GlobalOptions } from '../../cli.ts';
import { voiceOf } from '../../cli.ts';
import { examples } from '../../examples.ts';
import { quoted } from '../../wording.ts';

interface ResumeOptions extends GlobalOptions, OutputOptions {
  readonly tape?: readonly string[];
}

const WORDS = `
What the log has is run again from its newest snapshot and held against it, event by event; then the run goes
on to the end of its tape. The log, and -o, are what a run without a crash would have written.
`;

export function createCommand(cli: Cli): Command {
  const collect = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];
  const command = new Command('resume')
    .description('Go on with a backtest that was cut short, from the log that --wal wrote.')
    .argument('<dir>', 'the folder of the log')
    .option('--tape <file>', 'where the tape is now; may be repeated', collect);
  return addOutputOptions(command)
    .addHelpText(
      'after',
      WORDS +
        examples('truetape backtest resume log -o out.rpl', 'truetape backtest resume log --tape moved.rpl'),
    )
    .action(async (dir: string, _: unknown, self: Command) => {
      await resume(cli, dir, self.optsWithGlobals<ResumeOptions>());
    });
}

async function resume(cli: Cli, dir: string, options: ResumeOptions): Promise<void> {
  const voice = await voiceOf(cli, options);
  const found = readLoggedRun(dir);
  const config = parseConfig(found.config);
  if (!config.ok) throw configFailure(config.error);
  const chosen = await chooseStrategies(found.strategies, config.value);
  const tapes = options.tape ?? found.tapes;
  refuseSameFiles({ files: filesRead(tapes, chosen.named), log: dir }, outputFiles(options, false));
  const tape = openInputTape(tapes, true);
  checkParent(dir, tape, found);
  const { seed, fromNs, toNs } = found;
  const times = {
    ...(fromNs === undefined ? {} : { fromNs }),
    ...(toNs === undefined ? {} : { toNs }),
  };
  await perform(cli, voice, options, {
    plan: { tape, config: chosen.config, seed, strategies: chosen.strategies, ...times },
    run: (whole) => runLogged(whole, dir, { place: found, resume: true, note: (text) => voice.note(text) }),
    strategy: chosen.named.join(', '),
    again: `truetape backtest resume ${quoted(dir)}`,
    hasRows: false,
  });
}
