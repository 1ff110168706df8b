/** Puts a chain together: what led to it, what followed, and when. */
import { toUnixNs } from '@truetape/contracts';
import type { Epoch, Event } from '@truetape/contracts';
import type { Follow } from './follow.ts';
import { causeOf } from './links.ts';
import type { Place } from './links.ts';

/** An event with its time on the one clock that all tapes share: ns since 1970. */
export interface Placed {
  readonly place: Place;
  /** Undefined where the tape that has it is not at hand. */
  readonly event: Event | undefined;
  readonly unixNs: bigint | undefined;
}

/** Looks an event up, on this tape or on a parent; undefined where it cannot be had. */
export type LookUp = (place: Place) => { readonly event: Event; readonly unixNs: bigint } | undefined;

/** A step of a chain. */
export interface WhyRow extends Placed {
  /**
   * `cause`: led to it. `event`: belongs to it. `beside`: not of it, and the cause of the event behind it. `next`: a
   * decision that followed.
   */
  readonly role: 'cause' | 'event' | 'beside' | 'next';
  /** Time since the first of the chain. */
  readonly sinceNs: bigint | undefined;
  /** Time since its cause. */
  readonly stepNs: bigint | undefined;
  readonly cause: Place | undefined;
}

export interface Why {
  readonly before: readonly WhyRow[];
  readonly after: readonly WhyRow[];
  /** Causes before the first of `before` that are not shown. */
  readonly hasMoreBefore: boolean;
  /** Events left out in the middle of `after`, and how many of them behind an event, by its seq. */
  readonly leftOut: number;
  readonly gaps: ReadonlyMap<number, number>;
}

/** Causes in a row at most: a strategy that reacts to its own fills has chains as long as its run. */
const CAUSES_MAX = 24;

const keyOf = ({ tape, seq }: Place): string => `${tape}:${seq}`;

/** Explains what `followEvent` has found. Nothing where it has found nothing. */
export function explain(
  follow: Follow,
  { epoch, lookUp }: { readonly epoch: Epoch; readonly lookUp: LookUp },
): Why {
  const [head] = follow.events;
  if (head === undefined)
    return { before: [], after: [], hasMoreBefore: false, leftOut: 0, gaps: follow.gaps };
  const times = new Map<string, bigint>();
  const { causes, hasMore } = causesOf(head, lookUp);
  const before = causes.map((one) => ({ ...one, role: 'cause' as const }));
  const after = placedEvents(follow, epoch, lookUp, new Set(causes.map(({ place }) => keyOf(place))));
  for (const { place, unixNs } of [...before, ...after])
    if (unixNs !== undefined) times.set(keyOf(place), unixNs);
  const firstNs = [...before, ...after].find(({ unixNs }) => unixNs !== undefined)?.unixNs;
  const timeOf = (place: Place | undefined): bigint | undefined => {
    if (place === undefined) return undefined;
    const known = times.get(keyOf(place));
    // Left out in the middle.
    const member = place.tape === 0 && known === undefined ? follow.members.get(place.seq) : undefined;
    return member === undefined ? known : toUnixNs(member.timeNs, epoch);
  };
  const rowOf = (one: Placed & Pick<WhyRow, 'role'>): WhyRow => {
    const { event, unixNs } = one;
    const cause = event === undefined ? undefined : causeOf(event);
    const causeNs = timeOf(cause);
    return {
      ...one,
      cause,
      sinceNs: unixNs === undefined || firstNs === undefined ? undefined : unixNs - firstNs,
      stepNs: unixNs === undefined || causeNs === undefined ? undefined : unixNs - causeNs,
    };
  };
  const { leftOut, gaps } = follow;
  return {
    before: before.map(rowOf),
    after: after.map(rowOf),
    hasMoreBefore: hasMore,
    leftOut,
    gaps,
  };
}

/** What an event follows from, the first cause first. */
function causesOf(
  head: Event,
  lookUp: LookUp,
): { readonly causes: readonly Placed[]; readonly hasMore: boolean } {
  const causes: Placed[] = [];
  let place = causeOf(head);
  while (place !== undefined && causes.length < CAUSES_MAX) {
    const found = lookUp(place);
    causes.unshift({ place, event: found?.event, unixNs: found?.unixNs });
    // What an event of a parent follows from is a matter of that tape.
    place = found === undefined || place.tape !== 0 ? undefined : causeOf(found.event);
  }
  return { causes, hasMore: place !== undefined };
}

/** The events that belong, each behind a cause that does not, where that is not shown yet. */
function placedEvents(
  follow: Follow,
  epoch: Epoch,
  lookUp: LookUp,
  shown: Set<string>,
): readonly (Placed & Pick<WhyRow, 'role'>)[] {
  const rows: (Placed & Pick<WhyRow, 'role'>)[] = [];
  for (const event of follow.events) {
    const cause = causeOf(event);
    const isMember = cause?.tape === 0 && (follow.members.has(cause.seq) || follow.nexts.has(cause.seq));
    if (cause !== undefined && !isMember && !shown.has(keyOf(cause))) {
      const found = lookUp(cause);
      shown.add(keyOf(cause));
      if (found !== undefined) rows.push({ place: cause, role: 'beside', ...found });
    }
    const place = { tape: 0, seq: event.seq };
    const unixNs = toUnixNs(event.timeNs, epoch);
    rows.push({ place, event, unixNs, role: follow.nexts.has(event.seq) ? 'next' : 'event' });
  }
  return rows;
}
