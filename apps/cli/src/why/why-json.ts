/** A chain as one JSON object. */
import { NONE, createRecordOut, encodeEvent, nameOfCode } from '@truetape/contracts';
import type { Epoch, Event, VocabularyName } from '@truetape/contracts';
import type { Follow, IntentStory, OrderEnd, OrderStory, WhyRow } from '@truetape/replay';
import { formatJsonLine } from '@truetape/tape';
import type { Names } from './names.ts';
import { rowWords } from './why-text.ts';
import type { Telling } from './why-text.ts';
import type { WhyTape } from './why-tape.ts';

const CODES_OF: Partial<Record<OrderEnd, VocabularyName>> = {
  rejected: 'rejectCode',
  canceled: 'cancelReason',
  expired: 'expireReason',
  dropped: 'dropReason',
  notSent: 'outcome',
};

const number = (value: number): number | null => (value === NONE ? null : value);
const code = (vocabulary: VocabularyName, value: number): string | null =>
  value === 0 ? null : nameOfCode(vocabulary, value);

/** The object. Times are decimal strings of ns, prices and quantities ticks and lots, as in `tape view --jsonl`. */
export function whyJson(
  telling: Telling,
  follow: Follow,
  tapeAt: (tape: number) => WhyTape | undefined,
): object {
  const { tape, summary, why, focusSeq, namesAt } = telling;
  const names = namesAt(0);
  const { subject, orders, intents } = follow;
  const rowOf = (row: WhyRow): object => {
    const { place, event, role, unixNs, sinceNs, stepNs } = row;
    const from = tapeAt(place.tape);
    return {
      tape: place.tape,
      seq: place.seq,
      role,
      timeNs: unixNs === undefined ? null : String(unixNs),
      sinceNs: sinceNs === undefined ? null : String(sinceNs),
      stepNs: stepNs === undefined ? null : String(stepNs),
      words: rowWords(telling, row)[1],
      event: event === undefined || from === undefined ? null : eventJson(event, from),
    };
  };
  return {
    tape: tape.path,
    subject:
      subject.by === 'order'
        ? { by: 'order', orderId: subject.orderId, instrument: names.instrument(orders[0].instrument) }
        : subject,
    focusSeq: number(focusSeq),
    summary,
    orders: orders.map((order) => orderJson(names, order)),
    intents: intents.map(intentJson),
    hasMoreBefore: why.hasMoreBefore,
    before: why.before.map(rowOf),
    after: why.after.map(rowOf),
    leftOut: why.leftOut,
  };
}

function orderJson(names: Names, order: OrderStory): object {
  const { instrument, side, end, fills, cash, pending } = order;
  const vocabulary = CODES_OF[end];
  return {
    orderId: order.orderId,
    instrument: names.instrument(instrument),
    side: side === 0 ? null : side === 0x10 ? 'buy' : 'sell',
    end,
    code: vocabulary === undefined ? null : code(vocabulary, order.code),
    rejectedBy: code('rejectedBy', order.by),
    priceTicks: number(order.priceTicks),
    qtyLots: number(order.qtyLots),
    filledLots: order.filledLots,
    leavesLots: number(order.leavesLots),
    aheadLots: number(order.aheadLots),
    amends: order.amends,
    fills: fills.map(({ liquidity, basis, count, qtyLots }) => ({
      liquidity: code('liquidity', liquidity),
      basis: code('basis', basis),
      count,
      qtyLots,
    })),
    cash: cash.map(({ asset, reason, amount }) => ({
      asset: names.asset(asset),
      reason: code('cashReason', reason),
      amount: String(amount),
    })),
    unanswered: pending.map(({ seq }) => seq),
  };
}

function intentJson({ intentId, event, verdict, command, answer, noAction, parts }: IntentStory): object {
  return {
    intentId,
    seq: event?.seq ?? null,
    verdict: verdict === undefined ? null : code('verdict', verdict.verdict),
    verdictSeq: verdict?.seq ?? null,
    denialCode: verdict === undefined ? null : code('denialCode', verdict.code),
    rule: verdict === undefined ? null : code('rule', verdict.rule),
    commandSeq: command?.seq ?? null,
    answerSeq: answer?.seq ?? null,
    noAction: noAction === undefined ? null : code('noActionCode', noAction.code),
    parts,
  };
}

/** An event as its line of `tape view --jsonl`. */
function eventJson(event: Event, { epoch, tables }: { epoch: Epoch; tables: WhyTape['tables'] }): object {
  const out = createRecordOut(epoch, 1024);
  encodeEvent(out, event);
  return JSON.parse(formatJsonLine(out, 0, event.seq, tables)) as object;
}
