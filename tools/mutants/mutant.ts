/** A fault that is put into the code under test on purpose, to see whether the tests would have found it. */
export interface Mutant {
  readonly id: string;
  /** The source that is changed, from the root of the repository. */
  readonly file: string;
  /** Text that stands in it exactly once, and what takes its place. */
  readonly find: string;
  readonly replace: string;
  /** What goes wrong with it. */
  readonly why: string;
  /** The smallest set of test files that has to notice. */
  readonly suite: readonly string[];
  /** Those of its tests whose names have this, where all of them take long. */
  readonly named?: string;
  /** It may keep a test from ending: the time that is up counts as noticed. */
  readonly mayHang?: true;
}

/** A mutant of a list whose members share their file and their tests. */
export type Change = Pick<Mutant, 'id' | 'find' | 'replace' | 'why'> & Partial<Mutant>;

/** Makes mutants of one file, which the same tests have to notice. */
export function mutantsOf(file: string, suite: readonly string[], changes: readonly Change[]): Mutant[] {
  return changes.map((change) => ({ file, suite, ...change }));
}

/** The text with the fault in it; why there is none, where the source is no longer the one that was meant. */
export function applyMutant({ find, replace }: Mutant, text: string): { text: string } | { why: string } {
  const parts = text.split(find);
  const count = parts.length - 1;
  if (count !== 1) return { why: `no longer applies: its text stands there ${count} times` };
  return find === replace ? { why: 'changes nothing' } : { text: parts.join(replace) };
}
