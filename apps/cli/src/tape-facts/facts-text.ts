/** Facts of an instrument in lines for people. */
import type { JsonObject, JsonValue } from '@truetape/contracts';
import { formatSpan } from '@truetape/tape';

const text = (value: JsonValue | undefined): string =>
  value === null || value === undefined ? '-' : typeof value === 'string' ? value : JSON.stringify(value);

const list = (values: JsonValue | undefined): string => (values as JsonValue[]).map(text).join(' ');

const percent = (share: JsonValue | undefined, places: number): string =>
  typeof share === 'string' ? `${(Number(share) * 100).toFixed(places)} %` : '-';

const span = (ns: JsonValue | undefined): string =>
  ns === null || ns === undefined ? '-' : formatSpan(BigInt(Math.round(Number(ns))));

/** A distribution in the order of its values. */
function spread(of: JsonValue | undefined, show: (value: JsonValue | undefined) => string = text): string {
  if (of === null || of === undefined) return '-';
  const { p10, p50, mean, p90, p99, max } = of as JsonObject;
  return `p10 ${show(p10)}, p50 ${show(p50)}, mean ${show(mean)}, p90 ${show(p90)}, p99 ${show(p99)}, max ${show(max)}`;
}

const line = (title: string, value: string): string => `${title.padEnd(15)} ${value}`;

function sizes(of: JsonObject): string {
  const round = of['roundShare'] === null ? '' : `, of 10 and more ${percent(of['roundShare'], 1)} round`;
  return `${spread(of)}, tail ${text(of['hill'])}${round}`;
}

function orderLines(orders: JsonObject): string[] {
  const { count, perSecond, dispersion, cancels, amends, cancelRatio, orderTradeRatio, canceledLifeNs } =
    orders;
  return [
    line('orders', `${text(count)}, ${text(perSecond)} a second, dispersion ${text(dispersion)}`),
    line('order lots', sizes(orders)),
    line(
      'cancels',
      `${text(cancels)}, ${text(cancelRatio)} an order; amendments ${text(amends)}; ` +
        `orders a trade ${text(orderTradeRatio)}`,
    ),
    line('canceled life', spread(canceledLifeNs, span)),
  ];
}

/** Lines without LF. */
export function factsLines(name: string, facts: JsonObject | null): string[] {
  if (facts === null) return [line(name, 'never both sides for two intervals')];
  const returns = facts['returns'] as JsonObject;
  const lags = facts['autocorrelation'] as JsonObject;
  const takings = facts['takings'] as JsonObject;
  const waits = facts['takingWaits'] as JsonObject;
  const volume = facts['volume'] as JsonObject;
  const orders = facts['orders'] as JsonObject | null;
  const crossed = Number(facts['crossedShare']) === 0 ? '' : `, crossed ${percent(facts['crossedShare'], 3)}`;
  const tails = `beyond 3σ ${percent(returns['beyond3Sigma'], 3)}, 5σ ${percent(returns['beyond5Sigma'], 3)}`;
  return [
    line(
      name,
      `${span(facts['spanNs'])}, ${text(facts['intervals'])} intervals of ${span(facts['intervalNs'])}`,
    ),
    line('two-sided', `${percent(facts['twoSidedShare'], 3)} of the time${crossed}`),
    line('spread', `ticks: ${spread(facts['spreadTicks'])}; ${text(facts['spreadBps'])} bps`),
    line('at the best', `lots: ${spread(facts['touchLots'])}`),
    line('by level', `lots: ${list(facts['levelLots'])}`),
    line('returns', `σ ${text(returns['sigmaHalfTicks'])} half ticks, ${text(returns['sigmaBps'])} bps`),
    line(
      'tails',
      `excess kurtosis ${text(returns['excessKurtosis'])}, ${tails}, tail ${text(returns['hill'])}`,
    ),
    line(
      'of 10 intervals',
      `variance ratio ${text(returns['varianceRatio'])}, excess kurtosis ${text(returns['wideExcessKurtosis'])}`,
    ),
    line('lags 1 to 10', `without dependence within ±${text(lags['noise'])}`),
    line('  returns', list(lags['returns'])),
    line('  |returns|', list(lags['absoluteReturns'])),
    line('  volumes', list(lags['volumes'])),
    line('  taking sides', list(lags['takingSides'])),
    line(
      'volume',
      `${text(volume['perInterval'])} lots an interval, σ/mean ${text(volume['variation'])}, ` +
        `with |return| ${text(lags['volumeToAbsoluteReturn'])}`,
    ),
    line(
      'takings',
      `${text(takings['count'])} in ${text(takings['trades'])} trades, ${text(takings['perSecond'])} a second, ` +
        `dispersion ${text(takings['dispersion'])}`,
    ),
    line('taking lots', sizes(takings)),
    line('taking waits', `σ/mean ${text(waits['variation'])}, lag 1 ${text(waits['lag1'])}`),
    ...(orders === null ? [] : orderLines(orders)),
  ];
}
