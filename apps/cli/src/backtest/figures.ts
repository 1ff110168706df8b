/** The figures of a report that runs are compared by, and their columns. */
import type { JsonObject, JsonValue } from '@truetape/contracts';
import { formatSpan } from '@truetape/tape';

/** Of money: decimal text in the asset of equity. Ratios are fixed-point text; null where there is none. */
export interface Figures {
  readonly asset: string;
  readonly sent: number;
  readonly rejected: number;
  readonly fills: number;
  readonly maker: number;
  readonly fillRatio: string | null;
  readonly gross: string;
  readonly fees: string;
  readonly funding: string;
  readonly net: string;
  readonly maxDrawdown: string;
  /** Median, from acceptance to the first fill. */
  readonly queueNs: number | null;
  /** Ticks a lot beyond the touch that was seen. */
  readonly takerTicks: string | null;
  /** Ticks a lot that the market has gone our way, a second behind a fill. */
  readonly markoutTicks: string | null;
}

/** The markout that stands in tables. */
export const MARKOUT_SHOWN_NS = 1_000_000_000;

const object = (value: JsonValue | undefined): JsonObject => value as JsonObject;
const list = (value: JsonValue | undefined): readonly JsonObject[] => value as readonly JsonObject[];
const textOf = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : '0');
const total = (counts: JsonValue | undefined): number =>
  Object.values(object(counts)).reduce<number>((sum, count) => sum + Number(count), 0);

/** Those of a report. */
export function figuresOf(report: JsonObject): Figures {
  const orders = object(report['orders']);
  const fills = object(report['fills']);
  const equity = object(report['equity']);
  const execution = object(report['execution']);
  const asset = textOf(equity['asset']);
  const profit = list(report['profit']).find((one) => one['asset'] === asset) ?? {};
  const markout = list(execution['markouts']).find(({ delayNs }) => delayNs === MARKOUT_SHOWN_NS);
  const money = (key: string): string => textOf(profit[key]);
  const queue = execution['queueNs'] as JsonObject | null;
  return {
    asset,
    sent: Number(orders['sent']),
    rejected: total(orders['rejected']),
    fills: Number(fills['count']),
    maker: Number(fills['maker']),
    fillRatio: orders['fillRatio'] as string | null,
    gross: money('gross'),
    fees: money('fees'),
    funding: money('funding'),
    net: money('net'),
    maxDrawdown: textOf(equity['maxDrawdown']),
    queueNs: queue === null ? null : Number(queue['p50']),
    takerTicks: execution['takerTicks'] as string | null,
    markoutTicks: (markout?.['ticks'] ?? null) as string | null,
  };
}

/** Spans in tables are cut to so many digits. */
const SPAN_PLACES = 1;

const orDash = (value: string | null): string => value ?? '-';

/** Columns that all tables of runs have, behind their own. */
export const FIGURE_TITLES: readonly string[] = [
  'fills',
  'maker',
  'filled',
  'gross',
  'fees',
  'net',
  'drawdown',
  'in queue',
  'paid',
  'markout',
];

export function figureCells(figures: Figures): string[] {
  const { fills, maker, fillRatio, gross, fees, net, maxDrawdown, queueNs, takerTicks, markoutTicks } =
    figures;
  return [
    String(fills),
    String(maker),
    orDash(fillRatio),
    gross,
    fees,
    net,
    maxDrawdown,
    queueNs === null ? '-' : formatSpan(BigInt(queueNs), SPAN_PLACES),
    orDash(takerTicks),
    orDash(markoutTicks),
  ];
}

/** What the columns are, below a table. */
export function figureNotes(asset: string, hasFunding: boolean): string[] {
  return [
    `gross, fees, net and drawdown in ${asset}; net is gross and fees${hasFunding ? ' and funding' : ''}`,
    'filled: lots filled of those ordered; in queue: median wait of a resting order for its first fill',
    'paid: ticks a lot that takers paid beyond the touch they had seen; markout: ticks a lot, 1 s behind a fill',
  ];
}
