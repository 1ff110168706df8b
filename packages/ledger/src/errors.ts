/** What can be wrong with an input or a configuration. The wording is the app's. */

/** Every code with what it means, by precedence: of several that apply, the first one is told. */
export const LEDGER_ERRORS = {
  badConfig: 'a field of a configuration or of a Define makes no ledger',
  unknownAsset: 'no asset has this index',
  unknownInstrument: 'no instrument has this index',
  badClass: 'an instrument of this class has no such event',
  badSide: 'the side is neither buy nor sell',
  badQty: 'the quantity is not above zero',
  badPrice: 'there is not one price, or it is not above zero where it has to be',
  badReason: 'cash does not change for this reason by itself',
  badAmount: 'the amount has the wrong sign for its reason, or is absent',
  timeBack: 'the event is older than the one before it of its instrument or asset',
  noPrice: 'nothing has been told that the position could be valued at',
  tradeConflict: 'the trade id stands for another fill',
  tooLarge: 'a quantity would pass 2^53 − 1 lots, or an amount what an i128 holds',
  insufficientBalance: 'the balance would be below zero where none is lent',
  realisedMismatch: 'the profit that is told is not what the fill gives',
  realisedUnexpected: 'a profit is told, and no fill has given one',
  amountMismatch: 'the amount that is told is not what the terms give',
  positionMismatch: 'the position that is told is not the one there is',
} as const;

export type LedgerErrorCode = keyof typeof LEDGER_ERRORS;

/** An input that was refused; nothing has changed. */
export type LedgerError =
  | { readonly code: 'badConfig'; readonly field: string; readonly found: string }
  | { readonly code: 'unknownAsset' | 'badReason' | 'badAmount'; readonly asset: number }
  | {
      readonly code:
        | 'unknownInstrument'
        | 'badClass'
        | 'badSide'
        | 'badQty'
        | 'badPrice'
        | 'noPrice'
        | 'tooLarge';
      readonly instrument: number;
    }
  | {
      readonly code: 'timeBack';
      readonly instrument: number;
      readonly asset: number;
      readonly timeNs: number;
      readonly lastNs: number;
    }
  | { readonly code: 'tradeConflict'; readonly instrument: number; readonly tradeId: number }
  | {
      readonly code: 'insufficientBalance';
      readonly asset: number;
      /** What would be taken, and what there is; in units of the asset. */
      readonly needed: bigint;
      readonly available: bigint;
    }
  | {
      readonly code: 'realisedMismatch' | 'realisedUnexpected' | 'amountMismatch' | 'positionMismatch';
      readonly instrument: number;
      readonly expected: bigint;
      readonly found: bigint;
    };

export const badConfig = (field: string, found: string | number | bigint): LedgerError => ({
  code: 'badConfig',
  field,
  found: String(found),
});
