// What strategies want, decision by decision, of a market that is put before them.
import { NONE } from '@truetape/contracts';
import type { BarView, Context, MarketView, OrderRequest, OwnOrder, Strategy } from '@truetape/engine';
import { findStrategy } from '@truetape/strategies';
import { describe, expect, test } from 'vitest';

const MARKET = { index: 1, bidTicks: 99, askTicks: 101, isCertain: true } as MarketView;

interface Stage {
  readonly strategy: Strategy;
  readonly context: Context;
  /** What was wanted since it was last asked for. */
  readonly told: () => string[];
}

/** A strategy with a position and orders, and nobody behind its context. */
function stage(name: string, parameters: object, held = 0, orders: readonly Partial<OwnOrder>[] = []): Stage {
  const definition = findStrategy(name)!;
  const said: string[] = [];
  const context = {
    markets: [MARKET],
    positionLots: () => held,
    openOrders: () => orders as readonly OwnOrder[],
    submit: ({ side, qtyLots, priceTicks = NONE, postOnly }: OrderRequest) =>
      said.push(`${side} ${qtyLots} at ${priceTicks} ${postOnly ?? 'takes'}`),
    amend: (_: OwnOrder, { priceTicks }: { priceTicks?: number }) => void said.push(`amend to ${priceTicks}`),
    cancel: (_: OwnOrder, reason: string) => void said.push(`cancel ${reason}`),
    cancelAll: (_: MarketView, reason: string) => void said.push(`cancel all ${reason}`),
    target: (_: MarketView, lots: number, reason: string) => void said.push(`${reason} ${lots}`),
    noAction: (code: string) => void said.push(code),
    timeNs: 0,
    setTimer: () => undefined,
    openParent: () => 1,
  } as unknown as Context;
  return {
    strategy: definition.create(definition.parameters.parse(parameters)),
    context,
    told: () => said.splice(0),
  };
}

describe('a market maker', () => {
  const quotes = (
    held: number,
    market: Partial<MarketView> = {},
    orders: readonly Partial<OwnOrder>[] = [],
    parameters = {},
  ): string[] => {
    const { strategy, context, told } = stage('market-maker', parameters, held, orders);
    const update = { kind: 'depth', market: { ...MARKET, ...market }, priceTicks: NONE, qtyLots: 0 } as const;
    strategy.onMarket!(context, { ...update, side: undefined });
    return told();
  };

  test('quotes around the middle, leans against what it holds, and stays behind the other side', () => {
    expect(quotes(0)).toEqual(['buy 1 at 99 reject', 'sell 1 at 101 reject']);
    // Skewed by 2 × 5 ÷ 10 = 1 tick.
    expect(quotes(5)).toEqual(['buy 1 at 98 reject', 'sell 1 at 100 reject']);
    expect(quotes(-5)).toEqual(['buy 1 at 100 reject', 'sell 1 at 102 reject']);
    // By 9 ticks: through the market, were it not held back.
    const far = { skewTicks: 10, maxPositionLots: 10 };
    expect(quotes(9, {}, [], far)).toEqual(['buy 1 at 90 reject', 'sell 1 at 100 reject']);
    expect(quotes(-9, {}, [], far)).toEqual(['buy 1 at 100 reject', 'sell 1 at 110 reject']);
  });

  // Fails where a half tick goes the same way for a short as for a long position.
  test('leans as far to one side as to the other', () => {
    const parameters = { skewTicks: 1, maxPositionLots: 4 };
    expect(quotes(1, {}, [], parameters)).toEqual(['buy 1 at 98 reject', 'sell 1 at 101 reject']);
    expect(quotes(-1, {}, [], parameters)).toEqual(['buy 1 at 99 reject', 'sell 1 at 102 reject']);
  });

  test('does not quote a side that would take it beyond its limit, and cancels what it has there', () => {
    expect(quotes(10)).toEqual(['sell 1 at 100 reject']);
    expect(quotes(-10)).toEqual(['buy 1 at 100 reject']);
    expect(quotes(9, {}, [], { qtyLots: 2 })).toEqual(['sell 2 at 100 reject']);
    const bid = { side: 1, priceTicks: 97, isCanceling: false, state: 'open' } as const;
    expect(quotes(10, {}, [bid])).toEqual(['cancel inventory', 'sell 1 at 100 reject']);
  });

  test('moves a quote that is off, and leaves one that is near, under way, or being canceled', () => {
    const bid = { side: 1, priceTicks: 98, isCanceling: false, state: 'open' } as const;
    const ask = { ...bid, side: 2, priceTicks: 101 } as const;
    expect(quotes(0, {}, [bid, ask])).toEqual(['amend to 99']);
    expect(quotes(0, {}, [bid, ask], { requoteTicks: 2 })).toEqual([]);
    expect(quotes(0, {}, [{ ...bid, state: 'pending' }, ask])).toEqual([]);
    expect(quotes(0, {}, [{ ...bid, isCanceling: true }, ask])).toEqual(['buy 1 at 99 reject']);
  });

  test.each([
    ['is not certain', { isCertain: false }],
    ['has no bid', { bidTicks: NONE }],
    ['has no ask', { askTicks: NONE }],
    ['is locked', { bidTicks: 101 }],
  ])('withdraws where the market %s', (_, market) => {
    expect(quotes(0, market)).toEqual(['notReady']);
    expect(quotes(0, market, [{ side: 1 }])).toEqual(['notReady', 'cancel all stop']);
  });
});

