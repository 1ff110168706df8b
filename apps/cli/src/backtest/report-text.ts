/** A report for people: the same bytes on every machine. */
import type { JsonObject, JsonValue } from '@truetape/contracts';
import { formatSpan, utcDate, utcTime } from '@truetape/tape';
import { strategyLines } from './strategy-lines.ts';
import { tableLines } from './table-lines.ts';

const LABEL_WIDTH = 14;

const line = (label: string, text: string): string => `${label.padEnd(LABEL_WIDTH)}${text}`;

const object = (value: JsonValue | undefined): JsonObject => value as JsonObject;
const rows = (value: JsonValue | undefined): readonly JsonObject[] => value as readonly JsonObject[];
const text = (value: JsonValue | undefined): string =>
  value === null || value === undefined ? '-' : typeof value === 'string' ? value : JSON.stringify(value);

/** `badQty 3, limit 1`; nothing for none. */
function countsText(value: JsonValue | undefined): string {
  return Object.entries(object(value))
    .map(([name, count]) => `${name} ${text(count)}`)
    .join(', ');
}

const inBrackets = (inner: string): string => (inner === '' ? '' : ` (${inner})`);
const total = (value: JsonValue | undefined): number =>
  Object.values(object(value)).reduce<number>((sum, count) => sum + Number(count), 0);

function orderLines(orders: JsonObject): string[] {
  const denied = total(orders['denied']);
  const rejected = total(orders['rejected']);
  const sent = [
    `${text(orders['sent'])} sent`,
    `${text(orders['amends'])} amends`,
    `${text(orders['cancels'])} cancels`,
    `${text(orders['open'])} open at the end`,
  ];
  const stopped = [
    `${denied} denied${inBrackets(countsText(orders['denied']))}`,
    `${text(orders['throttled'])} throttled`,
    `${rejected} rejected${inBrackets(countsText(orders['rejected']))}`,
    `${text(orders['expired'])} expired`,
  ];
  const wanted = [`${text(orders['intents'])} intents`, `${text(orders['targets'])} targets`];
  const idle = countsText(orders['noActions']);
  return [
    line('wanted', wanted.join(', ')),
    line('orders', sent.join(', ')),
    line('stopped', stopped.join(', ')),
    ...(idle === '' ? [] : [line('not done', idle)]),
  ];
}

function fillLines(report: JsonObject): string[] {
  const fills = object(report['fills']);
  const orders = object(report['orders']);
  if (fills['count'] === 0) return [line('fills', `none: ${text(object(report['noFills'])['text'])}`)];
  const kinds = `${text(fills['maker'])} maker, ${text(fills['taker'])} taker`;
  return [
    line('fills', `${text(fills['count'])}: ${kinds}${inBrackets(countsText(fills['assumptions']))}`),
    line(
      'ratios',
      `quantity filled ${text(orders['fillRatio'])}, orders filled ${text(orders['ordersFilled'])}, ` +
        `closes won ${text(fills['winRate'])}`,
    ),
  ];
}

const timeText = (unixNs: bigint): string => `${utcDate(unixNs)}T${utcTime(unixNs)}Z`;

function profitLines(report: JsonObject): string[] {
  const keys = ['asset', 'gross', 'fees', 'funding', 'net', 'turnover'];
  const cells = rows(report['profit']).map((one) => keys.map((key) => text(one[key])));
  const equity = object(report['equity']);
  const at = equity['at'] === null ? '' : ` at ${timeText(BigInt(text(equity['at'])))}`;
  return [
    ...tableLines(['profit in', ...keys.slice(1)], cells),
    line('drawdown', `${text(equity['maxDrawdown'])} ${text(equity['asset'])}${at}`),
  ];
}

function positionLines(report: JsonObject): string[] {
  const held = ['instrument', 'position', 'entry', 'last'];
  const titles = ['position', 'held', 'entry', 'last', 'most lots', 'mean lots', 'long', 'short', 'flat'];
  const keys = [...held, 'mostLots', 'meanLots', 'long', 'short', 'flat'];
  const cells = rows(report['positions']).map((one) => keys.map((key) => text(one[key])));
  return tableLines(titles, cells);
}

