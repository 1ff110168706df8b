/** A backtest: the engine, the venue, and what is on its way between them. */
import type { Epoch } from '@truetape/contracts';
import type { Sha256 } from '@truetape/kernel';
import type { Engine, EngineCommand, EngineConfig, FundingNotice } from '@truetape/engine';
import type { Latency, OwnReport, Venue } from '@truetape/venue';
import type { BacktestConfig, ScriptedOrder } from './config.ts';
import type { FundingState } from './funding.ts';
import type { Universe } from './instruments.ts';
import type { MarketLine } from './market-line.ts';
import type { Metrics } from './metrics.ts';
import type { TapeKind } from './parts.ts';
import type { TimedQueue } from './timed-queue.ts';
import type { VenueAccount } from './venue-account.ts';

/** How long each kind of message takes. */
export interface Latencies {
  feed: Latency;
  order: Latency;
  cancel: Latency;
  response: Latency;
}

/** The tape that events of the market come from, as causes name it. */
export const MARKET_TAPE = 1;

/** What the venue tells of the account. */
export type Answer = OwnReport | ({ readonly kind: 'funding' } & FundingNotice);

/** Changed by the functions of this package alone. */
export interface Backtest {
  readonly config: BacktestConfig;
  readonly seed: string;
  readonly kind: TapeKind;
  readonly universe: Universe;
  readonly engineConfig: EngineConfig;
  readonly sha256: Sha256 | undefined;
  /** Times are counted from here. */
  readonly epoch: Epoch;
  readonly engine: Engine;
  readonly venue: Venue;
  /** Market messages on their way to the strategies. */
  readonly feed: MarketLine;
  /** Commands on their way to the venue: one channel, whatever they are. */
  readonly entry: TimedQueue<EngineCommand>;
  /** What the venue answered, on its way back. */
  readonly responses: TimedQueue<Answer>;
  /** The account as the venue has it. */
  readonly atVenue: VenueAccount;
  readonly latencies: Latencies;
  /** Its times are of the tape. */
  script: readonly ScriptedOrder[];
  scriptAt: number;
  readonly funding: FundingState;
  readonly metrics: Metrics;
  /** Of the tape: times of the configuration count from here. */
  readonly firstNs: number;
  /** Events that were left out of the tape. */
  readonly missing: number;
  /** Between these the strategy trades. */
  readonly fromNs: number;
  readonly toNs: number;
  /** When it began. */
  startNs: number;
  /** Time of the tape's last event. */
  tapeNs: number;
  /** The earliest of all that waits: what comes before the tape's next event. */
  dueNs: number;
  /** The earliest of what waits, market data left out. */
  othersNs: number;
  /** Events of the tape so far, and those of them that came before the strategy began. */
  events: number;
  warmUpEvents: number;
  /** Of the tape's event behind the last one that was taken. */
  nextSeq: number;
  isEnded: boolean;
  /** Hash of the state that the run ended in; undefined before, or where nothing hashes. */
  stateHash: string | undefined;
  /**
   * What goes round without end while time stands still: a timer that sets itself anew; own orders that are seen in the
   * market, and answered; answers of the venue that are answered.
   */
  stuckBy: 'timers' | 'market' | 'answers' | undefined;
}
