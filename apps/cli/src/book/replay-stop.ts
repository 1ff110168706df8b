/** Why a replay stopped, as the end of a command. */
import { NONE, kindName, nameOfCode } from '@truetape/contracts';
import type { ReplayDifference, ReplayRefusal, ReplayStop } from '@truetape/replay';
import { CliFailure, EXIT } from '../failure.ts';
import { quoted } from '../wording.ts';

/** What differs, in words. */
export function differenceText(stop: ReplayDifference): string {
  const { code, kind, field, expected, found, command } = stop;
  switch (code) {
    case 'missing':
      return `kind: expected ${expected} of the command at seq ${command}, found ${found}`;
    case 'unanswered':
      return `kind: expected a fact of the command at seq ${command} before it, found ${found}`;
    case 'surplus':
      return `kind: expected a command or the end, found ${found}`;
    case 'fact':
    case 'checkpoint':
    case 'orders':
      return `${kindName(kind)}, ${field}: expected ${expected}, found ${found}`;
  }
}

function differenceFailure(name: string, stop: ReplayDifference): CliFailure {
  const { seq, kind, command, gaps } = stop;
  const from = command === NONE ? Math.max(seq - 1, 0) : Math.min(command, seq);
  const view = `truetape tape view ${quoted(name)} --from-seq ${from} --to-seq ${seq}`;
  const next = gaps
    ? `events are missing: run the whole tape, not a part of it; see ${view}`
    : `${kind === 0 ? 'its end is missing, ' : ''}it was changed, or made under other rules: see ${view}`;
  const text = `${name} does not match its commands at seq ${seq}: ${differenceText(stop)}`;
  return new CliFailure(EXIT.mismatch, text, next);
}

const VOCABULARY_OF = { type: 'orderType', tif: 'tif', qtyMode: 'qtyMode', postOnly: 'postOnly' } as const;

function foundText(field: string, found: number | string): string {
  if (typeof found === 'string') return found;
  const vocabulary = VOCABULARY_OF[field as keyof typeof VOCABULARY_OF];
  if (vocabulary !== undefined) return found === 0 ? 'none' : nameOfCode(vocabulary, found);
  return found === NONE ? 'none' : String(found);
}

/** What cannot be replayed, and what to do instead. */
export function refusalText(stop: ReplayRefusal): { readonly text: string; readonly next: string } {
  const { code, seq, kind, field, expected, found } = stop;
  switch (code) {
    case 'observer':
      return {
        text: `expected the tape of a venue, found that of a ${found}`,
        next: 'what a client comes to know is not what the books did: replay the tape of its venue',
      };
    case 'extract':
      return {
        text: `seq ${seq}: expected all events, found none before seq ${found}`,
        next: 'replay the whole tape: the state of its books follows from all commands',
      };
    case 'merge':
      return {
        text: `seq ${seq}: expected the answer to a command of this tape, found one of parent ${found}`,
        next: 'it is a merge: replay each of the tapes that it was made of',
      };
    case 'snapshot':
      return {
        text: `seq ${seq}: expected a tape that begins with an empty book, found orders of a snapshot`,
        next: 'run the tape from its beginning',
      };
    case 'define':
      return {
        text: `seq ${seq}: a bad Define: expected ${expected}, found ${found}`,
        next: 'nothing can be said of what follows it',
      };
    case 'unsupported':
      return {
        text:
          `seq ${seq}: ${kindName(kind)}, ${field}: ` +
          `expected ${expected}, found ${foundText(field, found)}`,
        next: 'a book has no rule for it: leave such commands out, or run them in a simulated venue',
      };
  }
}

/** The end of a command whose replay of a tape has stopped. */
export function stopFailure(name: string, stop: ReplayStop): CliFailure {
  if (stop.type === 'difference') return differenceFailure(name, stop);
  const { text, next } = refusalText(stop);
  const exitCode = stop.code === 'define' ? EXIT.corrupt : EXIT.failure;
  return new CliFailure(exitCode, `${name}: ${text}`, next);
}
