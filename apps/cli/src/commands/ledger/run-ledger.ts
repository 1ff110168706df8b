/** Lines of events through a ledger: names are as in the lines here, and indices in the ledger. */
import { NONE, SIDE_BUY, SIDE_SELL } from '@truetape/contracts';
import { createTerms } from '@truetape/kernel';
import {
  LEDGER_ERRORS,
  addAsset,
  addInstrument,
  applyLedger,
  checkFill,
  checkLedger,
  createLedger,
  createLedgerOut,
  setMargin,
} from '@truetape/ledger';
import type {
  AssetState,
  CashReason,
  FillInput,
  Ledger,
  LedgerError,
  LedgerInput,
  LedgerOut,
  MarginTierConfig,
  PositionState,
} from '@truetape/ledger';
import { short } from '../orders/words.ts';
import type { LedgerLine } from './event-line.ts';
import { LineFault, fineScaleOf, lotsOf, priceOf, safeUnitsOf, ticksOf, unitsOf } from './numbers.ts';

export interface LedgerRun {
  readonly ledger: Ledger;
  readonly out: LedgerOut;
  readonly assets: Map<string, AssetState>;
  readonly instruments: Map<string, PositionState>;
  readonly tiers: Map<PositionState, MarginTierConfig[]>;
  /** Time of the latest event: that of one which says none. */
  timeNs: number;
}

export function createLedgerRun(equityOn: 'last' | 'mark'): LedgerRun {
  const made = createLedger({ account: 0, equityOn, assets: [], instruments: [] });
  if (!made.ok) throw new Error(made.error.code);
  const names = { assets: new Map(), instruments: new Map(), tiers: new Map() };
  return { ledger: made.value, out: createLedgerOut(), ...names, timeNs: 0 };
}

/** What an event is about: an instrument, or an asset alone; or why it was refused. */
export interface LineOutcome {
  readonly event: LedgerLine['event'];
  readonly asset: AssetState | undefined;
  readonly instrument: PositionState | undefined;
  readonly name: string;
  readonly error: LedgerError | undefined;
}

/** Applies a line. Throws `LineFault` for a field that cannot be taken; then nothing has changed. */
export function applyLedgerLine(run: LedgerRun, line: LedgerLine): LineOutcome {
  run.out.count = 0;
  run.out.outcome = 'applied';
  const outcome = applyTo(run, line);
  checkLedger(run.ledger);
  return outcome;
}

function applyTo(run: LedgerRun, line: LedgerLine): LineOutcome {
  switch (line.event) {
    case 'asset':
      return defineAsset(run, line);
    case 'instrument':
      return defineInstrument(run, line);
    case 'tier':
      return defineTier(run, line);
    case 'fill':
      return fill(run, line);
    case 'mark':
    case 'last':
    case 'funding':
    case 'settle':
      return ofInstrument(run, line);
    default:
      return cash(run, line);
  }
}

type LineOf<Event extends LedgerLine['event']> = Extract<LedgerLine, { readonly event: Event }>;

/** What the books take of a field that a line may have otherwise. */
const EXPECTED: Readonly<Record<string, string>> = {
  scale: 'an integer from 0 to 38',
  settle: 'the quote asset, another than the base',
  qtyStep: 'a whole number of units of the base asset',
  roundPer: 'fill, where lots are no whole contracts',
  leverage: 'an integer from 1',
  floor: '0 for the first tier, then more than the one before',
  rate: 'a share below 1, no less than that of the tier before',
  amount: 'no less than that of the tier before',
};

/** Throws for a definition that the books do not take, with the field as the line has it. */
function refusedConfig(error: LedgerError | undefined, line: LedgerLine): void {
  if (error === undefined) return;
  if (error.code !== 'badConfig') throw new LineFault('event', LEDGER_ERRORS[error.code]);
  const field = error.field === 'leverageMax' ? 'leverage' : error.field;
  const found: unknown = Object.entries(line).find(([key]) => key === field)?.[1] ?? error.found;
  throw new LineFault(field, `expected ${EXPECTED[field] ?? 'another'}, found ${short(found)}`);
}

