import t from 'tap';
import { Catalogue } from '../../../src/dates/catalogue.js';
import { LocalZone } from '../../../src/dates/local-zone.js';
import { DateMatch } from '../../../src/dates/match.js';
import { Quick } from '../../../src/dates/quick.js';
import type { DateTemplate } from '../../../src/dates/template.js';
import { mutated, random } from '../../dates.js';

const YEARS = { first: 2000, last: 2029 };
const NOW = Date.parse('2026-11-21T06:00:00Z');
const setting = { now: () => NOW, zone: new LocalZone('Europe/Zurich') };

/** The template of a datepattern that finds the date of a line. */
function templateOf(datepattern: string, line: string): DateTemplate {
  const template = new Catalogue(YEARS).templates(datepattern).find((one) => one.search(line, true));
  if (!template) throw new Error(line);
  return template;
}

function quickOf(datepattern: string, line: string): Quick {
  const quick = Quick.of(templateOf(datepattern, line), setting, YEARS);
  if (!quick) throw new Error(line);
  return quick;
}

const SYSLOG = 'Nov 20 05:48:17 host x';
const ISO = '2026-11-20T05:48:17.123456+01:00 host x';
const CLF = '192.0.2.7 - - [20/Nov/2026:05:48:17 +0100] "GET / HTTP/1.1" 200';

const FORMS: readonly (readonly [datepattern: string, line: string])[] = [
  ['{^LN-BEG}', SYSLOG],
  ['{^LN-BEG}', 'Fri Nov 20 05:48:17.123456 2026 x'],
  ['{^LN-BEG}', ISO],
  ['{^LN-BEG}', '[2026/11/20 05:48:17] x'],
  ['{^LN-BEG}', '20-Nov-2026 05:48:17.123 x'],
  ['{^LN-BEG}%ExY(?P<_sep>[-/.])%m(?P=_sep)%d[T ]%H:%M:%S(?:[.,]%f)?(?:\\s*%z)?', '2026-11-20 05:48:17,123 x'],
  ['^[^\\[]*\\[({DATE})', CLF],
];

const shown = (match: DateMatch | undefined): unknown => match && [match.start, match.end, match.time()];

t.test('what is found quickly is what the regular expression finds', async (t) => {
  const below = random(1);
  for (const [datepattern, line] of FORMS) {
    const template = templateOf(datepattern, line);
    const quick = quickOf(datepattern, line);
    let found = 0;
    let text = line;
    for (let count = 0; count < 20_000; count++) {
      text = mutated(below(4) === 0 ? text : line, below).slice(0, 100);
      const match = quick.find(text);
      if (!match) continue;
      found++;
      const slow = template.search(text, /^[\0-\x7f]*$/.test(text));
      const expected = slow && shown(DateMatch.of(slow, text, template, setting));
      if (JSON.stringify(shown(match)) !== JSON.stringify(expected)) t.strictSame(shown(match), expected, text);
    }
    t.ok(found > 1000, `${line}: ${found}`);
  }
});

t.test('lines of the same second share a match', async (t) => {
  const quick = quickOf('{^LN-BEG}', SYSLOG);
  const first = quick.find(SYSLOG);
  t.equal(quick.find('Nov 20 05:48:17 host another'), first);
  t.not(quick.find('Nov 20 05:48:18 host x'), first);
});

t.test('a date at another place of the line has the same time', async (t) => {
  const quick = quickOf('^[^\\[]*\\[({DATE})', CLF);
  const [first, second] = [quick.find(CLF), quick.find(`x${CLF}`)];
  t.strictSame([first?.start, first?.end, second?.start, second?.end], [15, 41, 16, 42]);
  t.equal(second?.time(), first?.time());
  t.equal(quick.find('no bracket'), undefined);
});

t.test('what is behind a date is part of what is remembered', async (t) => {
  const quick = quickOf('{^LN-BEG}', SYSLOG);
  t.equal(quick.find('Nov 20 05:48:17')?.end, 15);
  t.equal(quick.find('Nov 20 05:48:17 2026 x')?.end, 20);
  t.equal(quick.find('Nov 20 05:48:17x'), undefined);
});

t.test('a date without a year may become another with time', async (t) => {
  let now = Date.parse('2026-12-31T12:00:00Z');
  const template = templateOf('{^LN-BEG}', SYSLOG);
  const quick = Quick.of(template, { now: () => now, zone: new LocalZone('UTC') }, YEARS);
  const match = quick?.find('Jan  2 12:00:00 x');
  t.equal(match?.time(), Date.parse('2026-01-02T12:00:00Z'));
  now = Date.parse('2027-01-01T12:00:00Z');
  t.equal(match?.time(), Date.parse('2027-01-02T12:00:00Z'));
});

t.test('templates of other forms are left to their regular expressions', async (t) => {
  const template = templateOf('^%Y-%m-%d', '2026-11-20 x');
  t.equal(Quick.of(template, setting, YEARS), undefined);
  t.equal(Quick.of(templateOf('EPOCH', '1763700000 x'), setting, YEARS), undefined);
});