describe('an order in slices', () => {
  /** Two slices of 5 lots, the first of which is passive and stands in the market. */
  const sliced = (): Stage & {
    readonly orders: Partial<OwnOrder>[];
    readonly end: (order: object) => void;
  } => {
    const orders: Partial<OwnOrder>[] = [];
    const made = stage('twap', { qtyLots: 10, slices: 2 }, 0, orders);
    const { strategy, context, told } = made;
    strategy.onTimer!(context, 1);
    expect(told()).toEqual(['cancel all slice', 'buy 5 at 99 takes']);
    orders.push({ orderId: 1 });
    const end = (order: Partial<OwnOrder>): void => {
      orders.length = 0;
      const { cumLots = 0 } = order;
      const fill = { order: order as OwnOrder, priceTicks: 99, qtyLots: cumLots, isMaker: true };
      if (cumLots > 0) strategy.onFill!(context, fill);
      strategy.onOrder!(context, { ...order, state: 'ended' } as OwnOrder);
    };
    return { ...made, orders, end };
  };

  // Fails where a slice that waits for a cancel is forgotten as the order fills before that is there.
  test.each([
    ['is canceled', { cumLots: 0, leavesLots: 5 }, ['buy 10 at NONE takes']],
    ['fills in part', { cumLots: 2, leavesLots: 3 }, ['buy 8 at NONE takes']],
    ['fills before the cancel is there', { cumLots: 5, leavesLots: 0 }, ['buy 5 at NONE takes']],
  ])('the last slice sends what is missing as the order before %s', (_, order, wanted) => {
    const { strategy, context, told, end } = sliced();
    strategy.onTimer!(context, 1);
    expect(told()).toEqual(['cancel all slice']);
    end(order);
    expect(told()).toEqual(wanted.map((one) => one.replace('NONE', String(NONE))));
  });

  // Fails where what the venue refuses is sent again at once, and refused again, without end.
  test('what the venue refuses waits for the next slice, what it fills in part goes on', () => {
    const { strategy, context, told, end } = sliced();
    end({ cumLots: 0, leavesLots: 5 });
    expect(told()).toEqual([]);
    strategy.onTimer!(context, 1);
    expect(told()).toEqual(['cancel all slice', `buy 10 at ${NONE} takes`]);
    end({ cumLots: 4, leavesLots: 6 });
    expect(told()).toEqual([`buy 6 at ${NONE} takes`]);
    end({ cumLots: 0, leavesLots: 6 });
    expect(told()).toEqual([]);
  });
});

/** What closes of bars lead to, held as it is. */
function decided(
  name: string,
  parameters: object,
  held: number,
  closes: readonly number[],
): string | undefined {
  const { strategy, context, told } = stage(name, parameters, held);
  for (const closeTicks of closes) strategy.onBar!(context, { market: MARKET, closeTicks } as BarView);
  return told().at(-1);
}

test.each([
  ['rises by the threshold', 0, [10, 12, 15], 'signal 5'],
  ['rises by less', 0, [10, 20, 14], 'noSignal'],
  ['falls by the threshold', 0, [15, 3, 10], 'signal -5'],
  ['falls by less, and it was short', -5, [14, 12, 10], 'exit 0'],
  ['goes on as it is held', 5, [10, 12, 16], 'noSignal'],
  ['turns', 5, [16, 12, 10], 'signal -5'],
  ['is not known for long enough', 0, [10, 90], 'notReady'],
  ['rose before the bars that count', 0, [1, 90, 90, 90], 'noSignal'],
])('momentum: a market that %s', (_, held, closes, wanted) => {
  const parameters = { bars: 3, thresholdTicks: 5, qtyLots: 5 };
  expect(decided('momentum', parameters, held, closes)).toBe(wanted);
});

// Of 0, 0, 0, 4 the mean is 1 and the deviation √3: the last is 1.732 of it above.
test.each([
  ['is far above its mean', 0, [0, 0, 0, 4], 'signal -5'],
  ['is far below it', 0, [4, 4, 4, 0], 'signal 5'],
  ['is not that far', 0, [0, 4, 0, 4], 'noSignal'],
  ['is back', 5, [0, 4, 0, 2], 'exit 0'],
  ['is on its way back', 5, [6, 0, 8, 1], 'noSignal'],
  ['has gone through to the other side', -5, [8, 0, 8, 3], 'exit 0'],
  ['stands still', 0, [7, 7, 7, 7], 'noSignal'],
  ['is not known for long enough', 0, [0, 0, 4], 'notReady'],
])('mean reversion: a market that %s', (_, held, closes, wanted) => {
  const parameters = { bars: 4, entryPermille: 1732, exitPermille: 300, qtyLots: 5 };
  expect(decided('mean-reversion', parameters, held, closes)).toBe(wanted);
});