function assetOf(run: LedgerRun, field: string, name: string): AssetState {
  const asset = run.assets.get(name);
  if (asset === undefined) throw new LineFault(field, `no asset ${short(name)} was defined`);
  return asset;
}

function positionOf(run: LedgerRun, name: string): PositionState {
  const position = run.instruments.get(name);
  if (position === undefined) throw new LineFault('instrument', `no instrument ${short(name)} was defined`);
  return position;
}

function defineAsset(run: LedgerRun, line: LineOf<'asset'>): LineOutcome {
  const { event, code, scale } = line;
  if (run.assets.has(code)) throw new LineFault('code', `${short(code)} was defined before`);
  const index = run.assets.size + 1;
  refusedConfig(addAsset(run.ledger, { index, code, scale }), line);
  const asset = run.ledger.assets[index]!;
  run.assets.set(code, asset);
  return { event, asset, instrument: undefined, name: code, error: undefined };
}

function defineInstrument(run: LedgerRun, line: LineOf<'instrument'>): LineOutcome {
  const { event, id, priceStep, qtyStep, contractSize = '1' } = line;
  if (run.instruments.has(id)) throw new LineFault('id', `${short(id)} was defined before`);
  const isInverse = line.class === 'inverse';
  const settle = assetOf(run, 'settle', line.settle ?? (isInverse ? line.base : line.quote));
  // Of a derivative only what settles it has a balance.
  const known = (field: 'base' | 'quote'): number =>
    line.class === 'spot'
      ? assetOf(run, field, line[field]).index
      : (run.assets.get(line[field])?.index ?? 0);
  const fineScale = line.fineScale ?? fineScaleOf(priceStep);
  const terms = createTerms({
    class: line.class,
    priceStep,
    qtyStep,
    fineScale,
    contractSize,
    moneyScale: settle.scale,
  });
  if (!terms.ok)
    throw new LineFault(terms.error.field, `it makes no terms, found ${short(terms.error.found)}`);
  const index = run.instruments.size + 1;
  const config = {
    index,
    terms: terms.value,
    base: known('base'),
    quote: known('quote'),
    settle: settle.index,
    roundPer: line.roundPer ?? 'fill',
    rounding: line.rounding ?? 'halfUp',
    margin: { leverage: line.leverage ?? 1, tiers: [] },
  } as const;
  refusedConfig(addInstrument(run.ledger, config), line);
  const instrument = run.ledger.positions[index]!;
  run.instruments.set(id, instrument);
  return { event, asset: settle, instrument, name: id, error: undefined };
}

function defineTier(run: LedgerRun, line: LineOf<'tier'>): LineOutcome {
  const instrument = positionOf(run, line.instrument);
  const { scale } = instrument.settle;
  const amount = line.amount === undefined ? {} : { amount: unitsOf('amount', line.amount, scale) };
  const tiers = [
    ...(run.tiers.get(instrument) ?? []),
    {
      floor: unitsOf('floor', line.floor, scale),
      maintenanceE12: safeUnitsOf('rate', line.rate, 12),
      ...amount,
      ...(line.leverage === undefined ? {} : { leverageMax: line.leverage }),
    },
  ];
  refusedConfig(setMargin(run.ledger, instrument.index, { leverage: instrument.leverage, tiers }), line);
  run.tiers.set(instrument, tiers);
  const { event } = line;
  return { event, asset: instrument.settle, instrument, name: line.instrument, error: undefined };
}

/** Hands an input to the ledger; a time that was taken is that of what follows. */
function tell(run: LedgerRun, input: LedgerInput): LedgerError | undefined {
  const error = applyLedger(run.ledger, input, run.out);
  if (error === undefined) run.timeNs = input.timeNs;
  return error;
}

