/** The engine: all that it knows, and the ports through which it acts. */
import type { Event } from '@truetape/contracts';
import type { RandomStream } from '@truetape/kernel';
import type { DepthBook } from '@truetape/marketdata';
import type { Orders } from '@truetape/orders';
import type { Account } from './account.ts';
import type { BarState } from './bars.ts';
import type { EngineCommand } from './command.ts';
import type { Gate } from './gate.ts';
import type { MutableOrder } from './own-order.ts';
import type { Scratch } from './scratch.ts';
import type { BarSpec, Context, Listens, MarketUpdate, MarketView, Strategy } from './strategy.ts';

/** True while a strategy runs; whoever guards the process's clocks and dice looks at it. */
export interface StrategyGuard {
  isInside: boolean;
  /** What it threw first: a strategy that caught it has used a clock or a die all the same. */
  readonly fault?: Error | undefined;
}

/** What the engine does in the world. */
export interface EnginePorts {
  /** Writes an event at the next seq, which it returns. The object is the engine's own, and reused. */
  emit(event: Event): number;
  /** Sends a command on its way to the venue. */
  send(command: EngineCommand): void;
  readonly guard: StrategyGuard;
}

type Mutable<T> = { -readonly [Field in keyof T]: T[Field] };

/** A market, as the strategies see it, and what belongs to it here. */
export interface MarketState extends Mutable<MarketView> {
  readonly book: DepthBook;
  /** When the last message of it came; NONE before the first. */
  seenNs: number;
  /** Seq and tape of the event that came last: the cause of what a strategy does now. */
  causeSeq: number;
  causeTape: number;
  isDepthChanged: boolean;
  /** Open orders of all strategies, in the order in which they were sent. */
  open: MutableOrder[];
}

/** A strategy at work. */
export interface StrategyRun {
  readonly index: number;
  readonly name: string;
  /** Its source on the output tape. */
  readonly source: number;
  readonly strategy: Strategy;
  readonly listens: Listens;
  readonly bars: BarSpec | undefined;
  /** Signed lots by instrument. */
  readonly positions: (number | undefined)[];
  /**
   * What came in for its fills and as funding less what went out, fees taken off, by instrument, in units of its settle
   * asset; MONEY_NONE once a fee was paid in an asset that had no price in that one.
   */
  readonly netValues: (bigint | undefined)[];
  /** Its part of funding, by instrument, in units of its settle asset. */
  readonly fundings: (bigint | undefined)[];
  /** Bars under way by instrument. */
  readonly barStates: (BarState | undefined)[];
  readonly timers: Map<number, number>;
  readonly streams: Map<string, RandomStream>;
  /** Intent of its last target by instrument, and the lots that it wants; NONE for none. */
  readonly targetIntents: (number | undefined)[];
  readonly targetLots: (number | undefined)[];
  /** The last reason for doing nothing, by instrument: the same is not told twice. */
  readonly idleCodes: (number | undefined)[];
  deniedCode: string;
  context: Context;
}

/** A large order: of its quantity so much has been sent. */
export interface ParentOrder {
  readonly qtyLots: number;
  sentLots: number;
}

/** Changed by the functions of this package alone. */
export interface Engine {
  readonly ports: EnginePorts;
  readonly seed: string;
  readonly runs: StrategyRun[];
  /** By instrument; the first is none. */
  readonly markets: (MarketState | undefined)[];
  /** Without holes, as strategies see them. */
  readonly views: MarketState[];
  readonly update: Mutable<MarketUpdate>;
  orders: Orders;
  readonly own: Map<number, MutableOrder>;
  readonly account: Account;
  readonly gate: Gate;
  readonly scratch: Scratch;
  /** Large orders that are sent in children, by intent. */
  readonly parents: Map<number, ParentOrder>;
  /** The asset that equity is told in. */
  readonly equityAsset: number;
  timeNs: number;
  /** What leads to whatever is done now. */
  causeSeq: number;
  causeTape: number;
  /** Seq of the last KillSwitch; NONE before the first. */
  killSeq: number;
  /** How often something was called, or a bar changed: times that were asked for before may not hold any more. */
  calls: number;
  nextOrderId: number;
  nextIntentId: number;
  isStarted: boolean;
  /** A strategy went on after it had returned: what it did then was passed over. */
  isStray: boolean;
}
