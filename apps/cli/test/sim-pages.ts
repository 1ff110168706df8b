/** Simulations with samples, and their pages, for the tests of both. */
import { PRESETS, createSim, runSim } from '@truetape/orderflow';
import type { PresetName, RecordPort, RunLimits, Sim, SimConfig } from '@truetape/orderflow';
import { renderSimPage } from '../src/sim/page.ts';
import { createMarks, listenForRegimes } from '../src/sim/regime-marks.ts';
import type { RegimeMarks } from '../src/sim/regime-marks.ts';
import { createSeries, endSeries, nextSampleNs, sampleSeries } from '../src/sim/series.ts';
import type { Series } from '../src/sim/series.ts';
import type { ChartLibrary } from '../src/sim/uplot.ts';

/** Instead of uPlot, where nothing is drawn. */
export const NO_LIBRARY: ChartLibrary = { script: '/* charts */', style: '', license: 'free' };

export function preset(name: PresetName, change: Partial<SimConfig> = {}): SimConfig {
  return { ...PRESETS[name], checkOrders: false, ...change };
}

const NOWHERE: RecordPort = { epoch: { hi: 0, lo: 0 }, write: () => {} };

/** Symbols with these names, each as the preset's own. */
export function symbolsOf(...names: readonly string[]): SimConfig['symbols'] {
  const [one] = Object.values(PRESETS.calm.symbols);
  return Object.fromEntries(names.map((name) => [name, one]));
}

/** Runs to a limit, and looks when a look is due. */
export function runSampled(sim: Sim, series: Series, limits: RunLimits, onLook?: () => void): void {
  const { events = Infinity, untilNs = Infinity } = limits;
  while (sim.recorder.nextSeq < events && nextSampleNs(series) <= untilNs) {
    runSim(sim, { events, untilNs: nextSampleNs(series) });
    if (sim.recorder.nextSeq >= events) return;
    onLook?.();
    sampleSeries(series, sim);
  }
  if (sim.recorder.nextSeq < events) runSim(sim, { events, untilNs });
}

export interface Sampled {
  readonly sim: Sim;
  readonly series: Series;
}

export function sampled(config: SimConfig, limits: RunLimits, port: RecordPort = NOWHERE): Sampled {
  const held: { marks?: RegimeMarks } = {};
  const listening = listenForRegimes(port, () => held.marks);
  const sim = createSim({ config, seed: 7, port: listening });
  const marks = createMarks(sim);
  held.marks = marks;
  const series = createSeries(sim, marks);
  runSampled(sim, series, limits);
  endSeries(series, sim, limits.untilNs);
  return { sim, series };
}

export function pageOf({ sim, series }: Sampled, name: string, library: ChartLibrary = NO_LIBRARY): string {
  const command = `truetape sim run --preset ${name} --seed ${sim.seed}`;
  return renderSimPage({ sim, series, name, command, hash: '5eed'.repeat(16), library });
}

/** What the script of a page is given. */
export function dataOf(page: string): unknown {
  const [, text] = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(page)!;
  return JSON.parse(text);
}
