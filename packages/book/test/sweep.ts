// The sweep: the same random commands to two books, which must agree to the byte. After every command:
//   - all cells of all reports are compared, bit by bit;
//   - the hashes of both books' whole states are compared (small books), or every `hashEvery` commands;
//   - the first reject code is the one that the rules, each read by itself, let expect;
// and an auditor follows one of the two books in every episode, the other one in the next.
import {
  REPORT_CELLS,
  auditCommand,
  createAudit,
  createCommands,
  createReports,
  decodeReport,
  encodeCommand,
  hashBook,
  type Audit,
  type Command,
  type CommandBuffer,
  type Report,
  type ReportBuffer,
  type RestorableBook,
} from '@truetape/book';
import { codesOf } from './codes.ts';
import { cover, createCoverage, type Coverage } from './coverage.ts';
import { sha256, type CreateBook } from './play.ts';
import { episodeOf, smallProfile, type Profile } from './stream.ts';
import type { RandomStream } from '@truetape/kernel';

export interface SweepOptions {
  readonly seed: number;
  readonly episodes: number;
  readonly commands: number;
  readonly profileOf?: (random: RandomStream) => Profile;
  /** 1: the hash of the whole state after every command. */
  readonly hashEvery?: number;
  /** The auditor compares all of the book behind each so many commands. */
  readonly auditEvery?: number;
  /** Without it, no code is expected of a command: that takes a look at all levels. */
  readonly expectCodes?: boolean;
  /** The file that replays a failure. */
  readonly file: string;
}

export interface SweepResult {
  readonly commands: number;
  readonly reports: number;
  readonly hashes: number;
  readonly ordersMost: number;
  /** Pairs of codes that held at once, and how often. */
  readonly pairs: Map<string, number>;
  readonly coverage: Coverage;
}

/** Which episodes: all, or the one that a failure named. */
function episodesOf({ episodes }: SweepOptions): number[] {
  const one = process.env['TRUETAPE_EPISODE'];
  return one === undefined ? Array.from({ length: episodes }, (_, k) => k) : [Number(one)];
}

/** Runs episodes over two implementations. Throws with the command that replays the failing episode. */
export function sweep(createOne: CreateBook, createOther: CreateBook, options: SweepOptions): SweepResult {
  const result = { commands: 0, reports: 0, hashes: 0, ordersMost: 0, pairs: new Map<string, number>() };
  const coverage = createCoverage();
  for (const episode of episodesOf(options)) {
    const { profile, next } = episodeOf(options.seed, episode, options.profileOf ?? smallProfile);
    const commands: Command[] = [];
    coverage.used.clear();
    const pair = createPair(createOne(profile.config), createOther(profile.config), options, episode);
    try {
      for (let k = 0; k < options.commands; k++) {
        const command = next();
        commands.push(command);
        const codes = options.expectCodes === false ? undefined : codesOf(pair.one, command);
        const reports = stepPair(pair, command, k);
        if (codes !== undefined) {
          notePairs(result.pairs, codes);
          checkCode(command, codes, reports[0]);
        }
        cover(coverage, command, reports);
        result.reports += reports.length;
        if (pair.one.orderCount() > result.ordersMost) result.ordersMost = pair.one.orderCount();
      }
      pair.one.check();
      pair.other.check();
      result.commands += commands.length;
      result.hashes += pair.hashes;
    } catch (cause) {
      throw new Error(describeFailure(options, episode, commands), { cause });
    }
  }
  return { ...result, coverage };
}

interface Pair {
  readonly one: RestorableBook;
  readonly other: RestorableBook;
  readonly audit: Audit;
  readonly audited: RestorableBook;
  readonly reports: readonly [ReportBuffer, ReportBuffer];
  readonly buffer: CommandBuffer;
  readonly hashEvery: number;
  hashes: number;
}

function createPair(
  one: RestorableBook,
  other: RestorableBook,
  options: SweepOptions,
  episode: number,
): Pair {
  const { auditEvery = 100, hashEvery = 1 } = options;
  const config = { instrument: one.instrument, ordersMax: one.ordersMax, checkEvery: auditEvery };
  return {
    one,
    other,
    audit: createAudit(config),
    audited: episode % 2 === 0 ? one : other,
    reports: [createReports(4), createReports(64)],
    buffer: createCommands(1),
    hashEvery,
    hashes: 0,
  };
}

/** One command to both books; their reports. */
function stepPair(pair: Pair, command: Command, k: number): Report[] {
  const { one, other, audit, audited, buffer, reports } = pair;
  const [ones, others] = reports;
  ones.count = 0;
  others.count = 0;
  encodeCommand(buffer, 0, command);
  one.apply(buffer, 0, ones);
  other.apply(buffer, 0, others);
  compareReports(ones, others);
  auditCommand(audit, audited, buffer, 0, ones, 0);
  if ((k + 1) % pair.hashEvery === 0) {
    pair.hashes++;
    const hash = hashBook(one, sha256);
    const otherHash = hashBook(other, sha256);
    if (hash !== otherHash) throw new Error(`state ${hash} against ${otherHash}`);
  }
  return Array.from({ length: ones.count }, (_, at) => decodeReport(ones, at));
}

function compareReports(ones: ReportBuffer, others: ReportBuffer): void {
  const words = ones.count * REPORT_CELLS * 2;
  let isSame = ones.count === others.count;
  for (let word = 0; isSame && word < words; word++) isSame = ones.u32[word] === others.u32[word];
  if (isSame) return;
  const show = (reports: ReportBuffer): string =>
    Array.from({ length: reports.count }, (_, at) => JSON.stringify(decodeReport(reports, at))).join('\n  ');
  throw new Error(`reports differ\none:\n  ${show(ones)}\nother:\n  ${show(others)}`);
}

/** The first code that the rules let expect, and no other. */
function checkCode(command: Command, codes: readonly string[], { kind, reason }: Report): void {
  const found = kind === 'rejected' ? reason : undefined;
  if (found !== codes[0])
    throw new Error(`${command.op}: ${found ?? 'no code'} where ${codes.join(', ') || 'no code'} held`);
}

function notePairs(pairs: Map<string, number>, codes: readonly string[]): void {
  for (let a = 0; a < codes.length; a++)
    for (let b = a + 1; b < codes.length; b++) {
      const name = `${codes[a]} ${codes[b]}`;
      pairs.set(name, (pairs.get(name) ?? 0) + 1);
    }
}

function describeFailure(options: SweepOptions, episode: number, commands: readonly Command[]): string {
  const { seed, file } = options;
  const project = file.endsWith('.proof.ts') ? 'proofs' : 'unit';
  return [
    `command ${commands.length} of episode ${episode}, ${JSON.stringify(commands.at(-1))}. Again with`,
    `TRUETAPE_SEED=${seed} TRUETAPE_EPISODE=${episode} node tools/go.mjs vitest run --project ${project} ${file}`,
  ].join('\n');
}
