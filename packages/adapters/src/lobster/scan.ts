/** The first pass over LOBSTER files: the coarsest step that is exact for all prices of visible orders. */
import { err, ok, type Result } from '@truetape/contracts';
import type { LobsterError } from './lobster-error.ts';
import { createMessageReader, isVisible, readMessage } from './message.ts';
import { createRowReader, depthOf, readRow, type RowReader } from './orderbook-row.ts';

/** The first pass; the rows of the two files in any order. */
export interface LobsterScan {
  readonly message: (text: string, line: number) => Result<void, LobsterError>;
  readonly row: (text: string, line: number) => Result<void, LobsterError>;
  /** 0.01, where stocks above a dollar trade, or finer. */
  readonly priceStep: () => string;
}

const OK: Result<void, LobsterError> = ok(undefined);
const STEPS: readonly (readonly [step: string, unit: number])[] = [
  ['0.01', 100],
  ['0.001', 10],
  ['0.0001', 1],
];

export function createLobsterScan(): LobsterScan {
  const messages = createMessageReader();
  let rows: RowReader | undefined;
  let step = 0;
  const widen = (price: number): void => {
    while (price % STEPS[step][1] !== 0) step++;
  };
  return {
    message: (text, line) => {
      const fault = readMessage(messages, text, line);
      if (fault !== undefined) return err(fault);
      // Hidden orders and crosses may trade between two steps; their prices need no level.
      if (isVisible(messages.message.type)) widen(messages.message.price);
      return OK;
    },
    row: (text, line) => {
      if (rows === undefined) {
        const depth = depthOf(text, line);
        if (typeof depth !== 'number') return err(depth);
        rows = createRowReader(depth);
      }
      const fault = readRow(rows, text, line);
      if (fault !== undefined) return err(fault);
      for (const { prices, count } of [rows.row.bids, rows.row.asks]) {
        for (let at = 0; at < count; at++) widen(prices[at]);
      }
      return OK;
    },
    priceStep: () => STEPS[step][0],
  };
}
