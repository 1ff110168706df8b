// Books whose bytes are kept: golden/snapshots-v1.txt.
import type { RestorableBook } from '@truetape/book';
import { limit, market, play, type CreateBook } from './play.ts';

const N_MAX = Number.MAX_SAFE_INTEGER;

/** Samples by name, each made by commands alone. */
export function snapshotSamples(create: CreateBook): readonly (readonly [string, RestorableBook])[] {
  const empty = create();
  const traded = create({ instrument: 65_535, ordersMax: 7 });
  play(traded, limit(1, 'sell', 100, 9, { owner: 7, stp: 'oldest' }), limit(2, 'sell', 101, 1));
  play(traded, limit(3, 'buy', 99, 4, { postOnly: 'slide' }), limit(4, 'buy', 99, 5, { owner: 8 }));
  play(traded, limit(5, 'buy', 98, 1, { stp: 'decrement', postOnly: 'reject' }), market(6, 'buy', 2));
  const extreme = create({ ordersMax: 33_554_432 });
  play(extreme, limit(N_MAX, 'buy', -2_147_483_648, N_MAX, { owner: 4_294_967_295, stp: 'newest' }));
  play(extreme, limit(0, 'sell', 2_147_483_647, N_MAX, { stp: 'both' }), limit(1, 'sell', 2_147_483_647, 0));
  const ended = create({ instrument: 1, ordersMax: 1 });
  play(ended, limit(1, 'buy', 1, 1), market(2, 'sell', 1));
  const bidAtZero = create();
  play(bidAtZero, limit(1, 'buy', 0, 1), limit(2, 'buy', 0, 1));
  const askAtZero = create();
  play(askAtZero, limit(1, 'buy', -1, 1), limit(2, 'sell', 0, 1), limit(3, 'sell', 1, 1));
  const onlyAsk = create();
  play(onlyAsk, limit(1, 'sell', 0, 1));
  return [
    ['empty', empty],
    ['traded', traded],
    ['extreme', extreme],
    ['ended', ended],
    ['bidAtZero', bidAtZero],
    ['askAtZero', askAtZero],
    ['onlyAsk', onlyAsk],
  ];
}
