/** A replay beside the verification of a tape's bytes: one pass, also over standard input. */
import { hashMarket } from '@truetape/book';
import { decodeEvent, kindName } from '@truetape/contracts';
import { nodePorts } from '@truetape/host';
import { applyReplay, createReplay, endReplay, isReplayed } from '@truetape/replay';
import type { Replay, ReplayConfig, ReplayStop } from '@truetape/replay';
import type { Batch, EndOfTape, TapeDecoder, TapeHeader } from '@truetape/tape';
import { CliFailure } from '../failure.ts';
import { quoted } from '../wording.ts';
import { stopFailure } from './replay-stop.ts';
import { visitRecords } from './visit-records.ts';

/** What a replay has to know of a tape's origin. */
export function replayOrigin({ observer, log, parents }: TapeHeader): Origin {
  return { observer, firstSeq: log?.baseSeq ?? 0, parentCount: parents?.length ?? 0 };
}

type Origin = Pick<ReplayConfig, 'observer' | 'firstSeq' | 'parentCount'>;

export interface TapeReplay {
  readonly decoder: TapeDecoder;
  /** The life of each order is to be followed too. */
  readonly wantsOrders: boolean;
  /** From the header on, unless it was refused. */
  replay: Replay | undefined;
  stop: ReplayStop | undefined;
}

export function createTapeReplay(decoder: TapeDecoder, wantsOrders: boolean): TapeReplay {
  return { decoder, wantsOrders, replay: undefined, stop: undefined };
}

function begin(run: TapeReplay): void {
  if (run.replay !== undefined || run.stop !== undefined) return;
  const { sha256 } = nodePorts;
  const created = createReplay({ ...replayOrigin(run.decoder.header!), sha256, orders: run.wantsOrders });
  if (created.ok) run.replay = created.value;
  else run.stop = created.error;
}

/** Replays the events of a batch, unless the replay has stopped. */
export function replayBatch(run: TapeReplay, batch: Batch): void {
  begin(run);
  const { replay, decoder } = run;
  if (replay === undefined || run.stop !== undefined) return;
  visitRecords(batch, (records, i, kind, seq) => {
    if (run.stop === undefined && isReplayed(kind))
      run.stop = applyReplay(replay, decodeEvent(records, i, decoder.epoch, seq));
  });
}

/** Ends the replay at the end of the tape. */
export function endTapeReplay(run: TapeReplay, end: EndOfTape): void {
  begin(run);
  if (run.replay !== undefined) run.stop ??= endReplay(run.replay, end.nextSeq);
}

/** Why the tape was not replayed to its end; undefined where it matches. */
export function replayFailure(path: string, { stop, replay }: TapeReplay): CliFailure | undefined {
  if (stop === undefined) return undefined;
  const failure = stopFailure(path, stop);
  const isBare = stop.type === 'difference' && stop.code === 'missing' && replay!.factCount === 0;
  if (!isBare) return failure;
  const next = `commands alone have nothing to compare; what they give: truetape book run ${quoted(path)}`;
  return new CliFailure(failure.exitCode, failure.message, next);
}

const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

/** What was replayed, and where that led, for people; nothing of no commands. */
export function replayLines({ replay }: TapeReplay): string[] {
  const { books, config, commandCount, factCount, checkpointCount } = replay!;
  if (commandCount === 0) return [];
  const parts = [
    counted(commandCount, 'command'),
    `${counted(factCount, 'fact')} as they give them`,
    ...(checkpointCount === 0 ? [] : [counted(checkpointCount, 'checkpoint')]),
    ...(config.orders === true ? ['the life of every order'] : []),
  ];
  const behind = `${counted(books.market.instruments.length, 'book')}, state hash`;
  return [
    `replayed: ${parts.join(', ')}`,
    `behind it: ${behind} ${hashMarket(books.market, nodePorts.sha256)}`,
  ];
}

/** What the replay did not vouch for. */
export function notReplayed({ replay }: TapeReplay): string[] {
  const { commandCount, checkpointsPassed, stoppedCount, othersCount } = replay!;
  return [
    ...(commandCount === 0 ? ['no commands: nothing was replayed'] : []),
    ...(stoppedCount === 0
      ? []
      : [`${counted(stoppedCount, 'reject')} from before the matcher: no command of the tape gives them`]),
    ...(othersCount === 0
      ? []
      : [`${counted(othersCount, 'fact')} of sources that are no venue: no command gives them`]),
    ...(checkpointsPassed === 0
      ? []
      : [`${counted(checkpointsPassed, 'checkpoint')} of another seq or version: not compared`]),
  ];
}

/** The same as JSON. */
export function replayJson({ replay, stop }: TapeReplay): Record<string, unknown> {
  const market = replay?.books.market;
  return {
    ok: stop === undefined,
    commands: replay?.commandCount ?? 0,
    facts: replay?.factCount ?? 0,
    checkpoints: replay?.checkpointCount ?? 0,
    rejectedBefore: replay?.stoppedCount ?? 0,
    ofOthers: replay?.othersCount ?? 0,
    orders: replay?.config.orders ?? false,
    books: market?.instruments.length ?? 0,
    stateHash: market === undefined || stop !== undefined ? null : hashMarket(market, nodePorts.sha256),
    stop: stop === undefined ? null : stopJson(stop),
  };
}

function stopJson(stop: ReplayStop): Record<string, unknown> {
  const { type, code, seq, kind, field, expected, found } = stop;
  const command = stop.type === 'difference' && stop.command >= 0 ? stop.command : null;
  return { type, code, seq, kind: kind === 0 ? null : kindName(kind), field, expected, found, command };
}
