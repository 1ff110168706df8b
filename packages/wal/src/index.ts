// The public surface of @truetape/wal.
export type { LogMachine, MachineKind, MachineStop } from './machine.ts';
export { STORAGE_OPS } from './storage.ts';
export type { LogFile, LogStorage, StorageFault, StorageOp } from './storage.ts';
export {
  crash,
  crashCopy,
  LOST_BYTES,
  SECTOR_BYTES,
  unsyncedBytes,
  type CrashPlan,
  type LostBytes,
  type WritesPlan,
} from './sim-crash.ts';
export {
  cloneDisk,
  corrupt,
  createSimDisk,
  failAt,
  fileBytes,
  operationCount,
  operationLog,
  watchDisk,
  type SimDisk,
} from './sim-disk.ts';
export { listCrashPlans } from './sim-plans.ts';
export type { DiskOperation, FaultCode } from './sim-state.ts';
export type { CorruptData, RefusedSnapshot, TornSegment, WalError, WrongSegment } from './errors.ts';
export {
  RESERVE_BYTES,
  SEGMENT_BYTES,
  beginCommit,
  closeLog,
  commit,
  isVolatileSegment,
  mark,
} from './log.ts';
export type { Log, LogConfig } from './log.ts';
export { createLog, openLog } from './open.ts';
export { recoverLog } from './recover.ts';
export type { RecoverConfig } from './outline.ts';
export type { Recovered, RecoveryReport } from './recover.ts';
export type { SegmentReport } from './scan-log.ts';
export type { CheckRequest, SegmentCheck } from './beside.ts';
export { checkSegments } from './check-segments.ts';
export { sealSegment } from './seal.ts';
export { snapshotRecovered } from './rest.ts';
export { takeSnapshot } from './snapshots.ts';
export { decodeSnapshot } from './snapshot-file.ts';
export type { SnapshotHead } from './snapshot-file.ts';
export { sortNames } from './names.ts';
export type { LogFiles } from './names.ts';
export type { TakenSnapshot } from './snapshots.ts';
export { CLOCK_AHEAD_MAX_NS, RESTART_AHEAD_MAX_NS, readClock, startClock } from './clock.ts';
export type { ClockAhead, ClockReading, LogClock } from './clock.ts';
export { compact, planCompaction } from './compact.ts';
export type { Compaction } from './compact.ts';
export { startSession } from './session.ts';
export type { Session } from './session.ts';
export { applyOutbox, clientIdOf, createOutbox, prepare, takeReady, unresolved } from './outbox.ts';
export type { Outbox, OutboundCommand, Pending } from './outbox.ts';
export { planRepair, repair } from './repair.ts';
export type { NotRepairable, RepairPlan, RepairStep } from './repair.ts';
export { booksKind } from './books/kind.ts';
export type { BooksKind, BooksMachine } from './books/kind.ts';
export { beginBooks, checkpoint, createBookService, submit } from './books/service.ts';
export { DEFAULT_INSTRUMENT_NAME } from './books/service-types.ts';
export type {
  AskedCommand,
  BookService,
  BooksAnswer,
  BooksConfig,
  BooksMismatch,
} from './books/service-types.ts';
export { CMD_IDS_LIMIT, CMD_IDS_MAX, instrumentValue } from './books/state.ts';
export type { BooksLimits, BooksState } from './books/state.ts';
export { CMD_ID_BYTES_MAX, isCmdId } from './books/window.ts';
export { smallSubject } from './chaos/small-machine.ts';
export { booksSubject } from './chaos/books-subject.ts';
export type { Answers, ChaosRun, ChaosSetup, ChaosSubject } from './chaos/subject.ts';
export { SWEEPS, runSweep } from './chaos/chaos.ts';
export type { ChaosFailure, Sweep, SweepOptions, SweepResult } from './chaos/chaos.ts';
