/** The strip of regimes over the whole run, and what its colours are. */
import { escapeHtml } from './page-html.ts';
import type { Series } from './series.ts';

/** The strip's width in units of its own. */
const WIDTH = 10_000;

/** One path for all marks of a colour. */
function path(
  className: string,
  marks: readonly (readonly [from: number, to: number])[],
  height: number,
): string {
  if (marks.length === 0) return '';
  const boxes = marks.map(([from, to]) => {
    const width = Math.max(8, to - from);
    return `M${from} 0h${width}v${height}h-${width}z`;
  });
  return `<path class="${className}" d="${boxes.join('')}"/>`;
}

export function regimeStrip({ marks, startNs, endNs }: Series, slots: readonly number[]): string {
  const { changes, bursts } = marks;
  const length = Math.max(1, endNs - startNs);
  const place = (timeNs: number): number =>
    Math.min(WIDTH, Math.max(0, Math.round(((timeNs - startNs) / length) * WIDTH)));
  const bands = changes.map(({ timeNs, regime }, k) => ({
    slot: slots[regime],
    mark: [place(timeNs), place(k + 1 < changes.length ? changes[k + 1].timeNs : endNs)] as const,
  }));
  const used = [...new Set(bands.map(({ slot }) => slot))].filter((slot) => slot > 0).sort((a, b) => a - b);
  const paths = used.map((slot) =>
    path(
      `chip-${slot}`,
      bands.flatMap((band) => (band.slot === slot ? [band.mark] : [])),
      16,
    ),
  );
  const light = bursts.map(({ fromNs, toNs }) => [place(fromNs), place(toNs < 0 ? endNs : toNs)] as const);
  return (
    `<svg viewBox="0 0 ${WIDTH} 16" preserveAspectRatio="none" role="img" aria-label="regimes over time">` +
    `${paths.join('')}${path('chip-burst', light, 5)}</svg>`
  );
}

/** Which colour is which regime; regimes that were never in force are left out. */
export function regimeLegend(
  { marks: { changes, bursts } }: Series,
  regimes: readonly string[],
  slots: readonly number[],
): string {
  const seen = [...new Set(changes.map(({ regime }) => regime))];
  const keys = seen.map(
    (regime) => `<li><i style="--c:var(--chip-${slots[regime]})"></i>${escapeHtml(regimes[regime])}</li>`,
  );
  if (bursts.length > 0) keys.push(`<li><i class="burst"></i>spike <small>${bursts.length}</small></li>`);
  return `<ul class="legend">${keys.join('')}</ul>`;
}
