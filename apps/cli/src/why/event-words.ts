/** An event of a chain in words. */
import { Kind, NONE, codeOfName, kindName, nameOfCode } from '@truetape/contracts';
import type { AmendOrder, Event, Fill, Intent, NewOrder, RiskDecision } from '@truetape/contracts';
import { codeText, glossOf, reasonText } from './glosses.ts';
import { counted, sideOf } from './names.ts';
import type { Names } from './names.ts';

const VERDICTS: Readonly<Record<string, string>> = {
  allow: 'allowed',
  deny: 'denied',
  reduce: 'reduced',
  throttle: 'throttled',
};

/** ` (quote)`: a reason where one is said. */
const because = (reason: number): string =>
  reason === 0 ? '' : ` (${nameOfCode('decisionReason', reason)})`;

/** What an event says; kinds that need no more than their name say nothing. */
export function eventWords(names: Names, event: Event): string {
  const { instrument } = event;
  switch (event.kind) {
    case Kind.NewOrder:
      return `order ${event.orderId}: ${orderWords(names, event)}`;
    case Kind.CancelOrder:
      return `order ${event.orderId}`;
    case Kind.AmendOrder:
      return `order ${event.orderId}${changeWords(names, event)}`;
    case Kind.Accepted:
      return `order ${event.orderId}${at(names, event)}: open, ${names.qty(instrument, event.leavesLots)} left`;
    case Kind.Rejected: {
      const by = event.by === 0 ? '' : ` by ${nameOfCode('rejectedBy', event.by)}`;
      const command = event.command === 0 ? [] : [kindName(event.command)];
      // A cancel of all orders names none.
      const order = event.orderId === NONE ? [] : [`order ${event.orderId}`];
      const what = [...command, ...order].join(' of ');
      return `${what}${what === '' ? '' : ', '}rejected${by}: ${codeText('rejectCode', event.code)}`;
    }
    case Kind.Fill:
      return fillWords(names, event);
    case Kind.Canceled:
      return (
        `order ${event.orderId}, ${names.qty(instrument, event.canceledLots)} left: ` +
        codeText('cancelReason', event.reason)
      );
    case Kind.Amended: {
      const place = event.priorityKept === 1 ? ', keeps its place in the queue' : '';
      return `order ${event.orderId}${at(names, event)}: ${names.qty(instrument, event.leavesLots)} left${place}`;
    }
    case Kind.Expired:
      return (
        `order ${event.orderId}, ${names.qty(instrument, event.expiredLots)} left: ` +
        glossOf('expireReason', event.reason)
      );
    case Kind.Intent:
    case Kind.Target:
    case Kind.RiskDecision:
    case Kind.NoAction:
      return decisionWords(names, event);
    default:
      return otherWords(names, event);
  }
}

const at = (names: Names, { instrument, priceTicks }: { instrument: number; priceTicks: number }): string =>
  priceTicks === NONE ? '' : ` at ${names.price(instrument, priceTicks)}`;

/** `buy 1 @ 100.06, limit GTC post-only`. */
function orderWords(names: Names, event: NewOrder | Intent): string {
  const { instrument, type, tif, postOnly, qtyLots, priceTicks } = event;
  const price = priceTicks === NONE ? '' : ` @ ${names.price(instrument, priceTicks)}`;
  const how = [
    type === 0 ? '' : nameOfCode('orderType', type),
    tif === 0 ? '' : nameOfCode('tif', tif),
    postOnly === 0 ? '' : 'post-only',
    (event.exec & 1) !== 0 ? 'reduce-only' : '',
  ].filter((word) => word !== '');
  const qty = qtyLots === NONE ? '' : ` ${names.qty(instrument, qtyLots)}`;
  return `${sideOf(event)}${qty}${price}${how.length === 0 ? '' : `, ${how.join(' ')}`}`;
}

/** What a quantity of an amend is that is not the whole one, by the codes of qtyMode. */
const QTY_MODES: ReadonlyMap<number | undefined, string> = new Map([
  [codeOfName('qtyMode', 'remaining'), 'what is left of it to'],
  [codeOfName('qtyMode', 'reduceBy'), 'smaller by'],
]);

function changeWords(names: Names, event: AmendOrder | Intent): string {
  const { instrument, priceTicks, qtyLots } = event;
  const mode = event.kind === Kind.AmendOrder ? QTY_MODES.get(event.qtyMode) : undefined;
  const price = priceTicks === NONE ? [] : [`to price ${names.price(instrument, priceTicks)}`];
  const to = price.length === 0 ? 'to ' : '';
  const qty = qtyLots === NONE ? [] : [`${mode ?? `${to}quantity`} ${names.qty(instrument, qtyLots)}`];
  const changes = [...price, ...qty];
  return changes.length === 0 ? '' : `: ${changes.join(', ')}`;
}

function fillWords(names: Names, event: Fill): string {
  const { instrument, makerOrderId, takerOrderId, makerLeaves, takerLeaves, qtyLots, basis } = event;
  const what = `${names.qty(instrument, qtyLots)}${at(names, event)}`;
  const resting = basis === 0 ? '' : `; ${glossOf('basis', basis)}`;
  if (makerOrderId !== NONE && takerOrderId !== NONE)
    return `${what}: order ${takerOrderId} takes from order ${makerOrderId}${resting}`;
  const isMaker = makerOrderId !== NONE;
  const leaves = isMaker ? makerLeaves : takerLeaves;
  const left = leaves === NONE ? '' : `, ${names.qty(instrument, leaves)} left`;
  const id = isMaker ? makerOrderId : takerOrderId;
  return `order ${id}: ${what} as ${isMaker ? 'maker' : 'taker'}${left}${resting}`;
}

