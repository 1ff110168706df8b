/**
 * The samples of a run as compact JSON: columns of integers, each number as its difference to the one before
 * (0 before the first), null where there is none. A column of zeros alone is left out.
 */
import { NONE } from '@truetape/contracts';
import type { JsonObject, JsonValue } from '@truetape/contracts';
import { COUNTED } from './series.ts';
import type { Column, Series, SymbolSeries } from './series.ts';

/** Differences. A missing value leaves the one before as it was. */
function differences(count: number, valueAt: (k: number) => number | null): JsonValue {
  const found: (number | null)[] = [];
  let before = 0;
  let isBlank = true;
  for (let k = 0; k < count; k++) {
    const value = valueAt(k);
    if (value !== 0) isBlank = false;
    found.push(value === null ? null : value - before);
    before = value ?? before;
  }
  return isBlank ? null : found;
}

function symbolJson({ count, looks }: Series, symbol: SymbolSeries): JsonObject {
  const whole = ({ values }: Column): JsonValue =>
    differences(count, (k) => (values[k] === NONE ? null : values[k]));
  const tenths = ({ values }: Column, of: Column): JsonValue =>
    differences(count, (k) => (of.values[k] === 0 ? null : Math.round((values[k] * 10) / of.values[k])));
  const lots = ({ values }: Column): JsonValue =>
    differences(count, (k) => Math.round(values[k] / looks.values[k]));
  const { twoSided, valueMilliticks } = symbol;
  return {
    name: symbol.name,
    priceStep: symbol.priceStep,
    bidTicks: whole(symbol.bidTicks),
    askTicks: whole(symbol.askTicks),
    lastTicks: whole(symbol.lastTicks),
    valueTenths: differences(count, (k) => Math.round(valueMilliticks.values[k] / 100)),
    spreadTenths: tenths(symbol.spreadTicks, twoSided),
    spreadMax: differences(count, (k) => (twoSided.values[k] === 0 ? null : symbol.spreadTicksMax.values[k])),
    bidLots: lots(symbol.bidLots),
    askLots: lots(symbol.askLots),
  };
}

/** What the page's script reads; its `PageData`. */
export function seriesJson(series: Series, regimes: readonly string[]): JsonObject {
  const { count, counters, looks, queueDepth, queueDepthMax } = series;
  return {
    startNs: series.startNs,
    endNs: series.endNs,
    stepNs: series.stepNs,
    count,
    regimes: [...regimes],
    changes: series.marks.changes.map(({ timeNs, regime }) => [timeNs, regime]),
    bursts: series.marks.bursts.map(({ fromNs, toNs }) => [fromNs, toNs < 0 ? series.endNs : toNs]),
    queueTenths: differences(count, (k) => Math.round((queueDepth.values[k] * 10) / looks.values[k])),
    queueMax: differences(count, (k) => queueDepthMax.values[k]),
    counters: Object.fromEntries(
      COUNTED.map((name) => [name, differences(count, (k) => counters[name].values[k])]),
    ),
    symbols: series.symbols.map((symbol) => symbolJson(series, symbol)),
  };
}

/** JSON that stands inside a script element, whatever its texts: nothing in it can end the element. */
export function scriptJson(value: JsonValue): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}
