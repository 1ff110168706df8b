/** `truetape tape diff`. */
import { Command } from 'commander';
import type { JsonObject } from '@truetape/contracts';
import { nodePorts } from '@truetape/host';
import type { OpenInput } from '@truetape/host';
import {
  createDecoder,
  createReader,
  diffHeaders,
  diffTapes,
  firstDifferentPage,
  openIndexed,
  seekSeq,
} from '@truetape/tape';
import type { HeaderDifference, IndexedTape, TapeDiff, TapeReader } from '@truetape/tape';
import type { Cli, GlobalOptions } from '../../cli.ts';
import { voiceOf } from '../../cli.ts';
import { examples } from '../../examples.ts';
import { EXIT, usageFailure } from '../../failure.ts';
import { integerFrom } from '../../number-argument.ts';
import { openTapes } from '../../open-tapes.ts';
import { addAllowTorn, addJson } from '../../options.ts';
import { readFrom } from '../../read-from.ts';
import { printOut, styler, wantsColor } from '../../terminal.ts';
import type { ColorChoice } from '../../terminal.ts';
import { tapeFailure, tornFailure } from '../../wording.ts';

interface DiffOptions extends GlobalOptions {
  readonly context?: number;
  readonly json?: boolean;
  readonly allowTorn?: boolean;
  readonly trustSeals?: boolean;
}

export function createCommand(cli: Cli): Command {
  const command = new Command('diff')
    .description(
      'Find the first event in which two tapes differ. Exits 0 when all events are equal (headers may differ: ' +
        'that is said apart), 3 when not; a tape that is the beginning of the other differs.',
    )
    .argument('<a>', 'a tape (- for stdin)')
    .argument('<b>', 'another')
    .option('--context <n>', 'events to show before the difference', integerFrom(0, '--context'))
    .option('--trust-seals', 'take tapes whose seals are equal for equal, without reading them');
  return addAllowTorn(addJson(command))
    .addHelpText(
      'after',
      examples(
        'truetape tape diff a.rpl b.rpl',
        'truetape tape diff expected.txt.rpl run.rpl --context 10 --json',
      ),
    )
    .action(async (a: string, b: string, _: unknown, self: Command) => {
      const options = self.optsWithGlobals<DiffOptions>();
      const { values } = await cli.settings();
      const { color } = await voiceOf(cli, options);
      const context = options.context ?? values.context;
      if (a === '-' && b === '-') {
        throw usageFailure('- stands for standard input, which can be read once only', 'name it once');
      }
      const result = compare([a, b], { ...options, context });
      if (options.json === true) printOut(`${JSON.stringify(diffJson(result))}\n`);
      else printOut(`${diffLines(a, b, result, color).join('\n')}\n`);
      cli.exitCode = result.difference === undefined ? EXIT.ok : EXIT.mismatch;
    });
}

interface Comparison {
  readonly difference: TapeDiff['difference'];
  readonly headers: readonly HeaderDifference[];
  /** Events that are equal in both. */
  readonly equalEvents: number | undefined;
}

/** Opens both ends of sealed tapes, where both have them. */
function indexedPair(a: OpenInput, b: OpenInput): readonly [IndexedTape, IndexedTape] | undefined {
  if (a.access === undefined || b.access === undefined) return undefined;
  const left = openIndexed(a.access, nodePorts);
  const right = openIndexed(b.access, nodePorts);
  return 'footer' in left && 'footer' in right ? [left, right] : undefined;
}

/** Readers that stand a little before the first different page, at the same seq. */
function seekBoth(
  pair: readonly [IndexedTape, IndexedTape],
  names: readonly [string, string],
  seq: number,
): readonly [TapeReader, TapeReader] {
  const [a, b] = pair.map((tape, k) => {
    const reader = seekSeq(tape, seq, { ports: nodePorts });
    if ('code' in reader) throw tapeFailure(names[k], reader);
    return readFrom(reader, seq);
  });
  return [a, b];
}

