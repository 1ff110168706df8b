import { expect, test } from 'vitest';
import {
  addBook,
  applyToMarket,
  commandEvent,
  createBook,
  createCommands,
  createMarket,
  createReports,
  encodeCommand,
  reportEvent,
} from '@truetape/book';
import type { Command } from '@truetape/book';
import { Kind } from '@truetape/contracts';
import type { Event } from '@truetape/contracts';
import { createStream } from '@truetape/kernel';
import type { RandomStream } from '@truetape/kernel';
import { createSim, runSim } from '@truetape/orderflow';
import { applyEvent, createOrderCheck, createOrders, ordersOf, saveOrders } from '@truetape/orders';
import { checkCommand, checkFact } from '../src/order-check.ts';
import { BASE, eventsPort, ofKind, total } from './runs.ts';

function drawCommand(random: RandomStream): Command {
  const orderId = random.nextInt(20) * 2 ** 28;
  const owner = 1 + random.nextInt(2);
  const instrument = 1 + random.nextInt(3);
  const priceTicks = random.nextInt(7) - 3;
  const place = { orderId, owner, instrument };
  const draw = random.nextInt(10);
  if (draw === 0) return { op: 'cancel', ...place };
  if (draw === 1) return { op: 'amend', ...place, priceTicks };
  if (draw === 2) return { op: 'amend', ...place, qtyLots: 1 + random.nextInt(9), qtyMode: 'total' };
  const side = random.nextInt(2) === 0 ? 'buy' : 'sell';
  const qtyLots = random.nextInt(10);
  const stp = (['newest', 'oldest', 'both', 'decrement'] as const)[random.nextInt(4)];
  if (draw === 3) return { op: 'new', ...place, side, type: 'market', qtyLots, stp };
  const tif = (['GTC', 'GTC', 'IOC', 'FOK'] as const)[random.nextInt(4)];
  return { op: 'new', ...place, side, type: 'limit', tif, priceTicks, qtyLots, stp };
}

// Fails when a cell is read as another, or a kind of report is told otherwise than its event: both are given what a
// book says, and in one message of twenty something that it did not say.
test('cells are judged as the events that stand for them (seed 41)', () => {
  const random = createStream(41, 'order check');
  const market = createMarket({ create: createBook });
  addBook(market, 1);
  addBook(market, 2);
  const commands = createCommands(1);
  const reports = createReports();
  const orders = createOrders({ observer: 'venue', endedMax: 50 });
  const check = createOrderCheck({ endedMax: 50 });
  const errors = new Map<string, number>();
  for (let step = 0; step < 20_000; step++) {
    encodeCommand(commands, 0, drawCommand(random));
    reports.count = 0;
    applyToMarket(market, commands, 0, reports);
    if (random.nextInt(20) === 0) {
      const cell = random.nextInt(reports.count) * 8 + 2 + random.nextInt(6);
      reports.f64[cell] = random.nextInt(2) === 0 ? random.nextInt(12) : random.nextInt(20) * 2 ** 28;
    }
    const place = { timeNs: step, source: 1 };
    const wanted = [applyEvent(orders, commandEvent(commands, 0, place))];
    const told = [checkCommand(check, commands, 0)];
    for (let k = 0; k < reports.count; k++) {
      const last = k === reports.count - 1;
      wanted.push(applyEvent(orders, reportEvent(reports, k, { ...place, cause: 0, last })));
      told.push(checkFact(check, reports, k, last));
    }
    for (const error of wanted)
      if (error !== undefined) errors.set(error.code, (errors.get(error.code) ?? 0) + 1);
    if (wanted.some((error) => error !== undefined) || told.some((error) => error !== undefined))
      expect([step, told]).toEqual([step, wanted]);
  }
  expect(Buffer.from(saveOrders(ordersOf(check)))).toEqual(Buffer.from(saveOrders(orders)));
  expect(errors.size).toBeGreaterThan(6);
});

// Fails when a contradiction goes unrecorded. A check that has forgotten all orders contradicts what is said of them.
test('what contradicts the life of an order is an event with its cause', () => {
  const events: Event[] = [];
  const sim = createSim({ config: BASE, seed: 7, port: eventsPort(events) });
  runSim(sim, { events: 500 });
  expect(ofKind(events, Kind.InvariantViolated)).toEqual([]);
  sim.orders = createOrderCheck();
  runSim(sim, { events: 1000 });
  const violated = ofKind(events, Kind.InvariantViolated);
  expect(violated.length).toBe(total(sim, 'violations'));
  expect(violated.length).toBeGreaterThan(20);
  expect(violated.map(({ text }) => /^[a-zA-Z]+: order [0-9]+$/.test(text))).toEqual(
    violated.map(() => true),
  );
  expect(violated.map(({ cause }) => events[cause].kind >> 4)).toEqual(violated.map(() => 1));
});
