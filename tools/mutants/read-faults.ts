/** Faults in reading a log back: frames, the torn end, segments, snapshots, and going on behind them. */
import { mutantsOf, type Mutant } from './mutant.ts';

const WAL = 'packages/wal/src';
const TAPE = 'packages/tape/src';
const LOG = ['packages/wal/test/log.test.ts'];
const CRASH = ['packages/wal/test/crash-points.test.ts'];
const BESIDE = ['packages/wal/test/beside.test.ts'];
const STRANGERS = ['packages/wal/test/strangers.test.ts'];
const FRAMES = ['packages/tape/test/log.test.ts'];
const SEGMENT = ['packages/tape/test/segment.test.ts'];

const frames: readonly Mutant[] = [
  ...mutantsOf(`${TAPE}/chain-walk.ts`, FRAMES, [
    {
      id: 'payload-unchecked',
      find: 'if (options.ports.crc32(payload) !== frame.payloadCrc)',
      replace: 'if (payload.length < 0)',
      why: 'events that were changed are believed',
    },
    {
      id: 'half-a-chain',
      find: 'if (!frame.more) {',
      replace: 'if (walk.bytes > 0) {',
      why: 'the first frames of a commit are taken for all of it',
      suite: SEGMENT,
    },
  ]),
  ...mutantsOf(`${TAPE}/frame.ts`, FRAMES, [
    {
      id: 'header-unchecked',
      find: 'return ports.crc32(bytes.subarray(at, at + 116)) === view.getUint32(116, true);',
      replace: 'return view.byteLength > 0;',
      why: 'a frame that was changed is believed, also as a witness',
    },
  ]),
  ...mutantsOf(`${TAPE}/binary-decoder.ts`, STRANGERS, [
    {
      id: 'frames-not-chained',
      find: 'if (state.prevCrc !== undefined && frame.prevCrc !== state.prevCrc)',
      replace: 'if (state.prevCrc !== undefined && frame.prevCrc < 0)',
      why: 'a frame of another history is believed where it happens to stand',
    },
  ]),
  ...mutantsOf(`${TAPE}/tail.ts`, FRAMES, [
    {
      id: 'witness-of-one-too-few',
      find: 'durableSeq > search.firstSeq',
      replace: 'durableSeq >= search.firstSeq',
      why: 'what an interrupted write left is taken for corruption',
    },
    {
      id: 'witness-of-one-more',
      find: 'durableSeq > search.firstSeq',
      replace: 'durableSeq > search.firstSeq + 1',
      why: 'an acknowledged commit is cut off',
    },
    {
      id: 'any-frame-is-witness',
      find: 'return durableSeq > search',
      replace: 'return search.inLog || durableSeq > search',
      why: 'a commit that no sync has covered is taken for corruption',
    },
    {
      id: 'witness-of-another-segment',
      find: ' && durableSeq <= search.endSeq',
      replace: '',
      why: 'behind an interrupted seal, what the disk had there before is taken for a witness',
      suite: ['packages/wal/test/chaos-compact.test.ts'],
      named: 'a frame of a later one',
    },
    {
      id: 'no-frame-is-witness',
      find: 'if (byte === 0x52 && proves(search, window, at, ports)) {',
      replace: 'if (byte > 0xff && proves(search, window, at, ports)) {',
      why: 'damage in the middle cuts off all that was acknowledged behind it',
    },
    {
      id: 'torn-bytes-taken-for-zeros',
      find: 'if (byte !== 0) search.zero = false;',
      replace: '',
      why: 'a torn end is cut without a word, and not kept',
      suite: STRANGERS,
    },
  ]),
  ...mutantsOf(`${TAPE}/binary-end.ts`, CRASH, [
    {
      id: 'zeros-taken-for-torn',
      find: 'search.zero ? undefined : {',
      replace: 'search.zero && window.end < 0 ? undefined : {',
      why: 'room that was made in advance is told as loss',
      suite: STRANGERS,
    },
  ]),
  ...mutantsOf(`${TAPE}/frame-check.ts`, FRAMES, [
    {
      id: 'witness-of-itself-believed',
      find: 'durableSeq > (stage.inLog ? firstSeq : 0))',
      replace: 'durableSeq > (stage.inLog ? nextSeq : 0))',
      why: 'a frame says of itself that it was durable',
    },
  ]),
  ...mutantsOf(`${TAPE}/segment-writer.ts`, LOG, [
    {
      id: 'mark-vouches-for-itself',
      find: 'const { ports, frameHeader, durableSeq, prevCrc } = segment;',
      replace: 'const { ports, frameHeader, prevCrc } = segment;\n  const durableSeq = frame.nextSeq;',
      why: 'what is being written says that it is durable',
    },
  ]),
];

