// What the gate is shown of the account: whose losses count, and in whose money.
import { Kind, NONE, nameOfCode } from '@truetape/contracts';
import { profitIn, takeFunding, takeMarket, takeReport, watchRisk } from '@truetape/engine';
import type { ExecutionReport } from '@truetape/engine';
import { exchangedInto } from '@truetape/ledger';
import type { RiskConfig } from '@truetape/risk';
import { expect, test } from 'vitest';
import { strategyPnl } from '../src/gate.ts';
import { createBench, message, report } from './bench.ts';
import type { Bench, BenchOptions } from './bench.ts';

const MAKER = 1;

function trade({ engine }: Bench, priceTicks: number, market = 1): void {
  takeMarket(engine, ...message('trade', { side: 1, priceTicks, qtyLots: 1, market }));
}

type Fee = ExecutionReport['fee'];

/** A buy of so many lots at 100 that rests; its fill. */
function bidding({ engine }: Bench, qtyLots: number, k = 0): (fee?: Fee) => void {
  const market = engine.views[k];
  const orderId = engine.runs[0].context.submit({ market, side: 'buy', qtyLots, priceTicks: 100 });
  expect(orderId).toBeGreaterThan(0);
  takeReport(engine, report({ kind: 'accepted', orderId, priceTicks: 100, leavesLots: qtyLots }));
  const fill = { priceTicks: 100, liquidity: MAKER, basis: 1, qtyLots, leavesLots: 0, tradeId: orderId };
  return (fee) => takeReport(engine, report({ kind: 'fill', orderId, ...fill, fee }));
}

/** A buy of so many lots at 100 that fills. */
const bought = (bench: Bench, qtyLots: number, k = 0, fee?: Fee): void => bidding(bench, qtyLots, k)(fee);

/** What the gate says to one more lot; '' where it lets it by. */
function answer({ engine }: Bench, k = 0): string {
  const { context } = engine.runs[0];
  context.submit({ market: engine.views[k], side: 'buy', qtyLots: 1, priceTicks: 100 });
  return context.deniedCode;
}

const spot = (kill: RiskConfig['kill'] & object, more: BenchOptions = {}): Bench =>
  createBench({ class: 'spot', baseDeposit: 1000_00n, risk: { kill }, ...more });

// Fails where a spot account that holds what it began with is stopped by its price, or its own losses are not.
test.each(['loss', 'drawdown', 'dailyLoss'] as const)(
  '%s on spot is of what was traded, not of what was paid in',
  (rule) => {
    const bench = spot({ [rule]: { amount: '15', level: 'cancelAll' } });
    // Before any trade there is no price for the base, and nothing that could be lost.
    expect(answer(bench)).toBe('');
    for (const ticks of [100, 200, 90, 100]) {
      trade(bench, ticks);
      watchRisk(bench.engine);
      expect(bench.engine.gate.risk.level).toBe(0);
    }
    bought(bench, 2);
    trade(bench, 93);
    watchRisk(bench.engine);
    expect([bench.engine.gate.risk.level, answer(bench)]).toEqual([0, '']);
    trade(bench, 92);
    expect(answer(bench)).toBe(`${rule}Limit`);
    watchRisk(bench.engine);
    expect(bench.engine.gate.risk.level).toBe(2);
    expect(bench.engine.gate.signal).toMatchObject({ observed: 1600n, limit: 1500n });
    expect(nameOfCode('rule', bench.engine.gate.signal.rule)).toBe(rule);
  },
);

test('selling what was paid in is a short position: it loses as the price goes up', () => {
  const bench = spot({ loss: { amount: '15', level: 'cancelAll' } });
  const { engine } = bench;
  trade(bench, 100);
  watchRisk(engine);
  const orderId = engine.runs[0].context.submit({
    market: bench.market,
    side: 'sell',
    qtyLots: 2,
    priceTicks: 100,
  });
  const fill = { priceTicks: 100, liquidity: MAKER, basis: 1, qtyLots: 2, leavesLots: 0, tradeId: 1 };
  takeReport(engine, report({ kind: 'fill', orderId, ...fill }));
  trade(bench, 107);
  expect(answer(bench)).toBe('');
  trade(bench, 108);
  expect(answer(bench)).toBe('lossLimit');
});

