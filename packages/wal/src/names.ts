/** What the files of a log's folder are called. */

const SEGMENT = /^[0-9]{8}\.rpl$/;
const SNAPSHOT = /^[0-9]{16}\.snap$/;

/** The end of the name of what is not yet all there. */
export const NEW_SUFFIX = '.new';
export const ARCHIVE = 'archive/';
/** The end of the name of a segment that is about to be deleted. */
export const GONE_SUFFIX = '.gone';

/** `00000001.rpl`. */
export const segmentName = (number: number): string => `${String(number).padStart(8, '0')}.rpl`;

/** `0000000000012345.snap`. */
export const snapshotName = (seq: number): string => `${String(seq).padStart(16, '0')}.snap`;

/** Where the bytes that are cut off a segment are kept. */
export const tornName = (segment: string, offsetBytes: number): string => `${segment}.torn-${offsetBytes}`;

/** The number of a segment or the seq of a snapshot, as its name says. */
export const numberOfName = (name: string): number => Number(name.slice(0, name.indexOf('.')));

/** The files of a folder, by what they are; each kind ascending. */
export interface LogFiles {
  readonly segments: readonly string[];
  readonly snapshots: readonly string[];
  /** Not all there when a process ended: nothing of them counts. */
  readonly unfinished: readonly string[];
  readonly archived: readonly string[];
  /** Kept for people: torn ends, what was set aside. Nobody reads them. */
  readonly others: readonly string[];
}

/** Sorts names into what they are. */
export function sortNames(names: readonly string[]): LogFiles {
  const sorted = names.toSorted();
  const isUnfinished = (name: string): boolean => {
    const base = name.slice(0, -NEW_SUFFIX.length);
    return (
      name.endsWith(NEW_SUFFIX) && (SEGMENT.test(base) || SNAPSHOT.test(base) || base.includes('.rpl.torn-'))
    );
  };
  const isArchived = (name: string): boolean =>
    name.startsWith(ARCHIVE) && SEGMENT.test(name.slice(ARCHIVE.length));
  const segments = sorted.filter((name) => SEGMENT.test(name));
  const snapshots = sorted.filter((name) => SNAPSHOT.test(name));
  const unfinished = sorted.filter(isUnfinished);
  const archived = sorted.filter(isArchived);
  const known = new Set([...segments, ...snapshots, ...unfinished, ...archived]);
  return { segments, snapshots, unfinished, archived, others: sorted.filter((name) => !known.has(name)) };
}
