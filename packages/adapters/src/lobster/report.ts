/** What an import of LOBSTER files found: one plain object; counts are numbers, prices decimal strings. */

/** A transition that the order book file and the messages do not agree on. */
export interface LobsterDifference {
  /** Line of the message, and of the row behind it. */
  readonly line: number;
  readonly orderbookLine: number;
  readonly side: 'bid' | 'ask';
  /** From 1, the best. */
  readonly level: number;
  /** `200 @ 585.33`, or `none`. */
  readonly expected: string;
  readonly found: string;
}

/** The check against the order book file. */
export interface OrderbookReport {
  /** Levels a side. */
  readonly depth: number;
  /** Transitions from one row to the next: equal + revealed + different. */
  readonly checked: number;
  readonly equal: number;
  /** Equal in all that was known; an emptied level showed the next one. */
  readonly revealed: number;
  readonly different: number;
  /** The first ones. */
  readonly differences: readonly LobsterDifference[];
  /**
   * Events that follow from the rows alone: unnamed orders that came to light, or were gone, or lost
   * quantity.
   */
  readonly inferred: number;
}

export interface LobsterLevel {
  readonly price: string;
  readonly qty: number;
}

export interface LobsterReport {
  readonly instrument: string;
  readonly symbol: string;
  /** Day of the rows, and who gave it: nobody gives 1970-01-01. */
  readonly date: string;
  readonly dateFrom: 'option' | 'fileName' | 'nowhere';
  /** Added to the exchange's midnight to get UTC's, in minutes: its offset, negated. */
  readonly utcOffset: string;
  readonly priceStep: string;
  readonly messages: number;
  readonly types: {
    readonly newOrder: number;
    readonly partialCancel: number;
    readonly deletion: number;
    readonly execution: number;
    readonly hiddenExecution: number;
    readonly crossTrade: number;
    readonly tradingStatus: number;
  };
  /** Shares. */
  readonly executedQty: string;
  readonly hiddenQty: string;
  readonly crossQty: string;
  /** Messages of orders that were never seen: from before the file, or from beyond its levels. */
  readonly unknownIds: number;
  /** Messages that do not fit the order they name: its price, side, or what was left of it. */
  readonly misfits: number;
  /** Messages whose time went back; they are clamped and flagged. */
  readonly backward: number;
  /** Null without the file. */
  readonly orderbook: OrderbookReport | null;
  readonly book: {
    readonly status: string;
    readonly bid: LobsterLevel | null;
    readonly ask: LobsterLevel | null;
    readonly bidLevels: number;
    readonly askLevels: number;
    readonly orders: number;
  };
}
