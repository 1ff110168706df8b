// What is found of falsified tapes, and where the books stand: the same under every Node, time zone and locale.
import { saveMarket } from '@truetape/book';
import { createStream } from '@truetape/kernel';
import { WAYS, falsified } from './falsify.ts';
import { randomTape, replayed } from './tapes.ts';

for (let number = 0; number < 60; number++) {
  const random = createStream(number, 'replay producer');
  const tape = randomTape(random, 40);
  const { replay, stop } = replayed(falsified(random, tape, WAYS[number % WAYS.length]), { orders: true });
  process.stdout.write(`${replay.commandCount} ${replay.factCount} ${JSON.stringify(stop)}\n`);
  process.stdout.write(`${Buffer.from(saveMarket(replay.books.market)).toString('hex')}\n`);
}
