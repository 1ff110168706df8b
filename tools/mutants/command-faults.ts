/** Faults in what a log is of: commands to books with ids of their own, checkpoints, commands to the outside. */
import { mutantsOf, type Mutant } from './mutant.ts';

const BOOKS = ['packages/wal/test/books.test.ts'];
const STATE = ['packages/wal/test/books-state.test.ts'];
const CHANGES = ['packages/wal/test/books-changes.test.ts'];

const books: readonly Mutant[] = [
  ...mutantsOf('packages/wal/src/books/service.ts', BOOKS, [
    {
      id: 'repeat-executed',
      find: 'if (entry !== undefined) return answerAgain(service, entry, asked);',
      replace: '',
      why: 'whoever asks again for want of an answer trades twice',
    },
  ]),
  ...mutantsOf('packages/wal/src/books/repeat.ts', BOOKS, [
    {
      id: 'any-command-is-the-same',
      find: 'if (isSame(service, entry, asked)) {',
      replace: 'if (entry.seq >= 0) {',
      why: 'another command gets the answer of the one whose id it has',
    },
  ]),
  ...mutantsOf('packages/wal/src/books/window.ts', STATE, [
    {
      id: 'cmd-id-evicted-early',
      find: 'window.byId.size > cmdIdsMax ||',
      replace: 'window.byId.size >= cmdIdsMax ||',
      why: 'an id is forgotten that was promised to be remembered',
    },
    {
      id: 'cmd-id-kept-by-name',
      find: '    window.byId.delete(oldest.cmdId);\n',
      replace: '    if (window.head % 8 !== 0) window.byId.delete(oldest.cmdId);\n',
      why: 'a forgotten id is still answered until a restart',
    },
  ]),
  ...mutantsOf('packages/wal/src/books/snapshot.ts', STATE, [
    {
      id: 'cmd-ids-not-in-snapshot',
      find: 'saveWindow(state.window)];',
      replace: 'saveWindow({ ...state.window, order: [], head: 0 })];',
      why: 'behind a snapshot commands that were executed are executed again',
    },
  ]),
  ...mutantsOf('packages/wal/src/books/facts.ts', CHANGES, [
    {
      id: 'facts-not-compared',
      find: 'if (!isFactOf(records, i, reports, next, SOURCE, due.cause, flags)) return false;',
      replace: '',
      why: 'what was reported may not be what happened',
    },
  ]),
  ...mutantsOf('packages/wal/src/books/fold.ts', CHANGES, [
    {
      id: 'checkpoint-not-compared',
      find: "if (hash !== stateHash) return { code: 'state'",
      replace: "if (hash === '') return { code: 'state'",
      why: 'a state that is another one goes unnoticed',
    },
    {
      id: 'facts-missing-at-the-end',
      find: 'if (due.next < due.count) return missingFact(',
      replace: 'if (due.next < 0) return missingFact(',
      why: 'a command without its facts is accepted at the end',
    },
  ]),
];

const outbox: readonly Mutant[] = mutantsOf(
  'packages/wal/src/outbox.ts',
  ['packages/wal/test/outbox.test.ts'],
  [
    {
      id: 'sent-before-durable',
      find: "pending.state !== 'logged' || pending.seq >= durableSeq",
      replace: "pending.state !== 'logged'",
      why: 'a command goes out that a crash makes unsaid',
    },
    {
      id: 'sent-again-behind-a-crash',
      find: "state: 'unknown' });",
      replace: "state: 'logged' });",
      why: 'a command that may have gone out goes out again',
    },
  ],
);

const SERVING = ['apps/cli/test/wal-serving.test.ts'];

const serving: readonly Mutant[] = mutantsOf('apps/cli/src/wal/serving.ts', SERVING, [
  {
    id: 'answered-before-commit',
    find: `  mustGo(serving, commit(log));
  serving.text = '';`,
    replace: `  if (text !== '') sink.write(Buffer.from(text));
  mustGo(serving, commit(log));
  serving.text = '';`,
    why: 'printing the answer is the acknowledgement, and nothing is durable yet',
  },
  {
    id: 'failed-commit-answered',
    find: `  mustGo(serving, commit(log));
  serving.text = '';`,
    replace: `  commit(log);
  serving.text = '';`,
    why: 'what the disk refused is acknowledged',
  },
]);

export const COMMAND_FAULTS: readonly Mutant[] = [...books, ...outbox, ...serving];
