/** Reports as an auditor reads them, one after another. */
import { NONE } from '@truetape/contracts';
import { broken, same, type Shadow } from './audit-shadow.ts';
import * as R from './report.ts';

/** A report, taken out of its cells. */
export interface Told {
  readonly kind: number;
  readonly side: number;
  /** NONE where the report has no price. */
  readonly priceTicks: number;
  readonly kept: boolean;
  readonly reason: number;
  readonly instrument: number;
  readonly owner: number;
  readonly more: number;
  readonly orderId: number;
  readonly contraId: number;
  readonly tradeId: number;
  readonly qtyLots: number;
  readonly leavesLots: number;
  readonly takerLeaves: number;
}

/** Where reading stands in a command's reports. */
export interface Telling {
  readonly reports: R.ReportBuffer;
  readonly instrument: number;
  at: number;
}

/** The next report, not taken yet; undefined behind the last. */
export function peek({ reports, at }: Telling): Told | undefined {
  if (at >= reports.count) return undefined;
  const { f64, i32, u32 } = reports;
  const cell = at * R.REPORT_CELLS;
  const code = u32[cell * 2];
  return {
    kind: code & 15,
    side: (code >>> R.SIDE_SHIFT) & 3,
    priceTicks: (code & R.PRICED) === 0 ? NONE : i32[cell * 2 + 1],
    kept: (code & R.PRIORITY_KEPT) !== 0,
    reason: (code >>> R.REASON_SHIFT) & 255,
    instrument: code >>> R.INSTRUMENT_SHIFT,
    owner: u32[cell * 2 + 2],
    more: u32[cell * 2 + 3],
    orderId: f64[cell + 2],
    contraId: f64[cell + 3],
    tradeId: f64[cell + 4],
    qtyLots: f64[cell + 5],
    leavesLots: f64[cell + 6],
    takerLeaves: f64[cell + 7],
  };
}

/** Takes the next report, which must be of a kind. */
export function take(shadow: Shadow, telling: Telling, kind: number): Told {
  const told = peek(telling);
  const wanted = R.REPORT_KINDS[kind - 1];
  if (told === undefined) return broken(shadow, 'BOOK-40', `no ${wanted} report`);
  same(shadow, 'BOOK-40', 'kind of a report', R.REPORT_KINDS[told.kind - 1], wanted);
  same(shadow, 'BOOK-40', 'instrument of a report', told.instrument, telling.instrument);
  telling.at++;
  return told;
}

/** What a report must say of the order it is about. */
export interface About {
  readonly orderId: number;
  readonly owner: number;
  readonly side: number;
  readonly priceTicks: number;
}

/** Compares what a report says of its order, and that it says nothing that does not apply. */
export function sameOrder(shadow: Shadow, invariant: string, told: Told, about: About): void {
  same(shadow, invariant, 'order', told.orderId, about.orderId);
  same(shadow, invariant, 'owner of the order', told.owner, about.owner);
  same(shadow, invariant, 'side of the order', told.side, about.side);
  same(shadow, invariant, 'price of the order', told.priceTicks, about.priceTicks);
}

/** Takes the end of an order: why, and how much of it ended. */
export function takeCanceled(
  shadow: Shadow,
  telling: Telling,
  order: About & { readonly leavesLots: number },
  how: { readonly reason: number; readonly contraId?: number },
): void {
  const told = take(shadow, telling, R.CANCELED);
  sameOrder(shadow, 'BOOK-50', told, order);
  same(shadow, 'BOOK-50', 'reason', told.reason, how.reason);
  same(shadow, 'BOOK-50', 'contra order', told.contraId, how.contraId ?? NONE);
  same(shadow, 'BOOK-50', 'what the order had left', told.qtyLots, order.leavesLots);
  same(shadow, 'BOOK-50', 'leaves of what ended', told.leavesLots, 0);
}

/** Takes a change of an order: why, what it leaves, whether its place in the queue stays. */
export function takeAmended(
  shadow: Shadow,
  telling: Telling,
  order: About & { readonly leavesLots: number },
  how: { readonly reason: number; readonly kept: boolean; readonly contraId?: number },
): void {
  const told = take(shadow, telling, R.AMENDED);
  sameOrder(shadow, 'BOOK-51', told, order);
  same(shadow, 'BOOK-51', 'reason', told.reason, how.reason);
  same(shadow, 'BOOK-51', 'contra order', told.contraId, how.contraId ?? NONE);
  same(shadow, 'BOOK-51', 'what the order has left', told.leavesLots, order.leavesLots);
  same(shadow, 'BOOK-51', 'priority kept', told.kept, how.kept);
}
