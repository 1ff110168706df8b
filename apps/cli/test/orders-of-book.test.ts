// What the matching engine reports, followed by the life cycle: two packages that do not know each other must
// agree on every order of the same tape.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Kind } from '@truetape/contracts';
import type { Event } from '@truetape/contracts';
import { createStream } from '@truetape/kernel';
import { applyEvent, check, createEventOutcome, createOrders } from '@truetape/orders';
import { commandLine, eventsOf } from './book-commands.ts';
import { scratchFolder, truetape } from './truetape.ts';

const folder = scratchFolder();

/** Applies all events; what was met, and the errors. */
function follow(events: readonly Event[]): { readonly met: Map<string, number>; readonly errors: string[] } {
  const orders = createOrders({ observer: 'venue' });
  const out = createEventOutcome();
  const met = new Map<string, number>();
  const errors: string[] = [];
  for (const event of events) {
    const error = applyEvent(orders, event, out);
    if (error !== undefined)
      errors.push(`${error.orderId} ${error.code} at ${error.event} in ${error.state}`);
    for (const { from, to, event: kind } of out.transitions.slice(0, out.count)) {
      const key = `${from} ${kind} ${to}`;
      met.set(key, (met.get(key) ?? 0) + 1);
    }
  }
  check(orders);
  return { met, errors };
}

// Fails when a report contradicts those before it: a remainder that rests, leaves that do not follow, a second ack.
test('6,000 commands with every time in force and self-trade mode (seed 41)', async () => {
  const random = createStream(41, 'orders of book');
  const input = Array.from({ length: 6000 }, (_, index) => `${commandLine(random, index)}\n`).join('');
  const args = ['book', 'run', '-', '--jsonl', '--out', 'day.rpl'];
  expect((await truetape(args, { cwd: folder, input })).code).toBe(0);
  const events = eventsOf(join(folder, 'day.rpl'));
  const { met, errors } = follow(events);
  expect(errors).toEqual([]);
  console.info([...met].map(([what, times]) => `${what}: ${times}`).join('\n'));
  for (const what of [
    'PendingNew rejected Rejected',
    'Accepted fill PartiallyFilled',
    'PartiallyFilled fill Filled',
    'PartiallyFilled canceled Canceled',
    'Accepted amended Accepted',
    'PendingReplace replaced Accepted',
    'PendingReplace replaceRejected Accepted',
    'PendingReplace canceled Canceled',
    'PendingCancel cancelRejected Accepted',
    'PendingCancel canceled Canceled',
  ]) {
    expect([what, (met.get(what) ?? 0) > 0]).toEqual([what, true]);
  }
  // A tape that lacks one report is noticed: each kind of them counts.
  for (const kind of [Kind.Accepted, Kind.Fill, Kind.Canceled]) {
    const at = events.findIndex((event) => event.kind === kind);
    expect(follow(events.toSpliced(at, 1)).errors.length).toBeGreaterThan(0);
  }
});
