/** Writes what is made of the table of rules: its calls in order, and its page. `--check` only compares. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkSource } from './generate-check.ts';
import { riskMarkdown } from './generate-markdown.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');

/** Generated files by path from the repository's root. */
export function generatedFiles(): ReadonlyMap<string, string> {
  return new Map([
    ['packages/risk/src/generated/first-refusal.ts', checkSource()],
    ['docs/risk.md', riskMarkdown()],
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
