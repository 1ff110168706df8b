/**
 * Output in lines makes short strings by the million. V8 answers by letting the heap grow to some 200 MB before it
 * collects, for no gain in time: told to grow it slowly, the process stays below 200 MB in all (ten million
 * events: 165 MB and 7.3 s as JSON Lines, against 235 MB and 7.9 s).
 */
import { setFlagsFromString } from 'node:v8';

/** Lets V8's heap grow slowly. Both are hints to its heuristics, which it reads whenever it has collected. */
export function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=30');
}
