// Runs producers of bytes one behind the other, and prints the hash of what each wrote to stdout, or why it failed.
//
//   node tests/run-producers.ts <producer> …

import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const write = process.stdout.write.bind(process.stdout);
const lines: string[] = [];
for (const producer of process.argv.slice(2)) {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  process.stdout.write = (chunk: string | Uint8Array) => {
    const bytes = Buffer.from(chunk as string);
    sizeBytes += bytes.length;
    hash.update(bytes);
    return true;
  };
  let failure = '';
  try {
    await import(pathToFileURL(resolve(producer)).href);
  } catch (error) {
    failure = String(error);
  }
  lines.push(JSON.stringify({ producer, sizeBytes, hash: hash.digest('hex'), failure }));
}
write(`${lines.join('\n')}\n`);
