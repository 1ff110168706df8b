/**
 * The market's messages on their way to the strategies. They stay where the venue wrote them, in a row that is
 * read from its head, each with the time when it is there: a message is never copied.
 */
import { err, ok } from '@truetape/contracts';
import type { JsonObject, JsonValue, Result } from '@truetape/contracts';
import { LANE_CELLS, createLanePool, laneDue, restoreLane, shiftLane } from '@truetape/kernel';
import type { LaneStateError } from '@truetape/kernel';
import type { MarketOut } from '@truetape/venue';

export interface MarketLine {
  /** Messages from `head` to `sent` are on their way, those behind have not set out. */
  readonly out: MarketOut;
  head: number;
  sent: number;
  /** By message: when it is there. */
  due: Float64Array;
}

const ROOM_MIN = 64;
const COMPACT_AT = 4096;

export function createMarketLine(out: MarketOut): MarketLine {
  return { out, head: 0, sent: 0, due: new Float64Array(ROOM_MIN) };
}

/**
 * Lets all that the venue has written set out: to be there at a time, or with the message before it if that is later.
 */
export function setOut(line: MarketLine, dueNs: number): void {
  const { out, sent } = line;
  const { count } = out;
  if (count > line.due.length) growDue(line);
  const { due } = line;
  const at = sent > line.head && due[sent - 1] > dueNs ? due[sent - 1] : dueNs;
  for (let k = sent; k < count; k++) due[k] = at;
  line.sent = count;
  if (line.head >= COMPACT_AT && line.head * 2 > count) compact(line);
}

function growDue(line: MarketLine): void {
  const larger = new Float64Array(line.out.f64.length / LANE_CELLS);
  larger.set(line.due);
  line.due = larger;
}

/** What was read makes room. */
function compact(line: MarketLine): void {
  const { out, head, sent, due } = line;
  out.f64.copyWithin(0, head * LANE_CELLS, sent * LANE_CELLS);
  due.copyWithin(0, head, sent);
  line.head = 0;
  line.sent = out.count = sent - head;
}

/** When the first message is there; Infinity: none is on its way. */
export function lineDue({ head, sent, due }: MarketLine): number {
  return head < sent ? due[head] : Infinity;
}

/** Everything has been read up to a message. */
export function readUpTo(line: MarketLine, head: number): void {
  line.head = head;
  if (head === line.sent) line.head = line.sent = line.out.count = 0;
}

/** What is on its way, as a lane is saved. */
export function saveLine({ out, head, sent, due }: MarketLine): JsonObject {
  const words: JsonValue[] = [...out.u32.subarray(head * LANE_CELLS * 2, sent * LANE_CELLS * 2)];
  return { due: [...due.subarray(head, sent)], words };
}

/** Puts what was saved on its way again, on an empty line. Errors: `badLaneState`. */
export function restoreLine(line: MarketLine, state: unknown): Result<void, LaneStateError> {
  const lane = restoreLane(createLanePool(ROOM_MIN), state);
  if (!lane.ok) return err(lane.error);
  const { out } = line;
  const { pool, count } = lane.value;
  let { length } = out.f64;
  while (length < count * LANE_CELLS) length *= 2;
  out.f64 = new Float64Array(length);
  out.u32 = new Uint32Array(out.f64.buffer);
  for (let k = 0; k < count; k++) {
    const from = lane.value.head * LANE_CELLS * 2;
    out.u32.set(pool.u32.subarray(from, from + LANE_CELLS * 2), k * LANE_CELLS * 2);
    out.count = k + 1;
    setOut(line, laneDue(lane.value));
    shiftLane(lane.value);
  }
  return ok(undefined);
}
