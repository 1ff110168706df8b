/** Faults in holding a tape against its own commands, and in telling why something happened. */
import { mutantsOf, type Mutant } from './mutant.ts';

const REPLAY = 'packages/replay/src';
const TAPES = ['packages/replay/test/replay.test.ts'];
const FALSIFIED = ['packages/replay/test/falsified.test.ts'];
const CHAIN = ['packages/replay/test/why-chain.test.ts'];
const STORIES = ['packages/replay/test/why-orders.test.ts'];

export const REPLAY_FAULTS: readonly Mutant[] = [
  ...mutantsOf(`${REPLAY}/compare-facts.ts`, FALSIFIED, [
    {
      id: 'replay-last-not-compared',
      find: 'if (wanted !== is) return { field, expected: wanted, found: is };',
      replace: "if (wanted !== is && field !== 'LAST') return { field, expected: wanted, found: is };",
      why: 'a message may end where it does not',
    },
    {
      id: 'replay-reject-says-anything',
      find: 'OF_THE_COMMAND.includes(field) && found[field] === command[field]',
      replace: 'OF_THE_COMMAND.includes(field) && found !== command',
      why: 'a reject may name a price that nobody asked for',
    },
  ]),
  ...mutantsOf(`${REPLAY}/take-checkpoint.ts`, TAPES, [
    {
      id: 'replay-hash-not-compared',
      find: 'if (expected !== event.stateHash) {',
      replace: "if (expected === '') {",
      why: 'books that are not those of the tape pass',
    },
  ]),
  ...mutantsOf(`${REPLAY}/take-fact.ts`, TAPES, [
    {
      id: 'replay-merge-passes',
      find: 'if (fact.causeTape > 0 && fact.causeTape <= (state.config.parentCount ?? 0))',
      replace: 'if (fact.causeTape < 0)',
      why: 'facts of another tape are held against the commands of this one',
    },
  ]),
  ...mutantsOf(`${REPLAY}/why/follow.ts`, CHAIN, [
    {
      id: 'why-follows-decisions',
      find: "return isOwnDecision(event) && isReport(from.kind) ? 'next' : 'member';",
      replace: "return 'member';",
      why: 'the chain of an order runs on into all that came after it',
    },
    {
      id: 'why-subject-left-out',
      find: 'events[middle].seq === focusSeq ? middle + 1 : middle',
      replace: 'middle',
      why: 'the event that was asked for is not shown',
    },
  ]),
  ...mutantsOf(`${REPLAY}/why/order-story.ts`, STORIES, [
    {
      id: 'why-second-id-ends-first',
      find: 'event.command === Kind.NewOrder && isOurs(story, event)) {',
      replace: 'event.command === Kind.NewOrder) {',
      why: 'the rejection of a second order under an id is told of the first',
    },
    {
      id: 'why-answer-awaited',
      find: 'story.pending.splice(at, 1);',
      replace: '',
      why: 'a request that was answered is said to wait',
    },
  ]),
  ...mutantsOf(`${REPLAY}/why/intent-story.ts`, STORIES, [
    {
      id: 'why-intent-did-nothing',
      find: 'if (event.intentId === intentId && event.orderId === NONE) story.noAction ??= event;',
      replace: 'if (event.intentId === intentId) story.noAction ??= event;',
      why: 'an order in a queue is told as if nothing had been sent',
    },
  ]),
];
