/** A simulated market as the input of a backtest: the tape that `sim run` writes, in a scratch file. */
import { createScratch, nodePorts } from '@truetape/host';
import { PRESETS, createSim, runSim, tapePort } from '@truetape/orderflow';
import type { PresetName, RunLimits } from '@truetape/orderflow';
import { createBinaryWriter, endTape } from '@truetape/tape';
import { simHeader } from '../sim/recording.ts';
import { inputTape } from './input-tape.ts';
import type { InputTape } from './input-tape.ts';

export interface MarketPlan {
  readonly preset: PresetName;
  readonly seed: string;
  readonly limits: RunLimits;
  readonly frameBytes: number;
}

/** Simulates it. The scratch file is gone with `dispose`. Throws `OutputError` where it cannot be written. */
export function simulateTape({ preset, seed, limits, frameBytes }: MarketPlan): {
  readonly tape: InputTape;
  readonly dispose: () => void;
} {
  const config = PRESETS[preset];
  const scratch = createScratch();
  const writer = createBinaryWriter(
    { header: simHeader(config, seed), ports: nodePorts, frameBytes },
    scratch,
  );
  const sim = createSim({ config, seed, port: tapePort(writer) });
  runSim(sim, limits);
  endTape(writer);
  const tape = inputTape(scratch.open(`${preset}, seed ${seed}`), false);
  return { tape, dispose: () => scratch.dispose() };
}
