/**
 * A ledger as plain JSON and back: the same balances and positions give the same text, whatever led to them.
 * Amounts are decimal text, absent prices null. Configuration is not in it: whoever restores has it.
 */
import { NONE, canonicalJson, canonicalText, encodeUtf8, err, ok } from '@truetape/contracts';
import type { JsonObject, JsonValue, Result } from '@truetape/contracts';
import { sha256Of } from '@truetape/kernel';
import type { Sha256 } from '@truetape/kernel';
import { ledgerFault } from './check.ts';
import { badConfig } from './errors.ts';
import type { LedgerError } from './errors.ts';
import { createLedger } from './ledger.ts';
import type { LedgerConfig } from './ledger.ts';
import type { AssetState, Ledger, PositionState } from './state.ts';

/** Version of the JSON and of the hash over its text. */
export const LEDGER_STATE_VERSION = 1;

const COUNTERS = ['boughtLots', 'soldLots', 'settledLots', 'netValue', 'cost'] as const;
const PROFITS = ['realised', 'funding', 'settlement'] as const;
const PRICES = ['lastTicks', 'lastFine', 'markFine'] as const;
const LOTS = ['positionLots', 'tradedLots'] as const;

/** The ledger as canonical JSON. Complexity: O(assets + instruments + trades that are kept). */
export function saveLedger(ledger: Ledger): JsonObject {
  return {
    version: LEDGER_STATE_VERSION,
    account: ledger.account,
    assets: ledger.assets.filter((one) => one !== undefined).map(saveAsset),
    instruments: ledger.positions.filter((one) => one !== undefined).map(savePosition),
  };
}

const saveAsset = (asset: AssetState): JsonObject => ({ ...bookedAsset(asset), timeNs: asset.timeNs });

function bookedAsset({ index, balance, totals }: AssetState): JsonObject {
  return { index, balance: String(balance), totals: totals.map(String) };
}

const absent = (value: number): number | null => (value === NONE ? null : value);

function bookedPosition(position: PositionState): JsonObject {
  const saved: { [key: string]: JsonValue } = { index: position.index };
  for (const key of LOTS) saved[key] = position[key];
  for (const key of [...COUNTERS, ...PROFITS]) saved[key] = String(position[key]);
  return saved;
}

function savePosition(position: PositionState): JsonObject {
  const { timeNs, isOwnLast, taken } = position;
  const prices = Object.fromEntries(PRICES.map((key) => [key, absent(position[key])]));
  const trades = [...taken].map(([key, { qtyLots, priceTicks, priceFine }]) => [
    key,
    qtyLots,
    absent(priceTicks),
    absent(priceFine),
  ]);
  return { ...bookedPosition(position), ...prices, timeNs, isOwnLast, taken: trades };
}

/**
 * What money did, without prices, times and trade ids: balances by reason, lots, costs and profits. The ledger of
 * a run and that of its output tape have the same, whoever saw which market.
 */
export function booksOf(ledger: Ledger): JsonObject {
  return {
    version: LEDGER_STATE_VERSION,
    assets: ledger.assets.filter((one) => one !== undefined).map(bookedAsset),
    instruments: ledger.positions.filter((one) => one !== undefined).map(bookedPosition),
  };
}

/** SHA-256 of the canonical text of the books. */
export function hashBooks(ledger: Ledger, sha256: Sha256): Uint8Array {
  return sha256Of(sha256, encodeUtf8(canonicalText(booksOf(ledger)))!);
}

/** SHA-256 of the canonical text: equal ledgers have equal hashes. */
export function hashLedger(ledger: Ledger, sha256: Sha256): Uint8Array {
  return sha256Of(sha256, encodeUtf8(canonicalText(saveLedger(ledger)))!);
}

/**
 * The ledger that was saved, under the configuration that it had. Errors: `badConfig` with the field at
 * fault, for a configuration that makes none, JSON of another version or shape, or numbers that do not agree
 * with each other.
 */
export function restoreLedger(config: LedgerConfig, state: JsonValue): Result<Ledger, LedgerError> {
  const made = createLedger(config);
  if (!made.ok) return made;
  const ledger = made.value;
  const saved = objectOf(state);
  if (saved['version'] !== LEDGER_STATE_VERSION) return err(badConfig('version', 'another'));
  const [assets, instruments] = [listOf(saved['assets']), listOf(saved['instruments'])];
  for (const one of assets) restoreAsset(ledger, objectOf(one));
  for (const one of instruments) restorePosition(ledger, objectOf(one));
  const fault = ledgerFault(ledger);
  if (fault !== undefined) return err(badConfig('state', fault));
  // One ledger, one text: whatever was not read, or read as something else, shows.
  const [text, again] = [canonicalJson(state), canonicalJson(saveLedger(ledger))];
  const isSame = text.ok && again.ok && text.value === again.value;
  return isSame ? ok(ledger) : err(badConfig('state', 'a field'));
}

const objectOf = (value: JsonValue | undefined): JsonObject =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as JsonObject) : {};
const listOf = (value: JsonValue | undefined): readonly JsonValue[] => (Array.isArray(value) ? value : []);
const DIGITS = /^(?:0|-?[1-9][0-9]{0,60})$/;
const bigOf = (value: JsonValue | undefined): bigint =>
  typeof value === 'string' && DIGITS.test(value) ? BigInt(value) : 0n;
const numberOf = (value: JsonValue | undefined): number =>
  typeof value === 'number' && Number.isSafeInteger(value) ? value : 0;
const priceOf = (value: JsonValue | undefined): number => (value === null ? NONE : numberOf(value));

function restoreAsset(ledger: Ledger, saved: JsonObject): void {
  const asset = ledger.assets[numberOf(saved['index'])];
  if (asset === undefined) return;
  asset.balance = bigOf(saved['balance']);
  asset.timeNs = numberOf(saved['timeNs']);
  asset.isStale = true;
  const totals = listOf(saved['totals']);
  for (let at = 0; at < asset.totals.length; at++) asset.totals[at] = bigOf(totals[at]);
}

function restorePosition(ledger: Ledger, saved: JsonObject): void {
  const position = ledger.positions[numberOf(saved['index'])];
  if (position === undefined) return;
  position.isStale = true;
  for (const key of LOTS) position[key] = numberOf(saved[key]);
  position.timeNs = numberOf(saved['timeNs']);
  for (const key of [...COUNTERS, ...PROFITS]) position[key] = bigOf(saved[key]);
  for (const key of PRICES) position[key] = priceOf(saved[key]);
  position.isOwnLast = saved['isOwnLast'] === true;
  for (const one of listOf(saved['taken'])) {
    const [key, qtyLots, priceTicks, priceFine] = listOf(one);
    const prices = { priceTicks: priceOf(priceTicks), priceFine: priceOf(priceFine) };
    position.taken.set(numberOf(key), { qtyLots: numberOf(qtyLots), ...prices });
  }
}
