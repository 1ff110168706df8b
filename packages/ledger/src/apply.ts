/** One input after another: judged, then applied as a whole or not at all. */
import { applyCash } from './apply-cash.ts';
import { applyFill } from './apply-fill.ts';
import { applyFunding, applySettlement } from './apply-held.ts';
import type { LedgerError } from './errors.ts';
import type { LedgerInput, LedgerOut } from './input.ts';
import { applyLast, applyMark } from './prices.ts';
import type { Ledger } from './state.ts';

/**
 * Applies one input; `out` holds the flows that it made.
 *
 * Returns why it was refused, and then nothing has changed; undefined when it was taken. Throws on LEDGER-1
 * for numbers that are no safe integers. Complexity: O(1), and O(spot instruments of an asset) where a
 * balance changes.
 */
export function applyLedger(ledger: Ledger, input: LedgerInput, out: LedgerOut): LedgerError | undefined {
  out.outcome = 'applied';
  out.count = 0;
  switch (input.event) {
    case 'fill':
      return applyFill(ledger, input, out);
    case 'cash':
      return applyCash(ledger, input);
    case 'funding':
      return applyFunding(ledger, input, out);
    case 'settlement':
      return applySettlement(ledger, input, out);
    case 'mark':
      return applyMark(ledger, input.instrument, input.markFine, input.timeNs);
    case 'last':
      return applyLast(ledger, input.instrument, input.priceTicks, input.timeNs);
  }
}
