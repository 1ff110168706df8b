import { MONEY_NONE, NONE } from '@truetape/contracts';
import type { Field } from '@truetape/contracts';

/** An event seen as a bag of fields, for code that goes through the fields of a layout. */
export type Bag = Record<string, number | bigint | string | Uint8Array>;

/** The value of a field that is not set. */
export function absentValue(field: Field): number | bigint | string {
  if (field.type === 'hash') return '';
  if (field.type === 'm') return field.optional ? MONEY_NONE : 0n;
  return field.optional ? NONE : 0;
}
