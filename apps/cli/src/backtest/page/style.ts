/** What the page of a backtest has besides the style of a simulation's: charts that need no script. */

/** Shapes of fills, and of lines in legends: who sees no colours tells them by their form. */
export const SYMBOLS: string = [
  '<svg width="0" height="0" class="shapes" aria-hidden="true"><defs>',
  ...(['buy', 'sell'] as const).flatMap((side) => {
    const shape = side === 'buy' ? 'M0 -6L5 3H-5z' : 'M0 6L5 -3H-5z';
    return ['maker', 'taker'].flatMap((kind) => [
      `<path id="mark-${side}-${kind}" d="${shape}"/>`,
      `<g id="key-${side}-${kind}"><path transform="translate(11 6)" d="${shape}"/></g>`,
    ]);
  }),
  ...['net', 'gross', 'fees', 'funding'].map((name) => `<path id="key-${name}" d="M0 6H22"/>`),
  ...['loss', 'held', 'reach'].map((name) => `<path id="key-${name}" d="M0 2H22V10H0z"/>`),
  '</defs></svg>',
].join('');

export const BACKTEST_STYLE = `
:root { --gain: #13795b; --lose: #b3261e; --gross: #1667c9; --paid: #c8500c; --funding: #8a35b5; }
@media (prefers-color-scheme: dark) {
  :root { --gain: #4ecb9c; --lose: #ff8a80; --gross: #63a8ff; --paid: #ff9650; --funding: #d08cf5; }
}
.shapes { position: absolute; }
.backtest header { margin-bottom: 14px; }
.backtest .charts { margin-top: 0; }
.backtest dl div { flex: 1 1 auto; min-width: 96px; }
.backtest dd { white-space: nowrap; }
.backtest figcaption .legend { margin: 0; font-size: 12px; color: var(--muted); line-height: 24px; }
.legend svg { width: 22px; height: 12px; margin-right: 5px; vertical-align: -1px; }
.legend b { color: var(--text); font-variant-numeric: tabular-nums; }
.pane { display: grid; grid-template-columns: calc(var(--y) + 14px) minmax(0, 1fr); padding: 8px 14px 4px 0;
  font-size: 11px; color: var(--muted); font-variant-numeric: tabular-nums; }
.pane .y, .pane .x { position: relative; }
.pane .y span { position: absolute; right: 8px; transform: translateY(-50%); }
.pane .x { grid-column: 2; height: 20px; }
.pane .x span { position: absolute; top: 3px; transform: translateX(-50%); white-space: nowrap; }
.pane .x .end { transform: translateX(-100%); } .pane .x .start { transform: none; }
.area { display: block; width: 100%; height: 150px; overflow: visible; border-left: 1px solid var(--edge);
  border-bottom: 1px solid var(--edge); }
figure.wide { grid-column: 1 / -1; }
.tall .area { height: 260px; }
.area path { fill: none; stroke-width: 1.5; stroke-linejoin: round; vector-effect: non-scaling-stroke; }
.area .grid { stroke: var(--grid); stroke-width: 1; } .area .zero { stroke: var(--muted); stroke-width: 1; }
.area .band { fill: var(--mean-fill); }
.area .net, .legend .net { stroke: var(--text); stroke-width: 2; }
.area .gross, .legend .gross { stroke: var(--gross); stroke-dasharray: 8 3; }
.area .fees, .legend .fees { stroke: var(--paid); stroke-dasharray: 2 3; }
.area .funding, .legend .funding { stroke: var(--funding); stroke-dasharray: 8 3 2 3; }
.legend .net, .legend .gross, .legend .fees, .legend .funding { stroke-width: 2; }
.area .loss, .legend .loss { fill: color-mix(in srgb, var(--lose) 35%, transparent); stroke: var(--lose);
  stroke-width: 1; }
.area .held, .legend .held { fill: var(--mean-fill); stroke: var(--mean); stroke-width: 1; }
.area .reach, .legend .reach { fill: none; stroke: var(--peak); stroke-width: 1; stroke-dasharray: 2 2; }
.area .between { fill: var(--between); }
.area .middle { stroke: var(--last); stroke-width: 1; }
.buy-maker, .sell-maker { fill: var(--card); stroke-width: 1.5; }
.buy-maker, .buy-taker { stroke: var(--bid); } .sell-maker, .sell-taker { stroke: var(--ask); }
.buy-taker { fill: var(--bid); } .sell-taker { fill: var(--ask); }
.area use path, .legend use path { fill: inherit; }
.exposure, .by { margin-top: 12px; }
.shares { display: flex; height: 18px; border-radius: 4px; overflow: hidden; background: var(--edge); }
.shares span, .exposure .legend i { background: var(--chip-0); }
.shares .long, .exposure i.long { background: var(--bid); }
.shares .short, .exposure i.short { background: repeating-linear-gradient(45deg, var(--ask) 0 4px,
  color-mix(in srgb, var(--ask) 55%, transparent) 4px 8px); }
.card + .card { margin-top: 12px; }
.none { color: var(--muted); }
.notice { padding: 10px 14px; margin: 0 0 14px; border-color: var(--alarm); }
.bar { width: 55%; min-width: 90px; }
.bar span { position: relative; display: block; height: 14px; }
.bar.two span { background: linear-gradient(var(--muted), var(--muted)) 50% / 1px 100% no-repeat; }
.bar i { position: absolute; top: 0; bottom: 0; min-width: 1px; border-radius: 2px; background: var(--mean); }
.total th, .total td { border-top: 2px solid var(--edge); font-weight: 600; }
.bar i.taker { background: repeating-linear-gradient(45deg, var(--mean) 0 4px, transparent 4px 7px); }
.backtest th small { font-weight: normal; }
.side { display: grid; grid-template-columns: repeat(auto-fit, minmax(300px, 1fr)); gap: 12px; }
.facts td { text-align: left; white-space: normal; overflow-wrap: anywhere; width: 100%; }
.facts tr:first-child > * { border-top: 0; }
.words td:not(:last-child), .words th:not(:last-child) { text-align: left; }
.words td.value { text-align: left; white-space: normal; }
.backtest .muted { font-size: 13px; }
.words + .muted { margin-top: 8px; }
.limits { margin: 0; padding-left: 20px; }
.report { margin: 0; padding: 10px 14px; overflow: auto; max-height: 560px; }
@media (max-width: 560px) {
  .area { height: 120px; } .tall .area { height: 190px; }
  .pane { padding-right: 10px; }
  .backtest th small { display: block; white-space: normal; }
  .backtest th:first-child { white-space: normal; min-width: 84px; }
  .bar { width: 26%; min-width: 64px; padding-left: 0; padding-right: 0; }
  .backtest th, .backtest td { padding: 6px; }
  .backtest td.bar { padding: 6px 0; }
  .facts th:first-child { min-width: 0; }
  .side { grid-template-columns: minmax(0, 1fr); }
}
@media print { .report { max-height: none; } }
`;
