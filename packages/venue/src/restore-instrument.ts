/** One instrument of a venue from its saved state. */
import { restoreFeedBook } from '@truetape/book';
import { fromBase64, NONE } from '@truetape/contracts';
import { resetBook, setLevel } from '@truetape/marketdata';
import type { DepthBook } from '@truetape/marketdata';
import { TOLD_LEVELS } from './instrument.ts';
import type { InstrumentState } from './instrument.ts';
import { restOwn } from './own.ts';
import type { StateReader } from './state-reader.ts';
import type { Venue } from './venue.ts';

/** The higher one of the codes of `feedStatus` that cut a feed. */
const STALE = 4;
const STATUSES = ['empty', 'live', 'uncertain'] as const;
/** What was traded is never below zero. */
const DECIMAL = /^(?:0|[1-9][0-9]{0,60})$/;

/** Reads what `saveVenue` wrote of an instrument, whose own orders are known already. */
export function readInstrument(venue: Venue, ins: InstrumentState, of: StateReader): void {
  if (of.count('index') !== ins.index) of.fail('index');
  ins.told = of.count('told', TOLD_LEVELS);
  ins.status = of.count('status', 3);
  ins.isUnended = of.flag('isUnended');
  ins.isHalted = of.flag('isHalted');
  ins.cutBy = of.count('cutBy', STALE);
  ins.placesLost = of.flag('placesLost');
  ins.movedId = of.maybe('movedId');
  const bytes = fromBase64(of.text('feed'));
  const feed = bytes === undefined ? undefined : restoreFeedBook(bytes);
  if (feed === undefined || !feed.ok) of.fail('feed');
  else ins.feed = feed.value;
  readDepth(ins.depth, of.object('depth'));
  ins.positionLots = of.maybe('positionLots');
  of.list('own').forEach((levels, k) => {
    if (k < 2) for (const level of levels.items()) readOwnLevel(venue, ins, k, level);
    else of.fail('own');
  });
  for (const entry of of.list('taken')) {
    const [key = NONE, lots = 0] = entry.cells(2);
    if (lots <= 0) entry.fail('');
    ins.taken.set(key, lots);
  }
  for (const entry of of.list('met')) {
    const [key = NONE, seq = NONE] = entry.cells(2);
    ins.met.set(key, seq);
  }
  readRest(ins, of);
}

function readRest(ins: InstrumentState, of: StateReader): void {
  const { fees, quote, slippage } = ins;
  if (fees !== undefined) {
    const saved = of.object('fees');
    fees.day = saved.count('day');
    const traded = saved.texts('traded');
    if (traded.length !== fees.traded.length || !traded.every((text) => DECIMAL.test(text)))
      saved.fail('traded');
    else traded.forEach((text, k) => (fees.traded[k] = BigInt(text)));
  }
  const [lastTicks, variance = 0] = of.row('slippage', 2);
  slippage.lastTicks = lastTicks ?? NaN;
  slippage.variance = variance;
  const [updateId = NONE, bidTicks = NONE, bidLots = 0, askTicks = NONE, askLots = 0] = of.row('quote', 5);
  Object.assign(quote, { updateId, bidTicks, bidLots, askTicks, askLots });
}

function readOwnLevel(venue: Venue, ins: InstrumentState, k: number, of: StateReader): void {
  const [price, traded, ids] = of.items();
  const [priceTicks, tradedLots] = [price?.integer(), traded?.integer()];
  if (priceTicks === undefined || tradedLots === undefined || ids === undefined) {
    of.fail('');
    return;
  }
  for (const id of ids.items()) {
    const own = venue.orders.get(id.integer());
    const isThere = own !== undefined && !own.rests && own.side === k + 1 && own.priceTicks === priceTicks;
    if (!isThere || own.instrument !== ins.index) {
      id.fail('');
      return;
    }
    restOwn(ins.own[k], own);
    ins.ownCount += 1;
  }
  const level = ins.own[k].find((one) => one.priceTicks === priceTicks);
  if (level === undefined) of.fail('');
  else level.tradedLots = tradedLots;
}

function readDepth(depth: DepthBook, of: StateReader): void {
  resetBook(depth, STATUSES[of.count('status', 2)], of.maybe('lastUpdateId'));
  depth.knownLowTicks = of.maybe('knownLowTicks');
  depth.knownHighTicks = of.maybe('knownHighTicks');
  depth.levelsToCome = of.count('levelsToCome');
  for (const [name, side] of [
    ['bids', 0x10],
    ['asks', 0x20],
  ] as const) {
    const bytes = fromBase64(of.text(name));
    if (bytes === undefined || bytes.length % 16 !== 0) {
      of.fail(name);
      continue;
    }
    const view = new DataView(bytes.buffer);
    // The worst first: so each goes to the end of the side.
    for (let at = bytes.length - 16; at >= 0; at -= 16) {
      const priceTicks = view.getFloat64(at, true);
      const lots = view.getFloat64(at + 8, true);
      if (!Number.isSafeInteger(priceTicks) || !Number.isSafeInteger(lots) || lots <= 0) of.fail(name);
      else setLevel(depth, side, priceTicks, lots);
    }
  }
  depth.unknownDeletes = of.count('unknownDeletes');
  depth.refusedLevels = of.count('refusedLevels');
}
