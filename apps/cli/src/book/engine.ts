/** A run of commands through a market: reports go out as lines, and onto a tape where one is wanted. */
import {
  addBook,
  applyToMarket,
  auditBook,
  auditCommand,
  bookOf,
  createAudit,
  createBook,
  createCommands,
  createMarket,
  createReferenceBook,
  createReports,
  addInstrument,
  createNames,
  endNames,
} from '@truetape/book';
import type { BookConfig, CommandBuffer, Market, ReportBuffer, RestorableBook, Names } from '@truetape/book';
import type { JsonObject } from '@truetape/contracts';
import type { OpenSink } from '@truetape/host';
import { depthJson, depthText } from './depth-lines.ts';
import { recordCommand, recordDefine } from './recorder.ts';
import type { Recorder } from './recorder.ts';
import { DEFAULT_INSTRUMENT, createJsonReports, createTextReports } from './report-lines.ts';
import type { ReportLine } from './report-lines.ts';

export interface EngineConfig {
  readonly impl: 'fast' | 'reference';
  readonly jsonl: boolean;
  /** Every command is audited; see `auditedBook`. */
  readonly check: boolean;
  readonly sink: OpenSink;
  readonly recorder: Recorder | undefined;
}

export interface Engine {
  readonly config: EngineConfig;
  readonly market: Market;
  readonly names: Names;
  /** The command to execute stands in the first place. */
  readonly commands: CommandBuffer;
  readonly reports: ReportBuffer;
  readonly line: ReportLine;
  /** Instruments whose book was asked for something. */
  readonly asked: Set<number>;
  /** Lines that are not written yet. */
  text: string;
  count: number;
}

/** Lines are gathered up to this, and written at the latest before more input is waited for. */
const GATHER_CHARS = 65_536;

/** Behind a check of a whole book, each so many orders that it has ever held make room for a command without one. */
const ORDERS_PER_COMMAND = 64;

/**
 * A book that is audited at each command. All of it is checked behind each command while it is small, then behind
 * every so many that the checks take the same time a command, however large it is; `check` does so at the end.
 */
export function auditedBook(book: RestorableBook): RestorableBook {
  const { instrument, ordersMax } = book;
  const audit = createAudit({ instrument, ordersMax, checkEvery: Infinity });
  let ordersPeak = 0;
  let unchecked = 0;
  const check = (): void => {
    unchecked = 0;
    auditBook(audit, book);
  };
  return {
    ...book,
    check,
    apply: (commands, k, out) => {
      const from = out.count;
      book.apply(commands, k, out);
      auditCommand(audit, book, commands, k, out, from);
      // A book checks the memory that it has taken, so that its largest size counts.
      ordersPeak = Math.max(ordersPeak, book.orderCount());
      unchecked += 1;
      if (unchecked * ORDERS_PER_COMMAND >= ordersPeak) check();
    },
  };
}

export function createEngine(config: EngineConfig): Engine {
  const make = config.impl === 'fast' ? createBook : createReferenceBook;
  const create = (book: BookConfig): RestorableBook => (config.check ? auditedBook(make(book)) : make(book));
  const names = createNames();
  return {
    config,
    market: createMarket({ create }),
    names,
    commands: createCommands(1),
    reports: createReports(),
    line: config.jsonl ? createJsonReports(names) : createTextReports(names),
    asked: new Set(),
    text: '',
    count: 0,
  };
}

/** Opens the book of an instrument, the next one. */
export function openBook(engine: Engine, name: string, value: JsonObject, timeNs: number): number {
  const { names, market, config } = engine;
  const index = addInstrument(names, name);
  addBook(market, index);
  if (config.recorder !== undefined) recordDefine(config.recorder, 'instrument', index, value, timeNs);
  return index;
}

/** Writes the lines that have gathered. */
export function flushLines(engine: Engine): void {
  const { text } = engine;
  engine.text = '';
  if (text === '') return;
  const { sink } = engine.config;
  sink.write(Buffer.from(text));
  sink.flush();
}

/** Executes the command in `engine.commands`; its reports go out. */
export function execute(engine: Engine): void {
  const { commands, reports, line, config } = engine;
  reports.count = 0;
  applyToMarket(engine.market, commands, 0, reports);
  engine.asked.add(commands.u32[10]);
  engine.count += 1;
  for (let k = 0; k < reports.count; k++) engine.text += `${line(reports, k)}\n`;
  if (config.recorder !== undefined) recordCommand(config.recorder, commands, reports);
  endNames(engine.names, engine.market, reports);
  if (engine.text.length > GATHER_CHARS) flushLines(engine);
}

/** Writes the books: those that were asked for anything, and the default one where none was. */
export function writeDepth(engine: Engine, only: ReadonlySet<number> | undefined): void {
  const { market, names, asked } = engine;
  const wanted = market.instruments.filter((instrument) => (only ?? asked).has(instrument));
  if (wanted.length === 0 && market.instruments.length > 0) wanted.push(DEFAULT_INSTRUMENT);
  const text = engine.config.jsonl ? depthJson : depthText;
  for (const instrument of wanted) engine.text += `${text(bookOf(market, instrument)!, names)}\n`;
}
