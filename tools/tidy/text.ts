// Size and leftovers of text files.

import type { Finding } from '../architecture/finding.ts';
import type { TextFile } from '../architecture/repository.ts';

const FILE_LINES_MAX = 400;
const LINE_CHARS_MAX = 120;
/** Tables of cases and templates of code are wider than code, and no formatter breaks their strings. */
const WIDE_ALLOWED = /(^|\/)tests?\/|\/tools\/generate/;
// Spelt with a class, so that this line does not find itself.
const LEFTOVER = /\b(TOD[O]|FIXM[E]|XX[X])\b/;

/**
 * Files of several ideas, lines that no screen shows whole, and work left open. Generated files are exempt.
 */
export function checkText(files: readonly TextFile[]): readonly Finding[] {
  return files.filter(({ path }) => !isGenerated(path)).flatMap(checkFile);
}

export function isGenerated(path: string): boolean {
  return path.includes('.generated.') || path.split('/').includes('generated');
}

function checkFile({ path, text }: TextFile): readonly Finding[] {
  const lines = text.split('\n');
  const findings: Finding[] = [];
  const isSource = path.includes('/src/');
  if (isSource && lines.length > FILE_LINES_MAX + 1) {
    const message = `${lines.length - 1} lines: does it hold one idea?`;
    findings.push({ path, line: FILE_LINES_MAX, rule: 'long-file', message });
  }
  for (const [index, line] of lines.entries()) {
    const report = (rule: string, message: string): number =>
      findings.push({ path, line: index + 1, rule, message });
    if (line.length > LINE_CHARS_MAX && !WIDE_ALLOWED.test(path))
      report('long-line', `${line.length} characters`);
    if (LEFTOVER.test(line)) report('leftover', line.trim());
  }
  return findings;
}
