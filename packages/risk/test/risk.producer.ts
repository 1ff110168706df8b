// A gate's long day: orders of all kinds, losses, rejects, transfers, restarts and an operator; the same bytes
// everywhere.
import { NONE, canonicalText } from '@truetape/contracts';
import {
  VERDICT_ALLOW,
  VERDICT_REDUCE,
  admitOrder,
  checkOrder,
  createKillSignal,
  createVerdict,
  explainOrder,
  noteReject,
  noteTransfer,
  operate,
  restoreGate,
  saveGate,
  watch,
} from '@truetape/risk';
import type { Gate } from '@truetape/risk';
import { ALL, SECOND, gateOf, orderOf, setupOf, termsOf, viewOf } from './setup.ts';

let seed = 11;
const next = (bound: number): number => (seed = (seed * 48_271) % 2_147_483_647) % bound;
const say = (values: readonly unknown[]): void =>
  void process.stdout.write(`${values.map(String).join(' ')}\n`);

const verdict = createVerdict();
const signal = createKillSignal();

for (const kind of ['linear', 'inverse'] as const) {
  const terms = termsOf({ class: kind, contractSize: kind === 'inverse' ? '10000' : '1' });
  const changes = { instruments: [{ index: 1, name: 'SIM', terms, asset: 1 }] };
  let gate: Gate = gateOf(ALL, changes);
  let timeNs = 0;
  for (let k = 0; k < 3000; k++) {
    timeNs += next(40) * 25_000_000;
    const view = viewOf({
      timeNs,
      marketTimeNs: timeNs - next(3) * SECOND,
      isCertain: next(40) > 0,
      bidTicks: 95 + next(5),
      askTicks: 100 + next(5),
      positionLots: next(180) - 90,
      openBuyLots: next(30),
      openSellLots: next(30),
      openOrders: next(11),
      strategyOpenOrders: next(7),
      equity: 10_000n - BigInt(next(700)) + (k % 500 === 0 ? 10n ** 20n : 0n),
    });
    if (watch(gate, view, signal)) say(['kill', signal.previous, signal.level, signal.rule, signal.observed]);
    if (next(9) === 0) noteReject(gate, timeNs);
    if (next(200) === 0) noteTransfer(gate, BigInt(next(100) - 50));
    if (gate.level > 0 && next(4) === 0) operate(gate, { command: 'resume', rebase: next(2) === 0 }, signal);
    const order = orderOf({
      orderId: k,
      side: 1 + next(2),
      ...(next(5) === 0 ? { type: 2, priceTicks: NONE } : { priceTicks: 90 + next(20) }),
      qtyLots: 1 + next(60),
      reduceOnly: next(6) === 0,
      replacedLots: next(6) === 0 ? next(20) : NONE,
    });
    const said = checkOrder(gate, view, order, verdict);
    say([verdict.verdict, verdict.code, verdict.rule, verdict.observed, verdict.limit, verdict.allowedLots]);
    if (said === VERDICT_ALLOW || said === VERDICT_REDUCE) admitOrder(gate, view, order);
    if (k % 100 !== 0) continue;
    say(explainOrder(gate, view, order, verdict).map(({ outcome, observed }) => `${outcome} ${observed}`));
    const saved = saveGate(gate);
    say([canonicalText(saved)]);
    const again = restoreGate(setupOf(ALL, changes), saved);
    if (!again.ok) throw new Error(again.error.path);
    gate = again.value;
  }
}
