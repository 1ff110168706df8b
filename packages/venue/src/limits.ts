/** What a simulated venue does not know, in words: they stand in each report. */
import type { VenueConfig } from './venue.ts';

const REPLAY = [
  'no market impact: the recorded market goes on as if own orders were not there',
  'what ours took is gone until the recorded order has left (order by order) or the level is empty (aggregated); ' +
    'others react to neither',
  'an aggressor that would have met ours still trades with those it met on the tape',
  'own orders never trade with each other: an incoming one that would is canceled (self-trade, newest)',
];

/** What is approximate under a configuration, one sentence each. */
export function venueLimits(config: VenueConfig): string[] {
  const limits: string[] = [];
  if (config.mode === 'ideal') {
    limits.push(
      'ideal: every fill is whole, at the touch, without fees, queue or latency: no strategy gets this',
    );
  } else if (config.mode === 'exchange') {
    limits.push(
      'exchange: agents of the tape do not react to own orders: their commands come as recorded',
      'exchange: commands of the tape on orders that ours consumed do nothing, and are counted',
    );
  } else {
    limits.push(...REPLAY);
    const model = config.queue ?? { kind: 'riskAverse' };
    const name = model.kind === 'probPower' ? `probPower, n = ${model.n}` : model.kind;
    limits.push(
      `order by order: the place in the queue is exact; on aggregated depth it is an estimate (${name})`,
      'a book that begins anew from a snapshot puts own orders behind all that it shows',
    );
  }
  if ((config.outages ?? []).length > 0)
    limits.push('outage: the recorded market goes on; what rests is matched unless it is canceled');
  const isModelled = config.instruments.some(
    ({ slippage }) => slippage !== undefined && slippage.kind !== 'book',
  );
  if (isModelled && config.mode !== 'ideal')
    limits.push(
      config.mode === 'exchange'
        ? 'slippage: models are for recorded books; in a matching engine the book is what there is'
        : 'slippage: a model adds to what the book showed',
    );
  return limits;
}
