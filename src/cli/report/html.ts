import type { OffenderReport, ReportedOffender } from '../../control/api.js';
import { escaped } from './markup.js';
import { pictureOf } from './picture.js';
import { POLICY, STYLESHEET } from './stylesheet.js';
import { captionOf, count, counted, minute, standing, summaryOf, type Titled } from './words.js';

/**
 * The report as one page of HTML that stands by itself: no script, and nothing that is loaded. It is well-formed XML behind its first line
 * too. In pieces.
 */
export function* htmlOf({ title, report }: Titled): Generator<string> {
  yield head(title);
  yield `<header>\n<h1>${escaped(title)}</h1>\n<p class="lead">${whole(escaped(summaryOf(report)))}</p>\n</header>\n`;
  yield tiles(report);
  yield `<h2>Bans over time</h2>\n<figure>\n${pictureOf(report)}\n<figcaption>${escaped(captionOf(report))}</figcaption>\n</figure>\n`;
  yield* jails(report);
  yield* offenders(report);
  yield foot(report);
}

/** Dates are not broken over lines. */
const whole = (markup: string): string => markup.replace(/\d{4}-\d\d-\d\d/g, '<span class="whole">$&</span>');

const head = (title: string): string => `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta http-equiv="Content-Security-Policy" content="${escaped(POLICY)}"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta name="referrer" content="no-referrer"/>
<meta name="generator" content="dropset"/>
<title>${escaped(title)}</title>
<style>${STYLESHEET}</style>
</head>
<body>
<main>
`;

function tiles({ sums }: OffenderReport): string {
  const figures: [string, number][] = [
    ['addresses and networks', sums.offenders],
    ['bans', sums.bans],
    ['banned now', sums.banned],
  ];
  const all = figures.map(([name, number]) => `<div><dt>${name}</dt><dd>${count(number)}</dd></div>`);
  return `<dl class="tiles">\n${all.join('\n')}\n</dl>\n`;
}

/** @param most of the figures that are compared. */
function share(number: number, most: number): string {
  const width = Math.max(1, Math.round((number / Math.max(1, most)) * 100));
  return `<td class="share"><svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="bar" width="${width}" height="8"/></svg></td>`;
}

function* jails({ jails: all }: OffenderReport): Generator<string> {
  if (all.length === 0) return;
  const most = Math.max(...all.map(({ bans }) => bans));
  yield `<h2>Who banned them</h2>\n<div class="sheet">\n<table>\n<caption>Jails by the number of their bans.</caption>\n`;
  yield `<thead><tr>${column('Jail')}${column('Addresses', 'number')}${column('Bans', 'number')}<td class="share"></td></tr></thead>\n<tbody>\n`;
  for (const { jail, offenders: who, bans } of all) {
    yield `<tr><th scope="row">${escaped(jail)}</th><td class="number">${count(who)}</td><td class="number">${count(bans)}</td>${share(bans, most)}</tr>\n`;
  }
  yield '</tbody>\n</table>\n</div>\n';
}

function* offenders({ offenders: all, sums }: OffenderReport): Generator<string> {
  if (all.length === 0) return;
  const most = Math.max(...all.map(({ bans }) => bans));
  const told = all.reduce((sum, { offenders: who }) => sum + who, 0);
  const names = ['Bans', 'Jails', 'First seen', 'Last seen', 'Banned now'];
  yield '<h2>Worst offenders</h2>\n<div class="sheet">\n<table>\n';
  yield `<caption>${escaped(`${counted(told, 'address or network', 'addresses and networks')} of ${count(sums.offenders)}; those that cluster are told as one network. Times are in UTC.`)}</caption>\n`;
  yield `<thead><tr>${column('#', 'number')}${column('Address')}${column(names[0] as string, 'number')}<td class="share"></td>${names
    .slice(1)
    .map((name) => column(name))
    .join('')}</tr></thead>\n<tbody>\n`;
  for (const [index, one] of all.entries()) yield row(one, index + 1, most);
  yield '</tbody>\n</table>\n</div>\n';
}

const column = (name: string, kind?: string): string =>
  `<th scope="col"${kind === undefined ? '' : ` class="${kind}"`}>${name}</th>`;

function row(one: ReportedOffender, rank: number, most: number): string {
  const network = one.offenders > 1 ? `<span class="net">${count(one.offenders)} addresses</span>` : '';
  return [
    `<tr><td class="number rank">${rank}</td><th scope="row">${escaped(one.address)}${network}</th>`,
    `<td class="number">${count(one.bans)}</td>${share(one.bans, most)}<td>${escaped(one.jails.join(', '))}</td>`,
    `${time(one.first)}${time(one.last)}<td>${standing(one)}</td></tr>\n`,
  ].join('');
}

const time = (text: string): string =>
  `<td class="time"><time datetime="${escaped(text)}">${escaped(minute(text))}</time></td>`;

const foot = ({ time: made }: OffenderReport): string => `<footer>
<p>Made by dropset, ${escaped(minute(made))} UTC. Addresses of this machine, and those that it never bans, are left out.</p>
</footer>
</main>
</body>
</html>
`;