const scans: readonly Mutant[] = [
  ...mutantsOf(`${WAL}/scan.ts`, LOG, [
    {
      id: 'segment-number-ignored',
      find: 'if (log.segment !== number) {',
      replace: 'if (log.segment < 0) {',
      why: 'a segment under the name of another is believed',
    },
  ]),
  ...mutantsOf(`${WAL}/scan-log.ts`, LOG, [
    {
      id: 'segment-gap-accepted',
      find: 'if (baseSeq !== scan.nextSeq) {',
      replace: 'if (baseSeq < scan.nextSeq) {',
      why: 'events that are missing are passed over',
      suite: STRANGERS,
    },
    {
      id: 'segment-overlap-accepted',
      find: 'if (baseSeq !== scan.nextSeq) {',
      replace: 'if (baseSeq > scan.nextSeq) {',
      why: 'events are folded twice',
    },
    {
      id: 'prev-hash-not-compared',
      find: "['prevHash', peekChain(scan.chain), prevHash],",
      replace: '',
      why: 'a segment that followed other events is believed',
      suite: STRANGERS,
    },
    {
      id: 'torn-inside-accepted',
      find: 'const inside = isLast ? undefined :',
      replace: 'const inside = isLast || !isLast ? undefined :',
      why: 'damage in the middle of a log passes for a torn end',
    },
    {
      id: 'interrupted-seal-is-damage',
      find: 'tornInside(storage, ports, name, end, baseOf(k + 1));',
      replace: 'tornInside(storage, ports, name, end);',
      why: 'a compaction that was interrupted is told as corruption',
      suite: CRASH,
      named: 'in a compaction',
    },
    {
      id: 'snapshot-hash-not-compared',
      find: 'if (found !== hash) return',
      replace: "if (found === '') return",
      why: 'a snapshot of other events is believed',
      suite: STRANGERS,
    },
    {
      id: 'snapshot-state-not-compared',
      find: 'if (state !== stateHash)',
      replace: "if (state === '')",
      why: 'a state that is not the one that was saved is believed',
      suite: STRANGERS,
    },
  ]),
  ...mutantsOf(`${WAL}/recover.ts`, LOG, [
    {
      id: 'expect-seq-off-by-one',
      find: 'nextSeq <= expectSeq)',
      replace: 'nextSeq < expectSeq)',
      why: 'the one event that was asked for may be missing',
    },
    {
      id: 'last-facts-not-asked-for',
      find: 'const stop = machine.end(nextSeq);',
      replace: 'const stop = undefined as ReturnType<typeof machine.end>;',
      why: 'a command without its facts is accepted at the end',
    },
    {
      id: 'snapshot-ahead-accepted',
      find: 'numberOfName(newest) > nextSeq)',
      replace: 'numberOfName(newest) > Infinity)',
      why: 'a log that lost its end is gone on with from a state that it does not lead to',
    },
    {
      id: 'wrong-beside-is-believed',
      find: "if (ahead === 'again') return recoverLog({ ...config, beside: () => undefined });",
      replace: '',
      why: 'what a second thread has not checked is gone on with',
      suite: BESIDE,
      named: 'gives up, or fails',
    },
  ]),
  ...mutantsOf(`${WAL}/beside.ts`, BESIDE, [
    {
      id: 'folded-before-it-is-checked',
      find: 'if (!check.reaches(nextSeq) || !holds(',
      replace: 'if (!holds(',
      why: 'a state is made of events that a second thread has not looked at',
      named: 'gives up, or fails',
    },
  ]),
  ...mutantsOf(`${WAL}/outline.ts`, LOG, [
    {
      id: 'segment-of-another-log',
      find: 'if (id !== own)',
      replace: "if (id === '')",
      why: 'a segment of another log is taken for a damaged one of this',
      suite: STRANGERS,
    },
    {
      id: 'snapshot-of-another-log',
      find: 'if (log !== id) return',
      replace: "if (log === '') return",
      why: 'a snapshot that is none of this log’s stops its recovery',
      suite: STRANGERS,
    },
    {
      id: 'snapshot-unread-by-verify',
      find: 'everything === true ? machine.value.hash() : stateHash;',
      replace: 'stateHash;',
      why: 'segments go on the word of a snapshot that does not hold the state that it says',
      suite: STRANGERS,
    },
    {
      id: 'no-older-snapshot',
      find: 'refused.push({ name, expected, found });',
      replace: 'return ok({ snapshots, refused: [{ name, expected, found }], outlived });',
      why: 'a bad snapshot costs the good ones before it',
    },
  ]),
  ...mutantsOf(`${WAL}/snapshot-file.ts`, LOG, [
    {
      id: 'bad-snapshot-accepted',
      find: 'if (found.some((byte, at) => byte !== bytes[size - HASH_BYTES + at]))',
      replace: 'if (found.length === 0)',
      why: 'a snapshot is read without its checksum',
    },
  ]),
];

