/**
 * SHA-256 behind a port: the shell passes the platform's implementation, pure code only names it.
 *
 * There is no implementation of our own: the platform's is faster and reviewed.
 */

/** One hash under way. `digest` ends it; using the hasher afterwards is a programmer error. */
export interface Sha256Hasher {
  update(bytes: Uint8Array): void;
  /** 32 bytes. */
  digest(): Uint8Array;
  /** Another hash that stands where this one does, and goes on by itself. */
  copy(): Sha256Hasher;
}

/** Starts a hash. */
export type Sha256 = () => Sha256Hasher;

/** SHA-256 of the parts, one after another: 32 bytes. Costs most of a microsecond: not per event. */
export function sha256Of(sha256: Sha256, ...parts: readonly Uint8Array[]): Uint8Array {
  const hasher = sha256();
  for (const part of parts) hasher.update(part);
  return hasher.digest();
}
