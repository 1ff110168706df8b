/** `--html`: the page behind a backtest. */
import { createFileSink } from '@truetape/host';
import type { OpenSink } from '@truetape/host';
import { renderBacktestPage } from './page/page.ts';
import type { BacktestPage } from './page/page.ts';

/** Throws `OutputError` where the file cannot be written, before anything has run. */
export function openPage(
  path: string,
  force: boolean,
): { readonly commit: (page: BacktestPage) => void; readonly abandon: () => void } {
  const sink: OpenSink = createFileSink(path, { force });
  return {
    commit: (page) => {
      sink.write(Buffer.from(renderBacktestPage(page)));
      sink.commit();
    },
    abandon: () => sink.abandon(),
  };
}
