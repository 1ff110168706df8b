/**
 * A doorbell in shared memory: one thread sleeps at it, any thread rings it. One 32-bit word: 1 while the
 * sleeper is about to sleep or asleep, else 0.
 *
 *     sleeper   arm (word = 1) · look whether there is something to do · if not, wait while word = 1
 *     ringer    make something to do · if word = 1, exchange it for 0, and the one that did wakes the sleeper
 *
 * Nothing is missed: all four steps on the word are sequentially consistent, so either the sleeper's look
 * comes after the work, or the ringer's look comes after the arming; and a word that was exchanged before the
 * sleeper waits makes the wait return at once. While nobody sleeps, ringing is one load of a line that nobody
 * writes: a notification for every message would be a lock taken in the engine for each.
 */
const ARMED = 1;
const IDLE = 0;

/** The place of a doorbell's word. Plain data: it may be posted to another thread. */
export interface Doorbell {
  readonly words: Int32Array<SharedArrayBuffer>;
  readonly index: number;
}

export function createDoorbell(): Doorbell {
  return { words: new Int32Array(new SharedArrayBuffer(128)), index: 0 };
}

/** Says that this thread is about to sleep. Look for work between this and `sleepAtDoorbell`. */
export function armDoorbell(bell: Doorbell): void {
  Atomics.store(bell.words, bell.index, ARMED);
}

/** Says that this thread found work after all. */
export function disarmDoorbell(bell: Doorbell): void {
  Atomics.store(bell.words, bell.index, IDLE);
}

/**
 * Sleeps until it is rung, or for so long; returns whether it was rung. At once if it was since it was armed.
 */
export function sleepAtDoorbell(bell: Doorbell, msMax: number = Infinity): boolean {
  return Atomics.wait(bell.words, bell.index, ARMED, msMax) !== 'timed-out';
}

/** Wakes the thread that sleeps there or is about to. */
export function ringDoorbell(bell: Doorbell): void {
  const { words, index } = bell;
  if (Atomics.load(words, index) !== ARMED) return;
  if (Atomics.compareExchange(words, index, ARMED, IDLE) === ARMED) Atomics.notify(words, index);
}
