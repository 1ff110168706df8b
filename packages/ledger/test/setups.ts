/** Ledgers, instruments and inputs that tests begin from. */
import { NONE, SIDE_BUY, SIDE_SELL } from '@truetape/contracts';
import { createTerms, parseDecimal } from '@truetape/kernel';
import { applyLedger, createLedger, createLedgerOut } from '@truetape/ledger';
import type {
  CashReason,
  FillInput,
  InstrumentConfig,
  Ledger,
  LedgerConfig,
  LedgerError,
  LedgerInput,
  LedgerOut,
  MarginConfig,
} from '@truetape/ledger';
import type { ReferenceInstrument } from './reference.ts';

export const USDT = 1;
export const BTC = 2;
export const BNB = 3;
export const SCALES: Readonly<Record<number, number>> = { [USDT]: 8, [BTC]: 8, [BNB]: 8 };

export const SPOT = 1;
export const LINEAR = 2;
export const INVERSE = 3;

const common = { fineScale: 8, contractSize: '1', roundPer: 'fill', rounding: 'halfUp' } as const;
const pair = { base: BTC, quote: USDT } as const;

export const INSTRUMENTS: Readonly<Record<number, ReferenceInstrument>> = {
  [SPOT]: { ...common, ...pair, class: 'spot', priceStep: '0.01', qtyStep: '0.00001', settle: USDT },
  [LINEAR]: { ...common, ...pair, class: 'linear', priceStep: '0.1', qtyStep: '0.001', settle: USDT },
  [INVERSE]: {
    ...common,
    ...pair,
    class: 'inverse',
    priceStep: '0.1',
    qtyStep: '1',
    contractSize: '100',
    settle: BTC,
  },
};

export function instrumentOf(
  index: number,
  instrument: ReferenceInstrument,
  scales = SCALES,
  margin?: MarginConfig,
): InstrumentConfig {
  const { base, quote, settle, roundPer, rounding } = instrument;
  const terms = createTerms({ ...instrument, moneyScale: scales[settle] });
  if (!terms.ok) throw new Error(terms.error.field);
  const rest = margin === undefined ? {} : { margin };
  return { index, terms: terms.value, base, quote, settle, roundPer, rounding, ...rest };
}

export function configOf(
  instruments: Readonly<Record<number, ReferenceInstrument>> = INSTRUMENTS,
  more: Partial<LedgerConfig> = {},
  scales = SCALES,
): LedgerConfig {
  const codes = ['', 'USDT', 'BTC', 'BNB'];
  return {
    account: 1,
    equityOn: 'mark',
    assets: Object.keys(scales).map((key) => ({
      index: Number(key),
      code: codes[Number(key)] ?? `A${key}`,
      scale: scales[Number(key)],
    })),
    instruments: Object.entries(instruments).map(([key, one]) => instrumentOf(Number(key), one, scales)),
    ...more,
  };
}

export function ledgerOf(config: LedgerConfig = configOf()): Ledger {
  const made = createLedger(config);
  if (!made.ok) throw new Error(JSON.stringify(made.error, (_, value: unknown) => String(value)));
  return made.value;
}

/** A ledger that is told things in words. */
export interface Desk {
  readonly ledger: Ledger;
  readonly out: LedgerOut;
  readonly tell: (input: LedgerInput) => LedgerError | undefined;
}

export function deskOf(config?: LedgerConfig): Desk {
  const ledger = ledgerOf(config);
  const out = createLedgerOut();
  return { ledger, out, tell: (input) => applyLedger(ledger, input, out) };
}

/** Units of an amount in 10^−8. */
export function units(text: string, scale = 8): bigint {
  const parsed = parseDecimal(text);
  if (!parsed.ok) throw new Error(text);
  return parsed.value.mantissa * 10n ** BigInt(scale - parsed.value.scale);
}

export const cash = (reason: CashReason, asset: number, amount: bigint, timeNs = 0): LedgerInput => ({
  event: 'cash',
  timeNs,
  reason,
  asset,
  amount,
  instrument: 0,
});

export const fillOf = (
  instrument: number,
  side: 'buy' | 'sell',
  qtyLots: number,
  priceTicks: number,
  more: Partial<FillInput> = {},
): FillInput => ({
  event: 'fill',
  timeNs: 0,
  instrument,
  side: side === 'buy' ? SIDE_BUY : SIDE_SELL,
  priceTicks,
  priceFine: NONE,
  qtyLots,
  orderId: 1,
  tradeId: NONE,
  ...more,
});

export const markOf = (instrument: number, price: string, timeNs = 0): LedgerInput => ({
  event: 'mark',
  timeNs,
  instrument,
  markFine: Number(units(price)),
});
