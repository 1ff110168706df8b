/** Input that is read step by step, not by `for await`, and is let go of whatever ends the work. */

/**
 * Runs work on a source and returns the source behind it, so that its file is closed: a handle that is left to the
 * garbage collector ends the process with an error under Node 26.
 */
export async function lettingGo<T, R>(
  source: AsyncGenerator<T, void, undefined>,
  work: (source: AsyncGenerator<T, void, undefined>) => Promise<R>,
): Promise<R> {
  try {
    return await work(source);
  } finally {
    // Not awaited: a source that waits for its next byte answers only when that comes.
    source.return().catch(() => undefined);
  }
}
