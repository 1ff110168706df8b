// A log that ends at any byte, as one does whose server was killed there.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scratchFolder } from './truetape.ts';
import { createScript, readSurvivors, withoutSeq } from './wal-kill-script.ts';
import { copyOf, killedBehind, serveLines } from './wal-log.ts';

const cwd = scratchFolder();
const SEGMENT = '00000001.rpl';
const COMMANDS = 4;
/** Those of the commands, of what is defined, of the Session, and the header. */
const FRAMES = COMMANDS + 3;

// Fails when an end in the middle of a commit leaves a part of it, when one between the Session and what is defined
// behind it (where a server was killed once) is anything but an empty log, or when a server does not go on from there.
test('wherever a log ends, it holds the commands before that, and goes on (seed ends)', async () => {
  const script = await createScript('ends', COMMANDS);
  const folder = join(cwd, 'log');
  await killedBehind(folder, script.lines);
  const reserved = readFileSync(join(folder, SEGMENT));
  const lastByte = reserved.findLastIndex((byte) => byte !== 0);
  const whole = reserved.subarray(0, Math.ceil((lastByte + 1) / 8) * 8);
  const cut = copyOf(folder, 'cut');
  const end = (size: number) => {
    writeFileSync(join(cut, SEGMENT), whole.subarray(0, size));
    return readSurvivors(cut, script);
  };
  /** Where the frames end, and how many commands are there. */
  const ends = new Map<number, number>();
  let size = whole.length;
  for (; ends.size < FRAMES; size--) {
    const { report, seqs } = end(size)!;
    if (report.torn === undefined) ends.set(size, seqs.length);
  }
  expect([...ends.values()]).toEqual([4, 3, 2, 1, 0, 0, 0]);
  expect(() => end(size)).toThrow('bytes of header');
  for (const frameEnd of ends.keys()) {
    end(frameEnd);
    const said = (await serveLines(cut, script.lines)).join('').trimEnd().split('\n');
    expect(said.map(withoutSeq)).toEqual(script.answers.flat());
    expect(readSurvivors(cut, script)!.seqs).toHaveLength(COMMANDS);
  }
});
