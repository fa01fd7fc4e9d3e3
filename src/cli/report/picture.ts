import type { OffenderReport } from '../../control/api.js';
import { escaped } from './markup.js';
import { captionOf, count, day, minute, widthOf } from './words.js';

/** In units of the picture, which is as wide as the page. */
const [WIDTH, HEIGHT] = [960, 240];
const LEFT = 48;
const TOP = 12;
const FLOOR = HEIGHT - 28;
const ROOM = WIDTH - LEFT - 8;

/** Names below the floor. */
const LABELS = 7;

/** Bans over time as SVG, which takes its colours from the page: `bar`, `line` and `label` are classes. */
export function pictureOf(report: OffenderReport): string {
  const { buckets, seconds } = report.timeline;
  const most = Math.max(0, ...buckets.map(({ bans }) => bans));
  const top = ceiling(most);
  const height = (bans: number): number => (bans / top) * (FLOOR - TOP);
  const step = ROOM / Math.max(1, buckets.length);
  const peak = buckets.find(({ bans }) => bans === most);
  const described = peak && most > 0 ? ` The most were ${count(most)}, ${minute(peak.from)}.` : ' There were none.';
  return [
    `<svg class="picture" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="picture-title picture-text">`,
    `<title id="picture-title">Bans per ${widthOf(seconds)}</title>`,
    `<desc id="picture-text">${escaped(captionOf(report) + described)}</desc>`,
    ...[0, top / 2, top].filter(Number.isInteger).map((bans) => line(bans, FLOOR - height(bans))),
    ...buckets.map(({ from, bans }, index) => bar({ from, bans, seconds }, LEFT + index * step, step, height(bans))),
    ...labels(report, step),
    '</svg>',
  ].join('\n');
}

/** The next number that reads well, and can be halved. */
export function ceiling(most: number): number {
  for (let power = 1; ; power *= 10) {
    const found = [1, 2, 4, 6, 8].map((factor) => factor * power).find((number) => number >= most);
    if (found !== undefined) return found;
  }
}

const rounded = (number: number): string => String(Math.round(number * 10) / 10);

const line = (bans: number, y: number): string =>
  `<line class="line" x1="${LEFT}" x2="${WIDTH - 8}" y1="${rounded(y)}" y2="${rounded(y)}"/>` +
  `<text class="label" x="${LEFT - 8}" y="${rounded(y + 4)}" text-anchor="end">${count(bans)}</text>`;

interface Bar {
  readonly from: string;
  readonly bans: number;
  readonly seconds: number;
}

/** A bar that a pointer tells of; what is not nothing can be seen. */
function bar({ from, bans, seconds }: Bar, x: number, step: number, height: number): string {
  if (bans === 0) return '';
  const [wide, high] = [Math.max(1, step - 2), Math.max(1.5, height)];
  const when = seconds < 86_400 ? minute(from) : day(from);
  const corner = Math.min(2, wide / 4);
  return (
    `<rect class="bar" x="${rounded(x + 1)}" y="${rounded(FLOOR - high)}" width="${rounded(wide)}" height="${rounded(high)}" rx="${rounded(corner)}">` +
    `<title>${escaped(when)}: ${count(bans)}</title></rect>`
  );
}

/** When some of the buckets begin; of hours the time too. */
function labels({ timeline: { buckets, seconds } }: OffenderReport, step: number): string[] {
  const every = Math.max(1, Math.ceil(buckets.length / LABELS));
  return buckets.flatMap(({ from }, index) => {
    const x = LEFT + (index + 0.5) * step;
    // The last one would stand beyond the edge.
    if (index % every !== 0 || x > WIDTH - 50) return [];
    const text = seconds < 86_400 ? minute(from).slice(5) : day(from);
    return `<text class="label" x="${rounded(x)}" y="${HEIGHT - 8}" text-anchor="middle">${escaped(text)}</text>`;
  });
}
