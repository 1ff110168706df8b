// Random commands that keep hitting every rule. A stream of commands is (seed, episode): each episode begins
// with an empty book of a profile of its own, so that one episode replays alone.
import type { BookConfig, Command } from '@truetape/book';
import { createStream, type RandomStream } from '@truetape/kernel';

const N_MAX = Number.MAX_SAFE_INTEGER;
const TICKS_MIN = -2_147_483_648;
const TICKS_MAX = 2_147_483_647;

/** What the commands of an episode are like. */
export interface Profile {
  readonly config: BookConfig;
  readonly lowTicks: number;
  readonly spanTicks: number;
  readonly ids: number;
  readonly firstId: number;
  readonly owners: number;
  readonly qtyMax: number;
  /** Of 100 new orders; the more, the more rests. */
  readonly gtc: number;
}

/** Small books: tens of orders, so that all of one can be hashed after every command. */
export function smallProfile(random: RandomStream): Profile {
  const pick = <Value>(...values: readonly Value[]): Value => values[random.nextInt(values.length)];
  const spanTicks = pick(2, 4, 9, 24);
  const ids = pick(8, 24, 48);
  return {
    config: { instrument: pick(0, 1, 65_535), ordersMax: pick(3, 10, 30, 1_000) },
    lowTicks: pick(-4, TICKS_MIN, TICKS_MAX - spanTicks + 1),
    spanTicks,
    ids,
    firstId: pick(0, 0, 1_000_000_007, N_MAX - ids + 1),
    owners: pick(2, 3, 5),
    qtyMax: pick(3, 9, 20, N_MAX),
    gtc: 70,
  };
}

/** Thousands of orders over a wide range of prices. */
export function largeProfile(random: RandomStream): Profile {
  const spanTicks = [300, 5_000, 4_000_000][random.nextInt(3)];
  return {
    config: { instrument: 7, ordersMax: 6_000 },
    lowTicks: random.nextInt(2) === 0 ? TICKS_MIN : 1_000_000,
    spanTicks,
    ids: 8_000,
    firstId: 0,
    owners: 40,
    qtyMax: 50,
    gtc: 97,
  };
}

/** The commands of an episode, for ever. */
export function episodeOf(
  seed: number,
  episode: number,
  profileOf: (random: RandomStream) => Profile = smallProfile,
): { profile: Profile; next: () => Command } {
  const random = createStream(seed, `book episode ${episode}`);
  const profile = profileOf(random);
  const recent: number[] = [];
  return { profile, next: () => nextCommand(random, profile, recent) };
}

/** `recent` are the ids of the last new orders: most of what is changed is one that may rest. */
function nextCommand(random: RandomStream, profile: Profile, recent: number[]): Command {
  const { ids, firstId, owners, gtc } = profile;
  const kind = random.nextInt(100);
  const isRecent = kind >= (gtc > 90 ? 75 : 62) && recent.length > 0 && random.nextInt(4) > 0;
  const id = isRecent ? pickOf(random, recent) : random.nextInt(ids);
  // Most commands are of the owner that the id has by habit; the owner 0 is the empty one.
  const owner = random.nextInt(12) === 0 ? random.nextInt(owners) : id % owners;
  const about = { orderId: firstId + id, owner };
  const newShare = gtc > 90 ? 75 : 62;
  if (kind < newShare) {
    const command = newCommand(random, profile, about);
    if (command.tif === 'GTC' && command.type === 'limit') recent.push(id);
    if (recent.length > Math.min(profile.config.ordersMax ?? 12, gtc > 90 ? 4_000 : 12)) recent.shift();
    return command;
  }
  if (kind < newShare + 10) return { op: 'cancel', ...about };
  if (kind < 88) return amendCommand(random, profile, about);
  if (kind < 97 || (gtc > 90 && random.nextInt(100) > 0))
    return { op: 'reduce', ...about, qtyLots: qtyOf(random, profile) };
  const side = sometimes(random, 2, () => sideOf(random));
  return { op: 'cancelAll', owner, everyone: random.nextInt(6) === 0, ...given('side', side) };
}

type About = { readonly orderId: number; readonly owner: number };

