/** The summary of a tape in lines for people. */
import type { JsonObject, JsonValue } from '@truetape/contracts';
import { formatSpan, utcDate, utcTime } from '@truetape/tape';
import type { TapeSummary } from '@truetape/tape';

function timeText(ns: JsonValue): string {
  if (typeof ns !== 'string') return '-';
  const time = BigInt(ns);
  return `${utcDate(time)}T${utcTime(time)}Z`;
}

/** A member as it stands in the JSON, without quotes. */
function text(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

function countsLines(title: string, counts: JsonObject): string[] {
  const entries = Object.entries(counts);
  if (entries.length === 0) return [];
  const width = Math.max(...entries.map(([, count]) => text(count).length));
  return entries.map(([name, count], k) => {
    const label = (k === 0 ? title : '').padEnd(12);
    return `${label} ${text(count).padStart(width)}  ${name}`;
  });
}

function tradedLine(title: string, value: JsonValue | undefined): string[] {
  if (value === undefined) return [];
  const { count, qty, qtyLots, notional, notionalTicksLots, offGrid } = value as JsonObject;
  const amount = qty === undefined ? `${text(qtyLots)} lots` : text(qty);
  const worth = notional === undefined ? `${text(notionalTicksLots)} ticks × lots` : text(notional);
  const rest = offGrid === undefined ? '' : `, ${text(offGrid)} off the grid of prices`;
  return [`${title} ${text(count)}, quantity ${amount}, notional ${worth}${rest}`];
}

function tradedLines(traded: JsonObject): string[] {
  return Object.entries(traded).flatMap(([name, value]) => {
    const { trades, fills } = value as JsonObject;
    return [...tradedLine('trades', trades), ...tradedLine('fills', fills)].map(
      (line, k) => `${(k === 0 ? 'traded' : '').padEnd(12)} ${name}  ${line}`,
    );
  });
}

function spanText(summary: TapeSummary): string {
  const { firstTimeNs, lastTimeNs } = summary;
  if (firstTimeNs === null || lastTimeNs === null) return '-';
  const rate = summary['eventsPerSecond'];
  const perSecond = typeof rate === 'string' ? `, ${rate} events a second` : '';
  return `${formatSpan(BigInt(lastTimeNs) - BigInt(firstTimeNs))}${perSecond}`;
}

/** Hash and seal; a view that is no tape has neither, and says nothing of them. */
function hashLines({ hash, seal }: TapeSummary): string[] {
  return [
    `${'hash'.padEnd(12)} ${typeof hash === 'string' ? hash : 'not known: not all frames were read'}`,
    `${'seal'.padEnd(12)} ${typeof seal === 'string' ? seal : 'none: the tape is not sealed'}`,
  ];
}

/** Lines without LF, one fact each. */
export function summaryLines(summary: TapeSummary, withHash: boolean = true): string[] {
  const rate = summary['cancelRate'];
  const [placed, canceled, fills] = ['orders', 'cancels', 'fills'].map((key) => text(summary[key]));
  const orders = `${placed} new, ${canceled} canceled, ${fills} fills`;
  const hasOrders = summary['orders'] !== 0 || summary['cancels'] !== 0 || summary['fills'] !== 0;
  return [
    `${'events'.padEnd(12)} ${summary.events}`,
    `${'from'.padEnd(12)} ${timeText(summary.firstTimeNs)}`,
    `${'to'.padEnd(12)} ${timeText(summary.lastTimeNs)}`,
    `${'span'.padEnd(12)} ${spanText(summary)}`,
    ...countsLines('kinds', summary.byKind),
    ...countsLines('instruments', summary.byInstrument),
    ...countsLines('sources', summary.bySource),
    ...tradedLines(summary['traded'] as JsonObject),
    ...(hasOrders
      ? [`${'orders'.padEnd(12)} ${orders}, cancel rate ${rate === null ? '-' : text(rate)}`]
      : []),
    ...(withHash ? hashLines(summary) : []),
  ];
}
