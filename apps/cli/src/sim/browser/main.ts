/** The script of a simulation's page. */
import { listenToButtons, listenToFingers, listenToKeys } from './inputs.ts';
import { isInBurst, regimeAt } from './marks.ts';
import { CLOCK_SECONDS, timePlaces, timeText } from './numbers.ts';
import type { PageData } from './page-data.ts';
import { createCharts } from './stage.ts';
import type { View } from './view.ts';

const byId = (id: string): HTMLElement => document.getElementById(id)!;
const data = JSON.parse(byId('data').textContent) as PageData;
document.documentElement.classList.add('live');

const now = byId('now');
const pane = byId('pane');
const all = document.querySelector<HTMLButtonElement>('[data-do=all]')!;

function tell(seconds: number | undefined, { from, to }: View): void {
  const places = Math.min(6, timePlaces((to - from) / 1000));
  const text = (time: number): string => timeText(time, places, data.endNs >= CLOCK_SECONDS * 1e9);
  if (seconds === undefined) {
    now.textContent = `${text(from)} – ${text(to)}`;
    return;
  }
  const regime = data.regimes[regimeAt(data, seconds)];
  now.textContent = `${text(seconds)} · ${regime}${isInBurst(data, seconds) ? ' · spike' : ''}`;
}

/** The part of the strip that the charts show. */
function frame({ from, to }: View, isAll: boolean): void {
  const [start, length] = [data.startNs / 1e9, (data.endNs - data.startNs) / 1e9];
  pane.style.left = `${((from - start) / length) * 100}%`;
  pane.style.width = `${((to - from) / length) * 100}%`;
  pane.hidden = isAll;
  all.disabled = isAll;
  tell(undefined, { from, to });
}

const place = byId('charts');
const places = { symbol: byId('symbol-charts'), run: byId('run-charts') };
const charts = createCharts(data, places, { onView: frame, onCursor: tell });
listenToButtons(charts, byId('bar'));
listenToKeys(charts, byId('stage'));
listenToFingers(charts, place);
frame(charts.view(), true);

const chosen = document.getElementById('chosen');
chosen?.addEventListener('change', () => charts.setSymbol((chosen as HTMLSelectElement).selectedIndex));
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => charts.rebuild());
let width = place.clientWidth;
new ResizeObserver(() => {
  if (place.clientWidth === width) return;
  width = place.clientWidth;
  charts.resize();
}).observe(place);
