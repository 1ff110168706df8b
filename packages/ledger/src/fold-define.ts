/** Assets and instruments of a ledger from the Defines of a tape. */
import { applyDefine } from '@truetape/contracts';
import type { Define, DefineTables, Definition, JsonObject, JsonValue } from '@truetape/contracts';
import { CONTRACT_CLASSES, ROUNDINGS, createTerms } from '@truetape/kernel';
import type { Rounding } from '@truetape/kernel';
import { badConfig } from './errors.ts';
import type { LedgerError } from './errors.ts';
import { addAsset, addInstrument } from './ledger.ts';
import type { Ledger } from './state.ts';
import type { MarginConfig } from './tiers.ts';

/** What terms do not say of an instrument. */
export interface InstrumentPolicy {
  readonly rounding: Rounding;
  readonly roundPer: 'fill' | 'contract';
  readonly margin?: MarginConfig;
}

interface DefineFold {
  readonly ledger: Ledger;
  readonly tables: DefineTables;
  readonly config: {
    readonly policy: InstrumentPolicy;
    readonly policies?: Readonly<Record<string, Partial<InstrumentPolicy>>>;
  };
}

/** Takes in a Define. An instrument waits for its assets; without them it is none of the ledger's. */
export function foldDefine(fold: DefineFold, event: Define): LedgerError | undefined {
  const defined = applyDefine(fold.tables, event);
  if (!defined.ok) return badConfig(defined.error.field || defined.error.code, defined.error.index);
  if (event.table === TABLE_ASSET) {
    const { index, name, value } = defined.value;
    return addAsset(fold.ledger, { index, code: name, scale: value['scale'] as number }) ?? addWaiting(fold);
  }
  return event.table === TABLE_INSTRUMENT ? addDefined(fold, defined.value) : undefined;
}

const TABLE_INSTRUMENT = 1;
const TABLE_ASSET = 4;

function addWaiting(fold: DefineFold): LedgerError | undefined {
  for (const definition of fold.tables.instrument.byIndex) {
    if (definition === undefined || fold.ledger.positions[definition.index] !== undefined) continue;
    const error = addDefined(fold, definition);
    if (error !== undefined) return error;
  }
  return undefined;
}

const textOf = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : '');

function addDefined(fold: DefineFold, { index, name, value }: Definition): LedgerError | undefined {
  const { ledger, tables } = fold;
  const kind = textOf(value['class']);
  const asset = (key: string): number => tables.asset.byName.get(textOf(value[key])) ?? 0;
  const [base, quote] = [asset('base'), asset('quote')];
  const settle = value['settle'] === undefined ? (kind === 'inverse' ? base : quote) : asset('settle');
  const isKnown = CONTRACT_CLASSES.some((one) => one === kind);
  if (!isKnown || settle === 0 || (kind === 'spot' && (base === 0 || quote === 0))) return undefined;
  const terms = createTerms({
    class: kind,
    priceStep: textOf(value['priceStep']),
    qtyStep: textOf(value['qtyStep']),
    fineScale: value['fineScale'] as number,
    contractSize: textOf(value['contractSize'] ?? '1'),
    moneyScale: ledger.assets[settle]!.scale,
  });
  if (!terms.ok) return badConfig(terms.error.field, terms.error.found);
  const policy = policyOf(fold, name, value);
  return addInstrument(ledger, { index, terms: terms.value, base, quote, settle, ...policy });
}

function policyOf({ config }: DefineFold, id: string, { rules }: JsonObject): InstrumentPolicy {
  const own =
    rules !== null && typeof rules === 'object' && !Array.isArray(rules) ? (rules as JsonObject) : {};
  const rounding = ROUNDINGS.find((one) => one === own['rounding']);
  const roundPer = own['roundPer'];
  return {
    ...config.policy,
    ...(rounding === undefined ? {} : { rounding }),
    ...(roundPer === 'fill' || roundPer === 'contract' ? { roundPer } : {}),
    ...config.policies?.[id],
  };
}
