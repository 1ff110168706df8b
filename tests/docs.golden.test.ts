// Every command that a page shows is run, and prints what the page shows. `npm run goldens` writes what they
// print instead.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { testBundle } from '../apps/cli/tools/test-bundle.ts';
import { formatFinding } from '../tools/architecture/finding.ts';
import { formatLayerTable } from '../tools/architecture/layers.ts';
import { readFiles, readRepository, ROOT } from '../tools/architecture/repository.ts';
import { checkFences, parseConsole, rewriteConsole } from '../tools/docs/console.ts';
import { runConsole } from '../tools/docs/run-console.ts';

const PAGES = ['*.md', 'docs/**/*.md', '{packages,apps}/*/*.md', 'fixtures/**/*.md'];
const updating = process.env['TRUETAPE_GOLDENS'] === 'update';
const cli = await testBundle();
const pages = readFiles(ROOT, PAGES);

describe('commands', () => {
  const shown = pages.filter(({ text }) => parseConsole(text).length > 0);

  test.each(shown.map(({ path }) => path))('%s prints what it shows', { timeout: 600_000 }, (path) => {
    const text = readFileSync(join(ROOT, path), 'utf8');
    const commands = parseConsole(text);
    const outcomes = runConsole(commands, cli);
    if (updating) {
      expect(outcomes.map(({ exitCode }) => exitCode)).toEqual(commands.map(({ exitCode }) => exitCode));
      writeFileSync(
        join(ROOT, path),
        rewriteConsole(
          text,
          outcomes.map(({ output }) => output),
        ),
      );
    } else {
      const promised = commands.map(({ command, line, output, exitCode }) => ({
        at: `${path}:${line}`,
        command,
        output,
        exitCode,
      }));
      const printed = promised.map((one, index) => ({ ...one, ...outcomes[index] }));
      expect(printed).toEqual(promised);
    }
  });

  test('none is shown that no test runs', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const names = new Set(Object.keys(scripts));
    expect(pages.flatMap(({ path, text }) => checkFences(path, text, names)).map(formatFinding)).toEqual([]);
  });
});

test('the README prints the layers as the data has them', () => {
  const path = join(ROOT, 'README.md');
  const readme = readFileSync(path, 'utf8');
  const block = /(<!-- layers: [^>]* -->\n)([\s\S]*?)(\n<!-- \/layers -->)/;
  const table = formatLayerTable(new Set(readRepository().packages.map(({ folder }) => folder)));
  if (updating)
    writeFileSync(
      path,
      readme.replace(block, (_, open: string, __, close: string) => open + table + close),
    );
  else expect(block.exec(readme)?.[2]).toBe(table);
});
