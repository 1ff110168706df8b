/** A decoder that tells the two encodings apart by their first bytes. */
import { UNIX_EPOCH, createTables } from '@truetape/contracts';
import { createBinaryDecoder } from './binary-decoder.ts';
import { tapeError } from './errors.ts';
import { hasMagic } from './header.ts';
import type { DecoderOptions, Step, TapeDecoder } from './step.ts';
import { createTextDecoder } from './text-decoder.ts';
import { TEXT_MAGIC } from './text-lines.ts';

const NO_ROOM: Uint8Array = new Uint8Array(0);
const SNIFF_BYTES = 11;
const NEED: Step = { type: 'need', skippable: 0 };

function looksLikeText(bytes: Uint8Array): boolean {
  for (let k = 0; k < Math.min(9, bytes.length); k++) {
    if (bytes[k] !== TEXT_MAGIC.charCodeAt(k)) return false;
  }
  return true;
}

/** Starts decoding a tape of either encoding. An empty input and anything else that is no tape is `notATape`. */
export function createDecoder(options: DecoderOptions): TapeDecoder {
  let chosen: TapeDecoder | undefined;
  let head: Uint8Array = new Uint8Array(0);
  let finished = false;
  const tables = createTables();
  const choose = (): Step | undefined => {
    if (head.length < SNIFF_BYTES && !finished) return NEED;
    if (head.length === 0 || (!hasMagic(head) && !looksLikeText(head))) {
      const found =
        head.length === 0
          ? 'nothing'
          : `bytes ${[...head.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')}`;
      const error = tapeError('notATape', { offsetBytes: 0, seq: 0 }, 'the first bytes of a tape', found);
      return { type: 'error', error };
    }
    chosen = hasMagic(head) ? createBinaryDecoder(options) : createTextDecoder(options);
    chosen.push(head);
    if (finished) chosen.finish();
    return undefined;
  };
  return {
    get encoding() {
      return chosen?.encoding ?? 'binary';
    },
    get header() {
      return chosen?.header;
    },
    get headerJson() {
      return chosen?.headerJson ?? '';
    },
    get epoch() {
      return chosen?.epoch ?? options.epoch ?? UNIX_EPOCH;
    },
    get tables() {
      return chosen?.tables ?? tables;
    },
    push: (bytes) => {
      if (chosen !== undefined) {
        chosen.push(bytes);
        return;
      }
      const joined = new Uint8Array(head.length + bytes.length);
      joined.set(head);
      joined.set(bytes, head.length);
      head = joined;
    },
    room: () => chosen?.room() ?? NO_ROOM,
    filled: (bytes) => chosen?.filled(bytes),
    skip: (bytes) => chosen?.skip(bytes),
    finish: () => {
      finished = true;
      chosen?.finish();
    },
    next: () => {
      const early = chosen === undefined ? choose() : undefined;
      return early ?? chosen!.next();
    },
  };
}
