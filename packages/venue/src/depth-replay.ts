/** Replay of aggregated depth. */
import { Kind } from '@truetape/contracts';
import type { RecordBuffer } from '@truetape/contracts';
import type { InstrumentState } from './instrument.ts';
import { FUNDING, MARK, putMessage } from './market-out.ts';
import type { Venue } from './venue.ts';

export function takeDepth(
  _v: Venue,
  _i: InstrumentState,
  _r: RecordBuffer,
  _at: number,
  _k: number,
  _t: number,
): void {}

/** What no book is made of: marks, funding rates, what the venue allows. */
export function takePublic(
  venue: Venue,
  ins: InstrumentState,
  { i32, u32 }: RecordBuffer,
  i: number,
  kind: number,
  timeNs: number,
): void {
  if (!venue.isListening) return;
  if (kind === Kind.Mark || kind === Kind.FundingRate) {
    const type = kind === Kind.Mark ? MARK : FUNDING;
    const at = putMessage(venue.market, type, 0, ins.index, venue.causeSeq, venue.causeTape);
    const n = (half: number): number => i32[half + 1] * 4_294_967_296 + u32[half];
    venue.market.f64[at + 1] = n(i + 4);
    if (kind === Kind.Mark) venue.market.f64[at + 6] = n(i + 6);
    else venue.market.f64[at + 6] = timeNs;
  }
}
