/** From what a command line asks for to the chain that explains it. */
import { NONE } from '@truetape/contracts';
import { createFollow, explain, followRecord, subjectOf } from '@truetape/replay';
import type { Follow, LookUp, Subject, Why } from '@truetape/replay';
import { CliFailure, EXIT, usageFailure } from '../failure.ts';
import { quoted } from '../wording.ts';
import type { Names } from './names.ts';
import type { WhyTape } from './why-tape.ts';

/** What is asked for. */
export interface Question {
  readonly by: 'order' | 'intent' | 'seq';
  readonly id: number;
}

export interface Found {
  readonly follow: Follow;
  readonly why: Why;
  readonly focusSeq: number;
}

/** The parent tapes at hand, by their number. */
export type Parents = ReadonlyMap<number, WhyTape>;

/** Reads the tape for it. Throws a failure that says what there is where the tape has no such thing. */
export async function findWhy(
  tape: WhyTape,
  question: Question,
  options: {
    readonly names: Names;
    readonly parents: Parents;
    readonly instrument: string | undefined;
    readonly keepMax: number;
  },
): Promise<Found> {
  const { names, parents, keepMax } = options;
  const subject = subjectAt(tape, question, instrumentOf(tape, options.instrument));
  const focusSeq = question.by === 'seq' ? question.id : NONE;
  const follow = createFollow({ subject, focusSeq, keepMax });
  const { epoch } = tape;
  const fromSeq = subject.by === 'event' ? subject.seq : 0;
  await tape.scan(fromSeq, (records, i, seq) => followRecord(follow, records, i, { epoch, seq }));
  if (subject.by === 'order') checkOrder(tape, names, follow);
  if (follow.events.length === 0) throw missing(tape, follow, question);
  const lookUp: LookUp = ({ tape: number, seq }) =>
    number === 0 ? tape.lookUp(seq) : parents.get(number)?.lookUp(seq);
  return { follow, why: explain(follow, { epoch, lookUp }), focusSeq };
}

function instrumentOf(tape: WhyTape, name: string | undefined): number | undefined {
  if (name === undefined) return undefined;
  const { byName, byIndex } = tape.tables.instrument;
  const index = byName.get(name) ?? byIndex.find((one) => one?.value['symbol'] === name)?.index;
  if (index !== undefined) return index;
  const known = [...byName.keys()].slice(0, 8).join(', ');
  throw usageFailure(
    `--instrument: ${tape.path} has no ${name}`,
    known === '' ? 'it has none' : `it has ${known}`,
  );
}

function subjectAt(tape: WhyTape, { by, id }: Question, instrument: number | undefined): Subject {
  if (by === 'order') return { by, orderId: id, instrument };
  if (by === 'intent') return { by, intentId: id };
  const found = tape.lookUp(id);
  if (found !== undefined) return subjectOf(found.event);
  const { nextSeq, path } = tape;
  const has = nextSeq === 0 ? 'it has no events' : `its last is ${nextSeq - 1}`;
  const skipped = id < nextSeq ? 'that one was left out when the tape was made' : has;
  throw new CliFailure(EXIT.failure, `${path} has no event with seq ${id}`, skipped);
}

/** An id may be that of orders of several instruments, or only that of orders that were denied. */
function checkOrder({ path }: WhyTape, names: Names, { subject, orders, denials }: Follow): void {
  if (subject.by !== 'order') return;
  const { orderId } = subject;
  if (orders.length === 0 && denials.length > 0) {
    const [{ intentId }] = denials;
    throw new CliFailure(
      EXIT.failure,
      `${path} has no order ${orderId}: it was denied before it was sent`,
      `see its intent: truetape why ${quoted(path)} intent ${intentId}`,
    );
  }
  const instruments = new Set(orders.filter((one) => one.orderId === orderId).map((one) => one.instrument));
  if (instruments.size < 2) return;
  const all = [...instruments].map((index) => names.instrument(index)).join(', ');
  throw usageFailure(`${path} has an order ${orderId} of ${all}`, 'choose one: --instrument');
}

function missing(tape: WhyTape, { orderRange, intentRange }: Follow, { by, id }: Question): CliFailure {
  const range = by === 'order' ? orderRange : intentRange;
  const next =
    range.first === NONE ? `it has no ${by}s` : `its ${by}s have ids from ${range.first} to ${range.last}`;
  return new CliFailure(EXIT.failure, `${tape.path} has no ${by} ${id}`, next);
}
