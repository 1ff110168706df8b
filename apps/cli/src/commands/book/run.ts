/** `truetape book run`. */
import { Command, Option } from 'commander';
import { checkMarket } from '@truetape/book';
import { createFileSink, createStreamSink, readChunks } from '@truetape/host';
import type { Cli, GlobalOptions, Voice } from '../../cli.ts';
import { voiceOf } from '../../cli.ts';
import { createEngine, flushLines, writeDepth } from '../../book/engine.ts';
import type { Engine } from '../../book/engine.ts';
import { instrumentNames } from '../../book/instrument-names.ts';
import { createRecorder, endRecord } from '../../book/recorder.ts';
import type { Recorder } from '../../book/recorder.ts';
import { runLines } from '../../book/run-lines.ts';
import { runTape } from '../../book/run-tape.ts';
import { examples } from '../../examples.ts';
import { usageFailure } from '../../failure.ts';
import { interruptible } from '../../interruption.ts';
import type { Interruption } from '../../interruption.ts';
import { lettingGo } from '../../let-go.ts';
import { withoutFile } from '../../outputs/closed-pipe.ts';

interface RunOptions extends GlobalOptions {
  readonly instrument?: readonly string[];
  readonly out?: string;
  readonly force?: boolean;
  readonly check?: boolean;
  readonly impl: 'fast' | 'reference';
  readonly jsonl?: boolean;
  readonly depth?: boolean;
  readonly onBadLine?: 'fail' | 'skip';
}

const COMMANDS_HELP = `
Commands, an object a line; prices and quantities are integers, ids integers or strings:
  {"op":"new","id":1,"side":"buy","type":"limit","price":100,"qty":5,"owner":"A"}
      type limit (default), market      tif GTC (default), IOC, FOK      minQty 0
      postOnly false (default), "reject", "slide"
      stp "none" (default), "newest", "oldest", "both", "decrement"
  {"op":"cancel","id":1,"owner":"A"}
  {"op":"amend","id":1,"owner":"A","price":101,"qty":3}
      qty is what remains ("qtyMode":"total": the whole order); postOnly as above
  {"op":"reduce","id":1,"owner":"A","qty":2}
  {"op":"cancelAll","owner":"A"}
      of one side: "side":"buy"; of everyone: "everyone":true
All of them may have "instrument" (the default one where it is left out; cancelAll: all) and "timeNs".
Other keys are refused; null is as if left out. A market order has no price.

Reports with --jsonl, behind each command at once ("instrument" where it is not the default one):
  {"event":"accepted","id":1,"price":100,"leaves":5}
  {"event":"rejected","id":1,"code":"badQty","leaves":0}
      leaves: what the order still has open, if it is yours
  {"event":"fill","tradeId":1,"maker":1,"taker":2,"price":100,"qty":5,"makerLeaves":0,"takerLeaves":0,
   "side":"sell"}
  {"event":"canceled","id":1,"reason":"requested","leaves":5}
      leaves: what was canceled; reason requested, iocRemainder, marketRemainder, selfTrade, cancelAll
  {"event":"amended","id":1,"price":100,"leaves":3,"reason":"reduced","priorityKept":true}
      reason requested, reduced, selfTrade
  {"event":"cancelAllDone","canceled":2}
  {"event":"depth","bids":[[price,orders,qty],...],"asks":[...],"stateHash":"..."}
      with --depth, at the end, best prices first
Canceled and amended of selfTrade have "contra", the other order.

Exits 2 at a malformed line, 3 where a tape does not match its commands, 1 where --check finds a broken book.
`;

export function createCommand(cli: Cli): Command {
  return new Command('run')
    .description(
      'Match orders by price and time: commands in, execution reports out, a line each. Commands are lines of ' +
        'JSON, or those of a tape; what a venue’s tape says became of them is compared.',
    )
    .argument('[input]', 'commands: JSON lines or a tape (- for stdin)', '-')
    .option(
      '--instrument <ids>',
      'which there are, the default one first; without it those that lines name',
      instrumentNames,
    )
    .option('-o, --out <file>', 'write commands and reports as a tape: ends in .rpl or .txt.rpl')
    .option('--force', 'replace an existing file')
    .option('--check', 'audit every command, and check all of the book time and again')
    .addOption(new Option('--impl <book>', 'which book').choices(['fast', 'reference']).default('fast'))
    .option('--jsonl', 'reports as lines of JSON')
    .option('--depth', 'end with the book, and the hash of its state')
    .addOption(
      new Option('--on-bad-line <what>', 'a malformed line ends the run, or is passed over').choices([
        'fail',
        'skip',
      ]),
    )
    .addHelpText(
      'after',
      COMMANDS_HELP +
        examples(
          'truetape book run orders.jsonl --depth',
          'truetape book run - --jsonl --out day.rpl < orders.jsonl',
        ),
    )
    .action(async (input: string, _: unknown, self: Command) => {
      const options = self.optsWithGlobals<RunOptions>();
      await interruptible((interruption) => runBook(cli, input, options, interruption));
    });
}

