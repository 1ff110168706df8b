/** Facts of a tape, against those that have to follow. */
import { FLAG_SNAPSHOT, Kind, NONE, codeOfName, kindName, nameOfCode } from '@truetape/contracts';
import { compareFacts } from './compare-facts.ts';
import { difference, follow, refusal } from './state.ts';
import type { ReplayState, Shown, VenueFact } from './state.ts';
import type { ReplayStop } from './stop.ts';

/** Code of `rejectedBy` that a book's rejects carry. */
const BY_VENUE = codeOfName('rejectedBy', 'venue')!;

/** Who of those before the matcher, or beside it, said this; undefined where the venue did. */
function saidElsewhere(state: ReplayState, fact: VenueFact): Shown | undefined {
  if (fact.kind === Kind.Rejected && fact.by !== 0 && fact.by !== BY_VENUE)
    return { field: 'by', expected: 'venue', found: nameOfCode('rejectedBy', fact.by) };
  const role = state.tables.source.byIndex[fact.source]?.value['role'];
  if (typeof role !== 'string' || role === 'venue') return undefined;
  return { field: 'source', expected: 'venue', found: role };
}

/** Takes a fact; why the replay stops there. */
export function takeFact(state: ReplayState, fact: VenueFact): ReplayStop | undefined {
  const { expected, next, command } = state;
  const isAwaited = next < expected.length && fact.cause === command!.seq && fact.causeTape === 0;
  // An answer to a command of this tape is no order that was there before.
  if ((fact.flags & FLAG_SNAPSHOT) !== 0)
    return isAwaited
      ? difference(state, 'fact', fact, { field: 'SNAPSHOT', expected: 'none', found: 'SNAPSHOT' })
      : refusal('snapshot', fact, 'flags', 'no SNAPSHOT', 'SNAPSHOT');
  if (!state.compares) return undefined;
  const found = kindName(fact.kind);
  const elsewhere = saidElsewhere(state, fact);
  if (elsewhere !== undefined) {
    // It answers a command that has reached the matcher: that one has to do so.
    if (isAwaited) return difference(state, 'fact', fact, elsewhere);
    if (fact.kind === Kind.Rejected) state.stoppedCount += 1;
    else state.othersCount += 1;
    return undefined;
  }
  if (fact.causeTape > 0 && fact.causeTape <= (state.config.parentCount ?? 0))
    return refusal('merge', fact, 'causeTape', '0', fact.causeTape);
  if (state.unanswered !== NONE) {
    const shown = { field: 'kind', expected: 'a fact', found };
    return { ...difference(state, 'unanswered', fact, shown), command: state.unanswered };
  }
  if (next === expected.length)
    return difference(state, 'surplus', fact, { field: 'kind', expected: 'a command or the end', found });
  const wrong = compareFacts(expected[next], fact, command!);
  if (wrong !== undefined) return difference(state, 'fact', fact, wrong);
  state.next += 1;
  state.factCount += 1;
  return follow(state, fact);
}
