/** What the output tape of several strategies comes to for each of them, under the names that its report has. */
import { Kind, NONE, nameOfCode } from '@truetape/contracts';
import type { DefineTables, Event, JsonObject } from '@truetape/contracts';
import { formatDecimal } from '@truetape/kernel';

interface Counted {
  readonly kinds: Map<number, number>;
  readonly denied: Map<string, number>;
  readonly rejected: Map<string, number>;
  throttled: number;
  maker: number;
  /** By asset. */
  readonly fees: Map<number, bigint>;
}

/** Of each source that decides, and whose the orders are. */
export interface TapeParts {
  readonly bySource: Map<number, Counted>;
  readonly orders: Map<number, number>;
  /** The source of the last intent: what follows it up to its order is its own. */
  deciding: number;
}

export function createTapeParts(): TapeParts {
  return { bySource: new Map(), orders: new Map(), deciding: 0 };
}

const bump = <Key>(counts: Map<Key, number>, key: Key): void => {
  counts.set(key, (counts.get(key) ?? 0) + 1);
};

function countedOf({ bySource }: TapeParts, source: number): Counted {
  const there = bySource.get(source);
  if (there !== undefined) return there;
  const made = {
    kinds: new Map(),
    denied: new Map(),
    rejected: new Map(),
    throttled: 0,
    maker: 0,
    fees: new Map(),
  };
  bySource.set(source, made);
  return made;
}

/** The source whose an event is; 0: nobody's. */
function sourceOf(parts: TapeParts, event: Event): number {
  switch (event.kind) {
    case Kind.Intent:
    case Kind.Target:
      return event.source;
    case Kind.RiskDecision:
      return event.intentId === NONE ? 0 : parts.deciding;
    case Kind.NewOrder:
      parts.orders.set(event.orderId, parts.deciding);
      return parts.deciding;
    case Kind.Fill:
      return parts.orders.get(event.makerOrderId === NONE ? event.takerOrderId : event.makerOrderId) ?? 0;
    case Kind.CancelOrder:
    case Kind.AmendOrder:
    case Kind.Accepted:
    case Kind.Rejected:
    case Kind.Canceled:
    case Kind.Expired:
    case Kind.CashFlow:
      return parts.orders.get(event.orderId) ?? 0;
    default:
      return 0;
  }
}

const FEES = new Set(['fee', 'rebate']);

/** Takes an event of the tape, in its order. */
export function countPart(parts: TapeParts, event: Event): void {
  const source = sourceOf(parts, event);
  if (source === 0) return;
  const counted = countedOf(parts, source);
  bump(counted.kinds, event.kind);
  if (event.kind === Kind.Intent) parts.deciding = source;
  else if (event.kind === Kind.RiskDecision) {
    const verdict = nameOfCode('verdict', event.verdict);
    if (verdict === 'deny') bump(counted.denied, nameOfCode('denialCode', event.code));
    if (verdict === 'throttle') counted.throttled += 1;
  } else if (event.kind === Kind.Rejected) bump(counted.rejected, nameOfCode('rejectCode', event.code));
  else if (event.kind === Kind.Fill) counted.maker += event.makerOrderId === NONE ? 0 : 1;
  else if (event.kind === Kind.CashFlow && FEES.has(nameOfCode('cashReason', event.reason)))
    counted.fees.set(event.asset, (counted.fees.get(event.asset) ?? 0n) + event.amount);
}

/** By the strategy's name; those of `names` that did nothing have zeros. */
export function tapePartsJson(parts: TapeParts, tables: DefineTables, names: readonly string[]): JsonObject {
  const sources = tables.source.byIndex.flatMap((one) => (one === undefined ? [] : [one]));
  return Object.fromEntries(
    names.map((name) => {
      const source = sources.find(({ value }) => value['name'] === `strategy/${name}`);
      return [name, partJson(countedOf(parts, source?.index ?? 0), tables)] as const;
    }),
  );
}

function partJson(counted: Counted, tables: DefineTables): JsonObject {
  const { kinds, denied, rejected, throttled, maker, fees } = counted;
  const of = (kind: number): number => kinds.get(kind) ?? 0;
  const money = [...fees].map(([index, amount]) => {
    const asset = tables.asset.byIndex[index]?.value ?? {};
    const { code, scale } = asset;
    return [
      typeof code === 'string' ? code : String(index),
      { fees: formatDecimal(amount, Number(scale ?? 0)) },
    ] as const;
  });
  return {
    orders: {
      intents: of(Kind.Intent),
      targets: of(Kind.Target),
      denied: Object.fromEntries(denied),
      throttled,
      sent: of(Kind.NewOrder),
      cancels: of(Kind.CancelOrder),
      amends: of(Kind.AmendOrder),
      accepted: of(Kind.Accepted),
      rejected: Object.fromEntries(rejected),
      canceled: of(Kind.Canceled),
      expired: of(Kind.Expired),
    },
    fills: { count: of(Kind.Fill), maker, taker: of(Kind.Fill) - maker },
    profit: Object.fromEntries(money),
  };
}
