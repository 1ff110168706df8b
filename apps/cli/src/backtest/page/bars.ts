/** Charts that are tables: a name, a bar, a number. They read aloud as they look. */
import { escapeHtml, tableHtml } from '../../sim/page-html.ts';
import { percent } from './scale.ts';

export interface BarRow {
  readonly name: string;
  /** What the name means. */
  readonly note?: string;
  /** As long as the bar is; below zero it goes to the left. */
  readonly value: number;
  /** What stands behind the bar. */
  readonly cells: readonly string[];
  /** Colour and pattern. */
  readonly className?: string;
  /** A sum of the rows above. */
  readonly isTotal?: boolean;
}

/** Bars from a line in the middle where any goes to the left, else from the left. */
export function barTable(name: string, titles: readonly string[], rows: readonly BarRow[]): string {
  const most = rows.reduce((sum, { value }) => Math.max(sum, Math.abs(value)), 0);
  const isTwoSided = rows.some(({ value }) => value < 0);
  const bar = ({ value, className = '' }: BarRow): string => {
    const length = most === 0 ? 0 : Math.abs(value) / most;
    const width = isTwoSided ? length / 2 : length;
    const left = isTwoSided ? 0.5 - (value < 0 ? width : 0) : 0;
    const sign = isTwoSided ? (value < 0 ? ' below' : ' above') : '';
    const box = `<i class="${className}${sign}" style="left:${percent(left)};width:${percent(width)}"></i>`;
    return `<td class="bar${isTwoSided ? ' two' : ''}" aria-hidden="true"><span>${box}</span></td>`;
  };
  const lines = rows.map((row) => {
    const note = row.note === undefined ? '' : ` <small>${escapeHtml(row.note)}</small>`;
    const cells = row.cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('');
    const total = row.isTotal === true ? ' class="total"' : '';
    return `<tr${total}><th scope="row">${escapeHtml(row.name)}${note}</th>${bar(row)}${cells}</tr>`;
  });
  return tableHtml(name, [titles[0], '', ...titles.slice(1)].map(escapeHtml), lines);
}
