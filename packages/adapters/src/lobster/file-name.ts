/** What a LOBSTER file's name tells: `AAPL_2012-06-21_34200000_57600000_message_5.csv`. */

export interface LobsterName {
  readonly symbol: string;
  /** `2012-06-21`. */
  readonly date: string;
  readonly kind: 'message' | 'orderbook';
  readonly levels: number;
}

const NAME =
  /^([A-Za-z0-9.^+=-]+)_(\d{4}-\d\d-\d\d)_\d+_\d+_(message|orderbook)_(\d{1,4})\.csv(?:\.gz|\.zst)?$/;

/** Takes a file's name (without its folder) apart; undefined when it is not of LOBSTER's form. */
export function parseLobsterName(name: string): LobsterName | undefined {
  const match = NAME.exec(name);
  if (match === null || dayOf(match[2]) === undefined) return undefined;
  return {
    symbol: match[1],
    date: match[2],
    kind: match[3] === 'message' ? 'message' : 'orderbook',
    levels: Number(match[4]),
  };
}

const MONTH_DAYS: readonly number[] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Days since 1970-01-01 of a date `YYYY-MM-DD` from 1970 to 2261; undefined when it is none.
 *
 * Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms" (days_from_civil), 2021-09-01.
 */
export function dayOf(date: string): number | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(date);
  if (match === null) return undefined;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = month === 2 && leap ? 29 : (MONTH_DAYS[month - 1] ?? 0);
  // Times on a tape end in 2554; those of one day must stay exact when they are relative to another.
  if (year < 1970 || year > 2261 || day < 1 || day > days) return undefined;
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}
