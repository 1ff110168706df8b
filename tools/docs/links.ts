// Relative links of Markdown pages must lead somewhere.

import { posix } from 'node:path';
import type { Finding } from '../architecture/finding.ts';
import type { TextFile } from '../architecture/repository.ts';

/** Links to files or headings that do not exist. `exists` takes a path relative to the repository. */
export function checkLinks(
  pages: readonly TextFile[],
  exists: (path: string) => boolean,
): readonly Finding[] {
  const anchors = new Map(pages.map(({ path, text }) => [path, headingAnchors(text)]));
  return pages.flatMap(({ path, text }) =>
    linkTargets(text).flatMap(({ target, line }) => {
      const [file = '', anchor] = target.split('#');
      const resolved = file === '' ? path : posix.join(posix.dirname(path), decodeURI(file));
      const report = (message: string): Finding[] => [{ path, line, rule: 'dead-link', message }];
      if (resolved.startsWith('..')) return report(`${target} leads out of the repository`);
      if (!exists(resolved)) return report(`${target} does not exist`);
      const known = anchors.get(resolved);
      if (anchor === undefined || known === undefined || known.has(anchor)) return [];
      return report(`${target}: no such heading`);
    }),
  );
}

function linkTargets(markdown: string): readonly { readonly target: string; readonly line: number }[] {
  const targets: { target: string; line: number }[] = [];
  for (const [index, text] of withoutFences(markdown).entries()) {
    const plain = text.replaceAll(/`[^`]*`/g, '');
    for (const [, target = ''] of plain.matchAll(/\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g)) {
      if (!/^[a-z]+:/.test(target)) targets.push({ target, line: index + 1 });
    }
  }
  return targets;
}

/** GitHub's anchors: lower case, punctuation away, spaces to hyphens. */
function headingAnchors(markdown: string): ReadonlySet<string> {
  const anchors = withoutFences(markdown)
    .filter((line) => /^#{1,6} /.test(line))
    .map((line) =>
      line
        .replace(/^#+ /, '')
        .trim()
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(/\s/g, '-'),
    );
  return new Set(anchors);
}

/** The lines of a page with those of fenced blocks emptied, so that line numbers stay. */
function withoutFences(markdown: string): readonly string[] {
  let fence: string | undefined;
  return markdown.split('\n').map((line) => {
    const mark = /^(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence === undefined && mark !== undefined) {
      fence = mark;
      return '';
    }
    if (fence !== undefined) {
      if (line.startsWith(fence)) fence = undefined;
      return '';
    }
    return line;
  });
}
