/** `--html`: what is kept of a run while it goes on, and the page behind it. */
import { createFileSink } from '@truetape/host';
import type { OpenSink } from '@truetape/host';
import type { RecordPort, Sim } from '@truetape/orderflow';
import type { ConfigOrigin } from './config-source.ts';
import { renderSimPage } from './page.ts';
import { createMarks, listenForRegimes } from './regime-marks.ts';
import type { Sampler } from './run-loop.ts';
import { createSeries, endSeries, nextSampleNs, sampleSeries } from './series.ts';
import { readChartLibrary } from './uplot.ts';

/** What the page says of the run besides the run itself. */
export interface ReportWords {
  readonly origin: ConfigOrigin;
  /** The command line that gives the same run. */
  readonly command: string;
  readonly hash: string;
  /** Where the run was to end in time; undefined: where its last event is. */
  readonly endNs: number | undefined;
}

export interface HtmlReport {
  /** The port that the simulation writes to, with an ear for what the page marks. */
  readonly listen: (port: RecordPort) => RecordPort;
  /** Looks at the simulation from where it stands. */
  readonly watch: (sim: Sim) => Sampler;
  /** Writes the page and puts it in its place. */
  readonly commit: (words: ReportWords) => void;
  readonly abandon: () => void;
}

/** Throws `OutputError` where the file cannot be written, before anything has run. */
export function openReport(path: string, force: boolean): HtmlReport {
  const library = readChartLibrary();
  const sink: OpenSink = createFileSink(path, { force });
  let watched: { readonly sim: Sim; readonly series: ReturnType<typeof createSeries> } | undefined;
  const watch = (sim: Sim): Sampler => {
    const series = createSeries(sim, createMarks(sim));
    watched = { sim, series };
    return { nextNs: () => nextSampleNs(series), take: () => sampleSeries(series, sim) };
  };
  const commit = ({ origin, command, hash, endNs }: ReportWords): void => {
    const { sim, series } = watched!;
    endSeries(series, sim, endNs);
    const name = origin.preset ?? origin.config ?? 'simulation';
    sink.write(Buffer.from(renderSimPage({ sim, series, name, command, hash, library })));
    sink.commit();
  };
  return {
    listen: (port) => listenForRegimes(port, () => watched?.series.marks),
    watch,
    commit,
    abandon: () => sink.abandon(),
  };
}
