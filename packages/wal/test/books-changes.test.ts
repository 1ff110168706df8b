// A log in which something was changed, and which is whole otherwise: a fold finds it, and says what it is.
import { BLANK, FIRST_ASSIGNED_ID, Kind, NONE, kindName } from '@truetape/contracts';
import type { Event } from '@truetape/contracts';
import { describe, expect, test } from 'vitest';
import { beginBooks, submit } from '../src/index.ts';
import { beginLog, createLog, endLog, eventsOf, foldTape, kind, stepsOf, takeStep, tapeOf } from './books.ts';
import { seeds } from './property.ts';

/** A log of so many steps that ends in Checkpoints, as events. */
function sampleEvents(seed: number, episode: number, count = 40): Event[] {
  const log = createLog({ instruments: [], limits: { cmdIdsMax: 7 } });
  beginLog(log);
  const steps = stepsOf(seed, episode, count);
  steps.forEach((step, k) => takeStep(log, { ...step, isChecked: k === count - 1 || step.isChecked }));
  return eventsOf(endLog(log));
}

/** Fields that a change is tried on, with what they become. */
const CHANGES: readonly (readonly [field: string, change: (value: number) => number])[] = [
  ['orderId', (id) => (id === NONE ? 3 : id ^ 1)],
  ['priceTicks', (ticks) => (ticks === NONE ? 1 : ticks + 1)],
  ['qtyLots', (lots) => (lots === NONE ? 1 : lots + 1)],
  ['leavesLots', (lots) => lots + 1],
  ['makerLeaves', (lots) => lots + 1],
  ['takerLeaves', (lots) => lots + 1],
  ['makerOrderId', (id) => id + 1],
  ['takerOrderId', (id) => id + 1],
  ['tradeId', (id) => id + 1],
  ['canceledLots', (lots) => lots + 1],
  ['canceled', (orders) => orders + 1],
  ['account', (account) => account + 1],
  ['makerAccount', (account) => account + 1],
  ['takerAccount', (account) => account + 1],
  ['reason', (reason) => reason + 1],
  ['code', (code) => code + 1],
  ['priorityKept', (kept) => 1 - kept],
  ['cause', (cause) => (cause === NONE ? 0 : cause + 1)],
  ['flags', (flags) => flags ^ 1],
  ['flags', (flags) => flags ^ 8],
  ['source', (source) => source + 1],
  ['instrument', (instrument) => instrument ^ 1],
  ['matchTime', () => 5],
];
const isFact = ({ kind: code }: Event): boolean => code >= Kind.Accepted && code <= Kind.CancelAllDone;

describe('a changed fact', () => {
  // Fails when a fact that differs in any field passes, or is not named with its seq and the field.
  test.each(seeds(41))('is found, and the first field that differs is named (seed %s)', (seed) => {
    const tried = new Set<string>();
    for (let episode = 0; episode < 4; episode++) {
      const events = sampleEvents(seed, episode);
      for (const [seq, event] of events.entries()) {
        if (!isFact(event)) continue;
        const fields = CHANGES.filter(([field]) => field in event);
        const [field, change] = fields[(seq + episode) % fields.length];
        const value: unknown = event[field as keyof Event];
        const changed = { ...event, [field]: change(Number(value)) } as Event;
        const stop = foldTape(kind.create(), tapeOf(events.with(seq, changed)));
        expect(stop).toMatchObject({ code: 'fact', seq });
        expect(stop?.found).toContain(`${kindName(event.kind)} with ${field} `);
        expect(stop?.expected).toContain(String(event[field as keyof Event]));
        tried.add(`${kindName(event.kind)} ${field}`);
      }
    }
    expect(tried.size).toBeGreaterThan(30);
  });

  test('of another time, be it the next command’s, is found', () => {
    const events = sampleEvents(41, 0);
    const seq = events.findIndex((event, k) => isFact(event) && events[k + 1].timeNs > event.timeNs + 1);
    const { timeNs } = events[seq];
    const late = { ...events[seq], timeNs: timeNs + 1 };
    const stop = foldTape(kind.create(), tapeOf(events.with(seq, late)));
    expect(stop).toMatchObject({ code: 'fact', seq });
    expect(stop?.found).toContain(`with timeNs ${timeNs + 1}`);
  });

  test('that is of another kind, missing, or one too many, is named', () => {
    const events = sampleEvents(42, 0);
    const seq = events.findIndex((event) => event.kind === Kind.Fill);
    const fill = events[seq];
    const { cause } = fill as { cause: number } & Event;
    const canceled = { ...BLANK.Canceled, timeNs: fill.timeNs, flags: 1, source: 2, instrument: 1, cause };
    expect(foldTape(kind.create(), tapeOf(events.with(seq, canceled)))).toEqual({
      code: 'fact',
      seq,
      expected: `Fill of command ${cause}`,
      found: 'Canceled',
    });
    expect(foldTape(kind.create(), tapeOf(events.toSpliced(seq, 1)))).toMatchObject({ code: 'fact', seq });
    const last = events.findIndex((event, k) => k > 9 && isFact(event) && (event.flags & 1) === 1);
    const twice = events.toSpliced(last + 1, 0, events[last]);
    expect(foldTape(kind.create(), tapeOf(twice))).toMatchObject({ code: 'foreign', seq: last + 1 });
    const ended = foldTape(kind.create(), tapeOf(events.slice(0, last)));
    expect(ended).toMatchObject({ code: 'fact', seq: last, found: 'the end' });
  });
});

