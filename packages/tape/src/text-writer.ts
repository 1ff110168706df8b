/** The text encoding: a header line, a line an event, an end line. */
import {
  Kind,
  applyDefine,
  asciiJson,
  canonicalText,
  createTables,
  createTextNames,
  createTextOut,
  decodeEvent,
  formatRecord,
  getN,
  putText,
  recordKind,
  recordWords,
  resetTextNames,
} from '@truetape/contracts';
import type { JsonObject, RecordBuffer, TextNames, TextOut } from '@truetape/contracts';
import { assert } from '@truetape/kernel';
import { FOOTER_RESERVED } from './index-frame.ts';
import type { Footer } from './index-frame.ts';
import type { ByteSink } from './ports.ts';
import { createWriter } from './writer.ts';
import type { Block, Emitter, TapeWriter, WriterConfig } from './writer-state.ts';

import { TEXT_MAGIC } from './text-lines.ts';

/** Takes in a Define record, so that later lines can use its name. */
export function defineName(names: TextNames, b: RecordBuffer, i: number): void {
  const event = decodeEvent(b, i, { hi: b.u32[i + 3], lo: b.u32[i + 2] }, 0);
  assert(event.kind === Kind.Define, 'TAPE-1');
  applyDefine(names.tables, event);
  resetTextNames(names);
}

/** Writes the lines of a run of records; a Skip is the gap in the seqs. */
export function formatRun(
  out: TextOut,
  run: {
    readonly records: RecordBuffer;
    readonly from: number;
    readonly to: number;
    readonly firstSeq: number;
  },
  names: TextNames,
): void {
  const { records } = run;
  let seq = run.firstSeq;
  for (let i = run.from; i < run.to; i += recordWords(records, i) * 2) {
    const kind = recordKind(records, i);
    if (kind === Kind.Skip) {
      seq += getN(records, i + 4);
      continue;
    }
    formatRecord(out, records, i, seq, names);
    seq += 1;
    if (kind === Kind.Define) defineName(names, records, i);
  }
}

/** The end line: `end <count> <hash>`, then what the footer holds besides. */
export function formatEnd(footer: Footer): string {
  const rest = Object.entries(footer).filter(([key]) => !FOOTER_RESERVED.includes(key));
  const of = footer.of === undefined ? '' : ` of=${footer.of}`;
  const more =
    rest.length === 0 ? '' : ` footer=${asciiJson(canonicalText(Object.fromEntries(rest) as JsonObject))}`;
  return `end ${footer.count} ${footer.hash}${of} seal=${footer.seal}${more}\n`;
}

/** Starts a text tape; its header line is written at once. */
export function createTextWriter(config: WriterConfig, sink: ByteSink): TapeWriter {
  const out = createTextOut(1 << 18);
  const names = createTextNames(createTables());
  const send = (): void => {
    sink.write(out.u8.subarray(0, out.size));
    out.size = 0;
  };
  const emitter: Emitter = {
    begin: (headerJson) => {
      putText(out, `${TEXT_MAGIC}${asciiJson(headerJson)}\n`);
      send();
    },
    block: (block: Block) => {
      const { records, firstSeq } = block;
      formatRun(out, { records, from: 0, to: records.words * 2, firstSeq }, names);
      send();
    },
    end: (footer) => {
      putText(out, formatEnd(footer));
      send();
    },
  };
  return createWriter(config, emitter);
}
