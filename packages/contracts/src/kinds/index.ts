import type { KindDefinition } from '../definition.ts';
import { COMMANDS } from './commands.ts';
import { CONTROL } from './control.ts';
import { DECISIONS, LEDGER, RECONCILIATION } from './decisions.ts';
import { FACTS } from './facts.ts';
import { MARKET } from './market.ts';
import { META } from './meta.ts';

/**
 * Every kind of event, by rising code: the text of the contracts (CONTRACTS-1), and the one source of all that is
 * generated (CONTRACTS-3).
 */
export const KINDS: readonly KindDefinition[] = [
  ...META,
  ...COMMANDS,
  ...FACTS,
  ...MARKET,
  ...DECISIONS,
  ...LEDGER,
  ...RECONCILIATION,
  ...CONTROL,
];
