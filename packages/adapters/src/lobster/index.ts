// LOBSTER: what other folders and packages may use.
export { isHeader as isLobsterHeader } from './cells.ts';
export { parseLobsterName, type LobsterName } from './file-name.ts';
export {
  createLobsterImport,
  type LobsterImport,
  type LobsterImportConfig,
  type LobsterRow,
} from './import.ts';
export type { LobsterError, LobsterFile } from './lobster-error.ts';
export type { LobsterDifference, LobsterLevel, LobsterReport, OrderbookReport } from './report.ts';
export { createLobsterScan, type LobsterScan } from './scan.ts';
