/**
 * The chain of page hashes: page[k] = SHA-256(page[k−1] ‖ bytes of records 4,096k …), from a constant, over
 * canonical record bytes alone. `hash` is the last page's, so neither header nor frames nor encoding matter.
 */
import { encodeUtf8 } from '@truetape/contracts';
import { assert, sha256Of, toHex } from '@truetape/kernel';
import type { Sha256Hasher } from '@truetape/kernel';
import type { TapePorts } from './ports.ts';

export const PAGE_RECORDS = 4096;

/** A finished page: its hash, and the seq that stood next when it began. */
export interface Page {
  readonly hash: Uint8Array;
  readonly firstSeq: number;
}

export interface HashChain {
  readonly ports: TapePorts;
  /** Hash of the last finished page, or genesis. */
  last: Uint8Array;
  /** The page under way; undefined before its first record. */
  open: Sha256Hasher | undefined;
  /** Hashes the page under way once more, for whoever goes on where this chain ends; undefined when nobody will. */
  twin: Sha256Hasher | undefined;
  readonly isContinued: boolean;
  openFirstSeq: number;
  openRecords: number;
  /** Finished pages, the last one included once `endChain` ran. */
  readonly pages: Page[];
}

/** SHA-256("truetape/events/1"): the hash of a tape without events. */
export function genesisHash(ports: TapePorts): Uint8Array {
  return sha256Of(ports.sha256, encodeUtf8('truetape/events/1')!);
}

/** Starts a chain. One that is to be continued behind its end hashes everything twice: a digest ends a hasher. */
export function createChain(ports: TapePorts, isContinued = false): HashChain {
  const last = genesisHash(ports);
  const page = { open: undefined, twin: undefined, openFirstSeq: 0, openRecords: 0 };
  return { ports, last, ...page, isContinued, pages: [] };
}

/** A chain that goes on where the given one, not yet ended, stands. */
export function continueChain(chain: HashChain): HashChain {
  assert(chain.isContinued, 'TAPE-7', 'a chain that kept what its continuation needs');
  return { ...chain, open: chain.twin, twin: undefined, isContinued: false, pages: [...chain.pages] };
}

function openPage(chain: HashChain, seq: number): Sha256Hasher {
  chain.open = chain.ports.sha256();
  chain.open.update(chain.last);
  if (chain.isContinued) {
    chain.twin = chain.ports.sha256();
    chain.twin.update(chain.last);
  }
  chain.openFirstSeq = seq;
  return chain.open;
}

function closePage(chain: HashChain): void {
  if (chain.open === undefined) return;
  chain.last = chain.open.digest();
  chain.pages.push({ hash: chain.last, firstSeq: chain.openFirstSeq });
  chain.open = undefined;
  chain.twin = undefined;
  chain.openRecords = 0;
}

/** Records that the page under way still takes. */
export function pageRoom(chain: HashChain): number {
  return PAGE_RECORDS - chain.openRecords;
}

/** Adds the bytes of `records` whole records, at most `pageRoom`; `seq` is the next seq before the first. */
export function addToChain(chain: HashChain, bytes: Uint8Array, records: number, seq: number): void {
  if (records === 0) return;
  const open = chain.open ?? openPage(chain, seq);
  open.update(bytes);
  chain.twin?.update(bytes);
  chain.openRecords += records;
  if (chain.openRecords === PAGE_RECORDS) closePage(chain);
}

/** Ends the chain: the events hash of everything added, as hex. */
export function endChain(chain: HashChain): string {
  closePage(chain);
  return toHex(chain.last);
}

/** SHA-256 that binds header, events and footer together; the same in both encodings. */
export function sealHash(
  ports: TapePorts,
  parts: {
    readonly headerJson: string;
    readonly hash: Uint8Array;
    readonly count: number;
    readonly footerJson: string;
  },
): string {
  const count = new Uint8Array(8);
  new DataView(count.buffer).setBigUint64(0, BigInt(parts.count), true);
  const ofText = (text: string): Uint8Array => sha256Of(ports.sha256, encodeUtf8(text)!);
  return toHex(
    sha256Of(
      ports.sha256,
      encodeUtf8('truetape/seal/1')!,
      ofText(parts.headerJson),
      parts.hash,
      count,
      ofText(parts.footerJson),
    ),
  );
}
