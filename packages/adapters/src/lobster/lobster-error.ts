/** Why a LOBSTER file or a configuration was refused. Data only; wording belongs to the application. */

/** Which of the two files. */
export type LobsterFile = 'messages' | 'orderbook';

/**
 * - `badColumns`: a row with another number of columns than its file has;
 * - `badField`: a field that is no number of its kind, or out of range;
 * - `badOrder`: an order book row whose prices are not sorted, best first;
 * - `offGrid`: a price of a visible order that is no multiple of the step that was given;
 * - `rowCount`: one file ends before the other; `line` is where the longer one goes on;
 * - `badConfig`: the configuration contradicts itself; `line` is 0.
 *
 * `line` is the number that the caller gave with the row of `file`.
 */
export type LobsterError =
  | {
      readonly code: 'badColumns';
      readonly file: LobsterFile;
      readonly line: number;
      readonly expected: string;
      readonly found: number;
    }
  | {
      readonly code: 'badField';
      readonly file: LobsterFile;
      readonly line: number;
      readonly field: string;
      readonly expected: string;
      readonly found: string;
    }
  | {
      readonly code: 'badOrder';
      readonly file: 'orderbook';
      readonly line: number;
      readonly field: string;
    }
  | {
      readonly code: 'offGrid';
      readonly file: LobsterFile;
      readonly line: number;
      readonly field: string;
      readonly found: string;
      readonly step: string;
    }
  | {
      readonly code: 'rowCount';
      readonly file: LobsterFile;
      readonly line: number;
      readonly rows: number;
    }
  | { readonly code: 'badConfig'; readonly line: 0; readonly field: string; readonly expected: string };
