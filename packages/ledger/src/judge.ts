/** Judgements that all inputs share. */
import { NONE } from '@truetape/contracts';
import type { LedgerError } from './errors.ts';
import type { PositionState } from './state.ts';

export const isInteger = (value: number): boolean => Number.isSafeInteger(value);
export const isIntegerOrNone = (value: number): boolean => value === NONE || Number.isSafeInteger(value);

export const unknownInstrument = (instrument: number): LedgerError => ({
  code: 'unknownInstrument',
  instrument,
});

export const timeBack = (position: PositionState, timeNs: number): LedgerError => ({
  code: 'timeBack',
  instrument: position.index,
  asset: 0,
  timeNs,
  lastNs: position.timeNs,
});
