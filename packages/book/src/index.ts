// The public surface of @truetape/book.
export * from './command.ts';
export * from './report.ts';
export type * from './book.ts';
export { ORDERS_MAX } from './book.ts';
export { createReferenceBook } from './reference.ts';
export { hashBook, restoreBook, saveBook, SNAPSHOT_VERSION } from './snapshot.ts';
export { auditBook, type Audit, type AuditConfig } from './audit-book.ts';
export { auditCommand, createAudit } from './audit.ts';
