// Facts of every preset: the same digits under every Node, time zone and locale.
import { PRESETS, PRESET_NAMES, factsJson } from '@truetape/orderflow';
import { runMarket } from './realism.ts';

for (const name of PRESET_NAMES) {
  const { facts } = runMarket({ config: PRESETS[name], seed: 1, seconds: 3, intervalNs: 50_000_000 });
  process.stdout.write(`${name} ${JSON.stringify(factsJson(facts))}\n`);
}