/** Another one of the same kind; undefined where no change of it is told apart from what it was. */
function another(event: Event): Event | undefined {
  switch (event.kind) {
    case Kind.NewOrder:
    case Kind.CancelOrder:
    case Kind.AmendOrder:
      return { ...event, orderId: event.orderId < FIRST_ASSIGNED_ID ? event.orderId + 1 : 3 };
    case Kind.CancelAll:
      return { ...event, account: event.account + 40 };
    case Kind.Alias:
      return { ...event, text: `${event.text}1` };
    case Kind.Define:
      return { ...event, json: event.json.replace('":"', '":"1') };
    case Kind.Checkpoint:
      return { ...event, stateHash: 'ab'.repeat(32) };
    default:
      return undefined;
  }
}

describe('a changed log', () => {
  // Fails when a command, an Alias, a Define or a Checkpoint may be another without anything being said.
  test.each(seeds(43))('does not fold to its Checkpoints (seed %s)', (seed) => {
    const codes = new Map<string, Set<string>>();
    for (let episode = 0; episode < 4; episode++) {
      const events = sampleEvents(seed, episode);
      for (const [seq, event] of events.entries()) {
        const changed = another(event);
        if (changed === undefined) continue;
        const name = kindName(event.kind);
        // Without its last record a log is a shorter one.
        const without = seq < events.length - 1 ? [events.toSpliced(seq, 1)] : [];
        for (const tape of [events.with(seq, changed), ...without]) {
          const stop = tapeOf(tape, false);
          if (stop === undefined) continue;
          const found = foldTape(kind.create(), stop);
          if (found === undefined) throw new Error(`a changed ${name} at ${seq} is not found`);
          expect(found.seq).toBeGreaterThanOrEqual(seq - 1);
          codes.set(name, (codes.get(name) ?? new Set()).add(found.code));
        }
      }
    }
    expect([...codes.keys()].toSorted()).toEqual(
      ['Alias', 'AmendOrder', 'CancelAll', 'CancelOrder', 'Checkpoint', 'Define', 'NewOrder'].toSorted(),
    );
    expect(codes.get('Checkpoint')).toContain('state');
    expect(codes.get('Alias')).toContain('state');
    expect(codes.get('NewOrder')).toContain('fact');
  });

  // What no fact tells, an order's way with its owner's others, is in the state of an order that rests.
  test.each(seeds(46))('is found by its Checkpoint where no fact differs (seed %s)', (seed) => {
    let found = 0;
    for (let episode = 0; episode < 4; episode++) {
      const events = sampleEvents(seed, episode);
      for (const [seq, event] of events.entries()) {
        if (event.kind !== Kind.NewOrder) continue;
        const changed = { ...event, stp: event.stp === 4 ? 3 : event.stp + 1 };
        const stop = foldTape(kind.create(), tapeOf(events.with(seq, changed)));
        if (stop?.code === 'state') found += 1;
      }
    }
    expect(found).toBeGreaterThan(5);
  });

  test('with a Checkpoint of another state says both hashes', () => {
    const events = sampleEvents(44, 1);
    const seq = events.length - 1;
    const last = events[seq];
    const stateHash = 'cd'.repeat(32);
    const stop = foldTape(kind.create(), tapeOf(events.with(seq, { ...last, stateHash } as Event)));
    const found = last.kind === Kind.Checkpoint ? last.stateHash : '';
    expect(stop).toEqual({ code: 'state', seq, expected: stateHash, found });
  });
});

