import { createHash } from 'node:crypto';

/** Light and dark as the reader's system is, and ink on white on paper. */
export const STYLESHEET = `
:root { color-scheme: light dark; --paper: #fbfaf8; --card: #ffffff; --ink: #1d1f23; --soft: #5d6470; --edge: #e2dfd9; --bar: #c2410c; --tint: #fdf0e7; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #14161a; --card: #1c1f25; --ink: #e8e6e3; --soft: #a0a7b4; --edge: #31353d; --bar: #fb923c; --tint: #2b221b; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
main { max-width: 72rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
h1 { margin: 0 0 .25rem; font-size: 2.1rem; line-height: 1.2; letter-spacing: -.02em; overflow-wrap: anywhere; }
h2 { margin: 2.5rem 0 .75rem; font-size: 1.15rem; }
.lead { margin: 0; color: var(--soft); text-wrap: pretty; }
.whole { white-space: nowrap; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .75rem; margin: 1.75rem 0 0; }
.tiles div { background: var(--card); border: 1px solid var(--edge); border-radius: .6rem; padding: .8rem 1rem; }
.tiles dt { color: var(--soft); font-size: .85rem; }
.tiles dd { margin: 0; font-size: 1.6rem; font-weight: 650; font-variant-numeric: tabular-nums; letter-spacing: -.01em; }
figure, .sheet { margin: 0; background: var(--card); border: 1px solid var(--edge); border-radius: .6rem; }
figure { padding: 1rem 1rem .75rem; overflow-x: auto; }
figcaption { color: var(--soft); font-size: .85rem; }
svg { display: block; width: 100%; height: auto; }
.bar { fill: var(--bar); }
.line { stroke: var(--edge); }
.label { fill: var(--soft); font-size: 12px; font-variant-numeric: tabular-nums; }
.sheet { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding: .7rem .9rem; color: var(--soft); font-size: .85rem; }
th, td { padding: .42rem .9rem; text-align: left; vertical-align: top; border-top: 1px solid var(--edge); font-weight: 400; }
thead th { color: var(--soft); font-size: .8rem; font-weight: 600; white-space: nowrap; }
tbody th { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; overflow-wrap: anywhere; min-width: 9.5rem; }
tbody tr:hover { background: var(--tint); }
.number { text-align: right; white-space: nowrap; }
.time { white-space: nowrap; color: var(--soft); }
.rank { color: var(--soft); }
.share { min-width: 7rem; vertical-align: middle; }
.share svg { height: .5rem; }
.net { color: var(--soft); font: .8rem/1.4 system-ui, sans-serif; display: block; }
footer { margin-top: 2.5rem; color: var(--soft); font-size: .85rem; }
@media (max-width: 40rem) { .picture { min-width: 38rem; } .share { display: none; } th, td { padding-inline: .55rem; } }
@media print {
  :root { color-scheme: light; --paper: #fff; --card: #fff; --ink: #000; --soft: #444; --edge: #bbb; --bar: #333; --tint: #fff; }
  body { font-size: 10pt; }
  main { max-width: none; padding: 0; }
  .sheet { overflow: visible; border: 0; }
  thead { display: table-header-group; }
  tr, figure, .tiles { break-inside: avoid; }
  h2 { break-after: avoid; }
  table { font-size: 8.5pt; }
  th, td { padding: .15rem .4rem; }
  caption { padding-inline: .4rem; }
  tbody th { min-width: 0; }
  .share { display: none; }
  .bar { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;

/** Nothing but this stylesheet may take effect (w3.org/TR/CSP3): what slipped through as markup could not load or run anything. */
export const POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLESHEET).digest('base64')}'; base-uri 'none'; form-action 'none'`;
