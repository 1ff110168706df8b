/** Imports LOBSTER files into a tape: one pass where the step is given, otherwise two. */
import { createLobsterImport, createLobsterScan, isLobsterHeader } from '@truetape/adapters';
import type {
  LobsterError,
  LobsterFile,
  LobsterImport,
  LobsterImportConfig,
  LobsterReport,
} from '@truetape/adapters';
import type { JsonObject, Result } from '@truetape/contracts';
import { nodePorts, readLines } from '@truetape/host';
import type { OpenSink } from '@truetape/host';
import { createBinaryWriter, createTextWriter, endTape, writeEvent } from '@truetape/tape';
import type { TapeEnd, TapeWriter } from '@truetape/tape';
import type { Interruption } from '../interruption.ts';
import { lettingGo } from '../let-go.ts';
import { VERSION } from '../version.ts';
import { tapeFailure } from '../wording.ts';
import { lobsterFailure } from './lobster-text.ts';
import type { CaptureFile } from './run-import.ts';

export interface LobsterPlan {
  readonly messages: CaptureFile;
  readonly orderbook: CaptureFile | undefined;
  readonly sink: OpenSink;
  readonly encoding: 'rpl' | 'text';
  readonly frameBytes: number;
  /** Without a step, the coarsest one that is exact is looked for first. */
  readonly config: Omit<LobsterImportConfig, 'emit' | 'priceStep' | 'orderbook'> & {
    readonly priceStep?: string;
  };
  readonly onLines: (lines: number) => void;
}

export interface LobsterImported {
  readonly report: LobsterReport;
  readonly tape: TapeEnd;
}

/** Rows with their line numbers. */
interface Rows {
  readonly texts: readonly string[];
  readonly lines: readonly number[];
}

/** The rows of a file: without blank lines, and without a header. */
async function* readRows({ path }: CaptureFile): AsyncGenerator<Rows, void, undefined> {
  let first = true;
  for await (const { firstLine, lines } of readLines(path)) {
    const rows = { texts: [] as string[], lines: [] as number[] };
    for (let k = 0; k < lines.length; k++) {
      const text = lines[k];
      if (text === '') continue;
      const isHeader = first && isLobsterHeader(text);
      first = false;
      if (isHeader) continue;
      rows.texts.push(text);
      rows.lines.push(firstLine + k);
    }
    if (rows.texts.length > 0) yield rows;
  }
}

/** A file that is read row by row: `texts[at]` is the next row once `fill` has said that there is one. */
interface Cursor {
  texts: readonly string[];
  lines: readonly number[];
  at: number;
  readonly fill: () => Promise<boolean>;
}

function createCursor(blocks: AsyncGenerator<Rows, void, undefined>): Cursor {
  const cursor: Cursor = {
    texts: [],
    lines: [],
    at: 0,
    fill: async () => {
      if (cursor.at < cursor.texts.length) return true;
      const { done, value } = await blocks.next();
      if (done === true) return false;
      cursor.texts = value.texts;
      cursor.lines = value.lines;
      cursor.at = 0;
      return true;
    },
  };
  return cursor;
}

/** The error as the end of the command, with the file and line that it belongs to. */
function failureOf(plan: LobsterPlan, error: LobsterError): Error {
  const file: LobsterFile = 'file' in error ? error.file : 'messages';
  const name = (file === 'orderbook' ? plan.orderbook : undefined)?.name ?? plan.messages.name;
  return lobsterFailure(error, error.line === 0 ? name : `${name}:${error.line}`);
}

async function scanStep(plan: LobsterPlan, interruption: Interruption): Promise<string> {
  const scan = createLobsterScan();
  const feed = async (
    file: CaptureFile,
    take: (text: string, line: number) => Result<void, LobsterError>,
  ): Promise<void> => {
    for await (const { texts, lines } of readRows(file)) {
      for (let k = 0; k < texts.length; k++) {
        const taken = take(texts[k], lines[k]);
        if (!taken.ok) throw failureOf(plan, taken.error);
      }
      plan.onLines(lines[lines.length - 1]);
      await interruption.breathe();
    }
  };
  await feed(plan.messages, scan.message);
  if (plan.orderbook !== undefined) await feed(plan.orderbook, scan.row);
  return scan.priceStep();
}

