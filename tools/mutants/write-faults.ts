/** Faults on the way to the disk: commits, segments, snapshots, compaction, the folder itself. */
import { mutantsOf, type Mutant } from './mutant.ts';

const WAL = 'packages/wal/src';
const LOG = ['packages/wal/test/log.test.ts'];
const CRASH = ['packages/wal/test/crash-points.test.ts'];
const VOLATILE = ['apps/cli/test/wal-volatile.test.ts'];
const STRANGERS = ['packages/wal/test/strangers.test.ts'];
const COMPACT = ['packages/wal/test/chaos-compact.test.ts'];
const HOST = ['packages/host/test/node-storage.test.ts'];

const SYNC = 'const fault = log.out.fault ?? log.out.file.sync();';
const NAMED = 'file.sync() ?? storage.rename(name + NEW_SUFFIX, name) ?? storage.syncFolder();';

const commits: readonly Mutant[] = mutantsOf(`${WAL}/log.ts`, LOG, [
  {
    id: 'ack-before-sync',
    find: `${SYNC}
  if (fault !== undefined) return failLog(log, storageError(fault));
  log.durableSeq = log.segment.writer.nextSeq;`,
    replace: `log.durableSeq = log.segment.writer.nextSeq;
  ${SYNC}
  if (fault !== undefined) return failLog(log, storageError(fault));`,
    why: 'what is acknowledged is not durable yet',
  },
  {
    id: 'sync-skipped',
    find: SYNC,
    replace: 'const fault = log.out.fault;',
    why: 'nothing is ever durable',
  },
  {
    id: 'sync-tried-again',
    find: SYNC,
    replace: 'const fault = log.out.fault ?? (log.out.file.sync() && log.out.file.sync());',
    why: 'behind a failed sync the system holds for clean what never reached the disk',
  },
  {
    id: 'write-fault-ignored',
    find: SYNC,
    replace: 'const fault = log.out.file.sync();',
    why: 'a short write is acknowledged',
  },
  {
    id: 'written-after-failure',
    find: 'log.failure ??= error;',
    replace: '',
    why: 'more is written behind a place of which nobody knows what is there',
  },
  {
    id: 'unsynced-is-witnessed',
    find: 'return out.fault === undefined ? undefined : failLog(log, storageError(out.fault));',
    replace: `segment.durableSeq = segment.writer.nextSeq;
  return out.fault === undefined ? undefined : failLog(log, storageError(out.fault));`,
    why: 'durableSeq is too high: what a crash tears is taken for corruption',
    suite: CRASH,
    named: 'volatile: true',
  },
  {
    id: 'volatile-mixed',
    find: '!isFull && !isOther && ',
    replace: '!isFull && ',
    why: 'a segment whose commits were not all synced is told as one whose were',
    suite: VOLATILE,
  },
  {
    id: 'mark-skipped',
    find: '  markSegment(log.segment);\n',
    replace: '',
    why: 'the last acknowledged commit stays without a witness',
    suite: CRASH,
    named: 'beyond doubt behind a mark',
  },
  {
    id: 'close-without-seal',
    find: 'const sealed = sealSegment(storage, ports, segmentName(log.number));',
    replace: 'const sealed = { ok: true as const };',
    why: 'the end of a log that was closed can be taken for a torn one',
  },
  {
    id: 'segment-folder-not-synced',
    find: NAMED,
    replace: 'file.sync() ?? storage.rename(name + NEW_SUFFIX, name);',
    why: 'a whole segment of acknowledged commits goes with its name',
    suite: CRASH,
  },
  {
    id: 'segment-renamed-before-sync',
    find: NAMED,
    replace: 'storage.rename(name + NEW_SUFFIX, name) ?? file.sync() ?? storage.syncFolder();',
    why: 'a segment may have its name and no header',
    suite: CRASH,
  },
  {
    id: 'rotated-unsynced',
    find: '    out.file.sync() ??\n    closeFile(out);',
    replace: '    closeFile(out);',
    why: 'a segment that is not the last may end in the middle',
    suite: CRASH,
    named: 'volatile: true',
  },
]);

const snapshots: readonly Mutant[] = mutantsOf(`${WAL}/snapshots.ts`, CRASH, [
  {
    id: 'snapshot-folder-not-synced',
    find: 'storage.rename(name + NEW_SUFFIX, name) ??\n    storage.syncFolder()',
    replace: 'storage.rename(name + NEW_SUFFIX, name)',
    why: 'older snapshots go, and the new one has no name',
  },
  {
    id: 'snapshot-renamed-before-sync',
    find: 'file.sync() ??\n    file.close() ??\n    storage.rename(name + NEW_SUFFIX, name) ??',
    replace: 'storage.rename(name + NEW_SUFFIX, name) ??\n    file.sync() ??\n    file.close() ??',
    why: 'a snapshot may have its name and no bytes',
  },
  {
    id: 'snapshot-before-its-commits',
    find: 'const unsynced = log.config.isVolatile === true ? log.out.file.sync() : undefined;',
    replace: 'const unsynced = undefined as StorageFault | undefined;',
    why: 'a snapshot is durable of which the log is not',
    named: 'volatile: true',
  },
  {
    id: 'snapshot-after-failure',
    find: "if (log.failure !== undefined) return err({ code: 'failed', first: log.failure });",
    replace: '',
    why: 'a snapshot of what may never have become durable',
    suite: STRANGERS,
  },
  {
    id: 'snapshots-one-less',
    find: '.slice(0, -keep)',
    replace: '.slice(0, 1 - keep || undefined)',
    why: 'the one to fall back to is removed',
    suite: LOG,
  },
]);

