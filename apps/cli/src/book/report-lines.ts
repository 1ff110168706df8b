/** Reports as lines: JSON for programs, aligned text for people. Read from the cells, since there are many. */
import {
  ACCEPTED,
  AMENDED,
  CANCELED,
  FILL,
  INSTRUMENT_SHIFT,
  OPS,
  PRICED,
  PRIORITY_KEPT,
  REASON_SHIFT,
  REJECTED,
  REPORT_CELLS,
  SIDE_SHIFT,
  UNKNOWN_INSTRUMENT_INDEX,
  idJson,
  idText,
} from '@truetape/book';
import type { ReportBuffer, Names } from '@truetape/book';
import { NONE, REJECT_CODES, VOCABULARIES } from '@truetape/contracts';

/** Writes report `k` as a line, without its LF. */
export type ReportLine = (reports: ReportBuffer, k: number) => string;

const namesOf = (vocabulary: 'cancelReason' | 'amendReason'): readonly string[] => [
  '',
  ...VOCABULARIES[vocabulary].names.map(([, name]) => name),
];
const CODES: readonly string[] = ['', ...REJECT_CODES];
const CANCEL_REASONS = namesOf('cancelReason');
const AMEND_REASONS = namesOf('amendReason');
const SIDES = ['', 'buy', 'sell'] as const;

/** The instrument that reports leave out: the default, which is always the first. */
export const DEFAULT_INSTRUMENT = 1;

interface Cells {
  readonly kind: number;
  readonly instrument: number;
  readonly side: string;
  readonly reason: number;
  readonly priorityKept: boolean;
  /** undefined: none. */
  readonly price: number | undefined;
  readonly more: number;
  readonly orderId: number;
  readonly contraId: number;
  readonly tradeId: number;
  readonly qty: number;
  readonly leaves: number;
  readonly takerLeaves: number;
}

function cellsOf({ f64, i32, u32 }: ReportBuffer, k: number): Cells {
  const cell = k * REPORT_CELLS;
  const code = u32[cell * 2];
  return {
    kind: code & 15,
    instrument: code >>> INSTRUMENT_SHIFT,
    side: SIDES[((code >>> SIDE_SHIFT) & 3) as 0 | 1 | 2],
    reason: (code >>> REASON_SHIFT) & 255,
    priorityKept: (code & PRIORITY_KEPT) !== 0,
    price: (code & PRICED) === 0 ? undefined : i32[cell * 2 + 1],
    more: u32[cell * 2 + 3],
    orderId: f64[cell + 2],
    contraId: f64[cell + 3],
    tradeId: f64[cell + 4],
    qty: f64[cell + 5],
    leaves: f64[cell + 6],
    takerLeaves: f64[cell + 7],
  };
}

/** Name of an instrument for people; one that no run knows keeps its number. */
export function instrumentText(names: Names, instrument: number): string {
  if (instrument === UNKNOWN_INSTRUMENT_INDEX && names.unknown !== '') return names.unknown;
  return names.instruments[instrument] ?? `#${instrument}`;
}

/** Lines of JSON. */
export function createJsonReports(names: Names): ReportLine {
  return (reports, k) => {
    const c = cellsOf(reports, k);
    const id = (orderId: number): string => idJson(names, c.instrument, orderId);
    const price = c.price === undefined ? '' : `,"price":${c.price}`;
    const contra = c.contraId === NONE ? '' : `,"contra":${id(c.contraId)}`;
    const isNamed = c.instrument > DEFAULT_INSTRUMENT;
    const end = isNamed ? `,"instrument":${JSON.stringify(instrumentText(names, c.instrument))}}` : '}';
    switch (c.kind) {
      case ACCEPTED:
        return `{"event":"accepted","id":${id(c.orderId)}${price},"leaves":${c.leaves}${end}`;
      case REJECTED: {
        const named = c.orderId === NONE ? '' : `"id":${id(c.orderId)},`;
        return `{"event":"rejected",${named}"code":"${CODES[c.reason]}","leaves":${c.leaves}${end}`;
      }
      case FILL:
        return (
          `{"event":"fill","tradeId":${c.tradeId},"maker":${id(c.orderId)},"taker":${id(c.contraId)}${price}` +
          `,"qty":${c.qty},"makerLeaves":${c.leaves},"takerLeaves":${c.takerLeaves},"side":"${c.side}"${end}`
        );
      case CANCELED: {
        const reason = CANCEL_REASONS[c.reason];
        return `{"event":"canceled","id":${id(c.orderId)},"reason":"${reason}","leaves":${c.qty}${contra}${end}`;
      }
      case AMENDED:
        return (
          `{"event":"amended","id":${id(c.orderId)}${price},"leaves":${c.leaves}` +
          `,"reason":"${AMEND_REASONS[c.reason]}","priorityKept":${c.priorityKept}${contra}${end}`
        );
      default:
        return `{"event":"cancelAllDone","canceled":${c.qty}${end}`;
    }
  };
}

const EVENT_COLUMNS = 9;
const ID_COLUMNS = 8;
const SIDE_COLUMNS = 4;
const QTY_COLUMNS = 8;
const PRICE_COLUMNS = 8;

/** Aligned lines for people. */
export function createTextReports(names: Names): ReportLine {
  return (reports, k) => {
    const c = cellsOf(reports, k);
    const id = (orderId: number): string => idText(names, c.instrument, orderId);
    const line = (event: string, orderId: string, qty: number | undefined, rest: string): string => {
      const price = c.price === undefined ? '' : `@ ${c.price}`;
      const where = c.instrument > DEFAULT_INSTRUMENT ? `  ${instrumentText(names, c.instrument)}` : '';
      const columns = [
        event.padEnd(EVENT_COLUMNS),
        orderId.padEnd(ID_COLUMNS),
        c.side.padEnd(SIDE_COLUMNS),
        (qty === undefined ? '' : String(qty)).padStart(QTY_COLUMNS),
        price.padEnd(PRICE_COLUMNS),
        rest + where,
      ];
      return columns.join(' ').trimEnd();
    };
    const contra = c.contraId === NONE ? '' : ` with ${id(c.contraId)}`;
    switch (c.kind) {
      case ACCEPTED:
        return line('accepted', id(c.orderId), c.leaves, '');
      case REJECTED: {
        const open = c.leaves === 0 ? '' : `, ${c.leaves} still open`;
        const named = c.orderId === NONE ? '-' : id(c.orderId);
        return line('rejected', named, undefined, `${OPS[c.more - 1]}: ${CODES[c.reason]}${open}`);
      }
      case FILL: {
        const left = `${c.takerLeaves} left, ${c.leaves} of the maker`;
        return line('fill', id(c.contraId), c.qty, `trade ${c.tradeId} with ${id(c.orderId)}: ${left}`);
      }
      case CANCELED:
        return line('canceled', id(c.orderId), c.qty, CANCEL_REASONS[c.reason] + contra);
      case AMENDED: {
        const place = c.priorityKept ? 'keeps its place' : 'loses its place';
        return line('amended', id(c.orderId), c.leaves, `${AMEND_REASONS[c.reason]}${contra}, ${place}`);
      }
      default:
        return line('done', '-', c.qty, 'canceled in all');
    }
  };
}
