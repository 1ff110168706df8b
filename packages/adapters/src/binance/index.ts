// Binance: what other folders and packages may use.
export {
  createBinanceImport,
  HEAD_CHARS,
  HEAD_LINES,
  type BinanceImport,
  type BinanceImportConfig,
  type ImportStart,
} from './import.ts';
export type { ImportError } from './import-error.ts';
export { BINANCE_MARKETS, splitSymbol, venueOf, type BinanceMarket, type SymbolParts } from './market.ts';
export type {
  BookReport,
  ClockReport,
  DepthReport,
  DriftReport,
  ImportReport,
  InstrumentReport,
  LevelReport,
  OracleReport,
  TradeReport,
} from './report.ts';
export {
  createBinanceScan,
  type BinanceScan,
  type BinanceScanConfig,
  type BinanceScanner,
  type ScannedSymbol,
} from './scan.ts';
