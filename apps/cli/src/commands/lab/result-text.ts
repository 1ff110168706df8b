/** What a run of the lab came to, for people. */
import type { LabResult, OverrunReport } from '@truetape/lab';

const LISTED = 3;

const eventsOf = ({ lostFrom, lostTo }: OverrunReport): number => lostTo - lostFrom + 1;

const yesNo = (value: boolean): string => (value ? 'yes' : 'no');

const probesText = ({ live, healthy, ready }: LabResult['probes']): string =>
  `live ${yesNo(live)}, healthy ${yesNo(healthy)}, ready ${yesNo(ready)}`;

function line(label: string, text: string): string {
  return `${label.padEnd(14)}${text}\n`;
}

function rateText(rates: readonly number[]): string {
  return rates.join(', ');
}

function overrunLines({ overruns }: LabResult): string {
  if (overruns.length === 0) return line('overruns', 'none');
  const shown = overruns.slice(0, LISTED).map((overrun) => {
    const { step, lostFrom, lostTo } = overrun;
    return line('', `step ${step}: lost ${lostFrom} to ${lostTo}, ${eventsOf(overrun)} events`);
  });
  const rest = overruns.length - shown.length;
  const more = rest > 0 ? line('', `and ${rest} more, the last in step ${overruns.at(-1)!.step}`) : '';
  return line('overruns', String(overruns.length)) + shown.join('') + more;
}

function unreadText({ unread, overwritten }: LabResult): string {
  return overwritten === 0 ? `${unread} unread` : `${unread} unread (${overwritten} of them overwritten)`;
}

/** The result as lines with labels. */
export function resultText(result: LabResult): string {
  const { scenario, lifecycle, probes, observability: seen, latencySteps: latency } = result;
  const { ingest, consume, capacity, steps, policy } = scenario;
  const rates = `${rateText(ingest)} in and ${rateText(consume)} polls a step`;
  const states = lifecycle.map(({ step, from, to, reason }) =>
    line('', `step ${String(step).padEnd(3)} ${from} → ${to}, ${reason}`),
  );
  return [
    line('scenario', `${scenario.name}: ${rates}, room for ${capacity}, ${steps} steps, policy ${policy}`),
    line(
      'events',
      `${result.published} in = ${result.acked} acknowledged + ${result.lost} lost + ${unreadText(result)}`,
    ),
    line('acknowledged', `${result.executed} executed, ${result.provisional} provisional`),
    line('polls', `${result.polls}, ${result.emptyPolls} of them empty`),
    line('lag', `at most ${result.lagMax} behind an ingest`),
    latency === null
      ? ''
      : line('latency', `p50 ${latency.p50}, p99 ${latency.p99}, at most ${latency.max} steps`),
    overrunLines(result),
    line('lifecycle', `${lifecycle.length} changes`),
    ...states,
    line('probes', `${probesText(probes)}, before the shutdown`),
    seen === null
      ? line('sink', 'off')
      : line('sink', `${seen.samples} samples, ${seen.seen} seen, ${seen.dropped} dropped`),
  ].join('');
}
