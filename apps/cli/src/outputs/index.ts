/** Makes the output of a form; what only one form needs is loaded with it. */
import { isTapeFormat } from './event-output.ts';
import type { EventOutput, Format, OutputSetup } from './event-output.ts';
import { keepHeapSmall } from './small-heap.ts';

export { isTapeFormat } from './event-output.ts';
export type { EventOutput, Format, OutputSetup } from './event-output.ts';

export type OutputMaker = (setup: OutputSetup) => EventOutput;

/** Loads what a form needs. */
export async function loadOutput(format: Format): Promise<OutputMaker> {
  if (!isTapeFormat(format)) keepHeapSmall();
  switch (format) {
    case 'rpl':
    case 'text': {
      const { createTapeOutput } = await import('./tape-output.ts');
      return (setup) => createTapeOutput(setup, format);
    }
    case 'parquet':
      return (await import('./parquet-output.ts')).createParquetOutput;
    case 'jsonl':
      return (await import('./line-outputs.ts')).createJsonLinesOutput;
    case 'csv':
      return (await import('./line-outputs.ts')).createCsvOutput;
    case 'pretty':
      return (await import('./line-outputs.ts')).createPrettyOutput;
  }
}
