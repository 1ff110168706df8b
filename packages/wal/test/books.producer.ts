// Logs of random commands to books, each with its machine's state: bytes that are the same everywhere.
import { beginLog, createLog, endLog, stepsOf, takeStep } from './books.ts';

for (let episode = 0; episode < 6; episode++) {
  const log = createLog({ instruments: [], limits: { ordersMax: 20, cmdIdsMax: 6 } });
  beginLog(log);
  for (const step of stepsOf(51, episode, 150)) takeStep(log, step);
  process.stdout.write(endLog(log));
  process.stdout.write(log.machine.save());
}
