/** What became of something that a strategy wanted. */
import { Kind, NONE } from '@truetape/contracts';
import type { Event, NoAction, RiskDecision } from '@truetape/contracts';
import { causeOf, isCommand, isDecision, isFact } from './links.ts';
import type { Decision } from './links.ts';

export interface IntentStory {
  readonly intentId: number;
  /** The event itself; undefined where the tape has it not. */
  event: Decision | undefined;
  verdict: RiskDecision | undefined;
  /** The command that it led to. */
  command: Event | undefined;
  /** The first answer to that. */
  answer: Event | undefined;
  noAction: NoAction | undefined;
  /** Intents that are parts of it. */
  parts: number;
}

export function createIntentStory(intentId: number): IntentStory {
  return {
    intentId,
    event: undefined,
    verdict: undefined,
    command: undefined,
    answer: undefined,
    noAction: undefined,
    parts: 0,
  };
}

/** Takes an event if it is the intent, or follows from it: verdict, command, answer, or that nothing is done. */
export function tellIntent(story: IntentStory, event: Event): void {
  const { intentId } = story;
  if (isDecision(event)) {
    if (event.intentId === intentId) story.event ??= event;
  } else if (event.kind === Kind.RiskDecision) {
    if (event.intentId === intentId) story.verdict ??= event;
  } else if (event.kind === Kind.NoAction) {
    if (event.intentId === intentId && event.orderId === NONE) story.noAction ??= event;
  } else if (isCommand(event.kind)) {
    if (follows(event, story.verdict, story.event) || ('intentId' in event && event.intentId === intentId))
      story.command ??= event;
  } else if (isFact(event.kind) && follows(event, story.command)) story.answer ??= event;
}

function follows(event: Event, ...of: readonly (Event | undefined)[]): boolean {
  const cause = causeOf(event);
  return cause?.tape === 0 && of.some((one) => one?.seq === cause.seq);
}
