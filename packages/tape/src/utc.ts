/**
 * UTC from Unix ns, without a clock or a calendar of the platform.
 *
 * Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms" (civil_from_days), 2021-09-01; the
 * proleptic Gregorian calendar, no leap seconds. Days here are at most 213,503, so 32 bits would do.
 */

const DAY_NS = 86_400_000_000_000n;

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** `2024-08-08` of absolute Unix ns. */
export function utcDate(unixNs: bigint): string {
  const z = Number(unixNs / DAY_NS) + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1;
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
}

/** `09:05:59.123456789` of absolute Unix ns. */
export function utcTime(unixNs: bigint): string {
  const ns = Number(unixNs % DAY_NS);
  const seconds = Math.floor(ns / 1_000_000_000);
  const fraction = ns - seconds * 1_000_000_000;
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(two).join(':');
  return `${clock}.${String(fraction).padStart(9, '0')}`;
}

const UNITS: readonly (readonly [name: string, scale: number])[] = [
  ['s', 9],
  ['ms', 6],
  ['us', 3],
];

/**
 * A signed span in its largest unit: `-1.25s`, `12.5ms`, `850ns`. Exact, or cut (toward zero) to `places`
 * digits behind the point.
 */
export function formatSpan(ns: bigint, places: number = 9): string {
  const magnitude = ns < 0n ? -ns : ns;
  const sign = ns < 0n ? '-' : '';
  for (const [name, scale] of UNITS) {
    const digits = String(magnitude).padStart(scale + 1, '0');
    const whole = digits.slice(0, -scale);
    if (whole === '0') continue;
    const fraction = digits.slice(-scale).slice(0, places).replace(/0+$/, '');
    return `${sign}${whole}${fraction === '' ? '' : `.${fraction}`}${name}`;
  }
  return `${sign}${magnitude}ns`;
}
