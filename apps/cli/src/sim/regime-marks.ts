/** Changes of regime and bursts as the tape tells them, for the bands of a page. */
import { Kind, decodeEvent, recordKind } from '@truetape/contracts';
import type { RecordPort, Sim } from '@truetape/orderflow';

/** Marks of a kind that are kept one by one; of more, those in one sample become one. */
const MARKS_MAX = 1024;

/** A regime from a time on. */
export interface RegimeChange {
  readonly timeNs: number;
  readonly regime: number;
}

export interface Burst {
  readonly fromNs: number;
  /** −1 while it lasts. */
  readonly toNs: number;
}

export interface RegimeMarks {
  readonly regimes: number;
  changes: RegimeChange[];
  bursts: Burst[];
}

/** Marks from where a simulation stands. */
export function createMarks(sim: Sim): RegimeMarks {
  return {
    regimes: sim.regimes.length,
    changes: [{ timeNs: sim.timeNs, regime: sim.regime }],
    bursts: sim.burstNs < 0 ? [] : [{ fromNs: sim.burstNs, toNs: -1 }],
  };
}

/** Labels count regimes from 1; the one behind them is the burst. */
function addMark({ changes, bursts, regimes }: RegimeMarks, timeNs: number, from: number, to: number): void {
  const burst = regimes + 1;
  if (to === burst) bursts.push({ fromNs: timeNs, toNs: -1 });
  else if (from === burst)
    bursts[bursts.length - 1] = { fromNs: bursts[bursts.length - 1].fromNs, toNs: timeNs };
  else if (changes[changes.length - 1].regime !== to - 1) changes.push({ timeNs, regime: to - 1 });
}

/** The port, with an ear for Regime events. `marks` gives what they are noted in, once there is one. */
export function listenForRegimes(port: RecordPort, marks: () => RegimeMarks | undefined): RecordPort {
  // A port that names its writer would be passed by: records would be made in the writer's own place.
  return {
    epoch: port.epoch,
    write: (records, at, seq) => {
      if (recordKind(records, at) === Kind.Regime) {
        const event = decodeEvent(records, at, port.epoch, seq);
        const into = marks();
        if (event.kind === Kind.Regime && into !== undefined)
          addMark(into, event.timeNs, event.from, event.to);
      }
      port.write(records, at, seq);
    },
  };
}

/** Of marks in one sample, which nobody could tell apart, the last change of regime and the first burst stay. */
export function thinMarks(marks: RegimeMarks, startNs: number, stepNs: number): void {
  const { changes, bursts } = marks;
  if (changes.length <= MARKS_MAX && bursts.length <= MARKS_MAX) return;
  const sample = (timeNs: number): number => Math.floor((timeNs - startNs) / stepNs);
  marks.changes = changes.filter(
    ({ timeNs }, k) =>
      k === 0 || k + 1 === changes.length || sample(timeNs) !== sample(changes[k + 1].timeNs),
  );
  marks.bursts = bursts.filter(
    ({ fromNs, toNs }, k) => k === 0 || toNs < 0 || sample(fromNs) !== sample(bursts[k - 1].fromNs),
  );
}
