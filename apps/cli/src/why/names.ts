/** Numbers of events in the words and decimals of their tape. */
import { MONEY_NONE, NONE, nameOfIndex } from '@truetape/contracts';
import type { DefineTables, Event } from '@truetape/contracts';
import { createQuantum, formatDecimal, formatQuanta } from '@truetape/kernel';
import type { Quantum } from '@truetape/kernel';
import { formatSpan } from '@truetape/tape';

export interface Names {
  readonly instrument: (index: number) => string;
  readonly source: (index: number) => string;
  /** ` of maker` where a tape has several strategies; '' where it has one, and for what is none. */
  readonly ofStrategy: (source: number) => string;
  readonly asset: (index: number) => string;
  readonly price: (instrument: number, ticks: number) => string;
  readonly qty: (instrument: number, lots: number) => string;
  /** A quantity that stands alone: `5 lots`, `0.014 BTC`. */
  readonly amount: (instrument: number, lots: number) => string;
  readonly fine: (instrument: number, fine: number) => string;
  readonly money: (asset: number, money: bigint) => string;
}

const quantumOf = (step: unknown): Quantum | undefined => {
  const quantum = typeof step === 'string' ? createQuantum(step) : undefined;
  return quantum?.ok === true ? quantum.value : undefined;
};

/** Names by the Defines of a tape. */
export function namesOf(tables: DefineTables): Names {
  const strategies = tables.source.byIndex.flatMap((one) =>
    one?.value['role'] === 'strategy' ? [one.index] : [],
  );
  const valueOf = (index: number) => tables.instrument.byIndex[index]?.value ?? {};
  const inSteps = (step: unknown, count: number): string => {
    if (count === NONE) return 'none';
    const quantum = quantumOf(step);
    return quantum === undefined ? String(count) : formatQuanta(quantum, count);
  };
  const qty = (instrument: number, lots: number): string => inSteps(valueOf(instrument)['qtyStep'], lots);
  return {
    instrument: (index) => nameOfIndex(tables.instrument, index),
    source: (index) => nameOfIndex(tables.source, index),
    ofStrategy: (index) => {
      const name =
        strategies.length > 1 && strategies.includes(index) ? nameOfIndex(tables.source, index) : '';
      return name === '' ? '' : ` of ${name.replace(/^strategy\//, '')}`;
    },
    asset: (index) => nameOfIndex(tables.asset, index),
    price: (instrument, ticks) => inSteps(valueOf(instrument)['priceStep'], ticks),
    qty,
    amount: (instrument, lots) => {
      const { qtyStep, base } = valueOf(instrument);
      if (qtyStep === '1' || quantumOf(qtyStep) === undefined) return lots === 1 ? '1 lot' : `${lots} lots`;
      return typeof base === 'string' ? `${qty(instrument, lots)} ${base}` : qty(instrument, lots);
    },
    fine: (instrument, fine) => {
      if (fine === NONE) return 'none';
      const { fineScale } = valueOf(instrument);
      return typeof fineScale === 'number' ? formatDecimal(BigInt(fine), fineScale) : String(fine);
    },
    money: (asset, money) => {
      if (money === MONEY_NONE) return 'none';
      const scale = tables.asset.byIndex[asset]?.value['scale'];
      const text = typeof scale === 'number' ? formatDecimal(money, scale) : String(money);
      return asset === 0 ? text : `${text} ${nameOfIndex(tables.asset, asset)}`;
    },
  };
}

export const sideOf = ({ flags }: Pick<Event, 'flags'>): string => {
  const side = (flags >>> 4) & 3;
  return side === 1 ? 'buy' : side === 2 ? 'sell' : '';
};

/** Time that passed, cut to a µs or what remains below. */
export const spanText = (ns: bigint): string => formatSpan(ns, 6);

/** `1 fill`, `3 fills`. */
export const counted = (count: number, one: string, many: string = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;
