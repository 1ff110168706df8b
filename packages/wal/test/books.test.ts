// The books machine: what is submitted and written is what a fold makes of the log, however it is cut.
import { BUY, GTC, LIMIT, OP_NEW, commandCode } from '@truetape/book';
import { describe, expect, test } from 'vitest';
import { submit } from '../src/index.ts';
import type { BooksConfig } from '../src/index.ts';
import { beginLog, createLog, endLog, foldTape, kind, stepsOf, takeStep } from './books.ts';
import type { BooksLog, Step, Told } from './books.ts';
import { seeds } from './property.ts';

/** Small, so that what is bounded is at its bounds. */
const SMALL = { instruments: [], limits: { ordersMax: 9, cmdIdsMax: 5 } };
const STEPS = 90;

interface Run {
  readonly log: BooksLog;
  readonly bytes: Uint8Array;
  /** Behind each step: the next seq, and the state. */
  readonly states: { readonly nextSeq: number; readonly bytes: Uint8Array }[];
  readonly told: readonly Told[];
}

function runSteps(log: BooksLog, steps: readonly Step[]): Run {
  const states: { nextSeq: number; bytes: Uint8Array }[] = [];
  const told = steps.map((step) => {
    const one = takeStep(log, step);
    states.push({ nextSeq: log.writer.nextSeq, bytes: log.machine.save() });
    return one;
  });
  return { log, bytes: endLog(log), states, told };
}

/** With instruments that are given, another one that is named is one that no tape can define. */
const FIXED = { instruments: ['BOOK', 'XYZ'], limits: SMALL.limits };

function begun(steps: readonly Step[], config: BooksConfig = SMALL): Run {
  const log = createLog(config);
  beginLog(log);
  return runSteps(log, steps);
}

describe('a fold of the log', () => {
  // Fails when anything that a command changes is made otherwise by a fold, or is not in the bytes.
  test.each(seeds(31))('is the state that was, behind every command, however it is cut (seed %s)', (seed) => {
    const statuses = new Set<string>();
    for (let episode = 0; episode < 12; episode++) {
      const { states, bytes, told, log } = begun(
        stepsOf(seed, episode, STEPS),
        episode % 3 === 0 ? FIXED : SMALL,
      );
      for (const { status } of told) statuses.add(status);
      for (const cut of [() => false, () => true, (seq: number) => seq % 3 === 0]) {
        const machine = kind.create();
        expect(foldTape(machine, bytes, { cut })).toBeUndefined();
        expect(machine.save()).toEqual(log.machine.save());
        expect(machine.hash()).toBe(log.machine.hash());
        expect(machine.foldedCommands).toBe(told.filter(({ status }) => status === 'done').length);
      }
      const machine = kind.create();
      let at = 0;
      for (const { nextSeq, bytes: state } of states) {
        expect(foldTape(machine, bytes, { fromSeq: at, toSeq: nextSeq })).toBeUndefined();
        at = nextSeq;
        expect(machine.save()).toEqual(state);
      }
    }
    expect([...statuses].toSorted()).toEqual(['cmdIdReused', 'done', 'repeat']);
  });

  // Fails when a part of the state does not come back, or comes back and goes on otherwise.
  test.each(seeds(32))('goes on from the bytes of any state (seed %s)', (seed) => {
    for (let episode = 0; episode < 6; episode++) {
      const { states, bytes, log } = begun(stepsOf(seed, episode, STEPS), episode % 3 === 0 ? FIXED : SMALL);
      for (let k = episode; k < states.length; k += 9) {
        const { nextSeq, bytes: state } = states[k];
        const restored = kind.restore(state);
        if (!restored.ok) throw new Error(JSON.stringify(restored.error));
        expect(restored.value.save()).toEqual(state);
        expect(foldTape(restored.value, bytes, { fromSeq: nextSeq })).toBeUndefined();
        expect(restored.value.save()).toEqual(log.machine.save());
      }
    }
  });

  // Fails when a restarted service answers, or writes, other than the one that went on.
  test.each(seeds(33))('is answered alike by a service that goes on from it (seed %s)', (seed) => {
    for (let episode = 0; episode < 6; episode++) {
      const steps = stepsOf(seed, episode, STEPS);
      const whole = begun(steps);
      const half = begun(steps.slice(0, STEPS / 2));
      const folded = kind.create();
      expect(foldTape(folded, half.bytes)).toBeUndefined();
      const restored = kind.restore(half.log.machine.save());
      for (const machine of [folded, restored.ok ? restored.value : kind.create()]) {
        const log = createLog(SMALL, machine);
        log.writer.nextSeq = half.log.writer.nextSeq;
        const { tables } = log.writer;
        Object.assign(tables, half.log.writer.tables);
        const again = runSteps(log, steps.slice(STEPS / 2));
        expect(again.told).toEqual(whole.told.slice(STEPS / 2));
        expect(log.machine.save()).toEqual(whole.log.machine.save());
      }
    }
  });
});

