/** A venue from its configuration. */
import { createCommands, createReports, addBook, createBook, createMarket } from '@truetape/book';
import { NONE } from '@truetape/contracts';
import { assert } from '@truetape/kernel';
import { createInstrument } from './instrument.ts';
import type { InstrumentState } from './instrument.ts';
import { createMarketOut } from './market-out.ts';
import type { ExchangeState, Venue, VenueConfig, VenuePorts } from './venue.ts';

const SOURCES = 65_536;

/** Errors: `VENUE-5` for an instrument twice or outages out of order. */
export function createVenue(config: VenueConfig, ports: VenuePorts = {}): Venue {
  const byInstrument: (InstrumentState | undefined)[] = [undefined];
  for (const one of config.instruments) {
    assert(
      one.index >= 1 && byInstrument[one.index] === undefined,
      'VENUE-5',
      'one book for each instrument',
    );
    while (byInstrument.length <= one.index) byInstrument.push(undefined);
    byInstrument[one.index] = createInstrument(one);
  }
  let fromNs = -Infinity;
  for (const outage of config.outages ?? []) {
    assert(outage.fromNs >= fromNs && outage.toNs > outage.fromNs, 'VENUE-5', 'outages rise');
    fromNs = outage.toNs;
  }
  const sources = new Uint8Array(config.sources === undefined ? 0 : SOURCES);
  for (const source of config.sources ?? []) sources[source] = 1;
  return {
    config,
    ports,
    market: createMarketOut(),
    reports: [],
    isListening: true,
    counts: { records: 0, fills: 0, rejects: 0, noops: 0, unsupported: 0, placesLost: 0 },
    byInstrument,
    instruments: byInstrument.filter((one) => one !== undefined),
    sources,
    orders: new Map(),
    exchange: config.mode === 'exchange' ? createExchange(config) : undefined,
    hasReduceOnly: false,
    isReduceStale: false,
    trades: 0,
    outage: 0,
    expireNs: Infinity,
    causeTape: 0,
    causeSeq: NONE,
  };
}

function createExchange(config: VenueConfig): ExchangeState {
  const market = createMarket({ create: createBook });
  for (const { index } of config.instruments) addBook(market, index);
  return {
    market,
    commands: createCommands(1),
    reports: createReports(64),
    own: new Map(),
    placed: 0,
    missedSeq: NONE,
    reason: 0,
    touched: { sides: [], prices: [], count: 0 },
    level: { qtyLots: 0, orders: 0 },
  };
}
