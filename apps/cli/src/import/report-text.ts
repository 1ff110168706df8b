/** The report of an import in lines for people. */
import type { ImportReport, InstrumentReport } from '@truetape/adapters';
import { formatSpan } from '@truetape/tape';
import type { Imported } from './run-import.ts';

const line = (title: string, text: string): string => `${title.padEnd(12)} ${text}`;

/** `1 gap`, `2 gaps`. */
const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

function clockText({ clock }: ImportReport): string {
  const { offsetNs, method, applied, backward } = clock;
  const offset =
    offsetNs === 0
      ? 'not behind the exchange'
      : `at least ${formatSpan(BigInt(offsetNs))} behind the exchange`;
  const done = applied ? 'added to all times' : 'no time is changed: --clock-offset auto does';
  const steps = backward === 0 ? '' : `; ${counted(backward, 'line')} backward in time, clamped`;
  return `${method === 'given' ? `given ${formatSpan(BigInt(offsetNs))}` : offset}, ${done}${steps}`;
}

function depthLines(one: InstrumentReport): string[] {
  const { depth, book, snapshots, depthUpdates } = one;
  const top = [book.bid, book.ask].map((level) =>
    level === null ? 'none' : `${level.qty} @ ${level.price}`,
  );
  const messages = `${counted(depthUpdates, 'update')}, ${counted(snapshots, 'snapshot')}`;
  const fates = `${depth.bridged} bridged, ${depth.applied} applied, ${depth.dropped} dropped`;
  return [
    `  depth      ${messages}: ${fates}, ${counted(depth.gaps, 'gap')}`,
    `  book       ${book.status}, bid ${top[0]}, ask ${top[1]}, ${book.bidLevels} and ${book.askLevels} levels`,
  ];
}

function instrumentLines(one: InstrumentReport): string[] {
  const { trades, oracle, drift, quotes } = one;
  const ids =
    trades.count === 0
      ? ''
      : `, ids ${String(trades.firstId)} … ${String(trades.lastId)}, ${counted(trades.idGaps, 'gap')}`;
  const { ticks } = drift;
  return [
    line('instrument', `${one.instrument}, tick ${one.priceStep}, lot ${one.qtyStep}`),
    `  trades     ${trades.count}, quantity ${trades.qty}, notional ${trades.notional}${ids}`,
    `  quotes     ${quotes}`,
    ...(one.depthUpdates === 0 && one.snapshots === 0 ? [] : depthLines(one)),
    ...(oracle.checked === 0
      ? []
      : [
          `  oracle     ${oracle.checked} checked against the exchange's quote: ${oracle.equal} equal, ` +
            `${oracle.outside} outside the known prices, ${oracle.different} different`,
        ]),
    ...(ticks === null
      ? []
      : [
          `  drift      by arrival, in ticks: p50 ${ticks.p50}, p90 ${ticks.p90}, p99 ${ticks.p99}, max ${ticks.max}`,
        ]),
  ];
}

/** Findings by instrument. */
function instrumentsOf(report: ImportReport): InstrumentReport[] {
  return 'instruments' in report ? Object.values(report.instruments) : [report];
}

/** Lines without LF. */
export function importLines(imported: Imported, output: string): string[] {
  const { report, start, tape } = imported;
  const unknown = Object.entries(report.unknown).map(([name, count]) => `${count} ${name}`);
  const skipped = report.skippedLines === 0 ? '' : `, ${report.skippedLines} bad ones skipped`;
  return [
    line('market', `${report.market}${start.marketGiven ? '' : ' (guessed from the streams)'}`),
    line('lines', `${report.lines}${skipped}`),
    ...(unknown.length === 0 ? [] : [line('left out', unknown.join(', '))]),
    line('clock', clockText(report)),
    ...instrumentsOf(report).flatMap(instrumentLines),
    line('tape', `${output}, ${tape.count} events`),
    line('hash', tape.hash),
    line('seal', tape.seal),
  ];
}