function encodingOf(out: string): 'rpl' | 'text' {
  if (out.endsWith('.txt.rpl')) return 'text';
  if (out.endsWith('.rpl')) return 'rpl';
  throw usageFailure(`--out: expected a name that ends in .rpl or .txt.rpl, found ${out}`);
}

async function createOut(cli: Cli, options: RunOptions): Promise<Recorder | undefined> {
  const { out, force } = options;
  if (out === undefined) return undefined;
  const encoding = encodingOf(out);
  const { values } = await cli.settings();
  const sink = createFileSink(out, { force: force === true });
  return createRecorder({ sink, encoding, frameBytes: values.frameBytes, path: out });
}

const MAGIC_BINARY = Buffer.of(0x89, 0x52, 0x50, 0x4c);
const MAGIC_TEXT = Buffer.from('rpl-text ');

/** Whether what begins so is a tape; undefined while that cannot be told. */
function isTape(head: Buffer): boolean | undefined {
  for (const magic of [MAGIC_BINARY, MAGIC_TEXT]) {
    const size = Math.min(head.length, magic.length);
    if (head.subarray(0, size).equals(magic.subarray(0, size)))
      return size === magic.length ? true : undefined;
  }
  return false;
}

interface Recognised {
  readonly tape: boolean;
  /** All of it, the beginning included. */
  readonly chunks: AsyncGenerator<Uint8Array, void, undefined>;
}

async function recognise(
  chunks: AsyncGenerator<Uint8Array, void, undefined>,
  interruption: Interruption,
): Promise<Recognised> {
  let head = Buffer.alloc(0);
  let tape = isTape(head);
  while (tape === undefined) {
    const next = await interruption.until(chunks.next());
    if (next.done === true) break;
    head = Buffer.concat([head, next.value]);
    tape = isTape(head);
  }
  const all = async function* (): AsyncGenerator<Uint8Array, void, undefined> {
    yield head;
    yield* chunks;
  };
  return { tape: tape === true, chunks: all() };
}

/** Which books are shown: those that are named, of a tape. */
function shownBooks(engine: Engine, options: RunOptions, input: string): ReadonlySet<number> | undefined {
  if (options.instrument === undefined) return undefined;
  const { instrumentOf } = engine.names;
  const shown = options.instrument.map((name) => {
    const index = instrumentOf.get(name);
    if (index !== undefined) return index;
    const known = [...instrumentOf.keys()].slice(0, 8).join(', ');
    throw usageFailure(`${input} has no instrument ${name}`, `it has ${known === '' ? 'none' : known}`);
  });
  return new Set(shown);
}

async function runInput(
  engine: Engine,
  input: string,
  options: RunOptions & { readonly skips: boolean },
  interruption: Interruption,
  voice: Voice,
): Promise<void> {
  const name = input === '-' ? 'standard input' : input;
  const note = (text: string): void => voice.note(text);
  const tape = await lettingGo(readChunks(input), async (source) => {
    const { tape, chunks } = await recognise(source, interruption);
    const instruments = options.instrument ?? [];
    if (tape) await runTape(engine, chunks, { name, note }, interruption);
    else await runLines(engine, chunks, { name, instruments, skips: options.skips, note }, interruption);
    return tape;
  });
  if (options.check === true) checkMarket(engine.market);
  const shown = tape ? shownBooks(engine, options, name) : undefined;
  if (options.depth === true) writeDepth(engine, shown);
}

async function runBook(
  cli: Cli,
  input: string,
  options: RunOptions,
  interruption: Interruption,
): Promise<void> {
  const voice = await voiceOf(cli, options);
  const { values } = await cli.settings();
  const skips = (options.onBadLine ?? values.onBadLine) === 'skip';
  const recorder = await createOut(cli, options);
  const engine = createEngine({
    impl: options.impl,
    jsonl: options.jsonl === true,
    check: options.check === true,
    sink: createStreamSink(),
    recorder,
  });
  try {
    await runInput(engine, input, { ...options, skips }, interruption, voice);
    flushLines(engine);
    if (recorder !== undefined) endRecord(recorder);
  } catch (error) {
    recorder?.config.sink.abandon();
    // What was answered before stands.
    flushLines(engine);
    throw recorder === undefined ? error : withoutFile(error, recorder.config.path);
  } finally {
    // Whoever still writes is not waited for.
    if (input === '-') process.stdin.destroy();
  }
}
