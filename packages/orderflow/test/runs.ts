/** Runs of small simulations, and what stands on their tapes. */
import { Kind } from '@truetape/contracts';
import type { Event } from '@truetape/contracts';
import { decodeEvent, recordWords, createRecordOut } from '@truetape/contracts';
import { LANE_CELLS, laneSlot } from '@truetape/kernel';
import { PRESETS, createSim, runSim } from '@truetape/orderflow';
import type { RecordPort, RunLimits, Sim, SimConfig } from '@truetape/orderflow';

/** A port that keeps the events. */
export function eventsPort(events: Event[]): RecordPort {
  const epoch = { hi: 0, lo: 0 };
  return {
    epoch,
    write: (records, at, seq) => {
      const copy = createRecordOut(epoch, recordWords(records, at));
      copy.i32.set(records.i32.subarray(at, at + recordWords(records, at) * 2));
      events.push(decodeEvent(copy, 0, epoch, seq));
    },
  };
}

export interface Ran {
  readonly sim: Sim;
  readonly events: Event[];
}

export function run(config: SimConfig, limits: RunLimits, seed: number = 7): Ran {
  const events: Event[] = [];
  const sim = createSim({ config, seed, port: eventsPort(events) });
  runSim(sim, limits);
  return { sim, events };
}

export const BASE: SimConfig = PRESETS.burst;

export const ofKind = <K extends Event['kind']>(
  events: readonly Event[],
  kind: K,
): Extract<Event, { kind: K }>[] =>
  events.filter((event): event is Extract<Event, { kind: K }> => event.kind === kind);

export const total = (sim: Sim, counter: keyof Sim['metrics']['regimes'][number]): number =>
  sim.metrics.regimes.reduce((sum, counts) => sum + counts[counter], 0);

/** Commands that were sent and have neither been executed nor lost. */
export const inFlight = (sim: Sim): number =>
  sim.queue.count + sim.agents.reduce((sum, { commands, held }) => sum + commands.count + held.count, 0);

export const sent = (sim: Sim): number => sim.agents.reduce((sum, { requests }) => sum + requests, 0);

export const COMMANDS: readonly number[] = [Kind.NewOrder, Kind.CancelOrder, Kind.AmendOrder];

/** Orders that a message under way names: a command, or a report to their agent. */
export function namedUnderWay(sim: Sim): Set<number> {
  const ids = new Set<number>();
  const lanes = sim.agents.flatMap(({ commands, held, inbox }) => [commands, held, inbox]);
  for (const lane of [sim.queue, ...lanes])
    for (let place = 0; place < lane.count; place++) {
      const cell = laneSlot(lane, place) * LANE_CELLS;
      // A command has its order in cell 1; a report in 2, and of a fill in 3.
      for (const at of [1, 2, 3]) ids.add(lane.pool.f64[cell + at]);
    }
  return ids;
}
