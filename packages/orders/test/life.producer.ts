// States, errors, reasons, averages and saved bytes of random lives: the same under every Node, time zone and locale.
import { createStream } from '@truetape/kernel';
import {
  apply,
  averageTicks,
  createOrders,
  createTransition,
  saveOrders,
  transitionReason,
} from '@truetape/orders';
import { randomInput } from './streams.ts';

for (const observer of ['client', 'venue'] as const) {
  const random = createStream(37, 'orders producer');
  const orders = createOrders({ observer, endedMax: 30 });
  const out = createTransition();
  for (let step = 0; step < 2000; step++) {
    const error = apply(orders, randomInput(random, step, orders), out);
    const average = out.order === undefined ? '' : (averageTicks(out.order, 7) ?? '-');
    const told =
      error === undefined ? `${out.to} ${transitionReason(out)} ${average}` : JSON.stringify(error);
    process.stdout.write(`${told}\n`);
  }
  process.stdout.write(`${Buffer.from(saveOrders(orders)).toString('hex')}\n`);
}
