/** Which kinds occur in a tape: a table's columns must be known before its first row. */
import { LAYOUTS, recordKind, recordWords } from '@truetape/contracts';
import { nodePorts } from '@truetape/host';
import type { OpenInput } from '@truetape/host';
import { createDecoder, createReader, openIndexed, walkFrames } from '@truetape/tape';
import type { FilterArguments } from './filter-options.ts';
import { tapeFailure } from './wording.ts';

/**
 * Kinds that a selection may hold, by code: those that it names, else those that occur. The frames of a
 * sealed tape say which; any other is read once for it.
 */
export function kindsOf(input: OpenInput, filter: FilterArguments): readonly number[] {
  if (filter.kind !== undefined) return filter.kind;
  const indexed = input.access === undefined ? undefined : openIndexed(input.access, nodePorts);
  if (indexed !== undefined && 'footer' in indexed) {
    return walkFrames(indexed.access, nodePorts, indexed.file.bytes).kinds;
  }
  const occurs = new Set<number>();
  const again = input.reopen!();
  const reader = createReader(createDecoder({ ports: nodePorts }), again.source);
  for (let batch = reader.next(); batch !== undefined; batch = reader.next()) {
    const { records, to } = batch;
    for (let i = batch.from; i < to; i += recordWords(records, i) * 2) occurs.add(recordKind(records, i));
  }
  again.close();
  if (reader.error !== undefined && reader.decoder.header === undefined) {
    throw tapeFailure(input.path, reader.error);
  }
  return LAYOUTS.map(({ code }) => code).filter((code) => occurs.has(code));
}
