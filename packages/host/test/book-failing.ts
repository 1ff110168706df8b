/** A program that breaks an invariant of its book and does not look. */
import { createCommands, encodeCommand } from '@truetape/book';
import { connectProducer, startBookWorker, submitCommands } from '@truetape/host';

const book = startBookWorker({ instruments: [{ id: 'TEST:1' }], producers: [{ name: 'one', account: 1 }] });
const producer = connectProducer(book.producers[0]);
const commands = createCommands(1);
encodeCommand(commands, 0, { op: 'cancel', instrument: 1, orderId: 1 });
commands.u32[10] = 70_000;
submitCommands(producer, commands);
