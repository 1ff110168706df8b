/** The end of an import: its report. */
import { BUY, feedLevels, feedOrderCount, SELL } from '@truetape/book';
import { formatQuanta, sumValue } from '@truetape/kernel';
import {
  CROSS_TRADE,
  DELETION,
  EXECUTION,
  HIDDEN_EXECUTION,
  NEW_ORDER,
  PARTIAL_CANCEL,
  TRADING_HALT,
} from './message.ts';
import type { LobsterLevel, LobsterReport } from './report.ts';
import type { LobsterState } from './state.ts';

/** What a report repeats of the configuration. */
export interface ReportNames extends Pick<LobsterReport, 'symbol' | 'date' | 'dateFrom' | 'priceStep'> {
  readonly utcOffsetMinutes: number;
}

/** `-04:00`, `+00:00`. */
function offsetText(minutes: number): string {
  const magnitude = Math.abs(minutes);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(magnitude / 60))}:${two(magnitude % 60)}`;
}

/** `depth` is that of the order book file, undefined without one. */
export function reportOf(
  state: LobsterState,
  names: ReportNames,
  depth: number | undefined,
  messages: number,
): LobsterReport {
  const { types, counts, book } = state;
  const bids = feedLevels(book, BUY);
  const asks = feedLevels(book, SELL);
  const best = (level: (typeof bids)[number] | undefined): LobsterLevel | null =>
    level === undefined ? null : { price: formatQuanta(state.price, level.priceTicks), qty: level.qtyLots };
  return {
    instrument: `NASDAQ:${names.symbol}`,
    symbol: names.symbol,
    date: names.date,
    dateFrom: names.dateFrom,
    utcOffset: offsetText(names.utcOffsetMinutes),
    priceStep: names.priceStep,
    messages,
    types: {
      newOrder: types[NEW_ORDER],
      partialCancel: types[PARTIAL_CANCEL],
      deletion: types[DELETION],
      execution: types[EXECUTION],
      hiddenExecution: types[HIDDEN_EXECUTION],
      crossTrade: types[CROSS_TRADE],
      tradingStatus: types[TRADING_HALT],
    },
    executedQty: String(sumValue(state.executed)),
    hiddenQty: String(sumValue(state.hidden)),
    crossQty: String(sumValue(state.crossed)),
    unknownIds: state.unknownIds,
    misfits: state.misfits,
    backward: state.backward,
    orderbook: depth === undefined ? null : { depth, ...counts, differences: [...counts.differences] },
    book: {
      status: book.status,
      bid: best(bids[0]),
      ask: best(asks[0]),
      bidLevels: bids.length,
      askLevels: asks.length,
      orders: feedOrderCount(book),
    },
  };
}
