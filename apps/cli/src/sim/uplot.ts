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

/** Where its files are: beside the bundle of an installation, else in the dependency's own folder. */
function findFolders(): { readonly files: string; readonly license: string } {
  const beside = fileURLToPath(new URL('./uplot', import.meta.url));
  if (existsSync(beside)) return { files: beside, license: beside };
  try {
    const files = dirname(fileURLToPath(import.meta.resolve('uplot')));
    return { files, license: dirname(files) };
  } catch {
    throw new CliFailure(EXIT.failure, 'expected the files of uPlot, found none', 'install truetape again');
  }
}

/** Throws a failure when the files are not there. */
export function readChartLibrary(): ChartLibrary {
  const { files, license } = findFolders();
  const text = (folder: string, name: string): string => readFileSync(join(folder, name), 'utf8').trim();
  return {
    script: text(files, 'uPlot.iife.min.js'),
    style: text(files, 'uPlot.min.css'),
    license: text(license, 'LICENSE'),
  };
}