test('leverage counts all equity, with what was paid in at its price', () => {
  const risk: RiskConfig = { account: { maxLeverageBps: 10_000 } };
  const rich = createBench({ class: 'spot', deposit: 0n, baseDeposit: 2_00n, risk });
  trade(rich, 101);
  expect(answer(rich)).toBe('');
  const poor = createBench({ class: 'spot', deposit: 0n, baseDeposit: 99n, risk });
  trade(poor, 101);
  expect(answer(poor)).toBe('maxLeverage');
});

/** Two markets, both known. */
function pair(second: BenchOptions['second'] & object, more: BenchOptions): Bench {
  const bench = createBench({ second, ...more });
  takeMarket(bench.engine, ...message('status', { qtyLots: 1, market: 2 }));
  takeMarket(bench.engine, ...message('quote', { priceTicks: 99, qtyLots: 9, askTicks: 101, market: 2 }));
  trade(bench, 100);
  trade(bench, 100, 2);
  return bench;
}

// Fails where another market is worth what it last traded at, and not what it may be worth.
test('exposure of another market is at the dearest of its prices', () => {
  const risk: RiskConfig = { account: { maxLeverageBps: 10_000 } };
  const bench = pair({ class: 'linear', settle: 2 }, { deposit: 350_00n, risk });
  bought(bench, 1, 1);
  expect(answer(bench)).toBe('');
  takeMarket(bench.engine, ...message('quote', { priceTicks: 99, qtyLots: 9, askTicks: 200, market: 2 }));
  expect(answer(bench)).toBe('maxLeverage');
});

// Fails where a loss of bitcoins is counted as one of as many dollars.
test('a strategy’s losses are in the account’s money, whatever settles them', () => {
  const risk: RiskConfig = { strategies: { test: { maxLoss: '150' } } };
  const bench = pair({ class: 'inverse', settle: 1 }, { risk, baseDeposit: 100_00n });
  // 200 contracts of 1: two bitcoins at 100, four at 50.
  bought(bench, 200, 1);
  expect(answer(bench)).toBe('');
  trade(bench, 50, 2);
  expect(answer(bench)).toBe('strategyLossLimit');
});

// Fails where the engine does not say what price an order has: then none could be made smaller.
test('an order beyond the limit of leverage may be made smaller, and nothing else', () => {
  const risk: RiskConfig = { account: { maxLeverageBps: 10_000 } };
  const bench = createBench({ deposit: 1000_00n, risk });
  const { engine, market } = bench;
  const { context } = engine.runs[0];
  const orderId = context.submit({ market, side: 'buy', qtyLots: 9, priceTicks: 100 });
  takeReport(engine, report({ kind: 'accepted', orderId, priceTicks: 99, leavesLots: 9 }));
  trade(bench, 1000);
  const order = engine.own.get(orderId)!;
  for (const change of [{ qtyLots: 9 }, { qtyLots: 8, priceTicks: 98 }, { priceTicks: 100 }]) {
    context.amend(order, change);
    expect(context.deniedCode).toBe('maxLeverage');
  }
  // The venue made it 99: that is its price, whatever was asked for.
  context.amend(order, { qtyLots: 8, priceTicks: 99 });
  expect([context.deniedCode, order.isAmending]).toEqual(['', true]);
  takeReport(engine, report({ kind: 'amended', orderId, priceTicks: 99, leavesLots: 8, code: 1 }));
  const fill = { priceTicks: 99, liquidity: MAKER, basis: 1, qtyLots: 3, leavesLots: 5, tradeId: 1 };
  takeReport(engine, report({ kind: 'fill', orderId, ...fill }));
  // Of 8 in all, 5 are open: 7 leave one less.
  context.amend(order, { qtyLots: 8 });
  expect(context.deniedCode).toBe('maxLeverage');
  context.amend(order, { qtyLots: 7 });
  expect([context.deniedCode, order.isAmending]).toEqual(['', true]);
});