async function feedMessages(
  plan: LobsterPlan,
  open: LobsterImport,
  interruption: Interruption,
): Promise<void> {
  for await (const { texts, lines } of readRows(plan.messages)) {
    for (let k = 0; k < texts.length; k++) {
      const taken = open.message(texts[k], lines[k]);
      if (!taken.ok) throw failureOf(plan, taken.error);
    }
    plan.onLines(lines[lines.length - 1]);
    await interruption.breathe();
  }
}

/** Feeds message k with row k. The files are read side by side, a block of each at a time. */
async function feedPairs(
  plan: LobsterPlan,
  orderbook: CaptureFile,
  open: LobsterImport,
  interruption: Interruption,
): Promise<void> {
  await lettingGo(readRows(plan.messages), (messages) =>
    lettingGo(readRows(orderbook), (rows) =>
      feedSideBySide(plan, createCursor(messages), createCursor(rows), open, interruption),
    ),
  );
}

async function feedSideBySide(
  plan: LobsterPlan,
  messages: Cursor,
  rows: Cursor,
  open: LobsterImport,
  interruption: Interruption,
): Promise<void> {
  let count = 0;
  while (await messages.fill()) {
    const paired = await rows.fill();
    const taken = Math.min(messages.texts.length - messages.at, paired ? rows.texts.length - rows.at : 1);
    for (let k = 0; k < taken; k++) {
      const row = paired ? { text: rows.texts[rows.at], line: rows.lines[rows.at] } : undefined;
      const done = open.message(messages.texts[messages.at], messages.lines[messages.at], row);
      if (!done.ok) throw failureOf(plan, done.error);
      messages.at++;
      rows.at++;
    }
    count += taken;
    plan.onLines(count);
    await interruption.breathe();
  }
  if (await rows.fill()) {
    throw failureOf(plan, { code: 'rowCount', file: 'orderbook', line: rows.lines[rows.at], rows: count });
  }
}

/** Runs an import; the tape is ended, its sink is the caller's to put in place. */
export async function runLobster(plan: LobsterPlan, interruption: Interruption): Promise<LobsterImported> {
  const { orderbook, config } = plan;
  const priceStep = config.priceStep ?? (await scanStep(plan, interruption));
  const open: { writer?: TapeWriter } = {};
  const started = createLobsterImport({
    ...config,
    priceStep,
    orderbook: orderbook !== undefined,
    emit: (event) => {
      const refused = writeEvent(open.writer!, event);
      if (refused !== undefined) throw tapeFailure(plan.messages.name, refused);
    },
  });
  if (!started.ok) throw failureOf(plan, started.error);
  const header = {
    observer: 'client' as const,
    epochNs: String(started.value.epochNs),
    producer: { name: 'truetape import lobster' },
    config: {
      symbol: config.symbol,
      date: config.date,
      utcOffsetMinutes: config.utcOffsetMinutes ?? 0,
      orderbook: orderbook !== undefined,
    },
  };
  const writing = { header, ports: nodePorts, frameBytes: plan.frameBytes };
  const writer =
    plan.encoding === 'rpl' ? createBinaryWriter(writing, plan.sink) : createTextWriter(writing, plan.sink);
  open.writer = writer;
  if (orderbook === undefined) await feedMessages(plan, started.value, interruption);
  else await feedPairs(plan, orderbook, started.value, interruption);
  const report = started.value.finish();
  const dataQuality = report as unknown as JsonObject;
  return { report, tape: endTape(writer, { build: { version: VERSION }, dataQuality }) };
}
