// Generated from src/kinds by tools/generate.ts; do not edit.
import { checkPayload } from '../check.ts';
import { defineRule, rawRule, skipRule } from '../rules.ts';
import { encodeUnknown, getExtension, putExtension, putHeader } from '../extension.ts';
import { RECORD_WORDS_MAX, getHash, getM, getN, getRefSeq, getRefTape, getT } from '../record.ts';
import { putHash, putId, putIdSet, putM, putMSet, putN, putNSet } from '../record.ts';
import { putRef, putT, putTSet, putU, reserveWords } from '../record.ts';
import type { RecordBuffer, RecordOut } from '../record.ts';
import { MONEY_NONE, NONE } from '../scalars.ts';
import type { Epoch } from '../scalars.ts';
import { decodeUtf8, utf8Length, writeUtf8 } from '../utf8.ts';
import { Kind } from './events.ts';
import type { Event } from './events.ts';
import type {
  Define,
  Note,
  Raw,
  Checkpoint,
  Alias,
  Skip,
  NewOrder,
  CancelOrder,
  AmendOrder,
  CancelAll,
  Sent,
  Outcome,
  Accepted,
  Rejected,
  Fill,
  Canceled,
  Amended,
  Expired,
  CancelAllDone,
  Trade,
  Quote,
  Level,
  BookUpdate,
  BookReset,
  Mark,
  FundingRate,
  TradingStatus,
  Bar,
  FeedStatus,
  Intent,
  Target,
  RiskDecision,
  RouteDecision,
  NoAction,
  CashFlow,
  FundingPaid,
  Settlement,
  TruthOrder,
  TruthPosition,
  TruthBalance,
  Divergence,
  ReconcileReport,
  Lifecycle,
  Regime,
  OperatorCommand,
  Mode,
  KillSwitch,
  FaultInjected,
  InvariantViolated,
  Overrun,
  Dropped,
  Timer,
  Session,
  Clock,
  Ack,
  Alert,
} from './events.ts';

