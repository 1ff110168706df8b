// Every reject code by itself: which of them hold for a command, each looked at as if there were no others.
// A book must give the first of them, and take the command where there is none. It reads no implementation's
// code, only what a book shows of itself.
import { BUY, POST_ONLY_REJECT, POST_ONLY_SLIDE, SELL, type Book, type Command } from '@truetape/book';

const N_MAX = Number.MAX_SAFE_INTEGER;

export const CODES = [
  'badQty',
  'badPrice',
  'unknownInstrument',
  'duplicateId',
  'unknownOrder',
  'notOwner',
  'wouldCross',
  'wouldNotFill',
  'capacity',
] as const;
export type Code = (typeof CODES)[number];

const isQty = (lots: number | undefined): lots is number => Number.isSafeInteger(lots) && Number(lots) >= 1;
const isPrice = (ticks: number | undefined): ticks is number =>
  Number.isInteger(ticks) && Number(ticks) >= -2_147_483_648 && Number(ticks) <= 2_147_483_647;

/** The codes that hold for a command to one book, in their order. */
export function codesOf(book: Book, command: Command): Code[] {
  switch (command.op) {
    case 'new':
      return listed(newCodes(book, command));
    case 'cancel':
      return listed(ownerCodes(book, command));
    case 'reduce':
      return listed({ badQty: !isQty(command.qtyLots), ...ownerCodes(book, command) });
    case 'amend':
      return listed(amendCodes(book, command));
    case 'cancelAll':
      return [];
  }
}

type Held = { readonly [Name in Code]?: boolean };
const listed = (held: Held): Code[] => CODES.filter((code) => held[code] === true);

function ownerCodes(book: Book, { orderId = 0, owner = 0 }: Command): Held {
  const order = book.order(orderId);
  return { unknownOrder: order === undefined, notOwner: order !== undefined && order.owner !== owner };
}

function newCodes(book: Book, command: Command): Held {
  const { orderId = 0, qtyLots = 0, minQtyLots = 0, priceTicks, type, tif, postOnly } = command;
  const side = command.side === 'buy' ? BUY : SELL;
  const isMarket = type === 'market';
  const badPrice = isMarket ? priceTicks !== undefined : !isPrice(priceTicks);
  const needLots = tif === 'FOK' ? qtyLots : minQtyLots;
  // A limit order without a price has nothing to cross or to trade at.
  const isPlaced = isMarket || !badPrice;
  const asked = isMarket ? undefined : priceTicks;
  const slides = postOnly === 'slide' ? POST_ONLY_SLIDE : postOnly === 'reject' ? POST_ONLY_REJECT : 0;
  const price = isPlaced ? placeOf(book, side, asked, slides) : 'none';
  const ends = isPlaced ? outcomeOf(book, command, side, asked, qtyLots) : { traded: 0, left: 0 };
  const rests = !isMarket && (tif ?? 'GTC') === 'GTC';
  const isMin = Number.isInteger(minQtyLots) && minQtyLots >= 0 && minQtyLots <= qtyLots;
  const sumAt = typeof price === 'number' ? levelSum(book, side, price) : 0;
  const left = slides === 0 ? ends.left : qtyLots;
  return {
    badQty: !isQty(qtyLots) || !isMin,
    badPrice,
    duplicateId: book.order(orderId) !== undefined,
    wouldCross: price === 'crosses',
    wouldNotFill: (slides === 0 ? ends.traded : 0) < needLots,
    capacity:
      rests &&
      (book.orderCount() >= book.ordersMax ||
        (typeof price === 'number' && isQty(qtyLots) && BigInt(sumAt) + BigInt(left) > BigInt(N_MAX))),
  };
}

function amendCodes(book: Book, command: Command): Held {
  const { orderId = 0, owner = 0, qtyLots, qtyMode, priceTicks, postOnly } = command;
  const order = book.order(orderId);
  const isOwn = order?.owner === owner;
  const badPrice = priceTicks !== undefined && !isPrice(priceTicks);
  let badQty = qtyLots !== undefined && !isQty(qtyLots);
  if (order === undefined) return { badQty, badPrice, unknownOrder: true };
  const executed = order.totalLots - order.leavesLots;
  let leaves = qtyLots ?? order.leavesLots;
  if (qtyLots !== undefined && qtyMode === 'total') leaves -= executed;
  if (isOwn && isQty(qtyLots)) badQty = leaves < 1 || BigInt(leaves) + BigInt(executed) > BigInt(N_MAX);
  const own =
    postOnly === undefined ? order.postOnly : postOnly === 'slide' ? POST_ONLY_SLIDE : POST_ONLY_REJECT;
  const price = badPrice ? 'none' : placeOf(book, order.side, priceTicks ?? order.priceTicks, own);
  let capacity = false;
  if (typeof price === 'number' && isQty(leaves)) {
    const incoming = { owner: order.owner, stp: STP[order.stp] };
    const ends = outcomeOf(book, incoming, order.side, price, leaves);
    const already = price === order.priceTicks ? order.leavesLots : 0;
    const others = BigInt(levelSum(book, order.side, price)) - BigInt(already);
    capacity = others + BigInt(ends.left) > BigInt(N_MAX);
  }
  return { badQty, badPrice, notOwner: !isOwn, wouldCross: price === 'crosses', capacity };
}

const STP = [undefined, 'newest', 'oldest', 'both', 'decrement'] as const;

/** The price at which an order stands; a market order stands nowhere. */
function placeOf(
  book: Book,
  side: number,
  priceTicks: number | undefined,
  postOnly: number,
): number | 'crosses' | 'nowhere' {
  const [best] = book.levels(side === BUY ? SELL : BUY, 1);
  const stands = priceTicks ?? 'nowhere';
  if (postOnly === 0 || best === undefined) return stands;
  const sign = side === BUY ? 1 : -1;
  if (priceTicks !== undefined && sign * priceTicks < sign * best.priceTicks) return stands;
  const slid = best.priceTicks - sign;
  return postOnly === POST_ONLY_SLIDE && priceTicks !== undefined && isPrice(slid) ? slid : 'crosses';
}

function levelSum(book: Book, side: number, priceTicks: number): number {
  return book.levels(side).find((level) => level.priceTicks === priceTicks)?.qtyLots ?? 0;
}

/** What an order would trade, and what would be left of it to rest. */
function outcomeOf(
  book: Book,
  { owner = 0, stp }: Pick<Command, 'owner'> & { readonly stp?: Command['stp'] | undefined },
  side: number,
  priceTicks: number | undefined,
  qtyLots: number,
): { traded: number; left: number } {
  const other = side === BUY ? SELL : BUY;
  const sign = side === BUY ? 1 : -1;
  let traded = 0;
  let left = qtyLots > 0 ? qtyLots : 0;
  for (const level of book.levels(other)) {
    if (priceTicks !== undefined && sign * level.priceTicks > sign * priceTicks) break;
    for (const resting of book.queue(other, level.priceTicks)) {
      if (left === 0) return { traded, left };
      const isOwn = owner !== 0 && resting.owner === owner && stp !== undefined;
      if (isOwn && (stp === 'newest' || stp === 'both')) return { traded, left: 0 };
      if (isOwn && stp === 'oldest') continue;
      const lots = Math.min(left, resting.leavesLots);
      left -= lots;
      if (!isOwn) traded += lots;
    }
  }
  return { traded, left };
}
