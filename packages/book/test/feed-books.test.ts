// The fold of a market-by-order feed against the books that match: after every command the same levels and
// queues.
import { Kind, NONE } from '@truetape/contracts';
import { describe, expect, test } from 'vitest';
import {
  BUY,
  SELL,
  applyFeedEvent,
  checkFeedBook,
  createCommands,
  createFeedBook,
  createReports,
  encodeCommand,
  feedLevels,
  feedQueue,
  reportEvent,
  type Book,
  type FeedBook,
} from '@truetape/book';
import { oddities } from './feed-facts.ts';
import { IMPLEMENTATIONS } from './implementations.ts';
import { seeds } from './property.ts';
import { episodeOf } from './stream.ts';

const EPISODES = 40;
const COMMANDS = 150;

function agree(feed: FeedBook, book: Book): void {
  checkFeedBook(feed);
  for (const side of [BUY, SELL]) {
    expect(feedLevels(feed, side)).toEqual(book.levels(side));
    for (const { priceTicks } of book.levels(side)) {
      const queue = book.queue(side, priceTicks).map(({ orderId, owner, leavesLots }) => ({
        orderId,
        account: owner,
        leavesLots,
      }));
      expect(feedQueue(feed, side, priceTicks)).toEqual(queue);
    }
  }
  expect([feed.inMessage, feed.status, feed.incoming.orderId]).toEqual([false, 'live', NONE]);
  expect(oddities(feed)).toEqual({});
}

describe.each(IMPLEMENTATIONS)('the facts of the %s book', (_, create) => {
  test.each(seeds(20_261_121))('fold into its levels and queues after every command (seed %i)', (seed) => {
    const kinds = new Set<number>();
    const commands = createCommands(1);
    const reports = createReports(4);
    for (let episode = 0; episode < EPISODES; episode++) {
      const { profile, next } = episodeOf(seed, episode);
      const book = create(profile.config);
      const feed = createFeedBook({ startsEmpty: true });
      for (let n = 0; n < COMMANDS; n++) {
        encodeCommand(commands, 0, next());
        reports.count = 0;
        book.apply(commands, 0, reports);
        for (let k = 0; k < reports.count; k++) {
          const last = k === reports.count - 1;
          const fact = reportEvent(reports, k, { timeNs: 0, source: 1, cause: NONE, last });
          kinds.add(fact.kind);
          applyFeedEvent(feed, fact);
          expect(feed.inMessage).toBe(!last);
        }
        agree(feed, book);
      }
    }
    const all = [Kind.Accepted, Kind.Rejected, Kind.Fill, Kind.Canceled, Kind.Amended, Kind.CancelAllDone];
    expect([...kinds].toSorted()).toEqual(all.toSorted());
  });
});