type DecisionEvent = Extract<
  Event,
  {
    readonly kind: typeof Kind.Intent | typeof Kind.Target | typeof Kind.RiskDecision | typeof Kind.NoAction;
  }
>;

function decisionWords(names: Names, event: DecisionEvent): string {
  const { instrument } = event;
  switch (event.kind) {
    case Kind.Intent: {
      const { intentId, orderId, action, reason } = event;
      const name = nameOfCode('action', action);
      const what =
        name === 'amend'
          ? `amend order ${orderId}${changeWords(names, event)}`
          : orderId === NONE
            ? `${name} ${orderWords(names, event)}`
            : `${name} order ${orderId}`;
      const whole = event.parentIntentId === NONE ? '' : `, part of intent ${event.parentIntentId}`;
      return `intent ${intentId}${names.ofStrategy(event.source)}: ${what}${whole}${because(reason)}`;
    }
    case Kind.Target: {
      const held = event.currentLots === NONE ? '' : `, held ${names.qty(instrument, event.currentLots)}`;
      const wanted = names.qty(instrument, event.targetLots);
      const whose = names.ofStrategy(event.source);
      return `intent ${event.intentId}${whose}: position ${wanted}${held}${because(event.reason)}`;
    }
    case Kind.RiskDecision:
      return verdictWords(names, event);
    case Kind.NoAction: {
      const ahead =
        event.aheadLots === NONE ? '' : `: ${names.amount(instrument, event.aheadLots)} ahead of it`;
      const whose = event.orderId === NONE ? '' : `order ${event.orderId}, `;
      return `${whose}${codeText('noActionCode', event.code)}${ahead}`;
    }
  }
}

function verdictWords(names: Names, event: RiskDecision): string {
  const verdict = nameOfCode('verdict', event.verdict);
  const word = VERDICTS[verdict] ?? verdict;
  const { instrument, allowedLots } = event;
  const qty = allowedLots === NONE || allowedLots === 0 ? '' : ` ${names.qty(instrument, allowedLots)}`;
  if (verdict === 'allow') return `${word}${qty}`;
  return `${word}${verdict === 'reduce' ? ` to${qty}` : ''}: ${reasonText(names, event)}`;
}

/** What leads to decisions, and what follows from fills. */
function otherWords(names: Names, event: Event): string {
  const { instrument } = event;
  switch (event.kind) {
    case Kind.CashFlow:
      return `${nameOfCode('cashReason', event.reason)} ${names.money(event.asset, event.amount)}`;
    case Kind.FundingPaid:
      return `${names.money(event.asset, event.amount)} on ${names.qty(instrument, event.positionLots)}`;
    case Kind.Timer:
      return `timer ${event.timerId}`;
    case Kind.OperatorCommand:
      return nameOfCode('operatorCommand', event.command);
    case Kind.KillSwitch:
      return (
        `from ${levelName(event.previous)} to ${levelName(event.level)}` +
        (event.code === 0 ? '' : `: ${codeText('denialCode', event.code)}`)
      );
    case Kind.CancelAll:
      return event.scope === 0 ? 'all orders of the account' : 'all orders of everyone';
    case Kind.CancelAllDone:
      return `${counted(event.canceled, 'order')} canceled`;
    case Kind.Dropped:
      return `order ${event.orderId}: ${glossOf('dropReason', event.reason)}`;
    case Kind.Outcome:
      return nameOfCode('outcome', event.outcome);
    case Kind.Sent:
      return `attempt ${event.attempt}`;
    default:
      return marketWords(names, event);
  }
}

/** Levels of the kill switch; 0 is off. */
export const levelName = (level: number): string => (level === 0 ? 'off' : nameOfCode('killLevel', level));

function marketWords(names: Names, event: Event): string {
  const { instrument } = event;
  const price = (ticks: number): string => names.price(instrument, ticks);
  const qty = (lots: number): string => names.qty(instrument, lots);
  switch (event.kind) {
    case Kind.Trade: {
      const at =
        event.priceTicks === NONE ? names.fine(instrument, event.priceFine) : price(event.priceTicks);
      return `${sideOf(event)} ${qty(event.qtyLots)} @ ${at}`.trimStart();
    }
    case Kind.Quote:
      return [
        `bid ${qty(event.bidLots)} @ ${price(event.bidTicks)}`,
        `ask ${qty(event.askLots)} @ ${price(event.askTicks)}`,
      ].join(', ');
    case Kind.Level:
      return `${sideOf(event)} side at ${price(event.priceTicks)}: ${qty(event.qtyLots)}`;
    case Kind.BookUpdate:
      return counted(event.levels, 'level');
    case Kind.Mark:
      return names.fine(instrument, event.markFine);
    case Kind.Bar: {
      const { openTicks, highTicks, lowTicks, closeTicks } = event;
      const prices = [openTicks, highTicks, lowTicks, closeTicks].map(price).join(' ');
      return `${prices}, ${qty(event.qtyLots)} in ${counted(event.trades, 'trade')}`;
    }
    case Kind.FeedStatus:
      return nameOfCode('feedStatus', event.status);
    case Kind.TradingStatus:
      return nameOfCode('tradingStatus', event.status);
    default:
      return '';
  }
}
