/** Exchange mode. */
import { InvariantError } from '@truetape/kernel';
import type { RecordBuffer } from '@truetape/contracts';
import type { InstrumentState } from './instrument.ts';
import type { OwnOrder } from './own.ts';
import type { Venue, VenueAmend } from './venue.ts';

function missing(): never {
  throw new InvariantError('VENUE-9', 'exchange mode');
}

export function exchangeNew(_venue: Venue, _ins: InstrumentState, _own: OwnOrder, _timeNs: number): void {
  missing();
}

export function exchangeCancel(
  _v: Venue,
  _i: InstrumentState,
  _own: OwnOrder,
  _reason: number,
  _timeNs: number,
): void {
  missing();
}

export function exchangeAmend(
  _v: Venue,
  _i: InstrumentState,
  _own: OwnOrder,
  _c: VenueAmend,
  _timeNs: number,
): void {
  missing();
}

export function exchangeWithdraw(_v: Venue, _i: InstrumentState, _own: OwnOrder, _timeNs: number): void {
  missing();
}

export function takeExchangeRecord(_v: Venue, _r: RecordBuffer, _i: number, _timeNs: number): void {
  missing();
}