const atRest: readonly Mutant[] = mutantsOf(`${WAL}/rest.ts`, LOG, [
  {
    id: 'snapshot-at-rest-unsynced',
    find: 'const settled = settleLog(storage, recovered);',
    replace: 'const settled = { ok: true, value: undefined } as ReturnType<typeof settleLog>;',
    why: 'a snapshot is durable of events that the dead process left unsynced',
  },
]);

const compaction: readonly Mutant[] = mutantsOf(`${WAL}/compact.ts`, LOG, [
  {
    id: 'compaction-one-page-too-far',
    find: 'nextSeq <= oldest.pageEnd)',
    replace: 'nextSeq <= oldest.pageEnd + 4096)',
    why: 'the page that a hash goes on from is gone',
  },
  {
    id: 'compaction-for-the-newest',
    find: 'const oldest = kept[0]?.head;',
    replace: 'const oldest = kept.at(-1)?.head;',
    why: 'older snapshots are of no use any more',
  },
  {
    id: 'compaction-without-seal',
    find: 'const sealed = sealSegment(storage, ports, name, nextSeq);',
    replace: 'const sealed = { ok: true as const };',
    why: 'what is archived does not say that it is whole',
    suite: CRASH,
    named: 'in a compaction',
  },
  {
    id: 'compaction-behind-a-dropped-move',
    find: 'moveAgain(storage, listed.value, names[0]) ??',
    replace: '',
    why: 'a segment that a failed sync of the folder had only seemed to move comes back, before a gap',
    suite: COMPACT,
    named: 'in a compaction',
  },
  {
    id: 'compaction-for-a-dropped-snapshot',
    find: 'isAny ? writeAgain(storage, snapshot) : undefined',
    replace: 'undefined as StorageFault | undefined',
    why: 'segments go for a snapshot whose name goes behind a crash',
    suite: COMPACT,
    named: 'in a snapshot',
  },
]);

const seals: readonly Mutant[] = mutantsOf(`${WAL}/seal.ts`, CRASH, [
  {
    id: 'seal-in-one-write',
    find: '    file.sync() ??\n    file.append([trailer]) ??',
    replace: '    file.append([trailer]) ??',
    why: 'a disk may keep the trailer alone: an interrupted shutdown is taken for corruption',
  },
  {
    id: 'seal-of-the-dead-believed',
    find: 'const fault = vouchAgain(storage, name);',
    replace: 'const fault = undefined;',
    why: 'a trailer that no sync has covered is archived, and goes',
    suite: COMPACT,
    named: 'behind a seal',
  },
  {
    id: 'interrupted-seal-refused',
    find: 'tornInside(storage, ports, name, end, nextSeq);',
    replace: 'tornInside(storage, ports, name, end);',
    why: 'behind an interrupted compaction there is never another',
    named: 'in a compaction',
  },
]);

const folder: readonly Mutant[] = mutantsOf('packages/host/src/storage/node-storage.ts', HOST, [
  {
    id: 'disk-not-synced',
    find: "once('sync', () => fdatasyncSync(fd))",
    replace: "once('sync', () => undefined)",
    why: 'no file is ever durable',
  },
  {
    id: 'disk-names-not-synced',
    find: 'if (folder !== undefined) fsyncSync(folder);',
    replace: '',
    why: 'no name is ever durable',
  },
  {
    id: 'disk-tried-again',
    find: 'if (fault === undefined) fault = faultOf(attempt(op, name, call));',
    replace: 'fault = faultOf(attempt(op, name, call));',
    why: 'a file goes on behind a failure',
  },
  {
    id: 'disk-short-write',
    find: 'if (failed === undefined && written < size)',
    replace: 'if (failed === undefined && written < 0)',
    why: 'half of a commit passes for all of it',
  },
]);

const LOCK = ['packages/host/test/folder-lock.test.ts'];

const locks: readonly Mutant[] = [
  ...mutantsOf('packages/host/src/storage/folder-lock.ts', LOCK, [
    {
      id: 'lock-ignored',
      find: "if (status === 'alive') return",
      replace: "if (status === 'alive' && other === undefined) return",
      why: 'two processes write to one log',
    },
    {
      id: 'stale-lock-obeyed',
      find: "const status = other === undefined ? 'unknown' : statusOf(other);",
      replace: "const status = other === undefined || statusOf(other) !== 'alive' ? 'unknown' : 'alive';",
      why: 'a crash keeps everybody out until somebody comes with a hand to remove it',
    },
  ]),
  ...mutantsOf('packages/host/src/storage/process-identity.ts', LOCK, [
    {
      id: 'live-lock-taken',
      find: "return start === '0' || other.start === '0' || start === other.start ? 'alive' : 'dead';",
      replace: "return 'dead';",
      why: 'the lock of a process that runs is taken for that of a dead one',
    },
    {
      id: 'pid-alone',
      find: "return start === '0' || other.start === '0' || start === other.start ? 'alive' : 'dead';",
      replace: "return 'alive';",
      why: 'whoever has got the pid of a dead process keeps the log locked',
    },
  ]),
];

export const WRITE_FAULTS: readonly Mutant[] = [
  ...commits,
  ...snapshots,
  ...atRest,
  ...compaction,
  ...seals,
  ...folder,
  ...locks,
];