describe('a repeated command', () => {
  // Fails when a repeat is executed, answers otherwise than the first time, or another command passes for it.
  test.each(seeds(34))('changes nothing and is answered as before (seed %s)', (seed) => {
    for (let episode = 0; episode < 8; episode++) {
      const log = createLog({ instruments: ['BOOK', 'XYZ'], limits: { cmdIdsMax: 40 } });
      beginLog(log);
      const first = new Map<string, { readonly told: Told; readonly step: Step }>();
      for (const step of stepsOf(seed, episode, STEPS)) {
        const before = { nextSeq: log.writer.nextSeq, bytes: log.machine.save() };
        const told = takeStep(log, { ...step, isChecked: false });
        const known = step.cmdId === undefined ? undefined : first.get(step.cmdId);
        if (known === undefined) {
          expect(told.status).toBe('done');
          if (step.cmdId !== undefined) first.set(step.cmdId, { told, step });
          continue;
        }
        const isSame = JSON.stringify(known.step.asked) === JSON.stringify(step.asked);
        expect(told.status).toBe(isSame ? 'repeat' : told.status);
        expect(told.seq).toBe(known.told.seq);
        if (told.status === 'repeat') expect(told).toEqual({ ...known.told, status: 'repeat' });
        else expect(told.reports).toEqual([]);
        expect({ nextSeq: log.writer.nextSeq, bytes: log.machine.save() }).toEqual(before);
      }
      expect(foldTape(kind.create(), endLog(log))).toBeUndefined();
    }
  });
});

describe('what a service does not take', () => {
  const asked = { id: 1, owner: '', instrument: undefined, priceTicks: 5, qtyLots: 5, minQtyLots: 0 };
  const code = commandCode({ op: OP_NEW, side: BUY, type: LIMIT, tif: GTC });

  test('WAL-31, WAL-32, WAL-34: an earlier time, no command of a book, no id', () => {
    const log = createLog(SMALL);
    beginLog(log);
    const { service, writer } = log;
    const take = (some: object, timeNs: number, cmdId?: string): unknown =>
      submit(service, writer, { ...asked, code, ...some }, timeNs, 0, cmdId);
    expect(take({}, 9)).toMatchObject({ status: 'done' });
    expect(() => take({ code: 0 }, 9)).toThrow('BOOK-80');
    expect(() => take({ code: commandCode({ op: OP_NEW, type: LIMIT }) }, 9)).toThrow('WAL-32');
    expect(() => take({}, 9, '')).toThrow('WAL-34');
    expect(() => take({}, 9, 'x'.repeat(129))).toThrow('WAL-34');
    expect(() => take({}, 9, '\ud800')).toThrow('WAL-34');
    expect(() => take({}, 8)).toThrow('WAL-31');
    expect(() => take({ id: '\ud800' }, 9)).toThrow('WAL-31');
  });
});
