/** The last closes of each market. */

/** Adds a close to those of a market, of which the last `countMax` are kept, oldest first. */
export function pushClose(
  closes: Record<number, number[]>,
  instrument: number,
  closeTicks: number,
  countMax: number,
): readonly number[] {
  const own = (closes[instrument] ??= []);
  own.push(closeTicks);
  if (own.length > countMax) own.shift();
  return own;
}
