/**
 * The state of a venue as plain canonical JSON; books as base64 of their bytes, money as decimal text, what is
 * absent or unbounded as null. The configuration is not part of it: whoever restores gives the same one again.
 */
import { restoreMarket, saveFeedBook, saveMarket, createBook } from '@truetape/book';
import { canonicalText, encodeUtf8, err, fromBase64, NONE, ok, toBase64 } from '@truetape/contracts';
import type { JsonObject, JsonValue, Result } from '@truetape/contracts';
import { sha256Of, toHex } from '@truetape/kernel';
import type { Sha256 } from '@truetape/kernel';
import { levelsOf } from '@truetape/marketdata';
import type { DepthBook } from '@truetape/marketdata';
import { createVenue } from './create.ts';
import type { InstrumentState } from './instrument.ts';
import type { OwnLevel, OwnOrder } from './own.ts';
import { readInstrument } from './restore-instrument.ts';
import { createStateReader, type StateReader } from './state-reader.ts';
import type { Venue, VenueConfig, VenuePorts } from './venue.ts';

export const VENUE_STATE_VERSION = 2;

/** A number, or null for what is absent, unbounded or none yet. */
const n = (value: number): JsonValue => (Number.isSafeInteger(value) ? value : null);

/** All that a venue needs to go on, but its configuration and what is not drained. */
export function saveVenue(venue: Venue): JsonObject {
  const { exchange } = venue;
  return {
    version: VENUE_STATE_VERSION,
    trades: venue.trades,
    outage: venue.outage,
    counts: { ...venue.counts },
    orders: [...venue.orders.values()].map(saveOwn),
    instruments: venue.instruments.map(saveInstrument),
    exchange:
      exchange === undefined
        ? null
        : {
            market: toBase64(saveMarket(exchange.market)),
            placed: exchange.placed,
            missedSeq: n(exchange.missedSeq),
          },
  };
}

const saveOwn = (own: OwnOrder): JsonValue => [
  own.orderId,
  own.instrument,
  own.side,
  own.type,
  own.tif,
  n(own.expireNs),
  own.postOnly,
  n(own.priceTicks),
  own.qtyLots,
  own.leavesLots,
  own.cumLots,
  own.arrival,
  n(own.aheadLots),
  own.carry,
  own.placed,
  own.reduceOnly ? 1 : 0,
];

const saveLevel = ({ priceTicks, orders, tradedLots }: OwnLevel): JsonValue => [
  priceTicks,
  tradedLots,
  orders.map(({ orderId }) => orderId),
];

function saveInstrument(ins: InstrumentState): JsonValue {
  const { fees, quote, slippage } = ins;
  return {
    index: ins.index,
    told: ins.told,
    status: ins.status,
    isUnended: ins.isUnended,
    isHalted: ins.isHalted,
    cutBy: ins.cutBy,
    placesLost: ins.placesLost,
    movedId: n(ins.movedId),
    feed: toBase64(saveFeedBook(ins.feed)),
    depth: saveDepth(ins.depth),
    positionLots: ins.positionLots,
    own: ins.own.map((levels) => levels.map(saveLevel)),
    taken: [...ins.taken].sort(([a], [b]) => a - b).map(([key, lots]) => [key, lots]),
    met: [...ins.met].sort(([a], [b]) => a - b).map(([key, seq]) => [key, seq]),
    fees: fees === undefined ? null : { day: fees.day, traded: fees.traded.map(String) },
    slippage: [n(slippage.lastTicks), slippage.variance],
    quote: [n(quote.updateId), n(quote.bidTicks), quote.bidLots, n(quote.askTicks), quote.askLots],
  };
}

const STATUSES = ['empty', 'live', 'uncertain'] as const;

function saveDepth(depth: DepthBook): JsonValue {
  const side = (of: number): string => {
    const levels = levelsOf(depth, of);
    const view = new DataView(new ArrayBuffer(levels.length * 16));
    levels.forEach(({ priceTicks, qtyLots }, k) => {
      view.setFloat64(k * 16, priceTicks, true);
      view.setFloat64(k * 16 + 8, qtyLots, true);
    });
    return toBase64(new Uint8Array(view.buffer));
  };
  return {
    status: STATUSES.indexOf(depth.status),
    knownLowTicks: n(depth.knownLowTicks),
    knownHighTicks: n(depth.knownHighTicks),
    lastUpdateId: n(depth.lastUpdateId),
    unknownDeletes: depth.unknownDeletes,
    refusedLevels: depth.refusedLevels,
    levelsToCome: depth.levelsToCome,
    bids: side(0x10),
    asks: side(0x20),
  };
}