// Fails where what a fill or a funding has lost is told as something that the market did.
test('what pulls the switch has what lost the money as its cause', () => {
  const lossOf = (act: (bench: Bench) => number | undefined): [cause: number, tape: number, at: number] => {
    const bench = createBench({ risk: { kill: { loss: { amount: '5', level: 'cancelAll' } } } });
    bought(bench, 1);
    watchRisk(bench.engine);
    const at = act(bench);
    watchRisk(bench.engine, at);
    const pulled = bench.events.findLast((event) => event.kind === Kind.RiskDecision)!;
    expect(nameOfCode('rule', pulled.rule)).toBe('loss');
    return [pulled.cause, pulled.causeTape, at ?? NONE];
  };
  const fill = { kind: 'fill', orderId: 2, qtyLots: 1, priceTicks: 90, liquidity: MAKER, basis: 1 } as const;
  const [cause, tape, at] = lossOf(({ engine, events }) => {
    engine.runs[0].context.submit({ market: engine.views[0], side: 'sell', qtyLots: 1, priceTicks: 90 });
    const seq = takeReport(engine, report({ ...fill, tradeId: 9 }));
    expect(events[seq].kind).toBe(Kind.Fill);
    return seq;
  });
  expect([cause, tape]).toEqual([at, 0]);
  const funding = { instrument: 1, rateE12: 1e12, markFine: 100_00, fundingNs: 0, everyNs: 0, causeTape: 1 };
  const [paid, , by] = lossOf(({ engine, events }) => {
    const seq = takeFunding(engine, { ...funding, causeSeq: 1 });
    expect(events[seq].kind).toBe(Kind.FundingPaid);
    return seq;
  });
  expect(paid).toBe(by);
  // Without either it is the market's last event.
  const [seq, market] = lossOf((bench) => {
    trade(bench, 10);
    return undefined;
  });
  expect([seq, market]).toEqual([7, 1]);
});

const [BTC, USD] = [1, 2];
const LOSS: RiskConfig = { strategies: { test: { maxLoss: '150' } } };

// Fails where a fee that is not paid in what settles the market is no loss, or a rebate no gain.
test.each([
  ['', 150_00n, 0n],
  ['strategyLossLimit', 150_01n, 0n],
  ['', 0n, 1_50n],
  ['strategyLossLimit', 0n, 1_51n],
  ['', 250_00n, -1_00n],
  ['strategyLossLimit', 250_01n, -1_00n],
])('fees are part of a strategy’s loss: %j to %s USD and %s BTC', (code, usd, btc) => {
  const bench = createBench({ risk: LOSS, baseDeposit: 100_00n });
  trade(bench, 100);
  bought(bench, 1, 0, { asset: BTC, amount: btc });
  if (usd > 0n) bought(bench, 1, 0, { asset: USD, amount: usd });
  expect(answer(bench)).toBe(code);
});

test('a fee in what is bought is paid at the price of the fill, where no market has told one', () => {
  const bench = createBench({ class: 'spot', risk: LOSS });
  bought(bench, 2, 0, { asset: BTC, amount: 1_50n });
  trade(bench, 100);
  expect(answer(bench)).toBe('');
  bought(bench, 1, 0, { asset: BTC, amount: 1n });
  expect(answer(bench)).toBe('strategyLossLimit');
});

