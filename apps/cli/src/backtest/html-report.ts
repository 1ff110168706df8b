/** `--html`: the page behind a backtest. */
import { createFileSink } from '@truetape/host';
import type { OpenSink } from '@truetape/host';
import { usageFailure } from '../failure.ts';
import { renderBacktestPage } from './page/page.ts';
import type { BacktestPage } from './page/page.ts';

/** Throws `OutputError` where the file cannot be written, before anything has run. */
export function openPage(
  path: string,
  force: boolean,
): {
  /** Writes it, and leaves it out of its place. */
  readonly end: (page: BacktestPage) => void;
  readonly commit: () => void;
  readonly abandon: () => void;
} {
  if (path === '-') throw usageFailure('--html: expected the name of a file, found -');
  const sink: OpenSink = createFileSink(path, { force });
  return {
    end: (page) => {
      sink.write(Buffer.from(renderBacktestPage(page)));
      sink.flush();
    },
    commit: () => sink.commit(),
    abandon: () => sink.abandon(),
  };
}
