/** All faults that are tried. */
import { COMMAND_FAULTS } from './command-faults.ts';
import { LEDGER_FAULTS } from './ledger-faults.ts';
import type { Mutant } from './mutant.ts';
import { READ_FAULTS } from './read-faults.ts';
import { REPLAY_FAULTS } from './replay-faults.ts';
import { RISK_FAULTS } from './risk-faults.ts';
import { RUN_FAULTS } from './run-faults.ts';
import { VENUE_FAULTS } from './venue-faults.ts';
import { WRITE_FAULTS } from './write-faults.ts';

export const MUTANTS: readonly Mutant[] = [
  ...WRITE_FAULTS,
  ...READ_FAULTS,
  ...COMMAND_FAULTS,
  ...RISK_FAULTS,
  ...LEDGER_FAULTS,
  ...VENUE_FAULTS,
  ...RUN_FAULTS,
  ...REPLAY_FAULTS,
];
