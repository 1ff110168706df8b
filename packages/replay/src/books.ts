/** What executes the commands of a replay. */
import {
  addBook,
  applyToMarket,
  createBook,
  createCommands,
  createMarket,
  createReports,
} from '@truetape/book';
import type { CommandBuffer, Market, ReportBuffer } from '@truetape/book';

/** The books of a replay. Whoever does more than match, such as printing each report, brings its own. */
export interface ReplayBooks {
  readonly market: Market;
  /** The command to execute stands in the first place. */
  readonly commands: CommandBuffer;
  /** What the last command caused, and nothing else. */
  readonly reports: ReportBuffer;
  /** Opens the empty book of an instrument that a Define has introduced. */
  readonly open: (instrument: number) => void;
  readonly execute: () => void;
}

/** Fast books, one for each instrument that is defined. */
export function createReplayBooks(): ReplayBooks {
  const market = createMarket({ create: createBook });
  const commands = createCommands(1);
  const reports = createReports();
  return {
    market,
    commands,
    reports,
    open: (instrument) => void addBook(market, instrument),
    execute: () => {
      reports.count = 0;
      applyToMarket(market, commands, 0, reports);
    },
  };
}
