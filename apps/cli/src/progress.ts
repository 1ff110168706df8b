/** Progress on stderr, for people who watch: never in a pipe, in CI, or when told to be quiet. */
import type { OpenInput } from '@truetape/host';
import type { Voice } from './cli.ts';

/** Smaller inputs are read before anyone could look. */
const BYTES_MIN = 33_554_432;
const STEP_BYTES = 4_194_304;

/** A bar that is moved by the bytes of an input that have been read. */
export interface Progress {
  readonly update: (value: number) => void;
  readonly stop: () => void;
}

const NO_PROGRESS: Progress = { update: () => undefined, stop: () => undefined };

let running: Progress | undefined;

/** Takes what is drawn away: a bar hides the cursor of the terminal, and stands where a message would begin. */
export function stopProgress(): void {
  running?.stop();
  running = undefined;
}

/** Keeps in mind what is drawn, so that a command that fails can take it away. */
function begin(progress: Progress): Progress {
  running = progress;
  return progress;
}

/** Starts a bar; one that does nothing where nobody would see it, or for little. */
export async function startProgress(
  voice: Voice,
  label: string,
  totalBytes: number | undefined,
): Promise<Progress> {
  if (!voice.progress || totalBytes === undefined || totalBytes < BYTES_MIN) return NO_PROGRESS;
  const { default: progress } = await import('cli-progress');
  const bar = new progress.SingleBar({
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
    format: `${label} [{bar}] {percentage}% {value}/{total} MiB`,
  });
  const mebibytes = (bytes: number): number => Math.round(bytes / 1_048_576);
  bar.start(mebibytes(totalBytes), 0);
  return begin({ update: (bytes) => bar.update(mebibytes(bytes)), stop: () => bar.stop() });
}

/** Starts a counter of lines, for inputs whose place in the file is not known. */
export async function startCounter(voice: Voice, label: string): Promise<Progress> {
  if (!voice.progress) return NO_PROGRESS;
  const { default: progress } = await import('cli-progress');
  const bar = new progress.SingleBar({
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
    format: `${label} line {value}`,
  });
  bar.start(0, 0);
  return begin({ update: (lines) => bar.update(lines), stop: () => bar.stop() });
}

/** Starts a bar that is moved from 0 to 1; it is drawn from its first move on. */
export async function startShare(voice: Voice, label: string): Promise<Progress> {
  if (!voice.progress) return NO_PROGRESS;
  const { default: progress } = await import('cli-progress');
  const bar = new progress.SingleBar({
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
    format: `${label} [{bar}] {percentage}%`,
  });
  let isDrawn = false;
  return begin({
    update: (share) => {
      if (!isDrawn) bar.start(100, 0);
      isDrawn = true;
      bar.update(Math.floor(share * 100));
    },
    stop: () => bar.stop(),
  });
}

/** An input that shows how far it has been read. */
export async function withProgress(input: OpenInput, voice: Voice): Promise<OpenInput> {
  const progress = await startProgress(voice, 'reading', input.sizeBytes);
  if (progress === NO_PROGRESS) return input;
  const { source } = input;
  let shown = 0;
  const read = (): Uint8Array | undefined => {
    const bytes = source.read();
    if (bytes === undefined) progress.stop();
    else if (input.positionBytes - shown >= STEP_BYTES) {
      shown = input.positionBytes;
      progress.update(shown);
    }
    return bytes;
  };
  return {
    ...input,
    get positionBytes() {
      return input.positionBytes;
    },
    source: { read, skip: (bytes) => source.skip?.(bytes) },
    close: () => {
      progress.stop();
      input.close();
    },
  };
}