// Fails where what cannot be exchanged is let by as if it were nothing, or is forgotten by what comes behind it.
test.each([1_00n, -1_00n])('a fee of %s without a price leaves the loss unknown for good', (amount) => {
  const bench = pair({ class: 'inverse', settle: BTC }, { risk: LOSS, baseDeposit: 100_00n });
  bought(bench, 1, 1, { asset: USD, amount: 0n });
  const [second, third] = [bidding(bench, 1, 1), bidding(bench, 1, 1)];
  expect(answer(bench)).toBe('');
  second({ asset: USD, amount });
  expect(answer(bench)).toBe('notComputable');
  third();
  expect(answer(bench)).toBe('notComputable');
  const funding = { instrument: 2, rateE12: 1e12, markFine: 100_00, fundingNs: 0, everyNs: 0 };
  takeFunding(bench.engine, { ...funding, causeSeq: 1, causeTape: 1 });
  expect([answer(bench), bench.engine.runs[0].fundings[2]]).toEqual(['notComputable', -3n]);
  // Not where no limit asks for it.
  expect(answer(createBench())).toBe('');
});

// Fails where what a strategy has made is reckoned in another way than the books: a contract at a time, or at once.
test.each([
  ['linear', USD, 'fill'],
  ['inverse', BTC, 'fill'],
  ['inverse', BTC, 'contract'],
] as const)(
  'a strategy that is alone has made what the account has: %s, %i, by %s',
  (kind, settle, roundPer) => {
    const bench = pair({ class: kind, settle, roundPer }, { baseDeposit: 100_00n });
    const { engine } = bench;
    const { ledger } = engine.account;
    const trades = [
      ['buy', 3, 3],
      ['buy', 4, 7],
      ['sell', 5, 7],
      ['sell', 9, 3],
      ['buy', 6, 11],
    ] as const;
    for (const [side, qtyLots, priceTicks] of trades) {
      const orderId = engine.runs[0].context.submit({ market: engine.views[1], side, qtyLots, priceTicks });
      const fill = { liquidity: MAKER, basis: 1, qtyLots, leavesLots: 0, tradeId: orderId, priceTicks };
      takeReport(engine, report({ kind: 'fill', orderId, ...fill }));
      for (const ticks of [priceTicks, 3, 11]) {
        trade(bench, ticks, 2);
        const { net } = profitIn(ledger, settle);
        expect(strategyPnl(engine, engine.runs[0])).toBe(exchangedInto(ledger, settle, net, USD));
      }
    }
  },
);

// Fails where a price that such a contract cannot have ends the run: it values nothing, as in the books.
test('an inverse contract that trades at nothing', () => {
  const risk: RiskConfig = { strategies: { test: { maxLoss: '150' } } };
  const bench = pair({ class: 'inverse', settle: 1 }, { risk, baseDeposit: 100_00n });
  bought(bench, 5, 1);
  const { engine } = bench;
  takeMarket(engine, ...message('quote', { priceTicks: 0, qtyLots: 9, askTicks: 0, market: 2 }));
  const before = strategyPnl(engine, engine.runs[0]);
  trade(bench, 0, 2);
  watchRisk(engine);
  expect([strategyPnl(engine, engine.runs[0]), answer(bench)]).toEqual([before, '']);
});

// Fails where what an amend under way adds to one part of an order is still free for another part.
test('an amend of a part that is not answered counts for the whole', () => {
  const bench = createBench();
  const { engine, market } = bench;
  const { context } = engine.runs[0];
  const parentIntentId = context.openParent(market, 'buy', 10);
  const part = { market, side: 'buy', qtyLots: 5, priceTicks: 99, parentIntentId } as const;
  const orderId = context.submit(part);
  takeReport(engine, report({ kind: 'accepted', orderId, priceTicks: 99, leavesLots: 5 }));
  context.amend(engine.own.get(orderId)!, { qtyLots: 9 });
  expect(context.submit(part)).toBe(0);
  expect(context.deniedCode).toBe('exceedsParent');
  expect(context.submit({ ...part, qtyLots: 1 })).toBeGreaterThan(0);
  // The venue has not carried it out: what it asked for is free again.
  takeReport(engine, report({ kind: 'rejected', command: Kind.AmendOrder, orderId, code: 1 }));
  expect(context.submit({ ...part, qtyLots: 4 })).toBeGreaterThan(0);
});
