import { account, CAUSE, id, n, oneOf, pack, pad, q, t, u8, u16, u32 } from '../definition.ts';
import type { KindDefinition } from '../definition.ts';

/** Family 0x20: what a venue said or did. */
export const FACTS: readonly KindDefinition[] = [
  {
    code: 0x20,
    name: 'Accepted',
    family: 'fact',
    status: 'F',
    priority: 3,
    doc:
      'The venue accepted an order, at the effective price; also an add on a public order-by-order feed. ' +
      'The remainder rests only after LAST.',
    base: [CAUSE, id('orderId'), n('priceTicks?'), q('leavesLots')],
    tail: [
      pack(u32('account'), u8('type', 'orderType'), u8('tif', 'tif'), pad(16)),
      t('matchTime?'),
      t('sendTime?'),
    ],
  },
  {
    code: 0x21,
    name: 'Rejected',
    family: 'fact',
    status: 'F',
    priority: 3,
    doc:
      'A command was refused, by whom and with which code; with price and quantity where the command ' +
      'stands nowhere else.',
    base: [
      CAUSE,
      id('orderId?'),
      pack(u8('command', 'command'), u8('by', 'rejectedBy'), u16('code', 'rejectCode'), u32('account')),
    ],
    tail: [n('venueCode?'), t('matchTime?'), t('sendTime?'), n('priceTicks?'), n('qtyLots?')],
  },
  {
    code: 0x22,
    name: 'Fill',
    family: 'fact',
    status: 'F',
    priority: 3,
    doc:
      'One match. The side in the flags is the aggressor. Exactly one of priceTicks and priceFine is ' +
      'present. Of an own order at a live venue the other order is absent.',
    base: [
      CAUSE,
      id('tradeId?'),
      n('priceTicks?'),
      q('qtyLots'),
      id('makerOrderId?'),
      id('takerOrderId?'),
      q('makerLeaves?'),
      q('takerLeaves?'),
    ],
    tail: [
      pack(account('makerAccount'), account('takerAccount')),
      pack(u8('liquidity', 'liquidity'), u8('condition', 'condition'), u8('basis', 'basis'), pad(8), pad(32)),
      n('priceFine?'),
      t('matchTime?'),
      t('sendTime?'),
    ],
    rules: [oneOf('priceTicks', 'priceFine')],
  },
  {
    code: 0x23,
    name: 'Canceled',
    family: 'fact',
    status: 'F',
    priority: 3,
    doc: 'An order ended by cancellation; always terminal.',
    base: [
      CAUSE,
      id('orderId'),
      q('canceledLots?'),
      pack(u16('reason', 'cancelReason'), pad(16), u32('account')),
    ],
    tail: [id('contraOrderId?'), t('matchTime?'), t('sendTime?')],
  },
  {
    code: 0x24,
    name: 'Amended',
    family: 'fact',
    status: 'F',
    priority: 3,
    doc: 'An order changed: by request, by partial cancel, or by self-trade decrement.',
    base: [
      CAUSE,
      id('orderId'),
      n('priceTicks?'),
      q('leavesLots'),
      pack(u16('reason', 'amendReason'), u8('priorityKept'), pad(8), u32('account')),
    ],
    tail: [id('newOrderId?'), id('contraOrderId?'), t('matchTime?'), t('sendTime?')],
  },
  {
    code: 0x25,
    name: 'Expired',
    family: 'fact',
    status: 'F',
    priority: 3,
    doc: 'An order ended because its time in force did.',
    base: [
      CAUSE,
      id('orderId'),
      q('expiredLots?'),
      pack(u16('reason', 'expireReason'), pad(16), u32('account')),
    ],
    tail: [t('matchTime?'), t('sendTime?')],
  },
  {
    code: 0x26,
    name: 'CancelAllDone',
    family: 'fact',
    status: 'F',
    priority: 3,
    doc: 'The end of a CancelAll: how many orders it canceled, how many it could not.',
    base: [CAUSE, pack(u32('canceled'), u32('failed'))],
    tail: [t('matchTime?'), t('sendTime?')],
  },
];
