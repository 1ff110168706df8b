/** The speed of an import, against what no import can do without: decompressing and parsing JSON. */
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { createBinanceImport, createBinanceScan } from '@truetape/adapters';
import type { BinanceScan } from '@truetape/adapters';
import { createFileSink, nodePorts, readLines } from '@truetape/host';
import { createBinaryWriter, endTape, writeEvent } from '@truetape/tape';
import type { TapeWriter } from '@truetape/tape';
import { measureAsync } from './measure.ts';
import { withinRow } from './report.ts';
import type { BenchRow } from './report.ts';

/** gunzip, lines, JSON.parse: nothing is kept. Lines carry a time before their JSON. */
async function parseOnly(path: string): Promise<number> {
  let lines = 0;
  let rest = '';
  const stream = createReadStream(path).pipe(createGunzip());
  stream.setEncoding('latin1');
  for await (const chunk of stream as AsyncIterable<string>) {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    for (const line of parts) JSON.parse(line.slice(line.indexOf(' ') + 1));
    lines += parts.length;
  }
  return lines;
}

async function scan(path: string): Promise<BinanceScan> {
  const scanner = createBinanceScan();
  for await (const block of readLines(path)) {
    for (let k = 0; k < block.lines.length; k++) {
      const read = scanner.line(block.lines[k], block.firstLine + k);
      if (!read.ok) throw new Error(`${path} line ${read.error.line}: ${read.error.code}`);
    }
  }
  return scanner.finish();
}

/** The second pass, or the only one when steps are given. */
async function importOnce(
  path: string,
  target: string,
  from: BinanceScan | { priceStep: string; qtyStep: string },
): Promise<number> {
  const sink = createFileSink(target, { force: true });
  let writer: TapeWriter | undefined;
  const started = createBinanceImport({
    ...('complete' in from ? { scan: from } : from),
    begin: ({ epochNs }) => {
      const header = {
        observer: 'client',
        epochNs: String(epochNs),
        producer: { name: 'truetape bench' },
      } as const;
      writer = createBinaryWriter({ header, ports: nodePorts }, sink);
    },
    emit: (event) => {
      const refused = writeEvent(writer!, event);
      if (refused !== undefined) throw new Error(`the tape refused an event: ${refused.found}`);
    },
  });
  if (!started.ok) throw new Error(`${path}: ${started.error.code}`);
  let lines = 0;
  for await (const block of readLines(path)) {
    for (let k = 0; k < block.lines.length; k++) {
      const read = started.value.line(block.lines[k], block.firstLine + k);
      if (!read.ok) throw new Error(`${path} line ${read.error.line}: ${read.error.code}`);
    }
    lines += block.lines.length;
  }
  const report = started.value.finish();
  if (!report.ok) throw new Error(`${path}: ${report.error.code}`);
  endTape(writer!);
  sink.commit();
  return lines;
}

/** Measures one capture (gzip, of one symbol): both ways of importing it against parsing alone. */
export async function benchImport(capture: string, target: string, runs: number): Promise<BenchRow[]> {
  const scanned = await scan(capture);
  const [symbol] = scanned.symbols;
  const steps = { priceStep: symbol.priceStep, qtyStep: symbol.qtyStep };
  const parse = await measureAsync('gunzip + JSON.parse', runs, () => parseOnly(capture));
  // One unmeasured pass of each: a process that imports a day has long been warm.
  await importOnce(capture, target, steps);
  const twoPasses = await measureAsync('import', runs, async () =>
    importOnce(capture, target, await scan(capture)),
  );
  const onePass = await measureAsync('import with steps', runs, () => importOnce(capture, target, steps));
  return [
    withinRow(
      `import of ${symbol.symbol} (${scanned.market}) against gunzip and JSON.parse alone`,
      4,
      twoPasses,
      parse,
    ),
    withinRow(`the same with tick and lot given`, 3, onePass, parse),
  ];
}
