/** Simulations that come with the package, as data. */
import type { AgentConfig, MakerConfig, RegimeConfig, SimConfig, ValueConfig } from './config.ts';

const MS = 1_000_000;
const SECOND = 1_000_000_000;

const calm: RegimeConfig = { rates: {}, valueRate: 1000 };
const burst: RegimeConfig = {
  rates: { noise: 9000, maker: 4000, momentum: 6000, value: 6000 },
  valueRate: 2500,
};
const cancelStorm: RegimeConfig = { rates: { noise: 2000, maker: 4000, cancelBot: 20_000 }, valueRate: 1500 };

const MAKER: MakerConfig = {
  type: 'maker',
  count: 3,
  intervalNs: 25 * MS,
  qtyLots: 12,
  maxInventoryLots: 2000,
  halfSpreadTicks: 2,
  levels: 4,
  skewTicks: 20,
};

/** Fast and close, so that the price follows its value within a second and its returns do not trend. */
const VALUE: ValueConfig = {
  type: 'value',
  count: 2,
  intervalNs: 30 * MS,
  qtyLots: 8,
  maxInventoryLots: 50_000,
  thresholdTicks: 1,
};

const agents: { readonly [name: string]: AgentConfig } = {
  noise: {
    type: 'noise',
    count: 8,
    intervalNs: 20 * MS,
    qtyLots: 5,
    maxInventoryLots: 5000,
    // Nearly as many cancels as orders: four in five orders go without a trade.
    marketPermille: 20,
    cancelPermille: 488,
    depthTicks: 6,
    openMax: 48,
  },
  maker: MAKER,
  momentum: {
    type: 'momentum',
    count: 2,
    intervalNs: 120 * MS,
    qtyLots: 6,
    maxInventoryLots: 500,
    thresholdTicks: 3,
  },
  value: VALUE,
  cancelBot: {
    type: 'cancelBot',
    count: 1,
    intervalNs: 100 * MS,
    qtyLots: 2,
    maxInventoryLots: 1000,
    orders: 6,
    depthTicks: 4,
  },
};

/** What a simulation is when nothing is said of it. */
export const DEFAULT_CONFIG: SimConfig = {
  tickNs: 0,
  symbols: {
    SIM: {
      priceStep: '0.01',
      qtyStep: '1',
      startTicks: 10_000,
      valueIntervalNs: 50 * MS,
      valueStepMilliticks: 900,
      reversionPpm: 2000,
    },
  },
  agents,
  delays: {
    new: { delayNs: 20_000, jitterNs: 5000 },
    cancel: { delayNs: 15_000, jitterNs: 5000 },
    amend: { delayNs: 15_000, jitterNs: 5000 },
    report: { delayNs: 15_000, jitterNs: 2000 },
    market: { delayNs: 10_000, jitterNs: 2000 },
  },
  queue: { capacity: 4096, policy: 'reject', serviceNs: 500 },
  faults: { duplicatePpm: 0, dropPpm: 0, reorderPpm: 0, handling: 'reject', windowNs: 50_000 },
  regimes: { burst, calm, 'cancel-storm': cancelStorm },
  startRegime: 'calm',
  script: [],
  scriptRepeatNs: 0,
  thresholds: [],
  burst: { intervalNs: 0, peakPermille: 6000, halfLifeNs: 200 * MS },
  checkOrders: true,
};

const faults = {
  duplicatePpm: 500,
  dropPpm: 500,
  reorderPpm: 1000,
  handling: 'reject',
  windowNs: 50_000,
} as const;

export const PRESET_NAMES = ['calm', 'burst', 'cancel-storm', 'mixed', 'flash-crash'] as const;
export type PresetName = (typeof PRESET_NAMES)[number];

export const PRESETS: { readonly [name in PresetName]: SimConfig } = {
  calm: DEFAULT_CONFIG,
  burst: {
    ...DEFAULT_CONFIG,
    startRegime: 'burst',
    burst: { intervalNs: 2 * SECOND, peakPermille: 5000, halfLifeNs: 250 * MS },
  },
  'cancel-storm': { ...DEFAULT_CONFIG, startRegime: 'cancel-storm' },
  mixed: {
    ...DEFAULT_CONFIG,
    faults,
    script: [
      { atNs: 10 * SECOND, regime: 'burst' },
      { atNs: 13 * SECOND, regime: 'calm' },
      { atNs: 25 * SECOND, regime: 'cancel-storm' },
      { atNs: 30 * SECOND, regime: 'calm' },
    ],
    scriptRepeatNs: 60 * SECOND,
    burst: { intervalNs: 10 * SECOND, peakPermille: 5000, halfLifeNs: 1500 * MS },
  },
  'flash-crash': {
    ...DEFAULT_CONFIG,
    agents: {
      ...agents,
      // They hand on what they are sold at ever lower prices; who buys by value is few but patient.
      maker: { ...MAKER, maxInventoryLots: 1500, skewTicks: 200 },
      runaway: {
        type: 'runaway',
        count: 1,
        intervalNs: 4 * MS,
        qtyLots: 25,
        maxInventoryLots: 0,
        side: 'sell',
        startNs: 10 * SECOND,
        endNs: 12 * SECOND,
      },
    },
    thresholds: [
      { measure: 'spreadTicks', above: 12, regime: 'burst', holdNs: 2 * SECOND },
      { measure: 'spreadTicks', below: 3, regime: 'calm', holdNs: SECOND },
    ],
  },
};
