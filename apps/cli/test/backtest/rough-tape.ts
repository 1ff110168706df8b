/** Recorded market data as rough as it comes: gaps, resets, crossed levels, odd prices, marks and funding, at random. */
import {
  BLANK,
  FLAG_LAST,
  FLAG_SNAPSHOT,
  NONE,
  SIDE_BUY,
  SIDE_SELL,
  defineFields,
} from '@truetape/contracts';
import type { Event, JsonObject } from '@truetape/contracts';
import { nodePorts } from '@truetape/host';
import { createStream } from '@truetape/kernel';
import { createBinaryWriter, endTape, writeEvent } from '@truetape/tape';
import { tapeOf } from './runs.ts';
import type { TestTape } from './runs.ts';

const MS = 1_000_000;
const DEFINE: JsonObject = {
  id: 'X:SIM',
  venue: 'X',
  symbol: 'SIM',
  class: 'linear',
  base: 'SIM',
  quote: 'USD',
  settle: 'USD',
  priceStep: '0.01',
  qtyStep: '1',
  fineScale: 4,
  contractSize: '1',
  ids: 'numeric',
  rules: {},
};

/** A tape of so many messages. */
export function roughTape(seed: string, messages: number): TestTape {
  const dice = createStream(seed, 'rough');
  const parts: Uint8Array[] = [];
  const header = { observer: 'client', epochNs: '1700000000000000000', producer: { name: 'test' } } as const;
  const sink = { write: (bytes: Uint8Array): void => void parts.push(Uint8Array.from(bytes)) };
  const writer = createBinaryWriter({ header, ports: nodePorts }, sink);
  let timeNs = 5 * MS;
  let middle = 1000;
  let updateId = 1;
  const write = (event: Event): void => {
    const refused = writeEvent(writer, event);
    if (refused !== undefined) throw new Error(`${refused.expected}, found ${refused.found}`);
  };
  const at = { instrument: 1, source: 1 };
  const level = (side: number, priceTicks: number, qtyLots: number, flags: number): void => {
    write({ ...BLANK.Level, ...at, timeNs, flags: side | flags, priceTicks, qtyLots });
  };
  write({ ...BLANK.Define, timeNs, flags: FLAG_LAST, ...defineFields('instrument', 1, DEFINE) });
  const source = { name: 'feed', role: 'marketFeed' };
  write({ ...BLANK.Define, timeNs, flags: FLAG_LAST, ...defineFields('source', 1, source) });
  const snapshot = (): void => {
    const depth = 1 + dice.nextInt(4);
    const ids = { lastUpdateId: ++updateId, bids: depth, asks: depth };
    write({ ...BLANK.BookReset, ...at, timeNs, flags: FLAG_SNAPSHOT, ...ids });
    for (let k = 0; k < depth; k++) level(SIDE_BUY, middle - 1 - k, 1 + dice.nextInt(9), FLAG_SNAPSHOT);
    for (let k = 0; k < depth; k++)
      level(
        SIDE_SELL,
        middle + 1 + k,
        1 + dice.nextInt(9),
        FLAG_SNAPSHOT | (k === depth - 1 ? FLAG_LAST : 0),
      );
  };
  const change = (): void => {
    const levels = dice.nextInt(4);
    const ids = { lastUpdateId: ++updateId, levels };
    write({ ...BLANK.BookUpdate, ...at, timeNs, flags: levels === 0 ? FLAG_LAST : 0, ...ids });
    for (let k = 0; k < levels; k++) {
      const isBuy = dice.nextInt(2) === 0;
      // Now and then through the other side.
      const away = dice.nextInt(6) - (dice.nextInt(8) === 0 ? 3 : 0);
      const priceTicks = isBuy ? middle - 1 - away : middle + 1 + away;
      const lots = dice.nextInt(3) === 0 ? 0 : 1 + dice.nextInt(9);
      level(isBuy ? SIDE_BUY : SIDE_SELL, priceTicks, lots, k === levels - 1 ? FLAG_LAST : 0);
    }
  };
  snapshot();
  for (let k = 0; k < messages; k++) {
    timeNs += dice.nextInt(5) === 0 ? 0 : dice.nextInt(4 * MS);
    middle += dice.nextInt(3) - 1;
    const roll = dice.nextInt(100);
    if (roll < 60) change();
    else if (roll < 85) {
      const side = [0, SIDE_BUY, SIDE_SELL][dice.nextInt(3)];
      const priceTicks = dice.nextInt(200) === 0 ? dice.nextInt(3) - 1 : middle + dice.nextInt(5) - 2;
      const trade = { priceTicks, qtyLots: 1 + dice.nextInt(12), tradeId: k, condition: 1 };
      write({ ...BLANK.Trade, ...at, timeNs, flags: side | FLAG_LAST, ...trade });
    } else if (roll < 90) {
      const quote = {
        bidTicks: middle - 1,
        bidLots: 3,
        askTicks: middle + 1,
        askLots: 4,
        updateId: updateId + dice.nextInt(3) - 1,
      };
      write({ ...BLANK.Quote, ...at, timeNs, flags: FLAG_LAST, ...quote });
    } else if (roll < 93) {
      write({
        ...BLANK.Mark,
        ...at,
        timeNs,
        flags: FLAG_LAST,
        markFine: middle * 100,
        indexFine: NONE,
        settleFine: NONE,
      });
    } else if (roll < 95) {
      const rate = {
        rateE12: (dice.nextInt(200) - 100) * 1_000_000,
        nextFundingTime: timeNs + dice.nextInt(20 * MS),
      };
      write({ ...BLANK.FundingRate, ...at, timeNs, flags: FLAG_LAST, ...rate });
    } else if (roll < 97) {
      write({ ...BLANK.FeedStatus, ...at, timeNs, flags: FLAG_LAST, status: 5 });
    } else if (roll < 98) {
      write({ ...BLANK.TradingStatus, ...at, timeNs, flags: FLAG_LAST, status: 1 + dice.nextInt(2) });
    } else snapshot();
  }
  endTape(writer);
  return tapeOf(Buffer.concat(parts));
}
