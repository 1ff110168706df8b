// INVARIANTS.md against code and tests: an invariant that no code names, or no test holds, is only a wish.

import type { Finding } from '../architecture/finding.ts';
import type { TextFile } from '../architecture/repository.ts';
import { isNode, lineAt, literalText, parseSource, walk } from '../architecture/syntax.ts';

/** The three places that must agree. */
export type InvariantPlaces = {
  /** The page whose table rows begin with `| ID |`. */
  readonly page: TextFile;
  readonly sources: readonly TextFile[];
  readonly tests: readonly TextFile[];
};

const ID = /[A-Z][A-Z0-9]*-\d+/;
/** Calls whose literal argument names an invariant, and the position of that argument. */
const NAMED_BY: ReadonlyMap<string, number> = new Map([
  ['assert', 1],
  ['InvariantError', 0],
]);

/** Ids without code, without a test, listed twice, or used without being listed. */
export function checkInvariants({ page, sources, tests }: InvariantPlaces): readonly Finding[] {
  const listed = listedIds(page);
  const known = new Set(listed.map(({ id }) => id));
  const inSources = mentionedIds(sources);
  const inTests = mentionedIds(tests);
  const findings: Finding[] = [];
  const seen = new Set<string>();
  for (const { id, line } of listed) {
    const report = (rule: string, message: string): number =>
      findings.push({ path: page.path, line, rule, message });
    if (seen.has(id)) report('invariant-twice', `${id} is listed twice`);
    if (!inSources.has(id)) report('invariant-without-code', `${id} stands in no source file`);
    if (!inTests.has(id)) report('invariant-without-test', `${id} stands in no test`);
    seen.add(id);
  }
  return [...findings, ...sources.flatMap((source) => checkUses(source, known, page.path))];
}

/** Rows of other pages that are not those of INVARIANTS.md, and those that they lack of a family of ids. */
export function checkRepeated(page: TextFile, others: readonly TextFile[]): readonly Finding[] {
  const rows = rowsOf(page);
  return others.flatMap((other) => {
    const repeated = rowsOf(other);
    const families = new Set([...repeated.keys()].map(familyOf));
    const wanted = [...rows].filter(([id]) => families.has(familyOf(id)));
    const finding = (id: string): Finding => ({
      path: other.path,
      line: 1,
      rule: 'invariant-differs',
      message: `${id} is not what ${page.path} says`,
    });
    return [
      ...wanted.filter(([id, text]) => repeated.get(id) !== text).map(([id]) => finding(id)),
      ...[...repeated.keys()].filter((id) => !rows.has(id)).map(finding),
    ];
  });
}

const familyOf = (id: string): string => id.slice(0, id.lastIndexOf('-'));

/** What a page says of each invariant. */
function rowsOf({ text }: TextFile): ReadonlyMap<string, string> {
  const rows = [...text.matchAll(/^\| ([A-Z][A-Z0-9]*-\d+) \| (.*) \|$/gm)];
  return new Map(rows.map(([, id, statement]) => [id, statement]));
}

function listedIds({ text }: TextFile): readonly { readonly id: string; readonly line: number }[] {
  return text.split('\n').flatMap((row, index) => {
    const id = /^\|\s*`?([A-Z][A-Z0-9]*-\d+)`?\s*\|/.exec(row)?.[1];
    return id === undefined ? [] : [{ id, line: index + 1 }];
  });
}

function mentionedIds(files: readonly TextFile[]): ReadonlySet<string> {
  return new Set(files.flatMap(({ text }) => text.match(new RegExp(`\\b${ID.source}\\b`, 'g')) ?? []));
}

function checkUses(source: TextFile, known: ReadonlySet<string>, page: string): readonly Finding[] {
  const findings: Finding[] = [];
  walk(parseSource(source.path, source.text).program, (node) => {
    if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return;
    const callee = node['callee'];
    const position = isNode(callee) ? NAMED_BY.get(String(callee['name'])) : undefined;
    if (position === undefined) return;
    const argument = (node['arguments'] as readonly unknown[])[position];
    const id = literalText(argument);
    const line = lineAt(source.text, node.start);
    const report = (rule: string, message: string): number =>
      findings.push({ path: source.path, line, rule, message });
    if (id === undefined) {
      // `assert` itself hands its parameter on; every other place names the invariant where it stands.
      if (node.type === 'CallExpression')
        report('invariant-unnamed', 'assert names its invariant with a literal');
    } else if (!new RegExp(`^${ID.source}$`).test(id))
      report('invariant-unnamed', `'${id}' is no invariant id`);
    else if (!known.has(id)) report('invariant-unlisted', `${id} is not in ${page}`);
  });
  return findings;
}
