import * as fc from 'fast-check';

/** The pinned seed of a property, for `test.each`: it stands in every report. TRUETAPE_SEED overrides it. */
export function seeds(pinned: number): number[] {
  return [Number(process.env['TRUETAPE_SEED'] ?? pinned)];
}

/** Runs a property; a failure prints the seed and the path of the shrunk case. */
export function checkProperty<Values>(
  seed: number,
  property: fc.IProperty<Values>,
  numRuns: number = 500,
): void {
  fc.assert(property, { seed, numRuns });
}
