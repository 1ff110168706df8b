// What belongs to a chain, what led to it, and when: hand-made tapes, and every subject of a venue's tape.
import { BLANK, NONE, UNIX_EPOCH, createRecordOut, encodeEvent, recordWords } from '@truetape/contracts';
import { createStream } from '@truetape/kernel';
import { expect, test } from 'vitest';
import { createFollow, followEvent, followRecord, subjectOf } from '../src/index.ts';
import type { Subject } from '../src/index.ts';
import { randomTape } from './tapes.ts';
import { chainOf, code, createScript, eventAt, followed, intent, order } from './why-script.ts';

const seqs = (
  rows: readonly { readonly place: { readonly tape: number; readonly seq: number } }[],
): string[] => rows.map(({ place }) => `${place.tape}:${place.seq}`);

/** An order by a strategy that saw event 33 of its input, filled by event 40 of that, and the next decision. */
function played(): ReturnType<typeof createScript> {
  const script = createScript();
  const command = script.send(1, { cause: 33, causeTape: 1 });
  script.add('Accepted', { cause: command, orderId: 1, priceTicks: 50, leavesLots: 5 });
  const fill = { cause: 40, causeTape: 1, makerOrderId: 1, qtyLots: 5, makerLeaves: 0, priceTicks: 50 };
  const filled = script.add('Fill', fill);
  script.add('CashFlow', { cause: filled, orderId: 1, amount: -1n });
  const next = script.send(2, { cause: filled });
  script.add('Accepted', { cause: next, orderId: 2, priceTicks: 50, leavesLots: 5 });
  return script;
}

test('a decision after a fill is shown, and not followed', () => {
  const { before, after } = chainOf(played(), order(1));
  expect(seqs(before)).toEqual(['1:33', '0:0', '0:1']);
  expect(after.map(({ place, role }) => [place.seq, role])).toEqual([
    [2, 'event'],
    [3, 'event'],
    [4, 'event'],
    [5, 'event'],
    [6, 'next'],
  ]);
});

test('so is what is decided upon cash that it moved', () => {
  const script = played();
  const next = script.add('Intent', { cause: 5, intentId: 300 });
  expect([...followed(script, order(1)).nexts]).toEqual([6, next]);
});

test('so is a command without an intent: agents of a venue’s tape send what they decide', () => {
  const script = createScript();
  const first = script.add('NewOrder', { orderId: 1, qtyLots: 5, priceTicks: 50 });
  const fill = script.add('Fill', { cause: first, takerOrderId: 1, qtyLots: 5, takerLeaves: 0 });
  const second = script.add('NewOrder', { cause: fill, orderId: 2, qtyLots: 5, priceTicks: 50 });
  script.add('Accepted', { cause: second, orderId: 2, priceTicks: 50, leavesLots: 5 });
  const follow = followed(script, order(1));
  expect(follow.events.map(({ seq }) => seq)).toEqual([first, fill, second]);
  expect([...follow.nexts]).toEqual([second]);
  expect(follow.orders.map(({ orderId }) => orderId)).toEqual([1]);
});

test('what led to it goes back over the fill that was decided upon', () => {
  expect(seqs(chainOf(played(), order(2)).before)).toEqual(['1:40', '0:4', '0:6', '0:7']);
});

test('times count from the first that is known, steps from the cause', () => {
  const own = chainOf(played(), order(1));
  const rows = [...own.before, ...own.after];
  expect(rows.map(({ sinceNs }) => sinceNs)).toEqual([
    undefined, // the parent's tape is not at hand
    0n,
    1_000_000n,
    2_000_000n,
    3_000_000n,
    4_000_000n,
    5_000_000n,
    6_000_000n,
  ]);
  expect(rows.map(({ stepNs }) => stepNs)).toEqual([
    undefined,
    undefined,
    1_000_000n,
    1_000_000n,
    1_000_000n,
    undefined, // the fill's cause is the parent's
    1_000_000n,
    2_000_000n,
  ]);
});

test('events of a parent at hand begin the chain, and stand before what they caused', () => {
  const parent = createScript();
  for (let k = 0; k <= 40; k++) parent.add('Trade', { timeNs: k * 100_000, priceTicks: 50, qtyLots: 1 });
  // What that one follows from is a matter of its own tape.
  parent.events[33] = { ...BLANK.Fill, seq: 33, timeNs: 3_300_000, instrument: 1, cause: 2 };
  // The input is earlier than the run.
  const script = played();
  const later = script.events.map((event) => ({ ...event, timeNs: event.timeNs + 4_000_000 }));
  const { before, after } = chainOf({ events: later }, order(1), { parents: [parent.events] });
  expect(before[0]).toMatchObject({ event: { seq: 33 }, sinceNs: 0n, role: 'cause' });
  expect(before[1].stepNs).toBe(700_000n);
  expect(seqs(after)).toEqual(['0:2', '0:3', '1:40', '0:4', '0:5', '0:6']);
  expect(after[2]).toMatchObject({ role: 'beside', sinceNs: 700_000n });
  expect(after[3].stepNs).toBe(4_000_000n);
});