function executionLines(execution: JsonObject): string[] {
  const lines: string[] = [];
  for (const [label, key] of [
    ['in queue', 'queueNs'],
    ['to the venue', 'entryNs'],
    ['to the answer', 'answerNs'],
  ]) {
    const times = execution[key];
    if (times === null) continue;
    const { orders, p50, p90, max } = object(times);
    const spans = [p50, p90, max].map((ns) => formatSpan(BigInt(text(ns))));
    lines.push(line(label, `p50 ${spans[0]}, p90 ${spans[1]}, max ${spans[2]}, of ${text(orders)} orders`));
  }
  const taker = execution['takerTicks'];
  if (taker !== null)
    lines.push(line('paid to take', `${text(taker)} ticks a lot beyond the touch that was seen`));
  const markouts = rows(execution['markouts']).filter(({ fills }) => fills !== 0);
  if (markouts.length > 0) {
    const each = markouts.map(({ delayNs, ticks }) => `${formatSpan(BigInt(text(delayNs)))} ${text(ticks)}`);
    lines.push(line('markout', `${each.join(', ')} ticks a lot`));
  }
  return lines;
}

const COSTS = ['spread', 'latency', 'depth', 'slippage', 'resting', 'total'];

/** What execution cost against the price at which it was decided; nothing where nothing was filled. */
function costLines(report: JsonObject): string[] {
  const filled = rows(report['costs']).filter(
    (one) => Number(one['takerLots']) + Number(one['makerLots']) > 0,
  );
  if (filled.length === 0) return [];
  const cells = filled.map((one) => {
    const sums = object(one['tickLots']);
    const { money } = one;
    const inMoney = money === null ? '-' : `${text(object(money)['total'])} ${text(one['asset'])}`;
    return [
      text(one['instrument']),
      ...COSTS.map((part) => text(sums[part])),
      text(one['ticksALot']),
      inMoney,
    ];
  });
  return [
    '',
    ...tableLines(['paid, in ticks x lots', ...COSTS, 'a lot', 'in all'], cells),
    'against the middle that was seen when an order was sent; below zero is earned; fees are apart',
  ];
}

/** The report; `origin` says what was run, `output` what was written. */
export function reportText(
  report: JsonObject,
  about: {
    readonly strategy: string;
    readonly tape: string;
    /** Not told where it is not said. */
    readonly output?: string;
    readonly hash: string;
    readonly next?: string | undefined;
  },
): string {
  const tape = object(report['tape']);
  const span = formatSpan(BigInt(text(tape['spanNs'])));
  const before = tape['warmUpEvents'];
  const warmUp = before === 0 ? '' : ` behind ${text(before)} that built the market`;
  const noops = tape['noops'] === 0 ? '' : `, ${text(tape['noops'])} commands found what ours had taken`;
  const control = object(report['control']);
  const switches = control['killSwitches'] === 0 ? [] : [line('kill switch', controlText(control))];
  const limits = report['limits'] as readonly string[];
  return [
    line('backtest', `${about.strategy}, seed ${text(report['seed'])}, ${text(report['mode'])} mode`),
    line('tape', `${about.tape}, ${text(tape['events'])} events in ${span}${warmUp}${noops}`),
    ...orderLines(object(report['orders'])),
    ...fillLines(report),
    ...switches,
    '',
    ...profitLines(report),
    '',
    ...positionLines(report),
    ...executionLines(object(report['execution'])),
    ...costLines(report),
    '',
    ...strategyLines(report),
    'what this run does not know:',
    ...limits.map((limit) => `  - ${limit}`),
    '',
    ...(about.output === undefined ? [] : [line('output', about.output)]),
    line('hash', about.hash),
    ...(report['stateHash'] === null ? [] : [line('state', text(report['stateHash']))]),
    ...(about.next === undefined ? [] : [line('next', about.next)]),
  ]
    .join('\n')
    .concat('\n');
}

const LEVELS = ['off', 'blockNew', 'cancelAll', 'flatten'];

function controlText(control: JsonObject): string {
  const { level, killSwitches, operatorCommands } = control;
  const count = (times: JsonValue, one: string, more: string): string =>
    times === 1 ? one : `${text(times)} ${more}`;
  const moved = `moved ${count(killSwitches, 'once', 'times')}`;
  const commands = count(operatorCommands, '1 operator command', 'operator commands');
  return `${LEVELS[Number(level)]} at the end; ${moved}, ${commands}`;
}
