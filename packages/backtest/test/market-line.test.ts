import { LANE_CELLS, createStream } from '@truetape/kernel';
import type { MarketOut } from '@truetape/venue';
import { expect, test } from 'vitest';
import { createMarketLine, lineDue, readUpTo, restoreLine, saveLine, setOut } from '../src/market-line.ts';
import type { MarketLine } from '../src/market-line.ts';

/** As the venue makes it: it grows when it is full. */
function createOut(): MarketOut {
  const f64 = new Float64Array(64 * LANE_CELLS);
  return { f64, u32: new Uint32Array(f64.buffer), count: 0 };
}

function write({ out }: MarketLine, value: number): void {
  if (out.count * LANE_CELLS === out.f64.length) {
    const f64 = new Float64Array(out.f64.length * 2);
    f64.set(out.f64);
    out.f64 = f64;
    out.u32 = new Uint32Array(f64.buffer);
  }
  out.f64.fill(value, out.count * LANE_CELLS, (out.count + 1) * LANE_CELLS);
  out.count += 1;
}

const onTheWay = ({ out, head, sent, due }: MarketLine): [number, number][] =>
  Array.from({ length: sent - head }, (_, k) => [due[head + k], out.f64[(head + k) * LANE_CELLS + 7]]);

// Fails where a message is lost or read twice, where one overtakes another, or where a saved line is not the line.
test.each([1, 2, 3])('holds what a plain list holds, saved and restored at any time (seed %i)', (seed) => {
  const random = createStream(String(seed), 'line');
  let line = createMarketLine(createOut());
  let list: [number, number][] = [];
  let written = 0;
  let last = 0;
  let most = 0;
  for (let round = 0; round < 8000; round++) {
    const count = random.nextInt(round % 1000 < 500 ? 12 : 3);
    const dueNs = round * 10 + random.nextInt(200);
    if (count > 0) last = list.length > 0 ? Math.max(last, dueNs) : dueNs;
    for (let k = 0; k < count; k++) {
      write(line, ++written);
      list.push([last, written]);
    }
    if (count > 0) setOut(line, dueNs);
    expect(lineDue(line)).toBe(list[0]?.[0] ?? Infinity);
    // It is emptied in the end alone, so that only room that is made anew keeps it small.
    const left = round < 7000 ? 1 : 0;
    const read = Math.max(0, Math.min(list.length - left, random.nextInt(9)));
    list = list.slice(read);
    readUpTo(line, line.head + read);
    most = Math.max(most, line.out.count);
    if (round % 50 !== 0) continue;
    expect(onTheWay(line)).toEqual(list);
    const restored = createMarketLine(createOut());
    expect(restoreLine(restored, JSON.parse(JSON.stringify(saveLine(line)))).ok).toBe(true);
    expect(saveLine(restored)).toEqual(saveLine(line));
    if (left === 0 && round % 200 === 0) line = restored;
  }
  expect(onTheWay(line)).toEqual(list);
  // What was read makes room.
  expect(written).toBeGreaterThan(20_000);
  expect(most).toBeLessThan(8192 + 2000);
});

test('a line of which all is read begins again; a state that is none is refused with its field', () => {
  const line = createMarketLine(createOut());
  write(line, 1);
  setOut(line, 5);
  readUpTo(line, 1);
  expect([line.head, line.sent, line.out.count, lineDue(line)]).toEqual([0, 0, 0, Infinity]);
  expect(restoreLine(line, { due: [2, 1], words: [] })).toEqual({
    ok: false,
    error: { kind: 'badLaneState', field: 'due' },
  });
});
