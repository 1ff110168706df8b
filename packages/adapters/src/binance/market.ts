/** Binance's three markets: how they are named, and what a symbol says about its instrument. */
import type { JsonObject } from '@truetape/contracts';

export const BINANCE_MARKETS = ['spot', 'usdm', 'coinm'] as const;

export type BinanceMarket = (typeof BINANCE_MARKETS)[number];

const VENUES = { spot: 'BINANCE-SPOT', usdm: 'BINANCE-USDM', coinm: 'BINANCE-COINM' } as const;

/** Name of a market's venue, the first part of its instrument ids. */
export function venueOf(market: BinanceMarket): string {
  return VENUES[market];
}

/** Quote assets, longest first among those that end alike: a symbol is base and quote run together. */
const QUOTES: readonly string[] = (
  'FDUSD USDT USDC BUSD TUSD USDP DAI BIDR IDRT UAH NGN RUB ZAR PLN RON ARS MXN CZK COP JPY VAI AUD EUR ' +
  'GBP TRY BRL BTC ETH BNB TRX XRP DOGE DOT SOL USD EURI XUSD USD1 U'
).split(' ');

/** The parts of a symbol; what it does not tell is undefined. */
export interface SymbolParts {
  readonly base: string | undefined;
  readonly quote: string | undefined;
  /** Settlement day of a dated future, `2024-09-27`. */
  readonly expiry: string | undefined;
}

/** Takes `BTCUSDT`, `BTCUSDT_240927`, `BTCUSD_PERP` and their like apart. */
export function splitSymbol(symbol: string): SymbolParts {
  const underscore = symbol.indexOf('_');
  const pair = underscore < 0 ? symbol : symbol.slice(0, underscore);
  const dated = /^_(\d\d)(\d\d)(\d\d)$/.exec(symbol.slice(pair.length));
  const expiry = dated === null ? undefined : `20${dated[1]}-${dated[2]}-${dated[3]}`;
  let quote: string | undefined;
  for (const candidate of QUOTES) {
    const ends = pair.endsWith(candidate) && pair.length > candidate.length;
    if (ends && candidate.length > (quote?.length ?? 0)) quote = candidate;
  }
  return { base: quote === undefined ? undefined : pair.slice(0, -quote.length), quote, expiry };
}

/**
 * What one contract stands for, as a decimal: 1 of the base asset, and in COIN-M 100 US dollars of bitcoin
 * or 10 of any other coin.
 *
 * Source: binance.com, "COIN-M Futures contract specifications", read 2026-11-21.
 */
export function contractSizeOf(market: BinanceMarket, base: string | undefined): string {
  if (market !== 'coinm') return '1';
  return base === 'BTC' ? '100' : '10';
}

/** Grid and size of an instrument, as exact decimals. */
export interface InstrumentScale {
  readonly priceStep: string;
  readonly qtyStep: string;
  readonly fineScale: number;
  readonly contractSize: string;
}

/** The definition of an instrument. Fields that the symbol does not tell are left out. */
export function defineInstrument(market: BinanceMarket, symbol: string, scale: InstrumentScale): JsonObject {
  const { base, quote, expiry } = splitSymbol(symbol);
  const venue = venueOf(market);
  const definition: { [key: string]: string | number | JsonObject } = {
    id: `${venue}:${symbol}`,
    venue,
    symbol,
    class: market === 'spot' ? 'spot' : market === 'usdm' ? 'linear' : 'inverse',
    priceStep: scale.priceStep,
    qtyStep: scale.qtyStep,
    fineScale: scale.fineScale,
    contractSize: scale.contractSize,
    ids: 'numeric',
    // A capture says nothing of tick bands, minima or maxima.
    rules: {},
  };
  if (base !== undefined && quote !== undefined) {
    definition['base'] = base;
    definition['quote'] = quote;
    definition['settle'] = market === 'coinm' ? base : quote;
  }
  if (expiry !== undefined) definition['expiry'] = expiry;
  return definition;
}

/** What counts for each market among the messages of a capture. */
export type MarketEvidence = { [market in BinanceMarket]: number };

/** A symbol of COIN-M: quoted in US dollars, and perpetual or dated. */
export function isCoinSymbol(symbol: string): boolean {
  return /USD_(?:PERP|\d{6})$/.test(symbol);
}

/** The markets that something speaks for. */
export function marketCandidates(evidence: MarketEvidence): BinanceMarket[] {
  return BINANCE_MARKETS.filter((market) => evidence[market] > 0);
}
