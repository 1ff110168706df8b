/** The last events of a tape, kept as copies until it is known which they are. */
import { recordWords, viewRecords } from '@truetape/contracts';
import type { RecordBuffer } from '@truetape/contracts';

type Take = (b: RecordBuffer, i: number, seq: number, isDefine: boolean) => void;

/** Keeps the last `limit` events, and all Defines, which are few. */
export interface LastEvents {
  add(b: RecordBuffer, i: number, seq: number, isDefine: boolean): void;
  /** Hands them out, in order, and forgets them; of the Defines all, or only those among the last events. */
  drain(take: Take): void;
}

/** A record that is kept: its memory is used again for the one that takes its place. */
interface Slot {
  halves: Int32Array;
  seq: number;
}

/** Memory of a slot at first; nearly all records fit. */
const SLOT_HALVES = 32;

function copyInto(slot: Slot, b: RecordBuffer, i: number, seq: number): void {
  const size = recordWords(b, i) * 2;
  if (slot.halves.length < size) slot.halves = new Int32Array(size);
  const { halves } = slot;
  for (let k = 0; k < size; k++) halves[k] = b.i32[i + k];
  slot.seq = seq;
}

export function createLastEvents(limit: number, allDefines: boolean): LastEvents {
  const ring: Slot[] = [];
  let defines: Slot[] = [];
  let added = 0;
  return {
    add: (b, i, seq, isDefine) => {
      if (isDefine) {
        const slot = { halves: new Int32Array(0), seq };
        copyInto(slot, b, i, seq);
        defines.push(slot);
        return;
      }
      if (limit === 0) return;
      const at = added % limit;
      ring[at] ??= { halves: new Int32Array(SLOT_HALVES), seq };
      copyInto(ring[at], b, i, seq);
      added += 1;
    },
    drain: (take) => {
      const first = added > limit ? added % limit : 0;
      const last = [...ring.slice(first), ...ring.slice(0, first)];
      const from = allDefines ? 0 : (last[0]?.seq ?? Infinity);
      const shown = defines.filter(({ seq }) => seq >= from).map((slot) => ({ slot, isDefine: true }));
      const kept = [...shown, ...last.map((slot) => ({ slot, isDefine: false }))];
      kept.sort((a, b) => a.slot.seq - b.slot.seq);
      for (const { slot, isDefine } of kept) {
        take(viewRecords(new Uint8Array(slot.halves.buffer)), 0, slot.seq, isDefine);
      }
      ring.length = 0;
      defines = [];
      added = 0;
    },
  };
}
