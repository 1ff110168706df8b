// The public surface of @truetape/strategies.
export { STRATEGIES, findStrategy } from './registry.ts';
export { marketMaker, type MarketMakerParameters } from './market-maker.ts';
export { meanReversion, type MeanReversionParameters } from './mean-reversion.ts';
export { momentum, type MomentumParameters } from './momentum.ts';
export { twap, vwap, type TwapParameters, type VwapParameters } from './execution.ts';
