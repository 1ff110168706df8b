/** Folds a tape into the facts of its instruments. */
import { Kind, NONE, decodeEvent } from '@truetape/contracts';
import { createFactsFold, endFacts, foldFacts } from '@truetape/orderflow';
import type { FactsFold } from '@truetape/orderflow';
import { usageFailure } from '../failure.ts';
import type { FilterArguments } from '../filter-options.ts';
import { interruptible } from '../interruption.ts';
import { endOfSession, nextBatch, openedSession } from '../session.ts';
import type { Session } from '../session.ts';
import { createWalk, walkOn } from '../walk.ts';
import { createBookView } from './book-view.ts';

const COMMANDS: readonly number[] = [Kind.NewOrder, Kind.AmendOrder];
/** Roles of sources that tell the market; what others tell of orders is the same once more. */
const MARKET_ROLES: readonly unknown[] = [undefined, 'venue', 'marketFeed'];

/** Intervals of a tape at most: some hundred MB. */
const INTERVALS_MAX = 4_000_000;

function checkIntervals({ facts }: FactsFold, timeNs: number): void {
  if (facts.startNs === NONE || (timeNs - facts.startNs) / facts.intervalNs <= INTERVALS_MAX) return;
  throw usageFailure(`--interval: the tape has more than ${INTERVALS_MAX} of them`, 'choose a longer one');
}

/** Facts by the names of instruments, in the order of their indexes. */
export async function readFacts(
  session: Session,
  of: { readonly filter: FilterArguments; readonly intervalNs: number; readonly allowTorn: boolean },
): Promise<ReadonlyMap<string, FactsFold>> {
  const { filter, intervalNs } = of;
  const folds = new Map<number, FactsFold>();
  let batch = nextBatch(session, filter);
  const { header, epoch, tables } = openedSession(session);
  const foldOf = (instrument: number): FactsFold => {
    let fold = folds.get(instrument);
    if (fold === undefined) {
      fold = createFactsFold(intervalNs, createBookView(header.observer === 'venue'));
      folds.set(instrument, fold);
    }
    return fold;
  };
  await interruptible(async ({ breathe }) => {
    for (; batch !== undefined; batch = nextBatch(session, filter)) {
      const walk = createWalk(batch);
      while (walkOn(walk, session.filter!)) {
        if (walk.isDefine) continue;
        const event = decodeEvent(walk.records, walk.i, epoch, walk.seq);
        if (event.instrument === 0) continue;
        const role = tables.source.byIndex[event.source]?.value['role'];
        if (!MARKET_ROLES.includes(role) && !COMMANDS.includes(event.kind)) continue;
        const fold = foldOf(event.instrument);
        checkIntervals(fold, event.timeNs);
        foldFacts(fold, event);
      }
      await breathe();
    }
  });
  endOfSession(session, of.allowTorn);
  const named = [...folds].sort(([a], [b]) => a - b);
  for (const [, fold] of named) endFacts(fold);
  return new Map(named.map(([k, fold]) => [tables.instrument.byIndex[k]?.name ?? `#${k}`, fold]));
}
