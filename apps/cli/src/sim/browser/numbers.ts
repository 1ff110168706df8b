/** Numbers as texts, the same whatever the reader's locale. */

/** With a comma every three digits before the point. */
export function grouped(digits: string | number): string {
  const [whole, part] = String(digits).split('.');
  const text = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return part === undefined ? text : `${text}.${part}`;
}

/** With so many places. */
export function fixed(value: number, places: number): string {
  return grouped(value.toFixed(places));
}

/** As short as three digits allow. */
export function short(value: number): string {
  const size = Math.abs(value);
  if (size >= 10_000_000) return `${trimmed(value / 1_000_000)}M`;
  if (size >= 10_000) return `${trimmed(value / 1000)}k`;
  return grouped(trimmed(value));
}

function trimmed(value: number): string {
  const size = Math.abs(value);
  const text = value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** Decimals of a step such as 0.25. */
export function placesOf(step: string): number {
  return (step.split('.')[1] ?? '').length;
}

/** From here on times are read from a clock. */
export const CLOCK_SECONDS = 600;

/** Simulated time: in seconds, or where they are many in hours, minutes and seconds. */
export function timeText(seconds: number, places: number, isClock: boolean): string {
  if (!isClock) return `${seconds.toFixed(places)} s`;
  const part = seconds.toFixed(places);
  const whole = Math.floor(Number(part));
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const rest = part.includes('.') ? `.${part.split('.')[1]}` : '';
  const head = hours > 0 ? `${hours}:${two(minutes)}` : String(minutes);
  return `${head}:${two(whole % 60)}${rest}`;
}

/** Steps between times that people count in: 1, 2, 5 below the minute, then parts of minutes, hours and days. */
export const TIME_STEPS: readonly number[] = [
  ...[-6, -5, -4, -3, -2, -1].flatMap((power) => [1, 2, 5].map((digit) => Number(`${digit}e${power}`))),
  1,
  2,
  5,
  10,
  20,
  30,
  ...[1, 2, 5, 10, 20, 30].map((minutes) => minutes * 60),
  ...[1, 2, 6, 12, 24, 48, 120, 240, 480, 960, 1920].map((hours) => hours * 3600),
];

/** Decimals that tell times so far apart, in seconds. */
export function timePlaces(apart: number): number {
  let places = 0;
  for (let unit = 1; unit > apart * 1.000001 && places < 6; unit /= 10) places += 1;
  return places;
}

/** Decimals that say a step exactly: 3 of 0.025. */
export function stepPlaces(step: number): number {
  let places = 0;
  for (let unit = 1; places < 9; unit *= 10, places += 1)
    if (Math.abs(step * unit - Math.round(step * unit)) < 1e-6) break;
  return places;
}