describe('a foreign record', () => {
  const events = sampleEvents(45, 2, 12);
  const at = events.findIndex((event) => event.kind === Kind.NewOrder);
  const [{ timeNs }] = events;
  const order = {
    ...BLANK.NewOrder,
    timeNs,
    flags: 0x11,
    source: 1,
    instrument: 1,
    qtyLots: 1,
    type: 1,
    tif: 1,
  };
  const alias = { ...BLANK.Alias, timeNs, instrument: 1, id: FIRST_ASSIGNED_ID, scope: 1, text: 'mine' };
  const source = events.slice(0, 3);

  test.each<[string, readonly Event[], string]>([
    ['a quote', [{ ...BLANK.Quote, timeNs }], 'a record of a log of commands'],
    [
      'a fact of no command',
      [{ ...BLANK.Canceled, timeNs, source: 2, flags: 1 }],
      'a record of a log of commands',
    ],
    ['an order with a stop', [{ ...order, stopTicks: 5 }], 'stopTicks'],
    ['an order that snapshots tell of', [{ ...order, flags: 0x13 }], 'a command of this log'],
    ['an order of the venue', [{ ...order, source: 2 }], 'a command of this log'],
    ['an order that follows from another', [{ ...order, cause: 0 }], 'a command of this log'],
    ['an order of an owner that nobody defined', [{ ...order, account: 9 }], 'an account that is defined'],
    ['an order in a book that is not there', [{ ...order, instrument: 7 }], 'an instrument that is defined'],
    ['an order without a book', [{ ...order, instrument: 0 }], 'an instrument that is defined'],
    ['an id without its Alias', [{ ...order, orderId: FIRST_ASSIGNED_ID }], 'an Alias of the order'],
    [
      'an Alias of a later id',
      [{ ...alias, id: FIRST_ASSIGNED_ID + 1 }],
      `an Alias of id ${FIRST_ASSIGNED_ID}`,
    ],
    ['an Alias of a small number', [{ ...alias, scope: 2, text: '7' }], 'the Alias of a new id'],
    [
      'an Alias of a number written otherwise',
      [{ ...alias, scope: 2, text: '5e15' }],
      'the Alias of a new id',
    ],
    ['an Alias of a trade', [{ ...alias, scope: 3 }], 'the Alias of a new id'],
    ['two Aliases', [alias, { ...alias, id: FIRST_ASSIGNED_ID + 1, text: 'b' }], 'the Alias of a new id'],
    [
      'an Alias before something else',
      [alias, { ...BLANK.Timer, timeNs }],
      'the command that an Alias belongs to',
    ],
    ['an Alias of another order', [alias, order], 'the order of the Alias before it'],
    ['an Alias at the end', [alias], 'the command that an Alias or a Note belongs to'],
    ['an id of another command', [{ ...alias, scope: 4, id: 99 }], 'an Alias of the command at seq 4'],
    [
      'an id that is too long',
      [{ ...alias, scope: 4, id: 4, text: 'x'.repeat(129) }],
      'the id of a new command',
    ],
    [
      'an owner out of turn',
      [1, 2].map((index) => ({ ...BLANK.Define, timeNs, table: 3, index, json: '{"name":"a"}' })),
      'account 2',
    ],
    [
      'an asset',
      [{ ...BLANK.Define, timeNs, table: 4, index: 1, json: '{"code":"A","scale":1}' }],
      'an instrument, a',
    ],
    [
      'a Checkpoint of what is to come',
      [{ ...BLANK.Checkpoint, timeNs, scope: 5, hashVersion: 1, stateHash: 'ab'.repeat(32), coversSeq: 9 }],
      'a Checkpoint of all before it',
    ],
    [
      'a Checkpoint of a ledger',
      [{ ...BLANK.Checkpoint, timeNs, scope: 3, hashVersion: 1, stateHash: 'ab'.repeat(32), coversSeq: 3 }],
      'a Checkpoint of all before it',
    ],
    [
      'a Note of an instrument before another',
      [{ ...BLANK.Note, timeNs, text: 'the next command names an instrument that is not known: X' }, order],
      'a command to the instrument of the Note',
    ],
  ])('%s is refused', (_, some, expected) => {
    const bytes = tapeOf([...source, ...some], false);
    const stop = bytes === undefined ? undefined : foldTape(kind.create(), bytes);
    expect(stop?.code).toBe('foreign');
    expect(stop?.expected).toContain(expected);
  });

  test('a command under an id that another one has is refused', () => {
    const log = createLog({ instruments: [] });
    beginLog(log);
    const asked = {
      code: 0x1151,
      owner: '',
      instrument: undefined,
      priceTicks: 5,
      qtyLots: 5,
      minQtyLots: 0,
    };
    for (const id of [1, 2]) submit(log.service, log.writer, { ...asked, id }, 0, 0, `c${id}`);
    const whole = eventsOf(endLog(log));
    const seq = whole.findLastIndex((event) => event.kind === Kind.Alias);
    const twice = { ...whole[seq], text: 'c1' } as Event;
    expect(foldTape(kind.create(), tapeOf(whole.with(seq, twice)))).toEqual({
      code: 'foreign',
      seq,
      expected: 'the id of a new command',
      found: 'c1',
    });
  });

  test('before the two sources, or with others, is refused', () => {
    expect(at).toBeGreaterThan(2);
    for (const first of [
      [{ ...BLANK.Define, timeNs, table: 2, index: 1, json: '{"name":"x","role":"agent"}' }],
      [
        source[0],
        { ...BLANK.Define, timeNs, table: 2, index: 2, json: '{"name":"book","ordersMax":0,"role":"venue"}' },
      ],
      [
        source[0],
        { ...BLANK.Define, timeNs, table: 2, index: 2, json: '{"more":1,"name":"book","role":"venue"}' },
      ],
      [source[0], { ...order, instrument: 65_535 }],
    ] as Event[][])
      expect(foldTape(kind.create(), tapeOf(first))).toMatchObject({
        code: 'foreign',
        seq: first.length - 1,
      });
  });
});

