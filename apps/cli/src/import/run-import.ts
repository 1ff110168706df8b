/** Imports captures into a tape: one pass where everything is given, otherwise two. */
import { createBinanceImport, createBinanceScan } from '@truetape/adapters';
import type {
  BinanceImportConfig,
  BinanceScan,
  ImportError,
  ImportReport,
  ImportStart,
} from '@truetape/adapters';
import type { JsonObject, Result } from '@truetape/contracts';
import { nodePorts, readLines } from '@truetape/host';
import type { OpenSink } from '@truetape/host';
import { createBinaryWriter, createTextWriter, endTape, writeEvent } from '@truetape/tape';
import type { TapeEnd, TapeHeader, TapeWriter } from '@truetape/tape';
import { usageFailure } from '../failure.ts';
import type { Interruption } from '../interruption.ts';
import { tapeFailure } from '../wording.ts';
import { VERSION } from '../version.ts';
import { importFailure } from './wording.ts';

/** A file of the capture: how the user named it, and where its bytes are. */
export interface CaptureFile {
  readonly name: string;
  readonly path: string;
}

export interface ImportPlan {
  readonly files: readonly CaptureFile[];
  readonly sink: OpenSink;
  readonly encoding: 'rpl' | 'text';
  readonly frameBytes: number;
  /** A first pass is needed. */
  readonly scans: boolean;
  readonly config: Omit<BinanceImportConfig, 'emit' | 'begin' | 'scan'>;
  readonly onLines: (lines: number) => void;
}

/** An import that came to its end. */
export interface Imported {
  readonly report: ImportReport;
  readonly start: ImportStart;
  readonly scan: BinanceScan | undefined;
  readonly tape: TapeEnd;
}

/** Lines are numbered through all files; errors name the file and the line in it. */
interface LineNumbers {
  readonly starts: { readonly name: string; readonly firstLine: number }[];
}

function placeOf(numbers: LineNumbers, line: number): string {
  const file = numbers.starts.findLast(({ firstLine }) => firstLine <= line);
  if (line === 0 || file === undefined)
    return numbers.starts.map(({ name }) => name).join(', ') || 'the capture';
  return `${file.name}:${line - file.firstLine + 1}`;
}

type TakeLine = (text: string, line: number) => Result<void, ImportError>;

/** Feeds all lines of all files, in the order given. Throws a failure with its place. */
async function feed(plan: ImportPlan, take: TakeLine, interruption: Interruption): Promise<LineNumbers> {
  const numbers: LineNumbers = { starts: [] };
  let before = 0;
  for (const { name, path } of plan.files) {
    numbers.starts.push({ name, firstLine: before + 1 });
    let last = 0;
    for await (const { firstLine, lines } of readLines(path)) {
      for (let k = 0; k < lines.length; k++) {
        const taken = take(lines[k], before + firstLine + k);
        if (!taken.ok) throw importFailure(taken.error, placeOf(numbers, taken.error.line));
      }
      last = firstLine + lines.length - 1;
      plan.onLines(before + last);
      await interruption.breathe();
    }
    before += last;
  }
  return numbers;
}

async function scanCapture(plan: ImportPlan, interruption: Interruption): Promise<BinanceScan> {
  const { onBadLine } = plan.config;
  const scanner = createBinanceScan(onBadLine === undefined ? {} : { onBadLine });
  await feed(plan, scanner.line, interruption);
  return scanner.finish();
}

/** Throws for a symbol that the capture does not have: a typing error would make an empty tape. */
function checkSymbols({ config }: ImportPlan, scan: BinanceScan, names: string): void {
  const known = scan.symbols.map(({ symbol }) => symbol);
  const missing = (config.symbols ?? []).filter((symbol) => !known.includes(symbol));
  if (missing.length === 0) return;
  const found = known.join(', ') || 'none';
  throw usageFailure(`${names}: expected messages of ${missing.join(', ')}, found those of ${found}`);
}

function headerOf(plan: ImportPlan, start: ImportStart): TapeHeader {
  const { clockOffset = 'measure', onBadLine = 'fail', symbols } = plan.config;
  return {
    observer: 'client',
    epochNs: String(start.epochNs),
    producer: { name: 'truetape import binance' },
    config: {
      market: start.market,
      clockOffset: String(clockOffset),
      onBadLine,
      ...(symbols === undefined ? {} : { symbols: [...symbols] }),
    },
  };
}

/** Runs an import; the tape is ended, its sink is the caller's to put in place. */
export async function runImport(plan: ImportPlan, interruption: Interruption): Promise<Imported> {
  const scan = plan.scans ? await scanCapture(plan, interruption) : undefined;
  const names = plan.files.map(({ name }) => name).join(', ');
  if (scan !== undefined) checkSymbols(plan, scan, names);
  let writer: TapeWriter | undefined;
  let start: ImportStart | undefined;
  const begin = (given: ImportStart): void => {
    start = given;
    const config = { header: headerOf(plan, given), ports: nodePorts, frameBytes: plan.frameBytes };
    writer =
      plan.encoding === 'rpl' ? createBinaryWriter(config, plan.sink) : createTextWriter(config, plan.sink);
  };
  const started = createBinanceImport({
    ...plan.config,
    ...(scan === undefined ? {} : { scan }),
    begin,
    emit: (event) => {
      const refused = writeEvent(writer!, event);
      if (refused !== undefined) throw tapeFailure(names, refused);
    },
  });
  if (!started.ok) throw importFailure(started.error, names);
  const numbers = await feed(plan, started.value.line, interruption);
  const finished = started.value.finish();
  if (!finished.ok) throw importFailure(finished.error, placeOf(numbers, finished.error.line));
  const report = finished.value;
  const dataQuality = report as unknown as JsonObject;
  const tape = endTape(writer!, { build: { version: VERSION }, dataQuality });
  return { report, start: start!, scan, tape };
}
