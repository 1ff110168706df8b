/** Opens what a command is given: one tape, or several that are merged into one first. */
import { createScratch, nodePorts, openInput } from '@truetape/host';
import type { OpenInput } from '@truetape/host';
import {
  createBinaryWriter,
  createDecoder,
  createReader,
  endTape,
  mergeTapes,
  mergedHeader,
  openIndexed,
  openedTape,
} from '@truetape/tape';
import type { MergeInput, TapeReader } from '@truetape/tape';
import { usageFailure } from './failure.ts';
import { mergeFailure, tapeFailure, tornFailure, tornText } from './wording.ts';

export interface OpenTapesOptions {
  readonly allowTorn: boolean;
  /** The input must be readable more than once: standard input is copied to the disk first. */
  readonly again?: boolean;
  /** Looks at tapes that can be read again, before they are merged; may throw. */
  readonly onInputs?: (inputs: readonly OpenInput[]) => void;
  /** Takes what is said of each input of a merge whose end is torn. */
  readonly onTorn?: (text: string) => void;
}

/** Copies an input, decompressed, so that it can be read again and at any place. */
function spool(input: OpenInput): OpenInput {
  const scratch = createScratch();
  for (let bytes = input.source.read(); bytes !== undefined; bytes = input.source.read()) {
    scratch.write(bytes);
  }
  input.close();
  return scratch.open(input.path);
}

/** Opens the tape that the paths name together. Throws a failure for what cannot be opened or merged. */
export function openTapes(paths: readonly string[], options: OpenTapesOptions): OpenInput {
  if (paths.filter((path) => path === '-').length > 1) {
    throw usageFailure('- stands for standard input, which can be read once only', 'name it once');
  }
  if (paths.length > 1) return mergeInputs(paths, options);
  const input = openInput(paths[0]);
  return options.again === true && input.reopen === undefined ? spool(input) : input;
}

/** What the header of a merge says of an input: from its seal, or by reading all of it. */
function mergeInput(input: OpenInput, { allowTorn, onTorn }: OpenTapesOptions): MergeInput {
  const indexed = input.access === undefined ? undefined : openIndexed(input.access, nodePorts);
  if (indexed !== undefined && 'footer' in indexed) {
    const { hash, count } = indexed.footer;
    return { header: indexed.file.header, hash, count };
  }
  const reader = createReader(createDecoder({ ports: nodePorts, hash: true }), input.source);
  while (reader.next() !== undefined);
  if (reader.error !== undefined) throw tapeFailure(input.path, reader.error);
  const { torn, hash, count } = reader.end!;
  if (torn !== undefined && !allowTorn) throw tornFailure(input.path, torn);
  if (torn !== undefined) onTorn?.(`${input.path} ${tornText(torn)}`);
  return { header: openedTape(reader).header, hash: hash!, count: count! };
}

/** Merges inputs into a scratch tape, sealed, and opens that. */
function mergeInputs(paths: readonly string[], options: OpenTapesOptions): OpenInput {
  const described = paths.map((path) => {
    const opened = openInput(path);
    const input = opened.reopen === undefined ? spool(opened) : opened;
    return { input, about: mergeInput(input, options) };
  });
  options.onInputs?.(described.map(({ input }) => input));
  const readers = described.map(({ input }): TapeReader =>
    createReader(createDecoder({ ports: nodePorts, hash: true }), input.reopen!().source),
  );
  const scratch = createScratch();
  const header = mergedHeader(described.map(({ about }) => about));
  const writer = createBinaryWriter({ header, ports: nodePorts }, scratch);
  const headers = described.map(({ about }) => about.header);
  const wrong = mergeTapes(readers, headers, writer);
  if (wrong !== undefined) throw mergeFailure(paths, wrong);
  endTape(writer);
  for (const { input } of described) input.close();
  return scratch.open(`the merge of ${paths.join(', ')}`);
}
