/** Small simulated markets for backtests, and the options that commands get. */
import { writeFileSync } from 'node:fs';
import { nodePorts } from '@truetape/host';
import { PRESETS, createSim, runSim, tapePort } from '@truetape/orderflow';
import type { PresetName } from '@truetape/orderflow';
import { createBinaryWriter, endTape } from '@truetape/tape';
import type { Cli } from '../src/cli.ts';
import { DEFAULTS } from '../src/settings.ts';
import { simHeader } from '../src/sim/recording.ts';

/** Writes what `sim run --preset … --seed 1 --events …` writes. */
export function writeMarket(path: string, preset: PresetName, events: number): void {
  const config = PRESETS[preset];
  const parts: Uint8Array[] = [];
  const sink = { write: (bytes: Uint8Array): void => void parts.push(Uint8Array.from(bytes)) };
  const writer = createBinaryWriter({ header: simHeader(config, '1'), ports: nodePorts }, sink);
  runSim(createSim({ config, seed: '1', port: tapePort(writer) }), { events });
  endTape(writer);
  writeFileSync(path, Buffer.concat(parts));
}

/** A command line without settings; its exit code is what a command has set. */
export function quietCli(): Cli {
  return { exitCode: 0, settings: () => Promise.resolve({ values: DEFAULTS, origins: {} as never }) };
}

export const QUIET = { color: 'never', quiet: true } as const;
