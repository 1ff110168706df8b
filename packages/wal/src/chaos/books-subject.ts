/**
 * A log of commands to books as a subject: a seeded flow of orders, half of the commands with ids of their
 * own.
 */
import {
  GTC,
  IOC,
  LIMIT,
  MARKET,
  OP_AMEND,
  OP_CANCEL,
  OP_CANCEL_ALL,
  OP_NEW,
  OP_REDUCE,
  REPORT_CELLS,
  commandCode,
} from '@truetape/book';
import { NONE, err, ok } from '@truetape/contracts';
import type { Result } from '@truetape/contracts';
import { assert, createStream } from '@truetape/kernel';
import type { RandomStream, Sha256 } from '@truetape/kernel';
import { peekChain } from '@truetape/tape';
import { booksKind } from '../books/kind.ts';
import type { BooksKind, BooksMachine } from '../books/kind.ts';
import { beginBooks, checkpoint, createBookService, submit } from '../books/service.ts';
import type { AskedCommand, BookService, BooksAnswer } from '../books/service-types.ts';
import { compact, planCompaction } from '../compact.ts';
import type { WalError } from '../errors.ts';
import { beginCommit, closeLog, commit, failLog, mark } from '../log.ts';
import type { Log } from '../log.ts';
import { createLog, openLog } from '../open.ts';
import { recoverLog } from '../recover.ts';
import type { RecoveryReport } from '../recover.ts';
import { startSession } from '../session.ts';
import { takeSnapshot } from '../snapshots.ts';
import type { ChaosRun, ChaosSetup, ChaosSubject } from './subject.ts';

const EPOCH_NS = 1_764_547_200_000_000_000n;
const CHECKPOINT_EVERY = 50;
/** Small books and a short memory: what is saved and hashed all the time should not take most of it. */
const LIMITS = { ordersMax: 40, cmdIdsMax: 24 };
const INSTRUMENTS = ['BOOK', 'ELSE'] as const;

/** Time goes on by a microsecond an event, so that it follows from the log alone. */
const timeAt = (nextSeq: number): bigint => EPOCH_NS + BigInt(nextSeq) * 1000n;

interface NumberedCommand {
  readonly asked: AskedCommand;
  readonly cmdId: string | undefined;
}

/** The id of the order that command number `index` placed, if it did: numbers, long numbers and texts. */
function orderIdOf(index: number): string | number {
  if (index % 7 === 0) return `order ${index}`;
  return index % 11 === 0 ? Number.MAX_SAFE_INTEGER - index : index + 1;
}

function codeOf(random: RandomStream): number {
  const side = 1 + random.nextInt(2);
  switch (random.nextInt(12)) {
    case 0:
      return commandCode({ op: OP_AMEND });
    case 1:
      return commandCode({ op: OP_REDUCE });
    case 2:
    case 3:
      return commandCode({ op: OP_CANCEL });
    case 4:
      return commandCode({ op: OP_NEW, side, type: MARKET, tif: IOC });
    default:
      return commandCode({ op: OP_NEW, side, type: LIMIT, tif: GTC });
  }
}

/** The command with this number: of the seed and the number alone, so that it can be given again. */
function commandAt(seed: string, index: number): NumberedCommand {
  const random = createStream(seed, `command ${index}`);
  const cmdId = random.nextInt(2) === 0 ? `command-${index}` : undefined;
  const owner = ['ann', 'bob', 'cy'][random.nextInt(3)];
  const instrument = random.nextInt(40) === 0 ? 'NONE' : INSTRUMENTS[random.nextInt(2)];
  if (index % 97 === 96) {
    const code = commandCode({ op: OP_CANCEL_ALL, everyone: true });
    const none = {
      id: undefined,
      owner,
      instrument: undefined,
      priceTicks: NONE,
      qtyLots: NONE,
      minQtyLots: 0,
    };
    return { cmdId, asked: { code, ...none } };
  }
  const code = codeOf(random);
  const isNew = (code & 15) === OP_NEW;
  const id = orderIdOf(isNew ? index : Math.max(0, index - 1 - random.nextInt(12)));
  const isMarket = code === commandCode({ op: OP_NEW, side: (code >>> 4) & 3, type: MARKET, tif: IOC });
  const hasPrice = (code & 15) === OP_AMEND || (isNew && !isMarket);
  const priceTicks = hasPrice ? 100 + random.nextInt(12) : NONE;
  const qtyLots = (code & 15) === OP_CANCEL ? NONE : 1 + random.nextInt(9);
  return { cmdId, asked: { code, id, owner, instrument, priceTicks, qtyLots, minQtyLots: 0 } };
}

/** All that an answer says, but whether it was given before. */
function wordsOfAnswer({ seq, reports }: BooksAnswer): string {
  return `${seq}: ${reports.u32.subarray(0, reports.count * REPORT_CELLS * 2).join(' ')}`;
}

interface BooksRun {
  readonly setup: ChaosSetup;
  readonly kind: BooksKind;
  readonly log: Log;
  readonly service: BookService;
  readonly answers: Map<string, string>;
}

