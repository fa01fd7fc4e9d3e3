import t from 'tap';
import { DateDetector, type DateDetectorOptions } from '../../../src/dates/detector.js';
import { LocalZone } from '../../../src/dates/local-zone.js';

const NOW = Date.parse('2026-11-21T06:00:00Z');
const ZURICH = new LocalZone('Europe/Zurich');

const detector = (options: Partial<DateDetectorOptions> = {}): DateDetector =>
  new DateDetector({ now: () => NOW, zone: ZURICH, ...options });

/** What is cut out of a line, and its time. */
function find(of: DateDetector, line: string): string | undefined {
  const match = of.match(line);
  const time = match?.time();
  return match && `${line.slice(match.start, match.end)} = ${time === undefined ? '-' : new Date(time).toISOString()}`;
}

t.test('the default list', async (t) => {
  const table: [line: string, found: string | undefined][] = [
    ['Nov 21 05:48:17 host x', 'Nov 21 05:48:17 = 2026-11-21T04:48:17.000Z'],
    ['2026-11-21T05:48:17.123456+05:30 x', '2026-11-21T05:48:17.123456+05:30 = 2026-11-21T00:18:17.000Z'],
    ['192.0.2.7 - - [20/Nov/2026:05:48:17 +0100] "GET"', '20/Nov/2026:05:48:17 +0100 = 2026-11-20T04:48:17.000Z'],
    ['1763700000 x', '1763700000 = 2025-11-21T04:40:00.000Z'],
    ['@400000006920097100000000 x', '@400000006920097100000000 = 2025-11-21T06:40:49.000Z'],
    ['2026-02-30 05:48:17 x', '2026-02-30 05:48:17 = -'],
    ['é 2026-11-20 05:48:17 x', '2026-11-20 05:48:17 = 2026-11-20T04:48:17.000Z'],
    ['no date', undefined],
    ['', undefined],
  ];
  for (const [line, found] of table) t.equal(find(detector(), line), found, line);
});

t.test('the second line of a form is found as the first', async (t) => {
  for (const line of [
    'Nov 20 05:48:17 x',
    'x Nov 20 05:48:17 x',
    'x [2026-11-20 05:48:17] x',
    '1763700000 x',
    '12:00:01 x',
  ]) {
    const one = detector();
    const first = find(one, line);
    t.ok(first, line);
    for (let count = 0; count < 3; count++) t.equal(find(one, line), first, line);
    t.equal(
      one.templates.reduce((sum, { hits }) => sum + hits, 0),
      4,
      'one hit a line',
    );
    t.equal(one.templates[0]?.hits, 4, 'of the template that is first now');
  }
});

t.test('the first of two dates is the log’s own, and the other the attacker’s', async (t) => {
  const one = detector();
  const line = 'mysqld[7]: 030324  0:04:00 user 2003-03-07 17:05:01 x';
  for (let count = 0; count < 12; count++) t.equal(one.match(line)?.start, 11);
  t.equal(one.match('mysqld[77]: 030324  0:04:00 user 2003-03-07 17:05:01 x')?.start, 12);
  t.equal(one.match('mysqld[7]: 2003-03-07 17:05:01 x')?.start, 11, 'a log may change its form');
});

t.test('an only template may find its date anywhere, again and again', async (t) => {
  const one = detector({ datepattern: '%H:%M:%S' });
  for (const [line, start] of [
    ['x 1:02:03 y', 2],
    ['1:02:03', 0],
    ['xyz 11:02:03', 4],
    ['xyz 11:2:03 z', 4],
    ['😀 1:2:3', 3],
    ['😀 1:2:4', 3],
  ] as const) {
    t.equal(one.match(line)?.start, start, line);
  }
  t.equal(one.match('nothing'), undefined);
});

t.test('which dates can only stand at the line begin', async (t) => {
  for (const datepattern of ['{^LN-BEG}', '^%Y', '{^LN-BEG}EPOCH', '{NONE}', '^%Y\n{^LN-BEG}TAI64N']) {
    t.equal(detector({ datepattern }).anchoring, 'line-begin', datepattern);
  }
  for (const datepattern of ['', '%Y', 'EPOCH', '^[^\\[]*\\[({DATE})', '^x(%Y)', '^%Y\nTAI64N', '%Y$']) {
    t.equal(detector({ datepattern }).anchoring, 'anywhere', datepattern);
  }
});

t.test('options', async (t) => {
  const line = '2026-11-20 05:48:17 x';
  t.equal(find(detector({ timezone: 'UTC-0200' }), line), '2026-11-20 05:48:17 = 2026-11-20T07:48:17.000Z');
  t.equal(detector({ years: { first: 1990, last: 1999 } }).match(line), undefined);
  t.ok(detector({ years: { first: 1990, last: 1999 } }).match('1997-11-20 05:48:17 x'));
  t.equal(detector().match('1997-11-20 05:48:17 x'), undefined);
  t.ok(new DateDetector({ now: () => NOW }).match(line), "in the process's own zone");
  t.ok(detector().match(line, true), 'and for who knows that it is ASCII');
});

t.test('what is refused', async (t) => {
  t.throws(() => detector({ datepattern: '%q' }), { code: 'filter', message: /'%q' is no date token/ });
  t.throws(() => detector({ timezone: 'Europe/Zurich' }), { code: 'config', message: /is no fixed time zone/ });
});
