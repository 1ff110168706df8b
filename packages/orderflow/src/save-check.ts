/**
 * Whether what was saved is what a simulation can hold: messages under way name agents, orders and numbers that there
 * are. Shapes alone are not enough: a cell may hold anything, and what reads it asks nothing.
 */
import {
  ACCEPTED,
  AMENDED,
  CANCELED,
  FILL,
  OP_AMEND,
  OP_CANCEL,
  OP_NEW,
  REJECTED,
  booksOf,
  opOf,
} from '@truetape/book';
import { NONE } from '@truetape/contracts';
import { LANE_CELLS, sourceTime } from '@truetape/kernel';
import type { Lane } from '@truetape/kernel';
import { COPY, SENT_CODES, TICKS_MAX } from './gateway.ts';
import { MARKET_CELLS } from './inbox.ts';
import { scriptTime } from './regimes.ts';
import { LOST } from './report-lane.ts';
import { gateLeavesAt, idAt, priceAt } from './own-orders.ts';
import { AT_BURST, AT_SCRIPT, AT_SYMBOLS, SYMBOL_SOURCES } from './state.ts';
import type { AgentState, Sim } from './state.ts';

/** Ids and seqs go on from here for longer than any run. */
const COUNT_MAX = 4_503_599_627_370_496;
/** Sources that are no agents, and labels that are no regimes, in the Defines. */
const SOURCES_DEFINED = 5;
const LABELS_DEFINED = 5;

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
/** A price as a market shows it: none, or one of a book. */
const isShownPrice = (ticks: number): boolean => ticks === NONE || isAsked(ticks);
const isAsked = (ticks: number): boolean => Number.isSafeInteger(ticks) && ticks >= 1 && ticks <= TICKS_MAX;

type IsRight = (f64: Float64Array, u32: Uint32Array, cell: number) => boolean;

function everyMessage({ pool, head, count }: Lane, isRight: IsRight): boolean {
  const { f64, u32, next } = pool;
  for (let place = 0, slot = head; place < count; place++, slot = next[slot])
    if (!isRight(f64, u32, slot * LANE_CELLS)) return false;
  return true;
}

/** What an agent asks for, as the gateway writes it. */
function hasTerms(code: number, priceTicks: number, qtyLots: number): boolean {
  switch (opOf(code)) {
    case OP_NEW:
      return (priceTicks === NONE || isAsked(priceTicks)) && isCount(qtyLots) && qtyLots > 0;
    case OP_AMEND:
      return isAsked(priceTicks) && qtyLots === NONE;
    default:
      return priceTicks === NONE && qtyLots === NONE;
  }
}

const isCommandOf =
  (sim: Sim, agent: AgentState): IsRight =>
  (f64, u32, cell) => {
    const code = u32[cell * 2] & ~COPY;
    const number = f64[cell + 6];
    const isOwn =
      u32[cell * 2 + 1] === agent.account &&
      u32[cell * 2 + 10] === agent.symbol.instrument &&
      u32[cell * 2 + 11] === agent.source;
    const isNumbered = isCount(number) && number >= 1 && number <= agent.requests;
    const isTimed = isCount(f64[cell + 7]) && f64[cell + 7] <= sim.timeNs;
    const isOrder = isCount(f64[cell + 1]) && f64[cell + 1] < sim.nextId && f64[cell + 4] === 0;
    if (!isOwn || !isNumbered || !isTimed || !isOrder) return false;
    return SENT_CODES.has(code) && hasTerms(code, f64[cell + 2], f64[cell + 3]);
  };

/** Commands of an agent, which are in none but its own lanes and in the queue. */
const areCommandsOf = (sim: Sim, agent: AgentState, lane: Lane): boolean =>
  everyMessage(lane, isCommandOf(sim, agent));

/** Commands of whichever agents. */
const areCommands = (sim: Sim, lane: Lane): boolean =>
  everyMessage(lane, (f64, u32, cell) => {
    const account = u32[cell * 2 + 1];
    const agent = account >= 1 && account <= sim.agents.length ? sim.agents[account - 1] : undefined;
    return agent !== undefined && isCommandOf(sim, agent)(f64, u32, cell);
  });

