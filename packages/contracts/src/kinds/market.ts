import { id, n, oneOf, pack, pad, q, SIDED, t, u8, u16, u32, zeroWithout } from '../definition.ts';
import type { KindDefinition } from '../definition.ts';

/** Families 0x30 and 0x40: what a feed told everybody, and how well the feed is. */
export const MARKET: readonly KindDefinition[] = [
  {
    code: 0x30,
    name: 'Trade',
    family: 'market',
    status: 'F',
    priority: 4,
    doc:
      'A trade as published. The side in the flags is the aggressor. Exactly one of priceTicks and ' +
      'priceFine is present. For an aggregate, tradeId is the last and firstTradeId the first of its ' +
      'trades.',
    base: [n('priceTicks?'), q('qtyLots'), id('tradeId?')],
    tail: [
      t('matchTime?'),
      t('sendTime?'),
      pack(u8('condition', 'condition'), pad(8), pad(16), u32('tradeCount')),
      id('firstTradeId?'),
      id('makerOrderId?'),
      id('takerOrderId?'),
      n('priceFine?'),
    ],
    rules: [oneOf('priceTicks', 'priceFine')],
  },
  {
    code: 0x31,
    name: 'Quote',
    family: 'market',
    status: 'F',
    priority: 6,
    doc: 'Best bid and offer as published. A side that is empty has no price and 0 lots.',
    base: [n('bidTicks?'), q('bidLots'), n('askTicks?'), q('askLots')],
    tail: [id('updateId?'), t('matchTime?'), t('sendTime?')],
    rules: [zeroWithout('bidLots', 'bidTicks'), zeroWithout('askLots', 'askTicks')],
  },
  {
    code: 0x32,
    name: 'Level',
    family: 'market',
    status: 'F',
    priority: 5,
    doc: 'The quantity now at one price (absolute; 0 deletes). Its side is in the flags, and never absent.',
    base: [n('priceTicks'), q('qtyLots')],
    tail: [pack(u32('orderCount'), pad(32))],
    rules: [SIDED],
  },
  {
    code: 0x33,
    name: 'BookUpdate',
    family: 'market',
    status: 'F',
    priority: 5,
    doc:
      'One depth message of the venue, also an empty one; its Levels follow, the last record of the ' +
      'message has LAST.',
    base: [id('lastUpdateId?'), pack(u32('levels'), pad(32))],
    tail: [id('firstUpdateId?'), id('prevUpdateId?'), t('matchTime?'), t('sendTime?'), q('heldNs')],
  },
  {
    code: 0x34,
    name: 'BookReset',
    family: 'market',
    status: 'F',
    priority: 5,
    doc:
      'The book starts anew from the snapshot that follows: bids, then asks, each record with SNAPSHOT ' +
      '(Level, or Accepted for order-by-order).',
    base: [id('lastUpdateId?'), pack(u32('bids'), u32('asks'))],
    tail: [
      n('knownLowTicks?'),
      n('knownHighTicks?'),
      t('matchTime?'),
      t('sendTime?'),
      pack(u32('depthLimit'), u8('reason', 'resetReason'), pad(8), pad(16)),
    ],
  },
  {
    code: 0x35,
    name: 'Mark',
    family: 'market',
    status: 'F',
    priority: 6,
    doc: 'Mark, index and estimated settlement price.',
    base: [n('markFine?'), n('indexFine?'), n('settleFine?')],
    tail: [t('matchTime?'), t('sendTime?')],
  },
  {
    code: 0x36,
    name: 'FundingRate',
    family: 'market',
    status: 'F',
    priority: 6,
    doc: 'The funding rate of a perpetual contract and when it is next exchanged.',
    base: [n('rateE12'), t('nextFundingTime?')],
    tail: [
      pack(u32('intervalSec'), u8('rateKind', 'fundingKind'), pad(8), pad(16)),
      t('matchTime?'),
      t('sendTime?'),
    ],
  },
  {
    code: 0x37,
    name: 'TradingStatus',
    family: 'market',
    status: 'F',
    priority: 2,
    doc: 'The venue changed what it allows on an instrument.',
    base: [
      pack(
        u8('status', 'tradingStatus'),
        u8('previous', 'tradingStatus'),
        u16('reason', 'tradingReason'),
        pad(32),
      ),
    ],
    tail: [t('matchTime?'), t('sendTime?')],
  },
  {
    code: 0x38,
    name: 'Bar',
    family: 'market',
    status: 'F',
    priority: 6,
    doc:
      'Open, high, low and close of a bar that starts at startTime: over intervalSec, or over as many ' +
      'trades or lots as size says.',
    base: [
      n('openTicks'),
      n('highTicks'),
      n('lowTicks'),
      n('closeTicks'),
      q('qtyLots'),
      pack(u32('intervalSec'), u32('trades')),
      t('startTime'),
      pack(u8('barKind', 'barKind'), pad(8), pad(16), pad(32)),
    ],
    tail: [q('size?')],
  },
  {
    code: 0x40,
    name: 'FeedStatus',
    family: 'feed',
    status: 'F',
    priority: 2,
    doc: 'The health of a feed changed: connection, staleness, a gap in its sequence, a crossed book.',
    base: [
      pack(
        u8('status', 'feedStatus'),
        u8('previous', 'feedStatus'),
        u16('reason', 'feedReason'),
        u32('count'),
      ),
    ],
    tail: [id('expectedId?'), id('receivedId?'), t('lastGoodTime?'), n('valueNs?')],
  },
];
