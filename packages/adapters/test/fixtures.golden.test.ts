import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { topOf } from '@truetape/marketdata';
import {
  countKinds,
  FIXTURES,
  hashEvents,
  importLines,
  missingReal,
  readCapture,
  REAL,
  type Imported,
} from './capture.ts';
import { checkTape } from './tape-check.ts';

const SMALL = ['usdm-small.txt', 'spot-small.txt.gz', 'coinm-small.txt'];

/** What a golden holds: the report, counts by kind, and a hash over all records. */
function golden(imported: Imported): string {
  const epochNs = imported.scan?.firstTimeNs ?? 0n;
  const shown = {
    report: imported.report,
    kinds: countKinds(imported.events),
    events: hashEvents(imported.events, epochNs),
  };
  return `${JSON.stringify(shown, null, 2)}\n`;
}

// Fails when make.ts, or a random stream under it, gives other bytes: the committed files are then not its own.
test('the small captures are what make.ts writes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'captures-'));
  try {
    execFileSync(process.execPath, [join(FIXTURES, 'make.ts'), folder]);
    for (const name of SMALL) {
      // Compressed bytes depend on the zlib of the Node that wrote them.
      const read = (path: string): Buffer =>
        name.endsWith('.gz') ? gunzipSync(readFileSync(path)) : readFileSync(path);
      expect(read(join(folder, name)).equals(read(join(FIXTURES, name)))).toBe(true);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe.each(SMALL)('%s', (name) => {
  const imported = importLines(readCapture(join(FIXTURES, name)));

  test('imports to the same report and records as ever', async () => {
    await expect(golden(imported)).toMatchFileSnapshot(`golden/${name}.json`);
  });

  test('its tape folds to the book of the report, and no quote contradicts it', () => {
    const books = checkTape(imported.events);
    const { report } = imported;
    const reports =
      report === undefined ? [] : 'instruments' in report ? Object.values(report.instruments) : [report];
    expect(reports.length).toBeGreaterThan(0);
    reports.forEach((one, at) => {
      const book = books.get(at + 1);
      const top = book === undefined ? undefined : topOf(book);
      if (one.book.bid !== null) {
        expect(top).toMatchObject({ bidTicks: one.book.bid.priceTicks, bidLots: one.book.bid.qtyLots });
      }
      expect(one.oracle.different).toBe(0);
      expect(one.oracle.checked).toBe(one.oracle.equal + one.oracle.outside + one.oracle.different);
      expect(one.depthUpdates).toBe(one.depth.applied + one.depth.dropped + one.depth.doubted);
    });
  });
});

const missing = missingReal();
if (missing !== undefined) console.warn(missing);

describe.skipIf(missing !== undefined).each(['usdm_btcusdt_20240808.gz', 'spot_btcusdt_20240808.gz'])(
  'real capture %s',
  (name) => {
    // Fails when the book is wrong anywhere: the exchange's own quotes are held against it. The golden locks
    // the distributions of drift.
    test('imports with the exchange’s own best prices, and to the same report and records as ever', async () => {
      const imported = importLines(readCapture(join(REAL, name)));
      await expect(golden(imported)).toMatchFileSnapshot(`golden/${name}.json`);
      expect(imported.report).toMatchObject({
        oracle: { different: 0 },
        depth: { gaps: 0, crossed: 0, bridged: 1 },
      });
    });
  },
);
