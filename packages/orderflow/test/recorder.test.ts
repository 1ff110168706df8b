import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  addBook,
  applyToMarket,
  commandEvent,
  createBook,
  createCommands,
  createMarket,
  createReports,
  encodeCommand,
  reportEvent,
} from '@truetape/book';
import type { Command, CommandBuffer, ReportBuffer } from '@truetape/book';
import { BLANK } from '@truetape/contracts';
import { writeEvent } from '@truetape/tape';
import { createRecorder, recordAnswer, recordEvent, tapePort } from '../src/recorder.ts';
import type { RecordPort } from '../src/recorder.ts';
import { checkProperty, seeds } from './property.ts';
import { tapeOf } from './tapes.ts';

const VENUE = 1;
const FAR = 4_294_967_296;

const anyNew = fc.record({
  op: fc.constant('new' as const),
  orderId: fc.oneof(fc.nat(30), fc.constant(FAR + 3), fc.constant(FAR / 2)),
  side: fc.constantFrom('buy' as const, 'sell' as const),
  type: fc.constantFrom('limit' as const, 'limit' as const, 'market' as const),
  tif: fc.constantFrom('GTC' as const, 'IOC' as const, 'FOK' as const),
  priceTicks: fc.integer({ min: -4, max: 4 }),
  qtyLots: fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constant(FAR * 5 + 7)),
  stp: fc.constantFrom('newest' as const, 'oldest' as const, 'both' as const, 'decrement' as const),
});
const anyOther = fc.oneof(
  fc.record({ op: fc.constant('cancel' as const), orderId: fc.nat(30) }),
  fc.record({
    op: fc.constant('amend' as const),
    orderId: fc.nat(30),
    priceTicks: fc.integer({ min: -4, max: 4 }),
    qtyLots: fc.integer({ min: 1, max: 9 }),
    qtyMode: fc.constantFrom('total' as const, 'remaining' as const),
    postOnly: fc.constantFrom('reject' as const, 'slide' as const),
  }),
);
const anyCommand = fc.record({
  command: fc.oneof(anyNew, anyNew, anyNew, anyOther),
  owner: fc.nat(2),
  instrument: fc.integer({ min: 1, max: 3 }),
  decidedNs: fc.option(fc.nat(100), { nil: undefined }),
  timeNs: fc.nat(2_000_000_000),
});

function commandOf(one: typeof anyCommand extends fc.Arbitrary<infer T> ? T : never): Command {
  const { op, ...fields } = one.command;
  const market = 'type' in fields && fields.type === 'market' ? { priceTicks: undefined } : {};
  const command = { op, ...fields, ...market, owner: one.owner, instrument: one.instrument, source: 7 };
  return Object.fromEntries(
    Object.entries({ ...command, timeNs: one.decidedNs }).filter(([, value]) => value !== undefined),
  ) as unknown as Command;
}

/** Runs the commands, and hands each with its reports to both ways of writing. */
function run(
  commands: readonly { command: Command; timeNs: number }[],
  visit: (cells: CommandBuffer, reports: ReportBuffer, timeNs: number) => void,
): void {
  const market = createMarket({ create: createBook });
  addBook(market, 1);
  addBook(market, 2);
  const cells = createCommands(1);
  const reports = createReports();
  let now = 0;
  for (const { command, timeNs } of commands) {
    now += timeNs;
    encodeCommand(cells, 0, command);
    reports.count = 0;
    applyToMarket(market, cells, 0, reports);
    visit(cells, reports, now);
  }
}

// Fails when a word, a default that must not be written, or a large number differs from the events'.
test.each(seeds(17))('records from cells are those of the events (seed %s)', (seed) => {
  checkProperty(
    seed,
    fc.property(fc.array(anyCommand, { maxLength: 60 }), (list) => {
      const commands = list.map((one) => ({ command: commandOf(one), timeNs: one.timeNs }));
      const wanted = tapeOf((writer) =>
        run(commands, (cells, reports, timeNs) => {
          const cause = writer.nextSeq;
          const event = commandEvent(cells, 0, { timeNs, source: 7 });
          writeEvent(writer, { ...event, decidedTime: cells.f64[7] });
          for (let k = 0; k < reports.count; k++) {
            const last = k === reports.count - 1;
            writeEvent(writer, reportEvent(reports, k, { timeNs, source: VENUE, cause, last }));
          }
        }),
      );
      let count = 0;
      const found = tapeOf((writer) => {
        const recorder = createRecorder(tapePort(writer));
        run(commands, (cells, reports, timeNs) => {
          const cause = writer.nextSeq;
          expect(recordAnswer(recorder, cells, reports, timeNs, VENUE)).toBe(cause);
        });
        count = recorder.nextSeq;
        expect(count).toBe(writer.nextSeq);
      });
      expect(found.equals(wanted)).toBe(true);
      // Without a port the same seqs are given; a port that is no tape gets the same records.
      const silent = createRecorder(undefined);
      const handed = tapeOf((writer) => {
        const port = tapePort(writer);
        const write: RecordPort['write'] = (records, at, seq) => port.write(records, at, seq);
        const recorder = createRecorder({ epoch: port.epoch, write });
        run(commands, (cells, reports, timeNs) => {
          recordAnswer(recorder, cells, reports, timeNs, VENUE);
          recordAnswer(silent, cells, reports, timeNs, VENUE);
        });
      });
      expect(handed.equals(wanted)).toBe(true);
      expect(silent.nextSeq).toBe(count);
    }),
    200,
  );
});

// Fails when a refused record passes silently, or a command that agents have not is written as another.
test('FLOW-1, FLOW-2: what a recorder takes', () => {
  tapeOf((writer) => {
    const recorder = createRecorder(tapePort(writer));
    expect(() => recordEvent(recorder, { ...BLANK.Note, timeNs: 0.5 })).toThrow('FLOW-1');
    recordEvent(recorder, { ...BLANK.Note, timeNs: 5, text: 'x' });
    expect(() => recordEvent(recorder, { ...BLANK.Note, timeNs: 4, text: 'x' })).toThrow('FLOW-1');
    const cells = createCommands(1);
    encodeCommand(cells, 0, { op: 'reduce', orderId: 1, qtyLots: 1, owner: 1, instrument: 1 });
    expect(() => recordAnswer(recorder, cells, createReports(), 9, VENUE)).toThrow('FLOW-2');
    encodeCommand(cells, 0, { op: 'cancel', orderId: 1, owner: 1, instrument: 1 });
    expect(() => recordAnswer(recorder, cells, createReports(), 4, VENUE)).toThrow('FLOW-1');
  });
});