describe('a configuration', () => {
  test('of another default instrument, or of no limits, is a mismatch', () => {
    const log = createLog({ instruments: ['A', 'B'] });
    beginLog(log);
    const { machine, writer } = log;
    const begin = (instruments: string[]): unknown =>
      beginBooks(createLog({ instruments }, machine).service, 0, writer);
    expect(begin(['B', 'A'])).toEqual({ expected: 'A as the default instrument', found: 'B' });
    const { nextSeq } = writer;
    expect([begin(['A']), begin([]), writer.nextSeq]).toEqual([undefined, undefined, nextSeq]);
    // Those that are there stay.
    expect([begin(['A', 'C']), writer.nextSeq]).toEqual([undefined, nextSeq + 1]);
    expect(machine.state.names.instruments).toEqual([undefined, 'A', 'B', 'C']);
    const other = createLog({ instruments: [], limits: { ordersMax: 0 } });
    expect(beginBooks(other.service, 0, other.writer)).toMatchObject({ expected: 'limits of books' });
    expect(other.writer.nextSeq).toBe(0);
  });

  test('with limits is that of the log, and not of who opens it', () => {
    const log = createLog({ instruments: [], limits: { ordersMax: 1, cmdIdsMax: 1 } });
    beginLog(log);
    const asked = {
      code: 0x1151,
      owner: '',
      instrument: undefined,
      priceTicks: 5,
      qtyLots: 5,
      minQtyLots: 0,
    };
    for (const id of [1, 2]) submit(log.service, log.writer, { ...asked, id }, 0, 0, `c${id}`);
    const machine = kind.create();
    expect(foldTape(machine, endLog(log))).toBeUndefined();
    expect(machine.state.limits).toEqual({ ordersMax: 1, cmdIdsMax: 1 });
    expect(machine.state.market.byInstrument[1]?.orderCount()).toBe(1);
    expect([...machine.state.window.byId.keys()]).toEqual(['c2']);
  });
});
