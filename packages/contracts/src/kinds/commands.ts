import { CAUSE, id, n, pack, pad, t, u8, u16, u32 } from '../definition.ts';
import type { KindDefinition } from '../definition.ts';

/**
 * Family 0x10: what somebody asked a venue to do. Quantities are `n`: a command that asks for a negative one is
 * recorded as it came, and rejected for it.
 */
export const COMMANDS: readonly KindDefinition[] = [
  {
    code: 0x10,
    name: 'NewOrder',
    family: 'command',
    status: 'F',
    priority: 9,
    doc: 'A new order. Its side is in the flags.',
    base: [
      CAUSE,
      id('orderId'),
      n('priceTicks?'),
      n('qtyLots'),
      pack(
        u8('type', 'orderType'),
        u8('tif', 'tif'),
        u8('postOnly', 'postOnly'),
        u8('stp', 'stp'),
        u32('account'),
      ),
    ],
    tail: [
      id('intentId?'),
      n('minQtyLots?'),
      pack(u8('positionSide', 'positionSide'), u8('exec'), pad(16), pad(32)),
      id('parentOrderId?'),
      t('decidedTime?'),
      t('expireTime?'),
      n('stopTicks?'),
      n('displayLots?'),
      id('requestId?'),
    ],
  },
  {
    code: 0x11,
    name: 'CancelOrder',
    family: 'command',
    status: 'F',
    priority: 9,
    doc: 'A request to cancel one order.',
    base: [CAUSE, id('orderId'), pack(u32('account'), u16('reason', 'cancelReason'), pad(16))],
    tail: [t('decidedTime?'), id('requestId?')],
  },
  {
    code: 0x12,
    name: 'AmendOrder',
    family: 'command',
    status: 'F',
    priority: 9,
    doc: 'A request to change price or quantity of one order; what is absent is kept.',
    base: [
      CAUSE,
      id('orderId'),
      n('priceTicks?'),
      n('qtyLots?'),
      pack(u8('qtyMode', 'qtyMode'), u8('postOnly', 'postOnly'), pad(16), u32('account')),
    ],
    tail: [id('newOrderId?'), t('decidedTime?'), id('requestId?')],
  },
  {
    code: 0x13,
    name: 'CancelAll',
    family: 'command',
    status: 'F',
    priority: 9,
    doc:
      'A request to cancel all orders of an account (0: those without one; scope everyone: of all ' +
      'accounts), an instrument (0: all) and a side (none: both).',
    base: [CAUSE, pack(u32('account'), u8('scope', 'cancelScope'), pad(24))],
    tail: [t('decidedTime?'), id('requestId?')],
  },
  {
    code: 0x14,
    name: 'Sent',
    family: 'command',
    status: 'D',
    priority: 9,
    doc: 'The bytes of the command named by cause were handed to the network now.',
    base: [CAUSE, pack(u16('attempt'), u8('channel', 'channel'), pad(8), u32('weight'))],
    tail: [],
  },
  {
    code: 0x15,
    name: 'Outcome',
    family: 'command',
    status: 'D',
    priority: 9,
    doc: 'What became of sending the command named by cause; unresolved means that nobody knows.',
    base: [
      CAUSE,
      pack(
        u8('outcome', 'outcome'),
        u8('channel', 'channel'),
        u16('code', 'outcomeCode'),
        u16('httpStatus'),
        u16('attempt'),
      ),
      n('venueCode?'),
    ],
    tail: [n('retryAfterNs?'), t('sendTime?')],
  },
];
