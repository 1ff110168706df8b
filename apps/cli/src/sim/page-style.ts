/** The style sheet of a simulation's page: light and dark, wide and narrow. No font is loaded. */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --text: #171b21; --muted: #5c6673; --edge: #dfe3e8; --grid: #e9ecf0;
  --accent: #0b57d0; --alarm: #b3261e;
  --bid: #1667c9; --ask: #c8500c; --between: rgba(90, 110, 140, 0.16); --last: #3d4652; --value: #8a35b5;
  --mean: #2b6f9e; --mean-fill: rgba(43, 111, 158, 0.16); --peak: #a3876a;
  --events: #2f6d62; --events-fill: rgba(47, 109, 98, 0.16);
  --orders: #1667c9; --cancels: #8a35b5; --amends: #8a6d00; --fills: #13795b; --answers: #9aa5b1;
  --rejects: #b3261e; --lost: #c8500c; --faults: #8a6d00; --other: #c6ccd3;
  --band-1: rgba(234, 150, 20, 0.20); --band-2: rgba(138, 80, 210, 0.17); --band-3: rgba(20, 150, 140, 0.17);
  --band-4: rgba(220, 60, 110, 0.15); --band-5: rgba(90, 140, 30, 0.18); --band-6: rgba(50, 110, 230, 0.15);
  --chip-0: #d5dae0; --chip-1: #efb55a; --chip-2: #b795e4; --chip-3: #6cc2b8; --chip-4: #e893b3;
    --chip-5: #aac672;
  --chip-6: #8fb0ee;
  --burst: rgba(210, 40, 30, 0.26); --burst-clear: rgba(210, 40, 30, 0); --burst-chip: #c9372c;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0e1116; --card: #161a21; --text: #e4e8ed; --muted: #98a3b0; --edge: #2a303a; --grid: #222831;
    --accent: #8ab4f8; --alarm: #ff8a80;
    --bid: #63a8ff; --ask: #ff9650; --between: rgba(150, 170, 200, 0.18); --last: #c9d1da; --value: #d08cf5;
    --mean: #6cb6e8; --mean-fill: rgba(108, 182, 232, 0.18); --peak: #b39a7f;
    --events: #66c2b0; --events-fill: rgba(102, 194, 176, 0.16);
    --orders: #63a8ff; --cancels: #d08cf5; --amends: #e0be4a; --fills: #4ecb9c; --answers: #7c8896;
    --rejects: #ff8a80; --lost: #ff9650; --faults: #e0be4a; --other: #4a535f;
    --band-1: rgba(240, 165, 40, 0.19); --band-2: rgba(160, 110, 240, 0.24);
      --band-3: rgba(40, 180, 170, 0.19);
    --band-4: rgba(240, 90, 140, 0.19); --band-5: rgba(140, 190, 60, 0.19);
      --band-6: rgba(90, 140, 255, 0.20);
    --chip-0: #4a535f; --chip-1: #c98f2c; --chip-2: #8d66cc; --chip-3: #2f9a90; --chip-4: #c65c88;
      --chip-5: #7c9c3c;
    --chip-6: #567fd0;
    --burst: rgba(255, 90, 70, 0.30); --burst-clear: rgba(255, 90, 70, 0); --burst-chip: #ff6f5e;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.45 system-ui, sans-serif; }
main { max-width: 1480px; margin: 0 auto; padding: 20px 20px 40px; }
h1 { font-size: 22px; line-height: 1.25; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 16px; margin: 28px 0 10px; }
p { margin: 0 0 8px; }
noscript p { margin-top: 10px; }
small, .muted, footer { color: var(--muted); }
code, pre { font: 13px/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
.command { display: flex; gap: 8px; align-items: start; margin: 8px 0; }
.hash { color: var(--muted); font-size: 13px; overflow-wrap: anywhere; }
.hash code { font-size: 12px; }
.command pre { margin: 0; flex: 1; min-width: 0; padding: 8px 12px; overflow-wrap: anywhere;
  white-space: pre-wrap; }
.command pre, .card, details { background: var(--card); border: 1px solid var(--edge); border-radius: 8px; }
dl { display: flex; flex-wrap: wrap; gap: 1px; margin: 0; padding: 0;
  overflow: hidden; background: var(--edge); border: 1px solid var(--edge); border-radius: 8px; }
dl div { flex: 1 1 120px; background: var(--card); padding: 6px 12px 7px; min-width: 0; }
dt { color: var(--muted); font-size: 12px; }
dd { margin: 0; font-size: 16px; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.alarm { color: var(--alarm); }
button, select { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--edge);
  border-radius: 6px;
  min-height: 32px; padding: 3px 10px; cursor: pointer; }
button:hover:not(:disabled), select:hover { border-color: var(--accent); }
button:disabled { opacity: 0.45; cursor: default; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
#bar { position: sticky; top: 0; z-index: 5; margin: 10px -20px 0; padding: 8px 20px 6px;
  background: var(--page); border-bottom: 1px solid var(--edge); }
.tools { display: none; }
.live .tools { display: flex; flex-wrap: wrap; gap: 6px 10px; align-items: center; }
#now { font-variant-numeric: tabular-nums; flex: 1 1 190px; min-width: 0; }
.buttons { display: flex; gap: 4px; }
.buttons button { min-width: 36px; }
.strip { position: relative; box-sizing: border-box; height: 16px; margin-top: 7px; border-radius: 4px;
  overflow: hidden; background: var(--chip-0); }
.strip svg { display: block; width: 100%; height: 100%; }
#pane { position: absolute; top: 0; bottom: 0; min-width: 3px; border: 2px solid var(--text);
  border-radius: 3px; }
