// Draws what arrived of a flood, second by second, as an SVG that follows the reader's light or dark mode.
const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, LANE] = [760, 250, 16, 16, 58, 72];

const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #24292f; } .small { font-size: 11px; fill: #57606a; }
  .title { font-size: 15px; font-weight: 600; } .attacker { fill: #cf222e; } .neighbour { fill: #1a7f37; }
  .rule { stroke: #8c959f; stroke-dasharray: 3 3; } .ground { stroke: #d0d7de; } .banned { fill: #cf222e; opacity: .08; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; } .small { fill: #9198a1; } .attacker { fill: #ff7b72; } .neighbour { fill: #3fb950; }
    .rule { stroke: #6e7681; } .ground { stroke: #30363d; } .banned { fill: #ff7b72; opacity: .12; }
  }`;

/**
 * @param {{ attacker: Arrived, neighbour: Arrived, since: number, until: number }} what since, until: of the ban
 * @typedef {{ sent: number, count: number, tenths: Record<string, number> }} Arrived datagrams that were sent, that arrived, and in which
 *   tenths of a second since the epoch
 * @returns {string} an SVG document
 */
export function picture({ attacker, neighbour, since, until }) {
  const tenths = Object.keys(neighbour.tenths).map(Number);
  // The first and the last are not whole.
  const [from, to] = [Math.min(...tenths) + 1, Math.max(...tenths)];
  const x = (tenth) => LEFT + ((tenth - from) / (to - from)) * (WIDTH - LEFT - RIGHT);
  const most = Math.max(...[attacker, neighbour].flatMap((one) => Object.values(one.tenths)));
  const [banned, ended] = [since, until].map((time) => x(time / 100));
  const lane = (name, label, { tenths, count, sent }, top) => {
    const bars = [];
    for (let tenth = from; tenth < to; tenth++) {
      const height = Math.round(((tenths[tenth] ?? 0) / most) * (LANE - 22));
      if (height > 0) bars.push(bar(x(tenth), top + LANE - height, x(tenth + 1) - x(tenth) - 1, height));
    }
    const [some, all] = [count, sent].map((number) => number.toLocaleString('en'));
    return `<text x="${banned + 6}" y="${top + 12}">${label}: ${some} of ${all} datagrams arrive</text>
  <g class="${name}">${bars.join('')}</g>
  <line class="ground" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${top + LANE}" y2="${top + LANE}"/>`;
  };
  const mark = (at, anchor, text) => `<line class="rule" x1="${at}" x2="${at}" y1="${TOP - 8}" y2="${HEIGHT - 28}"/>
  <text class="small" x="${anchor === 'end' ? at - 6 : at + 6}" y="${TOP + 1}" text-anchor="${anchor}">${text}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="What arrives of a flood before, during and after a ban">
  <style>${STYLE}</style>
  <text class="title" x="${LEFT}" y="24">What arrives at a socket, by tenths of a second</text>
  <rect class="banned" x="${banned}" y="${TOP - 8}" width="${ended - banned}" height="${HEIGHT - 20 - TOP}"/>
  ${mark(banned, 'start', 'fifth failed login: banned')}
  ${mark(ended, 'end', 'the ban ends, in the kernel')}
  ${lane('attacker', 'the attacker', attacker, TOP + 6)}
  ${lane('neighbour', 'a neighbour', neighbour, TOP + LANE + 14)}
  <text class="small" x="${LEFT}" y="${HEIGHT - 8}">Drawn by scripts/demo from real packets between two network namespaces, ${((to - from) / 10).toFixed(0)} seconds.</text>
</svg>
`;
}

const bar = (x, y, width, height) =>
  `<rect x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="${height}"/>`;
