// A market in memory: steps of agents through a matching engine, as the tape that it would leave. The same tape is
// replayed, and run beside own orders in an engine.
import { FLAG_LAST, UNIX_EPOCH, createRecordOut, reserveWords, type RecordOut } from '@truetape/contracts';
import {
  createBook,
  createCommands,
  createReports,
  encodeCommand,
  putCommand,
  putFact,
  RECORD_HALVES_MAX,
  type Command,
} from '@truetape/book';
import * as fc from 'fast-check';

export interface Step {
  readonly op: 'new' | 'market' | 'ioc' | 'cancel' | 'amend' | 'reduce' | 'reprice';
  readonly isBuy: boolean;
  readonly priceTicks: number;
  readonly qtyLots: number;
  readonly pick: number;
  readonly owner: number;
}

const ops: readonly Step['op'][] = [
  'new',
  'new',
  'new',
  'new',
  'market',
  'ioc',
  'cancel',
  'amend',
  'reduce',
  'reprice',
];

export const steps = (maxLength: number): fc.Arbitrary<Step[]> =>
  fc.array(
    fc.record({
      op: fc.constantFrom(...ops),
      isBuy: fc.boolean(),
      priceTicks: fc.integer({ min: 96, max: 104 }),
      qtyLots: fc.integer({ min: 1, max: 12 }),
      pick: fc.nat(30),
      owner: fc.integer({ min: 1, max: 4 }),
    }),
    { maxLength },
  );

export interface Tape {
  readonly out: RecordOut;
  /** Half words where commands begin, and the end: between them own orders arrive. */
  readonly starts: number[];
}

interface Live {
  readonly orderId: number;
  readonly owner: number;
}

function commandOf(step: Step, orderId: number, live: readonly Live[]): Command | undefined {
  const { op, owner, priceTicks, qtyLots } = step;
  const side = step.isBuy ? 'buy' : 'sell';
  const base = { instrument: 1, source: 2, stp: 'newest', side } as const;
  if (op === 'new') return { ...base, op: 'new', type: 'limit', orderId, owner, priceTicks, qtyLots };
  if (op === 'ioc')
    return { ...base, op: 'new', type: 'limit', tif: 'IOC', orderId, owner, priceTicks, qtyLots };
  if (op === 'market') return { ...base, op: 'new', type: 'market', tif: 'IOC', orderId, owner, qtyLots };
  if (live.length === 0) return undefined;
  const { orderId: named, owner: whose } = live[step.pick % live.length];
  const of = { instrument: 1, source: 2, orderId: named, owner: whose } as const;
  if (op === 'cancel') return { ...of, op: 'cancel' };
  if (op === 'reduce') return { ...of, op: 'reduce', qtyLots };
  if (op === 'amend') return { ...of, op: 'amend', qtyLots };
  return { ...of, op: 'amend', priceTicks };
}

/** The tape of steps: commands and facts, as a simulated venue records them. */
export function tapeOf(all: readonly Step[]): Tape {
  const book = createBook({ instrument: 1 });
  const out = createRecordOut(UNIX_EPOCH, 64);
  const commands = createCommands(1);
  const reports = createReports(16);
  const starts: number[] = [];
  all.forEach((step, k) => {
    const live: Live[] = [];
    book.visit((_side, _price, { orderId, owner }) => live.push({ orderId, owner }));
    const command = commandOf(step, k + 1, live);
    if (command === undefined) return;
    encodeCommand(commands, 0, command);
    reports.count = 0;
    book.apply(commands, 0, reports);
    starts.push(out.words * 2);
    const cause = starts.length;
    reserveWords(out, RECORD_HALVES_MAX);
    out.words = putCommand(out.i32, out.words * 2, commands, 0, k, -(2 ** 53), 0, UNIX_EPOCH) / 2;
    for (let r = 0; r < reports.count; r++) {
      reserveWords(out, RECORD_HALVES_MAX);
      const at = out.words * 2;
      out.words = putFact(out.i32, at, reports, r, 1, cause, r === reports.count - 1 ? FLAG_LAST : 0) / 2;
      out.i32[at + 2] = k;
      out.i32[at + 3] = 0;
    }
  });
  starts.push(out.words * 2);
  return { out, starts };
}
