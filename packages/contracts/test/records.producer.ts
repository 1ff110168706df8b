// Bytes and lines of every kind, full and blank: the same under every Node, time zone and locale.
import {
  LAYOUTS,
  createRecordOut,
  createTables,
  createTextNames,
  createTextOut,
  encodeEvent,
  formatRecord,
} from '@truetape/contracts';
import { EPOCH, blankEvent, fullEvent, longestEvent } from './samples.ts';

const names = createTextNames(createTables());
for (const layout of LAYOUTS) {
  for (const event of [fullEvent(layout), longestEvent(layout), blankEvent(layout)]) {
    const out = createRecordOut(EPOCH);
    if (encodeEvent(out, event) !== 0) throw new Error(layout.name);
    const text = createTextOut();
    formatRecord(text, out, 0, event.seq, names);
    process.stdout.write(`${Buffer.from(out.u8.subarray(0, out.words * 8)).toString('hex')}\n`);
    process.stdout.write(text.u8.subarray(0, text.size));
  }
}