function newCommand(random: RandomStream, profile: Profile, about: About): Command {
  const side = sideOf(random);
  const isMarket = random.nextInt(100) < (profile.gtc > 90 ? 1 : 12);
  const qtyLots = qtyOf(random, profile);
  const tif = random.nextInt(100);
  const hasPrice = isMarket ? random.nextInt(30) === 0 : random.nextInt(200) > 0;
  return {
    op: 'new',
    ...about,
    side,
    type: isMarket ? 'market' : 'limit',
    qtyLots,
    tif: tif < profile.gtc ? 'GTC' : tif < profile.gtc + (100 - profile.gtc) / 2 ? 'IOC' : 'FOK',
    ...(hasPrice ? { priceTicks: priceOf(random, profile, side) } : {}),
    ...given(
      'stp',
      sometimes(random, 2, () => pickOf(random, ['newest', 'oldest', 'both', 'decrement'] as const)),
    ),
    ...given(
      'postOnly',
      sometimes(random, 6, () => postOnlyOf(random)),
    ),
    ...given(
      'minQtyLots',
      sometimes(random, 12, () => minQtyOf(random, qtyLots)),
    ),
  };
}

function amendCommand(random: RandomStream, profile: Profile, about: About): Command {
  const qtyLots = sometimes(random, 1, () => qtyOf(random, profile));
  const priceTicks = sometimes(random, 2, () =>
    random.nextInt(40) === 0 ? 0.5 : priceOf(random, profile, sideOf(random)),
  );
  const qtyMode = sometimes(random, 3, () => 'total' as const);
  const postOnly = sometimes(random, 8, () => postOnlyOf(random));
  return {
    op: 'amend',
    ...about,
    ...(random.nextInt(4) === 0 ? {} : given('qtyLots', qtyLots)),
    ...given('priceTicks', priceTicks),
    ...given('qtyMode', qtyMode),
    ...given('postOnly', postOnly),
  };
}

const sideOf = (random: RandomStream): 'buy' | 'sell' => (random.nextInt(2) === 0 ? 'buy' : 'sell');
const postOnlyOf = (random: RandomStream): 'reject' | 'slide' =>
  random.nextInt(2) === 0 ? 'reject' : 'slide';

const pickOf = <Value>(random: RandomStream, values: readonly Value[]): Value =>
  values[random.nextInt(values.length)];

/** Once in so many times a value; 1: always. */
function sometimes<Value>(random: RandomStream, times: number, value: () => Value): Value | undefined {
  return random.nextInt(times) === 0 ? value() : undefined;
}

function given<Key extends string, Value>(key: Key, value: Value | undefined): { [K in Key]?: Value } {
  return value === undefined ? {} : ({ [key]: value } as { [K in Key]?: Value });
}

/** Buys below, sells above, with a third of the span in common; now and then anywhere, the ends included. */
function priceOf(random: RandomStream, { lowTicks, spanTicks }: Profile, side: 'buy' | 'sell'): number {
  if (random.nextInt(150) === 0) return pickOf(random, [TICKS_MAX + 1, TICKS_MIN - 1, 0.5, NaN, -0]);
  const third = random.nextInt(10) === 0 ? 0 : Math.floor(spanTicks / 3);
  const within = random.nextInt(spanTicks - third);
  return lowTicks + (side === 'buy' ? within : within + third);
}

function qtyOf(random: RandomStream, { qtyMax }: Profile): number {
  const kind = random.nextInt(300);
  if (kind < 4) return pickOf(random, [0, -0, -1, 0.5, NaN, Infinity, N_MAX + 1]);
  if (kind === 4) return N_MAX - random.nextInt(3);
  if (qtyMax < N_MAX) return 1 + random.nextInt(qtyMax);
  // Halves and thirds of the range: two or three of them fill a level.
  return Math.floor(N_MAX / (1 + random.nextInt(3))) - random.nextInt(3);
}

function minQtyOf(random: RandomStream, qtyLots: number): number {
  if (random.nextInt(20) === 0) return pickOf(random, [-1, 0.5, NaN, N_MAX + 1, qtyLots + 1]);
  return qtyLots > 1_000 || !(qtyLots > 0) ? qtyLots : 1 + random.nextInt(Math.ceil(qtyLots));
}