test('on a venue’s tape the command of another order stands before the fill that it caused, once', () => {
  const script = createScript();
  const maker = script.add('NewOrder', { orderId: 1, qtyLots: 5, priceTicks: 50 });
  script.add('Accepted', { cause: maker, orderId: 1, priceTicks: 50, leavesLots: 5 });
  const taker = script.add('NewOrder', { orderId: 2, qtyLots: 5, priceTicks: 50 });
  const fill = { cause: taker, makerOrderId: 1, takerOrderId: 2, priceTicks: 50 };
  script.add('Fill', { ...fill, qtyLots: 2, makerLeaves: 3, takerLeaves: 3 });
  script.add('Fill', { ...fill, qtyLots: 3, makerLeaves: 0, takerLeaves: 0 });
  const { after } = chainOf(script, order(1));
  expect(after.map(({ place, role }) => `${place.seq} ${role}`)).toEqual([
    '0 event',
    '1 event',
    '2 beside',
    '3 event',
    '4 event',
  ]);
  expect(chainOf(script, order(2)).after.map(({ place }) => place.seq)).toEqual([2, 3, 4]);
});

test('the kill switch: operator, switch, cancels, and the decision that flattens', () => {
  const script = played();
  const operator = script.add('OperatorCommand', { instrument: 0 });
  const kill = script.add('KillSwitch', { cause: operator, instrument: 0, level: 3 });
  const cancel = script.add('CancelOrder', { cause: kill, orderId: 2 });
  const canceled = script.add('Canceled', { cause: cancel, orderId: 2, canceledLots: 5 });
  script.add('Intent', { cause: canceled, intentId: 300 });
  const { before, after } = chainOf(script, eventAt(kill));
  expect([seqs(before), seqs(after)]).toEqual([
    [`0:${operator}`],
    [kill, cancel, canceled, canceled + 1].map((seq) => `0:${seq}`),
  ]);
  expect(after.at(-1)!.role).toBe('next');
  // The order's own chain has them too: the switch is what others did to it.
  const own = chainOf(script, order(2)).after.map(({ place, role }) => `${place.seq} ${role}`);
  expect(own.slice(-4)).toEqual([
    `${kill} beside`,
    `${cancel} event`,
    `${canceled} event`,
    `${canceled + 1} next`,
  ]);
});

test('what a timer led to is followed with its orders', () => {
  const script = createScript();
  const timer = script.add('Timer', { timerId: 4, instrument: 0 });
  const command = script.send(1, { cause: timer });
  script.add('Accepted', { cause: command, orderId: 1, priceTicks: 50, leavesLots: 5 });
  script.add('Fill', { cause: 9, causeTape: 1, makerOrderId: 1, qtyLots: 5, makerLeaves: 0 });
  const follow = followed(script, eventAt(timer));
  expect(follow.events).toHaveLength(6);
  expect(follow.orders[0]).toMatchObject({ end: 'filled' });
});

test('of too many events those in the middle are left out, and counted all the same', () => {
  const script = createScript();
  const command = script.send(1);
  script.add('Accepted', { cause: command, orderId: 1, priceTicks: 50, leavesLots: 50 });
  for (let k = 0; k < 20; k++)
    script.add('Fill', { makerOrderId: 1, qtyLots: 1, makerLeaves: 19 - k, priceTicks: 50 });
  const fee = script.add('CashFlow', { cause: 14, orderId: 1, amount: -1n });
  const focusSeq = 12;
  const all = followed(script, order(1), { focusSeq });
  const few = followed(script, order(1), { focusSeq, keepMax: 6 });
  expect(few.orders).toEqual(all.orders);
  expect([few.events.length, few.leftOut]).toEqual([6, all.events.length - 6]);
  const shown = few.events.map(({ seq }) => seq);
  expect(shown).toContain(focusSeq);
  expect([shown[0], shown.at(-1)]).toEqual([2, fee]);
  expect(shown).not.toContain(14);
  const why = chainOf(script, order(1), { focusSeq, keepMax: 6 });
  // What is asked for stands between two gaps: each is told where it is.
  const gaps = [...why.gaps].map(([seq, count]) => [shown.indexOf(seq), count]);
  expect(gaps.toSorted(([a], [b]) => a - b)).toEqual(
    shown.flatMap((seq, k) =>
      k + 1 < shown.length && shown[k + 1] > seq + 1 ? [[k, shown[k + 1] - seq - 1]] : [],
    ),
  );
  expect([gaps.length, few.leftOut]).toEqual([2, gaps[0][1] + gaps[1][1]]);
  // The cause of one that is shown may be left out: its time is known.
  expect(why.after.every(({ role }) => role === 'event')).toBe(true);
  expect(why.after.at(-1)!.stepNs).toBe(BigInt(fee - 14) * 1_000_000n);
});

