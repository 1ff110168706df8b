// The implementations that every suite runs over. The reference comes first: others are compared with it.
import { createBook, createReferenceBook } from '@truetape/book';
import type { CreateBook } from './play.ts';

export const IMPLEMENTATIONS: readonly (readonly [name: string, create: CreateBook])[] = [
  ['reference', createReferenceBook],
  ['fast', createBook],
];
