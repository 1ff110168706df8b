/** What a recovery found, for people and for programs. */
import type { JsonObject } from '@truetape/contracts';
import type { RecoveryReport, SegmentReport, TornSegment } from '@truetape/wal';
import { refusedText, seqsText, tornEndText } from './wording.ts';

const TITLE_COLUMNS = 12;

/** A line with a title in front. */
export function titled(title: string, text: string): string {
  return `${title.padEnd(TITLE_COLUMNS)} ${text}`;
}

/** Lines of which only the first has the title. */
export function titledList(title: string, texts: readonly string[]): string[] {
  return texts.map((text, k) => titled(k === 0 ? title : '', text));
}

/** The last seq before the next; null for none. */
export function lastSeqOf(nextSeq: number): number | null {
  return nextSeq === 0 ? null : nextSeq - 1;
}

/** What a segment is that nobody has sealed: only the last one may still go on. */
export const unsealedText = (isLast: boolean): string => (isLast ? 'open' : 'whole');

/** Said of a segment that was written with `--durability off`. */
export const VOLATILE_TEXT = ', volatile: its commits were not synced';

function segmentText({ name, baseSeq, nextSeq, sealed, volatile }: SegmentReport, isLast: boolean): string {
  const place = `${name}  ${seqsText(baseSeq, nextSeq)}`;
  const synced = volatile === true ? VOLATILE_TEXT : '';
  if (sealed === undefined) return `${place}, not read: the snapshot covers it${synced}`;
  return `${place}, ${sealed ? 'sealed' : unsealedText(isLast)}${synced}`;
}

/** Lines without LF, one fact each. */
export function reportLines(report: RecoveryReport): string[] {
  const { log, segments, snapshot, refused, verified, torn, unfinished, nextSeq } = report;
  return [
    titled('log', log),
    ...titledList(
      'segments',
      segments.map((segment, k) => segmentText(segment, k === segments.length - 1)),
    ),
    titled(
      'snapshot',
      snapshot === undefined ? 'none used' : `${snapshot.name}, of all before seq ${snapshot.seq}`,
    ),
    ...titledList('refused', refused.map(refusedText)),
    ...titledList('agree', verified),
    titled('replayed', `${report.commandsReplayed} commands, ${report.eventsReplayed} events`),
    ...(torn === undefined ? [] : [titled('torn', `${torn.segment} ${tornEndText(torn)}: would be cut`)]),
    ...titledList(
      'unfinished',
      unfinished.map((name) => `${name}: would be removed`),
    ),
    titled('last seq', nextSeq === 0 ? 'none' : String(nextSeq - 1)),
    titled('hash', report.hash),
    titled('state hash', report.stateHash),
  ];
}

/** A torn end, with what is known of its last seq. */
export function tornJson(torn: TornSegment | undefined): JsonObject | null {
  if (torn === undefined) return null;
  const { segment, offsetBytes, bytes, firstSeq, nextSeq, reason } = torn;
  return { segment, offsetBytes, bytes, firstSeq, nextSeq: nextSeq ?? null, reason };
}

const segmentJson = ({ name, baseSeq, nextSeq, sealed, volatile }: SegmentReport): JsonObject => ({
  name,
  baseSeq,
  nextSeq: nextSeq ?? null,
  sealed: sealed ?? null,
  ...(volatile === true ? { volatile } : {}),
});

/** All of it, as one object. */
export function reportJson(report: RecoveryReport): JsonObject {
  const { log, segments, snapshot, refused, verified, torn, unfinished, nextSeq } = report;
  return {
    log,
    segments: segments.map(segmentJson),
    snapshot: snapshot === undefined ? null : { ...snapshot },
    refused: refused.map((one) => ({ ...one })),
    verified: [...verified],
    eventsReplayed: report.eventsReplayed,
    commandsReplayed: report.commandsReplayed,
    torn: tornJson(torn),
    unfinished: [...unfinished],
    lastSeq: lastSeqOf(nextSeq),
    hash: report.hash,
    stateHash: report.stateHash,
  };
}

/** An error of the log as plain JSON: its code, its place, what was expected and found. */
export function errorJson(error: object): JsonObject {
  return JSON.parse(JSON.stringify(error)) as JsonObject;
}
