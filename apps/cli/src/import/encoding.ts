/** The form of the tape that an import writes. */
import { usageFailure } from '../failure.ts';

/** By the output's name; text on stdout. */
export function encodingOf(output: string): 'rpl' | 'text' {
  if (output === '-' || output.endsWith('.txt.rpl')) return 'text';
  if (output.endsWith('.rpl')) return 'rpl';
  throw usageFailure(`${output}: expected a name that ends in .rpl or .txt.rpl`);
}
