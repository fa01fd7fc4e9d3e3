import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { DateDetector } from '../../src/dates/detector.js';
import { LocalZone } from '../../src/dates/local-zone.js';
import type { YearRange } from '../../src/dates/years.js';
import { AROUND, dates, dateText, FORMATS, mutated, random, stockPatterns } from '../dates.js';
import { FAIL2BAN, Oracle } from '../fail2ban.js';

/** A detector and its lines, in order; a line with a time in front of it is read then. Times are seconds. */
interface Question {
  readonly datepattern?: string;
  readonly timezone?: string;
  readonly zone: string;
  readonly now: number;
  /** When the process began, for `%ExY`; absent for `now`. */
  readonly started?: number;
  readonly lines: readonly (string | readonly [now: number, line: string])[];
}

interface Found {
  readonly name: string;
  /** In code points. */
  readonly start: number;
  readonly end: number;
  readonly time: number | null;
}

interface Answer {
  readonly error?: string;
  readonly found?: readonly (Found | null)[];
  readonly templates?: readonly (readonly [name: string, hits: number])[];
}

/** The corpus of fail2ban is of 2005, and of years since. */
const CORPUS_TIME = 1_124_013_600;
/** 2026-11-21 06:00 UTC */
const NOW = 1_795_240_800;
const ZONES = ['Europe/Zurich', 'UTC', 'America/New_York'];

const oracle = new Oracle('dates.py');
t.teardown(() => oracle.close());

const yearsOf = (started: number): YearRange => ({ first: 2000, last: new Date(started * 1000).getUTCFullYear() + 3 });

const columnOf = (line: string, offset: number): number => [...line.slice(0, offset)].length;

/** What dropset answers, in fail2ban's form. */
function answerOf(question: Question): Answer {
  let { now } = question;
  const { zone, timezone, datepattern } = question;
  try {
    const detector = new DateDetector({
      now: () => now * 1000,
      zone: new LocalZone(zone),
      years: yearsOf(question.started ?? now),
      ...(datepattern === undefined ? {} : { datepattern }),
      ...(timezone === undefined ? {} : { timezone }),
    });
    const found = question.lines.map((item): Found | null => {
      const [time, line] = typeof item === 'string' ? [now, item] : item;
      now = time;
      const match = detector.match(line);
      if (!match) return null;
      const [start, end] = [columnOf(line, match.start), columnOf(line, match.end)];
      return { name: match.template.name, start, end, time: match.time() ?? null };
    });
    return { found, templates: detector.templates.map(({ name, hits }) => [name, hits]) };
  } catch (error) {
    return { error: String(error) };
  }
}

/** The last time of a Date; TAI64N labels reach further, and dropset takes those for no date. */
const LAST = 8.64e15;

const millis = (seconds: number | null): number | null =>
  seconds === null || seconds * 1000 > LAST ? null : seconds * 1000;

/** The names of two tokens change with the seed of Python's hashes. */
const normalName = (name: string): string => name.replace(/%Ex([kl])/, 'Ex%$1');

/** An empty cut may be anywhere. */
const normal = (found: Found | null | undefined): Found | null | undefined =>
  found && {
    name: normalName(found.name),
    ...(found.start === found.end ? { start: 0, end: 0 } : { start: found.start, end: found.end }),
    time: found.time,
  };

const named = (templates: Answer['templates'] = []): unknown =>
  templates.map(([name, hits]) => [normalName(name), hits]);

