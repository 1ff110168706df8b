// LOBSTER files against an exchange that knows nothing of the import.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { Kind } from '@truetape/contracts';
import { createStream } from '@truetape/kernel';
import { describe, expect, test } from 'vitest';
import { countKinds, hashEvents } from './capture.ts';
import { writeLobster, type LobsterFiles } from './lobster-exchange.ts';
import { checkAgainstRows, importRows, LOBSTER, readPair } from './lobster.ts';
import { checkProperty, seeds } from './property.ts';

const DAY_NS = BigInt(Date.UTC(2024, 0, 2)) * 1_000_000n;

describe('the small pair', () => {
  const { messages, rows } = readPair();

  test('is what make.ts writes', () => {
    const folder = mkdtempSync(join(tmpdir(), 'lobster-'));
    try {
      execFileSync(process.execPath, [join(LOBSTER, 'make.ts'), folder]);
      const names = readdirSync(folder);
      expect(names).toHaveLength(2);
      for (const name of names) {
        expect(readFileSync(join(folder, name), 'utf8')).toBe(readFileSync(join(LOBSTER, name), 'utf8'));
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('holds every type, empty levels, unknown ids and levels that come to light', () => {
    const { report } = importRows(messages, rows);
    expect(Object.values(report?.types ?? {}).every((count) => count > 0)).toBe(true);
    expect(rows.some((row) => row.includes('9999999999,0'))).toBe(true);
    expect(report?.unknownIds).toBeGreaterThan(0);
    expect(report?.orderbook).toMatchObject({ checked: rows.length - 1, different: 0 });
    expect(report?.orderbook?.revealed).toBeGreaterThan(0);
  });

  test.each([
    ['with', rows],
    ['without', undefined],
  ])('%s its order book file gives the same report and records as ever', async (name, given) => {
    const imported = importRows(messages, given);
    const shown = {
      report: imported.report,
      kinds: countKinds(imported.events),
      events: hashEvents(imported.events, DAY_NS),
    };
    await expect(`${JSON.stringify(shown, null, 2)}\n`).toMatchFileSnapshot(`golden/lobster-${name}.json`);
  });

  test('its tape folds to every row of the order book file', () => {
    const book = checkAgainstRows(importRows(messages, rows), rows);
    expect(book.depthLimit).toBe(5);
  });
});

const config = fc.record({
  name: fc.string({ minLength: 1, maxLength: 8 }),
  depth: fc.integer({ min: 1, max: 6 }),
  rows: fc.integer({ min: 1, max: 120 }),
  unseen: fc.constantFrom(0, 3, 200),
  orders: fc.constantFrom(2, 12, 40, 90),
  price: fc.constantFrom(5_853_300, 20_000),
  tick: fc.constantFrom(100, 50, 2, 10_000),
});

const write = ({ name, ...rest }: typeof config extends fc.Arbitrary<infer C> ? C : never): LobsterFiles =>
  writeLobster({ ...rest, random: createStream('lobster property', name) });

describe('random pairs', () => {
  test.each(seeds(20_260_711))('fold to every row, and all transitions agree (seed %i)', (seed) => {
    let revealed = 0;
    checkProperty(
      seed,
      fc.property(config, (given) => {
        fc.pre(given.price > given.tick * 20);
        const { messages, rows } = write(given);
        const imported = importRows(messages, rows);
        expect(imported.error).toBeUndefined();
        checkAgainstRows(imported, rows);
        const check = imported.report?.orderbook;
        expect(check).toMatchObject({ checked: rows.length - 1, different: 0 });
        revealed += check?.revealed ?? 0;
        hashEvents(imported.events, DAY_NS);
      }),
      150,
    );
    expect(revealed).toBeGreaterThan(0);
  });

  test.each(seeds(20_260_712))(
    'a row that is changed is found, and the book follows it (seed %i)',
    (seed) => {
      checkProperty(
        seed,
        fc.property(config, fc.nat(), fc.nat(), (given, which, cell) => {
          fc.pre(given.price > given.tick * 20 && given.rows > 3);
          const { messages, rows } = write(given);
          const k = 1 + (which % (rows.length - 2));
          const cells = rows[k].split(',').map(Number);
          const sizes = cells.flatMap((size, at) => (at % 2 === 1 && size > 0 ? [at] : []));
          fc.pre(sizes.length > 0);
          cells[sizes[cell % sizes.length]] += 1;
          rows[k] = cells.join(',');
          const imported = importRows(messages, rows);
          const check = imported.report?.orderbook;
          // A level that row k reveals may hold anything; row k + 1 contradicts it where it shows it still.
          const lines = check?.differences.map(({ line }) => line) ?? [];
          expect(lines.every((line) => line === k + 1 || line === k + 2)).toBe(true);
          expect((check?.different ?? 0) > 0 || (check?.revealed ?? 0) > 0).toBe(true);
          const marks = imported.events.filter(({ kind }) => kind === Kind.FeedStatus);
          expect(marks).toHaveLength(2 * (check?.different ?? 0));
          checkAgainstRows(imported, rows);
        }),
        150,
      );
    },
  );
});
