// What a run of commands has hit, counted; a run that leaves one of these at zero shows less than it claims.
import type { Command, Report } from '@truetape/book';

const TIFS = ['GTC', 'IOC', 'FOK', 'market'];

/** Everything that a stream of commands to one book has to hit. */
export const COVERED: readonly string[] = [
  each('new', 'badQty', 'badPrice', 'duplicateId', 'wouldCross', 'wouldNotFill', 'capacity'),
  each('cancel', 'unknownOrder', 'notOwner', 'done'),
  each('amend', 'badQty', 'badPrice', 'unknownOrder', 'notOwner', 'wouldCross', 'capacity'),
  each('reduce', 'badQty', 'unknownOrder', 'notOwner', 'part', 'all'),
  TIFS.flatMap((tif) => each(tif, 'traded whole', 'left a maker in part', 'several makers')),
  ['GTC', 'IOC', 'market'].flatMap((tif) => each(tif, 'traded in part', 'traded nothing')),
  ['FOK: refused', 'minQty: refused', 'minQty: met', 'market FOK: traded whole'],
  each('post-only reject', 'rests', 'crosses'),
  each('post-only slide', 'rests', 'moved', 'no price left'),
  each('post-only market', 'crosses'),
  ['newest', 'oldest', 'both'].flatMap((mode) => each(`self-trade ${mode}`, 'met', 'met behind a trade')),
  each('self-trade decrement', 'resting lives', 'incoming lives', 'both end'),
  ['self-trade none: trades', 'self-trade oldest: several', 'self-trade of an amend'],
  each('amend', 'kept', 'changes nothing', 'larger', 'moved', 'traded', 'total', 'slid'),
  each('cancelAll', 'owner', 'everyone', 'one side', 'nothing there'),
  ['an id used again'],
].flat();

function each(what: string, ...hows: readonly string[]): string[] {
  return hows.map((how) => `${what}: ${how}`);
}

export interface Coverage {
  readonly counts: Map<string, number>;
  /** Ids that were used by an order of the episode. */
  readonly used: Set<number>;
}

export function createCoverage(): Coverage {
  return { counts: new Map(COVERED.map((name) => [name, 0])), used: new Set() };
}

/** Counts what a command and its reports show. */
export function cover({ counts, used }: Coverage, command: Command, reports: readonly Report[]): void {
  const count = (name: string, condition: boolean = true): void => {
    if (condition) counts.set(name, (counts.get(name) ?? 0) + 1);
  };
  const [first] = reports;
  if (first.kind === 'rejected') {
    count(`${command.op}: ${first.reason}`);
    coverRejected(count, command, first);
    return;
  }
  coverMatching(count, command, reports);
  switch (command.op) {
    case 'new':
      coverNew(count, command, reports);
      count('an id used again', used.has(first.orderId ?? 0));
      used.add(first.orderId ?? 0);
      break;
    case 'amend':
      coverAmend(count, command, reports);
      break;
    case 'cancel':
      count('cancel: done');
      break;
    case 'reduce':
      count(first.kind === 'amended' ? 'reduce: part' : 'reduce: all');
      break;
    case 'cancelAll':
      count(command.everyone === true ? 'cancelAll: everyone' : 'cancelAll: owner', reports.length > 1);
      count('cancelAll: one side', command.side !== undefined && reports.length > 1);
      count('cancelAll: nothing there', reports.length === 1);
      break;
  }
}

type Count = (name: string, condition?: boolean) => void;

function coverRejected(count: Count, command: Command, { reason }: Report): void {
  if (command.op !== 'new') return;
  const { postOnly, type, tif, minQtyLots = 0 } = command;
  if (reason === 'wouldNotFill' && postOnly === undefined)
    count(tif === 'FOK' ? 'FOK: refused' : 'minQty: refused', tif === 'FOK' || minQtyLots > 0);
  if (reason !== 'wouldCross') return;
  if (type === 'market') count('post-only market: crosses');
  else count(postOnly === 'slide' ? 'post-only slide: no price left' : 'post-only reject: crosses');
}

