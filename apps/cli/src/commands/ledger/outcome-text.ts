/** The books behind an event as a line. */
import {
  BALANCE_REASONS,
  LEDGER_ERRORS,
  assetMarginOf,
  entryFineOf,
  equityOf,
  liquidationOf,
  marginOf,
  unrealisedOf,
} from '@truetape/ledger';
import type { AssetState, LedgerError, PositionState } from '@truetape/ledger';
import { formatQuanta } from '@truetape/kernel';
import { word } from '../orders/words.ts';
import { money } from './numbers.ts';
import type { LedgerRun, LineOutcome } from './run-ledger.ts';

interface FlowMembers {
  readonly kind: string;
  readonly amount: string;
  readonly asset: string;
}

interface Members {
  [key: string]:
    | string
    | number
    | boolean
    | readonly FlowMembers[]
    | { readonly code: string; readonly why: string };
}

export function ledgerJson(run: LedgerRun, outcome: LineOutcome): string {
  return JSON.stringify({ event: outcome.event, name: outcome.name, ...membersOf(run, outcome) });
}

/** For people: the same members in words, zeros left out where they say nothing. */
export function ledgerText(run: LedgerRun, outcome: LineOutcome): string {
  const parts = [outcome.event.padEnd(10), word(outcome.name).padEnd(10)];
  for (const [key, value] of Object.entries(membersOf(run, outcome))) {
    if (Array.isArray(value))
      for (const { kind, amount } of value as FlowMembers[]) parts.push(`[${kind} ${amount}]`);
    else if (typeof value === 'object') parts.push(`error ${Object.values(value).join(': ')}`);
    else if (key === 'asset') parts.push(String(value));
    else if (key === 'bufferTicks') parts.push(`(${value} ticks,`);
    else if (key === 'bufferBps') parts.push(`${value} bps)`);
    else if (value !== '0') parts.push(`${key} ${value}`);
  }
  return parts.join(' ').trimEnd();
}

function membersOf(run: LedgerRun, outcome: LineOutcome): Members {
  const { error, asset, instrument, event } = outcome;
  if (error !== undefined) return { error: errorOf(run, error) };
  if (event === 'asset') return { scale: asset!.scale };
  const flows: FlowMembers[] = run.out.flows.slice(0, run.out.count).map(({ kind, amount, asset: index }) => {
    const { scale, code } = run.ledger.assets[index]!;
    return { kind, amount: money(amount, scale), asset: code };
  });
  return {
    ...(run.out.outcome === 'duplicate' ? { duplicate: true } : {}),
    ...(flows.length > 0 ? { flows } : {}),
    ...(instrument === undefined ? {} : positionMembers(run, instrument)),
    ...assetMembers(run, asset!),
  };
}

function positionMembers({ ledger }: LedgerRun, position: PositionState): Members {
  const { index, terms, isSpot, settle, positionLots, tradedLots } = position;
  const inSettle = (units: bigint): string => money(units, settle.scale);
  const entry = entryFineOf(ledger, index);
  const liquidation = liquidationOf(ledger, index);
  const margin = marginOf(ledger, index);
  return {
    position: formatQuanta(terms.qty, positionLots),
    ...(isSpot ? { traded: formatQuanta(terms.qty, tradedLots) } : {}),
    ...(entry === undefined ? {} : { entry: money(entry, terms.fineScale) }),
    realised: inSettle(position.realised + position.settlement),
    unrealised: inSettle(unrealisedOf(ledger, index)),
    ...(isSpot
      ? { held: money(position.base!.balance, position.base!.scale) }
      : {
          funding: inSettle(position.funding),
          initial: inSettle(margin.initial),
          maintenance: inSettle(margin.maintenance),
        }),
    ...(liquidation.kind === 'none'
      ? {}
      : {
          liquidation:
            liquidation.kind === 'at' ? money(liquidation.priceFine, terms.fineScale) : liquidation.kind,
        }),
    ...(liquidation.kind === 'at'
      ? { bufferTicks: String(liquidation.bufferTicks), bufferBps: String(liquidation.bufferBps) }
      : {}),
  };
}

function assetMembers({ ledger }: LedgerRun, { index, code, scale, balance, settled }: AssetState): Members {
  const { available, isLiquidated } = assetMarginOf(ledger, index);
  return {
    asset: code,
    balance: money(balance, scale),
    equity: money(equityOf(ledger, index), scale),
    ...(settled.length > 0 ? { available: money(available, scale) } : {}),
    ...(isLiquidated ? { liquidated: true } : {}),
  };
}

function errorOf(run: LedgerRun, error: LedgerError): { readonly code: string; readonly why: string } {
  const { code } = error;
  const why = LEDGER_ERRORS[code];
  if (error.code !== 'insufficientBalance') return { code, why };
  const { code: asset, scale } = run.ledger.assets[error.asset]!;
  const [needed, available] = [money(error.needed, scale), money(error.available, scale)];
  return { code, why: `${why}: ${asset} needs ${needed}, has ${available}` };
}

/** What an asset's balance is made of, reason by reason; reasons without any left out. */
function partsOf({ scale, totals }: AssetState): readonly (readonly [string, string])[] {
  return BALANCE_REASONS.map((reason, place) => [reason, money(totals[place], scale)] as const).filter(
    ([, amount]) => amount !== '0',
  );
}

export function totalsJson(asset: AssetState): string {
  const { code: name, balance, scale } = asset;
  const parts = Object.fromEntries(partsOf(asset));
  return JSON.stringify({ event: 'totals', name, ...parts, balance: money(balance, scale) });
}

export function totalsText(asset: AssetState): string {
  const sum = partsOf(asset).map(([reason, amount]) => `${reason} ${amount}`);
  const balance = money(asset.balance, asset.scale);
  return `${'totals'.padEnd(10)} ${word(asset.code).padEnd(10)} ${sum.join(' + ') || '0'} = ${balance}`;
}
