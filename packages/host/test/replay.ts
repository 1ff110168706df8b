/** Replays a venue's tape: its commands through a fresh market, whose facts must be those of the tape. */
import { isDeepStrictEqual } from 'node:util';
import {
  addBook,
  applyToMarket,
  commandOfEvent,
  createCommands,
  createMarket,
  createReports,
  hashMarket,
  reportEvent,
} from '@truetape/book';
import type { MarketConfig } from '@truetape/book';
import { FLAG_LAST, Kind, NONE, decodeEvent, recordWords } from '@truetape/contracts';
import type { Event } from '@truetape/contracts';
import { nodePorts, openInput } from '@truetape/host';
import { createDecoder, createReader } from '@truetape/tape';
import type { EndOfTape } from '@truetape/tape';

export interface TapeContent {
  readonly events: readonly Event[];
  readonly end: EndOfTape | undefined;
}

export function readEvents(path: string): TapeContent {
  const input = openInput(path);
  const reader = createReader(createDecoder({ ports: nodePorts, hash: true }), input.source);
  const events: Event[] = [];
  for (let batch = reader.next(); batch !== undefined; batch = reader.next()) {
    const { records } = batch;
    let seq = batch.firstSeq;
    for (let i = batch.from; i < batch.to; i += recordWords(records, i) * 2) {
      events.push(decodeEvent(records, i, reader.decoder.epoch, seq));
      seq += 1;
    }
  }
  input.close();
  if (reader.error !== undefined) throw new Error(`tape: ${JSON.stringify(reader.error)}`);
  return { events, end: reader.end };
}

export interface Replay {
  readonly stateHash: string;
  readonly commands: number;
  /** Tags by source, in the order of the tape. */
  readonly tags: ReadonlyMap<number, readonly number[]>;
  readonly overruns: readonly (Event & { kind: typeof Kind.Overrun })[];
}

/** Throws where a fact of the tape is not the one that follows from its commands. */
export function replay(path: string, create: MarketConfig['create']): Replay {
  const { events } = readEvents(path);
  const market = createMarket({ create });
  const commands = createCommands(1);
  const reports = createReports();
  const tags = new Map<number, number[]>();
  const overruns: Replay['overruns'][number][] = [];
  let count = 0;
  let facts = 0;
  let cause = NONE;
  for (const [seq, event] of events.entries()) {
    switch (event.kind) {
      case Kind.Define:
        if (event.table === 1) addBook(market, event.index);
        break;
      case Kind.Overrun:
        overruns.push(event);
        break;
      case Kind.InvariantViolated:
        break;
      case Kind.NewOrder:
      case Kind.CancelOrder:
      case Kind.AmendOrder:
      case Kind.CancelAll: {
        if (facts !== reports.count) throw new Error(`${reports.count - facts} facts missing at ${seq}`);
        if (!commandOfEvent(event, commands, 0).ok) throw new Error(`no command at ${seq}`);
        reports.count = 0;
        applyToMarket(market, commands, 0, reports);
        facts = 0;
        cause = seq;
        count += 1;
        const own = tags.get(event.source) ?? [];
        own.push(event.requestId);
        tags.set(event.source, own);
        break;
      }
      default: {
        const place = { timeNs: event.timeNs, source: 1, cause, last: facts === reports.count - 1 };
        const due = facts < reports.count ? { ...reportEvent(reports, facts, place), seq } : undefined;
        if (!isDeepStrictEqual(event, due))
          throw new Error(`at ${seq}: ${JSON.stringify(event)}, due ${JSON.stringify(due)}`);
        if (((event.flags & FLAG_LAST) !== 0) !== place.last) throw new Error(`LAST at ${seq}`);
        facts += 1;
      }
    }
  }
  return { stateHash: hashMarket(market, nodePorts.sha256), commands: count, tags, overruns };
}
