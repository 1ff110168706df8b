// The public surface of @truetape/wal.
export type { LogMachine, MachineKind, MachineStop } from './machine.ts';
export { STORAGE_OPS } from './storage.ts';
export type { LogFile, LogStorage, StorageFault, StorageOp } from './storage.ts';
