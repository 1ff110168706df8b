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