/** Asks both, and answers how many lines were compared. Differences fail the test, the first few with their line. */
async function compare(t: Test, question: Question): Promise<number> {
  const theirs = (await oracle.ask(question)) as Answer;
  const ours = answerOf(question);
  const title = `${JSON.stringify(question.datepattern ?? '')} ${question.zone}`;
  if (theirs.error !== undefined || ours.error !== undefined) {
    t.equal(typeof ours.error, typeof theirs.error, `${title}: ${ours.error} / ${theirs.error}`);
    return 1;
  }
  const lines = question.lines.slice(0, theirs.found?.length);
  const differences = lines.flatMap((item, index) => {
    const their = theirs.found?.[index];
    const scaled = their && { ...their, time: millis(their.time) };
    const [a, b] = [JSON.stringify(normal(ours.found?.[index])), JSON.stringify(normal(scaled))];
    return a === b ? [] : [{ line: item, ours: a, theirs: b }];
  });
  t.strictSame(differences.slice(0, 3), [], `${title}: ${question.lines.length} lines`);
  if (theirs.templates)
    t.strictSame(named(ours.templates), named(theirs.templates), `${title}: the same order and hits`);
  return question.lines.length;
}

/** Every line of fail2ban's corpus, in its files' order. */
const corpus = readdirSync(join(FAIL2BAN, 'fail2ban/tests/files/logs'), { withFileTypes: true })
  .filter((entry) => entry.isFile())
  .flatMap((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8').split('\n'))
  .filter((line) => line !== '' && !line.startsWith('#'));

t.test('the corpus, by every pattern of the stock filters', async (t) => {
  let count = 0;
  for (const datepattern of stockPatterns()) {
    for (const zone of ZONES) {
      const now = zone === 'Europe/Zurich' ? CORPUS_TIME : NOW;
      count += await compare(t, { zone, now, started: NOW, lines: corpus, ...(datepattern && { datepattern }) });
    }
  }
  t.comment(`${count} lines`);
});

t.test('all formats and dates, by every pattern of the stock filters', async (t) => {
  let count = 0;
  for (const [index, datepattern] of stockPatterns().entries()) {
    const lines = dates.map((date, at) => {
      const [before, behind] = AROUND[(at + index) % AROUND.length] as (typeof AROUND)[number];
      return before + date + behind;
    });
    const zone = ZONES[index % ZONES.length] as string;
    count += await compare(t, { zone, now: NOW, lines, ...(datepattern && { datepattern }) });
  }
  t.comment(`${count} lines`);
});

t.test('each format with everything around it', async (t) => {
  let count = 0;
  for (const format of FORMATS) {
    const date = dateText(format, [2026, 11, 20, '05:48:17']);
    for (const datepattern of [undefined, '{^LN-BEG}', '^[^\\[]*\\[({DATE})']) {
      const lines = AROUND.map(([before, behind]) => before + date + behind);
      count += await compare(t, { zone: 'Europe/Zurich', now: NOW, lines, ...(datepattern && { datepattern }) });
    }
  }
  t.comment(`${count} lines`);
});

t.test('a line of a usual form, and one that differs by some characters', async (t) => {
  const below = random(20_261_121);
  const forms: readonly (readonly [string | undefined, string])[] = [
    ['{^LN-BEG}', 'Nov 20 05:48:17 host sshd[7]: x'],
    ['{^LN-BEG}', 'Fri Nov 20 05:48:17.123456 2026 [core:error] x'],
    ['{^LN-BEG}', '2026-11-20T05:48:17.123456+01:00 host sshd[7]: x'],
    ['{^LN-BEG}', '[2026/11/20 05:48:17] x'],
    [undefined, '2026-11-20 05:48:17,123 fail2ban.filter'],
    ['{^LN-BEG}', '20-Nov-2026 05:48:17.123 client'],
    ['^[^\\[]*\\[({DATE})', '192.0.2.7 - - [20/Nov/2026:05:48:17 +0100] "GET / HTTP/1.1" 200'],
    [undefined, 'host mysqld[7]: 2026-11-20 05:48:17 7 [Note] x'],
    [undefined, 'type=USER_LOGIN msg=audit(1763700000.123:42): x'],
    ['{^LN-BEG}LEPOCH', '1763700000123456 x'],
    [undefined, '@400000006920097100000000 x'],
  ];
  let count = 0;
  for (const [datepattern, line] of forms) {
    const lines = Array.from({ length: 4000 }, (_, index) => (index % 2 === 0 ? line : mutated(line, below)));
    count += await compare(t, { zone: 'Europe/Zurich', now: NOW, lines, ...(datepattern && { datepattern }) });
  }
  t.comment(`${count} lines`);
});

t.test('formats that take turns in one log', async (t) => {
  const below = random(7);
  for (const zone of ZONES) {
    const mixed = Array.from({ length: 3000 }, (_, index) => {
      const before = below(3) === 0 ? `host prog[${below(2000)}]: ` : '';
      const line = `${before}${dates[below(dates.length)]} text ${dates[below(dates.length)]}`;
      return [NOW + index * (below(50) === 0 ? 400 : 1), line] as const;
    });
    for (const datepattern of ['', '{^LN-BEG}', '{DATE}', '%H:%M\n%Y\n%d/%m\n%b %d$\nTAI64N\nEPOCH']) {
      await compare(t, { zone, now: NOW, datepattern, lines: mixed });
    }
  }
});

t.test('dates without a year around New Year, and times without a date around midnight', async (t) => {
  const texts = [
    'Dec 31 23:59:59 x',
    'Jan  1 00:00:01 x',
    'Jan  2 00:00:00 x',
    'Feb 29 01:00:00 x',
    'Dec 30 12:00:00 x',
  ];
  const times = ['00:00:01 x', '23:59:59 x', '12:00:00 x', '02:30:00 x'];
  const nows = [
    ...[-2, -1, 0, 1, 2].map((days) => 1_798_761_600 + days * 86_400),
    ...[-86_401, -86_400, -3601, -3600, -1, 1, 3599, 3600].map((seconds) => 1_798_761_600 + seconds),
    ...[1_709_164_800, 1_709_251_200, 1_743_296_400, 1_729_990_800, 1_762_063_200],
  ];
  const lines = nows.flatMap((now) => [...texts, ...times].map((line) => [now, line] as const));
  for (const zone of ZONES) {
    for (const timezone of [undefined, 'UTC+0200', '-1200', 'UTC-0930']) {
      await compare(t, { zone, now: NOW, lines, ...(timezone && { timezone }) });
      await compare(t, { zone, now: NOW, lines, datepattern: '{^LN-BEG}', ...(timezone && { timezone }) });
    }
  }
});

t.test('wall times of many zones, in and out of order', async (t) => {
  const below = random(42);
  const zones = [
    ...ZONES,
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
    'America/St_Johns',
    'Asia/Tehran',
    'Pacific/Apia',
    'America/Sao_Paulo',
  ];
  const datepattern = '^%Y-%m-%d %H:%M:%S';
  const text = (time: number): string => new Date(time).toISOString().slice(0, 19).replace('T', ' ');
  for (const zone of zones) {
    const anywhere = Array.from({ length: 1000 }, () => text(below(1 << 23) * 256_000));
    const year = Array.from({ length: 8760 * 2 }, (_, half) => text(Date.UTC(2026, 0, 1) + half * 1_800_000));
    await compare(t, { zone, now: NOW, datepattern, lines: year });
    await compare(t, { zone, now: NOW, datepattern, lines: anywhere });
  }
});

t.test('every token, and the ways to say where a pattern begins and ends', async (t) => {
  const tokens = 'aAbBcdfGHIjklmMpSuUVwWxXyYzZ%'.split('').map((token) => `%${token}`);
  const exact = 'YydmHklMSZz'.split('').map((token) => `%Ex${token}`);
  const patterns = [
    ...[...tokens, ...exact].flatMap((token) => [
      token,
      `^${token}$`,
      `{^LN-BEG}x${token}**`,
      `**${token}`,
      `{UNB}${token}\\s`,
    ]),
    ...[
      '%q',
      '%',
      '%E',
      '%Ex',
      '%Exq',
      '100%',
      '%5d',
      '(',
      '[',
      '*',
      '%Y%Y',
      '(?P<Y>x)%Y',
      '%Y\n%Y',
      '{DATE}\n{DATE}',
      '\\{DATE\\}',
    ],
    ...[
      '%y %U %A %H',
      '%y %W %A',
      '%y %W %w',
      '%Y %j',
      '%j',
      '%Y-%m',
      '%b',
      '%d',
      '%d %H',
      '%I:%M %p',
      '%l %p',
      '%B %d %Y',
      '%I(?: %p)?',
    ],
    ...[
      '(%Y)-%m',
      '%Y|(%m)',
      '(?i)t%Y',
      '(?iu)**time:%ExY%Exm**',
      '\\**%H\\**',
      '{EPOCH}',
      'x{LEPOCH}y',
      '(a){EPOCH}',
      '%Y {EPOCH}',
    ],
    ...[
      '{UNB}{^LN-BEG}%Y',
      '{^LN-BEG}^%Y',
      '{^ln-beg}%Y',
      '{^ln-beg}',
      '{none}',
      '{default}',
      '%Y\n{DEFAULT}',
      '{^LN-BEG}\n{^LN-BEG}%b %d',
    ],
    ...[
      '{^LN-BEG}TAI64N\n{^LN-BEG}',
      'x{DATE}y',
      '^{date}',
      '{DATE}%Y',
      '(?:^|x)%Y',
      '(^|x)%Y',
      '(?P<H>.+)-(?P<d>\\w*)',
      '%ExZ%Y',
      '%Y ?%Exz',
    ],
  ];
  const lines = [
    ...'2026 1999 26 11 21 5 31 30 366 060 53 00 7 0 am PM Sat saturday November nov Z CET UTC CEST ERROR +0100 -05 CET+01:30 123456 %'.split(
      ' ',
    ),
    ...[
      '01 11 Wednesday 21',
      '01 00 Sunday',
      '01 53 Saturday',
      '26 5 0',
      '2026 366',
      '2025 366',
      '2026-11',
      '12:30 AM',
      '12:30 pm',
      ' 5 PM',
    ],
    ...[
      'Sat Nov 21 05:48:17 2026',
      '11/21/26',
      '05:48:17',
      'November 21 2026',
      'x2026',
      '2026 ',
      'time:202611',
      '*12*',
      '20261121T054817',
    ],
    ...[
      '1763700000',
      'x1763700000123y',
      'a1763700000',
      '٢٠٢٦',
      '２０２６-１１',
      '2026 CET',
      '2026 cet',
      'A2026',
      '2026Z',
      '2026 EST-05',
      '2026 J',
    ],
    ...['12-5', '٣-x', '1_2-3', ' 7-', 'ſep', 'ſat', 'x2026-11-21 05:48:17y', '', ' ', '2026 ChST'],
  ];
  for (const datepattern of patterns) {
    await compare(t, { zone: 'Europe/Zurich', now: NOW, datepattern, lines });
    await compare(t, { zone: 'Europe/Zurich', now: NOW, datepattern, lines: lines.map((line) => `# ${line} x`) });
  }
});

t.test('log time zones', async (t) => {
  const zones = [
    '',
    'UTC',
    'Z',
    'CET',
    'CEST-01',
    'UTC+0130',
    '+05:45',
    '-12',
    'ChST',
    'XYZ',
    'utc',
    'Europe/Zurich',
    'UTC+5',
    'J',
    '+2500',
  ];
  const lines = [
    '2026-11-20 05:48:17 x',
    '2026-11-20 05:48:17 +0100 x',
    'Nov 20 05:48:17 x',
    '05:48:17 x',
    '1763700000 x',
  ];
  for (const timezone of zones) await compare(t, { zone: 'America/New_York', now: NOW, timezone, lines });
});

t.test('the years of %ExY, by the year of the start', async (t) => {
  const lines = [1989, 1990, 1999, 2000, 2009, 2010, 2019, 2020, 2026, 2029, 2030, 2036, 2039, 2040].map(
    (year) => `${year}-06-05 04:05:06 x`,
  );
  for (const year of [2005, 2016, 2017, 2026, 2027, 2036, 2037]) {
    await compare(t, { zone: 'UTC', now: Date.UTC(year, 5, 5) / 1000, lines });
  }
});
