/** Whether the venue takes commands. */
import type { Venue } from './venue.ts';

/** True inside an outage. */
export function isDown({ outage }: Venue): boolean {
  return (outage & 1) === 1;
}
