/** The configuration of a simulation that has become a tape: its header has it, and the seed. */
import type { JsonObject } from '@truetape/contracts';
import { nodePorts } from '@truetape/host';
import { createDecoder } from '@truetape/tape';
import type { TapeHeader } from '@truetape/tape';
import { usageFailure } from '../failure.ts';
import { tapeFailure } from '../wording.ts';
import { PRODUCER } from './recording.ts';

const MAGICS = [Buffer.of(0x89, 0x52, 0x50, 0x4c), Buffer.from('rpl-text ')];

/** Whether what begins so is a tape. */
export function beginsTape(head: Uint8Array): boolean {
  return MAGICS.some((magic) => {
    const size = Math.min(head.length, magic.length);
    return size >= 4 && magic.subarray(0, size).equals(head.subarray(0, size));
  });
}

async function readHeader(
  name: string,
  head: Uint8Array,
  rest: AsyncGenerator<Uint8Array, void, undefined>,
): Promise<TapeHeader> {
  const decoder = createDecoder({ ports: nodePorts });
  decoder.push(head);
  for (;;) {
    const step = decoder.next();
    if (decoder.header !== undefined) return decoder.header;
    if (step.type === 'error') throw tapeFailure(name, step.error);
    const next = await rest.next();
    if (next.done === true) decoder.finish();
    else decoder.push(next.value);
  }
}

/** Configuration and seed of a tape that begins so. Throws a failure for one that no simulation wrote. */
export async function readTapeConfig(
  name: string,
  head: Uint8Array,
  rest: AsyncGenerator<Uint8Array, void, undefined>,
): Promise<{ readonly config: JsonObject; readonly seed: string }> {
  const { producer, config, seed } = await readHeader(name, head, rest);
  if (producer.name === PRODUCER && config !== undefined && seed !== undefined) return { config, seed };
  throw usageFailure(
    `${name}: expected the tape of a simulation, found one of ${producer.name}`,
    'truetape sim presets --show mixed prints a configuration',
  );
}
