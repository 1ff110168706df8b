/** Keys, buttons and fingers; the mouse is uPlot's. */
import type { Charts } from './stage.ts';
import { pan, zoom } from './view.ts';

const FACTOR = 0.5;

/** Where a finger was last: on a touch screen the cursor is gone when a button is touched. */
let touched: number | undefined;

function zoomBy(charts: Charts, factor: number): void {
  const { from, to } = charts.view();
  const isSeen = touched !== undefined && touched >= from && touched <= to;
  const at = charts.cursor() ?? (isSeen ? touched : undefined);
  charts.setView(zoom({ from, to }, charts.extent, factor, at ?? (from + to) / 2));
  if (at !== undefined) charts.setCursor(at);
}

function panBy(charts: Charts, parts: number): void {
  charts.setView(pan(charts.view(), charts.extent, parts));
}

/** Moves the cursor by a part of the view; at its edge the view goes along. */
function moveCursor(charts: Charts, parts: number): void {
  const { from, to } = charts.view();
  const length = to - from;
  const at = (charts.cursor() ?? (from + to) / 2) + length * parts;
  if (at < from || at > to) panBy(charts, at < from ? -0.25 : 0.25);
  const view = charts.view();
  charts.setCursor(Math.min(view.to, Math.max(view.from, at)));
}

function actions(charts: Charts): Readonly<Record<string, () => void>> {
  return {
    in: () => zoomBy(charts, FACTOR),
    out: () => zoomBy(charts, 1 / FACTOR),
    left: () => panBy(charts, -0.25),
    right: () => panBy(charts, 0.25),
    all: () => charts.setView(charts.extent),
  };
}

/** Buttons with a `data-do`. */
export function listenToButtons(charts: Charts, place: HTMLElement): void {
  const known = actions(charts);
  place.addEventListener('click', (event) => {
    const button = (event.target as Element).closest<HTMLElement>('[data-do]');
    if (button !== null) known[button.dataset['do'] ?? '']?.();
  });
}

/** Keys while the charts, or a button near them, have the focus. */
export function listenToKeys(charts: Charts, place: HTMLElement): void {
  const known = actions(charts);
  const keys: Readonly<Record<string, (isFast: boolean) => void>> = {
    ArrowLeft: (isFast) => moveCursor(charts, isFast ? -0.1 : -0.01),
    ArrowRight: (isFast) => moveCursor(charts, isFast ? 0.1 : 0.01),
    '+': () => known['in'](),
    '=': () => known['in'](),
    '-': () => known['out'](),
    '0': () => known['all'](),
    Escape: () => {
      charts.setCursor(undefined);
      known['all']();
    },
  };
  place.addEventListener('keydown', (event) => {
    if (event.target instanceof HTMLSelectElement) return;
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const key = Object.hasOwn(keys, event.key) ? keys[event.key] : undefined;
    if (key === undefined) return;
    key(event.shiftKey);
    event.preventDefault();
  });
}

/** One finger moves the cursor, two zoom; up and down still scrolls the page. */
export function listenToFingers(charts: Charts, place: HTMLElement): void {
  const fingers = new Map<number, number>();
  let apart = 0;
  const timeAt = (event: PointerEvent): number | undefined => {
    const over = (event.target as Element).closest('.u-over');
    if (over === null) return undefined;
    const { left, width } = over.getBoundingClientRect();
    const { from, to } = charts.view();
    const share = Math.min(1, Math.max(0, (event.clientX - left) / width));
    return from + (to - from) * share;
  };
  const spread = (): number => {
    const [a, b] = [...fingers.values()];
    return Math.max(20, Math.abs(a - b));
  };
  const move = (event: PointerEvent): void => {
    if (event.pointerType === 'mouse' || !fingers.has(event.pointerId)) return;
    fingers.set(event.pointerId, event.clientX);
    const at = timeAt(event);
    if (at === undefined) return;
    touched = at;
    if (fingers.size === 1) charts.setCursor(at);
    if (fingers.size !== 2) return;
    const now = spread();
    charts.setView(zoom(charts.view(), charts.extent, apart / now, charts.cursor() ?? at));
    apart = now;
  };
  place.addEventListener('pointerdown', (event) => {
    if (event.pointerType === 'mouse' || timeAt(event) === undefined) return;
    fingers.set(event.pointerId, event.clientX);
    if (fingers.size === 2) apart = spread();
    move(event);
  });
  place.addEventListener('pointermove', move);
  const leave = (event: PointerEvent): void => void fingers.delete(event.pointerId);
  for (const name of ['pointerup', 'pointercancel'] as const) place.addEventListener(name, leave);
}
