/**
 * Repair: what stands in the way of a recovery is set aside, never deleted, and the log goes on from the last event
 * that can be vouched for. A plan says first which seqs that costs; carrying it out needs a yes for anything but what
 * an interrupted write leaves.
 */
import { err, ok } from '@truetape/contracts';
import type { Result } from '@truetape/contracts';
import { walkFrames } from '@truetape/tape';
import { storageError } from './errors.ts';
import type { WalError } from './errors.ts';
import { ARCHIVE, numberOfName, segmentName, sortNames, tornName } from './names.ts';
import type { LogFiles } from './names.ts';
import { keepTorn } from './open.ts';
import type { RecoverConfig } from './outline.ts';
import { recoverLog } from './recover.ts';
import { readSegmentHeader } from './scan.ts';
import type { LogStorage, StorageFault } from './storage.ts';

export type RepairStep =
  /** The bytes from an offset on are copied beside the segment, then cut off. */
  | {
      readonly do: 'cut';
      readonly segment: string;
      readonly offsetBytes: number;
      readonly bytes: number;
      readonly as: string;
    }
  /** The file gets another name, under which nobody reads it. */
  | { readonly do: 'setAside'; readonly name: string; readonly as: string }
  /** A segment comes back from the archive. */
  | { readonly do: 'restore'; readonly name: string; readonly as: string };

export interface RepairPlan {
  /** Why the log cannot be recovered; undefined where only leftovers are to be put away. */
  readonly damage: WalError | undefined;
  readonly steps: readonly RepairStep[];
  /** Events that are given up: from the first, to behind the last that is known of; undefined for none. */
  readonly lost: { readonly firstSeq: number; readonly nextSeq: number | undefined } | undefined;
  /** It costs, or may cost, what was acknowledged: a person has to say yes. */
  readonly needsConsent: boolean;
}

/** Damage that no setting aside can mend. */
export interface NotRepairable {
  readonly code: 'notRepairable';
  readonly damage: WalError;
}

/** What a repair would do; a plan without steps means that there is nothing to repair. */
export function planRepair(config: RecoverConfig): Result<RepairPlan, NotRepairable> {
  const { storage } = config;
  const listed = storage.list();
  if (!listed.ok) return err({ code: 'notRepairable', damage: storageError(listed.error) });
  const files = sortNames(listed.value);
  const recovered = recoverLog({ ...config, strictTail: false });
  if (!recovered.ok) return planDamage(config, files, recovered.error);
  const { torn, refused } = recovered.value.report;
  const aside = refused.map(({ name }) => setAside(files, name));
  const cut = torn === undefined ? [] : [cutAt(torn.segment, torn.offsetBytes, torn.bytes)];
  const lost = torn === undefined ? undefined : { firstSeq: torn.firstSeq, nextSeq: torn.nextSeq };
  return ok({ damage: undefined, steps: [...aside, ...cut], lost, needsConsent: false });
}

function planDamage(
  config: RecoverConfig,
  files: LogFiles,
  damage: WalError,
): Result<RepairPlan, NotRepairable> {
  const costly = { damage, needsConsent: true };
  switch (damage.code) {
    case 'corruptData':
      return (
        (damage.offsetBytes === 0 ? planBefore(config, files, damage) : undefined) ??
        planCut(config, files, damage)
      );
    case 'segmentMissing':
    case 'segmentForeign':
    case 'segmentGap':
    case 'segmentMismatch': {
      const from = files.segments.findIndex((name) => numberOfName(name) >= numberOfName(damage.segment));
      const spared = planGap(files, damage) ?? planBefore(config, files, damage);
      if (spared !== undefined) return spared;
      if (from < 1) return err({ code: 'notRepairable', damage });
      const firstSeq = endOf(config, files.segments[from - 1]);
      const nextSeq = endOf(config, files.segments.at(-1)!);
      const steps = asideFrom(files, from, firstSeq);
      return ok({ ...costly, steps, lost: firstSeq === undefined ? undefined : { firstSeq, nextSeq } });
    }
    case 'snapshotAhead': {
      const steps = asideFrom(files, files.segments.length, damage.nextSeq);
      return ok({ ...costly, steps, lost: { firstSeq: damage.nextSeq, nextSeq: damage.seq } });
    }
    case 'snapshotContradicts':
      return ok({ ...costly, steps: [setAside(files, damage.snapshot)], lost: undefined });
    case 'noSnapshot':
      return planRestore(files, damage);
    case 'storage':
    case 'segmentVersion':
    case 'tornTail':
    case 'noLog':
    case 'logExists':
    case 'contradiction':
    case 'endsEarly':
    case 'failed':
    case 'commitTooLarge':
      return err({ code: 'notRepairable', damage });
  }
}

