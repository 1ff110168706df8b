// The page of a simulation: the same bytes under every Node, time zone and locale.
import { pageOf, preset, sampled, symbolsOf } from './sim-pages.ts';

const config = preset('mixed', { symbols: symbolsOf('AAA', 'BBB') });
process.stdout.write(pageOf(sampled(config, { events: 20_000 }), 'mixed'));
process.stdout.write(pageOf(sampled(preset('flash-crash'), { events: 15_000 }), 'flash-crash'));
