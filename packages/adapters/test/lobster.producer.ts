// The small LOBSTER pair as events, with its report: the same under every Node, time zone and locale.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLobsterImport, createLobsterScan, parseLobsterName } from '../src/index.ts';

const FOLDER = join(import.meta.dirname, '../../../fixtures/lobster');
const fileOf = (kind: string): string => `SYNT_2024-01-02_34200000_57600000_${kind}_5.csv`;
const linesOf = (kind: string): string[] =>
  readFileSync(join(FOLDER, fileOf(kind)), 'utf8')
    .trimEnd()
    .split('\n');

const messages = linesOf('message');
const rows = linesOf('orderbook');
const scan = createLobsterScan();
messages.forEach((text, at) => scan.message(text, at + 1));
rows.forEach((text, at) => scan.row(text, at + 1));
const name = parseLobsterName(fileOf('message'));
const started = createLobsterImport({
  emit: (event) => process.stdout.write(`${JSON.stringify(event)}\n`),
  symbol: name?.symbol ?? '',
  date: name?.date ?? '',
  dateFrom: 'fileName',
  priceStep: scan.priceStep(),
  orderbook: true,
});
if (!started.ok) throw new Error(started.error.code);
messages.forEach((text, at) => started.value.message(text, at + 1, { text: rows[at], line: at + 1 }));
process.stdout.write(`${started.value.epochNs} ${JSON.stringify(started.value.finish())}\n`);
