// Draws and saved states of random streams as bytes; a test compares them across Nodes, time zones and locales.

import { createStream } from '../src/index.ts';

for (const [seed, name] of [
  ['1', 'maker'],
  [20_261_121, 'ıİ taker'],
] as const) {
  const stream = createStream(seed, name);
  for (let draw = 0; draw < 2_000; draw += 1)
    process.stdout.write(`${stream.nextInt(1 + draw * 7)} ${stream.next()}\n`);
  process.stdout.write(`${JSON.stringify(stream.save())}\n`);
}
