/** Ways for commands from one thread to another, and runs over them. */
import { MessageChannel, Worker } from 'node:worker_threads';
import { createCommands, encodeCommand } from '@truetape/book';
import {
  createDoorbell,
  createSharedRing,
  createStream,
  offerCells,
  openRingProducer,
} from '@truetape/kernel';
import { NUMBER_CELL, STAMP_CELL, nowNs } from './ring-worker.ts';
import type { RingBenchTask, RingRound, RingRoundEnd } from './ring-worker.ts';

export interface RingBenchConfig {
  /** Commands of a run over the ring; a tenth of them over MessagePort, one message a command. */
  readonly commands: number;
  readonly runs: number;
  readonly seed: string;
  /** Folder for a tape. */
  readonly folder: string;
}

/** A way from this thread to another. */
export interface Way {
  readonly name: string;
  readonly worker: Worker;
  /** The workload, cut into messages, a power of two of them. */
  readonly messages: readonly Float64Array[];
  /** Sends the first commands of a message. */
  readonly send: (message: number, count: number) => void;
  /** Messages to its worker before a round is answered with 'ready'; the ring's begins at once. */
  readonly isAsked: boolean;
  close(): void;
}

export const BATCH = 64;
export const RING_CAPACITY = 4096;
const POOL = 4096;

/** The worker's file: TypeScript in a checkout, JavaScript beside the bundle. */
function workerUrl(): URL {
  return import.meta.url.endsWith('.ts')
    ? new URL('./ring-worker.ts', import.meta.url)
    : new URL('./ring-worker.js', import.meta.url);
}

/** The next message of a worker; rejects with what it threw. */
export function messageOf<Message>(worker: Worker): Promise<Message> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: Message): void => {
      worker.off('error', reject);
      resolve(message);
    };
    worker.once('message', onMessage);
    worker.once('error', reject);
  });
}

export async function startRingWorker(task: RingBenchTask): Promise<Worker> {
  const transferList = task.type === 'takePort' ? [task.port] : [];
  const worker = new Worker(workerUrl(), { workerData: task, transferList, execArgv: [] });
  await messageOf(worker);
  return worker;
}

/** The workload: commands as a producer would send them, drawn once and sent again and again. */
export function drawCommands(seed: string): Float64Array {
  const stream = createStream(seed, 'bench ring');
  const commands = createCommands(POOL);
  for (let k = 0; k < POOL; k++) {
    const orderId = stream.nextInt(1_000_000);
    const side = stream.nextInt(2) === 0 ? 'buy' : 'sell';
    const priceTicks = 100_000 + stream.nextInt(500);
    const qtyLots = 1 + stream.nextInt(1_000);
    if (stream.nextInt(10) < 3) encodeCommand(commands, k, { op: 'cancel', orderId });
    else encodeCommand(commands, k, { op: 'new', orderId, side, type: 'limit', priceTicks, qtyLots });
  }
  return commands.f64;
}

export async function openRingWay(name: string, pool: Float64Array, batch: number): Promise<Way> {
  const ring = createSharedRing({ capacity: RING_CAPACITY });
  const bell = createDoorbell();
  const worker = await startRingWorker({ type: 'takeRing', ring, bell });
  const producer = openRingProducer(ring, { overflow: 'wait', nowNs, bell });
  const own = Float64Array.from(pool);
  const i32 = new Int32Array(own.buffer);
  return {
    name,
    worker,
    messages: cut(own, batch),
    isAsked: false,
    send: (message, count) => {
      offerCells(producer, i32, message * batch, count);
    },
    close: () => void worker.terminate(),
  };
}

function cut(pool: Float64Array, batch: number): Float64Array[] {
  const cells = batch * 8;
  return Array.from({ length: POOL / batch }, (_, k) => pool.subarray(k * cells, (k + 1) * cells));
}

/** A message is an array of its own: a view of a larger one would be cloned with all of it. */
export async function openPortWay(name: string, pool: Float64Array, batch: number): Promise<Way> {
  const { port1, port2 } = new MessageChannel();
  const worker = await startRingWorker({ type: 'takePort', port: port2 });
  const messages = cut(pool, batch).map((part) => part.slice());
  return {
    name,
    worker,
    messages,
    isAsked: true,
    send: (message, count) => {
      const cells = messages[message];
      port1.postMessage(count === batch ? cells : cells.slice(0, count * 8), []);
    },
    close: () => {
      port1.close();
      void worker.terminate();
    },
  };
}

async function beginRound(way: Way, round: RingRound): Promise<void> {
  const ready = way.isAsked ? messageOf(way.worker) : undefined;
  way.worker.postMessage(round, []);
  await ready;
}

/** One run as fast as it goes; ns a command, from the first send to the last arrival. */
export async function runFlat(way: Way, commands: number, batch: number): Promise<number> {
  await beginRound(way, { commands, stamped: false });
  const end = messageOf<RingRoundEnd>(way.worker);
  const { messages } = way;
  const start = nowNs();
  let sent = 0;
  for (let k = 0; sent < commands; k++) {
    const message = k & (messages.length - 1);
    const cells = messages[message];
    const size = Math.min(batch, commands - sent);
    for (let one = 0; one < size; one++) cells[one * 8 + NUMBER_CELL] = ++sent;
    way.send(message, size);
  }
  const { endNs } = await end;
  return (endNs - start) / commands;
}

/** One run at a pace; percentiles of the time between sending and arriving, in ns. */
export async function runPaced(
  way: Way,
  batch: number,
  times: number,
  everyNs: number,
): Promise<readonly number[]> {
  await beginRound(way, { commands: times * batch, stamped: true });
  const end = messageOf<RingRoundEnd>(way.worker);
  const [cells] = way.messages;
  let due = nowNs() + 5_000_000;
  for (let sent = 0; sent < times * batch; sent += batch, due += everyNs) {
    while (nowNs() < due);
    const stamp = nowNs();
    for (let k = 0; k < batch; k++) {
      cells[k * 8 + NUMBER_CELL] = sent + k + 1;
      cells[k * 8 + STAMP_CELL] = stamp;
    }
    way.send(0, batch);
  }
  return (await end).latenciesNs;
}
