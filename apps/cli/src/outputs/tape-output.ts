/** Tapes, in either encoding. */
import { nodePorts } from '@truetape/host';
import { createBinaryWriter, createTextWriter, endTape, flushTape, writeRecord } from '@truetape/tape';
import { tapeFailure } from '../wording.ts';
import type { EventOutput, OutputSetup } from './event-output.ts';

export function createTapeOutput(setup: OutputSetup, encoding: 'rpl' | 'text'): EventOutput {
  const { header, frameBytes, sink, path } = setup;
  const config = { header, ports: nodePorts, frameBytes };
  const writer = encoding === 'rpl' ? createBinaryWriter(config, sink) : createTextWriter(config, sink);
  return {
    event: (b, i, seq) => {
      const refused = writeRecord(writer, b, i, seq);
      if (refused !== undefined) throw tapeFailure(path, refused);
    },
    flush: () => {
      flushTape(writer);
      sink.flush();
    },
    end: (extra) => {
      const end = endTape(writer, extra);
      sink.flush();
      return end;
    },
  };
}
