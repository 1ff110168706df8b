// The public surface of @truetape/book.
export * from './command.ts';
export * from './report.ts';
export type * from './book.ts';
export { ORDERS_MAX } from './book.ts';
