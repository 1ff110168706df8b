/**
 * Probe orders: where and when small passive orders are placed, whatever becomes of them.
 *
 * Each lane has one probe at a time, and a slot of one and a quarter lifetimes for each; it is placed at a random
 * moment of the first quarter. Lanes begin spread over a slot. The draws of a lane are its own, so that nothing that
 * happens to one probe moves another one.
 */
import { createStream } from '@truetape/kernel';
import type { RandomStream } from '@truetape/kernel';

const BUY = 1;
const SELL = 2;

export interface ProbePlan {
  readonly seed: string;
  /** Probes at a time. */
  readonly lanes: number;
  readonly lifetimeNs: number;
  /** Sizes to draw from, in lots. */
  readonly qtyLots: readonly number[];
  /** Probes are placed at the best price of their side, up to this many ticks behind it. */
  readonly behindTicks: number;
}

/** What a probe is to be; its price follows from the market. */
export interface Probe {
  /** 1 buy, 2 sell. */
  readonly side: number;
  readonly behindTicks: number;
  readonly qtyLots: number;
}

export interface ProbeSlots {
  readonly plan: ProbePlan;
  readonly stream: RandomStream;
  /** When the next slot begins. */
  slotNs: number;
}

const SLOT_PARTS = 4;

const restNs = ({ lifetimeNs }: ProbePlan): number => Math.max(1, Math.floor(lifetimeNs / SLOT_PARTS));
const slotNs = (plan: ProbePlan): number => plan.lifetimeNs + restNs(plan);

/** The slots of a lane of a tape that begins at `startNs`. */
export function createSlots(plan: ProbePlan, lane: number, startNs: number): ProbeSlots {
  const stream = createStream(plan.seed, `queue-models/lane/${lane}`);
  return { plan, stream, slotNs: startNs + Math.floor((lane * slotNs(plan)) / plan.lanes) };
}

/** Goes to the next slot; returns when its probe is to be placed. */
export function nextSlot(slots: ProbeSlots): number {
  const { plan, stream } = slots;
  const placeNs = slots.slotNs + Math.floor(stream.next() * restNs(plan));
  slots.slotNs += slotNs(plan);
  return placeNs;
}

/** The probe of the slot. */
export function drawProbe({ plan, stream }: ProbeSlots): Probe {
  const side = stream.nextInt(2) === 0 ? BUY : SELL;
  const behindTicks = stream.nextInt(plan.behindTicks + 1);
  return { side, behindTicks, qtyLots: plan.qtyLots[stream.nextInt(plan.qtyLots.length)] };
}
