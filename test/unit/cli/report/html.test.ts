import t from 'tap';
import { htmlOf } from '../../../../src/cli/report/html.js';
import type { OffenderReport } from '../../../../src/control/api.js';
import { elements, type Markup, NETWORK, OFFENDER, parseMarkup, REPORT, textIn } from '../../../offenders.js';

const pageOf = (report: OffenderReport, title = 'Attacks'): string => [...htmlOf({ title, report })].join('');

const tablesOf = (page: Markup): string[][][] =>
  elements(page, 'table').map((table) =>
    elements(table, 'tr').map((row) => row.children.map((cell) => textIn(cell as Markup))),
  );

t.test('a page with what was found', async (t) => {
  const text = pageOf(REPORT);
  t.match(text, /^<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8"\/>/);
  const page = parseMarkup(text);
  t.same(elements(page, 'h1').map(textIn), ['Attacks']);
  t.equal(textIn(elements(elements(page, 'head')[0] as Markup, 'title')[0] as Markup), 'Attacks');
  t.match(textIn(elements(page, 'p')[0] as Markup), '41 addresses and networks were banned 1,212 times');
  t.same(elements(page, 'dd').map(textIn), ['41', '1,212', '4']);
  t.match(textIn(elements(page, 'figcaption')[0] as Markup), '80 of 1,212 bans are drawn');
  const [jails, offenders] = tablesOf(page);
  t.same(jails, [
    ['Jail', 'Addresses', 'Bans', ''],
    ['sshd', '41', '1,212', ''],
  ]);
  t.same(offenders, [
    ['#', 'Address', 'Bans', '', 'Jails', 'First seen', 'Last seen', 'Banned now'],
    ['1', '2001:db8::/4840 addresses', '1,200', '', 'nginx, sshd', '2026-03-01 10:00', '2026-03-18 13:30', '3 of 40'],
    ['2', '192.0.2.7', '12', '', 'nginx, sshd', '2026-03-01 10:00', '2026-03-18 13:30', 'yes'],
  ]);
});

t.test('tables can be heard', async (t) => {
  for (const table of elements(parseMarkup(pageOf(REPORT)), 'table')) {
    t.equal((table.children.find((child) => typeof child !== 'string') as Markup).name, 'caption');
    const scopes = elements(table, 'th').map(({ attributes }) => attributes.scope);
    t.ok(scopes.every((scope) => scope === 'col' || scope === 'row'));
    t.equal(
      scopes.filter((scope) => scope === 'row').length,
      elements(elements(table, 'tbody')[0] as Markup, 'tr').length,
    );
  }
});

t.test('it runs nothing and loads nothing', async (t) => {
  const page = parseMarkup(pageOf(REPORT));
  for (const name of ['script', 'link', 'img', 'iframe', 'object', 'embed', 'base', 'form', 'a', 'use', 'image']) {
    t.same(elements(page, name), [], name);
  }
  const policy = elements(page, 'meta').find(
    ({ attributes }) => attributes['http-equiv'] === 'Content-Security-Policy',
  );
  t.match(policy?.attributes.content, /^default-src 'none'; style-src 'sha256-/);
  const visit = ({ attributes, children }: Markup): void => {
    for (const key of Object.keys(attributes)) t.notMatch(key, /^(?:on|style$|src|href|xlink)/);
    for (const child of children) if (typeof child !== 'string') visit(child);
  };
  visit(page);
});

const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</title><script>alert(1)</script>',
  '</style><svg onload=alert(1)>',
  ']]><!--',
  '&lt;script&gt;',
  'javascript:alert(1)',
  '\u202egnp.exe\u0000\u001b[31m\r\n',
  '{{7*7}}<%= 7*7 %>',
];

t.test('whatever is called what: it is text', async (t) => {
  for (const evil of HOSTILE) {
    const offender = { ...OFFENDER, address: evil, jails: [evil], first: evil, last: evil };
    const report = {
      ...REPORT,
      ...{ time: evil, since: evil, jails: [{ jail: evil, offenders: 1, bans: 1 }], offenders: [offender] },
      timeline: { seconds: 86_400, buckets: [{ from: evil, bans: 3 }] },
    };
    const page = parseMarkup(pageOf(report, evil));
    t.equal(elements(page, 'script').length + elements(page, 'img').length, 0, evil);
    t.equal(elements(page, 'svg').length, 3, 'the picture, and two shares');
    const shape = (text: string): string => text.replace(/>[^<]*</g, '><').replace(/"[^"]*"/g, '""');
    const tame = {
      ...report,
      jails: [{ jail: 'x', offenders: 1, bans: 1 }],
      offenders: [{ ...offender, address: 'x', jails: ['x'] }],
    };
    t.equal(shape(pageOf(report, evil)), shape(pageOf(tame, 'x')), 'no more markup than with other names');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are meant
    t.notMatch(pageOf(report, evil), /[\u0000-\u0009\u000b-\u001f\u202e]/);
  }
});

t.test('nothing was found', async (t) => {
  const sums = { offenders: 0, banned: 0, bans: 0, dated: 0, excluded: 0 };
  const page = parseMarkup(pageOf({ ...REPORT, sums, jails: [], offenders: [] }));
  t.equal(elements(page, 'table').length, 0);
  t.match(textIn(page), '0 addresses and networks were banned 0 times');
});

t.test('ten thousand lines', async (t) => {
  const offenders = Array.from({ length: 10_000 }, (_, index) => ({
    ...NETWORK,
    address: `10.${index >> 8}.${index & 255}.0/24`,
  }));
  const pieces = [...htmlOf({ title: 'Attacks', report: { ...REPORT, offenders } })];
  const size = Buffer.byteLength(pieces.join(''));
  t.ok(size < 6_000_000, `${size} bytes`);
  t.ok(Math.max(...pieces.map(({ length }) => length)) < 20_000, 'in pieces');
  t.comment(`${size} bytes`);
});
