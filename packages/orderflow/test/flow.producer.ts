// Tapes, metrics and saved states of every preset: the same under every Node, time zone and locale.
import {
  PRESETS,
  PRESET_NAMES,
  createSim,
  metricsJson,
  runSim,
  saveSim,
  tapePort,
} from '@truetape/orderflow';
import { tapeOf } from './tapes.ts';

for (const name of PRESET_NAMES) {
  process.stdout.write(
    tapeOf((writer) => {
      const sim = createSim({ config: PRESETS[name], seed: 'producer', port: tapePort(writer) });
      runSim(sim, { events: 3000 });
      process.stdout.write(`${JSON.stringify(metricsJson(sim))}\n${JSON.stringify(saveSim(sim))}\n`);
    }),
  );
}