const REASONS = {
  deposit: ['deposit', 1n],
  withdraw: ['withdrawal', -1n],
  fee: ['fee', -1n],
  rebate: ['rebate', 1n],
  transfer: ['transfer', 1n],
  adjust: ['adjustment', 1n],
} as const satisfies Readonly<Record<string, readonly [CashReason, bigint]>>;

function cash(run: LedgerRun, line: LineOf<keyof typeof REASONS>): LineOutcome {
  const { event, time: timeNs = run.timeNs } = line;
  const asset = assetOf(run, 'asset', line.asset);
  const of =
    'instrument' in line && line.instrument !== undefined ? positionOf(run, line.instrument) : undefined;
  const [reason, sign] = REASONS[event];
  const amount = sign * unitsOf('amount', line.amount, asset.scale);
  const input = { event: 'cash', timeNs, reason, asset: asset.index, amount } as const;
  const error = tell(run, { ...input, instrument: of?.index ?? 0 });
  return { event, asset, instrument: undefined, name: line.asset, error };
}

function fill(run: LedgerRun, line: LineOf<'fill'>): LineOutcome {
  const { event, time: timeNs = run.timeNs, side, trade: tradeId = NONE } = line;
  const instrument = positionOf(run, line.instrument);
  const input: FillInput = {
    event: 'fill',
    timeNs,
    instrument: instrument.index,
    side: side === 'buy' ? SIDE_BUY : SIDE_SELL,
    ...priceOf('price', line.price, instrument),
    qtyLots: lotsOf('qty', line.qty, instrument),
    orderId: NONE,
    tradeId,
  };
  const at = { event, asset: instrument.settle, instrument, name: line.instrument };
  if (line.fee === undefined) return { ...at, error: tell(run, input) };
  const asset = line.feeAsset === undefined ? instrument.settle : assetOf(run, 'feeAsset', line.feeAsset);
  const amount = -unitsOf('fee', line.fee, asset.scale);
  // Both or neither. A fee of a fill that is known already was taken with it.
  const error = checkFill(run.ledger, input, { asset: asset.index, amount }) ?? tell(run, input);
  if (error !== undefined || run.out.outcome === 'duplicate') return { ...at, error };
  const { flows, count } = structuredClone(run.out);
  const reason = amount > 0n ? 'rebate' : 'fee';
  const paid = { event: 'cash', reason, asset: asset.index, amount, instrument: instrument.index } as const;
  // What follows has the time of the fill, though the asset's own may be later.
  const refused = applyLedger(run.ledger, { ...paid, timeNs: Math.max(timeNs, asset.timeNs) }, run.out);
  Object.assign(run.out, { flows, count });
  return { ...at, error: refused };
}

function ofInstrument(run: LedgerRun, line: LineOf<'mark' | 'last' | 'funding' | 'settle'>): LineOutcome {
  const { event, time: timeNs = run.timeNs } = line;
  const position = positionOf(run, line.instrument);
  const of = { timeNs, instrument: position.index };
  const fine = (text: string): number => safeUnitsOf('price', text, position.terms.fineScale);
  let input: LedgerInput;
  switch (line.event) {
    case 'mark':
      input = { event: 'mark', ...of, markFine: fine(line.price) };
      break;
    case 'last':
      input = { event: 'last', ...of, priceTicks: ticksOf('price', line.price, position) };
      break;
    case 'funding': {
      const markFine = line.price === undefined ? NONE : fine(line.price);
      input = { event: 'funding', ...of, rateE12: safeUnitsOf('rate', line.rate, 12), markFine };
      break;
    }
    case 'settle':
      input = { event: 'settlement', ...of, priceFine: fine(line.price) };
      break;
  }
  const error = tell(run, input);
  return { event, asset: position.settle, instrument: position, name: line.instrument, error };
}