/** Reports of a book and words of loss, to an agent. */
const areReportsTo = ({ account }: AgentState, lane: Lane): boolean =>
  everyMessage(lane, (f64, u32, cell) => {
    const op = u32[cell * 2 + 3];
    if (!isCount(f64[cell + 2])) return false;
    switch (u32[cell * 2] & 15) {
      case FILL: {
        const isTold = [3, 5, 6, 7].every((at) => isCount(f64[cell + at]));
        return isTold && (u32[cell * 2 + 2] === account || op === account);
      }
      case ACCEPTED:
      case AMENDED:
        return isCount(f64[cell + 6]);
      case CANCELED:
        return true;
      case REJECTED:
      case LOST:
        return op === OP_NEW || op === OP_CANCEL || op === OP_AMEND;
      default:
        return false;
    }
  });

/** Pieces of market data. */
const areNews = (lane: Lane): boolean =>
  everyMessage(lane, (f64, _, cell) => {
    const [bidTicks, bidLots, askTicks, askLots, lastTicks] = f64.subarray(cell, cell + MARKET_CELLS);
    return [bidTicks, askTicks, lastTicks].every(isShownPrice) && isCount(bidLots) && isCount(askLots);
  });

/** Whether a source waits that never would, not as it would, or does not where it has to. */
function isWrongSource(sim: Sim, source: number): boolean {
  const { config, started, symbols } = sim;
  const timeNs = sourceTime(sim.agenda, source);
  const waits = timeNs >= 0;
  if (!started) return waits;
  if (source === AT_SCRIPT) return timeNs !== scriptTime(sim);
  if (source === AT_BURST) return waits !== config.burst.intervalNs > 0;
  const symbol = symbols[(source - AT_SYMBOLS) >> 1];
  return source === symbol.at ? !waits : waits && symbol.listeners.length === 0;
}

/** What rests in the books is of agents of the same symbol. */
function restsOfAgents(sim: Sim): boolean {
  let isRight = true;
  for (const book of booksOf(sim.market))
    book.visit((_side, _price, { owner }) => {
      const isAgent = owner >= 1 && owner <= sim.agents.length;
      if (!isAgent || sim.agents[owner - 1].symbol.instrument !== book.instrument) isRight = false;
    });
  return isRight;
}

function wrongClock(sim: Sim): string | undefined {
  const { symbols, agents, regimes, recorder, started } = sim;
  const { nextSeq } = recorder;
  // Behind the Defines and the first Regime; before them nothing has happened.
  const first = symbols.length + SOURCES_DEFINED + agents.length * 2 + regimes.length + LABELS_DEFINED + 1;
  if (nextSeq > COUNT_MAX || (started ? nextSeq < first : nextSeq !== 0)) return 'nextSeq';
  if (!started && sim.timeNs !== 0) return 'timeNs';
  if (sim.burstNs > sim.timeNs) return 'burstNs';
  return sim.nextId > COUNT_MAX ? 'nextId' : undefined;
}

function wrongOfAgent(sim: Sim, agent: AgentState): string | undefined {
  const { own, commands, held, inbox, requests, arrived } = agent;
  if (requests > COUNT_MAX) return 'requests';
  if (arrived > requests) return 'arrived';
  for (const slot of own.taken.subarray(0, own.count)) {
    const price = priceAt(own, slot);
    if (idAt(own, slot) >= sim.nextId || !isShownPrice(price) || !isCount(gateLeavesAt(own, slot)))
      return 'own';
  }
  if (!areCommandsOf(sim, agent, commands)) return 'commands';
  if (!areCommandsOf(sim, agent, held)) return 'held';
  if (!areReportsTo(agent, inbox)) return 'inbox';
  return Object.values(agent.agent.save()).every(Number.isSafeInteger) ? undefined : 'memory';
}

/** The path of the first part of a restored simulation that none can have; undefined where there is none. */
export function wrongPart(sim: Sim): string | undefined {
  const clock = wrongClock(sim);
  if (clock !== undefined) return `clock.${clock}`;
  const sources = AT_SYMBOLS + sim.symbols.length * SYMBOL_SOURCES;
  for (let source = 0; source < sources; source++) if (isWrongSource(sim, source)) return `sources.${source}`;
  if (!restsOfAgents(sim)) return 'market';
  if (!areCommands(sim, sim.queue)) return 'queue';
  for (const { name, view, feed, lastTicks, valueMilliticks } of sim.symbols) {
    const prices = [view.bidTicks, view.askTicks, view.lastTicks, lastTicks];
    const isRight = prices.every(isShownPrice) && valueMilliticks >= 0;
    if (!isRight || !areNews(feed)) return `symbols.${name}`;
  }
  for (const agent of sim.agents) {
    const part = wrongOfAgent(sim, agent);
    if (part !== undefined) return `agents.${agent.name}.${part}`;
  }
  return undefined;
}
