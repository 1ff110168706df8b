/** The last events of a tape, kept as copies until it is known which they are. */
import { recordWords, viewRecords } from '@truetape/contracts';
import type { RecordBuffer } from '@truetape/contracts';

interface Kept {
  readonly seq: number;
  readonly records: RecordBuffer;
  readonly isDefine: boolean;
}

function copyOf(b: RecordBuffer, i: number): RecordBuffer {
  return viewRecords(new Uint8Array(b.u8.slice(i * 4, i * 4 + recordWords(b, i) * 8)));
}

/** Keeps the last `limit` events, and all Defines, which are few. */
export interface LastEvents {
  add(b: RecordBuffer, i: number, seq: number, isDefine: boolean): void;
  /** Hands them out, in order, and forgets them; of the Defines all, or only those among the last events. */
  drain(take: (b: RecordBuffer, i: number, seq: number, isDefine: boolean) => void): void;
}

export function createLastEvents(limit: number, allDefines: boolean): LastEvents {
  const ring: Kept[] = [];
  let defines: Kept[] = [];
  let added = 0;
  const inOrder = (): Kept[] => {
    const first = added % limit;
    const last = ring.length < limit ? ring : [...ring.slice(first), ...ring.slice(0, first)];
    const from = allDefines ? 0 : (last[0]?.seq ?? Infinity);
    return [...defines.filter(({ seq }) => seq >= from), ...last].sort((a, b) => a.seq - b.seq);
  };
  return {
    add: (b, i, seq, isDefine) => {
      const kept = { seq, records: copyOf(b, i), isDefine };
      if (isDefine) defines.push(kept);
      else if (limit > 0) {
        ring[added % limit] = kept;
        added += 1;
      }
    },
    drain: (take) => {
      const kept = inOrder();
      ring.length = 0;
      defines = [];
      added = 0;
      for (const { records, seq, isDefine } of kept) take(records, 0, seq, isDefine);
    },
  };
}
