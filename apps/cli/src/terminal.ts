/** What the command line says, and how: data on stdout, everything else on stderr, colour where it is wanted. */
import { writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { styleText } from 'node:util';

/** Whether output is coloured: as the stream and the environment say, or whatever they say. */
export type ColorChoice = 'auto' | 'always' | 'never';

const STDOUT = 1;
const STDERR = 2;
const pause = new Int32Array(new SharedArrayBuffer(4));

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** True when the text was written; false when its reader has gone. */
function writeText(fd: number, text: string): boolean {
  const bytes = Buffer.from(text, 'utf8');
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      if (codeOf(error) === 'EPIPE') return false;
      if (codeOf(error) !== 'EAGAIN') throw error;
      Atomics.wait(pause, 0, 0, 2);
    }
  }
  return true;
}

/** Writes data. Nobody may be there to read it any more, which is no failure. */
export function printOut(text: string): void {
  writeText(STDOUT, text);
}

/** Writes to stderr. */
export function printError(text: string): void {
  writeText(STDERR, text);
}

/** True where the user sees stderr and nobody else does: progress is for them alone. */
export function isInteractive(env: NodeJS.ProcessEnv = process.env): boolean {
  return isatty(STDERR) && (env['CI'] ?? '') === '' && env['TERM'] !== 'dumb';
}

/** Whether a stream gets colours. FORCE_COLOR and NO_COLOR decide where the user has not. */
export function wantsColor(
  stream: 'stdout' | 'stderr',
  choice: ColorChoice,
  env: NodeJS.ProcessEnv = process.env,
): boolean {
  if (choice !== 'auto') return choice === 'always';
  const force = env['FORCE_COLOR'];
  if (force !== undefined) return force !== '0' && force !== 'false';
  if ((env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb') return false;
  return isatty(stream === 'stdout' ? STDOUT : STDERR);
}

type Format = Parameters<typeof styleText>[0];

/** A function that styles text, or leaves it as it is. */
export function styler(color: boolean): (format: Format, text: string) => string {
  return color ? (format, text) => styleText(format, text, { validateStream: false }) : (_, text) => text;
}