interface CompareOptions {
  readonly context: number;
  readonly allowTorn?: boolean;
  readonly trustSeals?: boolean;
}

function compare(names: readonly [string, string], options: CompareOptions): Comparison {
  const { context, allowTorn = false } = options;
  const [a, b] = names.map((name) => openTapes([name], { allowTorn }));
  const pair = indexedPair(a, b);
  const early = pair === undefined ? undefined : compareIndexed(names, pair, options);
  if (early !== undefined) return early;
  const readers = [a, b].map((input) =>
    createReader(createDecoder({ ports: nodePorts, hash: true }), input.source),
  ) as [TapeReader, TapeReader];
  const { difference, headers, compared } = checked(
    names,
    readers,
    diffTapes(...readers, context),
    allowTorn,
  );
  return { difference, headers, equalEvents: compared };
}

/**
 * Goes straight to the first page that differs. Undefined when the pages are equal and what they vouch for must be
 * read to know that it is there, or when pages differ and their events do not.
 */
function compareIndexed(
  names: readonly [string, string],
  pair: readonly [IndexedTape, IndexedTape],
  { context, trustSeals }: CompareOptions,
): Comparison | undefined {
  const [left, right] = pair;
  const headers = diffHeaders(left.file.json, right.file.json);
  const seq = firstDifferentPage(left.index.pages, right.index.pages);
  if (seq === undefined) {
    const equalEvents = left.footer.count;
    return trustSeals === true ? { difference: undefined, headers, equalEvents } : undefined;
  }
  // A page may begin at its first difference: the context stands before it.
  const [x, y] = seekBoth(pair, names, Math.max(0, seq - context));
  const { difference } = checked(names, [x, y], diffTapes(x, y, context), false);
  return difference === undefined ? undefined : { difference, headers, equalEvents: undefined };
}

/** Throws where a tape could not be read, or ends torn before a difference was found. */
function checked(
  names: readonly [string, string],
  readers: readonly [TapeReader, TapeReader],
  diff: TapeDiff,
  allowTorn: boolean,
): TapeDiff {
  const { error, difference } = diff;
  if (error !== undefined) throw tapeFailure(names[error.tape === 'a' ? 0 : 1], error.error);
  for (const [k, { end }] of readers.entries()) {
    // A difference that is only a missing end is none when that end was torn off.
    const isEnd = difference === undefined || (k === 0 ? difference.a : difference.b) === null;
    if (end?.torn !== undefined && isEnd && !allowTorn) throw tornFailure(names[k], end.torn);
  }
  return diff;
}

function diffJson({ difference, headers, equalEvents }: Comparison): JsonObject {
  return {
    equal: difference === undefined,
    ...(equalEvents === undefined ? {} : { equalEvents }),
    ...(difference === undefined
      ? {}
      : { seq: difference.seq, a: difference.a, b: difference.b, context: [...difference.context] }),
    headers: headers.map(({ field, a, b }) => ({ field, a, b })),
  };
}

function headerLines(a: string, b: string, headers: readonly HeaderDifference[]): string[] {
  return headers.flatMap(({ field, a: left, b: right }) => [
    `headers differ in ${field}:`,
    `  ${a}: ${left ?? 'absent'}`,
    `  ${b}: ${right ?? 'absent'}`,
  ]);
}

function diffLines(a: string, b: string, result: Comparison, color: ColorChoice): string[] {
  const { difference, headers, equalEvents } = result;
  if (difference === undefined) {
    return [`equal: ${String(equalEvents)} events`, ...headerLines(a, b, headers)];
  }
  const style = styler(wantsColor('stdout', color));
  const { seq, context } = difference;
  const missing = (name: string): string => `(${name} has no event ${seq})`;
  return [
    `${a} and ${b} differ at seq ${seq}`,
    ...context.map((line) => `  ${line}`),
    style('red', `- ${difference.a ?? missing(a)}`),
    style('green', `+ ${difference.b ?? missing(b)}`),
    ...headerLines(a, b, headers),
  ];
}
