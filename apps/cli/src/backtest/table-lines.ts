/** Tables for people. */

/** Columns under their titles, numbers to the right. */
export function tableLines(titles: readonly string[], cells: readonly (readonly string[])[]): string[] {
  const widths = titles.map((title, k) => Math.max(title.length, ...cells.map((row) => row[k].length)));
  const put = (row: readonly string[]): string =>
    row
      .map((cell, k) => (k === 0 ? cell.padEnd(widths[k]) : cell.padStart(widths[k])))
      .join('  ')
      .trimEnd();
  return [put(titles), ...cells.map(put)];
}
