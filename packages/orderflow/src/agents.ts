/** The agents. All draws are integers from streams of their own, one a purpose. */
import { BUY, GTC, SELL } from '@truetape/book';
import { NONE } from '@truetape/contracts';
import { drawExponential } from '@truetape/kernel';
import type { Agent, AgentContext } from './agent.ts';
import type {
  AgentConfig,
  CancelBotConfig,
  MakerConfig,
  MomentumConfig,
  NoiseConfig,
  RunawayConfig,
  ValueConfig,
} from './config.ts';
import { OPEN, OPEN_MAX, priceAt, sideAt, stateAt } from './own-orders.ts';
import { drawLots, drawSize } from './sizes.ts';

/** Values of the bits of a draw that choose what an agent does. */
const CHOICES = 1_048_576;

/** The best price of a side, or what stands for it where nobody quotes. */
function bestOf({ view }: AgentContext, side: number): number {
  const own = side === BUY ? view.bidTicks : view.askTicks;
  if (own !== NONE) return own;
  const other = side === BUY ? view.askTicks : view.bidTicks;
  const away = side === BUY ? -1 : 1;
  return other === NONE ? view.lastTicks + away : other + away;
}

const hasNoMemory = { save: () => ({}), restore: (): void => undefined };

function createNoise(config: NoiseConfig, context: AgentContext): Agent {
  const choices = context.stream('choice');
  const prices = context.stream('price');
  const sizes = context.stream('size');
  return {
    ...hasNoMemory,
    wake: () => {
      const { own } = context;
      // One draw: its high bits choose what is done, the middle which order, the last the side.
      const draw = choices.uint32();
      const choice = ((draw >>> 12) * 1000) / CHOICES;
      const side = (draw & 1) === 0 ? BUY : SELL;
      const pick = (draw >>> 1) & 2047;
      if (choice < config.marketPermille) context.market(side, drawSize(sizes, config.qtyLots));
      else if (own.count >= config.openMax || choice < config.marketPermille + config.cancelPermille) {
        if (own.count > 0) context.cancel(own.taken[pick % own.count]);
      } else {
        const depth = drawExponential(prices, config.depthTicks);
        const lots = drawSize(sizes, config.qtyLots);
        // Half of what would be at the best price improves it where there is room.
        const improves = depth === 0 && context.view.askTicks - context.view.bidTicks > 1 ? 1 : -depth;
        const best = bestOf(context, side);
        context.limit(side, side === BUY ? best + improves : best - improves, lots, GTC);
      }
    },
  };
}

/** The middle between bid and ask in half ticks; twice the last price where a side is empty. */
function middleHalves({ view }: AgentContext): number {
  const { bidTicks, askTicks, lastTicks } = view;
  return bidTicks === NONE || askTicks === NONE ? lastTicks * 2 : bidTicks + askTicks;
}

function createMaker(config: MakerConfig, context: AgentContext): Agent {
  const sizes = context.stream('size');
  const { own } = context;
  /** Open orders of one side that stand at no price wanted, by slot. */
  const left = new Uint8Array(OPEN_MAX);
  const quote = (side: number, middle: number): void => {
    const { taken, count } = own;
    const away = side === BUY ? -1 : 1;
    const nearest = middle + away * config.halfSpreadTicks;
    // Bit k: level k has an order already.
    let quoted = 0;
    let busy = 0;
    let others = 0;
    for (let k = 0; k < count; k++) {
      const slot = taken[k];
      if (sideAt(own, slot) !== side) continue;
      busy += 1;
      if (stateAt(own, slot) !== OPEN) continue;
      const level = (priceAt(own, slot) - nearest) * away;
      if (level >= 0 && level < config.levels && ((quoted >>> level) & 1) === 0) quoted |= 1 << level;
      else left[others++] = slot;
    }
    for (let level = 0; level < config.levels; level++) {
      if (((quoted >>> level) & 1) === 1) continue;
      const price = nearest + away * level;
      if (busy < config.levels) {
        context.limit(side, price, drawLots(sizes, config.qtyLots), GTC);
        busy += 1;
      } else if (others > 0) context.amend(left[--others], price);
    }
  };
  return {
    ...hasNoMemory,
    wake: () => {
      const skew = Math.round((context.positionLots() * config.skewTicks) / 1000);
      // It leans towards the hidden value, of which it knows the whole ticks.
      const value = Math.round(context.valueMilliticks() / 1000);
      const middle = Math.floor((middleHalves(context) + value * 2) / 4) - skew;
      quote(BUY, middle);
      quote(SELL, middle);
    },
  };
}

function createMomentum(config: MomentumConfig, context: AgentContext): Agent {
  const sizes = context.stream('size');
  let since = context.view.lastTicks;
  return {
    wake: () => {
      const { lastTicks } = context.view;
      const move = lastTicks - since;
      if (move >= config.thresholdTicks) context.market(BUY, drawSize(sizes, config.qtyLots));
      else if (-move >= config.thresholdTicks) context.market(SELL, drawSize(sizes, config.qtyLots));
      since = lastTicks;
    },
    save: () => ({ since }),
    restore: (state) => {
      since = Number(state['since']);
    },
  };
}

function createValue(config: ValueConfig, context: AgentContext): Agent {
  const sizes = context.stream('size');
  return {
    ...hasNoMemory,
    wake: () => {
      const { view } = context;
      const value = context.valueMilliticks();
      const threshold = config.thresholdTicks * 1000;
      if (view.askTicks !== NONE && value - view.askTicks * 1000 > threshold)
        context.market(BUY, drawSize(sizes, config.qtyLots));
      else if (view.bidTicks !== NONE && view.bidTicks * 1000 - value > threshold)
        context.market(SELL, drawSize(sizes, config.qtyLots));
    },
  };
}

function createCancelBot(config: CancelBotConfig, context: AgentContext): Agent {
  const prices = context.stream('price');
  const sizes = context.stream('size');
  const { own } = context;
  return {
    ...hasNoMemory,
    wake: () => {
      let canceled = 0;
      for (let k = 0; k < own.count; k++)
        if (stateAt(own, own.taken[k]) === OPEN) {
          context.cancel(own.taken[k]);
          canceled += 1;
        }
      if (canceled > 0) return;
      for (let k = own.count; k < config.orders; k++) {
        const side = prices.nextInt(2) === 0 ? BUY : SELL;
        const depth = 1 + drawExponential(prices, config.depthTicks);
        const best = bestOf(context, side);
        context.limit(side, side === BUY ? best - depth : best + depth, drawLots(sizes, config.qtyLots), GTC);
      }
    },
  };
}

function createRunaway(config: RunawayConfig, context: AgentContext): Agent {
  const sizes = context.stream('size');
  const side = config.side === 'buy' ? BUY : SELL;
  return {
    ...hasNoMemory,
    wake: () => {
      const now = context.timeNs();
      const lots = drawLots(sizes, config.qtyLots);
      if (now >= config.startNs && now < config.endNs) context.market(side, lots);
    },
  };
}

export function createAgent(config: AgentConfig, context: AgentContext): Agent {
  switch (config.type) {
    case 'noise':
      return createNoise(config, context);
    case 'maker':
      return createMaker(config, context);
    case 'momentum':
      return createMomentum(config, context);
    case 'value':
      return createValue(config, context);
    case 'cancelBot':
      return createCancelBot(config, context);
    case 'runaway':
      return createRunaway(config, context);
  }
}
