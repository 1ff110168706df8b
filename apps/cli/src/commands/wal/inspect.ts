/** `truetape wal inspect`. */
import { Command } from 'commander';
import type { JsonObject } from '@truetape/contracts';
import type { FoundLock } from '@truetape/host';
import { utcDate, utcTime } from '@truetape/tape';
import type { FrameWalk } from '@truetape/tape';
import { isVolatileSegment } from '@truetape/wal';
import { examples } from '../../examples.ts';
import { addJson } from '../../options.ts';
import { printOut } from '../../terminal.ts';
import { inspectFiles, unixNsOf } from '../../wal/inspect-files.ts';
import type { FolderFacts, OtherFile, SegmentFacts, SnapshotFacts } from '../../wal/inspect-files.ts';
import { locksOf, readFolder } from '../../wal/open-folder.ts';
import { VOLATILE_TEXT, titled, titledList, unsealedText } from '../../wal/report-lines.ts';
import { runLogJson, runLogLines, runLogOf } from '../../wal/run-log.ts';
import { seqsText } from '../../wal/wording.ts';

const WORDS = `
Heads, frame headers and the checksums of snapshots are read, and no event: what stands in the frames is not
checked. Damage is shown and is no failure of this command: wal recover and wal verify judge it.
`;

export function createCommand(): Command {
  const command = new Command('inspect')
    .description(
      'Show the files of a log: what each is, what it reaches, what is left over, who holds the lock.',
    )
    .argument('<dir>', 'the folder of a log');
  return addJson(command)
    .addHelpText('after', WORDS + examples('truetape wal inspect log', 'truetape wal inspect log --json'))
    .action((dir: string, options: { readonly json?: boolean }) => {
      const facts = readFolder(dir, ({ storage, path }) => inspectFiles(storage, path));
      const locks = locksOf(dir);
      printOut(
        options.json === true
          ? `${JSON.stringify(factsJson(facts, locks))}\n`
          : `${factsLines(dir, facts, locks).join('\n')}\n`,
      );
    });
}

function framesText({ frames, records }: FrameWalk): string {
  const { data, carry, mark, index, seal } = frames;
  const others = Object.entries({ carry, mark, index, seal })
    .filter(([, count]) => count > 0)
    .map(([type, count]) => `, ${count} ${type}`)
    .join('');
  return `${data} data${others}, ${records} events`;
}

function timesText({ firstTime, lastTime }: FrameWalk): string {
  if (firstTime === undefined || lastTime === undefined) return '';
  const text = (ns: bigint): string => `${utcDate(ns)}T${utcTime(ns)}Z`;
  return `; ${text(unixNsOf(firstTime))} to ${text(unixNsOf(lastTime))}`;
}

const damageText = (damage: string | undefined): string =>
  damage === undefined ? '' : `; damaged: ${damage}`;

const sizeText = (sizeBytes: number | undefined): string =>
  sizeBytes === undefined ? 'size not known' : `${sizeBytes} bytes`;

function segmentText(segment: SegmentFacts, isLast: boolean): string {
  const { name, sizeBytes, header, walk, sealed, reservedBytes, damage } = segment;
  const size = sizeText(sizeBytes);
  if (header === undefined || walk === undefined) return `${name}  ${size}${damageText(damage)}`;
  const { log } = header.header;
  const place =
    log === undefined ? 'no segment of a log' : seqsText(log.baseSeq, walk.nextSeq ?? log.baseSeq);
  const zeros = reservedBytes > 0 ? `, ${reservedBytes} bytes of zeros reserved` : '';
  const synced = isVolatileSegment(header.header) ? VOLATILE_TEXT : '';
  const state = (sealed ? 'sealed' : unsealedText(isLast)) + zeros + synced;
  return `${name}  ${size}, ${place}, ${state}; frames: ${framesText(walk)}${timesText(walk)}${damageText(damage)}`;
}

function snapshotText({ name, sizeBytes, head, damage }: SnapshotFacts): string {
  const what = head === undefined ? '' : `, of all before seq ${head.seq}, state ${head.stateHash}`;
  return `${name}  ${sizeText(sizeBytes)}${what}${damageText(damage)}`;
}

const otherText = ({ name, sizeBytes }: OtherFile): string => `${name}  ${sizeText(sizeBytes)}`;

const LOCKS = {
  alive: 'runs',
  dead: 'is dead: the lock will be taken over',
  unknown: 'may run elsewhere',
} as const;

function lockText({ file, pid, status }: FoundLock): string {
  return `${file}: ${pid === undefined ? 'its process' : `process ${pid}`} ${LOCKS[status]}`;
}

function factsLines(dir: string, facts: FolderFacts, locks: readonly FoundLock[]): string[] {
  const run = runLogOf(facts);
  const { segments, snapshots, archived, unfinished, kept } = facts;
  const id = segments.find(({ header }) => header?.header.log !== undefined)?.header?.header.log?.id;
  const segmentTexts = segments.map((segment, k) => segmentText(segment, k === segments.length - 1));
  return [
    titled('log', id ?? 'not known'),
    ...(run === undefined ? [] : runLogLines(dir, run, facts)),
    ...titledList('segments', segments.length === 0 ? ['none'] : segmentTexts),
    ...titledList('snapshots', snapshots.length === 0 ? ['none'] : snapshots.map(snapshotText)),
    ...titledList(
      'archived',
      archived.map((segment) => segmentText(segment, false)),
    ),
    ...titledList('unfinished', unfinished.map(otherText)),
    ...titledList('kept', kept.map(otherText)),
    ...titledList('lock', locks.length === 0 ? ['nobody has it'] : locks.map(lockText)),
  ];
}

function segmentJson({
  name,
  sizeBytes,
  header,
  walk,
  sealed,
  reservedBytes,
  damage,
}: SegmentFacts): JsonObject {
  const log = header?.header.log;
  return {
    name,
    sizeBytes: sizeBytes ?? null,
    log: log?.id ?? null,
    segment: log?.segment ?? null,
    baseSeq: log?.baseSeq ?? null,
    nextSeq: walk?.nextSeq ?? log?.baseSeq ?? null,
    firstTimeNs: walk?.firstTime === undefined ? null : String(unixNsOf(walk.firstTime)),
    lastTimeNs: walk?.lastTime === undefined ? null : String(unixNsOf(walk.lastTime)),
    frames: walk === undefined ? null : { ...walk.frames },
    records: walk?.records ?? null,
    sealed,
    reservedBytes,
    ...(header !== undefined && isVolatileSegment(header.header) ? { volatile: true } : {}),
    damage: damage ?? null,
  };
}

function snapshotJson({ name, sizeBytes, head, damage }: SnapshotFacts): JsonObject {
  return {
    name,
    sizeBytes: sizeBytes ?? null,
    head: head === undefined ? null : { ...head },
    damage: damage ?? null,
  };
}

const otherJson = ({ name, sizeBytes }: OtherFile): JsonObject => ({ name, sizeBytes: sizeBytes ?? null });

function factsJson(facts: FolderFacts, locks: readonly FoundLock[]): JsonObject {
  const { segments, snapshots, archived, unfinished, kept } = facts;
  const run = runLogOf(facts);
  return {
    ...(run === undefined ? {} : { run: runLogJson(run) }),
    segments: segments.map(segmentJson),
    snapshots: snapshots.map(snapshotJson),
    archived: archived.map(segmentJson),
    unfinished: unfinished.map(otherJson),
    kept: kept.map(otherJson),
    locks: locks.map(({ file, pid, status }) => ({ file, pid: pid ?? null, status })),
  };
}
