// Fenced blocks of Markdown that show commands: what they promise, and how a golden update rewrites them.
//
//   ```console
//   $ truetape --version
//   0.1.0
//   $ truetape tape verify cut.rpl # exit 5
//   ```
//
// A test runs a `console` block: each `$ ` line is a command, `> ` lines continue it, and what follows is its
// exact output, stdout and stderr in the order of writing. A `sh` block is shown but not run: set-up that
// changes a machine, and only commands of SHOWN_ONLY may stand there.
//
// A command ends with exit code 0 unless it says `# exit N`, which a shell takes for a comment.

import type { Finding } from '../architecture/finding.ts';

/** One command of a console block with the output that the page shows. */
export type ShownCommand = {
  /** What the shell gets; continuation lines are joined with newlines. */
  readonly command: string;
  readonly exitCode: number;
  readonly output: readonly string[];
  /** 1-based line of the `$ `. */
  readonly line: number;
  /** 0-based lines of the page that the output fills: [from, to). */
  readonly outputFrom: number;
  readonly outputTo: number;
};

/** One fenced block. */
export type Fence = { readonly language: string; readonly line: number; readonly lines: readonly string[] };

const SHOWN_ONLY: readonly RegExp[] = [
  /^$/,
  /^#/,
  /^git clone \S+( \S+)?$/,
  /^cd \S+$/,
  /^npm (i|install) (-g|--global) \S+$/,
  /^npm test$/,
  /^npm run( -s)? (?<script>[a-z:]+)( -- .*)?$/,
  /^TRUETAPE_NODE=(24|26) npm (test|run (?<script>[a-z:]+))$/,
  /^node tools\/go\.mjs .+$/,
];

/** All fenced blocks of a page. */
export function parseFences(markdown: string): readonly Fence[] {
  const fences: Fence[] = [];
  const lines = markdown.split('\n');
  for (let index = 0; index < lines.length; index += 1) {
    const open = /^(`{3,}|~{3,})\s*(\S*)/.exec(lines[index] ?? '');
    if (open === null) continue;
    const from = index + 1;
    index = from;
    while (index < lines.length && !(lines[index] ?? '').startsWith(open[1] ?? '')) index += 1;
    fences.push({ language: open[2] ?? '', line: from, lines: lines.slice(from, index) });
  }
  return fences;
}

/** The commands of all console blocks of a page, in order. */
export function parseConsole(markdown: string): readonly ShownCommand[] {
  return parseFences(markdown)
    .filter(({ language }) => language === 'console')
    .flatMap(({ lines, line }) => parseBlock(lines, line));
}

/** The page with other outputs: `outputs[i]` belongs to the i-th command of `parseConsole`. */
export function rewriteConsole(markdown: string, outputs: readonly (readonly string[])[]): string {
  const lines = markdown.split('\n');
  const commands = parseConsole(markdown);
  for (let index = commands.length - 1; index >= 0; index -= 1) {
    const { outputFrom, outputTo } = commands[index];
    lines.splice(outputFrom, outputTo - outputFrom, ...(outputs[index] ?? []));
  }
  return lines.join('\n');
}

/** Blocks that show a command which no test runs, and console blocks that begin with output. */
export function checkFences(
  path: string,
  markdown: string,
  scripts: ReadonlySet<string>,
): readonly Finding[] {
  return parseFences(markdown).flatMap(({ language, line, lines }) => {
    const report = (index: number, rule: string, message: string): Finding => ({
      path,
      line: line + index + 1,
      rule,
      message,
    });
    if (language === 'console') {
      return lines[0]?.startsWith('$ ') ? [] : [report(0, 'console', 'a console block begins with `$ `')];
    }
    return lines.flatMap((text, index) => {
      if (['sh', 'bash', 'shell'].includes(language)) {
        return isShownOnly(text.trim(), scripts)
          ? []
          : [report(index, 'not-run', `${text}: show it in a console block`)];
      }
      return text.startsWith('$ ')
        ? [report(index, 'not-run', `${text}: the block is not marked console`)]
        : [];
    });
  });
}

function isShownOnly(command: string, scripts: ReadonlySet<string>): boolean {
  return SHOWN_ONLY.some((pattern) => {
    const match = pattern.exec(command.replace(/\s+#.*$/, ''));
    const script = match?.groups?.['script'];
    return match !== null && (script === undefined || scripts.has(script));
  });
}

function parseBlock(lines: readonly string[], line: number): readonly ShownCommand[] {
  const commands: ShownCommand[] = [];
  for (let index = 0; index < lines.length;) {
    const start = index;
    const parts = [(lines[index] ?? '').replace(/^\$ /, '')];
    index += 1;
    while (lines[index]?.startsWith('> ') && parts.at(-1)?.endsWith('\\') === true) {
      parts.push(lines[index].slice(2));
      index += 1;
    }
    const from = index;
    while (index < lines.length && !lines[index].startsWith('$ ')) index += 1;
    const command = parts.join('\n');
    const exitCode = Number(/#\s*exit (\d+)\s*$/.exec(command)?.[1] ?? 0);
    const output = lines.slice(from, index);
    commands.push({
      command,
      exitCode,
      output,
      line: line + start + 1,
      outputFrom: line + from,
      outputTo: line + index,
    });
  }
  return commands;
}