function coverNew(count: Count, command: Command, reports: readonly Report[]): void {
  const { type, tif = 'GTC', qtyLots = 0, minQtyLots = 0, postOnly, priceTicks } = command;
  const fills = reports.filter(({ kind }) => kind === 'fill');
  const traded = fills.reduce((sum, { qtyLots: lots = 0 }) => sum + lots, 0);
  const name = type === 'market' ? 'market' : tif;
  const extent = traded === qtyLots ? 'whole' : traded === 0 ? 'nothing' : 'in part';
  count(`${name}: traded ${extent}`);
  count('market FOK: traded whole', type === 'market' && tif === 'FOK' && extent === 'whole');
  count(`${name}: several makers`, fills.length > 1);
  count(`${name}: left a maker in part`, (fills.at(-1)?.leavesLots ?? 0) > 0);
  count('minQty: met', minQtyLots > 0);
  if (postOnly === undefined || type === 'market') return;
  count(`post-only ${postOnly}: rests`, tif === 'GTC');
  count('post-only slide: moved', reports[0].priceTicks !== priceTicks && priceTicks !== 0);
}

function coverAmend(count: Count, command: Command, reports: readonly Report[]): void {
  const [{ priorityKept, priceTicks }] = reports;
  const isMoved = command.priceTicks !== undefined && priorityKept === false;
  count('amend: kept', priorityKept);
  count('amend: changes nothing', command.priceTicks === undefined && command.qtyLots === undefined);
  count('amend: larger', command.priceTicks === undefined && priorityKept === false);
  count('amend: moved', isMoved);
  count(
    'amend: traded',
    reports.some(({ kind }) => kind === 'fill'),
  );
  count('amend: total', command.qtyMode === 'total' && command.qtyLots !== undefined);
  count('amend: slid', isMoved && priceTicks !== command.priceTicks && command.priceTicks !== 0);
}

function coverMatching(count: Count, command: Command, reports: readonly Report[]): void {
  const isOurs = (report: Report): boolean => report.orderId === command.orderId;
  const prevented = reports.filter(({ reason }) => reason === 'selfTrade');
  const fills = reports.filter(({ kind }) => kind === 'fill');
  count(
    'self-trade none: trades',
    fills.some(({ owner, contraOwner }) => owner !== 0 && owner === contraOwner),
  );
  if (prevented.length === 0) return;
  count('self-trade of an amend', command.op === 'amend');
  if (command.op !== 'new') return;
  const { stp } = command;
  if (stp === 'decrement') {
    prevented.forEach((resting, k) => {
      if (isOurs(resting)) return;
      const incoming = prevented[k + 1];
      const bothEnd = resting.kind === 'canceled' && incoming.kind === 'canceled';
      const lives = resting.kind === 'amended' ? 'resting lives' : 'incoming lives';
      count(`self-trade decrement: ${bothEnd ? 'both end' : lives}`);
    });
    return;
  }
  count(`self-trade ${stp}: met`);
  count(`self-trade ${stp}: met behind a trade`, fills.length > 0);
  count('self-trade oldest: several', stp === 'oldest' && prevented.length > 1);
}

/** The counts as a table, for the eye. */
export function coverageTable({ counts }: Coverage): string {
  return [...counts].map(([name, count]) => `${String(count).padStart(9)}  ${name}`).join('\n');
}

/** How much was hit, and what least, in a line. */
export function coverageLine({ counts }: Coverage): string {
  const least = [...counts].sort(([, a], [, b]) => a - b).slice(0, 3);
  return `${counts.size} things hit; least: ${least.map(([name, count]) => `${name} ${count}`).join(', ')}`;
}

/** What was to be hit and was not. */
export function uncovered({ counts }: Coverage): string[] {
  return [...counts].filter(([, count]) => count === 0).map(([name]) => name);
}
