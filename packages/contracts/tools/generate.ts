/**
 * Writes the generated sources of this package from the declarations in src/kinds:
 * the event types, the codec, the field documentation and the JSON Schema. `--check` only compares.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { codecSource } from './generate-codec.ts';
import { eventsMarkdown } from './generate-markdown.ts';
import { eventsSchema } from './generate-schema.ts';
import { typesSource } from './generate-types.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');

/** Generated files by path from the repository's root. */
export function generatedFiles(): ReadonlyMap<string, string> {
  return new Map([
    ['packages/contracts/src/generated/events.ts', typesSource()],
    ['packages/contracts/src/generated/codec.ts', codecSource()],
    ['docs/formats/events.md', eventsMarkdown()],
    ['docs/formats/events.schema.json', eventsSchema()],
  ]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const check = process.argv.includes('--check');
  for (const [path, text] of generatedFiles()) {
    const file = join(root, path);
    if (check) {
      if (readFileSync(file, 'utf8') !== text) {
        console.error(`${path} is not what the declarations generate: npm run generate`);
        process.exitCode = 1;
      }
    } else {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      console.error(`wrote ${path}`);
    }
  }
}