test('a chain of causes without end is cut, and says so', () => {
  const script = createScript();
  let cause = NONE;
  for (let k = 0; k < 40; k++) cause = script.add('Target', { cause, intentId: 1000 + k });
  const { before, hasMoreBefore } = chainOf(script, intent(1039));
  expect([before.length, hasMoreBefore, before[0].place.seq]).toEqual([24, true, 15]);
});

test('a cause that the tape has lost is named, and nothing before it', () => {
  const script = createScript();
  script.send(1, { cause: 77 });
  const { before } = chainOf(script, order(1));
  expect(before[0]).toMatchObject({ place: { tape: 0, seq: 77 }, event: undefined, sinceNs: undefined });
});

test('an id of two instruments gives both, unless one is said', () => {
  const script = createScript();
  script.send(1);
  script.send(1, { instrument: 2 });
  expect(followed(script, order(1)).orders.map(({ instrument }) => instrument)).toEqual([1, 2]);
  expect(followed(script, order(1, 2)).orders.map(({ instrument }) => instrument)).toEqual([2]);
});

test('an event is explained by the order or the intent that it is about', () => {
  const script = createScript();
  const about = (seq: number): Subject => subjectOf(script.events[seq]);
  const { add } = script;
  expect(about(add('Intent', { intentId: 7, orderId: 1 }))).toEqual(intent(7));
  expect(about(add('RiskDecision', { intentId: 7, orderId: 1 }))).toEqual(intent(7));
  expect(about(add('NoAction', { intentId: 7 }))).toEqual(intent(7));
  expect(about(add('NoAction', { intentId: 7, orderId: 1 }))).toEqual(order(1, 1));
  expect(about(add('NewOrder', { intentId: 7, orderId: 1 }))).toEqual(order(1, 1));
  expect(about(add('Fill', { makerOrderId: 1, takerOrderId: 2 }))).toEqual(order(2, 1));
  expect(about(add('Fill', { makerOrderId: 1 }))).toEqual(order(1, 1));
  expect(about(add('CashFlow', { orderId: 1 }))).toEqual(order(1, 1));
  for (const name of ['NoAction', 'CashFlow', 'Timer', 'Trade', 'KillSwitch', 'RiskDecision'] as const) {
    const seq = add(name);
    expect(about(seq)).toEqual(eventAt(seq));
  }
});

test('records are chosen undecoded: with the same result as all events', () => {
  const events = randomTape(createStream(7, 'why'), 300);
  const out = createRecordOut(UNIX_EPOCH, 64);
  for (const event of events) expect(encodeEvent(out, event)).toBe(0);
  const subjects = [
    ...[3, 60, 150, 280].map((orderId) => order(orderId)),
    ...events.filter((_, seq) => seq % 40 === 0).map((event) => subjectOf(event)),
  ];
  for (const subject of subjects) {
    const [decoded, picked] = [createFollow({ subject }), createFollow({ subject })];
    for (const event of events) followEvent(decoded, event);
    for (let i = 0, seq = 0; i < out.words * 2; i += recordWords(out, i) * 2, seq++)
      followRecord(picked, out, i, { epoch: UNIX_EPOCH, seq });
    expect(picked.events).toEqual(decoded.events);
    expect(picked.orders).toEqual(decoded.orders);
  }
});

test('who asks for an id that is none hears which there are', () => {
  const script = createScript();
  for (const id of [12, 5, 9]) script.send(id);
  const out = createRecordOut(UNIX_EPOCH, 64);
  for (const event of script.events) encodeEvent(out, event);
  const follow = createFollow({ subject: order(99) });
  for (let i = 0, seq = 0; i < out.words * 2; i += recordWords(out, i) * 2, seq++)
    followRecord(follow, out, i, { epoch: UNIX_EPOCH, seq });
  expect(follow.orderRange).toEqual({ first: 5, last: 12 });
  expect(follow.intentRange).toEqual({ first: 105, last: 112 });
  expect(follow.events).toEqual([]);
});

test('REPLAY-3: without room for a beginning and an end there is no search', () => {
  expect(() => createFollow({ subject: order(1), keepMax: 2 })).toThrow('REPLAY-3');
  expect(code('verdict', 'allow')).toBe(1);
});
