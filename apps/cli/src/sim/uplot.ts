/** The chart library as text, to stand inside a page. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CliFailure, EXIT } from '../failure.ts';

export interface ChartLibrary {
  readonly script: string;
  readonly style: string;
  readonly license: string;
}

const FILES = { script: 'uPlot.iife.min.js', style: 'uPlot.min.css' };

/** Beside the bundle of an installation; else where the dependency is. */
function findFolder(): string | undefined {
  const beside = fileURLToPath(new URL('./uplot', import.meta.url));
  if (existsSync(beside)) return beside;
  try {
    return dirname(dirname(fileURLToPath(import.meta.resolve('uplot'))));
  } catch {
    return undefined;
  }
}

/** Throws a failure when the files are not there. */
export function readChartLibrary(): ChartLibrary {
  const folder = findFolder();
  if (folder === undefined)
    throw new CliFailure(EXIT.failure, 'expected the files of uPlot, found none', 'install truetape again');
  const text = (...path: string[]): string => readFileSync(join(folder, ...path), 'utf8').trim();
  return {
    script: text('dist', FILES.script),
    style: text('dist', FILES.style),
    license: text('LICENSE'),
  };
}
