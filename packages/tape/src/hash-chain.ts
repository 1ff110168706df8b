/**
 * The chain of page hashes: page[k] = SHA-256(page[k−1] ‖ bytes of records 4,096k …), from a constant, over
 * canonical record bytes alone. `hash` is the last page's, so neither header nor frames nor encoding matter.
 */
import { Kind, encodeUtf8, getN } from '@truetape/contracts';
import type { RecordBuffer } from '@truetape/contracts';
import { sha256Of, toHex } from '@truetape/kernel';
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
  /** Seq that stood next when the page under way began. */
  openFirstSeq: number;
  openRecords: number;
  /** Finished pages, the last one included once `endChain` ran; undefined where nobody asks for them. */
  readonly pages: Page[] | undefined;
}

/** SHA-256("truetape/events/1"): the hash of a tape without events. */
export function genesisHash(ports: TapePorts): Uint8Array {
  return sha256Of(ports.sha256, encodeUtf8('truetape/events/1')!);
}

/** Starts a chain at the first event of a tape. */
export function createChain(ports: TapePorts): HashChain {
  return { ports, last: genesisHash(ports), open: undefined, openFirstSeq: 0, openRecords: 0, pages: [] };
}

/**
 * The chain of a whole log, which keeps no pages: from its first event, or from behind a page of which the hash and
 * the seq that followed it are known.
 */
export function createLogChain(ports: TapePorts, behind?: Page): HashChain {
  const last = behind?.hash ?? genesisHash(ports);
  const openFirstSeq = behind?.firstSeq ?? 0;
  return { ports, last, open: undefined, openFirstSeq, openRecords: 0, pages: undefined };
}

function openPage(chain: HashChain, seq: number): Sha256Hasher {
  chain.open = chain.ports.sha256();
  chain.open.update(chain.last);
  chain.openFirstSeq = seq;
  return chain.open;
}

function closePage(chain: HashChain): void {
  if (chain.open === undefined) return;
  chain.last = chain.open.digest();
  chain.pages?.push({ hash: chain.last, firstSeq: chain.openFirstSeq });
  chain.open = undefined;
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
  chain.openRecords += records;
  if (chain.openRecords === PAGE_RECORDS) closePage(chain);
}

/** Adds the records in half words `from` … `to` of a buffer, page by page; `firstSeq` is the next seq before them. */
export function addRunToChain(
  chain: HashChain,
  b: RecordBuffer,
  from: number,
  to: number,
  firstSeq: number,
): void {
  let seq = firstSeq;
  let start = from;
  let startSeq = seq;
  let pending = 0;
  for (let i = from; i < to;) {
    const head = b.u32[i];
    seq += ((head >>> 16) & 0xff) === Kind.Skip ? getN(b, i + 4) : 1;
    pending += 1;
    i += (head & 0xffff) * 2;
    if (pending === pageRoom(chain) || i === to) {
      addToChain(chain, b.u8.subarray(start * 4, i * 4), pending, startSeq);
      start = i;
      startSeq = seq;
      pending = 0;
    }
  }
}

/** The events hash of everything added so far; the chain can go on. */
export function peekChain(chain: HashChain): string {
  return toHex(chain.open === undefined ? chain.last : chain.open.copy().digest());
}

/** Where the page under way begins: the last finished page, and the seq that stood next behind it. */
export function pageBefore(chain: HashChain, nextSeq: number): Page {
  return { hash: chain.last, firstSeq: chain.open === undefined ? nextSeq : chain.openFirstSeq };
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