const goingOn: readonly Mutant[] = [
  ...mutantsOf(`${WAL}/open.ts`, CRASH, [
    {
      id: 'tail-not-truncated',
      find: ': writeAnew(storage, last.name, append.offsetBytes);',
      replace: ': writeAnew(storage, last.name, append.offsetBytes + (report.torn?.bytes ?? 0));',
      why: 'commits are written behind what will be cut off',
    },
    {
      id: 'recovered-not-synced',
      find: '    copyInto(storage, name, sizeBytes, file) ??\n    file.sync() ??',
      replace: '    copyInto(storage, name, sizeBytes, file) ??',
      why: 'what the dead process did not sync is taken for durable, and said to be',
    },
    {
      id: 'seal-not-synced-at-start',
      find: 'const fault = opened.value.sync() ?? opened.value.close();',
      replace: 'const fault = opened.value.close();',
      why: 'another segment begins behind a seal that may still go',
    },
    {
      id: 'torn-bytes-not-kept',
      find: 'if (report.torn !== undefined) fault ??= keepTorn(storage, report.torn);',
      replace: '',
      why: 'what is cut off is gone',
      named: 'a torn end is still there',
    },
    {
      id: 'unfinished-left',
      find: 'for (const name of report.unfinished) fault ??= storage.unlink(name);',
      replace: '',
      why: 'the next segment cannot be made',
    },
  ]),
  ...mutantsOf(
    `${WAL}/repair.ts`,
    ['packages/wal/test/repair.test.ts'],
    [
      {
        id: 'repair-keeps-nothing',
        find: 'const kept = keepTorn(storage, step);',
        replace: 'const kept = undefined as StorageFault | undefined;',
        why: 'a repair destroys what it cuts',
      },
    ],
  ),
  ...mutantsOf(`${WAL}/clock.ts`, LOG, [
    {
      id: 'clock-not-clamped',
      find: 'const isClamped = now.wallNs < clock.lastNs;',
      replace: 'const isClamped = now.wallNs < 0n;',
      why: 'time goes back on the log',
    },
    {
      id: 'clock-jump-believed',
      find: 'if (now.wallNs - expectedNs > clock.aheadMaxNs)',
      replace: 'if (clock.aheadMaxNs < 0n)',
      why: 'one wrong reading keeps the log in the future',
    },
  ]),
];

export const READ_FAULTS: readonly Mutant[] = [...frames, ...scans, ...goingOn];
