/** Options of `wal serve`, and what they are when they are left out. */
import type { GlobalOptions } from '../cli.ts';

export type Durability = 'sync' | 'group' | 'off';

export interface ServeOptions extends GlobalOptions {
  readonly durability: Durability;
  readonly groupDelayMs: number;
  readonly groupMax: number;
  readonly segmentBytes: number;
  /** undefined: every `SNAPSHOT_EVERY` commands, and not at the end. */
  readonly snapshotEvery?: number;
  readonly checkpointEvery: number;
  readonly keep: number;
  readonly clock: 'wall' | 'input';
  readonly instrument?: readonly string[];
  /** Of a new log. */
  readonly cmdWindow?: number;
  readonly acceptClock?: boolean;
  readonly jsonl?: boolean;
  readonly onBadLine?: 'fail' | 'skip';
  /** Identity of a new log. */
  readonly id?: string;
}

/** Snapshots that are kept. */
export const KEEP_DEFAULT = 2;
export const GROUP_DELAY_MS = 2;
export const GROUP_MAX = 4096;
/** Commands between two Checkpoints, and between two snapshots. */
export const CHECKPOINT_EVERY = 262_144;
export const SNAPSHOT_EVERY = 1_000_000;
