/**
 * Writes what is made of the transition table: its page with the table and the diagram, and the list of every
 * state and event for the exhaustive test. `--check` only compares.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { casesSource } from './generate-cases.ts';
import { ordersMarkdown } from './generate-markdown.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');

/** Generated files by path from the repository's root. */
export function generatedFiles(): ReadonlyMap<string, string> {
  return new Map([
    ['docs/orders.md', ordersMarkdown()],
    ['packages/orders/test/generated/every-transition.ts', casesSource()],
  ]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const check = process.argv.includes('--check');
  for (const [path, text] of generatedFiles()) {
    const file = join(root, path);
    if (check) {
      if (readFileSync(file, 'utf8') !== text) {
        console.error(`${path} is not what the table generates: npm run generate`);
        process.exitCode = 1;
      }
    } else {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      console.error(`wrote ${path}`);
    }
  }
}
