/** Tapes of a strategy by hand: each event gets its seq, a time of its own, and says what it follows from. */
import { BLANK, FLAG_LAST, SIDE_BUY, UNIX_EPOCH, codeOfName, toUnixNs } from '@truetape/contracts';
import type { Event, VocabularyName } from '@truetape/contracts';
import { createFollow, explain, followEvent } from '../src/index.ts';
import type { Follow, FollowConfig, LookUp, Subject, Why } from '../src/index.ts';

export const code = (vocabulary: VocabularyName, name: string): number => codeOfName(vocabulary, name)!;

/** Fields of an event but for its seq. */
type Given<E extends Event> = Partial<Omit<E, 'kind' | 'seq'>>;
type Named = { readonly [Name in keyof typeof BLANK]: (typeof BLANK)[Name] };

export interface Script {
  readonly events: Event[];
  /** Adds an event a ms behind the last one; its seq. */
  readonly add: <Name extends keyof Named>(name: Name, given?: Given<Named[Name] & Event>) => number;
  /** Intent, verdict and command of a new order; the seq of the last. */
  readonly send: (
    orderId: number,
    given?: { cause?: number; causeTape?: number; instrument?: number },
  ) => number;
}

const STEP_NS = 1_000_000;

/** A script that has nothing yet. */
export function createScript(): Script {
  const events: Event[] = [];
  const add: Script['add'] = (name, given) => {
    const seq = events.length;
    const head = { seq, timeNs: seq * STEP_NS, flags: FLAG_LAST | SIDE_BUY, instrument: 1 };
    events.push({ ...BLANK[name], ...head, ...given });
    return seq;
  };
  const send: Script['send'] = (orderId, given = {}) => {
    const { instrument = 1, ...from } = given;
    const intentId = orderId + 100;
    const terms = { instrument, priceTicks: 50, qtyLots: 5 };
    const intent = add('Intent', { ...terms, ...from, intentId, action: code('action', 'new') });
    const allow = { verdict: code('verdict', 'allow'), phase: code('riskPhase', 'preTrade') };
    const verdict = add('RiskDecision', { ...terms, ...allow, cause: intent, intentId, orderId });
    return add('NewOrder', { ...terms, cause: verdict, intentId, orderId });
  };
  return { events, add, send };
}

/** What is found of a subject. */
export function followed(
  { events }: Pick<Script, 'events'>,
  subject: Subject,
  config: Partial<FollowConfig> = {},
): Follow {
  const follow = createFollow({ ...config, subject });
  for (const event of events) followEvent(follow, event);
  return follow;
}

/** The chain of a subject; parents are arrays of events. */
export function chainOf(
  script: Pick<Script, 'events'>,
  subject: Subject,
  {
    parents = [],
    ...config
  }: Partial<FollowConfig> & { readonly parents?: readonly (readonly Event[])[] } = {},
): Why {
  const lookUp: LookUp = ({ tape, seq }) => {
    const event = (tape === 0 ? script.events : parents[tape - 1])?.find((one) => one.seq === seq);
    return event === undefined ? undefined : { event, unixNs: toUnixNs(event.timeNs, UNIX_EPOCH) };
  };
  return explain(followed(script, subject, config), { epoch: UNIX_EPOCH, lookUp });
}

export const order = (orderId: number, instrument?: number): Subject => ({
  by: 'order',
  orderId,
  instrument,
});
export const intent = (intentId: number): Subject => ({ by: 'intent', intentId });
export const eventAt = (seq: number): Subject => ({ by: 'event', seq });
