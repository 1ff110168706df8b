/** What each of several strategies came to, for people, beside the whole. */
import type { JsonObject, JsonValue } from '@truetape/contracts';
import { tableLines } from './table-lines.ts';

const object = (value: JsonValue | undefined): JsonObject => (value ?? {}) as JsonObject;
const rows = (value: JsonValue | undefined): readonly JsonObject[] => (value ?? []) as readonly JsonObject[];
const text = (value: JsonValue | undefined): string =>
  value === null || value === undefined ? '-' : typeof value === 'string' ? value : JSON.stringify(value);
const total = (value: JsonValue | undefined): string =>
  String(Object.values(object(value)).reduce<number>((sum, count) => sum + Number(count), 0));

const MONEY = ['gross', 'fees', 'funding', 'net', 'turnover'] as const;

const profitIn = (one: JsonObject, asset: JsonValue | undefined): JsonObject =>
  rows(one['profit']).find((profit) => profit['asset'] === asset) ?? {};

const countCells = (name: string, one: JsonObject): string[] => {
  const orders = object(one['orders']);
  const fills = object(one['fills']);
  return [
    name,
    text(orders['intents']),
    total(orders['denied']),
    text(orders['throttled']),
    text(orders['sent']),
    total(orders['rejected']),
    text(fills['count']),
    text(fills['maker']),
    text(orders['fillRatio']),
  ];
};

const moneyCells = (name: string, one: JsonObject, asset: JsonValue | undefined): string[] => {
  const profit = profitIn(one, asset);
  const equity = object(one['equity']);
  // Drawdown is seen in the asset of equity alone.
  const drawdown = equity['asset'] === asset ? text(equity['maxDrawdown']) : '-';
  return [name, ...MONEY.map((key) => text(profit[key])), drawdown];
};

const COUNT_TITLES = [
  'by strategy',
  'wanted',
  'denied',
  'throttled',
  'sent',
  'rejected',
  'fills',
  'maker',
  'filled',
];

/** Tables of them, and of all; nothing for one that is alone. */
export function strategyLines(report: JsonObject): string[] {
  const parts = rows(report['byStrategy']);
  if (parts.length === 0) return [];
  const all = [...parts.map((one) => [text(one['name']), one] as const), ['all', report] as const];
  const assets = rows(report['profit']).map(({ asset }) => asset);
  const selfTrades = parts.reduce((sum, one) => sum + Number(object(one['orders'])['selfTrades']), 0);
  return [
    ...tableLines(
      COUNT_TITLES,
      all.map(([name, one]) => countCells(name, one)),
    ),
    ...assets.flatMap((asset) => [
      '',
      ...tableLines(
        [`in ${text(asset)}`, ...MONEY, 'drawdown'],
        all.map(([name, one]) => moneyCells(name, one, asset)),
      ),
    ]),
    '',
    ...tableLines(
      ['held', ...rows(report['positions']).map(({ instrument }) => text(instrument))],
      all.map(([name, one]) => [name, ...rows(one['positions']).map(({ position }) => text(position))]),
    ),
    ...(selfTrades === 0 ? [] : [`${selfTrades} orders canceled by the venue: they met another own order`]),
    '',
  ];
}
