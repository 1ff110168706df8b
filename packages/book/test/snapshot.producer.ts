// Snapshots and hashes of books behind random commands: the same under every Node, time zone and locale.
import { hashBook, saveBook } from '../src/index.ts';
import { IMPLEMENTATIONS } from './implementations.ts';
import { play, sha256 } from './play.ts';
import { snapshotSamples } from './snapshot-samples.ts';
import { episodeOf } from './stream.ts';

for (const [name, create] of IMPLEMENTATIONS) {
  for (const [sample, book] of snapshotSamples(create))
    process.stdout.write(`${name} ${sample} ${Buffer.from(saveBook(book)).toString('hex')}\n`);
  for (let episode = 0; episode < 10; episode++) {
    const { profile, next } = episodeOf(5, episode);
    const book = create(profile.config);
    for (let k = 0; k < 200; k++) process.stdout.write(`${JSON.stringify(play(book, next()))}\n`);
    process.stdout.write(`${hashBook(book, sha256)}\n`);
  }
}
