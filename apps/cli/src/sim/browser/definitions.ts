/** Which charts there are, and what each line of them shows. */
import { lastOf, leastOf, meanOf, mostOf, rateOf, ratioOf } from './grouping.ts';
import type { SecondsOf, ValueOf } from './grouping.ts';
import { fixed, placesOf, short, stepPlaces } from './numbers.ts';
import { unpack } from './page-data.ts';
import type { CounterName, PageData, SymbolData, Values } from './page-data.ts';

export interface Line {
  readonly label: string;
  /** A custom property of the style sheet. */
  readonly color: string;
  readonly value: ValueOf;
  readonly look: 'line' | 'area' | 'steps' | 'dashes' | 'faint' | 'fine';
}

export interface ChartDefinition {
  readonly id: string;
  readonly title: string;
  /** What a value is, in a few words. */
  readonly unit: string;
  readonly isTall: boolean;
  /** Whether 0 is on the axis. */
  readonly fromZero: boolean;
  readonly lines: readonly Line[];
  /** Between two marks of its axis; uPlot's own by default. */
  readonly steps?: readonly number[];
  /** A tinted area between two values, without lines. */
  readonly between?: { readonly color: string; readonly low: ValueOf; readonly high: ValueOf };
  readonly format: (value: number) => string;
  readonly axis: (value: number, apart: number) => string;
}

const line = (label: string, color: string, value: ValueOf, look: Line['look'] = 'line'): Line => ({
  label,
  color,
  value,
  look,
});

const upTo = (places: number, value: number): string => {
  const text = fixed(value, places);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
};

/** A ratio of fewer would jump. */
const RATIO_LEAST = 40;

const plain = {
  isTall: false,
  fromZero: true,
  format: (value: number): string => upTo(value < 10 ? 2 : value < 1000 ? 1 : 0, value),
  axis: short,
};

/** Steps of an axis that fall on prices. */
function priceSteps(step: number): number[] {
  return Array.from({ length: 12 }, (_, k) =>
    [1, 2, 5].map((digit) => digit * step * Number(`1e${k}`)),
  ).flat();
}

export function symbolCharts(symbol: SymbolData, count: number): ChartDefinition[] {
  const step = Number(symbol.priceStep);
  const places = placesOf(symbol.priceStep);
  const at = (packed: SymbolData['bidTicks']): Values => unpack(packed, count);
  const [bid, ask] = [at(symbol.bidTicks), at(symbol.askTicks)];
  return [
    {
      id: 'price',
      title: 'Price',
      unit: `${symbol.name}, steps of ${symbol.priceStep}`,
      isTall: true,
      fromZero: false,
      lines: [
        line('hidden value', '--value', lastOf(at(symbol.valueTenths), step / 10), 'dashes'),
        line('last', '--last', lastOf(at(symbol.lastTicks), step), 'fine'),
        line('bid', '--bid', lastOf(bid, step), 'steps'),
        line('ask', '--ask', lastOf(ask, step), 'steps'),
      ],
      steps: priceSteps(step),
      between: { color: '--between', low: leastOf(bid, step), high: mostOf(ask, step) },
      format: (value) => fixed(value, places),
      axis: (value, apart) => fixed(value, Math.min(places, stepPlaces(apart))),
    },
    {
      ...plain,
      id: 'spread',
      title: 'Spread',
      unit: 'ticks',
      lines: [
        line('widest', '--peak', mostOf(at(symbol.spreadMax)), 'faint'),
        line('mean', '--mean', meanOf(at(symbol.spreadTenths), 0.1), 'area'),
      ],
    },
    {
      ...plain,
      id: 'depth',
      title: 'Depth at the best prices',
      unit: 'lots',
      lines: [
        line('bid', '--bid', meanOf(at(symbol.bidLots))),
        line('ask', '--ask', meanOf(at(symbol.askLots))),
      ],
    },
  ];
}

export function runCharts(data: PageData, secondsOf: SecondsOf): ChartDefinition[] {
  const of = (name: CounterName): Values => unpack(data.counters[name], data.count);
  const rate = (...names: CounterName[]): ValueOf => rateOf(names.map(of), secondsOf);
  const charts: ChartDefinition[] = [
    {
      ...plain,
      id: 'events',
      title: 'Events',
      unit: 'a second, all symbols',
      lines: [line('events', '--events', rate('events'), 'area')],
    },
    {
      ...plain,
      id: 'mix',
      title: 'Event mix',
      unit: 'a second',
      lines: [
        line('orders', '--orders', rate('orders')),
        line('cancels', '--cancels', rate('cancels')),
        line('amends', '--amends', rate('amends')),
        line('fills', '--fills', rate('fills')),
      ],
    },
    {
      ...plain,
      id: 'cancel-rate',
      title: 'Cancel rate',
      unit: `cancels per order, over ${RATIO_LEAST} orders at least`,
      lines: [line('cancels per order', '--cancels', ratioOf(of('cancels'), of('orders'), RATIO_LEAST))],
    },
    {
      ...plain,
      id: 'queue',
      title: 'Queue before the matcher',
      unit: 'commands that wait',
      lines: [
        line('most', '--peak', mostOf(unpack(data.queueMax, data.count)), 'faint'),
        line('mean', '--mean', meanOf(unpack(data.queueTenths, data.count), 0.1), 'area'),
      ],
    },
  ];
  const trouble: readonly [label: string, color: string, names: readonly CounterName[]][] = [
    ['rejected', '--rejects', ['rejects', 'gatewayRejects', 'queueRejects']],
    ['lost', '--lost', ['dropped']],
    ['disturbed', '--faults', ['faults']],
  ];
  const shown = trouble.filter(([, , names]) => names.some((name) => data.counters[name] !== null));
  if (shown.length > 0)
    charts.push({
      ...plain,
      id: 'trouble',
      title: 'Rejected, lost, disturbed',
      unit: 'a second',
      lines: shown.map(([label, color, names]) => line(label, color, rate(...names))),
    });
  return charts;
}
