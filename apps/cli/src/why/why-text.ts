/** A chain for people: what led to it, what followed, a line each. */
import { NONE, kindName } from '@truetape/contracts';
import type { Event } from '@truetape/contracts';
import type { Place, Why, WhyRow } from '@truetape/replay';
import { utcDate, utcTime } from '@truetape/tape';
import { eventWords } from './event-words.ts';
import { counted, spanText } from './names.ts';
import type { Names } from './names.ts';
import type { WhyTape } from './why-tape.ts';

/** What a chain is told with: the tape's names, and those of each parent at hand. */
export interface Telling {
  readonly tape: WhyTape;
  readonly summary: string;
  readonly why: Why;
  readonly focusSeq: number;
  readonly namesAt: (tape: number) => Names;
}

export const placeText = ({ tape, seq }: Place): string => (tape === 0 ? String(seq) : `${tape}:${seq}`);

/** What an event says; of one that is not at hand, how to see it. */
export function rowWords(
  { namesAt }: Telling,
  { place, event }: WhyRow,
): readonly [kind: string, words: string] {
  if (event !== undefined)
    return [kindName(event.kind), `${eventWords(namesAt(place.tape), event)}${venueTime(event)}`];
  if (place.tape === 0) return ['-', 'not on this tape'];
  return ['-', `on ${place.tape === 1 ? 'the parent tape' : `parent tape ${place.tape}`}: see --tape`];
}

/** When the venue did it, where we had word of it later. */
function venueTime(event: Event): string {
  if (!('matchTime' in event) || event.matchTime === NONE || event.matchTime === event.timeNs) return '';
  const ns = BigInt(event.timeNs) - BigInt(event.matchTime);
  return ns > 0n ? `; at the venue ${spanText(ns)} before` : `; at the venue ${spanText(-ns)} later`;
}

/** All lines. */
export function whyLines(telling: Telling): readonly string[] {
  const { why, summary, tape } = telling;
  const { before, after, hasMoreBefore, gaps } = why;
  const first = [...before, ...after].find(({ unixNs }) => unixNs !== undefined);
  const rows = [...before, ...after].map((row) => ({ row, cells: cellsOf(telling, row) }));
  const heading = ['seq', 'cause', 'since', 'step', 'event', ''];
  const widths = heading.map((name, k) => Math.max(name.length, ...rows.map(({ cells }) => cells[k].length)));
  const line = (mark: string, cells: readonly string[]): string => {
    const [seq, cause, since, step, kind, words] = cells;
    const numbers = [seq, cause, since, step].map((cell, k) => cell.padStart(widths[k]));
    return `${mark} ${numbers.join('  ')}  ${kind.padEnd(widths[4])}  ${words}`.trimEnd();
  };
  const shown = (row: WhyRow): readonly string[] => {
    const { cells } = rows.find((one) => one.row === row)!;
    const mark =
      row.place.tape === 0 && row.place.seq === telling.focusSeq ? '>' : row.role === 'beside' ? '|' : ' ';
    const own = line(mark, cells);
    const isOwn = row.role === 'event' || row.role === 'next';
    const gap = isOwn ? gaps.get(row.place.seq) : undefined;
    return gap === undefined ? [own] : [own, `  … ${counted(gap, 'event')} not shown: --limit`];
  };
  const begun =
    first?.unixNs === undefined ? '' : ` since ${utcDate(first.unixNs)}T${utcTime(first.unixNs)}Z`;
  const marks = [
    ...(rows.some(({ row }) => row.role === 'beside') ? ['; | what others did'] : []),
    ...(telling.focusSeq === NONE ? [] : ['; > what was asked for']),
  ].join('');
  const hasNext = after.some(({ role }) => role === 'next');
  return [
    summary,
    '',
    `${tape.path},${begun === '' ? '' : ` times${begun},`} steps since the cause${marks}`,
    line(' ', heading),
    'what led to it',
    ...(hasMoreBefore ? ['  … more before that: ask for the first of these'] : []),
    ...(before.length === 0 ? ['  nothing: it begins here'] : before.flatMap(shown)),
    'what followed',
    ...after.filter(({ role }) => role !== 'next').flatMap(shown),
    ...(hasNext
      ? ['what was decided then', ...after.filter(({ role }) => role === 'next').flatMap(shown)]
      : []),
  ];
}

function cellsOf(telling: Telling, row: WhyRow): readonly string[] {
  const { place, cause, sinceNs, stepNs } = row;
  const [kind, words] = rowWords(telling, row);
  return [
    placeText(place),
    cause === undefined ? '-' : placeText(cause),
    sinceNs === undefined ? '?' : spanText(sinceNs),
    stepNs === undefined ? '' : spanText(stepNs),
    kind,
    words,
  ];
}
