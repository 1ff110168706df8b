/** Tapes that tell of one instrument at the same time would be one book: two feeds, or one of them twice. */
import { Kind } from '@truetape/contracts';
import { nodePorts } from '@truetape/host';
import type { OpenInput } from '@truetape/host';
import { createDecoder, createReader, openedTape } from '@truetape/tape';
import { usageFailure } from '../failure.ts';
import type { CliFailure } from '../failure.ts';

/** When something is told first and last, Unix ns in halves: times on a tape never go back. */
interface Span {
  readonly fromHi: number;
  readonly fromLo: number;
  toHi: number;
  toLo: number;
}

/** What a tape tells: spans by instrument and by what is told of it. */
export interface Told {
  readonly path: string;
  readonly spans: ReadonlyMap<string, Span>;
}

/** All that a book is made of is one thing; whatever else is told is a thing of its own kind. */
function thingOf(kind: number): number {
  const isBook = kind >= Kind.NewOrder && kind <= Kind.CancelAllDone;
  return isBook || kind === Kind.Level || kind === Kind.BookUpdate || kind === Kind.BookReset
    ? Kind.Level
    : kind;
}

const isTold = (kind: number): boolean =>
  (kind >= Kind.NewOrder && kind <= Kind.CancelAllDone) || (kind >= Kind.Trade && kind < Kind.FeedStatus);

/** Reads a whole tape. What is wrong with it is told by whoever reads it next. */
export function toldBy(input: OpenInput): Told {
  const reader = createReader(createDecoder({ ports: nodePorts, hash: false }), input.reopen!().source);
  const byPlace = new Map<number, Span>();
  for (let batch = reader.next(); batch !== undefined; batch = reader.next()) {
    const { u32 } = batch.records;
    for (let i = batch.from; i < batch.to; i += (u32[i] & 0xffff) * 2) {
      const kind = (u32[i] >>> 16) & 0xff;
      const instrument = u32[i + 1] & 0xffff;
      if (instrument === 0 || !isTold(kind)) continue;
      const place = instrument * 256 + thingOf(kind);
      const [toLo, toHi] = [u32[i + 2], u32[i + 3]];
      const span = byPlace.get(place);
      if (span === undefined) byPlace.set(place, { fromHi: toHi, fromLo: toLo, toHi, toLo });
      else Object.assign(span, { toHi, toLo });
    }
  }
  if (reader.error !== undefined) return { path: input.path, spans: new Map() };
  const { byIndex } = openedTape(reader).tables.instrument;
  const spans = [...byPlace].map(([place, span]) => {
    const name = byIndex[Math.floor(place / 256)]?.name ?? `#${Math.floor(place / 256)}`;
    return [`${place % 256} ${name}`, span] as const;
  });
  return { path: input.path, spans: new Map(spans) };
}

const isBefore = (a: Span, b: Span): boolean =>
  a.toHi < b.fromHi || (a.toHi === b.fromHi && a.toLo <= b.fromLo);

/** Two tapes that tell the same of an instrument at the same time; parts of one feed follow each other. */
export function sharedBook(tapes: readonly Told[]): CliFailure | undefined {
  for (const [k, one] of tapes.entries()) {
    for (const other of tapes.slice(k + 1)) {
      for (const [what, span] of one.spans) {
        const again = other.spans.get(what);
        if (again === undefined || isBefore(span, again) || isBefore(again, span)) continue;
        const name = what.slice(what.indexOf(' ') + 1);
        return usageFailure(
          `${one.path} and ${other.path} tell of ${name} at the same time: they would be one book`,
          'give one of them; parts of one feed follow each other in time',
        );
      }
    }
  }
  return undefined;
}