/** Segments that are missing between others come back from the archive, if all of them are there. */
function planGap(
  { segments, archived }: LogFiles,
  damage: WalError & { readonly segment: string },
): Result<RepairPlan, NotRepairable> | undefined {
  const next = firstBehind(segments, damage.segment);
  if (damage.code !== 'segmentMissing' || next === undefined) return undefined;
  const steps: RepairStep[] = [];
  for (let number = numberOfName(next) - 1; number >= numberOfName(damage.segment); number--) {
    const as = segmentName(number);
    if (!archived.includes(ARCHIVE + as)) return undefined;
    steps.push({ do: 'restore', name: ARCHIVE + as, as });
  }
  return ok({ damage, steps, lost: undefined, needsConsent: false });
}

/**
 * Where segments behind a bad one lead on from a snapshot by themselves, what stands before them goes: the state has
 * all of it, and no event that follows is given up.
 */
function planBefore(
  config: RecoverConfig,
  files: LogFiles,
  damage: WalError & { readonly segment: string },
): Result<RepairPlan, NotRepairable> | undefined {
  const { segments } = files;
  const next = firstBehind(segments, damage.segment);
  const from = next === undefined ? -1 : segments.indexOf(next);
  for (let k = from; k > 0 && k < segments.length; k++) {
    if (!leadsOn(config, segments.slice(0, k))) continue;
    const steps = segments.slice(0, k).map((name) => setAside(files, name));
    return ok({ damage, steps, lost: undefined, needsConsent: true });
  }
  return undefined;
}

const firstBehind = (segments: readonly string[], segment: string): string | undefined =>
  segments.find((name) => numberOfName(name) > numberOfName(segment));

/** True where a log is recovered as well without these segments. */
function leadsOn(config: RecoverConfig, without: readonly string[]): boolean {
  const { storage } = config;
  const list = (): ReturnType<LogStorage['list']> => {
    const listed = storage.list();
    return listed.ok ? ok(listed.value.filter((name) => !without.includes(name))) : listed;
  };
  return recoverLog({ ...config, storage: { ...storage, list }, strictTail: false }).ok;
}

/** Everything from the damaged frame on goes; a seal alone is no event, and what follows it stays. */
function planCut(
  config: RecoverConfig,
  files: LogFiles,
  damage: WalError & { readonly code: 'corruptData' },
): Result<RepairPlan, NotRepairable> {
  const { segment, offsetBytes, seq } = damage;
  const { segments } = files;
  const k = segments.indexOf(segment);
  const size = config.storage.sizeOf(segment);
  if (!size.ok) return err({ code: 'notRepairable', damage: storageError(size.error) });
  const next =
    k + 1 < segments.length ? readSegmentHeader(config.storage, config.ports, segments[k + 1]) : undefined;
  const isWithoutEvents = next?.ok === true && offsetBytes > 0 && next.value.header.log!.baseSeq === seq;
  if (isWithoutEvents) {
    const steps = [cutAt(segment, offsetBytes, size.value - offsetBytes)];
    return ok({ damage, steps, lost: undefined, needsConsent: true });
  }
  // Without its header nothing of a segment can be vouched for.
  const isWhole = offsetBytes === 0;
  const firstSeq = isWhole ? (k === 0 ? 0 : endOf(config, segments[k - 1])) : seq;
  if (isWhole && k === 0) return err({ code: 'notRepairable', damage });
  const steps = asideFrom(files, isWhole ? k : k + 1, firstSeq);
  if (!isWhole) steps.push(cutAt(segment, offsetBytes, size.value - offsetBytes));
  const nextSeq = endOf(config, segments.at(-1)!);
  const lost = firstSeq === undefined ? undefined : { firstSeq, nextSeq };
  return ok({ damage, steps, lost, needsConsent: true });
}

