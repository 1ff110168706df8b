// Transcripts: commands as lines of text, `----`, and all that a book shows behind them.
//
//     buy ID QTY [@PRICE] [GTC|IOC|FOK] [owner=1] [stp=newest] [post=slide] [min=2] [limit|market]
//     cancel ID [owner=1]          reduce ID QTY [owner=1]
//     amend ID [QTY] [@PRICE] [total] [post=reject] [owner=1]
//     cancelAll [buy|sell] [owner=1] [everyone]
//     book [ordersMax=2]           an empty one; a transcript begins with one
//
// Paragraphs without `----` are prose.
import { BUY, OPS, SELL, type Book, type Command, type Report } from '@truetape/book';
import { play, type CreateBook } from './play.ts';

/** The text with every output rewritten by a book. */
export function render(text: string, create: CreateBook): string {
  let book: Book = create();
  return text
    .trimEnd()
    .split(/\n\n+/)
    .map((block) => {
      const lines = block.split('\n');
      const end = lines.indexOf('----');
      if (end === -1) return block;
      const output: string[] = [];
      const commands = lines.slice(0, end);
      for (const line of commands) {
        if (line.startsWith('book')) book = create(bookConfig(line));
        else output.push(...play(book, parseLine(line)).map(formatReport));
        book.check();
      }
      return [...commands, '----', ...output, ...depthLines(book)].join('\n');
    })
    .join('\n\n')
    .concat('\n');
}

function bookConfig(line: string): { ordersMax?: number } {
  const [, value] = /ordersMax=(\d+)/.exec(line) ?? [];
  return value === undefined ? {} : { ordersMax: Number(value) };
}

/** A command from its line. */
export function parseLine(line: string): Command {
  const [verb, ...words] = line.trim().split(/ +/);
  const rest: Record<string, unknown> = {};
  const numbers: number[] = [];
  for (const word of words) {
    const [key, value] = word.split('=');
    if (/^-?[\d.]+$/.test(word)) numbers.push(Number(word));
    else if (word.startsWith('@')) rest['priceTicks'] = Number(word.slice(1));
    else if (word === 'total') rest['qtyMode'] = word;
    else if (word === 'everyone') rest['everyone'] = true;
    else if (['GTC', 'IOC', 'FOK'].includes(word)) rest['tif'] = word;
    else if (['buy', 'sell'].includes(word)) rest['side'] = word;
    else if (['limit', 'market'].includes(word)) rest['type'] = word;
    else if (key === 'owner') rest['owner'] = Number(value);
    else if (key === 'min') rest['minQtyLots'] = Number(value);
    else if (key === 'stp') rest['stp'] = value;
    else if (key === 'post') rest['postOnly'] = value;
    else throw new Error(`${word}: no such word in '${line}'`);
  }
  const isNew = verb === 'buy' || verb === 'sell';
  if (!isNew && !OPS.some((op) => op === verb)) throw new Error(`${verb}: no such verb`);
  if (isNew) {
    rest['side'] = verb;
    rest['type'] ??= rest['priceTicks'] === undefined ? 'market' : 'limit';
  }
  if (verb !== 'cancelAll') rest['orderId'] = numbers.shift();
  if (numbers.length > 0) rest['qtyLots'] = numbers.shift();
  return { ...rest, op: isNew ? 'new' : verb } as Command;
}

/** A report as a line: everything that it says but the instrument. */
export function formatReport(report: Report): string {
  const { kind, orderId, owner, side, priceTicks, leavesLots, reason, qtyLots } = report;
  const price = priceTicks === undefined ? '' : ` @${priceTicks}`;
  const who = `${orderId}${owner === 0 ? '' : ` of ${owner}`}`;
  const contra = report.contraId === undefined ? '' : ` against ${report.contraId}`;
  switch (kind) {
    case 'accepted':
      return `accepted ${who}: ${side} ${leavesLots}${price} ${report.type} ${report.tif}`;
    case 'rejected':
      return `rejected ${report.op} ${who}: ${reason}, ${leavesLots} open`;
    case 'fill': {
      const taker = `${report.contraId}${report.contraOwner === 0 ? '' : ` of ${report.contraOwner}`}`;
      const leaves = `${leavesLots} and ${report.takerLeaves} left`;
      return `trade ${report.tradeId}: ${taker} ${side}s ${qtyLots}${price} from ${who}, ${leaves}`.replace(
        `sells ${qtyLots}${price} from`,
        `sells ${qtyLots}${price} to`,
      );
    }
    case 'canceled':
      return `canceled ${who}: ${side} ${qtyLots}${price} (${reason}${contra})`;
    case 'amended': {
      const kept = report.priorityKept === true ? 'priority kept' : 'priority lost';
      return `amended ${who}: ${side} ${leavesLots}${price} (${reason}${contra}), ${kept}`;
    }
    case 'cancelAllDone':
      return `done: ${qtyLots} canceled`;
  }
}

/** Both sides, best first, each order with what is left of how much, and whose it is. */
export function depthLines(book: Book): string[] {
  const lines = ([SELL, BUY] as const).flatMap((side) => {
    const levels = book.levels(side).map(({ priceTicks, orders, qtyLots }) => {
      const queue = book.queue(side, priceTicks).map((order) => {
        const whole = order.totalLots === order.leavesLots ? '' : `/${order.totalLots}`;
        return `${order.orderId}:${order.leavesLots}${whole}${order.owner === 0 ? '' : `(${order.owner})`}`;
      });
      return `  ${side === BUY ? 'bid' : 'ask'} ${priceTicks}: ${qtyLots} in ${orders}: ${queue.join(' ')}`;
    });
    return side === SELL ? levels.reverse() : levels;
  });
  return lines.length === 0 ? ['  (empty)'] : lines;
}
