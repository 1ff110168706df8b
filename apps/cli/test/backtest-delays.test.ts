// Measured delays that a configuration takes from a file, and one that no tape has room for.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configJsonSchema } from '@truetape/backtest';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../src/backtest/config-source.ts';
import type { ConfigOptions } from '../src/backtest/config-source.ts';
import { schemaWithFiles } from '../src/backtest/delay-files.ts';
import { CliFailure } from '../src/failure.ts';
import { scratchFolder } from './truetape.ts';

const cwd = scratchFolder();
const at = (name: string): string => join(cwd, name);
const latency = (value: object): string => `latency.order=${JSON.stringify(value)}`;
const fromFile = (name: string): object => ({ kind: 'empirical', file: at(name) });
const MEASURED = { kind: 'empirical', valuesNs: [1_000_000, 2_500_000, 900_000] };

beforeAll(() => {
  writeFileSync(at('delays.txt'), '# of a morning\r\n1000000\n\n2500000\n 900000');
  writeFileSync(at('venue.json'), JSON.stringify({ latency: { order: fromFile('delays.txt') } }));
  writeFileSync(at('none.txt'), '# nothing yet\n');
  writeFileSync(at('words.txt'), '5\n1.5\n');
  writeFileSync(at('long.txt'), '1099511627777\n');
  writeFileSync(at('many.txt'), '1000000000\n'.repeat(80_000));
});

describe('delays from a file', () => {
  // Fails where the header would name a file that whoever has the tape does not have.
  test.each<[string, ConfigOptions]>([
    ['that a configuration names', { config: at('venue.json') }],
    ['that --set names', { set: [latency(fromFile('delays.txt'))] }],
    ['that --set names over another', { config: at('venue.json'), set: [latency(fromFile('delays.txt'))] }],
  ])('%s stand in the configuration as they are', async (_, options) => {
    const { order, feed } = (await loadConfig(options)).latency;
    expect(order).toEqual(MEASURED);
    expect(feed).toEqual({ kind: 'fixed', ns: 1_000_000 });
  });

  // Fails where editors refuse what a run takes.
  test('are in the schema of each latency', () => {
    const { latency: of } = schemaWithFiles(configJsonSchema())['properties'] as unknown as {
      readonly latency: { readonly properties: Readonly<Record<string, { readonly oneOf: object[] }>> };
    };
    const channels = Object.entries(of.properties);
    expect(channels.map(([name]) => name)).toEqual(['feed', 'order', 'cancel', 'response']);
    for (const [, { oneOf }] of channels)
      expect(oneOf.at(-1)).toMatchObject({ required: ['kind', 'file'], additionalProperties: false });
  });

  test.each([
    ['none.txt', /none\.txt: expected delays in ns, one a line, found none$/],
    ['words.txt', /words\.txt:2: expected a delay in whole ns, found 1\.5$/],
    ['long.txt', /1 problem$/],
    ['many.txt', /1 problem$/],
  ])('%s is refused', async (name, said) => {
    const failure: unknown = await loadConfig({ set: [latency(fromFile(name))] }).catch((error) => error);
    expect(failure).toBeInstanceOf(CliFailure);
    expect(failure).toMatchObject({ exitCode: 2, message: expect.stringMatching(said) as string });
  });

  test('a file beside values, or of another kind of delay, is no setting', async () => {
    for (const wrong of [
      { ...MEASURED, file: 'x' },
      { kind: 'fixed', ns: 1, file: 'x' },
    ]) {
      const failure: unknown = await loadConfig({ set: [latency(wrong)] }).catch((error) => error);
      expect(failure).toMatchObject({ exitCode: 2, next: expect.stringMatching(/order\.file: there is no/) });
    }
  });
});

// Fails where the header of a tape is what notices: that is an error of the program, and no usage.
test('a configuration that no header holds is told so', async () => {
  const failure: unknown = await loadConfig({ set: [latency(fromFile('many.txt'))] }).catch((error) => error);
  const next = expect.stringMatching(/\(the whole\): \d{6} bytes as JSON, where a tape has room for 800000/);
  expect(failure).toMatchObject({ exitCode: 2, next });
});