/** The archive leads back to the first event. */
function planRestore(
  files: LogFiles,
  damage: WalError & { readonly code: 'noSnapshot' },
): Result<RepairPlan, NotRepairable> {
  const steps: RepairStep[] = [];
  for (let number = numberOfName(damage.segment) - 1; number >= 1; number--) {
    const as = segmentName(number);
    if (!files.archived.includes(ARCHIVE + as)) return err({ code: 'notRepairable', damage });
    steps.push({ do: 'restore', name: ARCHIVE + as, as });
  }
  return ok({ damage, steps, lost: undefined, needsConsent: false });
}

/** The seq behind the last event of a segment, as far as the headers of its frames lead. */
function endOf({ storage, ports }: RecoverConfig, name: string): number | undefined {
  const header = readSegmentHeader(storage, ports, name);
  const size = storage.sizeOf(name);
  if (!header.ok || !size.ok) return undefined;
  const read = (offset: number, into: Uint8Array): number => {
    const got = storage.read(name, offset, into);
    return got.ok ? got.value : 0;
  };
  const { nextSeq } = walkFrames({ sizeBytes: size.value, read }, ports, header.value.bytes);
  return nextSeq ?? header.value.header.log!.baseSeq;
}

/** Segments from the k-th on go, the last one first, so that what is left has no gap; then snapshots ahead. */
function asideFrom(files: LogFiles, k: number, nextSeq: number | undefined): RepairStep[] {
  const ahead = files.snapshots.filter((name) => nextSeq === undefined || numberOfName(name) > nextSeq);
  return [...files.segments.slice(k).toReversed(), ...ahead.toReversed()].map((name) =>
    setAside(files, name),
  );
}

/** A name under which nobody reads a file, and which no other has. */
function setAside({ others }: LogFiles, name: string): RepairStep {
  let as = `${name}.aside`;
  for (let n = 2; others.includes(as); n++) as = `${name}.aside-${n}`;
  return { do: 'setAside', name, as };
}

const cutAt = (segment: string, offsetBytes: number, bytes: number): RepairStep => ({
  do: 'cut',
  segment,
  offsetBytes,
  bytes,
  as: tornName(segment, offsetBytes),
});

/** Carries out a plan, step by step, each durable before the next. Behind a crash another plan goes on. */
export function repair(storage: LogStorage, { steps }: RepairPlan): WalError | undefined {
  for (const step of steps) {
    const fault = step.do === 'cut' ? cut(storage, step) : move(storage, step);
    if (fault !== undefined) return storageError(fault);
  }
  return undefined;
}

function move(
  storage: LogStorage,
  { name, as }: { readonly name: string; readonly as: string },
): StorageFault | undefined {
  return storage.rename(name, as) ?? storage.syncFolder();
}

function cut(storage: LogStorage, step: RepairStep & { readonly do: 'cut' }): StorageFault | undefined {
  const { segment, offsetBytes } = step;
  const kept = keepTorn(storage, step);
  if (kept !== undefined) return kept;
  const opened = storage.open(segment);
  if (!opened.ok) return opened.error;
  const file = opened.value;
  return file.truncate(offsetBytes) ?? file.sync() ?? file.close();
}