/** SHA-256 of "truetape/venue/1" and the canonical text of the state, in hexadecimal digits. */
export function hashVenue(venue: Venue, sha256: Sha256): string {
  return toHex(sha256Of(sha256, encodeUtf8(`truetape/venue/1${canonicalText(saveVenue(venue))}`)!));
}

/** A saved state that is none, or not of this configuration: `field` names what is wrong. */
export interface VenueStateError {
  readonly kind: 'badVenueState';
  readonly field: string;
}

/** The venue that a saved state continues, from untrusted JSON. Errors: `badVenueState`. */
export function restoreVenue(
  config: VenueConfig,
  state: unknown,
  ports: VenuePorts = {},
): Result<Venue, VenueStateError> {
  const venue = createVenue(config, ports);
  const reader = createStateReader(state);
  if (reader.count('version', VENUE_STATE_VERSION) !== VENUE_STATE_VERSION) reader.fail('version');
  venue.trades = reader.count('trades');
  venue.outage = reader.count('outage', (config.outages?.length ?? 0) * 2);
  const counts = reader.object('counts');
  for (const name of Object.keys(venue.counts) as (keyof Venue['counts'])[])
    venue.counts[name] = counts.count(name);
  for (const own of reader.list('orders')) readOwn(venue, own);
  const instruments = reader.list('instruments');
  if (instruments.length !== venue.instruments.length) reader.fail('instruments');
  venue.instruments.forEach((ins, k) => {
    if (instruments[k] !== undefined) readInstrument(venue, ins, instruments[k]);
  });
  if (venue.exchange !== undefined) readExchange(venue, reader.object('exchange'));
  else if ([...venue.orders.values()].some(({ rests }) => !rests)) reader.fail('orders');
  return reader.fault === undefined ? ok(venue) : err({ kind: 'badVenueState', field: reader.fault });
}

function readOwn(venue: Venue, of: StateReader): void {
  const cells = of.cells(16);
  const k = (at: number): number => cells[at] ?? NONE;
  const own: OwnOrder = {
    orderId: k(0),
    instrument: k(1),
    side: k(2),
    type: k(3),
    tif: k(4),
    expireNs: cells[5] ?? Infinity,
    postOnly: k(6),
    priceTicks: k(7),
    qtyLots: k(8),
    leavesLots: k(9),
    cumLots: k(10),
    rests: false,
    arrival: k(11),
    aheadLots: k(12),
    carry: k(13),
    placed: k(14),
    reduceOnly: k(15) === 1,
  };
  const isSound =
    own.orderId >= 0 &&
    venue.byInstrument[own.instrument] !== undefined &&
    (own.side === 1 || own.side === 2) &&
    own.leavesLots > 0 &&
    own.cumLots >= 0 &&
    own.leavesLots + own.cumLots === own.qtyLots &&
    own.carry >= 0 &&
    own.arrival >= 0 &&
    own.placed >= 0 &&
    !venue.orders.has(own.orderId);
  if (!isSound) {
    of.fail('');
    return;
  }
  venue.orders.set(own.orderId, own);
  venue.hasReduceOnly ||= own.reduceOnly;
  venue.expireNs = Math.min(venue.expireNs, own.expireNs);
}

function readExchange(venue: Venue, of: StateReader): void {
  const bytes = fromBase64(of.text('market'));
  const market = bytes === undefined ? undefined : restoreMarket(bytes, createBook);
  if (market === undefined || !market.ok) {
    of.fail('market');
    return;
  }
  const exchange = venue.exchange!;
  exchange.market = market.value;
  exchange.placed = of.count('placed');
  exchange.missedSeq = of.maybe('missedSeq');
  for (const own of venue.orders.values()) {
    const resting = market.value.byInstrument[own.instrument]?.order(Number.MAX_SAFE_INTEGER - own.placed);
    if (resting === undefined || resting.leavesLots !== own.leavesLots) of.fail('market');
    // The next order would have the id of one that lives.
    if (own.placed > exchange.placed || exchange.own.has(own.placed)) of.fail('placed');
    exchange.own.set(own.placed, own);
  }
}
