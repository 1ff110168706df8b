/** The loop of `tape view` and `tape convert`: selected events from a session to an output. */
import { Kind } from '@truetape/contracts';
import type { RecordBuffer } from '@truetape/contracts';
import { createSummaryFold, foldBatch } from '@truetape/tape';
import type { Batch, EndOfTape, FooterExtra, SummaryFold, TapeEnd } from '@truetape/tape';
import { isEverything } from '../filter-options.ts';
import type { FilterArguments } from '../filter-options.ts';
import type { Interruption } from '../interruption.ts';
import { isTapeFormat } from '../outputs/index.ts';
import type { EventOutput, Format } from '../outputs/index.ts';
import { endOfSession, nextBatch, openedSession } from '../session.ts';
import type { Session } from '../session.ts';
import { createWalk, walkOn } from '../walk.ts';
import { createLastEvents } from './last.ts';
import type { LastEvents } from './last.ts';
import type { Pace } from './pace.ts';

export interface ViewPlan {
  readonly filter: FilterArguments;
  readonly format: Format;
  /** Most events to show, Defines not counted. */
  readonly limit: number | undefined;
  /** Show only so many at the end. */
  readonly last: number | undefined;
  readonly allowTorn: boolean;
  readonly summary: boolean;
  readonly pace: Pace | undefined;
  /** Makes the output once the header is known. */
  readonly output: (session: Session) => EventOutput;
  /** Called when a reader that follows has come to what is written so far; false when nothing more will come. */
  readonly onWait?: (view: View) => Promise<void>;
}

/** A view under way. */
export interface View {
  readonly session: Session;
  readonly plan: ViewPlan;
  readonly fold: SummaryFold | undefined;
  output: EventOutput | undefined;
  kept: LastEvents | undefined;
  shown: number;
  /** First seq behind the last event that was shown. */
  nextSeq: number;
  /** The limit is reached, or the user has seen enough. */
  stopped: boolean;
}

/** How a view came to its end. */
export interface ViewEnd {
  readonly end: EndOfTape | undefined;
  readonly written: TapeEnd | undefined;
}

export function createView(session: Session, plan: ViewPlan): View {
  return {
    session,
    plan,
    fold: plan.summary ? createSummaryFold() : undefined,
    output: undefined,
    kept: plan.last === undefined ? undefined : createLastEvents(plan.last, isTapeFormat(plan.format)),
    shown: 0,
    nextSeq: 0,
    stopped: false,
  };
}

/** True when less than the whole tape may be shown. */
export function isExtract(plan: ViewPlan): boolean {
  return !isEverything(plan.filter) || plan.limit !== undefined || plan.last !== undefined;
}

/** Whether Defines are shown: always in a tape; elsewhere like any other kind. */
function showsDefines(plan: ViewPlan): boolean {
  if (isTapeFormat(plan.format) || isEverything(plan.filter)) return true;
  return plan.filter.kind?.includes(Kind.Define) === true;
}

function show(view: View, b: RecordBuffer, i: number, seq: number): void {
  view.output ??= view.plan.output(view.session);
  view.output.event(b, i, seq);
  view.nextSeq = seq + 1;
  if (view.fold === undefined) return;
  const to = i + (b.u32[i] & 0xffff) * 2;
  foldBatch(view.fold, { records: b, from: i, to, firstSeq: seq, nextSeq: seq + 1, recordCount: 1 });
}

/** Shows a batch, or as much of it as is wanted. */
async function showBatch(view: View, batch: Batch, defines: boolean): Promise<void> {
  const { session, plan, kept } = view;
  const { pace, limit } = plan;
  const walk = createWalk(batch);
  while (!view.stopped && walkOn(walk, session.filter!)) {
    const { records, i, seq, isDefine } = walk;
    if (isDefine && !defines) continue;
    if (view.kept !== undefined) {
      kept!.add(records, i, seq, isDefine);
      continue;
    }
    if (!isDefine) {
      if (pace !== undefined && !(await pace(records, i))) {
        view.stopped = true;
        return;
      }
      view.shown += 1;
    }
    show(view, records, i, seq);
    if (pace !== undefined) view.output!.flush();
    if (limit !== undefined && view.shown >= limit) view.stopped = true;
  }
}

/** Shows what was kept back for `--last`; what comes later is shown as it comes. */
export function settleLast(view: View): void {
  const { kept } = view;
  view.kept = undefined;
  kept?.drain((b, i, seq, isDefine) => {
    if (!isDefine) view.shown += 1;
    show(view, b, i, seq);
  });
}

/** True when the rest of the tape must be read although nothing more is shown: for the hash of the whole. */
function needsRest(view: View): boolean {
  const { plan, session } = view;
  return isTapeFormat(plan.format) && session.whole === undefined && plan.onWait === undefined;
}

/** Shows a tape from its session. Throws what is wrong with it, after having shown what comes before. */
export async function runView(view: View, interruption: Interruption): Promise<ViewEnd> {
  const { session, plan } = view;
  const defines = showsDefines(plan);
  if (plan.limit === 0) view.stopped = true;
  for (;;) {
    const batch = nextBatch(session, plan.filter);
    if (batch === undefined) {
      if (plan.onWait === undefined || session.reader.end !== undefined || session.reader.error !== undefined)
        break;
      await plan.onWait(view);
      continue;
    }
    if (!view.stopped) await showBatch(view, batch, defines);
    if (view.stopped && !needsRest(view)) break;
    await interruption.breathe();
  }
  return endView(view);
}

/** What the end of a tape says besides: of an extract, what it was taken from; else what the source's footer says. */
function footerOf(view: View, end: EndOfTape | undefined): FooterExtra {
  const { session, plan } = view;
  const footer = end?.footer ?? session.whole;
  if (isExtract(plan) || view.stopped) {
    const of = footer?.of ?? footer?.hash ?? end?.hash;
    return of === undefined ? {} : { of };
  }
  const { count: _count, hash: _hash, seal: _seal, ...rest } = footer ?? {};
  return rest;
}

function endView(view: View): ViewEnd {
  const { session, plan } = view;
  const { reader } = session;
  // What is good is shown even where the tape is not.
  if (reader.decoder.header !== undefined) {
    settleLast(view);
    view.output ??= plan.output(session);
    view.output.flush();
  }
  openedSession(session);
  const finished = reader.end !== undefined || reader.error !== undefined;
  const end = finished ? endOfSession(session, plan.allowTorn) : undefined;
  const written = view.output?.end(footerOf(view, end));
  return { end, written };
}
