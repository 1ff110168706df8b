/** Writes a tape by hand: each event so many ms behind the last. */
import { writeFileSync } from 'node:fs';
import { BLANK, FLAG_LAST, defineFields } from '@truetape/contracts';
import type { Event } from '@truetape/contracts';
import { nodePorts } from '@truetape/host';
import { createBinaryWriter, endTape, writeEvent } from '@truetape/tape';
import type { Parent, TapeHeader, TapeWriter } from '@truetape/tape';

export type Fields<Name extends keyof typeof BLANK> = Partial<Omit<(typeof BLANK)[Name], 'kind' | 'seq'>>;

export const MS = 1_000_000;
/** Sources of these tapes. */
export const RISK = 1;
export const ENGINE = 2;
export const VENUE = 3;
export const STRATEGY = 4;
export const FEED = 5;

const INSTRUMENT = { priceStep: '0.1', qtyStep: '0.001', fineScale: 4, base: 'BTC', quote: 'USD' };

function defines(): Event[] {
  const define = (table: 'instrument' | 'source' | 'asset', index: number, value: object): Event => ({
    ...BLANK.Define,
    ...defineFields(table, index, value as never),
  });
  const roles = [
    ['risk', 'risk'],
    ['engine', 'engine'],
    ['venue', 'venue'],
    ['strategy/hand', 'strategy'],
    ['feed', 'marketFeed'],
  ];
  return [
    define('asset', 1, { code: 'USD', scale: 8 }),
    define('instrument', 1, { id: 'X:BTC', symbol: 'BTC', ...INSTRUMENT }),
    define('instrument', 2, { id: 'X:ETH', symbol: 'ETH', ...INSTRUMENT, qtyStep: '1', base: 'ETH' }),
    ...roles.map(([name, role], k) => define('source', k + 1, { name, role })),
  ];
}

export interface Play {
  /** Writes an event so many ms behind the last; its seq. */
  readonly add: <Name extends keyof typeof BLANK>(
    name: Name,
    given: Fields<Name>,
    afterMs?: number,
  ) => number;
  readonly end: () => { readonly hash: string; readonly count: number };
}

/** Begins a tape that `end` writes to a file. */
export function play(path: string, observer: TapeHeader['observer'], parents: readonly Parent[]): Play {
  const chunks: Uint8Array[] = [];
  const header: TapeHeader = {
    observer,
    epochNs: '1767225600000000000',
    producer: { name: 'test' },
    ...(parents.length === 0 ? {} : { parents }),
  };
  const sink = { write: (bytes: Uint8Array) => void chunks.push(bytes.slice()) };
  const writer: TapeWriter = createBinaryWriter({ header, ports: nodePorts }, sink);
  let timeNs = 0;
  let seq = 0;
  const write = (event: Event): number => {
    const refused = writeEvent(writer, event);
    if (refused !== undefined) throw new Error(JSON.stringify(refused));
    return seq++;
  };
  for (const event of defines()) write(event);
  return {
    add: (name, given, afterMs = 0) => {
      timeNs += afterMs * MS;
      return write({ ...BLANK[name], flags: FLAG_LAST, instrument: 1, timeNs, ...given });
    },
    end: () => {
      const { hash, count } = endTape(writer);
      writeFileSync(path, Buffer.concat(chunks));
      return { hash, count };
    },
  };
}