.legend { display: flex; flex-wrap: wrap; gap: 2px 14px; margin: 5px 0 0; padding: 0; list-style: none;
  font-size: 13px; }
.legend i { display: inline-block; width: 11px; height: 11px; margin-right: 5px; border-radius: 3px;
  background: var(--c); }
.legend i.burst { border-radius: 0; background: linear-gradient(90deg, var(--burst-chip), transparent); }
.chip-0 { fill: var(--chip-0); } .chip-1 { fill: var(--chip-1); } .chip-2 { fill: var(--chip-2); }
.chip-3 { fill: var(--chip-3); } .chip-4 { fill: var(--chip-4); } .chip-5 { fill: var(--chip-5); }
.chip-6 { fill: var(--chip-6); } .chip-burst { fill: var(--burst-chip); }
#stage:focus-visible { outline-offset: 4px; border-radius: 8px; }
.charts { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 12px; margin-top: 12px; }
figure { margin: 0; min-width: 0; padding: 0; overflow: hidden; background: var(--card);
  border: 1px solid var(--edge);
  border-radius: 8px; }
figure.tall, #run-charts figure:last-child:nth-child(odd) { grid-column: 1 / -1; }
figcaption { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 12px;
  padding: 7px 10px 0 12px; }
h3 { font-size: 14px; margin: 0; line-height: 24px; }
h3 small { font-weight: normal; font-size: 12px; }
.keys { display: flex; flex-wrap: wrap; gap: 0 4px; }
.key { display: inline-flex; align-items: center; min-height: 24px; padding: 0 5px; border-color: transparent;
  background: none; font-size: 12px; color: var(--muted); }
.key i { width: 14px; height: 0; margin-right: 5px; border-top: 2px solid var(--c); }
.key.dashes i { border-top-style: dashed; }
.key.faint i, .key.fine i { border-top-width: 1px; }
.key.area i { height: 8px; background: color-mix(in srgb, var(--c) 25%, transparent); }
.key b { min-width: 5ch; margin-left: 5px; text-align: left; color: var(--text); font-weight: 600;
  font-variant-numeric: tabular-nums; }
.key[aria-pressed=false] { text-decoration: line-through; opacity: 0.6; }
.plot { height: 130px; }
.tall .plot { height: 240px; }
.plot:has(.uplot) { height: auto; }
.uplot .u-over { touch-action: pan-y; }
.uplot .u-select { background: color-mix(in srgb, var(--accent) 18%, transparent); }
.uplot .u-hz .u-cursor-x { border-right: 1px solid var(--muted); }
.dot { border-radius: 50%; } .dot.none { display: none; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 14px; font-variant-numeric: tabular-nums; }
th, td { padding: 6px 12px; text-align: right; white-space: nowrap; border-top: 1px solid var(--edge); }
thead td { border-top: 0; }
thead th { border-top: 0; color: var(--muted); font-size: 12px; font-weight: 600; }
th:first-child { text-align: left; position: sticky; left: 0; background: var(--card); font-weight: 600; }
th i { display: inline-block; width: 10px; height: 10px; margin-right: 7px; border-radius: 3px;
  background: var(--c); }
.mix { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 8px 14px; padding: 12px;
  align-items: center; }
.mix .bar { display: flex; height: 18px; overflow: hidden; border-radius: 4px; background: var(--edge); }
.mix .bar span { background: var(--c); min-width: 1px; }
.mix ul { grid-column: 1 / -1; margin-top: 2px; }
details { margin-top: 24px; padding: 8px 12px; }
summary { cursor: pointer; font-weight: 600; }
details pre { overflow: auto; max-height: 420px; margin: 8px 0 0; }
footer { margin-top: 24px; font-size: 13px; }
kbd { font: 12px ui-monospace, Menlo, Consolas, monospace; padding: 0 4px; border: 1px solid var(--edge);
  border-radius: 4px; }
@media (max-width: 860px) { .charts { grid-template-columns: minmax(0, 1fr); } }
@media (max-width: 560px) {
  main { padding: 14px 12px 32px; }
  #bar { margin: 16px -12px 0; padding: 6px 12px; }
  h1 { font-size: 19px; }
  dl div { flex-basis: 96px; padding: 5px 8px 6px; }
  dt { font-size: 11px; }
  dd { font-size: 14px; }
  th, td { padding: 6px 9px; }
  #now { order: 1; flex-basis: 100%; }
  label span { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .tools { justify-content: space-between; gap: 4px; }
  .buttons { flex: 1; justify-content: space-between; }
  .buttons button, select { flex: 1; min-height: 38px; }
  .key { padding: 0 3px; }
  .mix { grid-template-columns: minmax(0, 1fr); gap: 2px; }
  .mix .bar { margin-bottom: 8px; }
}
@media print { #bar { position: static; } .tools, details { display: none; } body { background: #fff; } }
`;
