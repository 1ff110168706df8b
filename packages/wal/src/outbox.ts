/**
 * Commands to the outside, each sent once: what is to be sent is logged first, under a client id that follows from the
 * log, and sent when its commit is durable. Behind a crash nobody knows whether the last ones went out: they are
 * reported, and never sent again by themselves; whoever asks the outside by their client id resolves them.
 *
 * It is a fold: a command of a source that is not this log's venue is pending from its record on, until an Accepted,
 * Rejected or Outcome (other than `unresolved`) names it as its cause.
 */
import { BLANK, Kind, codeOfName, err, ok } from '@truetape/contracts';
import type { AmendOrder, CancelAll, CancelOrder, Event, NewOrder, Result } from '@truetape/contracts';
import { writeEvent } from '@truetape/tape';
import type { TapeError, TapeWriter } from '@truetape/tape';

export type OutboundCommand = NewOrder | CancelOrder | AmendOrder | CancelAll;

/** A command to the outside that is not resolved. */
export interface Pending {
  readonly clientId: string;
  readonly seq: number;
  readonly command: OutboundCommand;
  /**
   * - `logged`: to be sent once it is durable;
   * - `sent`: handed to the network, and no answer yet;
   * - `unknown`: logged by a process that has gone. It may have been sent.
   */
  state: 'logged' | 'sent' | 'unknown';
}

export interface Outbox {
  readonly logId: string;
  /** Source of the commands that go out. */
  readonly source: number;
  /** By seq, in the order of their seqs. */
  readonly pending: Map<number, Pending>;
  /** Client id that an Alias gave to the command that follows it. */
  alias: { readonly seq: number; readonly text: string } | undefined;
}

const UNRESOLVED = codeOfName('outcome', 'unresolved')!;
const SCOPE_REQUEST = codeOfName('aliasScope', 'request')!;

export function createOutbox(logId: string, source: number): Outbox {
  return { logId, source, pending: new Map(), alias: undefined };
}

/** The client id of the command at a seq: the same whoever asks, and whenever. */
export const clientIdOf = (logId: string, seq: number): string => `${logId}-${seq}`;

/**
 * Logs a command to the outside: an Alias with its client id, and the command, in the commit under way. Nothing is sent
 * before `takeReady` has handed it out. Errors: what the log's writer refuses.
 */
export function prepare(
  outbox: Outbox,
  writer: TapeWriter,
  command: OutboundCommand,
): Result<Pending, TapeError> {
  const seq = writer.nextSeq + 1;
  const { timeNs, instrument } = command;
  const text = clientIdOf(outbox.logId, seq);
  const { source } = outbox;
  const fault =
    writeEvent(writer, { ...BLANK.Alias, timeNs, instrument, source, id: seq, scope: SCOPE_REQUEST, text }) ??
    writeEvent(writer, { ...command, source });
  if (fault !== undefined) return err(fault);
  const pending: Pending = { clientId: text, seq, command: { ...command, source, seq }, state: 'logged' };
  outbox.pending.set(seq, pending);
  return ok(pending);
}

/** Commands that are durable and were not handed out yet. From here on they count as sent, whatever comes of it. */
export function takeReady(outbox: Outbox, durableSeq: number): Pending[] {
  const ready: Pending[] = [];
  for (const pending of outbox.pending.values()) {
    if (pending.state !== 'logged' || pending.seq >= durableSeq) continue;
    pending.state = 'sent';
    ready.push(pending);
  }
  return ready;
}

/** Folds an event of the log: what a restart does with all of them, and a process with what it writes. */
export function applyOutbox(outbox: Outbox, event: Event): void {
  const { pending, source, alias } = outbox;
  switch (event.kind) {
    case Kind.Alias:
      if (event.scope === SCOPE_REQUEST) outbox.alias = { seq: event.id, text: event.text };
      return;
    case Kind.NewOrder:
    case Kind.CancelOrder:
    case Kind.AmendOrder:
    case Kind.CancelAll:
      if (event.source !== source || alias?.seq !== event.seq || pending.has(event.seq)) return;
      pending.set(event.seq, { clientId: alias.text, seq: event.seq, command: event, state: 'unknown' });
      return;
    case Kind.Accepted:
    case Kind.Rejected:
      if (event.causeTape === 0) pending.delete(event.cause);
      return;
    case Kind.Outcome:
      // One that says that nobody knows resolves nothing.
      if (event.causeTape === 0 && event.outcome !== UNRESOLVED) pending.delete(event.cause);
      return;
    default:
  }
}

/** What a restart has to ask the outside about, before anything else is sent. */
export function unresolved(outbox: Outbox): Pending[] {
  return [...outbox.pending.values()].filter(({ state }) => state === 'unknown');
}
