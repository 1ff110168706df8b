/** What somebody on another thread does for a recovery: everything but fold. See `beside.ts`. */
import { createTables, err, ok } from '@truetape/contracts';
import type { Result } from '@truetape/contracts';
import { fromHex } from '@truetape/kernel';
import { NO_TIME, createLogChain, pageBefore } from '@truetape/tape';
import type { FileHeader, Page } from '@truetape/tape';
import type { CheckRequest } from './beside.ts';
import type { WalError } from './errors.ts';
import type { LogMachine } from './machine.ts';
import type { RecoverConfig } from './outline.ts';
import { readSegmentHeader } from './scan.ts';
import { checkPlace, scanSegments } from './scan-log.ts';
import type { Scan } from './scan-log.ts';

/** A machine for whoever only checks. */
const NOTHING: LogMachine = {
  foldedCommands: 0,
  fold: () => undefined,
  end: () => undefined,
  save: () => new Uint8Array(0),
  hash: () => '',
};

/**
 * Checks all segments of a request but the last, for somebody who folds them beside; `onSeq` hears behind which seq all
 * is checked. The last full page of their events. Errors: those of a recovery.
 */
export function checkSegments(
  config: Pick<RecoverConfig, 'storage' | 'ports'>,
  { segments, page, snapshot }: CheckRequest,
  onSeq: (nextSeq: number) => void,
): Result<Page, WalError> {
  const headers: FileHeader[] = [];
  for (const name of segments) {
    const read = readSegmentHeader(config.storage, config.ports, name);
    if (!read.ok) return read;
    headers.push(read.value);
  }
  const behind = page === undefined ? undefined : { hash: fromHex(page.hash)!, firstSeq: page.firstSeq };
  const chainSeq = page?.firstSeq ?? 0;
  const fold: LogMachine['fold'] = ({ nextSeq }) => {
    onSeq(nextSeq);
    return undefined;
  };
  const scan: Scan = {
    config,
    machine: { ...NOTHING, fold },
    chain: createLogChain(config.ports, behind),
    chainSeq,
    foldSeq: 0,
    stateSeq: 0,
    nextSeq: chainSeq,
    toMeet: snapshot === undefined ? [] : [snapshot],
    meetsState: false,
    verified: [],
    lastTime: NO_TIME,
    tables: createTables(),
  };
  const scanned = scanSegments(scan, segments, headers, segments.length - 1);
  if (!scanned.ok) return scanned;
  const wrong = checkPlace(scan, segments.at(-1)!, headers.at(-1)!);
  return wrong === undefined ? ok(pageBefore(scan.chain, scan.nextSeq)) : err(wrong);
}