/** Opens a commit: the writer's time in it. */
function begin(log: Log): Result<number, WalError> {
  const unixNs = timeAt(log.segment.writer.nextSeq);
  const refused = beginCommit(log, unixNs);
  return refused === undefined
    ? ok(Number(unixNs - BigInt(log.segment.writer.header.epochNs)))
    : err(refused);
}

/** How many commands wait for the next commit. */
const waitingAt = (index: number): number => (index % 5 < 2 ? 1 : 1 + (index % 4));

function putCommands({ setup, log, service, answers }: BooksRun): WalError | undefined {
  const begun = begin(log);
  if (!begun.ok) return begun.error;
  const { state } = service;
  for (let left = waitingAt(state.commandCount); left > 0; left--) {
    const { asked, cmdId } = commandAt(setup.seed, state.commandCount);
    const answer = submit(service, log.segment.writer, asked, begun.value, 0, cmdId);
    if (cmdId !== undefined) answers.set(cmdId, wordsOfAnswer(answer));
    if (state.commandCount % CHECKPOINT_EVERY === 0) checkpoint(service, log.segment.writer);
  }
  return commit(log);
}

function repeat({ setup, log, service }: BooksRun, answers: ReadonlyMap<string, string>): string | undefined {
  const { writer } = log.segment;
  const { nextSeq } = writer;
  for (const [cmdId, expected] of answers) {
    const { asked } = commandAt(setup.seed, Number(cmdId.slice('command-'.length)));
    const answer = submit(service, writer, asked, 0, 0, cmdId);
    const found = wordsOfAnswer(answer);
    if (answer.status !== 'repeat') return `${cmdId} was answered, and is taken for ${answer.status}`;
    if (found !== expected) return `${cmdId} was answered with ${expected}, and again with ${found}`;
  }
  return writer.nextSeq === nextSeq && writer.recordCount === 0 ? undefined : 'a repeat was written';
}

/** The state's hash, made once for each state: it is asked for behind every commit. */
function stateHasher({ machine, state }: BookService): () => string {
  let made = '';
  let hash = '';
  return () => {
    const { commandCount, checkpointCount, sources, names } = state;
    const place = `${commandCount} ${checkpointCount} ${sources} ${names.instruments.length}`;
    if (place !== made) hash = machine.hash();
    made = place;
    return hash;
  };
}

function runOf(run: BooksRun, report: RecoveryReport | undefined): ChaosRun {
  const { setup, kind, log, service, answers } = run;
  const { storage, ports } = setup;
  return {
    report,
    nextSeq: () => log.segment.writer.nextSeq,
    hash: () => peekChain(log.segment.writer.chain),
    stateHash: stateHasher(service),
    commands: () => service.state.commandCount,
    put: () => putCommands(run),
    mark: () => mark(log),
    snapshot: (keep) => {
      const taken = takeSnapshot(log, kind, service.machine, keep);
      return taken.ok ? undefined : taken.error;
    },
    compact: (policy, keep) => {
      if (log.failure !== undefined) return { code: 'failed', first: log.failure };
      const plan = planCompaction({ storage, ports, kind }, policy, keep);
      const failed = plan.ok ? compact({ storage, ports }, plan.value) : plan.error;
      // As any failure of the disk, it is the last thing that the process does.
      return failed?.code === 'storage' ? failLog(log, failed) : failed;
    },
    close: () => closeLog(log),
    answers,
    repeat: (given) => repeat(run, given),
  };
}

function defineBooks({ log, service }: BooksRun): WalError | undefined {
  const begun = begin(log);
  if (!begun.ok) return begun.error;
  const mismatch = beginBooks(service, begun.value, log.segment.writer);
  assert(mismatch === undefined, 'WAL-70', 'the configuration is always the same one');
  return commit(log);
}

function start(setup: ChaosSetup, kind: BooksKind): Result<ChaosRun, WalError> {
  const { storage, ports, segmentBytes, reserveBytes, isVolatile } = setup;
  const found = recoverLog({ storage, ports, kind });
  if (!found.ok && found.error.code !== 'noLog') return found;
  const config = { storage, ports, segmentBytes, reserveBytes, isVolatile, producer: 'chaos' };
  const unixNs = timeAt(found.ok ? found.value.report.nextSeq : 0);
  const opened = found.ok ? openLog(config, found.value, unixNs) : createLog(config, 'chaos', unixNs);
  if (!opened.ok) return opened;
  const log = opened.value;
  const machine = found.ok ? (found.value.machine as BooksMachine) : kind.create();
  const service = createBookService(machine, { instruments: INSTRUMENTS, limits: LIMITS });
  const run: BooksRun = { setup, kind, log, service, answers: new Map() };
  const told = runOf(run, found.ok ? found.value.report : undefined);
  setup.tell(told);
  const session = { build: {}, mode: 'chaos', wallNs: unixNs, timeNs: unixNs, previousEnd: 'open' } as const;
  for (const step of [() => startSession(log, session), () => defineBooks(run)]) {
    const failed = step();
    setup.tell(told);
    if (failed !== undefined) return err(failed);
  }
  return ok(told);
}

export function booksSubject(sha256: Sha256): ChaosSubject {
  const kind = booksKind(sha256);
  return { name: 'books', kind, start: (setup) => start(setup, kind) };
}
