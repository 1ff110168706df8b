/** The loop of `wal serve`: lines in, commits, answers out; marks while nobody asks; an orderly end. */
import { InputError, OutputError, createStreamSink, readChunks } from '@truetape/host';
import type { OpenSink } from '@truetape/host';
import { commandLines } from '../book/command-lines.ts';
import type { CommandBlock } from '../book/command-lines.ts';
import { createLineReader, readCommandLine } from '../book/command-json.ts';
import type { LineFault } from '../book/command-json.ts';
import { CliFailure, EXIT } from '../failure.ts';
import { Interrupted } from '../interruption.ts';
import type { Interruption } from '../interruption.ts';
import { lettingGo } from '../let-go.ts';
import { recoveredLine } from './answer-lines.ts';
import type { LogFolder } from './open-folder.ts';
import { findLog, openServing } from './open-serving.ts';
import type { Found } from './open-serving.ts';
import type { ServeOptions } from './serve-options.ts';
import { commitAll, endServing, isCommitDue, isUnwitnessed, markIdle, takeLine, waitMs } from './serving.ts';
import type { Serving } from './serving.ts';

/** Behind a commit, and without a command for so long, a mark is written. */
const IDLE_MS = 50;
/** Skipped lines that are told one by one. */
const TOLD_MAX = 10;

/** A session of the server. */
interface Session {
  readonly found: Found;
  readonly sink: OpenSink;
  readonly skips: boolean;
  readonly note: (text: string) => void;
  /** Undefined until the log is open: without a clock that is at the first command. */
  serving: Serving | undefined;
  skipped: number;
}

/** Opens the log, unless it is open. */
function openSession(session: Session, firstNs: bigint): Serving {
  session.serving ??= openServing(session.found, session.sink, firstNs);
  return session.serving;
}

function refuse(
  session: Session,
  line: number,
  { field, expected, found }: LineFault,
): CliFailure | undefined {
  const text = `standard input:${line}: ${field === '' ? '' : `${field}: `}expected ${expected}, found ${found}`;
  if (!session.skips)
    return new CliFailure(EXIT.usage, text, 'correct it, or go on without such lines: --on-bad-line skip');
  session.skipped += 1;
  if (session.skipped <= TOLD_MAX) session.note(`${text}; skipped`);
  return undefined;
}

/** Takes a line; the first good one says where a log begins that has no clock. */
function takeOne(session: Session, line: string): LineFault | CliFailure | undefined {
  if (session.serving === undefined) {
    const reader = createLineReader(true);
    const wrong = readCommandLine(reader, line);
    if (wrong !== undefined) return wrong;
    openSession(session, reader.asked.timeNs ?? 0n);
  }
  return takeLine(session.serving!, line);
}

/** Takes the lines of a block. Returns what ends the run. */
async function takeBlock(
  session: Session,
  { firstLine, lines }: CommandBlock,
  interruption: Interruption,
): Promise<CliFailure | undefined> {
  for (const [k, line] of lines.entries()) {
    if (typeof line === 'string' && line.trim() === '') continue;
    const wrong = typeof line === 'string' ? takeOne(session, line) : line;
    const ended =
      wrong === undefined || wrong instanceof CliFailure ? wrong : refuse(session, firstLine + k, wrong);
    if (ended !== undefined) return ended;
    const { serving } = session;
    if (serving === undefined || !isCommitDue(serving)) continue;
    commitAll(serving);
    await interruption.breathe();
  }
  return undefined;
}

/** Waits for more lines, for so long; undefined where the time is up. */
async function within<T>(next: Promise<T>, ms: number, interruption: Interruption): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await interruption.until(Promise.race([next, late]));
  } finally {
    clearTimeout(timer);
  }
}

/** What is due before more lines are waited for, and how long that may take; undefined: as long as it takes. */
function settle(serving: Serving | undefined): number | undefined {
  if (serving === undefined) return undefined;
  if (serving.commands > 0) {
    const ms = waitMs(serving);
    if (ms > 0) return ms;
  }
  if (serving.commands > 0 || serving.text !== '') commitAll(serving);
  // Without a clock the same lines give the same bytes, however slowly they come.
  return serving.time.from === 'wall' && isUnwitnessed(serving) ? IDLE_MS : undefined;
}

async function serveLines(
  session: Session,
  blocks: AsyncGenerator<CommandBlock, void, undefined>,
  interruption: Interruption,
): Promise<CliFailure | undefined> {
  const ask = (): ReturnType<typeof blocks.next> => {
    const asked = blocks.next();
    // A commit that fails ends the run before anybody waits for this.
    asked.catch(() => undefined);
    return asked;
  };
  let next = ask();
  for (;;) {
    const ms = settle(session.serving);
    const block = ms === undefined ? await interruption.until(next) : await within(next, ms, interruption);
    if (block === undefined) {
      const serving = session.serving!;
      if (serving.commands === 0) markIdle(serving);
      continue;
    }
    if (block.done === true) return undefined;
    const ended = await takeBlock(session, block.value, interruption);
    if (ended !== undefined) return ended;
    await interruption.breathe();
    next = ask();
  }
}

/** What ends a run in order, so that the log is closed. Anything else leaves it as a crash would. */
function isOrderly(error: unknown): boolean {
  return [Interrupted, InputError, OutputError].some((kind) => error instanceof kind);
}

/** Whoever ends a server by SIGTERM has what was asked for. */
const isAsked = (error: unknown): boolean => error instanceof Interrupted && error.exitCode === TERMINATED;
const TERMINATED = 143;

/** Serves until the input ends, somebody interrupts it, or nobody reads the answers any more. */
export async function serve(
  folder: LogFolder,
  options: ServeOptions & { readonly skips: boolean },
  note: (text: string) => void,
  interruption: Interruption,
): Promise<void> {
  const found = findLog(folder, options, note);
  const session: Session = {
    found,
    sink: createStreamSink(),
    skips: options.skips,
    note,
    serving: undefined,
    skipped: 0,
  };
  const { lastNs, told } = found;
  if (options.clock === 'wall' || lastNs !== undefined) openSession(session, 0n);
  if (options.durability === 'off')
    note('durability off: commits are not synced, and a crash of the machine loses them; for tests alone');
  let ended: unknown;
  try {
    session.sink.write(Buffer.from(recoveredLine(told, options.durability, options.jsonl === true)));
    session.sink.flush();
    ended = await lettingGo(readChunks('-'), (chunks) =>
      serveLines(session, commandLines(chunks), interruption),
    );
  } catch (error) {
    if (!isOrderly(error)) throw error;
    ended = error;
  } finally {
    process.stdin.destroy();
  }
  const unsaid = end(session);
  ended ??= unsaid;
  if (ended !== undefined && !isAsked(ended)) throw ended;
}

/** Closes the log in order. Returns what kept answers from being said: they are durable all the same. */
function end(session: Session): OutputError | undefined {
  const { skipped, note } = session;
  const serving = openSession(session, 0n);
  let unsaid: OutputError | undefined;
  try {
    endServing(serving);
  } catch (error) {
    if (!(error instanceof OutputError)) throw error;
    unsaid = error;
    endServing(serving);
  }
  const { undated } = serving;
  if (undated > 0)
    note(`timeNs of ${undated} command${undated === 1 ? '' : 's'} left out: over 104 days from when it came`);
  if (skipped > 0) {
    const more = skipped > TOLD_MAX ? `, the first ${TOLD_MAX} of them above` : '';
    note(`${skipped} malformed line${skipped === 1 ? '' : 's'} skipped${more}`);
  }
  return unsaid;
}
