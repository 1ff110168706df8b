/** The part of the run that the charts show, in seconds. */
export interface View {
  readonly from: number;
  readonly to: number;
}

export interface Extent extends View {
  /** No view is shorter. */
  readonly shortest: number;
}

const lengthOf = ({ from, to }: View): number => to - from;

/** The view nearest to what was asked for. */
export function fit(view: View, extent: Extent): View {
  const length = Math.min(lengthOf(extent), Math.max(extent.shortest, lengthOf(view)));
  const middle = (view.from + view.to) / 2;
  const from = Math.min(extent.to - length, Math.max(extent.from, middle - length / 2));
  return { from, to: from + length };
}

/** Shorter by a factor, or longer; the time `around` stays where it is on the screen. */
export function zoom(view: View, extent: Extent, factor: number, around: number): View {
  const length = Math.min(lengthOf(extent), Math.max(extent.shortest, lengthOf(view) * factor));
  const share = (around - view.from) / lengthOf(view);
  const from = around - share * length;
  return fit({ from, to: from + length }, extent);
}

/** Moved by a part of its length. */
export function pan(view: View, extent: Extent, parts: number): View {
  const by = lengthOf(view) * parts;
  return fit({ from: view.from + by, to: view.to + by }, extent);
}

export function isWhole(view: View, extent: Extent): boolean {
  return view.from <= extent.from && view.to >= extent.to;
}