function encodeDefine(out: RecordOut, e: Define): number {
  const bytes = utf8Length(e.json);
  const words = 4 + Math.ceil(bytes / 8);
  if (bytes < 0 || words > RECORD_WORDS_MAX) {
    out.fault ??= 'json';
    return 0;
  }
  reserveWords(out, words);
  const i = out.words * 2;
  putHeader(out, i, words | 0x10000, e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  out.i32[i + 4] = putU(out, e.table, 8, 'table');
  out.i32[i + 5] = putU(out, e.index, 32, 'index');
  out.i32[i + 6] = bytes;
  out.i32[i + 7] = 0;
  out.u8.fill(0, i * 4 + 32, (i + words * 2) * 4);
  writeUtf8(out.u8, i * 4 + 32, e.json);
  return words;
}

function encodeNote(out: RecordOut, e: Note): number {
  const bytes = utf8Length(e.text);
  const words = 4 + Math.ceil(bytes / 8);
  if (bytes < 0 || words > RECORD_WORDS_MAX) {
    out.fault ??= 'text';
    return 0;
  }
  reserveWords(out, words);
  const i = out.words * 2;
  putHeader(out, i, words | 0x20000, e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  putRef(out, i + 4, e.cause, e.causeTape);
  out.i32[i + 6] = bytes;
  out.i32[i + 7] = putU(out, e.topic, 16, 'topic');
  out.u8.fill(0, i * 4 + 32, (i + words * 2) * 4);
  writeUtf8(out.u8, i * 4 + 32, e.text);
  return words;
}

function encodeRaw(out: RecordOut, e: Raw): number {
  const bytes = e.bytes.length;
  const words = 5 + Math.ceil(bytes / 8);
  if (bytes < 0 || words > RECORD_WORDS_MAX) {
    out.fault ??= 'bytes';
    return 0;
  }
  reserveWords(out, words);
  const i = out.words * 2;
  putHeader(out, i, words | 0x30000, e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  putRef(out, i + 4, e.cause, e.causeTape);
  out.i32[i + 6] = putU(out, e.direction, 8, 'direction') | (putU(out, e.channel, 8, 'channel') << 8) | (putU(out, e.httpStatus, 16, 'httpStatus') << 16);
  out.i32[i + 7] = bytes;
  out.i32[i + 8] = putU(out, e.totalBytes, 32, 'totalBytes');
  out.i32[i + 9] = putU(out, e.offset, 32, 'offset');
  out.u8.fill(0, i * 4 + 40, (i + words * 2) * 4);
  out.u8.set(e.bytes, i * 4 + 40);
  return words;
}

function encodeCheckpoint(out: RecordOut, e: Checkpoint): number {
  const words = e.ext !== '' ? 9 : 9;
  reserveWords(out, words);
  const i = out.words * 2;
  putHeader(out, i, words | 0x40000, e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  putRef(out, i + 4, e.cause, e.causeTape);
  putIdSet(out, i + 6, e.coversSeq, 'coversSeq');
  out.i32[i + 8] = putU(out, e.scope, 8, 'scope') | (putU(out, e.hashVersion, 8, 'hashVersion') << 8);
  out.i32[i + 9] = 0;
  putHash(out, i + 10, e.stateHash, 'stateHash');
  return e.ext === '' ? words : putExtension(out, i, words, e.ext);
}

function encodeAlias(out: RecordOut, e: Alias): number {
  const bytes = utf8Length(e.text);
  const words = 5 + Math.ceil(bytes / 8);
  if (bytes < 0 || words > RECORD_WORDS_MAX) {
    out.fault ??= 'text';
    return 0;
  }
  reserveWords(out, words);
  const i = out.words * 2;
  putHeader(out, i, words | 0x50000, e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  putRef(out, i + 4, e.cause, e.causeTape);
  putIdSet(out, i + 6, e.id, 'id');
  out.i32[i + 8] = putU(out, e.scope, 8, 'scope');
  out.i32[i + 9] = bytes;
  out.u8.fill(0, i * 4 + 40, (i + words * 2) * 4);
  writeUtf8(out.u8, i * 4 + 40, e.text);
  return words;
}

function encodeSkip(out: RecordOut, e: Skip): number {
  const words = e.ext !== '' ? 3 : 3;
  reserveWords(out, words);
  const i = out.words * 2;
  putHeader(out, i, words | 0x60000, e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  putIdSet(out, i + 4, e.count, 'count');
  return e.ext === '' ? words : putExtension(out, i, words, e.ext);
}

function encodeNewOrder(out: RecordOut, e: NewOrder): number {
  const words = e.ext !== '' ? 16 : (e.requestId !== NONE) ? 16 : (e.displayLots !== NONE) ? 15 : (e.stopTicks !== NONE) ? 14 : (e.expireTime !== NONE) ? 13 : (e.decidedTime !== NONE) ? 12 : (e.parentOrderId !== NONE) ? 11 : (e.positionSide !== 0 || e.exec !== 0) ? 10 : (e.minQtyLots !== NONE) ? 9 : (e.intentId !== NONE) ? 8 : 7;
  reserveWords(out, words);
  const i = out.words * 2;
  putHeader(out, i, words | 0x100000, e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  putRef(out, i + 4, e.cause, e.causeTape);
  putIdSet(out, i + 6, e.orderId, 'orderId');
  putN(out, i + 8, e.priceTicks, 'priceTicks');
  putNSet(out, i + 10, e.qtyLots, 'qtyLots');
  out.i32[i + 12] = putU(out, e.type, 8, 'type') | (putU(out, e.tif, 8, 'tif') << 8) | (putU(out, e.postOnly, 8, 'postOnly') << 16) | (putU(out, e.stp, 8, 'stp') << 24);
  out.i32[i + 13] = putU(out, e.account, 32, 'account');
  if (words > 7) {
    putId(out, i + 14, e.intentId, 'intentId');
  }
  if (words > 8) {
    putN(out, i + 16, e.minQtyLots, 'minQtyLots');
  }
  if (words > 9) {
    out.i32[i + 18] = putU(out, e.positionSide, 8, 'positionSide') | (putU(out, e.exec, 8, 'exec') << 8);
    out.i32[i + 19] = 0;
  }
  if (words > 10) {
    putId(out, i + 20, e.parentOrderId, 'parentOrderId');
  }
  if (words > 11) {
    putT(out, i + 22, e.decidedTime, 'decidedTime');
  }
  if (words > 12) {
    putT(out, i + 24, e.expireTime, 'expireTime');
  }
  if (words > 13) {
    putN(out, i + 26, e.stopTicks, 'stopTicks');
  }
  if (words > 14) {
    putN(out, i + 28, e.displayLots, 'displayLots');
  }
  if (words > 15) {
    putId(out, i + 30, e.requestId, 'requestId');
  }
  return e.ext === '' ? words : putExtension(out, i, words, e.ext);
}

function encodeCancelOrder(out: RecordOut, e: CancelOrder): number {
  const words = e.ext !== '' ? 7 : (e.requestId !== NONE) ? 7 : (e.decidedTime !== NONE) ? 6 : 5;
  reserveWords(out, words);
  const i = out.words * 2;
  putHeader(out, i, words | 0x110000, e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  putRef(out, i + 4, e.cause, e.causeTape);
  putIdSet(out, i + 6, e.orderId, 'orderId');
  out.i32[i + 8] = putU(out, e.account, 32, 'account');
  out.i32[i + 9] = putU(out, e.reason, 16, 'reason');
  if (words > 5) {
    putT(out, i + 10, e.decidedTime, 'decidedTime');
  }
  if (words > 6) {
    putId(out, i + 12, e.requestId, 'requestId');
  }
  return e.ext === '' ? words : putExtension(out, i, words, e.ext);
}

function encodeAmendOrder(out: RecordOut, e: AmendOrder): number {
  const words = e.ext !== '' ? 10 : (e.requestId !== NONE) ? 10 : (e.decidedTime !== NONE) ? 9 : (e.newOrderId !== NONE) ? 8 : 7;
  reserveWords(out, words);
  const i = out.words * 2;
  putHeader(out, i, words | 0x120000, e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  putRef(out, i + 4, e.cause, e.causeTape);
  putIdSet(out, i + 6, e.orderId, 'orderId');
  putN(out, i + 8, e.priceTicks, 'priceTicks');
  putN(out, i + 10, e.qtyLots, 'qtyLots');
  out.i32[i + 12] = putU(out, e.qtyMode, 8, 'qtyMode') | (putU(out, e.postOnly, 8, 'postOnly') << 8);
  out.i32[i + 13] = putU(out, e.account, 32, 'account');
  if (words > 7) {
    putId(out, i + 14, e.newOrderId, 'newOrderId');
  }
  if (words > 8) {
    putT(out, i + 16, e.decidedTime, 'decidedTime');
  }
  if (words > 9) {
    putId(out, i + 18, e.requestId, 'requestId');
  }
  return e.ext === '' ? words : putExtension(out, i, words, e.ext);
}

function encodeCancelAll(out: RecordOut, e: CancelAll): number {
  const words = e.ext !== '' ? 6 : (e.requestId !== NONE) ? 6 : (e.decidedTime !== NONE) ? 5 : 4;
  reserveWords(out, words);
  const i = out.words * 2;
  putHeader(out, i, words | 0x130000, e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  putRef(out, i + 4, e.cause, e.causeTape);
  out.i32[i + 6] = putU(out, e.account, 32, 'account');
  out.i32[i + 7] = putU(out, e.scope, 8, 'scope');
  if (words > 4) {
    putT(out, i + 8, e.decidedTime, 'decidedTime');
  }
  if (words > 5) {
    putId(out, i + 10, e.requestId, 'requestId');
  }
  return e.ext === '' ? words : putExtension(out, i, words, e.ext);
}

function encodeSent(out: RecordOut, e: Sent): number {
  const words = e.ext !== '' ? 4 : 4;
  reserveWords(out, words);
  const i = out.words * 2;
  putHeader(out, i, words | 0x140000, e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  putRef(out, i + 4, e.cause, e.causeTape);
  out.i32[i + 6] = putU(out, e.attempt, 16, 'attempt') | (putU(out, e.channel, 8, 'channel') << 16);
  out.i32[i + 7] = putU(out, e.weight, 32, 'weight');
  return e.ext === '' ? words : putExtension(out, i, words, e.ext);
}

function encodeOutcome(out: RecordOut, e: Outcome): number {
  const words = e.ext !== '' ? 7 : (e.sendTime !== NONE) ? 7 : (e.retryAfterNs !== NONE) ? 6 : 5;
  reserveWords(out, words);
  const i = out.words * 2;
  putHeader(out, i, words | 0x150000, e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  putRef(out, i + 4, e.cause, e.causeTape);
  out.i32[i + 6] = putU(out, e.outcome, 8, 'outcome') | (putU(out, e.channel, 8, 'channel') << 8) | (putU(out, e.code, 16, 'code') << 16);
  out.i32[i + 7] = putU(out, e.httpStatus, 16, 'httpStatus') | (putU(out, e.attempt, 16, 'attempt') << 16);
  putN(out, i + 8, e.venueCode, 'venueCode');
  if (words > 5) {
    putN(out, i + 10, e.retryAfterNs, 'retryAfterNs');
  }
  if (words > 6) {
    putT(out, i + 12, e.sendTime, 'sendTime');
  }
  return e.ext === '' ? words : putExtension(out, i, words, e.ext);
}

function encodeAccepted(out: RecordOut, e: Accepted): number {
  const words = e.ext !== '' ? 9 : (e.sendTime !== NONE) ? 9 : (e.matchTime !== NONE) ? 8 : (e.account !== 0 || e.type !== 0 || e.tif !== 0) ? 7 : 6;
  reserveWords(out, words);
  const i = out.words * 2;
  putHeader(out, i, words | 0x200000, e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  putRef(out, i + 4, e.cause, e.causeTape);
  putIdSet(out, i + 6, e.orderId, 'orderId');
  putN(out, i + 8, e.priceTicks, 'priceTicks');
  putIdSet(out, i + 10, e.leavesLots, 'leavesLots');
  if (words > 6) {
    out.i32[i + 12] = putU(out, e.account, 32, 'account');
    out.i32[i + 13] = putU(out, e.type, 8, 'type') | (putU(out, e.tif, 8, 'tif') << 8);
  }
  if (words > 7) {
    putT(out, i + 14, e.matchTime, 'matchTime');
  }
  if (words > 8) {
    putT(out, i + 16, e.sendTime, 'sendTime');
  }
  return e.ext === '' ? words : putExtension(out, i, words, e.ext);
}

function encodeRejected(out: RecordOut, e: Rejected): number {
  const words = e.ext !== '' ? 10 : (e.qtyLots !== NONE) ? 10 : (e.priceTicks !== NONE) ? 9 : (e.sendTime !== NONE) ? 8 : (e.matchTime !== NONE) ? 7 : (e.venueCode !== NONE) ? 6 : 5;
  reserveWords(out, words);
  const i = out.words * 2;
  putHeader(out, i, words | 0x210000, e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  putRef(out, i + 4, e.cause, e.causeTape);
  putId(out, i + 6, e.orderId, 'orderId');
  out.i32[i + 8] = putU(out, e.command, 8, 'command') | (putU(out, e.by, 8, 'by') << 8) | (putU(out, e.code, 16, 'code') << 16);
  out.i32[i + 9] = putU(out, e.account, 32, 'account');
  if (words > 5) {
    putN(out, i + 10, e.venueCode, 'venueCode');
  }
  if (words > 6) {
    putT(out, i + 12, e.matchTime, 'matchTime');
  }
  if (words > 7) {
    putT(out, i + 14, e.sendTime, 'sendTime');
  }
  if (words > 8) {
    putN(out, i + 16, e.priceTicks, 'priceTicks');
  }
  if (words > 9) {
    putN(out, i + 18, e.qtyLots, 'qtyLots');
  }
  return e.ext === '' ? words : putExtension(out, i, words, e.ext);
}

function encodeFill(out: RecordOut, e: Fill): number {
  const words = e.ext !== '' ? 15 : (e.sendTime !== NONE) ? 15 : (e.matchTime !== NONE) ? 14 : (e.priceFine !== NONE) ? 13 : (e.liquidity !== 0 || e.condition !== 0 || e.basis !== 0) ? 12 : (e.makerAccount !== 0 || e.takerAccount !== 0) ? 11 : 10;
  reserveWords(out, words);
  const i = out.words * 2;
  putHeader(out, i, words | 0x220000, e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  putRef(out, i + 4, e.cause, e.causeTape);
  putId(out, i + 6, e.tradeId, 'tradeId');
  putN(out, i + 8, e.priceTicks, 'priceTicks');
  putIdSet(out, i + 10, e.qtyLots, 'qtyLots');
  putId(out, i + 12, e.makerOrderId, 'makerOrderId');
  putId(out, i + 14, e.takerOrderId, 'takerOrderId');
  putId(out, i + 16, e.makerLeaves, 'makerLeaves');
  putId(out, i + 18, e.takerLeaves, 'takerLeaves');
  if (words > 10) {
    out.i32[i + 20] = putU(out, e.makerAccount, 32, 'makerAccount');
    out.i32[i + 21] = putU(out, e.takerAccount, 32, 'takerAccount');
  }
  if (words > 11) {
    out.i32[i + 22] = putU(out, e.liquidity, 8, 'liquidity') | (putU(out, e.condition, 8, 'condition') << 8) | (putU(out, e.basis, 8, 'basis') << 16);
    out.i32[i + 23] = 0;
  }
  if (words > 12) {
    putN(out, i + 24, e.priceFine, 'priceFine');
  }
  if (words > 13) {
    putT(out, i + 26, e.matchTime, 'matchTime');
  }
  if (words > 14) {
    putT(out, i + 28, e.sendTime, 'sendTime');
  }
  return e.ext === '' ? words : putExtension(out, i, words, e.ext);
}

function encodeCanceled(out: RecordOut, e: Canceled): number {
  const words = e.ext !== '' ? 9 : (e.sendTime !== NONE) ? 9 : (e.matchTime !== NONE) ? 8 : (e.contraOrderId !== NONE) ? 7 : 6;
  reserveWords(out, words);
  const i = out.words * 2;
  putHeader(out, i, words | 0x230000, e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  putRef(out, i + 4, e.cause, e.causeTape);
  putIdSet(out, i + 6, e.orderId, 'orderId');
  putId(out, i + 8, e.canceledLots, 'canceledLots');
  out.i32[i + 10] = putU(out, e.reason, 16, 'reason');
  out.i32[i + 11] = putU(out, e.account, 32, 'account');
  if (words > 6) {
    putId(out, i + 12, e.contraOrderId, 'contraOrderId');
  }
  if (words > 7) {
    putT(out, i + 14, e.matchTime, 'matchTime');
  }
  if (words > 8) {
    putT(out, i + 16, e.sendTime, 'sendTime');
  }
  return e.ext === '' ? words : putExtension(out, i, words, e.ext);
}

function encodeAmended(out: RecordOut, e: Amended): number {
  const words = e.ext !== '' ? 11 : (e.sendTime !== NONE) ? 11 : (e.matchTime !== NONE) ? 10 : (e.contraOrderId !== NONE) ? 9 : (e.newOrderId !== NONE) ? 8 : 7;
  reserveWords(out, words);
  const i = out.words * 2;
  putHeader(out, i, words | 0x240000, e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  putRef(out, i + 4, e.cause, e.causeTape);
  putIdSet(out, i + 6, e.orderId, 'orderId');
  putN(out, i + 8, e.priceTicks, 'priceTicks');
  putIdSet(out, i + 10, e.leavesLots, 'leavesLots');
  out.i32[i + 12] = putU(out, e.reason, 16, 'reason') | (putU(out, e.priorityKept, 8, 'priorityKept') << 16);
  out.i32[i + 13] = putU(out, e.account, 32, 'account');
  if (words > 7) {
    putId(out, i + 14, e.newOrderId, 'newOrderId');
  }
  if (words > 8) {
    putId(out, i + 16, e.contraOrderId, 'contraOrderId');
  }
  if (words > 9) {
    putT(out, i + 18, e.matchTime, 'matchTime');
  }
  if (words > 10) {
    putT(out, i + 20, e.sendTime, 'sendTime');
  }
  return e.ext === '' ? words : putExtension(out, i, words, e.ext);
}

function encodeExpired(out: RecordOut, e: Expired): number {
  const words = e.ext !== '' ? 8 : (e.sendTime !== NONE) ? 8 : (e.matchTime !== NONE) ? 7 : 6;
  reserveWords(out, words);
  const i = out.words * 2;
  putHeader(out, i, words | 0x250000, e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  putRef(out, i + 4, e.cause, e.causeTape);
  putIdSet(out, i + 6, e.orderId, 'orderId');
  putId(out, i + 8, e.expiredLots, 'expiredLots');
  out.i32[i + 10] = putU(out, e.reason, 16, 'reason');
  out.i32[i + 11] = putU(out, e.account, 32, 'account');
  if (words > 6) {
    putT(out, i + 12, e.matchTime, 'matchTime');
  }
  if (words > 7) {
    putT(out, i + 14, e.sendTime, 'sendTime');
  }
  return e.ext === '' ? words : putExtension(out, i, words, e.ext);
}

function encodeCancelAllDone(out: RecordOut, e: CancelAllDone): number {
  const words = e.ext !== '' ? 6 : (e.sendTime !== NONE) ? 6 : (e.matchTime !== NONE) ? 5 : 4;
  reserveWords(out, words);
  const i = out.words * 2;
  putHeader(out, i, words | 0x260000, e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  putRef(out, i + 4, e.cause, e.causeTape);
  out.i32[i + 6] = putU(out, e.canceled, 32, 'canceled');
  out.i32[i + 7] = putU(out, e.failed, 32, 'failed');
  if (words > 4) {
    putT(out, i + 8, e.matchTime, 'matchTime');
  }
  if (words > 5) {
    putT(out, i + 10, e.sendTime, 'sendTime');
  }
  return e.ext === '' ? words : putExtension(out, i, words, e.ext);
}

function encodeTrade(out: RecordOut, e: Trade): number {
  const words = e.ext !== '' ? 12 : (e.priceFine !== NONE) ? 12 : (e.takerOrderId !== NONE) ? 11 : (e.makerOrderId !== NONE) ? 10 : (e.firstTradeId !== NONE) ? 9 : (e.condition !== 0 || e.tradeCount !== 0) ? 8 : (e.sendTime !== NONE) ? 7 : (e.matchTime !== NONE) ? 6 : 5;
  reserveWords(out, words);
  const i = out.words * 2;
  putHeader(out, i, words | 0x300000, e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  putN(out, i + 4, e.priceTicks, 'priceTicks');
  putIdSet(out, i + 6, e.qtyLots, 'qtyLots');
  putId(out, i + 8, e.tradeId, 'tradeId');
  if (words > 5) {
    putT(out, i + 10, e.matchTime, 'matchTime');
  }
  if (words > 6) {
    putT(out, i + 12, e.sendTime, 'sendTime');
  }
  if (words > 7) {
    out.i32[i + 14] = putU(out, e.condition, 8, 'condition');
    out.i32[i + 15] = putU(out, e.tradeCount, 32, 'tradeCount');
  }
  if (words > 8) {
    putId(out, i + 16, e.firstTradeId, 'firstTradeId');
  }
  if (words > 9) {
    putId(out, i + 18, e.makerOrderId, 'makerOrderId');
  }
  if (words > 10) {
    putId(out, i + 20, e.takerOrderId, 'takerOrderId');
  }
  if (words > 11) {
    putN(out, i + 22, e.priceFine, 'priceFine');
  }
  return e.ext === '' ? words : putExtension(out, i, words, e.ext);
}

function encodeQuote(out: RecordOut, e: Quote): number {
  const words = e.ext !== '' ? 9 : (e.sendTime !== NONE) ? 9 : (e.matchTime !== NONE) ? 8 : (e.updateId !== NONE) ? 7 : 6;
  reserveWords(out, words);
  const i = out.words * 2;
  putHeader(out, i, words | 0x310000, e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  putN(out, i + 4, e.bidTicks, 'bidTicks');
  putIdSet(out, i + 6, e.bidLots, 'bidLots');
  putN(out, i + 8, e.askTicks, 'askTicks');
  putIdSet(out, i + 10, e.askLots, 'askLots');
  if (words > 6) {
    putId(out, i + 12, e.updateId, 'updateId');
  }
  if (words > 7) {
    putT(out, i + 14, e.matchTime, 'matchTime');
  }
  if (words > 8) {
    putT(out, i + 16, e.sendTime, 'sendTime');
  }
  return e.ext === '' ? words : putExtension(out, i, words, e.ext);
}

function encodeLevel(out: RecordOut, e: Level): number {
  const words = e.ext !== '' ? 5 : (e.orderCount !== 0) ? 5 : 4;
  reserveWords(out, words);
  const i = out.words * 2;
  putHeader(out, i, words | 0x320000, e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  putNSet(out, i + 4, e.priceTicks, 'priceTicks');
  putIdSet(out, i + 6, e.qtyLots, 'qtyLots');
  if (words > 4) {
    out.i32[i + 8] = putU(out, e.orderCount, 32, 'orderCount');
    out.i32[i + 9] = 0;
  }
  return e.ext === '' ? words : putExtension(out, i, words, e.ext);
}

function encodeBookUpdate(out: RecordOut, e: BookUpdate): number {
  const words = e.ext !== '' ? 9 : (e.heldNs !== 0) ? 9 : (e.sendTime !== NONE) ? 8 : (e.matchTime !== NONE) ? 7 : (e.prevUpdateId !== NONE) ? 6 : (e.firstUpdateId !== NONE) ? 5 : 4;
  reserveWords(out, words);
  const i = out.words * 2;
  putHeader(out, i, words | 0x330000, e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  putId(out, i + 4, e.lastUpdateId, 'lastUpdateId');
  out.i32[i + 6] = putU(out, e.levels, 32, 'levels');
  out.i32[i + 7] = 0;
  if (words > 4) {
    putId(out, i + 8, e.firstUpdateId, 'firstUpdateId');
  }
  if (words > 5) {
    putId(out, i + 10, e.prevUpdateId, 'prevUpdateId');
  }
  if (words > 6) {
    putT(out, i + 12, e.matchTime, 'matchTime');
  }
  if (words > 7) {
    putT(out, i + 14, e.sendTime, 'sendTime');
  }
  if (words > 8) {
    putIdSet(out, i + 16, e.heldNs, 'heldNs');
  }
  return e.ext === '' ? words : putExtension(out, i, words, e.ext);
}

function encodeBookReset(out: RecordOut, e: BookReset): number {
  const words = e.ext !== '' ? 9 : (e.depthLimit !== 0 || e.reason !== 0) ? 9 : (e.sendTime !== NONE) ? 8 : (e.matchTime !== NONE) ? 7 : (e.knownHighTicks !== NONE) ? 6 : (e.knownLowTicks !== NONE) ? 5 : 4;
  reserveWords(out, words);
  const i = out.words * 2;
  putHeader(out, i, words | 0x340000, e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  putId(out, i + 4, e.lastUpdateId, 'lastUpdateId');
  out.i32[i + 6] = putU(out, e.bids, 32, 'bids');
  out.i32[i + 7] = putU(out, e.asks, 32, 'asks');
  if (words > 4) {
    putN(out, i + 8, e.knownLowTicks, 'knownLowTicks');
  }
  if (words > 5) {
    putN(out, i + 10, e.knownHighTicks, 'knownHighTicks');
  }
  if (words > 6) {
    putT(out, i + 12, e.matchTime, 'matchTime');
  }
  if (words > 7) {
    putT(out, i + 14, e.sendTime, 'sendTime');
  }
  if (words > 8) {
    out.i32[i + 16] = putU(out, e.depthLimit, 32, 'depthLimit');
    out.i32[i + 17] = putU(out, e.reason, 8, 'reason');
  }
  return e.ext === '' ? words : putExtension(out, i, words, e.ext);
}

function encodeMark(out: RecordOut, e: Mark): number {
  const words = e.ext !== '' ? 7 : (e.sendTime !== NONE) ? 7 : (e.matchTime !== NONE) ? 6 : 5;
  reserveWords(out, words);
  const i = out.words * 2;
  putHeader(out, i, words | 0x350000, e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  putN(out, i + 4, e.markFine, 'markFine');
  putN(out, i + 6, e.indexFine, 'indexFine');
  putN(out, i + 8, e.settleFine, 'settleFine');
  if (words > 5) {
    putT(out, i + 10, e.matchTime, 'matchTime');
  }
  if (words > 6) {
    putT(out, i + 12, e.sendTime, 'sendTime');
  }
  return e.ext === '' ? words : putExtension(out, i, words, e.ext);
}

function encodeFundingRate(out: RecordOut, e: FundingRate): number {
  const words = e.ext !== '' ? 7 : (e.sendTime !== NONE) ? 7 : (e.matchTime !== NONE) ? 6 : (e.intervalSec !== 0 || e.rateKind !== 0) ? 5 : 4;
  reserveWords(out, words);
  const i = out.words * 2;
  putHeader(out, i, words | 0x360000, e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  putNSet(out, i + 4, e.rateE12, 'rateE12');
  putT(out, i + 6, e.nextFundingTime, 'nextFundingTime');
  if (words > 4) {
    out.i32[i + 8] = putU(out, e.intervalSec, 32, 'intervalSec');
    out.i32[i + 9] = putU(out, e.rateKind, 8, 'rateKind');
  }
  if (words > 5) {
    putT(out, i + 10, e.matchTime, 'matchTime');
  }
  if (words > 6) {
    putT(out, i + 12, e.sendTime, 'sendTime');
  }
  return e.ext === '' ? words : putExtension(out, i, words, e.ext);
}

function encodeTradingStatus(out: RecordOut, e: TradingStatus): number {
  const words = e.ext !== '' ? 5 : (e.sendTime !== NONE) ? 5 : (e.matchTime !== NONE) ? 4 : 3;
  reserveWords(out, words);
  const i = out.words * 2;
  putHeader(out, i, words | 0x370000, e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  out.i32[i + 4] = putU(out, e.status, 8, 'status') | (putU(out, e.previous, 8, 'previous') << 8) | (putU(out, e.reason, 16, 'reason') << 16);
  out.i32[i + 5] = 0;
  if (words > 3) {
    putT(out, i + 6, e.matchTime, 'matchTime');
  }
  if (words > 4) {
    putT(out, i + 8, e.sendTime, 'sendTime');
  }
  return e.ext === '' ? words : putExtension(out, i, words, e.ext);
}

function encodeBar(out: RecordOut, e: Bar): number {
  const words = e.ext !== '' ? 11 : (e.size !== NONE) ? 11 : 10;
  reserveWords(out, words);
  const i = out.words * 2;
  putHeader(out, i, words | 0x380000, e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  putNSet(out, i + 4, e.openTicks, 'openTicks');
  putNSet(out, i + 6, e.highTicks, 'highTicks');
  putNSet(out, i + 8, e.lowTicks, 'lowTicks');
  putNSet(out, i + 10, e.closeTicks, 'closeTicks');
  putIdSet(out, i + 12, e.qtyLots, 'qtyLots');
  out.i32[i + 14] = putU(out, e.intervalSec, 32, 'intervalSec');
  out.i32[i + 15] = putU(out, e.trades, 32, 'trades');
  putTSet(out, i + 16, e.startTime, 'startTime');
  out.i32[i + 18] = putU(out, e.barKind, 8, 'barKind');
  out.i32[i + 19] = 0;
  if (words > 10) {
    putId(out, i + 20, e.size, 'size');
  }
  return e.ext === '' ? words : putExtension(out, i, words, e.ext);
}

function encodeFeedStatus(out: RecordOut, e: FeedStatus): number {
  const words = e.ext !== '' ? 7 : (e.valueNs !== NONE) ? 7 : (e.lastGoodTime !== NONE) ? 6 : (e.receivedId !== NONE) ? 5 : (e.expectedId !== NONE) ? 4 : 3;
  reserveWords(out, words);
  const i = out.words * 2;
  putHeader(out, i, words | 0x400000, e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  out.i32[i + 4] = putU(out, e.status, 8, 'status') | (putU(out, e.previous, 8, 'previous') << 8) | (putU(out, e.reason, 16, 'reason') << 16);
  out.i32[i + 5] = putU(out, e.count, 32, 'count');
  if (words > 3) {
    putId(out, i + 6, e.expectedId, 'expectedId');
  }
  if (words > 4) {
    putId(out, i + 8, e.receivedId, 'receivedId');
  }
  if (words > 5) {
    putT(out, i + 10, e.lastGoodTime, 'lastGoodTime');
  }
  if (words > 6) {
    putN(out, i + 12, e.valueNs, 'valueNs');
  }
  return e.ext === '' ? words : putExtension(out, i, words, e.ext);
}

function encodeIntent(out: RecordOut, e: Intent): number {
  const words = e.ext !== '' ? 9 : (e.parentIntentId !== NONE) ? 9 : 8;
  reserveWords(out, words);
  const i = out.words * 2;
  putHeader(out, i, words | 0x500000, e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  putRef(out, i + 4, e.cause, e.causeTape);
  putIdSet(out, i + 6, e.intentId, 'intentId');
  out.i32[i + 8] = putU(out, e.action, 8, 'action') | (putU(out, e.type, 8, 'type') << 8) | (putU(out, e.tif, 8, 'tif') << 16) | (putU(out, e.postOnly, 8, 'postOnly') << 24);
  out.i32[i + 9] = putU(out, e.reason, 16, 'reason') | (putU(out, e.exec, 8, 'exec') << 16);
  putN(out, i + 10, e.priceTicks, 'priceTicks');
  putN(out, i + 12, e.qtyLots, 'qtyLots');
  putId(out, i + 14, e.orderId, 'orderId');
  if (words > 8) {
    putId(out, i + 16, e.parentIntentId, 'parentIntentId');
  }
  return e.ext === '' ? words : putExtension(out, i, words, e.ext);
}

function encodeTarget(out: RecordOut, e: Target): number {
  const words = e.ext !== '' ? 8 : (e.parentIntentId !== NONE) ? 8 : (e.currentLots !== NONE) ? 7 : 6;
  reserveWords(out, words);
  const i = out.words * 2;
  putHeader(out, i, words | 0x510000, e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  putRef(out, i + 4, e.cause, e.causeTape);
  putIdSet(out, i + 6, e.intentId, 'intentId');
  putNSet(out, i + 8, e.targetLots, 'targetLots');
  out.i32[i + 10] = putU(out, e.scope, 8, 'scope') | (putU(out, e.reason, 16, 'reason') << 16);
  out.i32[i + 11] = putU(out, e.account, 32, 'account');
  if (words > 6) {
    putN(out, i + 12, e.currentLots, 'currentLots');
  }
  if (words > 7) {
    putId(out, i + 14, e.parentIntentId, 'parentIntentId');
  }
  return e.ext === '' ? words : putExtension(out, i, words, e.ext);
}

function encodeRiskDecision(out: RecordOut, e: RiskDecision): number {
  const words = e.ext !== '' ? 14 : (e.asset !== 0 || e.account !== 0) ? 14 : (e.orderId !== NONE) ? 13 : 12;
  reserveWords(out, words);
  const i = out.words * 2;
  putHeader(out, i, words | 0x520000, e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  putRef(out, i + 4, e.cause, e.causeTape);
  putId(out, i + 6, e.intentId, 'intentId');
  out.i32[i + 8] = putU(out, e.verdict, 8, 'verdict') | (putU(out, e.unit, 8, 'unit') << 8) | (putU(out, e.code, 16, 'code') << 16);
  out.i32[i + 9] = putU(out, e.rule, 16, 'rule') | (putU(out, e.tier, 8, 'tier') << 16) | (putU(out, e.phase, 8, 'phase') << 24);
  putN(out, i + 10, e.priceTicks, 'priceTicks');
  putN(out, i + 12, e.qtyLots, 'qtyLots');
  putN(out, i + 14, e.allowedLots, 'allowedLots');
  putM(out, i + 16, e.observed, 'observed');
  putM(out, i + 20, e.limit, 'limit');
  if (words > 12) {
    putId(out, i + 24, e.orderId, 'orderId');
  }
  if (words > 13) {
    out.i32[i + 26] = putU(out, e.asset, 16, 'asset');
    out.i32[i + 27] = putU(out, e.account, 32, 'account');
  }
  return e.ext === '' ? words : putExtension(out, i, words, e.ext);
}

function encodeRouteDecision(out: RecordOut, e: RouteDecision): number {
  const words = e.ext !== '' ? 13 : 13;
  reserveWords(out, words);
  const i = out.words * 2;
  putHeader(out, i, words | 0x530000, e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  putRef(out, i + 4, e.cause, e.causeTape);
  putIdSet(out, i + 6, e.intentId, 'intentId');
  out.i32[i + 8] = putU(out, e.rank, 8, 'rank') | (putU(out, e.chosen, 8, 'chosen') << 8) | (putU(out, e.reason, 16, 'reason') << 16);
  out.i32[i + 9] = putU(out, e.account, 32, 'account');
  putN(out, i + 10, e.priceTicks, 'priceTicks');
  putNSet(out, i + 12, e.allocatedLots, 'allocatedLots');
  putN(out, i + 14, e.feeE12, 'feeE12');
  putN(out, i + 16, e.slippageE12, 'slippageE12');
  putN(out, i + 18, e.latencyNs, 'latencyNs');
  putN(out, i + 20, e.fundingE12, 'fundingE12');
  putN(out, i + 22, e.inventoryE12, 'inventoryE12');
  putN(out, i + 24, e.totalE12, 'totalE12');
  return e.ext === '' ? words : putExtension(out, i, words, e.ext);
}

function encodeNoAction(out: RecordOut, e: NoAction): number {
  const words = e.ext !== '' ? 7 : (e.aheadLots !== NONE) ? 7 : (e.orderId !== NONE) ? 6 : 5;
  reserveWords(out, words);
  const i = out.words * 2;
  putHeader(out, i, words | 0x540000, e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  putRef(out, i + 4, e.cause, e.causeTape);
  putId(out, i + 6, e.intentId, 'intentId');
  out.i32[i + 8] = putU(out, e.code, 16, 'code');
  out.i32[i + 9] = 0;
  if (words > 5) {
    putId(out, i + 10, e.orderId, 'orderId');
  }
  if (words > 6) {
    putN(out, i + 12, e.aheadLots, 'aheadLots');
  }
  return e.ext === '' ? words : putExtension(out, i, words, e.ext);
}

function encodeCashFlow(out: RecordOut, e: CashFlow): number {
  const words = e.ext !== '' ? 9 : (e.matchTime !== NONE) ? 9 : (e.tradeId !== NONE) ? 8 : (e.orderId !== NONE) ? 7 : 6;
  reserveWords(out, words);
  const i = out.words * 2;
  putHeader(out, i, words | 0x600000, e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  putRef(out, i + 4, e.cause, e.causeTape);
  putMSet(out, i + 6, e.amount, 'amount');
  out.i32[i + 10] = putU(out, e.asset, 16, 'asset') | (putU(out, e.reason, 16, 'reason') << 16);
  out.i32[i + 11] = putU(out, e.account, 32, 'account');
  if (words > 6) {
    putId(out, i + 12, e.orderId, 'orderId');
  }
  if (words > 7) {
    putId(out, i + 14, e.tradeId, 'tradeId');
  }
  if (words > 8) {
    putT(out, i + 16, e.matchTime, 'matchTime');
  }
  return e.ext === '' ? words : putExtension(out, i, words, e.ext);
}

function encodeFundingPaid(out: RecordOut, e: FundingPaid): number {
  const words = e.ext !== '' ? 10 : 10;
  reserveWords(out, words);
  const i = out.words * 2;
  putHeader(out, i, words | 0x610000, e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  putRef(out, i + 4, e.cause, e.causeTape);
  putMSet(out, i + 6, e.amount, 'amount');
  out.i32[i + 10] = putU(out, e.asset, 16, 'asset');
  out.i32[i + 11] = putU(out, e.account, 32, 'account');
  putNSet(out, i + 12, e.positionLots, 'positionLots');
  putNSet(out, i + 14, e.rateE12, 'rateE12');
  putNSet(out, i + 16, e.markFine, 'markFine');
  putTSet(out, i + 18, e.fundingTime, 'fundingTime');
  return e.ext === '' ? words : putExtension(out, i, words, e.ext);
}

function encodeSettlement(out: RecordOut, e: Settlement): number {
  const words = e.ext !== '' ? 8 : 8;
  reserveWords(out, words);
  const i = out.words * 2;
  putHeader(out, i, words | 0x620000, e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  putRef(out, i + 4, e.cause, e.causeTape);
  putMSet(out, i + 6, e.amount, 'amount');
  out.i32[i + 10] = putU(out, e.asset, 16, 'asset') | (putU(out, e.reason, 16, 'reason') << 16);
  out.i32[i + 11] = putU(out, e.account, 32, 'account');
  putNSet(out, i + 12, e.positionLots, 'positionLots');
  putNSet(out, i + 14, e.priceFine, 'priceFine');
  return e.ext === '' ? words : putExtension(out, i, words, e.ext);
}

function encodeTruthOrder(out: RecordOut, e: TruthOrder): number {
  const words = e.ext !== '' ? 11 : (e.matchTime !== NONE) ? 11 : (e.avgFine !== NONE) ? 10 : 9;
  reserveWords(out, words);
  const i = out.words * 2;
  putHeader(out, i, words | 0x700000, e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  putRef(out, i + 4, e.cause, e.causeTape);
  putIdSet(out, i + 6, e.batchId, 'batchId');
  putIdSet(out, i + 8, e.orderId, 'orderId');
  putN(out, i + 10, e.priceTicks, 'priceTicks');
  putNSet(out, i + 12, e.qtyLots, 'qtyLots');
  putNSet(out, i + 14, e.cumLots, 'cumLots');
  out.i32[i + 16] = putU(out, e.status, 8, 'status') | (putU(out, e.tif, 8, 'tif') << 8) | (putU(out, e.type, 8, 'type') << 16) | (putU(out, e.positionSide, 8, 'positionSide') << 24);
  out.i32[i + 17] = putU(out, e.account, 32, 'account');
  if (words > 9) {
    putN(out, i + 18, e.avgFine, 'avgFine');
  }
  if (words > 10) {
    putT(out, i + 20, e.matchTime, 'matchTime');
  }
  return e.ext === '' ? words : putExtension(out, i, words, e.ext);
}

function encodeTruthPosition(out: RecordOut, e: TruthPosition): number {
  const words = e.ext !== '' ? 12 : (e.asset !== 0) ? 12 : (e.unrealised !== MONEY_NONE) ? 11 : (e.liquidationFine !== NONE) ? 9 : (e.markFine !== NONE) ? 8 : 7;
  reserveWords(out, words);
  const i = out.words * 2;
  putHeader(out, i, words | 0x710000, e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  putRef(out, i + 4, e.cause, e.causeTape);
  putIdSet(out, i + 6, e.batchId, 'batchId');
  putNSet(out, i + 8, e.positionLots, 'positionLots');
  putN(out, i + 10, e.entryFine, 'entryFine');
  out.i32[i + 12] = putU(out, e.positionSide, 8, 'positionSide') | (putU(out, e.marginMode, 8, 'marginMode') << 8) | (putU(out, e.leverageX100, 16, 'leverageX100') << 16);
  out.i32[i + 13] = putU(out, e.account, 32, 'account');
  if (words > 7) {
    putN(out, i + 14, e.markFine, 'markFine');
  }
  if (words > 8) {
    putN(out, i + 16, e.liquidationFine, 'liquidationFine');
  }
  if (words > 9) {
    putM(out, i + 18, e.unrealised, 'unrealised');
  }
  if (words > 11) {
    out.i32[i + 22] = putU(out, e.asset, 16, 'asset');
    out.i32[i + 23] = 0;
  }
  return e.ext === '' ? words : putExtension(out, i, words, e.ext);
}

function encodeTruthBalance(out: RecordOut, e: TruthBalance): number {
  const words = e.ext !== '' ? 9 : 9;
  reserveWords(out, words);
  const i = out.words * 2;
  putHeader(out, i, words | 0x720000, e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  putRef(out, i + 4, e.cause, e.causeTape);
  putIdSet(out, i + 6, e.batchId, 'batchId');
  putMSet(out, i + 8, e.wallet, 'wallet');
  putM(out, i + 12, e.available, 'available');
  out.i32[i + 16] = putU(out, e.asset, 16, 'asset');
  out.i32[i + 17] = putU(out, e.account, 32, 'account');
  return e.ext === '' ? words : putExtension(out, i, words, e.ext);
}

function encodeDivergence(out: RecordOut, e: Divergence): number {
  const words = e.ext !== '' ? 11 : (e.account !== 0) ? 11 : (e.orderId !== NONE) ? 10 : 9;
  reserveWords(out, words);
  const i = out.words * 2;
  putHeader(out, i, words | 0x730000, e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  putRef(out, i + 4, e.cause, e.causeTape);
  putIdSet(out, i + 6, e.batchId, 'batchId');
  out.i32[i + 8] = putU(out, e.subject, 8, 'subject') | (putU(out, e.severity, 8, 'severity') << 8) | (putU(out, e.code, 16, 'code') << 16);
  out.i32[i + 9] = putU(out, e.action, 16, 'action') | (putU(out, e.asset, 16, 'asset') << 16);
  putM(out, i + 10, e.expected, 'expected');
  putM(out, i + 14, e.observed, 'observed');
  if (words > 9) {
    putId(out, i + 18, e.orderId, 'orderId');
  }
  if (words > 10) {
    out.i32[i + 20] = putU(out, e.account, 32, 'account');
    out.i32[i + 21] = 0;
  }
  return e.ext === '' ? words : putExtension(out, i, words, e.ext);
}

function encodeReconcileReport(out: RecordOut, e: ReconcileReport): number {
  const words = e.ext !== '' ? 9 : 9;
  reserveWords(out, words);
  const i = out.words * 2;
  putHeader(out, i, words | 0x740000, e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  putRef(out, i + 4, e.cause, e.causeTape);
  putIdSet(out, i + 6, e.batchId, 'batchId');
  out.i32[i + 8] = putU(out, e.scope, 8, 'scope') | (putU(out, e.status, 8, 'status') << 8) | (putU(out, e.reason, 16, 'reason') << 16);
  out.i32[i + 9] = putU(out, e.account, 32, 'account');
  putNSet(out, i + 10, e.lookbackNs, 'lookbackNs');
  out.i32[i + 12] = putU(out, e.asked, 32, 'asked');
  out.i32[i + 13] = putU(out, e.answered, 32, 'answered');
  out.i32[i + 14] = putU(out, e.matched, 32, 'matched');
  out.i32[i + 15] = putU(out, e.diverged, 32, 'diverged');
  out.i32[i + 16] = putU(out, e.unresolved, 32, 'unresolved');
  out.i32[i + 17] = putU(out, e.repaired, 32, 'repaired');
  return e.ext === '' ? words : putExtension(out, i, words, e.ext);
}

function encodeLifecycle(out: RecordOut, e: Lifecycle): number {
  const words = e.ext !== '' ? 4 : 4;
  reserveWords(out, words);
  const i = out.words * 2;
  putHeader(out, i, words | 0x800000, e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  putRef(out, i + 4, e.cause, e.causeTape);
  out.i32[i + 6] = putU(out, e.from, 8, 'from') | (putU(out, e.to, 8, 'to') << 8) | (putU(out, e.reason, 16, 'reason') << 16);
  out.i32[i + 7] = 0;
  return e.ext === '' ? words : putExtension(out, i, words, e.ext);
}

function encodeRegime(out: RecordOut, e: Regime): number {
  const words = e.ext !== '' ? 4 : 4;
  reserveWords(out, words);
  const i = out.words * 2;
  putHeader(out, i, words | 0x810000, e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  putRef(out, i + 4, e.cause, e.causeTape);
  out.i32[i + 6] = putU(out, e.from, 16, 'from') | (putU(out, e.to, 16, 'to') << 16);
  out.i32[i + 7] = putU(out, e.reason, 16, 'reason');
  return e.ext === '' ? words : putExtension(out, i, words, e.ext);
}

function encodeOperatorCommand(out: RecordOut, e: OperatorCommand): number {
  const bytes = utf8Length(e.json);
  const words = 5 + Math.ceil(bytes / 8);
  if (bytes < 0 || words > RECORD_WORDS_MAX) {
    out.fault ??= 'json';
    return 0;
  }
  reserveWords(out, words);
  const i = out.words * 2;
  putHeader(out, i, words | 0x820000, e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  putRef(out, i + 4, e.cause, e.causeTape);
  out.i32[i + 6] = putU(out, e.command, 16, 'command') | (putU(out, e.scope, 16, 'scope') << 16);
  out.i32[i + 7] = putU(out, e.account, 32, 'account');
  out.i32[i + 8] = bytes;
  out.i32[i + 9] = 0;
  out.u8.fill(0, i * 4 + 40, (i + words * 2) * 4);
  writeUtf8(out.u8, i * 4 + 40, e.json);
  return words;
}

function encodeMode(out: RecordOut, e: Mode): number {
  const words = e.ext !== '' ? 9 : (e.configHash !== '') ? 9 : (e.leaseUntil !== NONE) ? 5 : 4;
  reserveWords(out, words);
  const i = out.words * 2;
  putHeader(out, i, words | 0x830000, e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  putRef(out, i + 4, e.cause, e.causeTape);
  out.i32[i + 6] = putU(out, e.from, 8, 'from') | (putU(out, e.to, 8, 'to') << 8) | (putU(out, e.armed, 8, 'armed') << 16) | (putU(out, e.tier, 8, 'tier') << 24);
  out.i32[i + 7] = putU(out, e.reason, 16, 'reason');
  if (words > 4) {
    putT(out, i + 8, e.leaseUntil, 'leaseUntil');
  }
  if (words > 5) {
    putHash(out, i + 10, e.configHash, 'configHash');
  }
  return e.ext === '' ? words : putExtension(out, i, words, e.ext);
}

function encodeKillSwitch(out: RecordOut, e: KillSwitch): number {
  const words = e.ext !== '' ? 4 : 4;
  reserveWords(out, words);
  const i = out.words * 2;
  putHeader(out, i, words | 0x840000, e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  putRef(out, i + 4, e.cause, e.causeTape);
  out.i32[i + 6] = putU(out, e.level, 8, 'level') | (putU(out, e.previous, 8, 'previous') << 8) | (putU(out, e.code, 16, 'code') << 16);
  out.i32[i + 7] = putU(out, e.account, 32, 'account');
  return e.ext === '' ? words : putExtension(out, i, words, e.ext);
}

function encodeFaultInjected(out: RecordOut, e: FaultInjected): number {
  const words = e.ext !== '' ? 6 : (e.orderId !== NONE) ? 6 : 5;
  reserveWords(out, words);
  const i = out.words * 2;
  putHeader(out, i, words | 0x850000, e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  putRef(out, i + 4, e.cause, e.causeTape);
  out.i32[i + 6] = putU(out, e.fault, 16, 'fault') | (putU(out, e.effect, 8, 'effect') << 16) | (putU(out, e.handling, 8, 'handling') << 24);
  out.i32[i + 7] = 0;
  putNSet(out, i + 8, e.value, 'value');
  if (words > 5) {
    putId(out, i + 10, e.orderId, 'orderId');
  }
  return e.ext === '' ? words : putExtension(out, i, words, e.ext);
}

function encodeInvariantViolated(out: RecordOut, e: InvariantViolated): number {
  const bytes = utf8Length(e.text);
  const words = 4 + Math.ceil(bytes / 8);
  if (bytes < 0 || words > RECORD_WORDS_MAX) {
    out.fault ??= 'text';
    return 0;
  }
  reserveWords(out, words);
  const i = out.words * 2;
  putHeader(out, i, words | 0x860000, e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  putRef(out, i + 4, e.cause, e.causeTape);
  out.i32[i + 6] = bytes;
  out.i32[i + 7] = 0;
  out.u8.fill(0, i * 4 + 32, (i + words * 2) * 4);
  writeUtf8(out.u8, i * 4 + 32, e.text);
  return words;
}

function encodeOverrun(out: RecordOut, e: Overrun): number {
  const words = e.ext !== '' ? 6 : 6;
  reserveWords(out, words);
  const i = out.words * 2;
  putHeader(out, i, words | 0x870000, e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  putRef(out, i + 4, e.cause, e.causeTape);
  putIdSet(out, i + 6, e.lostFrom, 'lostFrom');
  putIdSet(out, i + 8, e.lostTo, 'lostTo');
  out.i32[i + 10] = putU(out, e.policy, 8, 'policy');
  out.i32[i + 11] = 0;
  return e.ext === '' ? words : putExtension(out, i, words, e.ext);
}

function encodeDropped(out: RecordOut, e: Dropped): number {
  const words = e.ext !== '' ? 8 : (e.qtyLots !== NONE) ? 8 : (e.priceTicks !== NONE) ? 7 : (e.account !== 0) ? 6 : 5;
  reserveWords(out, words);
  const i = out.words * 2;
  putHeader(out, i, words | 0x880000, e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  putRef(out, i + 4, e.cause, e.causeTape);
  putId(out, i + 6, e.orderId, 'orderId');
  out.i32[i + 8] = putU(out, e.command, 8, 'command') | (putU(out, e.policy, 8, 'policy') << 8) | (putU(out, e.reason, 16, 'reason') << 16);
  out.i32[i + 9] = putU(out, e.depth, 32, 'depth');
  if (words > 5) {
    out.i32[i + 10] = putU(out, e.account, 32, 'account');
    out.i32[i + 11] = 0;
  }
  if (words > 6) {
    putN(out, i + 12, e.priceTicks, 'priceTicks');
  }
  if (words > 7) {
    putN(out, i + 14, e.qtyLots, 'qtyLots');
  }
  return e.ext === '' ? words : putExtension(out, i, words, e.ext);
}

function encodeTimer(out: RecordOut, e: Timer): number {
  const words = e.ext !== '' ? 5 : 5;
  reserveWords(out, words);
  const i = out.words * 2;
  putHeader(out, i, words | 0x890000, e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  putRef(out, i + 4, e.cause, e.causeTape);
  putIdSet(out, i + 6, e.timerId, 'timerId');
  putTSet(out, i + 8, e.dueTime, 'dueTime');
  return e.ext === '' ? words : putExtension(out, i, words, e.ext);
}

function encodeSession(out: RecordOut, e: Session): number {
  const bytes = utf8Length(e.json);
  const words = 4 + Math.ceil(bytes / 8);
  if (bytes < 0 || words > RECORD_WORDS_MAX) {
    out.fault ??= 'json';
    return 0;
  }
  reserveWords(out, words);
  const i = out.words * 2;
  putHeader(out, i, words | 0x8a0000, e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  putRef(out, i + 4, e.cause, e.causeTape);
  out.i32[i + 6] = bytes;
  out.i32[i + 7] = 0;
  out.u8.fill(0, i * 4 + 32, (i + words * 2) * 4);
  writeUtf8(out.u8, i * 4 + 32, e.json);
  return words;
}

function encodeClock(out: RecordOut, e: Clock): number {
  const words = e.ext !== '' ? 7 : 7;
  reserveWords(out, words);
  const i = out.words * 2;
  putHeader(out, i, words | 0x8b0000, e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  putRef(out, i + 4, e.cause, e.causeTape);
  putTSet(out, i + 6, e.wallTime, 'wallTime');
  putNSet(out, i + 8, e.offsetNs, 'offsetNs');
  putN(out, i + 10, e.uncertaintyNs, 'uncertaintyNs');
  out.i32[i + 12] = putU(out, e.method, 8, 'method') | (putU(out, e.applied, 8, 'applied') << 8);
  out.i32[i + 13] = 0;
  return e.ext === '' ? words : putExtension(out, i, words, e.ext);
}

function encodeAck(out: RecordOut, e: Ack): number {
  const words = e.ext !== '' ? 7 : 7;
  reserveWords(out, words);
  const i = out.words * 2;
  putHeader(out, i, words | 0x8c0000, e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  putRef(out, i + 4, e.cause, e.causeTape);
  putIdSet(out, i + 6, e.ofSeq, 'ofSeq');
  putIdSet(out, i + 8, e.decidedStep, 'decidedStep');
  putIdSet(out, i + 10, e.completedStep, 'completedStep');
  out.i32[i + 12] = putU(out, e.provisional, 8, 'provisional');
  out.i32[i + 13] = 0;
  return e.ext === '' ? words : putExtension(out, i, words, e.ext);
}

function encodeAlert(out: RecordOut, e: Alert): number {
  const words = e.ext !== '' ? 4 : 4;
  reserveWords(out, words);
  const i = out.words * 2;
  putHeader(out, i, words | 0x8d0000, e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  putRef(out, i + 4, e.cause, e.causeTape);
  out.i32[i + 6] = putU(out, e.severity, 8, 'severity') | (putU(out, e.state, 8, 'state') << 8) | (putU(out, e.code, 16, 'code') << 16);
  out.i32[i + 7] = putU(out, e.account, 32, 'account');
  return e.ext === '' ? words : putExtension(out, i, words, e.ext);
}

type Encode = (out: RecordOut, e: never) => number;

// Tables and not switches: the codes are too far apart for a jump table, and tests one by one cost 15 ns.
const ENCODERS: Encode[] = [];
ENCODERS[Kind.Unknown] = encodeUnknown;
ENCODERS[Kind.Define] = encodeDefine;
ENCODERS[Kind.Note] = encodeNote;
ENCODERS[Kind.Raw] = encodeRaw;
ENCODERS[Kind.Checkpoint] = encodeCheckpoint;
ENCODERS[Kind.Alias] = encodeAlias;
ENCODERS[Kind.Skip] = encodeSkip;
ENCODERS[Kind.NewOrder] = encodeNewOrder;
ENCODERS[Kind.CancelOrder] = encodeCancelOrder;
ENCODERS[Kind.AmendOrder] = encodeAmendOrder;
ENCODERS[Kind.CancelAll] = encodeCancelAll;
ENCODERS[Kind.Sent] = encodeSent;
ENCODERS[Kind.Outcome] = encodeOutcome;
ENCODERS[Kind.Accepted] = encodeAccepted;
ENCODERS[Kind.Rejected] = encodeRejected;
ENCODERS[Kind.Fill] = encodeFill;
ENCODERS[Kind.Canceled] = encodeCanceled;
ENCODERS[Kind.Amended] = encodeAmended;
ENCODERS[Kind.Expired] = encodeExpired;
ENCODERS[Kind.CancelAllDone] = encodeCancelAllDone;
ENCODERS[Kind.Trade] = encodeTrade;
ENCODERS[Kind.Quote] = encodeQuote;
ENCODERS[Kind.Level] = encodeLevel;
ENCODERS[Kind.BookUpdate] = encodeBookUpdate;
ENCODERS[Kind.BookReset] = encodeBookReset;
ENCODERS[Kind.Mark] = encodeMark;
ENCODERS[Kind.FundingRate] = encodeFundingRate;
ENCODERS[Kind.TradingStatus] = encodeTradingStatus;
ENCODERS[Kind.Bar] = encodeBar;
ENCODERS[Kind.FeedStatus] = encodeFeedStatus;
ENCODERS[Kind.Intent] = encodeIntent;
ENCODERS[Kind.Target] = encodeTarget;
ENCODERS[Kind.RiskDecision] = encodeRiskDecision;
ENCODERS[Kind.RouteDecision] = encodeRouteDecision;
ENCODERS[Kind.NoAction] = encodeNoAction;
ENCODERS[Kind.CashFlow] = encodeCashFlow;
ENCODERS[Kind.FundingPaid] = encodeFundingPaid;
ENCODERS[Kind.Settlement] = encodeSettlement;
ENCODERS[Kind.TruthOrder] = encodeTruthOrder;
ENCODERS[Kind.TruthPosition] = encodeTruthPosition;
ENCODERS[Kind.TruthBalance] = encodeTruthBalance;
ENCODERS[Kind.Divergence] = encodeDivergence;
ENCODERS[Kind.ReconcileReport] = encodeReconcileReport;
ENCODERS[Kind.Lifecycle] = encodeLifecycle;
ENCODERS[Kind.Regime] = encodeRegime;
ENCODERS[Kind.OperatorCommand] = encodeOperatorCommand;
ENCODERS[Kind.Mode] = encodeMode;
ENCODERS[Kind.KillSwitch] = encodeKillSwitch;
ENCODERS[Kind.FaultInjected] = encodeFaultInjected;
ENCODERS[Kind.InvariantViolated] = encodeInvariantViolated;
ENCODERS[Kind.Overrun] = encodeOverrun;
ENCODERS[Kind.Dropped] = encodeDropped;
ENCODERS[Kind.Timer] = encodeTimer;
ENCODERS[Kind.Session] = encodeSession;
ENCODERS[Kind.Clock] = encodeClock;
ENCODERS[Kind.Ack] = encodeAck;
ENCODERS[Kind.Alert] = encodeAlert;

/** Encodes an event behind the words written so far; returns its words (not yet counted), 0 with a fault. */
export function encodeWords(out: RecordOut, e: Event): number {
  return ENCODERS[e.kind](out, e as never);
}

function decodeDefine(b: RecordBuffer, i: number, epoch: Epoch, seq: number): Define {
  const from = i * 4 + 32;
  const to = from + (b.u32[i + 6]);
  return {
    kind: Kind.Define,
    seq,
    timeNs: getT(b, i + 2, epoch),
    flags: b.u32[i] >>> 24,
    instrument: b.u32[i + 1] & 0xffff,
    source: b.u32[i + 1] >>> 16,
    table: b.u32[i + 4] & 0xff,
    index: b.u32[i + 5],
    json: decodeUtf8(b.u8, from, to) ?? '',
  };
}

function decodeNote(b: RecordBuffer, i: number, epoch: Epoch, seq: number): Note {
  const from = i * 4 + 32;
  const to = from + (b.u32[i + 6]);
  return {
    kind: Kind.Note,
    seq,
    timeNs: getT(b, i + 2, epoch),
    flags: b.u32[i] >>> 24,
    instrument: b.u32[i + 1] & 0xffff,
    source: b.u32[i + 1] >>> 16,
    cause: getRefSeq(b, i + 4),
    causeTape: getRefTape(b, i + 4),
    topic: b.u32[i + 7] & 0xffff,
    text: decodeUtf8(b.u8, from, to) ?? '',
  };
}

function decodeRaw(b: RecordBuffer, i: number, epoch: Epoch, seq: number): Raw {
  const from = i * 4 + 40;
  const to = from + (b.u32[i + 7]);
  return {
    kind: Kind.Raw,
    seq,
    timeNs: getT(b, i + 2, epoch),
    flags: b.u32[i] >>> 24,
    instrument: b.u32[i + 1] & 0xffff,
    source: b.u32[i + 1] >>> 16,
    cause: getRefSeq(b, i + 4),
    causeTape: getRefTape(b, i + 4),
    direction: b.u32[i + 6] & 0xff,
    channel: (b.u32[i + 6] >>> 8) & 0xff,
    httpStatus: (b.u32[i + 6] >>> 16) & 0xffff,
    totalBytes: b.u32[i + 8],
    offset: b.u32[i + 9],
    bytes: b.u8.slice(from, to),
  };
}

function decodeCheckpoint(b: RecordBuffer, i: number, epoch: Epoch, seq: number): Checkpoint {
  const words = b.u32[i] & 0xffff;
  return {
    kind: Kind.Checkpoint,
    seq,
    timeNs: getT(b, i + 2, epoch),
    flags: b.u32[i] >>> 24,
    instrument: b.u32[i + 1] & 0xffff,
    source: b.u32[i + 1] >>> 16,
    cause: getRefSeq(b, i + 4),
    causeTape: getRefTape(b, i + 4),
    coversSeq: getN(b, i + 6),
    scope: b.u32[i + 8] & 0xff,
    hashVersion: (b.u32[i + 8] >>> 8) & 0xff,
    stateHash: getHash(b, i + 10),
    ext: words > 9 ? getExtension(b, i, 9) : '',
  };
}

function decodeAlias(b: RecordBuffer, i: number, epoch: Epoch, seq: number): Alias {
  const from = i * 4 + 40;
  const to = from + (b.u32[i + 9]);
  return {
    kind: Kind.Alias,
    seq,
    timeNs: getT(b, i + 2, epoch),
    flags: b.u32[i] >>> 24,
    instrument: b.u32[i + 1] & 0xffff,
    source: b.u32[i + 1] >>> 16,
    cause: getRefSeq(b, i + 4),
    causeTape: getRefTape(b, i + 4),
    id: getN(b, i + 6),
    scope: b.u32[i + 8] & 0xff,
    text: decodeUtf8(b.u8, from, to) ?? '',
  };
}

function decodeSkip(b: RecordBuffer, i: number, epoch: Epoch, seq: number): Skip {
  const words = b.u32[i] & 0xffff;
  return {
    kind: Kind.Skip,
    seq,
    timeNs: getT(b, i + 2, epoch),
    flags: b.u32[i] >>> 24,
    instrument: b.u32[i + 1] & 0xffff,
    source: b.u32[i + 1] >>> 16,
    count: getN(b, i + 4),
    ext: words > 3 ? getExtension(b, i, 3) : '',
  };
}

function decodeNewOrder(b: RecordBuffer, i: number, epoch: Epoch, seq: number): NewOrder {
  const words = b.u32[i] & 0xffff;
  return {
    kind: Kind.NewOrder,
    seq,
    timeNs: getT(b, i + 2, epoch),
    flags: b.u32[i] >>> 24,
    instrument: b.u32[i + 1] & 0xffff,
    source: b.u32[i + 1] >>> 16,
    cause: getRefSeq(b, i + 4),
    causeTape: getRefTape(b, i + 4),
    orderId: getN(b, i + 6),
    priceTicks: getN(b, i + 8),
    qtyLots: getN(b, i + 10),
    type: b.u32[i + 12] & 0xff,
    tif: (b.u32[i + 12] >>> 8) & 0xff,
    postOnly: (b.u32[i + 12] >>> 16) & 0xff,
    stp: (b.u32[i + 12] >>> 24) & 0xff,
    account: b.u32[i + 13],
    intentId: words > 7 ? getN(b, i + 14) : NONE,
    minQtyLots: words > 8 ? getN(b, i + 16) : NONE,
    positionSide: words > 9 ? b.u32[i + 18] & 0xff : 0,
    exec: words > 9 ? (b.u32[i + 18] >>> 8) & 0xff : 0,
    parentOrderId: words > 10 ? getN(b, i + 20) : NONE,
    decidedTime: words > 11 ? getT(b, i + 22, epoch) : NONE,
    expireTime: words > 12 ? getT(b, i + 24, epoch) : NONE,
    stopTicks: words > 13 ? getN(b, i + 26) : NONE,
    displayLots: words > 14 ? getN(b, i + 28) : NONE,
    requestId: words > 15 ? getN(b, i + 30) : NONE,
    ext: words > 16 ? getExtension(b, i, 16) : '',
  };
}

function decodeCancelOrder(b: RecordBuffer, i: number, epoch: Epoch, seq: number): CancelOrder {
  const words = b.u32[i] & 0xffff;
  return {
    kind: Kind.CancelOrder,
    seq,
    timeNs: getT(b, i + 2, epoch),
    flags: b.u32[i] >>> 24,
    instrument: b.u32[i + 1] & 0xffff,
    source: b.u32[i + 1] >>> 16,
    cause: getRefSeq(b, i + 4),
    causeTape: getRefTape(b, i + 4),
    orderId: getN(b, i + 6),
    account: b.u32[i + 8],
    reason: b.u32[i + 9] & 0xffff,
    decidedTime: words > 5 ? getT(b, i + 10, epoch) : NONE,
    requestId: words > 6 ? getN(b, i + 12) : NONE,
    ext: words > 7 ? getExtension(b, i, 7) : '',
  };
}

function decodeAmendOrder(b: RecordBuffer, i: number, epoch: Epoch, seq: number): AmendOrder {
  const words = b.u32[i] & 0xffff;
  return {
    kind: Kind.AmendOrder,
    seq,
    timeNs: getT(b, i + 2, epoch),
    flags: b.u32[i] >>> 24,
    instrument: b.u32[i + 1] & 0xffff,
    source: b.u32[i + 1] >>> 16,
    cause: getRefSeq(b, i + 4),
    causeTape: getRefTape(b, i + 4),
    orderId: getN(b, i + 6),
    priceTicks: getN(b, i + 8),
    qtyLots: getN(b, i + 10),
    qtyMode: b.u32[i + 12] & 0xff,
    postOnly: (b.u32[i + 12] >>> 8) & 0xff,
    account: b.u32[i + 13],
    newOrderId: words > 7 ? getN(b, i + 14) : NONE,
    decidedTime: words > 8 ? getT(b, i + 16, epoch) : NONE,
    requestId: words > 9 ? getN(b, i + 18) : NONE,
    ext: words > 10 ? getExtension(b, i, 10) : '',
  };
}

function decodeCancelAll(b: RecordBuffer, i: number, epoch: Epoch, seq: number): CancelAll {
  const words = b.u32[i] & 0xffff;
  return {
    kind: Kind.CancelAll,
    seq,
    timeNs: getT(b, i + 2, epoch),
    flags: b.u32[i] >>> 24,
    instrument: b.u32[i + 1] & 0xffff,
    source: b.u32[i + 1] >>> 16,
    cause: getRefSeq(b, i + 4),
    causeTape: getRefTape(b, i + 4),
    account: b.u32[i + 6],
    scope: b.u32[i + 7] & 0xff,
    decidedTime: words > 4 ? getT(b, i + 8, epoch) : NONE,
    requestId: words > 5 ? getN(b, i + 10) : NONE,
    ext: words > 6 ? getExtension(b, i, 6) : '',
  };
}

function decodeSent(b: RecordBuffer, i: number, epoch: Epoch, seq: number): Sent {
  const words = b.u32[i] & 0xffff;
  return {
    kind: Kind.Sent,
    seq,
    timeNs: getT(b, i + 2, epoch),
    flags: b.u32[i] >>> 24,
    instrument: b.u32[i + 1] & 0xffff,
    source: b.u32[i + 1] >>> 16,
    cause: getRefSeq(b, i + 4),
    causeTape: getRefTape(b, i + 4),
    attempt: b.u32[i + 6] & 0xffff,
    channel: (b.u32[i + 6] >>> 16) & 0xff,
    weight: b.u32[i + 7],
    ext: words > 4 ? getExtension(b, i, 4) : '',
  };
}

function decodeOutcome(b: RecordBuffer, i: number, epoch: Epoch, seq: number): Outcome {
  const words = b.u32[i] & 0xffff;
  return {
    kind: Kind.Outcome,
    seq,
    timeNs: getT(b, i + 2, epoch),
    flags: b.u32[i] >>> 24,
    instrument: b.u32[i + 1] & 0xffff,
    source: b.u32[i + 1] >>> 16,
    cause: getRefSeq(b, i + 4),
    causeTape: getRefTape(b, i + 4),
    outcome: b.u32[i + 6] & 0xff,
    channel: (b.u32[i + 6] >>> 8) & 0xff,
    code: (b.u32[i + 6] >>> 16) & 0xffff,
    httpStatus: b.u32[i + 7] & 0xffff,
    attempt: (b.u32[i + 7] >>> 16) & 0xffff,
    venueCode: getN(b, i + 8),
    retryAfterNs: words > 5 ? getN(b, i + 10) : NONE,
    sendTime: words > 6 ? getT(b, i + 12, epoch) : NONE,
    ext: words > 7 ? getExtension(b, i, 7) : '',
  };
}

function decodeAccepted(b: RecordBuffer, i: number, epoch: Epoch, seq: number): Accepted {
  const words = b.u32[i] & 0xffff;
  return {
    kind: Kind.Accepted,
    seq,
    timeNs: getT(b, i + 2, epoch),
    flags: b.u32[i] >>> 24,
    instrument: b.u32[i + 1] & 0xffff,
    source: b.u32[i + 1] >>> 16,
    cause: getRefSeq(b, i + 4),
    causeTape: getRefTape(b, i + 4),
    orderId: getN(b, i + 6),
    priceTicks: getN(b, i + 8),
    leavesLots: getN(b, i + 10),
    account: words > 6 ? b.u32[i + 12] : 0,
    type: words > 6 ? b.u32[i + 13] & 0xff : 0,
    tif: words > 6 ? (b.u32[i + 13] >>> 8) & 0xff : 0,
    matchTime: words > 7 ? getT(b, i + 14, epoch) : NONE,
    sendTime: words > 8 ? getT(b, i + 16, epoch) : NONE,
    ext: words > 9 ? getExtension(b, i, 9) : '',
  };
}

function decodeRejected(b: RecordBuffer, i: number, epoch: Epoch, seq: number): Rejected {
  const words = b.u32[i] & 0xffff;
  return {
    kind: Kind.Rejected,
    seq,
    timeNs: getT(b, i + 2, epoch),
    flags: b.u32[i] >>> 24,
    instrument: b.u32[i + 1] & 0xffff,
    source: b.u32[i + 1] >>> 16,
    cause: getRefSeq(b, i + 4),
    causeTape: getRefTape(b, i + 4),
    orderId: getN(b, i + 6),
    command: b.u32[i + 8] & 0xff,
    by: (b.u32[i + 8] >>> 8) & 0xff,
    code: (b.u32[i + 8] >>> 16) & 0xffff,
    account: b.u32[i + 9],
    venueCode: words > 5 ? getN(b, i + 10) : NONE,
    matchTime: words > 6 ? getT(b, i + 12, epoch) : NONE,
    sendTime: words > 7 ? getT(b, i + 14, epoch) : NONE,
    priceTicks: words > 8 ? getN(b, i + 16) : NONE,
    qtyLots: words > 9 ? getN(b, i + 18) : NONE,
    ext: words > 10 ? getExtension(b, i, 10) : '',
  };
}

function decodeFill(b: RecordBuffer, i: number, epoch: Epoch, seq: number): Fill {
  const words = b.u32[i] & 0xffff;
  return {
    kind: Kind.Fill,
    seq,
    timeNs: getT(b, i + 2, epoch),
    flags: b.u32[i] >>> 24,
    instrument: b.u32[i + 1] & 0xffff,
    source: b.u32[i + 1] >>> 16,
    cause: getRefSeq(b, i + 4),
    causeTape: getRefTape(b, i + 4),
    tradeId: getN(b, i + 6),
    priceTicks: getN(b, i + 8),
    qtyLots: getN(b, i + 10),
    makerOrderId: getN(b, i + 12),
    takerOrderId: getN(b, i + 14),
    makerLeaves: getN(b, i + 16),
    takerLeaves: getN(b, i + 18),
    makerAccount: words > 10 ? b.u32[i + 20] : 0,
    takerAccount: words > 10 ? b.u32[i + 21] : 0,
    liquidity: words > 11 ? b.u32[i + 22] & 0xff : 0,
    condition: words > 11 ? (b.u32[i + 22] >>> 8) & 0xff : 0,
    basis: words > 11 ? (b.u32[i + 22] >>> 16) & 0xff : 0,
    priceFine: words > 12 ? getN(b, i + 24) : NONE,
    matchTime: words > 13 ? getT(b, i + 26, epoch) : NONE,
    sendTime: words > 14 ? getT(b, i + 28, epoch) : NONE,
    ext: words > 15 ? getExtension(b, i, 15) : '',
  };
}

function decodeCanceled(b: RecordBuffer, i: number, epoch: Epoch, seq: number): Canceled {
  const words = b.u32[i] & 0xffff;
  return {
    kind: Kind.Canceled,
    seq,
    timeNs: getT(b, i + 2, epoch),
    flags: b.u32[i] >>> 24,
    instrument: b.u32[i + 1] & 0xffff,
    source: b.u32[i + 1] >>> 16,
    cause: getRefSeq(b, i + 4),
    causeTape: getRefTape(b, i + 4),
    orderId: getN(b, i + 6),
    canceledLots: getN(b, i + 8),
    reason: b.u32[i + 10] & 0xffff,
    account: b.u32[i + 11],
    contraOrderId: words > 6 ? getN(b, i + 12) : NONE,
    matchTime: words > 7 ? getT(b, i + 14, epoch) : NONE,
    sendTime: words > 8 ? getT(b, i + 16, epoch) : NONE,
    ext: words > 9 ? getExtension(b, i, 9) : '',
  };
}

function decodeAmended(b: RecordBuffer, i: number, epoch: Epoch, seq: number): Amended {
  const words = b.u32[i] & 0xffff;
  return {
    kind: Kind.Amended,
    seq,
    timeNs: getT(b, i + 2, epoch),
    flags: b.u32[i] >>> 24,
    instrument: b.u32[i + 1] & 0xffff,
    source: b.u32[i + 1] >>> 16,
    cause: getRefSeq(b, i + 4),
    causeTape: getRefTape(b, i + 4),
    orderId: getN(b, i + 6),
    priceTicks: getN(b, i + 8),
    leavesLots: getN(b, i + 10),
    reason: b.u32[i + 12] & 0xffff,
    priorityKept: (b.u32[i + 12] >>> 16) & 0xff,
    account: b.u32[i + 13],
    newOrderId: words > 7 ? getN(b, i + 14) : NONE,
    contraOrderId: words > 8 ? getN(b, i + 16) : NONE,
    matchTime: words > 9 ? getT(b, i + 18, epoch) : NONE,
    sendTime: words > 10 ? getT(b, i + 20, epoch) : NONE,
    ext: words > 11 ? getExtension(b, i, 11) : '',
  };
}

function decodeExpired(b: RecordBuffer, i: number, epoch: Epoch, seq: number): Expired {
  const words = b.u32[i] & 0xffff;
  return {
    kind: Kind.Expired,
    seq,
    timeNs: getT(b, i + 2, epoch),
    flags: b.u32[i] >>> 24,
    instrument: b.u32[i + 1] & 0xffff,
    source: b.u32[i + 1] >>> 16,
    cause: getRefSeq(b, i + 4),
    causeTape: getRefTape(b, i + 4),
    orderId: getN(b, i + 6),
    expiredLots: getN(b, i + 8),
    reason: b.u32[i + 10] & 0xffff,
    account: b.u32[i + 11],
    matchTime: words > 6 ? getT(b, i + 12, epoch) : NONE,
    sendTime: words > 7 ? getT(b, i + 14, epoch) : NONE,
    ext: words > 8 ? getExtension(b, i, 8) : '',
  };
}

function decodeCancelAllDone(b: RecordBuffer, i: number, epoch: Epoch, seq: number): CancelAllDone {
  const words = b.u32[i] & 0xffff;
  return {
    kind: Kind.CancelAllDone,
    seq,
    timeNs: getT(b, i + 2, epoch),
    flags: b.u32[i] >>> 24,
    instrument: b.u32[i + 1] & 0xffff,
    source: b.u32[i + 1] >>> 16,
    cause: getRefSeq(b, i + 4),
    causeTape: getRefTape(b, i + 4),
    canceled: b.u32[i + 6],
    failed: b.u32[i + 7],
    matchTime: words > 4 ? getT(b, i + 8, epoch) : NONE,
    sendTime: words > 5 ? getT(b, i + 10, epoch) : NONE,
    ext: words > 6 ? getExtension(b, i, 6) : '',
  };
}

function decodeTrade(b: RecordBuffer, i: number, epoch: Epoch, seq: number): Trade {
  const words = b.u32[i] & 0xffff;
  return {
    kind: Kind.Trade,
    seq,
    timeNs: getT(b, i + 2, epoch),
    flags: b.u32[i] >>> 24,
    instrument: b.u32[i + 1] & 0xffff,
    source: b.u32[i + 1] >>> 16,
    priceTicks: getN(b, i + 4),
    qtyLots: getN(b, i + 6),
    tradeId: getN(b, i + 8),
    matchTime: words > 5 ? getT(b, i + 10, epoch) : NONE,
    sendTime: words > 6 ? getT(b, i + 12, epoch) : NONE,
    condition: words > 7 ? b.u32[i + 14] & 0xff : 0,
    tradeCount: words > 7 ? b.u32[i + 15] : 0,
    firstTradeId: words > 8 ? getN(b, i + 16) : NONE,
    makerOrderId: words > 9 ? getN(b, i + 18) : NONE,
    takerOrderId: words > 10 ? getN(b, i + 20) : NONE,
    priceFine: words > 11 ? getN(b, i + 22) : NONE,
    ext: words > 12 ? getExtension(b, i, 12) : '',
  };
}

function decodeQuote(b: RecordBuffer, i: number, epoch: Epoch, seq: number): Quote {
  const words = b.u32[i] & 0xffff;
  return {
    kind: Kind.Quote,
    seq,
    timeNs: getT(b, i + 2, epoch),
    flags: b.u32[i] >>> 24,
    instrument: b.u32[i + 1] & 0xffff,
    source: b.u32[i + 1] >>> 16,
    bidTicks: getN(b, i + 4),
    bidLots: getN(b, i + 6),
    askTicks: getN(b, i + 8),
    askLots: getN(b, i + 10),
    updateId: words > 6 ? getN(b, i + 12) : NONE,
    matchTime: words > 7 ? getT(b, i + 14, epoch) : NONE,
    sendTime: words > 8 ? getT(b, i + 16, epoch) : NONE,
    ext: words > 9 ? getExtension(b, i, 9) : '',
  };
}

function decodeLevel(b: RecordBuffer, i: number, epoch: Epoch, seq: number): Level {
  const words = b.u32[i] & 0xffff;
  return {
    kind: Kind.Level,
    seq,
    timeNs: getT(b, i + 2, epoch),
    flags: b.u32[i] >>> 24,
    instrument: b.u32[i + 1] & 0xffff,
    source: b.u32[i + 1] >>> 16,
    priceTicks: getN(b, i + 4),
    qtyLots: getN(b, i + 6),
    orderCount: words > 4 ? b.u32[i + 8] : 0,
    ext: words > 5 ? getExtension(b, i, 5) : '',
  };
}

function decodeBookUpdate(b: RecordBuffer, i: number, epoch: Epoch, seq: number): BookUpdate {
  const words = b.u32[i] & 0xffff;
  return {
    kind: Kind.BookUpdate,
    seq,
    timeNs: getT(b, i + 2, epoch),
    flags: b.u32[i] >>> 24,
    instrument: b.u32[i + 1] & 0xffff,
    source: b.u32[i + 1] >>> 16,
    lastUpdateId: getN(b, i + 4),
    levels: b.u32[i + 6],
    firstUpdateId: words > 4 ? getN(b, i + 8) : NONE,
    prevUpdateId: words > 5 ? getN(b, i + 10) : NONE,
    matchTime: words > 6 ? getT(b, i + 12, epoch) : NONE,
    sendTime: words > 7 ? getT(b, i + 14, epoch) : NONE,
    heldNs: words > 8 ? getN(b, i + 16) : 0,
    ext: words > 9 ? getExtension(b, i, 9) : '',
  };
}

function decodeBookReset(b: RecordBuffer, i: number, epoch: Epoch, seq: number): BookReset {
  const words = b.u32[i] & 0xffff;
  return {
    kind: Kind.BookReset,
    seq,
    timeNs: getT(b, i + 2, epoch),
    flags: b.u32[i] >>> 24,
    instrument: b.u32[i + 1] & 0xffff,
    source: b.u32[i + 1] >>> 16,
    lastUpdateId: getN(b, i + 4),
    bids: b.u32[i + 6],
    asks: b.u32[i + 7],
    knownLowTicks: words > 4 ? getN(b, i + 8) : NONE,
    knownHighTicks: words > 5 ? getN(b, i + 10) : NONE,
    matchTime: words > 6 ? getT(b, i + 12, epoch) : NONE,
    sendTime: words > 7 ? getT(b, i + 14, epoch) : NONE,
    depthLimit: words > 8 ? b.u32[i + 16] : 0,
    reason: words > 8 ? b.u32[i + 17] & 0xff : 0,
    ext: words > 9 ? getExtension(b, i, 9) : '',
  };
}

function decodeMark(b: RecordBuffer, i: number, epoch: Epoch, seq: number): Mark {
  const words = b.u32[i] & 0xffff;
  return {
    kind: Kind.Mark,
    seq,
    timeNs: getT(b, i + 2, epoch),
    flags: b.u32[i] >>> 24,
    instrument: b.u32[i + 1] & 0xffff,
    source: b.u32[i + 1] >>> 16,
    markFine: getN(b, i + 4),
    indexFine: getN(b, i + 6),
    settleFine: getN(b, i + 8),
    matchTime: words > 5 ? getT(b, i + 10, epoch) : NONE,
    sendTime: words > 6 ? getT(b, i + 12, epoch) : NONE,
    ext: words > 7 ? getExtension(b, i, 7) : '',
  };
}

function decodeFundingRate(b: RecordBuffer, i: number, epoch: Epoch, seq: number): FundingRate {
  const words = b.u32[i] & 0xffff;
  return {
    kind: Kind.FundingRate,
    seq,
    timeNs: getT(b, i + 2, epoch),
    flags: b.u32[i] >>> 24,
    instrument: b.u32[i + 1] & 0xffff,
    source: b.u32[i + 1] >>> 16,
    rateE12: getN(b, i + 4),
    nextFundingTime: getT(b, i + 6, epoch),
    intervalSec: words > 4 ? b.u32[i + 8] : 0,
    rateKind: words > 4 ? b.u32[i + 9] & 0xff : 0,
    matchTime: words > 5 ? getT(b, i + 10, epoch) : NONE,
    sendTime: words > 6 ? getT(b, i + 12, epoch) : NONE,
    ext: words > 7 ? getExtension(b, i, 7) : '',
  };
}

function decodeTradingStatus(b: RecordBuffer, i: number, epoch: Epoch, seq: number): TradingStatus {
  const words = b.u32[i] & 0xffff;
  return {
    kind: Kind.TradingStatus,
    seq,
    timeNs: getT(b, i + 2, epoch),
    flags: b.u32[i] >>> 24,
    instrument: b.u32[i + 1] & 0xffff,
    source: b.u32[i + 1] >>> 16,
    status: b.u32[i + 4] & 0xff,
    previous: (b.u32[i + 4] >>> 8) & 0xff,
    reason: (b.u32[i + 4] >>> 16) & 0xffff,
    matchTime: words > 3 ? getT(b, i + 6, epoch) : NONE,
    sendTime: words > 4 ? getT(b, i + 8, epoch) : NONE,
    ext: words > 5 ? getExtension(b, i, 5) : '',
  };
}

function decodeBar(b: RecordBuffer, i: number, epoch: Epoch, seq: number): Bar {
  const words = b.u32[i] & 0xffff;
  return {
    kind: Kind.Bar,
    seq,
    timeNs: getT(b, i + 2, epoch),
    flags: b.u32[i] >>> 24,
    instrument: b.u32[i + 1] & 0xffff,
    source: b.u32[i + 1] >>> 16,
    openTicks: getN(b, i + 4),
    highTicks: getN(b, i + 6),
    lowTicks: getN(b, i + 8),
    closeTicks: getN(b, i + 10),
    qtyLots: getN(b, i + 12),
    intervalSec: b.u32[i + 14],
    trades: b.u32[i + 15],
    startTime: getT(b, i + 16, epoch),
    barKind: b.u32[i + 18] & 0xff,
    size: words > 10 ? getN(b, i + 20) : NONE,
    ext: words > 11 ? getExtension(b, i, 11) : '',
  };
}

function decodeFeedStatus(b: RecordBuffer, i: number, epoch: Epoch, seq: number): FeedStatus {
  const words = b.u32[i] & 0xffff;
  return {
    kind: Kind.FeedStatus,
    seq,
    timeNs: getT(b, i + 2, epoch),
    flags: b.u32[i] >>> 24,
    instrument: b.u32[i + 1] & 0xffff,
    source: b.u32[i + 1] >>> 16,
    status: b.u32[i + 4] & 0xff,
    previous: (b.u32[i + 4] >>> 8) & 0xff,
    reason: (b.u32[i + 4] >>> 16) & 0xffff,
    count: b.u32[i + 5],
    expectedId: words > 3 ? getN(b, i + 6) : NONE,
    receivedId: words > 4 ? getN(b, i + 8) : NONE,
    lastGoodTime: words > 5 ? getT(b, i + 10, epoch) : NONE,
    valueNs: words > 6 ? getN(b, i + 12) : NONE,
    ext: words > 7 ? getExtension(b, i, 7) : '',
  };
}

function decodeIntent(b: RecordBuffer, i: number, epoch: Epoch, seq: number): Intent {
  const words = b.u32[i] & 0xffff;
  return {
    kind: Kind.Intent,
    seq,
    timeNs: getT(b, i + 2, epoch),
    flags: b.u32[i] >>> 24,
    instrument: b.u32[i + 1] & 0xffff,
    source: b.u32[i + 1] >>> 16,
    cause: getRefSeq(b, i + 4),
    causeTape: getRefTape(b, i + 4),
    intentId: getN(b, i + 6),
    action: b.u32[i + 8] & 0xff,
    type: (b.u32[i + 8] >>> 8) & 0xff,
    tif: (b.u32[i + 8] >>> 16) & 0xff,
    postOnly: (b.u32[i + 8] >>> 24) & 0xff,
    reason: b.u32[i + 9] & 0xffff,
    exec: (b.u32[i + 9] >>> 16) & 0xff,
    priceTicks: getN(b, i + 10),
    qtyLots: getN(b, i + 12),
    orderId: getN(b, i + 14),
    parentIntentId: words > 8 ? getN(b, i + 16) : NONE,
    ext: words > 9 ? getExtension(b, i, 9) : '',
  };
}

function decodeTarget(b: RecordBuffer, i: number, epoch: Epoch, seq: number): Target {
  const words = b.u32[i] & 0xffff;
  return {
    kind: Kind.Target,
    seq,
    timeNs: getT(b, i + 2, epoch),
    flags: b.u32[i] >>> 24,
    instrument: b.u32[i + 1] & 0xffff,
    source: b.u32[i + 1] >>> 16,
    cause: getRefSeq(b, i + 4),
    causeTape: getRefTape(b, i + 4),
    intentId: getN(b, i + 6),
    targetLots: getN(b, i + 8),
    scope: b.u32[i + 10] & 0xff,
    reason: (b.u32[i + 10] >>> 16) & 0xffff,
    account: b.u32[i + 11],
    currentLots: words > 6 ? getN(b, i + 12) : NONE,
    parentIntentId: words > 7 ? getN(b, i + 14) : NONE,
    ext: words > 8 ? getExtension(b, i, 8) : '',
  };
}

function decodeRiskDecision(b: RecordBuffer, i: number, epoch: Epoch, seq: number): RiskDecision {
  const words = b.u32[i] & 0xffff;
  return {
    kind: Kind.RiskDecision,
    seq,
    timeNs: getT(b, i + 2, epoch),
    flags: b.u32[i] >>> 24,
    instrument: b.u32[i + 1] & 0xffff,
    source: b.u32[i + 1] >>> 16,
    cause: getRefSeq(b, i + 4),
    causeTape: getRefTape(b, i + 4),
    intentId: getN(b, i + 6),
    verdict: b.u32[i + 8] & 0xff,
    unit: (b.u32[i + 8] >>> 8) & 0xff,
    code: (b.u32[i + 8] >>> 16) & 0xffff,
    rule: b.u32[i + 9] & 0xffff,
    tier: (b.u32[i + 9] >>> 16) & 0xff,
    phase: (b.u32[i + 9] >>> 24) & 0xff,
    priceTicks: getN(b, i + 10),
    qtyLots: getN(b, i + 12),
    allowedLots: getN(b, i + 14),
    observed: getM(b, i + 16),
    limit: getM(b, i + 20),
    orderId: words > 12 ? getN(b, i + 24) : NONE,
    asset: words > 13 ? b.u32[i + 26] & 0xffff : 0,
    account: words > 13 ? b.u32[i + 27] : 0,
    ext: words > 14 ? getExtension(b, i, 14) : '',
  };
}

function decodeRouteDecision(b: RecordBuffer, i: number, epoch: Epoch, seq: number): RouteDecision {
  const words = b.u32[i] & 0xffff;
  return {
    kind: Kind.RouteDecision,
    seq,
    timeNs: getT(b, i + 2, epoch),
    flags: b.u32[i] >>> 24,
    instrument: b.u32[i + 1] & 0xffff,
    source: b.u32[i + 1] >>> 16,
    cause: getRefSeq(b, i + 4),
    causeTape: getRefTape(b, i + 4),
    intentId: getN(b, i + 6),
    rank: b.u32[i + 8] & 0xff,
    chosen: (b.u32[i + 8] >>> 8) & 0xff,
    reason: (b.u32[i + 8] >>> 16) & 0xffff,
    account: b.u32[i + 9],
    priceTicks: getN(b, i + 10),
    allocatedLots: getN(b, i + 12),
    feeE12: getN(b, i + 14),
    slippageE12: getN(b, i + 16),
    latencyNs: getN(b, i + 18),
    fundingE12: getN(b, i + 20),
    inventoryE12: getN(b, i + 22),
    totalE12: getN(b, i + 24),
    ext: words > 13 ? getExtension(b, i, 13) : '',
  };
}

function decodeNoAction(b: RecordBuffer, i: number, epoch: Epoch, seq: number): NoAction {
  const words = b.u32[i] & 0xffff;
  return {
    kind: Kind.NoAction,
    seq,
    timeNs: getT(b, i + 2, epoch),
    flags: b.u32[i] >>> 24,
    instrument: b.u32[i + 1] & 0xffff,
    source: b.u32[i + 1] >>> 16,
    cause: getRefSeq(b, i + 4),
    causeTape: getRefTape(b, i + 4),
    intentId: getN(b, i + 6),
    code: b.u32[i + 8] & 0xffff,
    orderId: words > 5 ? getN(b, i + 10) : NONE,
    aheadLots: words > 6 ? getN(b, i + 12) : NONE,
    ext: words > 7 ? getExtension(b, i, 7) : '',
  };
}

function decodeCashFlow(b: RecordBuffer, i: number, epoch: Epoch, seq: number): CashFlow {
  const words = b.u32[i] & 0xffff;
  return {
    kind: Kind.CashFlow,
    seq,
    timeNs: getT(b, i + 2, epoch),
    flags: b.u32[i] >>> 24,
    instrument: b.u32[i + 1] & 0xffff,
    source: b.u32[i + 1] >>> 16,
    cause: getRefSeq(b, i + 4),
    causeTape: getRefTape(b, i + 4),
    amount: getM(b, i + 6),
    asset: b.u32[i + 10] & 0xffff,
    reason: (b.u32[i + 10] >>> 16) & 0xffff,
    account: b.u32[i + 11],
    orderId: words > 6 ? getN(b, i + 12) : NONE,
    tradeId: words > 7 ? getN(b, i + 14) : NONE,
    matchTime: words > 8 ? getT(b, i + 16, epoch) : NONE,
    ext: words > 9 ? getExtension(b, i, 9) : '',
  };
}

function decodeFundingPaid(b: RecordBuffer, i: number, epoch: Epoch, seq: number): FundingPaid {
  const words = b.u32[i] & 0xffff;
  return {
    kind: Kind.FundingPaid,
    seq,
    timeNs: getT(b, i + 2, epoch),
    flags: b.u32[i] >>> 24,
    instrument: b.u32[i + 1] & 0xffff,
    source: b.u32[i + 1] >>> 16,
    cause: getRefSeq(b, i + 4),
    causeTape: getRefTape(b, i + 4),
    amount: getM(b, i + 6),
    asset: b.u32[i + 10] & 0xffff,
    account: b.u32[i + 11],
    positionLots: getN(b, i + 12),
    rateE12: getN(b, i + 14),
    markFine: getN(b, i + 16),
    fundingTime: getT(b, i + 18, epoch),
    ext: words > 10 ? getExtension(b, i, 10) : '',
  };
}

function decodeSettlement(b: RecordBuffer, i: number, epoch: Epoch, seq: number): Settlement {
  const words = b.u32[i] & 0xffff;
  return {
    kind: Kind.Settlement,
    seq,
    timeNs: getT(b, i + 2, epoch),
    flags: b.u32[i] >>> 24,
    instrument: b.u32[i + 1] & 0xffff,
    source: b.u32[i + 1] >>> 16,
    cause: getRefSeq(b, i + 4),
    causeTape: getRefTape(b, i + 4),
    amount: getM(b, i + 6),
    asset: b.u32[i + 10] & 0xffff,
    reason: (b.u32[i + 10] >>> 16) & 0xffff,
    account: b.u32[i + 11],
    positionLots: getN(b, i + 12),
    priceFine: getN(b, i + 14),
    ext: words > 8 ? getExtension(b, i, 8) : '',
  };
}

function decodeTruthOrder(b: RecordBuffer, i: number, epoch: Epoch, seq: number): TruthOrder {
  const words = b.u32[i] & 0xffff;
  return {
    kind: Kind.TruthOrder,
    seq,
    timeNs: getT(b, i + 2, epoch),
    flags: b.u32[i] >>> 24,
    instrument: b.u32[i + 1] & 0xffff,
    source: b.u32[i + 1] >>> 16,
    cause: getRefSeq(b, i + 4),
    causeTape: getRefTape(b, i + 4),
    batchId: getN(b, i + 6),
    orderId: getN(b, i + 8),
    priceTicks: getN(b, i + 10),
    qtyLots: getN(b, i + 12),
    cumLots: getN(b, i + 14),
    status: b.u32[i + 16] & 0xff,
    tif: (b.u32[i + 16] >>> 8) & 0xff,
    type: (b.u32[i + 16] >>> 16) & 0xff,
    positionSide: (b.u32[i + 16] >>> 24) & 0xff,
    account: b.u32[i + 17],
    avgFine: words > 9 ? getN(b, i + 18) : NONE,
    matchTime: words > 10 ? getT(b, i + 20, epoch) : NONE,
    ext: words > 11 ? getExtension(b, i, 11) : '',
  };
}

function decodeTruthPosition(b: RecordBuffer, i: number, epoch: Epoch, seq: number): TruthPosition {
  const words = b.u32[i] & 0xffff;
  return {
    kind: Kind.TruthPosition,
    seq,
    timeNs: getT(b, i + 2, epoch),
    flags: b.u32[i] >>> 24,
    instrument: b.u32[i + 1] & 0xffff,
    source: b.u32[i + 1] >>> 16,
    cause: getRefSeq(b, i + 4),
    causeTape: getRefTape(b, i + 4),
    batchId: getN(b, i + 6),
    positionLots: getN(b, i + 8),
    entryFine: getN(b, i + 10),
    positionSide: b.u32[i + 12] & 0xff,
    marginMode: (b.u32[i + 12] >>> 8) & 0xff,
    leverageX100: (b.u32[i + 12] >>> 16) & 0xffff,
    account: b.u32[i + 13],
    markFine: words > 7 ? getN(b, i + 14) : NONE,
    liquidationFine: words > 8 ? getN(b, i + 16) : NONE,
    unrealised: words > 9 ? getM(b, i + 18) : MONEY_NONE,
    asset: words > 11 ? b.u32[i + 22] & 0xffff : 0,
    ext: words > 12 ? getExtension(b, i, 12) : '',
  };
}

function decodeTruthBalance(b: RecordBuffer, i: number, epoch: Epoch, seq: number): TruthBalance {
  const words = b.u32[i] & 0xffff;
  return {
    kind: Kind.TruthBalance,
    seq,
    timeNs: getT(b, i + 2, epoch),
    flags: b.u32[i] >>> 24,
    instrument: b.u32[i + 1] & 0xffff,
    source: b.u32[i + 1] >>> 16,
    cause: getRefSeq(b, i + 4),
    causeTape: getRefTape(b, i + 4),
    batchId: getN(b, i + 6),
    wallet: getM(b, i + 8),
    available: getM(b, i + 12),
    asset: b.u32[i + 16] & 0xffff,
    account: b.u32[i + 17],
    ext: words > 9 ? getExtension(b, i, 9) : '',
  };
}

function decodeDivergence(b: RecordBuffer, i: number, epoch: Epoch, seq: number): Divergence {
  const words = b.u32[i] & 0xffff;
  return {
    kind: Kind.Divergence,
    seq,
    timeNs: getT(b, i + 2, epoch),
    flags: b.u32[i] >>> 24,
    instrument: b.u32[i + 1] & 0xffff,
    source: b.u32[i + 1] >>> 16,
    cause: getRefSeq(b, i + 4),
    causeTape: getRefTape(b, i + 4),
    batchId: getN(b, i + 6),
    subject: b.u32[i + 8] & 0xff,
    severity: (b.u32[i + 8] >>> 8) & 0xff,
    code: (b.u32[i + 8] >>> 16) & 0xffff,
    action: b.u32[i + 9] & 0xffff,
    asset: (b.u32[i + 9] >>> 16) & 0xffff,
    expected: getM(b, i + 10),
    observed: getM(b, i + 14),
    orderId: words > 9 ? getN(b, i + 18) : NONE,
    account: words > 10 ? b.u32[i + 20] : 0,
    ext: words > 11 ? getExtension(b, i, 11) : '',
  };
}

function decodeReconcileReport(b: RecordBuffer, i: number, epoch: Epoch, seq: number): ReconcileReport {
  const words = b.u32[i] & 0xffff;
  return {
    kind: Kind.ReconcileReport,
    seq,
    timeNs: getT(b, i + 2, epoch),
    flags: b.u32[i] >>> 24,
    instrument: b.u32[i + 1] & 0xffff,
    source: b.u32[i + 1] >>> 16,
    cause: getRefSeq(b, i + 4),
    causeTape: getRefTape(b, i + 4),
    batchId: getN(b, i + 6),
    scope: b.u32[i + 8] & 0xff,
    status: (b.u32[i + 8] >>> 8) & 0xff,
    reason: (b.u32[i + 8] >>> 16) & 0xffff,
    account: b.u32[i + 9],
    lookbackNs: getN(b, i + 10),
    asked: b.u32[i + 12],
    answered: b.u32[i + 13],
    matched: b.u32[i + 14],
    diverged: b.u32[i + 15],
    unresolved: b.u32[i + 16],
    repaired: b.u32[i + 17],
    ext: words > 9 ? getExtension(b, i, 9) : '',
  };
}

function decodeLifecycle(b: RecordBuffer, i: number, epoch: Epoch, seq: number): Lifecycle {
  const words = b.u32[i] & 0xffff;
  return {
    kind: Kind.Lifecycle,
    seq,
    timeNs: getT(b, i + 2, epoch),
    flags: b.u32[i] >>> 24,
    instrument: b.u32[i + 1] & 0xffff,
    source: b.u32[i + 1] >>> 16,
    cause: getRefSeq(b, i + 4),
    causeTape: getRefTape(b, i + 4),
    from: b.u32[i + 6] & 0xff,
    to: (b.u32[i + 6] >>> 8) & 0xff,
    reason: (b.u32[i + 6] >>> 16) & 0xffff,
    ext: words > 4 ? getExtension(b, i, 4) : '',
  };
}

function decodeRegime(b: RecordBuffer, i: number, epoch: Epoch, seq: number): Regime {
  const words = b.u32[i] & 0xffff;
  return {
    kind: Kind.Regime,
    seq,
    timeNs: getT(b, i + 2, epoch),
    flags: b.u32[i] >>> 24,
    instrument: b.u32[i + 1] & 0xffff,
    source: b.u32[i + 1] >>> 16,
    cause: getRefSeq(b, i + 4),
    causeTape: getRefTape(b, i + 4),
    from: b.u32[i + 6] & 0xffff,
    to: (b.u32[i + 6] >>> 16) & 0xffff,
    reason: b.u32[i + 7] & 0xffff,
    ext: words > 4 ? getExtension(b, i, 4) : '',
  };
}

function decodeOperatorCommand(b: RecordBuffer, i: number, epoch: Epoch, seq: number): OperatorCommand {
  const from = i * 4 + 40;
  const to = from + (b.u32[i + 8]);
  return {
    kind: Kind.OperatorCommand,
    seq,
    timeNs: getT(b, i + 2, epoch),
    flags: b.u32[i] >>> 24,
    instrument: b.u32[i + 1] & 0xffff,
    source: b.u32[i + 1] >>> 16,
    cause: getRefSeq(b, i + 4),
    causeTape: getRefTape(b, i + 4),
    command: b.u32[i + 6] & 0xffff,
    scope: (b.u32[i + 6] >>> 16) & 0xffff,
    account: b.u32[i + 7],
    json: decodeUtf8(b.u8, from, to) ?? '',
  };
}

function decodeMode(b: RecordBuffer, i: number, epoch: Epoch, seq: number): Mode {
  const words = b.u32[i] & 0xffff;
  return {
    kind: Kind.Mode,
    seq,
    timeNs: getT(b, i + 2, epoch),
    flags: b.u32[i] >>> 24,
    instrument: b.u32[i + 1] & 0xffff,
    source: b.u32[i + 1] >>> 16,
    cause: getRefSeq(b, i + 4),
    causeTape: getRefTape(b, i + 4),
    from: b.u32[i + 6] & 0xff,
    to: (b.u32[i + 6] >>> 8) & 0xff,
    armed: (b.u32[i + 6] >>> 16) & 0xff,
    tier: (b.u32[i + 6] >>> 24) & 0xff,
    reason: b.u32[i + 7] & 0xffff,
    leaseUntil: words > 4 ? getT(b, i + 8, epoch) : NONE,
    configHash: words > 5 ? getHash(b, i + 10) : '',
    ext: words > 9 ? getExtension(b, i, 9) : '',
  };
}

function decodeKillSwitch(b: RecordBuffer, i: number, epoch: Epoch, seq: number): KillSwitch {
  const words = b.u32[i] & 0xffff;
  return {
    kind: Kind.KillSwitch,
    seq,
    timeNs: getT(b, i + 2, epoch),
    flags: b.u32[i] >>> 24,
    instrument: b.u32[i + 1] & 0xffff,
    source: b.u32[i + 1] >>> 16,
    cause: getRefSeq(b, i + 4),
    causeTape: getRefTape(b, i + 4),
    level: b.u32[i + 6] & 0xff,
    previous: (b.u32[i + 6] >>> 8) & 0xff,
    code: (b.u32[i + 6] >>> 16) & 0xffff,
    account: b.u32[i + 7],
    ext: words > 4 ? getExtension(b, i, 4) : '',
  };
}

function decodeFaultInjected(b: RecordBuffer, i: number, epoch: Epoch, seq: number): FaultInjected {
  const words = b.u32[i] & 0xffff;
  return {
    kind: Kind.FaultInjected,
    seq,
    timeNs: getT(b, i + 2, epoch),
    flags: b.u32[i] >>> 24,
    instrument: b.u32[i + 1] & 0xffff,
    source: b.u32[i + 1] >>> 16,
    cause: getRefSeq(b, i + 4),
    causeTape: getRefTape(b, i + 4),
    fault: b.u32[i + 6] & 0xffff,
    effect: (b.u32[i + 6] >>> 16) & 0xff,
    handling: (b.u32[i + 6] >>> 24) & 0xff,
    value: getN(b, i + 8),
    orderId: words > 5 ? getN(b, i + 10) : NONE,
    ext: words > 6 ? getExtension(b, i, 6) : '',
  };
}

function decodeInvariantViolated(b: RecordBuffer, i: number, epoch: Epoch, seq: number): InvariantViolated {
  const from = i * 4 + 32;
  const to = from + (b.u32[i + 6]);
  return {
    kind: Kind.InvariantViolated,
    seq,
    timeNs: getT(b, i + 2, epoch),
    flags: b.u32[i] >>> 24,
    instrument: b.u32[i + 1] & 0xffff,
    source: b.u32[i + 1] >>> 16,
    cause: getRefSeq(b, i + 4),
    causeTape: getRefTape(b, i + 4),
    text: decodeUtf8(b.u8, from, to) ?? '',
  };
}

function decodeOverrun(b: RecordBuffer, i: number, epoch: Epoch, seq: number): Overrun {
  const words = b.u32[i] & 0xffff;
  return {
    kind: Kind.Overrun,
    seq,
    timeNs: getT(b, i + 2, epoch),
    flags: b.u32[i] >>> 24,
    instrument: b.u32[i + 1] & 0xffff,
    source: b.u32[i + 1] >>> 16,
    cause: getRefSeq(b, i + 4),
    causeTape: getRefTape(b, i + 4),
    lostFrom: getN(b, i + 6),
    lostTo: getN(b, i + 8),
    policy: b.u32[i + 10] & 0xff,
    ext: words > 6 ? getExtension(b, i, 6) : '',
  };
}

function decodeDropped(b: RecordBuffer, i: number, epoch: Epoch, seq: number): Dropped {
  const words = b.u32[i] & 0xffff;
  return {
    kind: Kind.Dropped,
    seq,
    timeNs: getT(b, i + 2, epoch),
    flags: b.u32[i] >>> 24,
    instrument: b.u32[i + 1] & 0xffff,
    source: b.u32[i + 1] >>> 16,
    cause: getRefSeq(b, i + 4),
    causeTape: getRefTape(b, i + 4),
    orderId: getN(b, i + 6),
    command: b.u32[i + 8] & 0xff,
    policy: (b.u32[i + 8] >>> 8) & 0xff,
    reason: (b.u32[i + 8] >>> 16) & 0xffff,
    depth: b.u32[i + 9],
    account: words > 5 ? b.u32[i + 10] : 0,
    priceTicks: words > 6 ? getN(b, i + 12) : NONE,
    qtyLots: words > 7 ? getN(b, i + 14) : NONE,
    ext: words > 8 ? getExtension(b, i, 8) : '',
  };
}

function decodeTimer(b: RecordBuffer, i: number, epoch: Epoch, seq: number): Timer {
  const words = b.u32[i] & 0xffff;
  return {
    kind: Kind.Timer,
    seq,
    timeNs: getT(b, i + 2, epoch),
    flags: b.u32[i] >>> 24,
    instrument: b.u32[i + 1] & 0xffff,
    source: b.u32[i + 1] >>> 16,
    cause: getRefSeq(b, i + 4),
    causeTape: getRefTape(b, i + 4),
    timerId: getN(b, i + 6),
    dueTime: getT(b, i + 8, epoch),
    ext: words > 5 ? getExtension(b, i, 5) : '',
  };
}

function decodeSession(b: RecordBuffer, i: number, epoch: Epoch, seq: number): Session {
  const from = i * 4 + 32;
  const to = from + (b.u32[i + 6]);
  return {
    kind: Kind.Session,
    seq,
    timeNs: getT(b, i + 2, epoch),
    flags: b.u32[i] >>> 24,
    instrument: b.u32[i + 1] & 0xffff,
    source: b.u32[i + 1] >>> 16,
    cause: getRefSeq(b, i + 4),
    causeTape: getRefTape(b, i + 4),
    json: decodeUtf8(b.u8, from, to) ?? '',
  };
}

function decodeClock(b: RecordBuffer, i: number, epoch: Epoch, seq: number): Clock {
  const words = b.u32[i] & 0xffff;
  return {
    kind: Kind.Clock,
    seq,
    timeNs: getT(b, i + 2, epoch),
    flags: b.u32[i] >>> 24,
    instrument: b.u32[i + 1] & 0xffff,
    source: b.u32[i + 1] >>> 16,
    cause: getRefSeq(b, i + 4),
    causeTape: getRefTape(b, i + 4),
    wallTime: getT(b, i + 6, epoch),
    offsetNs: getN(b, i + 8),
    uncertaintyNs: getN(b, i + 10),
    method: b.u32[i + 12] & 0xff,
    applied: (b.u32[i + 12] >>> 8) & 0xff,
    ext: words > 7 ? getExtension(b, i, 7) : '',
  };
}

function decodeAck(b: RecordBuffer, i: number, epoch: Epoch, seq: number): Ack {
  const words = b.u32[i] & 0xffff;
  return {
    kind: Kind.Ack,
    seq,
    timeNs: getT(b, i + 2, epoch),
    flags: b.u32[i] >>> 24,
    instrument: b.u32[i + 1] & 0xffff,
    source: b.u32[i + 1] >>> 16,
    cause: getRefSeq(b, i + 4),
    causeTape: getRefTape(b, i + 4),
    ofSeq: getN(b, i + 6),
    decidedStep: getN(b, i + 8),
    completedStep: getN(b, i + 10),
    provisional: b.u32[i + 12] & 0xff,
    ext: words > 7 ? getExtension(b, i, 7) : '',
  };
}

function decodeAlert(b: RecordBuffer, i: number, epoch: Epoch, seq: number): Alert {
  const words = b.u32[i] & 0xffff;
  return {
    kind: Kind.Alert,
    seq,
    timeNs: getT(b, i + 2, epoch),
    flags: b.u32[i] >>> 24,
    instrument: b.u32[i + 1] & 0xffff,
    source: b.u32[i + 1] >>> 16,
    cause: getRefSeq(b, i + 4),
    causeTape: getRefTape(b, i + 4),
    severity: b.u32[i + 6] & 0xff,
    state: (b.u32[i + 6] >>> 8) & 0xff,
    code: (b.u32[i + 6] >>> 16) & 0xffff,
    account: b.u32[i + 7],
    ext: words > 4 ? getExtension(b, i, 4) : '',
  };
}

type Decode = (b: RecordBuffer, i: number, epoch: Epoch, seq: number) => Event;

const DECODERS: (Decode | undefined)[] = Array.from({ length: 256 }, () => undefined);
DECODERS[Kind.Define] = decodeDefine;
DECODERS[Kind.Note] = decodeNote;
DECODERS[Kind.Raw] = decodeRaw;
DECODERS[Kind.Checkpoint] = decodeCheckpoint;
DECODERS[Kind.Alias] = decodeAlias;
DECODERS[Kind.Skip] = decodeSkip;
DECODERS[Kind.NewOrder] = decodeNewOrder;
DECODERS[Kind.CancelOrder] = decodeCancelOrder;
DECODERS[Kind.AmendOrder] = decodeAmendOrder;
DECODERS[Kind.CancelAll] = decodeCancelAll;
DECODERS[Kind.Sent] = decodeSent;
DECODERS[Kind.Outcome] = decodeOutcome;
DECODERS[Kind.Accepted] = decodeAccepted;
DECODERS[Kind.Rejected] = decodeRejected;
DECODERS[Kind.Fill] = decodeFill;
DECODERS[Kind.Canceled] = decodeCanceled;
DECODERS[Kind.Amended] = decodeAmended;
DECODERS[Kind.Expired] = decodeExpired;
DECODERS[Kind.CancelAllDone] = decodeCancelAllDone;
DECODERS[Kind.Trade] = decodeTrade;
DECODERS[Kind.Quote] = decodeQuote;
DECODERS[Kind.Level] = decodeLevel;
DECODERS[Kind.BookUpdate] = decodeBookUpdate;
DECODERS[Kind.BookReset] = decodeBookReset;
DECODERS[Kind.Mark] = decodeMark;
DECODERS[Kind.FundingRate] = decodeFundingRate;
DECODERS[Kind.TradingStatus] = decodeTradingStatus;
DECODERS[Kind.Bar] = decodeBar;
DECODERS[Kind.FeedStatus] = decodeFeedStatus;
DECODERS[Kind.Intent] = decodeIntent;
DECODERS[Kind.Target] = decodeTarget;
DECODERS[Kind.RiskDecision] = decodeRiskDecision;
DECODERS[Kind.RouteDecision] = decodeRouteDecision;
DECODERS[Kind.NoAction] = decodeNoAction;
DECODERS[Kind.CashFlow] = decodeCashFlow;
DECODERS[Kind.FundingPaid] = decodeFundingPaid;
DECODERS[Kind.Settlement] = decodeSettlement;
DECODERS[Kind.TruthOrder] = decodeTruthOrder;
DECODERS[Kind.TruthPosition] = decodeTruthPosition;
DECODERS[Kind.TruthBalance] = decodeTruthBalance;
DECODERS[Kind.Divergence] = decodeDivergence;
DECODERS[Kind.ReconcileReport] = decodeReconcileReport;
DECODERS[Kind.Lifecycle] = decodeLifecycle;
DECODERS[Kind.Regime] = decodeRegime;
DECODERS[Kind.OperatorCommand] = decodeOperatorCommand;
DECODERS[Kind.Mode] = decodeMode;
DECODERS[Kind.KillSwitch] = decodeKillSwitch;
DECODERS[Kind.FaultInjected] = decodeFaultInjected;
DECODERS[Kind.InvariantViolated] = decodeInvariantViolated;
DECODERS[Kind.Overrun] = decodeOverrun;
DECODERS[Kind.Dropped] = decodeDropped;
DECODERS[Kind.Timer] = decodeTimer;
DECODERS[Kind.Session] = decodeSession;
DECODERS[Kind.Clock] = decodeClock;
DECODERS[Kind.Ack] = decodeAck;
DECODERS[Kind.Alert] = decodeAlert;

/** Decodes a checked record of a known kind; undefined for an unknown one. */
export function decodeKnown(b: RecordBuffer, i: number, epoch: Epoch, seq: number): Event | undefined {
  return DECODERS[(b.u32[i] >>> 16) & 0xff]?.(b, i, epoch, seq);
}

function checkFieldsOfDefine(b: RecordBuffer, i: number, words: number, _epoch: Epoch): number {
  const i32 = b.i32;
  if (words < 4) return 1025;
  if (((i32[i + 4] >>> 0) & 0xff) > 5) return 521;
  if ((i32[i + 4] & -256) !== 0) return 520;
  if ((i32[i + 7] & -1) !== 0) return 776;
  return checkPayload(b, i, { fixedWords: 4, bytes: b.u32[i + 6], type: 'json' });
}

function checkDefine(b: RecordBuffer, i: number, words: number, epoch: Epoch): number {
  return checkFieldsOfDefine(b, i, words, epoch) || defineRule(b, i);
}

function checkNote(b: RecordBuffer, i: number, words: number, _epoch: Epoch): number {
  const i32 = b.i32;
  if (words < 4) return 1025;
  if (i32[i + 5] >>> 21 === 2047 && !((i32[i + 4] & i32[i + 5]) === -1)) return 517;
  if ((i32[i + 7] & -65536) !== 0) return 776;
  return checkPayload(b, i, { fixedWords: 4, bytes: b.u32[i + 6], type: 'text' });
}

function checkFieldsOfRaw(b: RecordBuffer, i: number, words: number, _epoch: Epoch): number {
  const i32 = b.i32;
  if (words < 5) return 1281;
  if (i32[i + 5] >>> 21 === 2047 && !((i32[i + 4] & i32[i + 5]) === -1)) return 517;
  return checkPayload(b, i, { fixedWords: 5, bytes: b.u32[i + 7], type: 'bytes' });
}

function checkRaw(b: RecordBuffer, i: number, words: number, epoch: Epoch): number {
  return checkFieldsOfRaw(b, i, words, epoch) || rawRule(b, i);
}

function checkCheckpoint(b: RecordBuffer, i: number, words: number, _epoch: Epoch): number {
  const i32 = b.i32;
  if (words < 9) return 2305;
  if (i32[i + 5] >>> 21 === 2047 && !((i32[i + 4] & i32[i + 5]) === -1)) return 517;
  if ((i32[i + 7] >> 21) !== 0) return i32[i + 7] === -2097152 && i32[i + 6] === 0 ? 774 : 773;
  if ((i32[i + 8] & -65536) !== 0 || (i32[i + 9] & -1) !== 0) return 1032;
  if ((i32[i + 10] | i32[i + 11]) === 0 && (i32[i + 12] | i32[i + 13]) === 0 && (i32[i + 14] | i32[i + 15]) === 0 && (i32[i + 16] | i32[i + 17]) === 0) return 1286;
  return 0;
}

function checkAlias(b: RecordBuffer, i: number, words: number, _epoch: Epoch): number {
  const i32 = b.i32;
  if (words < 5) return 1281;
  if (i32[i + 5] >>> 21 === 2047 && !((i32[i + 4] & i32[i + 5]) === -1)) return 517;
  if ((i32[i + 7] >> 21) !== 0) return i32[i + 7] === -2097152 && i32[i + 6] === 0 ? 774 : 773;
  if ((i32[i + 8] & -256) !== 0) return 1032;
  return checkPayload(b, i, { fixedWords: 5, bytes: b.u32[i + 9], type: 'text' });
}

function checkFieldsOfSkip(b: RecordBuffer, i: number, words: number, _epoch: Epoch): number {
  const i32 = b.i32;
  if (words < 3) return 769;
  if ((i32[i + 5] >> 21) !== 0) return i32[i + 5] === -2097152 && i32[i + 4] === 0 ? 518 : 517;
  return 0;
}

function checkSkip(b: RecordBuffer, i: number, words: number, epoch: Epoch): number {
  return checkFieldsOfSkip(b, i, words, epoch) || skipRule(b, i);
}

function checkNewOrder(b: RecordBuffer, i: number, words: number, epoch: Epoch): number {
  const low = epoch.hi > 2097150 ? (epoch.hi - 2097150) | 0 : 0;
  const span = ((epoch.hi < 4292870144 ? epoch.hi + 2097150 : 4294967294) - low) | 0;
  const i32 = b.i32;
  if (words < 7) return 1793;
  if (i32[i + 5] >>> 21 === 2047 && !((i32[i + 4] & i32[i + 5]) === -1)) return 517;
  if ((i32[i + 7] >> 21) !== 0) return i32[i + 7] === -2097152 && i32[i + 6] === 0 ? 774 : 773;
  if ((((i32[i + 9] >> 21) + 1) & -2) !== 0) return 1029;
  if ((((i32[i + 11] >> 21) + 1) & -2) !== 0) return 1285;
  if (i32[i + 11] === -2097152 && i32[i + 10] === 0) return 1286;
  if (((i32[i + 12] >>> 0) & 0xff) > 4) return 1545;
  if (((i32[i + 12] >>> 8) & 0xff) > 5) return 1545;
  if (((i32[i + 12] >>> 24) & 0xff) > 4) return 1545;
  if (words === 7) return 0;
  if ((i32[i + 15] >> 21) !== 0 && !(i32[i + 15] === -2097152 && i32[i + 14] === 0)) return 1797;
  if (words === 8 && i32[i + 15] === -2097152 && i32[i + 14] === 0) return 1799;
  if (words === 8) return 0;
  if ((((i32[i + 17] >> 21) + 1) & -2) !== 0) return 2053;
  if (words === 9 && i32[i + 17] === -2097152 && i32[i + 16] === 0) return 2055;
  if (words === 9) return 0;
  if ((i32[i + 18] & -65536) !== 0 || (i32[i + 19] & -1) !== 0) return 2312;
  if (words === 10 && (i32[i + 18] | i32[i + 19]) === 0) return 2311;
  if (words === 10) return 0;
  if ((i32[i + 21] >> 21) !== 0 && !(i32[i + 21] === -2097152 && i32[i + 20] === 0)) return 2565;
  if (words === 11 && i32[i + 21] === -2097152 && i32[i + 20] === 0) return 2567;
  if (words === 11) return 0;
  if (((i32[i + 23] - low) >>> 0) > span && !((i32[i + 22] & i32[i + 23]) === -1)) return 2828;
  if (words === 12 && (i32[i + 22] & i32[i + 23]) === -1) return 2823;
  if (words === 12) return 0;
  if (((i32[i + 25] - low) >>> 0) > span && !((i32[i + 24] & i32[i + 25]) === -1)) return 3084;
  if (words === 13 && (i32[i + 24] & i32[i + 25]) === -1) return 3079;
  if (words === 13) return 0;
  if ((((i32[i + 27] >> 21) + 1) & -2) !== 0) return 3333;
  if (words === 14 && i32[i + 27] === -2097152 && i32[i + 26] === 0) return 3335;
  if (words === 14) return 0;
  if ((((i32[i + 29] >> 21) + 1) & -2) !== 0) return 3589;
  if (words === 15 && i32[i + 29] === -2097152 && i32[i + 28] === 0) return 3591;
  if (words === 15) return 0;
  if ((i32[i + 31] >> 21) !== 0 && !(i32[i + 31] === -2097152 && i32[i + 30] === 0)) return 3845;
  if (words === 16 && i32[i + 31] === -2097152 && i32[i + 30] === 0) return 3847;
  return 0;
}

function checkCancelOrder(b: RecordBuffer, i: number, words: number, epoch: Epoch): number {
  const low = epoch.hi > 2097150 ? (epoch.hi - 2097150) | 0 : 0;
  const span = ((epoch.hi < 4292870144 ? epoch.hi + 2097150 : 4294967294) - low) | 0;
  const i32 = b.i32;
  if (words < 5) return 1281;
  if (i32[i + 5] >>> 21 === 2047 && !((i32[i + 4] & i32[i + 5]) === -1)) return 517;
  if ((i32[i + 7] >> 21) !== 0) return i32[i + 7] === -2097152 && i32[i + 6] === 0 ? 774 : 773;
  if ((i32[i + 9] & -65536) !== 0) return 1032;
  if (words === 5) return 0;
  if (((i32[i + 11] - low) >>> 0) > span && !((i32[i + 10] & i32[i + 11]) === -1)) return 1292;
  if (words === 6 && (i32[i + 10] & i32[i + 11]) === -1) return 1287;
  if (words === 6) return 0;
  if ((i32[i + 13] >> 21) !== 0 && !(i32[i + 13] === -2097152 && i32[i + 12] === 0)) return 1541;
  if (words === 7 && i32[i + 13] === -2097152 && i32[i + 12] === 0) return 1543;
  return 0;
}

function checkAmendOrder(b: RecordBuffer, i: number, words: number, epoch: Epoch): number {
  const low = epoch.hi > 2097150 ? (epoch.hi - 2097150) | 0 : 0;
  const span = ((epoch.hi < 4292870144 ? epoch.hi + 2097150 : 4294967294) - low) | 0;
  const i32 = b.i32;
  if (words < 7) return 1793;
  if (i32[i + 5] >>> 21 === 2047 && !((i32[i + 4] & i32[i + 5]) === -1)) return 517;
  if ((i32[i + 7] >> 21) !== 0) return i32[i + 7] === -2097152 && i32[i + 6] === 0 ? 774 : 773;
  if ((((i32[i + 9] >> 21) + 1) & -2) !== 0) return 1029;
  if ((((i32[i + 11] >> 21) + 1) & -2) !== 0) return 1285;
  if ((i32[i + 12] & -65536) !== 0) return 1544;
  if (words === 7) return 0;
  if ((i32[i + 15] >> 21) !== 0 && !(i32[i + 15] === -2097152 && i32[i + 14] === 0)) return 1797;
  if (words === 8 && i32[i + 15] === -2097152 && i32[i + 14] === 0) return 1799;
  if (words === 8) return 0;
  if (((i32[i + 17] - low) >>> 0) > span && !((i32[i + 16] & i32[i + 17]) === -1)) return 2060;
  if (words === 9 && (i32[i + 16] & i32[i + 17]) === -1) return 2055;
  if (words === 9) return 0;
  if ((i32[i + 19] >> 21) !== 0 && !(i32[i + 19] === -2097152 && i32[i + 18] === 0)) return 2309;
  if (words === 10 && i32[i + 19] === -2097152 && i32[i + 18] === 0) return 2311;
  return 0;
}

function checkCancelAll(b: RecordBuffer, i: number, words: number, epoch: Epoch): number {
  const low = epoch.hi > 2097150 ? (epoch.hi - 2097150) | 0 : 0;
  const span = ((epoch.hi < 4292870144 ? epoch.hi + 2097150 : 4294967294) - low) | 0;
  const i32 = b.i32;
  if (words < 4) return 1025;
  if (i32[i + 5] >>> 21 === 2047 && !((i32[i + 4] & i32[i + 5]) === -1)) return 517;
  if (((i32[i + 7] >>> 0) & 0xff) > 1) return 777;
  if ((i32[i + 7] & -256) !== 0) return 776;
  if (words === 4) return 0;
  if (((i32[i + 9] - low) >>> 0) > span && !((i32[i + 8] & i32[i + 9]) === -1)) return 1036;
  if (words === 5 && (i32[i + 8] & i32[i + 9]) === -1) return 1031;
  if (words === 5) return 0;
  if ((i32[i + 11] >> 21) !== 0 && !(i32[i + 11] === -2097152 && i32[i + 10] === 0)) return 1285;
  if (words === 6 && i32[i + 11] === -2097152 && i32[i + 10] === 0) return 1287;
  return 0;
}

function checkSent(b: RecordBuffer, i: number, words: number, _epoch: Epoch): number {
  const i32 = b.i32;
  if (words < 4) return 1025;
  if (i32[i + 5] >>> 21 === 2047 && !((i32[i + 4] & i32[i + 5]) === -1)) return 517;
  if ((i32[i + 6] & -16777216) !== 0) return 776;
  return 0;
}

function checkOutcome(b: RecordBuffer, i: number, words: number, epoch: Epoch): number {
  const low = epoch.hi > 2097150 ? (epoch.hi - 2097150) | 0 : 0;
  const span = ((epoch.hi < 4292870144 ? epoch.hi + 2097150 : 4294967294) - low) | 0;
  const i32 = b.i32;
  if (words < 5) return 1281;
  if (i32[i + 5] >>> 21 === 2047 && !((i32[i + 4] & i32[i + 5]) === -1)) return 517;
  if ((((i32[i + 9] >> 21) + 1) & -2) !== 0) return 1029;
  if (words === 5) return 0;
  if ((((i32[i + 11] >> 21) + 1) & -2) !== 0) return 1285;
  if (words === 6 && i32[i + 11] === -2097152 && i32[i + 10] === 0) return 1287;
  if (words === 6) return 0;
  if (((i32[i + 13] - low) >>> 0) > span && !((i32[i + 12] & i32[i + 13]) === -1)) return 1548;
  if (words === 7 && (i32[i + 12] & i32[i + 13]) === -1) return 1543;
  return 0;
}

function checkAccepted(b: RecordBuffer, i: number, words: number, epoch: Epoch): number {
  const low = epoch.hi > 2097150 ? (epoch.hi - 2097150) | 0 : 0;
  const span = ((epoch.hi < 4292870144 ? epoch.hi + 2097150 : 4294967294) - low) | 0;
  const i32 = b.i32;
  if (words < 6) return 1537;
  if (i32[i + 5] >>> 21 === 2047 && !((i32[i + 4] & i32[i + 5]) === -1)) return 517;
  if ((i32[i + 7] >> 21) !== 0) return i32[i + 7] === -2097152 && i32[i + 6] === 0 ? 774 : 773;
  if ((((i32[i + 9] >> 21) + 1) & -2) !== 0) return 1029;
  if ((i32[i + 11] >> 21) !== 0) return i32[i + 11] === -2097152 && i32[i + 10] === 0 ? 1286 : 1285;
  if (words === 6) return 0;
  if (((i32[i + 13] >>> 0) & 0xff) > 4) return 1545;
  if (((i32[i + 13] >>> 8) & 0xff) > 5) return 1545;
  if ((i32[i + 13] & -65536) !== 0) return 1544;
  if (words === 7 && (i32[i + 12] | i32[i + 13]) === 0) return 1543;
  if (words === 7) return 0;
  if (((i32[i + 15] - low) >>> 0) > span && !((i32[i + 14] & i32[i + 15]) === -1)) return 1804;
  if (words === 8 && (i32[i + 14] & i32[i + 15]) === -1) return 1799;
  if (words === 8) return 0;
  if (((i32[i + 17] - low) >>> 0) > span && !((i32[i + 16] & i32[i + 17]) === -1)) return 2060;
  if (words === 9 && (i32[i + 16] & i32[i + 17]) === -1) return 2055;
  return 0;
}

function checkRejected(b: RecordBuffer, i: number, words: number, epoch: Epoch): number {
  const low = epoch.hi > 2097150 ? (epoch.hi - 2097150) | 0 : 0;
  const span = ((epoch.hi < 4292870144 ? epoch.hi + 2097150 : 4294967294) - low) | 0;
  const i32 = b.i32;
  if (words < 5) return 1281;
  if (i32[i + 5] >>> 21 === 2047 && !((i32[i + 4] & i32[i + 5]) === -1)) return 517;
  if ((i32[i + 7] >> 21) !== 0 && !(i32[i + 7] === -2097152 && i32[i + 6] === 0)) return 773;
  if (words === 5) return 0;
  if ((((i32[i + 11] >> 21) + 1) & -2) !== 0) return 1285;
  if (words === 6 && i32[i + 11] === -2097152 && i32[i + 10] === 0) return 1287;
  if (words === 6) return 0;
  if (((i32[i + 13] - low) >>> 0) > span && !((i32[i + 12] & i32[i + 13]) === -1)) return 1548;
  if (words === 7 && (i32[i + 12] & i32[i + 13]) === -1) return 1543;
  if (words === 7) return 0;
  if (((i32[i + 15] - low) >>> 0) > span && !((i32[i + 14] & i32[i + 15]) === -1)) return 1804;
  if (words === 8 && (i32[i + 14] & i32[i + 15]) === -1) return 1799;
  if (words === 8) return 0;
  if ((((i32[i + 17] >> 21) + 1) & -2) !== 0) return 2053;
  if (words === 9 && i32[i + 17] === -2097152 && i32[i + 16] === 0) return 2055;
  if (words === 9) return 0;
  if ((((i32[i + 19] >> 21) + 1) & -2) !== 0) return 2309;
  if (words === 10 && i32[i + 19] === -2097152 && i32[i + 18] === 0) return 2311;
  return 0;
}

function checkFill(b: RecordBuffer, i: number, words: number, epoch: Epoch): number {
  const low = epoch.hi > 2097150 ? (epoch.hi - 2097150) | 0 : 0;
  const span = ((epoch.hi < 4292870144 ? epoch.hi + 2097150 : 4294967294) - low) | 0;
  const i32 = b.i32;
  if (words < 10) return 2561;
  if (i32[i + 5] >>> 21 === 2047 && !((i32[i + 4] & i32[i + 5]) === -1)) return 517;
  if ((i32[i + 7] >> 21) !== 0 && !(i32[i + 7] === -2097152 && i32[i + 6] === 0)) return 773;
  if ((((i32[i + 9] >> 21) + 1) & -2) !== 0) return 1029;
  if ((i32[i + 11] >> 21) !== 0) return i32[i + 11] === -2097152 && i32[i + 10] === 0 ? 1286 : 1285;
  if ((i32[i + 13] >> 21) !== 0 && !(i32[i + 13] === -2097152 && i32[i + 12] === 0)) return 1541;
  if ((i32[i + 15] >> 21) !== 0 && !(i32[i + 15] === -2097152 && i32[i + 14] === 0)) return 1797;
  if ((i32[i + 17] >> 21) !== 0 && !(i32[i + 17] === -2097152 && i32[i + 16] === 0)) return 2053;
  if ((i32[i + 19] >> 21) !== 0 && !(i32[i + 19] === -2097152 && i32[i + 18] === 0)) return 2309;
  if (i32[i + 9] === -2097152 && i32[i + 8] === 0 && words <= 12) return 1037;
  if (words === 10) return 0;
  if (words === 11 && (i32[i + 20] | i32[i + 21]) === 0) return 2567;
  if (words === 11) return 0;
  if ((i32[i + 22] & -16777216) !== 0 || (i32[i + 23] & -1) !== 0) return 2824;
  if (words === 12 && (i32[i + 22] | i32[i + 23]) === 0) return 2823;
  if (words === 12) return 0;
  if ((((i32[i + 25] >> 21) + 1) & -2) !== 0) return 3077;
  if (words === 13 && i32[i + 25] === -2097152 && i32[i + 24] === 0) return 3079;
  if ((i32[i + 9] === -2097152 && i32[i + 8] === 0) === (i32[i + 25] === -2097152 && i32[i + 24] === 0)) return 1037;
  if (words === 13) return 0;
  if (((i32[i + 27] - low) >>> 0) > span && !((i32[i + 26] & i32[i + 27]) === -1)) return 3340;
  if (words === 14 && (i32[i + 26] & i32[i + 27]) === -1) return 3335;
  if (words === 14) return 0;
  if (((i32[i + 29] - low) >>> 0) > span && !((i32[i + 28] & i32[i + 29]) === -1)) return 3596;
  if (words === 15 && (i32[i + 28] & i32[i + 29]) === -1) return 3591;
  return 0;
}

function checkCanceled(b: RecordBuffer, i: number, words: number, epoch: Epoch): number {
  const low = epoch.hi > 2097150 ? (epoch.hi - 2097150) | 0 : 0;
  const span = ((epoch.hi < 4292870144 ? epoch.hi + 2097150 : 4294967294) - low) | 0;
  const i32 = b.i32;
  if (words < 6) return 1537;
  if (i32[i + 5] >>> 21 === 2047 && !((i32[i + 4] & i32[i + 5]) === -1)) return 517;
  if ((i32[i + 7] >> 21) !== 0) return i32[i + 7] === -2097152 && i32[i + 6] === 0 ? 774 : 773;
  if ((i32[i + 9] >> 21) !== 0 && !(i32[i + 9] === -2097152 && i32[i + 8] === 0)) return 1029;
  if ((i32[i + 10] & -65536) !== 0) return 1288;
  if (words === 6) return 0;
  if ((i32[i + 13] >> 21) !== 0 && !(i32[i + 13] === -2097152 && i32[i + 12] === 0)) return 1541;
  if (words === 7 && i32[i + 13] === -2097152 && i32[i + 12] === 0) return 1543;
  if (words === 7) return 0;
  if (((i32[i + 15] - low) >>> 0) > span && !((i32[i + 14] & i32[i + 15]) === -1)) return 1804;
  if (words === 8 && (i32[i + 14] & i32[i + 15]) === -1) return 1799;
  if (words === 8) return 0;
  if (((i32[i + 17] - low) >>> 0) > span && !((i32[i + 16] & i32[i + 17]) === -1)) return 2060;
  if (words === 9 && (i32[i + 16] & i32[i + 17]) === -1) return 2055;
  return 0;
}

function checkAmended(b: RecordBuffer, i: number, words: number, epoch: Epoch): number {
  const low = epoch.hi > 2097150 ? (epoch.hi - 2097150) | 0 : 0;
  const span = ((epoch.hi < 4292870144 ? epoch.hi + 2097150 : 4294967294) - low) | 0;
  const i32 = b.i32;
  if (words < 7) return 1793;
  if (i32[i + 5] >>> 21 === 2047 && !((i32[i + 4] & i32[i + 5]) === -1)) return 517;
  if ((i32[i + 7] >> 21) !== 0) return i32[i + 7] === -2097152 && i32[i + 6] === 0 ? 774 : 773;
  if ((((i32[i + 9] >> 21) + 1) & -2) !== 0) return 1029;
  if ((i32[i + 11] >> 21) !== 0) return i32[i + 11] === -2097152 && i32[i + 10] === 0 ? 1286 : 1285;
  if ((i32[i + 12] & -16777216) !== 0) return 1544;
  if (words === 7) return 0;
  if ((i32[i + 15] >> 21) !== 0 && !(i32[i + 15] === -2097152 && i32[i + 14] === 0)) return 1797;
  if (words === 8 && i32[i + 15] === -2097152 && i32[i + 14] === 0) return 1799;
  if (words === 8) return 0;
  if ((i32[i + 17] >> 21) !== 0 && !(i32[i + 17] === -2097152 && i32[i + 16] === 0)) return 2053;
  if (words === 9 && i32[i + 17] === -2097152 && i32[i + 16] === 0) return 2055;
  if (words === 9) return 0;
  if (((i32[i + 19] - low) >>> 0) > span && !((i32[i + 18] & i32[i + 19]) === -1)) return 2316;
  if (words === 10 && (i32[i + 18] & i32[i + 19]) === -1) return 2311;
  if (words === 10) return 0;
  if (((i32[i + 21] - low) >>> 0) > span && !((i32[i + 20] & i32[i + 21]) === -1)) return 2572;
  if (words === 11 && (i32[i + 20] & i32[i + 21]) === -1) return 2567;
  return 0;
}

function checkExpired(b: RecordBuffer, i: number, words: number, epoch: Epoch): number {
  const low = epoch.hi > 2097150 ? (epoch.hi - 2097150) | 0 : 0;
  const span = ((epoch.hi < 4292870144 ? epoch.hi + 2097150 : 4294967294) - low) | 0;
  const i32 = b.i32;
  if (words < 6) return 1537;
  if (i32[i + 5] >>> 21 === 2047 && !((i32[i + 4] & i32[i + 5]) === -1)) return 517;
  if ((i32[i + 7] >> 21) !== 0) return i32[i + 7] === -2097152 && i32[i + 6] === 0 ? 774 : 773;
  if ((i32[i + 9] >> 21) !== 0 && !(i32[i + 9] === -2097152 && i32[i + 8] === 0)) return 1029;
  if ((i32[i + 10] & -65536) !== 0) return 1288;
  if (words === 6) return 0;
  if (((i32[i + 13] - low) >>> 0) > span && !((i32[i + 12] & i32[i + 13]) === -1)) return 1548;
  if (words === 7 && (i32[i + 12] & i32[i + 13]) === -1) return 1543;
  if (words === 7) return 0;
  if (((i32[i + 15] - low) >>> 0) > span && !((i32[i + 14] & i32[i + 15]) === -1)) return 1804;
  if (words === 8 && (i32[i + 14] & i32[i + 15]) === -1) return 1799;
  return 0;
}

function checkCancelAllDone(b: RecordBuffer, i: number, words: number, epoch: Epoch): number {
  const low = epoch.hi > 2097150 ? (epoch.hi - 2097150) | 0 : 0;
  const span = ((epoch.hi < 4292870144 ? epoch.hi + 2097150 : 4294967294) - low) | 0;
  const i32 = b.i32;
  if (words < 4) return 1025;
  if (i32[i + 5] >>> 21 === 2047 && !((i32[i + 4] & i32[i + 5]) === -1)) return 517;
  if (words === 4) return 0;
  if (((i32[i + 9] - low) >>> 0) > span && !((i32[i + 8] & i32[i + 9]) === -1)) return 1036;
  if (words === 5 && (i32[i + 8] & i32[i + 9]) === -1) return 1031;
  if (words === 5) return 0;
  if (((i32[i + 11] - low) >>> 0) > span && !((i32[i + 10] & i32[i + 11]) === -1)) return 1292;
  if (words === 6 && (i32[i + 10] & i32[i + 11]) === -1) return 1287;
  return 0;
}

function checkTrade(b: RecordBuffer, i: number, words: number, epoch: Epoch): number {
  const low = epoch.hi > 2097150 ? (epoch.hi - 2097150) | 0 : 0;
  const span = ((epoch.hi < 4292870144 ? epoch.hi + 2097150 : 4294967294) - low) | 0;
  const i32 = b.i32;
  if (words < 5) return 1281;
  if ((((i32[i + 5] >> 21) + 1) & -2) !== 0) return 517;
  if ((i32[i + 7] >> 21) !== 0) return i32[i + 7] === -2097152 && i32[i + 6] === 0 ? 774 : 773;
  if ((i32[i + 9] >> 21) !== 0 && !(i32[i + 9] === -2097152 && i32[i + 8] === 0)) return 1029;
  if (i32[i + 5] === -2097152 && i32[i + 4] === 0 && words <= 11) return 525;
  if (words === 5) return 0;
  if (((i32[i + 11] - low) >>> 0) > span && !((i32[i + 10] & i32[i + 11]) === -1)) return 1292;
  if (words === 6 && (i32[i + 10] & i32[i + 11]) === -1) return 1287;
  if (words === 6) return 0;
  if (((i32[i + 13] - low) >>> 0) > span && !((i32[i + 12] & i32[i + 13]) === -1)) return 1548;
  if (words === 7 && (i32[i + 12] & i32[i + 13]) === -1) return 1543;
  if (words === 7) return 0;
  if ((i32[i + 14] & -256) !== 0) return 1800;
  if (words === 8 && (i32[i + 14] | i32[i + 15]) === 0) return 1799;
  if (words === 8) return 0;
  if ((i32[i + 17] >> 21) !== 0 && !(i32[i + 17] === -2097152 && i32[i + 16] === 0)) return 2053;
  if (words === 9 && i32[i + 17] === -2097152 && i32[i + 16] === 0) return 2055;
  if (words === 9) return 0;
  if ((i32[i + 19] >> 21) !== 0 && !(i32[i + 19] === -2097152 && i32[i + 18] === 0)) return 2309;
  if (words === 10 && i32[i + 19] === -2097152 && i32[i + 18] === 0) return 2311;
  if (words === 10) return 0;
  if ((i32[i + 21] >> 21) !== 0 && !(i32[i + 21] === -2097152 && i32[i + 20] === 0)) return 2565;
  if (words === 11 && i32[i + 21] === -2097152 && i32[i + 20] === 0) return 2567;
  if (words === 11) return 0;
  if ((((i32[i + 23] >> 21) + 1) & -2) !== 0) return 2821;
  if (words === 12 && i32[i + 23] === -2097152 && i32[i + 22] === 0) return 2823;
  if ((i32[i + 5] === -2097152 && i32[i + 4] === 0) === (i32[i + 23] === -2097152 && i32[i + 22] === 0)) return 525;
  return 0;
}

function checkQuote(b: RecordBuffer, i: number, words: number, epoch: Epoch): number {
  const low = epoch.hi > 2097150 ? (epoch.hi - 2097150) | 0 : 0;
  const span = ((epoch.hi < 4292870144 ? epoch.hi + 2097150 : 4294967294) - low) | 0;
  const i32 = b.i32;
  if (words < 6) return 1537;
  if ((((i32[i + 5] >> 21) + 1) & -2) !== 0) return 517;
  if ((i32[i + 7] >> 21) !== 0) return i32[i + 7] === -2097152 && i32[i + 6] === 0 ? 774 : 773;
  if ((((i32[i + 9] >> 21) + 1) & -2) !== 0) return 1029;
  if ((i32[i + 11] >> 21) !== 0) return i32[i + 11] === -2097152 && i32[i + 10] === 0 ? 1286 : 1285;
  if (i32[i + 5] === -2097152 && i32[i + 4] === 0 && !((i32[i + 6] | i32[i + 7]) === 0)) return 781;
  if (i32[i + 9] === -2097152 && i32[i + 8] === 0 && !((i32[i + 10] | i32[i + 11]) === 0)) return 1293;
  if (words === 6) return 0;
  if ((i32[i + 13] >> 21) !== 0 && !(i32[i + 13] === -2097152 && i32[i + 12] === 0)) return 1541;
  if (words === 7 && i32[i + 13] === -2097152 && i32[i + 12] === 0) return 1543;
  if (words === 7) return 0;
  if (((i32[i + 15] - low) >>> 0) > span && !((i32[i + 14] & i32[i + 15]) === -1)) return 1804;
  if (words === 8 && (i32[i + 14] & i32[i + 15]) === -1) return 1799;
  if (words === 8) return 0;
  if (((i32[i + 17] - low) >>> 0) > span && !((i32[i + 16] & i32[i + 17]) === -1)) return 2060;
  if (words === 9 && (i32[i + 16] & i32[i + 17]) === -1) return 2055;
  return 0;
}

function checkLevel(b: RecordBuffer, i: number, words: number, _epoch: Epoch): number {
  const i32 = b.i32;
  if (words < 4) return 1025;
  if ((((i32[i + 5] >> 21) + 1) & -2) !== 0) return 517;
  if (i32[i + 5] === -2097152 && i32[i + 4] === 0) return 518;
  if ((i32[i + 7] >> 21) !== 0) return i32[i + 7] === -2097152 && i32[i + 6] === 0 ? 774 : 773;
  if ((i32[i] & 805306368) === 0) return 4;
  if (words === 4) return 0;
  if ((i32[i + 9] & -1) !== 0) return 1032;
  if (words === 5 && (i32[i + 8] | i32[i + 9]) === 0) return 1031;
  return 0;
}

function checkBookUpdate(b: RecordBuffer, i: number, words: number, epoch: Epoch): number {
  const low = epoch.hi > 2097150 ? (epoch.hi - 2097150) | 0 : 0;
  const span = ((epoch.hi < 4292870144 ? epoch.hi + 2097150 : 4294967294) - low) | 0;
  const i32 = b.i32;
  if (words < 4) return 1025;
  if ((i32[i + 5] >> 21) !== 0 && !(i32[i + 5] === -2097152 && i32[i + 4] === 0)) return 517;
  if ((i32[i + 7] & -1) !== 0) return 776;
  if (words === 4) return 0;
  if ((i32[i + 9] >> 21) !== 0 && !(i32[i + 9] === -2097152 && i32[i + 8] === 0)) return 1029;
  if (words === 5 && i32[i + 9] === -2097152 && i32[i + 8] === 0) return 1031;
  if (words === 5) return 0;
  if ((i32[i + 11] >> 21) !== 0 && !(i32[i + 11] === -2097152 && i32[i + 10] === 0)) return 1285;
  if (words === 6 && i32[i + 11] === -2097152 && i32[i + 10] === 0) return 1287;
  if (words === 6) return 0;
  if (((i32[i + 13] - low) >>> 0) > span && !((i32[i + 12] & i32[i + 13]) === -1)) return 1548;
  if (words === 7 && (i32[i + 12] & i32[i + 13]) === -1) return 1543;
  if (words === 7) return 0;
  if (((i32[i + 15] - low) >>> 0) > span && !((i32[i + 14] & i32[i + 15]) === -1)) return 1804;
  if (words === 8 && (i32[i + 14] & i32[i + 15]) === -1) return 1799;
  if (words === 8) return 0;
  if ((i32[i + 17] >> 21) !== 0) return i32[i + 17] === -2097152 && i32[i + 16] === 0 ? 2054 : 2053;
  if (words === 9 && (i32[i + 16] | i32[i + 17]) === 0) return 2055;
  return 0;
}

function checkBookReset(b: RecordBuffer, i: number, words: number, epoch: Epoch): number {
  const low = epoch.hi > 2097150 ? (epoch.hi - 2097150) | 0 : 0;
  const span = ((epoch.hi < 4292870144 ? epoch.hi + 2097150 : 4294967294) - low) | 0;
  const i32 = b.i32;
  if (words < 4) return 1025;
  if ((i32[i + 5] >> 21) !== 0 && !(i32[i + 5] === -2097152 && i32[i + 4] === 0)) return 517;
  if (words === 4) return 0;
  if ((((i32[i + 9] >> 21) + 1) & -2) !== 0) return 1029;
  if (words === 5 && i32[i + 9] === -2097152 && i32[i + 8] === 0) return 1031;
  if (words === 5) return 0;
  if ((((i32[i + 11] >> 21) + 1) & -2) !== 0) return 1285;
  if (words === 6 && i32[i + 11] === -2097152 && i32[i + 10] === 0) return 1287;
  if (words === 6) return 0;
  if (((i32[i + 13] - low) >>> 0) > span && !((i32[i + 12] & i32[i + 13]) === -1)) return 1548;
  if (words === 7 && (i32[i + 12] & i32[i + 13]) === -1) return 1543;
  if (words === 7) return 0;
  if (((i32[i + 15] - low) >>> 0) > span && !((i32[i + 14] & i32[i + 15]) === -1)) return 1804;
  if (words === 8 && (i32[i + 14] & i32[i + 15]) === -1) return 1799;
  if (words === 8) return 0;
  if ((i32[i + 17] & -256) !== 0) return 2056;
  if (words === 9 && (i32[i + 16] | i32[i + 17]) === 0) return 2055;
  return 0;
}

function checkMark(b: RecordBuffer, i: number, words: number, epoch: Epoch): number {
  const low = epoch.hi > 2097150 ? (epoch.hi - 2097150) | 0 : 0;
  const span = ((epoch.hi < 4292870144 ? epoch.hi + 2097150 : 4294967294) - low) | 0;
  const i32 = b.i32;
  if (words < 5) return 1281;
  if ((((i32[i + 5] >> 21) + 1) & -2) !== 0) return 517;
  if ((((i32[i + 7] >> 21) + 1) & -2) !== 0) return 773;
  if ((((i32[i + 9] >> 21) + 1) & -2) !== 0) return 1029;
  if (words === 5) return 0;
  if (((i32[i + 11] - low) >>> 0) > span && !((i32[i + 10] & i32[i + 11]) === -1)) return 1292;
  if (words === 6 && (i32[i + 10] & i32[i + 11]) === -1) return 1287;
  if (words === 6) return 0;
  if (((i32[i + 13] - low) >>> 0) > span && !((i32[i + 12] & i32[i + 13]) === -1)) return 1548;
  if (words === 7 && (i32[i + 12] & i32[i + 13]) === -1) return 1543;
  return 0;
}

function checkFundingRate(b: RecordBuffer, i: number, words: number, epoch: Epoch): number {
  const low = epoch.hi > 2097150 ? (epoch.hi - 2097150) | 0 : 0;
  const span = ((epoch.hi < 4292870144 ? epoch.hi + 2097150 : 4294967294) - low) | 0;
  const i32 = b.i32;
  if (words < 4) return 1025;
  if ((((i32[i + 5] >> 21) + 1) & -2) !== 0) return 517;
  if (i32[i + 5] === -2097152 && i32[i + 4] === 0) return 518;
  if (((i32[i + 7] - low) >>> 0) > span && !((i32[i + 6] & i32[i + 7]) === -1)) return 780;
  if (words === 4) return 0;
  if ((i32[i + 9] & -256) !== 0) return 1032;
  if (words === 5 && (i32[i + 8] | i32[i + 9]) === 0) return 1031;
  if (words === 5) return 0;
  if (((i32[i + 11] - low) >>> 0) > span && !((i32[i + 10] & i32[i + 11]) === -1)) return 1292;
  if (words === 6 && (i32[i + 10] & i32[i + 11]) === -1) return 1287;
  if (words === 6) return 0;
  if (((i32[i + 13] - low) >>> 0) > span && !((i32[i + 12] & i32[i + 13]) === -1)) return 1548;
  if (words === 7 && (i32[i + 12] & i32[i + 13]) === -1) return 1543;
  return 0;
}

function checkTradingStatus(b: RecordBuffer, i: number, words: number, epoch: Epoch): number {
  const low = epoch.hi > 2097150 ? (epoch.hi - 2097150) | 0 : 0;
  const span = ((epoch.hi < 4292870144 ? epoch.hi + 2097150 : 4294967294) - low) | 0;
  const i32 = b.i32;
  if (words < 3) return 769;
  if ((i32[i + 5] & -1) !== 0) return 520;
  if (words === 3) return 0;
  if (((i32[i + 7] - low) >>> 0) > span && !((i32[i + 6] & i32[i + 7]) === -1)) return 780;
  if (words === 4 && (i32[i + 6] & i32[i + 7]) === -1) return 775;
  if (words === 4) return 0;
  if (((i32[i + 9] - low) >>> 0) > span && !((i32[i + 8] & i32[i + 9]) === -1)) return 1036;
  if (words === 5 && (i32[i + 8] & i32[i + 9]) === -1) return 1031;
  return 0;
}

function checkBar(b: RecordBuffer, i: number, words: number, epoch: Epoch): number {
  const low = epoch.hi > 2097150 ? (epoch.hi - 2097150) | 0 : 0;
  const span = ((epoch.hi < 4292870144 ? epoch.hi + 2097150 : 4294967294) - low) | 0;
  const i32 = b.i32;
  if (words < 10) return 2561;
  if ((((i32[i + 5] >> 21) + 1) & -2) !== 0) return 517;
  if (i32[i + 5] === -2097152 && i32[i + 4] === 0) return 518;
  if ((((i32[i + 7] >> 21) + 1) & -2) !== 0) return 773;
  if (i32[i + 7] === -2097152 && i32[i + 6] === 0) return 774;
  if ((((i32[i + 9] >> 21) + 1) & -2) !== 0) return 1029;
  if (i32[i + 9] === -2097152 && i32[i + 8] === 0) return 1030;
  if ((((i32[i + 11] >> 21) + 1) & -2) !== 0) return 1285;
  if (i32[i + 11] === -2097152 && i32[i + 10] === 0) return 1286;
  if ((i32[i + 13] >> 21) !== 0) return i32[i + 13] === -2097152 && i32[i + 12] === 0 ? 1542 : 1541;
  if (((i32[i + 17] - low) >>> 0) > span) return (i32[i + 16] & i32[i + 17]) === -1 ? 2054 : 2060;
  if ((i32[i + 18] & -256) !== 0 || (i32[i + 19] & -1) !== 0) return 2312;
  if (words === 10) return 0;
  if ((i32[i + 21] >> 21) !== 0 && !(i32[i + 21] === -2097152 && i32[i + 20] === 0)) return 2565;
  if (words === 11 && i32[i + 21] === -2097152 && i32[i + 20] === 0) return 2567;
  return 0;
}

function checkFeedStatus(b: RecordBuffer, i: number, words: number, epoch: Epoch): number {
  const low = epoch.hi > 2097150 ? (epoch.hi - 2097150) | 0 : 0;
  const span = ((epoch.hi < 4292870144 ? epoch.hi + 2097150 : 4294967294) - low) | 0;
  const i32 = b.i32;
  if (words < 3) return 769;
  if (words === 3) return 0;
  if ((i32[i + 7] >> 21) !== 0 && !(i32[i + 7] === -2097152 && i32[i + 6] === 0)) return 773;
  if (words === 4 && i32[i + 7] === -2097152 && i32[i + 6] === 0) return 775;
  if (words === 4) return 0;
  if ((i32[i + 9] >> 21) !== 0 && !(i32[i + 9] === -2097152 && i32[i + 8] === 0)) return 1029;
  if (words === 5 && i32[i + 9] === -2097152 && i32[i + 8] === 0) return 1031;
  if (words === 5) return 0;
  if (((i32[i + 11] - low) >>> 0) > span && !((i32[i + 10] & i32[i + 11]) === -1)) return 1292;
  if (words === 6 && (i32[i + 10] & i32[i + 11]) === -1) return 1287;
  if (words === 6) return 0;
  if ((((i32[i + 13] >> 21) + 1) & -2) !== 0) return 1541;
  if (words === 7 && i32[i + 13] === -2097152 && i32[i + 12] === 0) return 1543;
  return 0;
}

function checkIntent(b: RecordBuffer, i: number, words: number, _epoch: Epoch): number {
  const i32 = b.i32;
  if (words < 8) return 2049;
  if (i32[i + 5] >>> 21 === 2047 && !((i32[i + 4] & i32[i + 5]) === -1)) return 517;
  if ((i32[i + 7] >> 21) !== 0) return i32[i + 7] === -2097152 && i32[i + 6] === 0 ? 774 : 773;
  if (((i32[i + 8] >>> 8) & 0xff) > 4) return 1033;
  if (((i32[i + 8] >>> 16) & 0xff) > 5) return 1033;
  if ((i32[i + 9] & -16777216) !== 0) return 1032;
  if ((((i32[i + 11] >> 21) + 1) & -2) !== 0) return 1285;
  if ((((i32[i + 13] >> 21) + 1) & -2) !== 0) return 1541;
  if ((i32[i + 15] >> 21) !== 0 && !(i32[i + 15] === -2097152 && i32[i + 14] === 0)) return 1797;
  if (words === 8) return 0;
  if ((i32[i + 17] >> 21) !== 0 && !(i32[i + 17] === -2097152 && i32[i + 16] === 0)) return 2053;
  if (words === 9 && i32[i + 17] === -2097152 && i32[i + 16] === 0) return 2055;
  return 0;
}

function checkTarget(b: RecordBuffer, i: number, words: number, _epoch: Epoch): number {
  const i32 = b.i32;
  if (words < 6) return 1537;
  if (i32[i + 5] >>> 21 === 2047 && !((i32[i + 4] & i32[i + 5]) === -1)) return 517;
  if ((i32[i + 7] >> 21) !== 0) return i32[i + 7] === -2097152 && i32[i + 6] === 0 ? 774 : 773;
  if ((((i32[i + 9] >> 21) + 1) & -2) !== 0) return 1029;
  if (i32[i + 9] === -2097152 && i32[i + 8] === 0) return 1030;
  if ((i32[i + 10] & 65280) !== 0) return 1288;
  if (words === 6) return 0;
  if ((((i32[i + 13] >> 21) + 1) & -2) !== 0) return 1541;
  if (words === 7 && i32[i + 13] === -2097152 && i32[i + 12] === 0) return 1543;
  if (words === 7) return 0;
  if ((i32[i + 15] >> 21) !== 0 && !(i32[i + 15] === -2097152 && i32[i + 14] === 0)) return 1797;
  if (words === 8 && i32[i + 15] === -2097152 && i32[i + 14] === 0) return 1799;
  return 0;
}

function checkRiskDecision(b: RecordBuffer, i: number, words: number, _epoch: Epoch): number {
  const i32 = b.i32;
  if (words < 12) return 3073;
  if (i32[i + 5] >>> 21 === 2047 && !((i32[i + 4] & i32[i + 5]) === -1)) return 517;
  if ((i32[i + 7] >> 21) !== 0 && !(i32[i + 7] === -2097152 && i32[i + 6] === 0)) return 773;
  if ((((i32[i + 11] >> 21) + 1) & -2) !== 0) return 1285;
  if ((((i32[i + 13] >> 21) + 1) & -2) !== 0) return 1541;
  if ((((i32[i + 15] >> 21) + 1) & -2) !== 0) return 1797;
  if (words === 12) return 0;
  if ((i32[i + 25] >> 21) !== 0 && !(i32[i + 25] === -2097152 && i32[i + 24] === 0)) return 3077;
  if (words === 13 && i32[i + 25] === -2097152 && i32[i + 24] === 0) return 3079;
  if (words === 13) return 0;
  if ((i32[i + 26] & -65536) !== 0) return 3336;
  if (words === 14 && (i32[i + 26] | i32[i + 27]) === 0) return 3335;
  return 0;
}

function checkRouteDecision(b: RecordBuffer, i: number, words: number, _epoch: Epoch): number {
  const i32 = b.i32;
  if (words < 13) return 3329;
  if (i32[i + 5] >>> 21 === 2047 && !((i32[i + 4] & i32[i + 5]) === -1)) return 517;
  if ((i32[i + 7] >> 21) !== 0) return i32[i + 7] === -2097152 && i32[i + 6] === 0 ? 774 : 773;
  if ((((i32[i + 11] >> 21) + 1) & -2) !== 0) return 1285;
  if ((((i32[i + 13] >> 21) + 1) & -2) !== 0) return 1541;
  if (i32[i + 13] === -2097152 && i32[i + 12] === 0) return 1542;
  if ((((i32[i + 15] >> 21) + 1) & -2) !== 0) return 1797;
  if ((((i32[i + 17] >> 21) + 1) & -2) !== 0) return 2053;
  if ((((i32[i + 19] >> 21) + 1) & -2) !== 0) return 2309;
  if ((((i32[i + 21] >> 21) + 1) & -2) !== 0) return 2565;
  if ((((i32[i + 23] >> 21) + 1) & -2) !== 0) return 2821;
  if ((((i32[i + 25] >> 21) + 1) & -2) !== 0) return 3077;
  return 0;
}

function checkNoAction(b: RecordBuffer, i: number, words: number, _epoch: Epoch): number {
  const i32 = b.i32;
  if (words < 5) return 1281;
  if (i32[i + 5] >>> 21 === 2047 && !((i32[i + 4] & i32[i + 5]) === -1)) return 517;
  if ((i32[i + 7] >> 21) !== 0 && !(i32[i + 7] === -2097152 && i32[i + 6] === 0)) return 773;
  if ((i32[i + 8] & -65536) !== 0 || (i32[i + 9] & -1) !== 0) return 1032;
  if (words === 5) return 0;
  if ((i32[i + 11] >> 21) !== 0 && !(i32[i + 11] === -2097152 && i32[i + 10] === 0)) return 1285;
  if (words === 6 && i32[i + 11] === -2097152 && i32[i + 10] === 0) return 1287;
  if (words === 6) return 0;
  if ((((i32[i + 13] >> 21) + 1) & -2) !== 0) return 1541;
  if (words === 7 && i32[i + 13] === -2097152 && i32[i + 12] === 0) return 1543;
  return 0;
}

function checkCashFlow(b: RecordBuffer, i: number, words: number, epoch: Epoch): number {
  const low = epoch.hi > 2097150 ? (epoch.hi - 2097150) | 0 : 0;
  const span = ((epoch.hi < 4292870144 ? epoch.hi + 2097150 : 4294967294) - low) | 0;
  const i32 = b.i32;
  if (words < 6) return 1537;
  if (i32[i + 5] >>> 21 === 2047 && !((i32[i + 4] & i32[i + 5]) === -1)) return 517;
  if ((i32[i + 6] | i32[i + 7]) === 0 && i32[i + 8] === 0 && i32[i + 9] === -2147483648) return 774;
  if (words === 6) return 0;
  if ((i32[i + 13] >> 21) !== 0 && !(i32[i + 13] === -2097152 && i32[i + 12] === 0)) return 1541;
  if (words === 7 && i32[i + 13] === -2097152 && i32[i + 12] === 0) return 1543;
  if (words === 7) return 0;
  if ((i32[i + 15] >> 21) !== 0 && !(i32[i + 15] === -2097152 && i32[i + 14] === 0)) return 1797;
  if (words === 8 && i32[i + 15] === -2097152 && i32[i + 14] === 0) return 1799;
  if (words === 8) return 0;
  if (((i32[i + 17] - low) >>> 0) > span && !((i32[i + 16] & i32[i + 17]) === -1)) return 2060;
  if (words === 9 && (i32[i + 16] & i32[i + 17]) === -1) return 2055;
  return 0;
}

function checkFundingPaid(b: RecordBuffer, i: number, words: number, epoch: Epoch): number {
  const low = epoch.hi > 2097150 ? (epoch.hi - 2097150) | 0 : 0;
  const span = ((epoch.hi < 4292870144 ? epoch.hi + 2097150 : 4294967294) - low) | 0;
  const i32 = b.i32;
  if (words < 10) return 2561;
  if (i32[i + 5] >>> 21 === 2047 && !((i32[i + 4] & i32[i + 5]) === -1)) return 517;
  if ((i32[i + 6] | i32[i + 7]) === 0 && i32[i + 8] === 0 && i32[i + 9] === -2147483648) return 774;
  if ((i32[i + 10] & -65536) !== 0) return 1288;
  if ((((i32[i + 13] >> 21) + 1) & -2) !== 0) return 1541;
  if (i32[i + 13] === -2097152 && i32[i + 12] === 0) return 1542;
  if ((((i32[i + 15] >> 21) + 1) & -2) !== 0) return 1797;
  if (i32[i + 15] === -2097152 && i32[i + 14] === 0) return 1798;
  if ((((i32[i + 17] >> 21) + 1) & -2) !== 0) return 2053;
  if (i32[i + 17] === -2097152 && i32[i + 16] === 0) return 2054;
  if (((i32[i + 19] - low) >>> 0) > span) return (i32[i + 18] & i32[i + 19]) === -1 ? 2310 : 2316;
  return 0;
}

function checkSettlement(b: RecordBuffer, i: number, words: number, _epoch: Epoch): number {
  const i32 = b.i32;
  if (words < 8) return 2049;
  if (i32[i + 5] >>> 21 === 2047 && !((i32[i + 4] & i32[i + 5]) === -1)) return 517;
  if ((i32[i + 6] | i32[i + 7]) === 0 && i32[i + 8] === 0 && i32[i + 9] === -2147483648) return 774;
  if ((((i32[i + 13] >> 21) + 1) & -2) !== 0) return 1541;
  if (i32[i + 13] === -2097152 && i32[i + 12] === 0) return 1542;
  if ((((i32[i + 15] >> 21) + 1) & -2) !== 0) return 1797;
  if (i32[i + 15] === -2097152 && i32[i + 14] === 0) return 1798;
  return 0;
}

function checkTruthOrder(b: RecordBuffer, i: number, words: number, epoch: Epoch): number {
  const low = epoch.hi > 2097150 ? (epoch.hi - 2097150) | 0 : 0;
  const span = ((epoch.hi < 4292870144 ? epoch.hi + 2097150 : 4294967294) - low) | 0;
  const i32 = b.i32;
  if (words < 9) return 2305;
  if (i32[i + 5] >>> 21 === 2047 && !((i32[i + 4] & i32[i + 5]) === -1)) return 517;
  if ((i32[i + 7] >> 21) !== 0) return i32[i + 7] === -2097152 && i32[i + 6] === 0 ? 774 : 773;
  if ((i32[i + 9] >> 21) !== 0) return i32[i + 9] === -2097152 && i32[i + 8] === 0 ? 1030 : 1029;
  if ((((i32[i + 11] >> 21) + 1) & -2) !== 0) return 1285;
  if ((((i32[i + 13] >> 21) + 1) & -2) !== 0) return 1541;
  if (i32[i + 13] === -2097152 && i32[i + 12] === 0) return 1542;
  if ((((i32[i + 15] >> 21) + 1) & -2) !== 0) return 1797;
  if (i32[i + 15] === -2097152 && i32[i + 14] === 0) return 1798;
  if (((i32[i + 16] >>> 8) & 0xff) > 5) return 2057;
  if (((i32[i + 16] >>> 16) & 0xff) > 4) return 2057;
  if (words === 9) return 0;
  if ((((i32[i + 19] >> 21) + 1) & -2) !== 0) return 2309;
  if (words === 10 && i32[i + 19] === -2097152 && i32[i + 18] === 0) return 2311;
  if (words === 10) return 0;
  if (((i32[i + 21] - low) >>> 0) > span && !((i32[i + 20] & i32[i + 21]) === -1)) return 2572;
  if (words === 11 && (i32[i + 20] & i32[i + 21]) === -1) return 2567;
  return 0;
}

function checkTruthPosition(b: RecordBuffer, i: number, words: number, _epoch: Epoch): number {
  const i32 = b.i32;
  if (words < 7) return 1793;
  if (i32[i + 5] >>> 21 === 2047 && !((i32[i + 4] & i32[i + 5]) === -1)) return 517;
  if ((i32[i + 7] >> 21) !== 0) return i32[i + 7] === -2097152 && i32[i + 6] === 0 ? 774 : 773;
  if ((((i32[i + 9] >> 21) + 1) & -2) !== 0) return 1029;
  if (i32[i + 9] === -2097152 && i32[i + 8] === 0) return 1030;
  if ((((i32[i + 11] >> 21) + 1) & -2) !== 0) return 1285;
  if (words === 7) return 0;
  if ((((i32[i + 15] >> 21) + 1) & -2) !== 0) return 1797;
  if (words === 8 && i32[i + 15] === -2097152 && i32[i + 14] === 0) return 1799;
  if (words === 8) return 0;
  if ((((i32[i + 17] >> 21) + 1) & -2) !== 0) return 2053;
  if (words === 9 && i32[i + 17] === -2097152 && i32[i + 16] === 0) return 2055;
  if (words === 9) return 0;
  if (words < 11) return 2305;
  if (words === 11 && (i32[i + 18] | i32[i + 19]) === 0 && i32[i + 20] === 0 && i32[i + 21] === -2147483648) return 2311;
  if (words === 11) return 0;
  if ((i32[i + 22] & -65536) !== 0 || (i32[i + 23] & -1) !== 0) return 2824;
  if (words === 12 && (i32[i + 22] | i32[i + 23]) === 0) return 2823;
  return 0;
}

function checkTruthBalance(b: RecordBuffer, i: number, words: number, _epoch: Epoch): number {
  const i32 = b.i32;
  if (words < 9) return 2305;
  if (i32[i + 5] >>> 21 === 2047 && !((i32[i + 4] & i32[i + 5]) === -1)) return 517;
  if ((i32[i + 7] >> 21) !== 0) return i32[i + 7] === -2097152 && i32[i + 6] === 0 ? 774 : 773;
  if ((i32[i + 8] | i32[i + 9]) === 0 && i32[i + 10] === 0 && i32[i + 11] === -2147483648) return 1030;
  if ((i32[i + 16] & -65536) !== 0) return 2056;
  return 0;
}

function checkDivergence(b: RecordBuffer, i: number, words: number, _epoch: Epoch): number {
  const i32 = b.i32;
  if (words < 9) return 2305;
  if (i32[i + 5] >>> 21 === 2047 && !((i32[i + 4] & i32[i + 5]) === -1)) return 517;
  if ((i32[i + 7] >> 21) !== 0) return i32[i + 7] === -2097152 && i32[i + 6] === 0 ? 774 : 773;
  if (words === 9) return 0;
  if ((i32[i + 19] >> 21) !== 0 && !(i32[i + 19] === -2097152 && i32[i + 18] === 0)) return 2309;
  if (words === 10 && i32[i + 19] === -2097152 && i32[i + 18] === 0) return 2311;
  if (words === 10) return 0;
  if ((i32[i + 21] & -1) !== 0) return 2568;
  if (words === 11 && (i32[i + 20] | i32[i + 21]) === 0) return 2567;
  return 0;
}

function checkReconcileReport(b: RecordBuffer, i: number, words: number, _epoch: Epoch): number {
  const i32 = b.i32;
  if (words < 9) return 2305;
  if (i32[i + 5] >>> 21 === 2047 && !((i32[i + 4] & i32[i + 5]) === -1)) return 517;
  if ((i32[i + 7] >> 21) !== 0) return i32[i + 7] === -2097152 && i32[i + 6] === 0 ? 774 : 773;
  if ((((i32[i + 11] >> 21) + 1) & -2) !== 0) return 1285;
  if (i32[i + 11] === -2097152 && i32[i + 10] === 0) return 1286;
  return 0;
}

function checkLifecycle(b: RecordBuffer, i: number, words: number, _epoch: Epoch): number {
  const i32 = b.i32;
  if (words < 4) return 1025;
  if (i32[i + 5] >>> 21 === 2047 && !((i32[i + 4] & i32[i + 5]) === -1)) return 517;
  if ((i32[i + 7] & -1) !== 0) return 776;
  return 0;
}

function checkRegime(b: RecordBuffer, i: number, words: number, _epoch: Epoch): number {
  const i32 = b.i32;
  if (words < 4) return 1025;
  if (i32[i + 5] >>> 21 === 2047 && !((i32[i + 4] & i32[i + 5]) === -1)) return 517;
  if ((i32[i + 7] & -65536) !== 0) return 776;
  return 0;
}

function checkOperatorCommand(b: RecordBuffer, i: number, words: number, _epoch: Epoch): number {
  const i32 = b.i32;
  if (words < 5) return 1281;
  if (i32[i + 5] >>> 21 === 2047 && !((i32[i + 4] & i32[i + 5]) === -1)) return 517;
  if ((i32[i + 9] & -1) !== 0) return 1032;
  return checkPayload(b, i, { fixedWords: 5, bytes: b.u32[i + 8], type: 'json' });
}

function checkMode(b: RecordBuffer, i: number, words: number, epoch: Epoch): number {
  const low = epoch.hi > 2097150 ? (epoch.hi - 2097150) | 0 : 0;
  const span = ((epoch.hi < 4292870144 ? epoch.hi + 2097150 : 4294967294) - low) | 0;
  const i32 = b.i32;
  if (words < 4) return 1025;
  if (i32[i + 5] >>> 21 === 2047 && !((i32[i + 4] & i32[i + 5]) === -1)) return 517;
  if ((i32[i + 7] & -65536) !== 0) return 776;
  if (words === 4) return 0;
  if (((i32[i + 9] - low) >>> 0) > span && !((i32[i + 8] & i32[i + 9]) === -1)) return 1036;
  if (words === 5 && (i32[i + 8] & i32[i + 9]) === -1) return 1031;
  if (words === 5) return 0;
  if (words < 9) return 1281;
  if (words === 9 && (i32[i + 10] | i32[i + 11]) === 0 && (i32[i + 12] | i32[i + 13]) === 0 && (i32[i + 14] | i32[i + 15]) === 0 && (i32[i + 16] | i32[i + 17]) === 0) return 1287;
  return 0;
}

function checkKillSwitch(b: RecordBuffer, i: number, words: number, _epoch: Epoch): number {
  const i32 = b.i32;
  if (words < 4) return 1025;
  if (i32[i + 5] >>> 21 === 2047 && !((i32[i + 4] & i32[i + 5]) === -1)) return 517;
  return 0;
}

function checkFaultInjected(b: RecordBuffer, i: number, words: number, _epoch: Epoch): number {
  const i32 = b.i32;
  if (words < 5) return 1281;
  if (i32[i + 5] >>> 21 === 2047 && !((i32[i + 4] & i32[i + 5]) === -1)) return 517;
  if ((i32[i + 7] & -1) !== 0) return 776;
  if ((((i32[i + 9] >> 21) + 1) & -2) !== 0) return 1029;
  if (i32[i + 9] === -2097152 && i32[i + 8] === 0) return 1030;
  if (words === 5) return 0;
  if ((i32[i + 11] >> 21) !== 0 && !(i32[i + 11] === -2097152 && i32[i + 10] === 0)) return 1285;
  if (words === 6 && i32[i + 11] === -2097152 && i32[i + 10] === 0) return 1287;
  return 0;
}

function checkInvariantViolated(b: RecordBuffer, i: number, words: number, _epoch: Epoch): number {
  const i32 = b.i32;
  if (words < 4) return 1025;
  if (i32[i + 5] >>> 21 === 2047 && !((i32[i + 4] & i32[i + 5]) === -1)) return 517;
  if ((i32[i + 7] & -1) !== 0) return 776;
  return checkPayload(b, i, { fixedWords: 4, bytes: b.u32[i + 6], type: 'text' });
}

function checkOverrun(b: RecordBuffer, i: number, words: number, _epoch: Epoch): number {
  const i32 = b.i32;
  if (words < 6) return 1537;
  if (i32[i + 5] >>> 21 === 2047 && !((i32[i + 4] & i32[i + 5]) === -1)) return 517;
  if ((i32[i + 7] >> 21) !== 0) return i32[i + 7] === -2097152 && i32[i + 6] === 0 ? 774 : 773;
  if ((i32[i + 9] >> 21) !== 0) return i32[i + 9] === -2097152 && i32[i + 8] === 0 ? 1030 : 1029;
  if ((i32[i + 10] & -256) !== 0 || (i32[i + 11] & -1) !== 0) return 1288;
  return 0;
}

function checkDropped(b: RecordBuffer, i: number, words: number, _epoch: Epoch): number {
  const i32 = b.i32;
  if (words < 5) return 1281;
  if (i32[i + 5] >>> 21 === 2047 && !((i32[i + 4] & i32[i + 5]) === -1)) return 517;
  if ((i32[i + 7] >> 21) !== 0 && !(i32[i + 7] === -2097152 && i32[i + 6] === 0)) return 773;
  if (words === 5) return 0;
  if ((i32[i + 11] & -1) !== 0) return 1288;
  if (words === 6 && (i32[i + 10] | i32[i + 11]) === 0) return 1287;
  if (words === 6) return 0;
  if ((((i32[i + 13] >> 21) + 1) & -2) !== 0) return 1541;
  if (words === 7 && i32[i + 13] === -2097152 && i32[i + 12] === 0) return 1543;
  if (words === 7) return 0;
  if ((((i32[i + 15] >> 21) + 1) & -2) !== 0) return 1797;
  if (words === 8 && i32[i + 15] === -2097152 && i32[i + 14] === 0) return 1799;
  return 0;
}

function checkTimer(b: RecordBuffer, i: number, words: number, epoch: Epoch): number {
  const low = epoch.hi > 2097150 ? (epoch.hi - 2097150) | 0 : 0;
  const span = ((epoch.hi < 4292870144 ? epoch.hi + 2097150 : 4294967294) - low) | 0;
  const i32 = b.i32;
  if (words < 5) return 1281;
  if (i32[i + 5] >>> 21 === 2047 && !((i32[i + 4] & i32[i + 5]) === -1)) return 517;
  if ((i32[i + 7] >> 21) !== 0) return i32[i + 7] === -2097152 && i32[i + 6] === 0 ? 774 : 773;
  if (((i32[i + 9] - low) >>> 0) > span) return (i32[i + 8] & i32[i + 9]) === -1 ? 1030 : 1036;
  return 0;
}

function checkSession(b: RecordBuffer, i: number, words: number, _epoch: Epoch): number {
  const i32 = b.i32;
  if (words < 4) return 1025;
  if (i32[i + 5] >>> 21 === 2047 && !((i32[i + 4] & i32[i + 5]) === -1)) return 517;
  if ((i32[i + 7] & -1) !== 0) return 776;
  return checkPayload(b, i, { fixedWords: 4, bytes: b.u32[i + 6], type: 'json' });
}

function checkClock(b: RecordBuffer, i: number, words: number, epoch: Epoch): number {
  const low = epoch.hi > 2097150 ? (epoch.hi - 2097150) | 0 : 0;
  const span = ((epoch.hi < 4292870144 ? epoch.hi + 2097150 : 4294967294) - low) | 0;
  const i32 = b.i32;
  if (words < 7) return 1793;
  if (i32[i + 5] >>> 21 === 2047 && !((i32[i + 4] & i32[i + 5]) === -1)) return 517;
  if (((i32[i + 7] - low) >>> 0) > span) return (i32[i + 6] & i32[i + 7]) === -1 ? 774 : 780;
  if ((((i32[i + 9] >> 21) + 1) & -2) !== 0) return 1029;
  if (i32[i + 9] === -2097152 && i32[i + 8] === 0) return 1030;
  if ((((i32[i + 11] >> 21) + 1) & -2) !== 0) return 1285;
  if ((i32[i + 12] & -65536) !== 0 || (i32[i + 13] & -1) !== 0) return 1544;
  return 0;
}

function checkAck(b: RecordBuffer, i: number, words: number, _epoch: Epoch): number {
  const i32 = b.i32;
  if (words < 7) return 1793;
  if (i32[i + 5] >>> 21 === 2047 && !((i32[i + 4] & i32[i + 5]) === -1)) return 517;
  if ((i32[i + 7] >> 21) !== 0) return i32[i + 7] === -2097152 && i32[i + 6] === 0 ? 774 : 773;
  if ((i32[i + 9] >> 21) !== 0) return i32[i + 9] === -2097152 && i32[i + 8] === 0 ? 1030 : 1029;
  if ((i32[i + 11] >> 21) !== 0) return i32[i + 11] === -2097152 && i32[i + 10] === 0 ? 1286 : 1285;
  if ((i32[i + 12] & -256) !== 0 || (i32[i + 13] & -1) !== 0) return 1544;
  return 0;
}

function checkAlert(b: RecordBuffer, i: number, words: number, _epoch: Epoch): number {
  const i32 = b.i32;
  if (words < 4) return 1025;
  if (i32[i + 5] >>> 21 === 2047 && !((i32[i + 4] & i32[i + 5]) === -1)) return 517;
  return 0;
}

type BodyCheck = (b: RecordBuffer, i: number, words: number, epoch: Epoch) => number;

const accept: BodyCheck = () => 0;

const CHECKS: BodyCheck[] = Array.from({ length: 256 }, () => accept);
CHECKS[Kind.Define] = checkDefine;
CHECKS[Kind.Note] = checkNote;
CHECKS[Kind.Raw] = checkRaw;
CHECKS[Kind.Checkpoint] = checkCheckpoint;
CHECKS[Kind.Alias] = checkAlias;
CHECKS[Kind.Skip] = checkSkip;
CHECKS[Kind.NewOrder] = checkNewOrder;
CHECKS[Kind.CancelOrder] = checkCancelOrder;
CHECKS[Kind.AmendOrder] = checkAmendOrder;
CHECKS[Kind.CancelAll] = checkCancelAll;
CHECKS[Kind.Sent] = checkSent;
CHECKS[Kind.Outcome] = checkOutcome;
CHECKS[Kind.Accepted] = checkAccepted;
CHECKS[Kind.Rejected] = checkRejected;
CHECKS[Kind.Fill] = checkFill;
CHECKS[Kind.Canceled] = checkCanceled;
CHECKS[Kind.Amended] = checkAmended;
CHECKS[Kind.Expired] = checkExpired;
CHECKS[Kind.CancelAllDone] = checkCancelAllDone;
CHECKS[Kind.Trade] = checkTrade;
CHECKS[Kind.Quote] = checkQuote;
CHECKS[Kind.Level] = checkLevel;
CHECKS[Kind.BookUpdate] = checkBookUpdate;
CHECKS[Kind.BookReset] = checkBookReset;
CHECKS[Kind.Mark] = checkMark;
CHECKS[Kind.FundingRate] = checkFundingRate;
CHECKS[Kind.TradingStatus] = checkTradingStatus;
CHECKS[Kind.Bar] = checkBar;
CHECKS[Kind.FeedStatus] = checkFeedStatus;
CHECKS[Kind.Intent] = checkIntent;
CHECKS[Kind.Target] = checkTarget;
CHECKS[Kind.RiskDecision] = checkRiskDecision;
CHECKS[Kind.RouteDecision] = checkRouteDecision;
CHECKS[Kind.NoAction] = checkNoAction;
CHECKS[Kind.CashFlow] = checkCashFlow;
CHECKS[Kind.FundingPaid] = checkFundingPaid;
CHECKS[Kind.Settlement] = checkSettlement;
CHECKS[Kind.TruthOrder] = checkTruthOrder;
CHECKS[Kind.TruthPosition] = checkTruthPosition;
CHECKS[Kind.TruthBalance] = checkTruthBalance;
CHECKS[Kind.Divergence] = checkDivergence;
CHECKS[Kind.ReconcileReport] = checkReconcileReport;
CHECKS[Kind.Lifecycle] = checkLifecycle;
CHECKS[Kind.Regime] = checkRegime;
CHECKS[Kind.OperatorCommand] = checkOperatorCommand;
CHECKS[Kind.Mode] = checkMode;
CHECKS[Kind.KillSwitch] = checkKillSwitch;
CHECKS[Kind.FaultInjected] = checkFaultInjected;
CHECKS[Kind.InvariantViolated] = checkInvariantViolated;
CHECKS[Kind.Overrun] = checkOverrun;
CHECKS[Kind.Dropped] = checkDropped;
CHECKS[Kind.Timer] = checkTimer;
CHECKS[Kind.Session] = checkSession;
CHECKS[Kind.Clock] = checkClock;
CHECKS[Kind.Ack] = checkAck;
CHECKS[Kind.Alert] = checkAlert;

/** Checks the body of a record whose header is in order: 0, or a fault as `code | word << 8`. */
export function checkBody(b: RecordBuffer, i: number, epoch: Epoch): number {
  const head = b.u32[i];
  return CHECKS[(head >>> 16) & 0xff](b, i, head & 0xffff, epoch);
}
