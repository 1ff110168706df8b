/** Writes what a venue answered. */
import { FLAG_LAST, NONE } from '@truetape/contracts';
import type { ExecutionReport } from './command.ts';
import { ACCOUNT, SOURCE_VENUE, codeFor } from './emit.ts';
import type { OwnOrder } from './own-order.ts';
import type { Engine } from './state.ts';

/**
 * What a venue answered, as an event; its seq. The cause is the command that it answers, or the market's event.
 */
export function emitReport(engine: Engine, order: OwnOrder, report: ExecutionReport): number {
  const { scratch, ports } = engine;
  switch (report.kind) {
    case 'accepted': {
      const event = setHead(engine, order, scratch.Accepted, report);
      event.orderId = report.orderId;
      event.priceTicks = report.priceTicks;
      event.leavesLots = report.leavesLots;
      event.account = ACCOUNT;
      event.matchTime = report.timeNs;
      return ports.emit(event);
    }
    case 'rejected': {
      const event = setHead(engine, order, scratch.Rejected, report);
      event.orderId = report.orderId;
      event.command = report.command;
      event.by = 1;
      event.code = report.code;
      event.account = ACCOUNT;
      event.matchTime = report.timeNs;
      return ports.emit(event);
    }
    case 'fill':
      return emitFill(engine, order, report);
    case 'canceled': {
      const event = setHead(engine, order, scratch.Canceled, report);
      event.orderId = report.orderId;
      event.canceledLots = report.qtyLots;
      event.reason = report.code;
      event.account = ACCOUNT;
      event.matchTime = report.timeNs;
      return ports.emit(event);
    }
    case 'amended': {
      const event = setHead(engine, order, scratch.Amended, report);
      event.orderId = report.orderId;
      event.priceTicks = report.priceTicks;
      event.leavesLots = report.leavesLots;
      event.reason = report.code;
      event.priorityKept = report.priorityKept;
      event.account = ACCOUNT;
      event.matchTime = report.timeNs;
      return ports.emit(event);
    }
    case 'expired': {
      const event = setHead(engine, order, scratch.Expired, report);
      event.orderId = report.orderId;
      event.expiredLots = report.qtyLots;
      event.reason = report.code;
      event.account = ACCOUNT;
      event.matchTime = report.timeNs;
      return ports.emit(event);
    }
  }
}

const MAKER = codeFor('liquidity', 'maker');

/** An own order stands in its slot, the other one is nobody's. */
function emitFill(engine: Engine, order: OwnOrder, report: ExecutionReport): number {
  const event = setHead(engine, order, engine.scratch.Fill, report);
  const isMaker = report.liquidity === MAKER;
  // The aggressor's side: the other one where ours was resting.
  event.flags = ((isMaker ? 3 - order.side : order.side) << 4) | FLAG_LAST;
  event.tradeId = report.tradeId;
  event.priceTicks = report.priceTicks;
  event.qtyLots = report.qtyLots;
  event.makerOrderId = isMaker ? report.orderId : NONE;
  event.takerOrderId = isMaker ? NONE : report.orderId;
  event.makerLeaves = isMaker ? report.leavesLots : NONE;
  event.takerLeaves = isMaker ? NONE : report.leavesLots;
  event.makerAccount = isMaker ? ACCOUNT : 0;
  event.takerAccount = isMaker ? 0 : ACCOUNT;
  event.liquidity = report.liquidity;
  event.basis = report.basis;
  event.matchTime = report.timeNs;
  return engine.ports.emit(event);
}

interface ReportHead {
  timeNs: number;
  flags: number;
  instrument: number;
  source: number;
  cause: number;
  causeTape: number;
}

function setHead<E extends ReportHead>(
  engine: Engine,
  order: OwnOrder,
  event: E,
  report: ExecutionReport,
): E {
  event.timeNs = engine.timeNs;
  event.flags = (order.side << 4) | FLAG_LAST;
  event.instrument = order.instrument;
  event.source = SOURCE_VENUE;
  event.cause = report.causeSeq;
  // What no event led to, a time did: the venue was down, or an order expired.
  event.causeTape = report.causeSeq === NONE ? 0 : report.causeTape;
  return event;
}
