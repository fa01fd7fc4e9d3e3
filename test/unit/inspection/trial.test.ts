import t from 'tap';
import type { Outcome } from '../../../src/inspection/outcome.js';
import { MOST_OVERRUNS, Trial, type TrialOptions } from '../../../src/inspection/trial.js';
import type { FilterDefinition } from '../../../src/model/definition.js';

const NOW = Date.UTC(2026, 0, 2);

const expressions = (...texts: string[]) => texts.map((text) => ({ text, origin: 'test' }));

const definition = (failregex: string[], more: Partial<FilterDefinition> = {}): FilterDefinition => ({
  name: 'x',
  origin: 'test',
  failregex: expressions(...failregex),
  ignoreregex: [],
  maxlines: 1,
  journalmatch: [],
  ...more,
});

const trialOf = (given: FilterDefinition, options: Partial<TrialOptions> = {}): Trial =>
  new Trial(given, { now: () => NOW, stopwatch: () => performance.now(), zone: 'UTC', ...options });

const judge = (trial: Trial, ...texts: string[]): Outcome[] =>
  [...trial.judge(texts.map((text) => ({ text, isAscii: true })))].flat();

t.test('lines are numbered through, and judged as the service does', async (t) => {
  const trial = trialOf(definition(['^ <HOST> failed$', '<HOST> failed$']));
  const outcomes = [
    ...judge(trial, '2026-01-01 00:00:00 192.0.2.1 failed', 'nothing'),
    ...judge(trial, '1999-12-31 23:59:59 192.0.2.2 failed'),
  ];
  t.same(
    outcomes.map(({ line, verdict }) => [line, verdict]),
    [
      [1, 'matched'],
      [2, 'missed'],
      [3, 'matched'],
    ],
  );
  t.equal(outcomes[0]?.hits.length, 1, 'the first that matches wins');
  t.equal(outcomes[2]?.hits[0]?.time, Date.UTC(1999, 11, 31, 23, 59, 59), 'dates of the last century count');
  t.same(judge(trial), []);
});

t.test('text beyond ASCII', async (t) => {
  const trial = trialOf(definition(['\\w+ of <F-USER>\\w+</F-USER> <HOST>$']));
  const lines = ['caf\u00e9 of z\u00fcrich 192.0.2.1', 'login of root 192.0.2.2'].map((text) => ({
    text,
    isAscii: /^[\0-\x7f]*$/.test(text),
  }));
  t.same(
    [...trial.judge(lines)].flat().map(({ hits }) => hits[0]?.groups.user),
    ['z\u00fcrich', 'root'],
  );
});

t.test('every expression may be tried', async (t) => {
  const trial = trialOf(definition(['<HOST> failed$', '<HOST>']), { everyRegex: true });
  t.same(
    judge(trial, '192.0.2.1 failed')[0]?.hits.map(({ regex }) => regex),
    [0, 1],
  );
});

t.test('what is ignored, and by which ignoreregex', async (t) => {
  const trial = trialOf(definition(['^<HOST>'], { ignoreregex: expressions('never', 'not this') }));
  t.match(judge(trial, '192.0.2.1 not this')[0], { verdict: 'ignored', ignoredBy: 1, hits: [] });
  t.equal(judge(trial, '192.0.2.1')[0]?.ignoredBy, undefined);
});

t.test('lines of a session that say that nothing failed, and those that wait for an address', async (t) => {
  const session = ['^<F-MLFID>\\w+</F-MLFID> <F-NOFAIL>hello</F-NOFAIL> <HOST>$', '^<F-MLFID>\\w+</F-MLFID> failed$'];
  const found = judge(trialOf(definition(session)), 'a failed', 'b hello 192.0.2.1', 'b failed');
  t.same(
    found.map(({ verdict }) => verdict),
    ['pending', 'ignored', 'matched'],
  );
});

t.test('zones, and names of hosts', async (t) => {
  const line = '2026-01-01 12:00:00 failed example.org';
  const timeIn = (options: Partial<TrialOptions>): number | undefined =>
    judge(trialOf(definition(['failed <HOST>']), options), line)[0]?.hits[0]?.time;
  t.equal(timeIn({ zone: 'Europe/Zurich' }), Date.UTC(2026, 0, 1, 11));
  t.equal(timeIn({ logtimezone: 'UTC+0200' }), Date.UTC(2026, 0, 1, 10));
  t.equal(judge(trialOf(definition(['failed <HOST>']), { takesNames: false }), line)[0]?.verdict, 'missed');
});

/** The eighth power of the line's length, in lines that are short enough for V8. */
const CATASTROPHE = '^a*a*a*a*a*a*a*a*! <HOST>$';
const LINE = `${'a'.repeat(1500)}?`;

t.test('an expression that runs away is stopped, and the others have their turn', async (t) => {
  const trial = trialOf(definition([CATASTROPHE, 'a[?]$|<HOST>', '^(?P<fid>a+)[?]']));
  const [first, second] = judge(trial, LINE, 'aaa! 192.0.2.1');
  t.equal(first?.overran, trial.filter.expressions.failregex[0]);
  t.same(
    [first?.line, first?.hits[0]?.regex, second?.line, second?.hits[0]?.id],
    [1, 1, 2, '192.0.2.1'],
    'on the next line it is tried again',
  );
  t.equal([...trial.overruns.values()][0], 1);
});

t.test('a prefregex that runs away, and one among several lines, make a line missed', async (t) => {
  const prefixed = definition(['<HOST>'], { prefregex: { text: CATASTROPHE.replace(' <HOST>', ''), origin: 'test' } });
  const multiline = definition([CATASTROPHE, '(?P<fid>a)'], { maxlines: 2 });
  for (const given of [prefixed, multiline]) {
    t.match(judge(trialOf(given), LINE)[0], { line: 1, verdict: 'missed', overran: { role: String } });
  }
});

t.test('a date pattern that runs away', async (t) => {
  const trial = trialOf(definition(['<HOST>'], { datepattern: '^(a*a*a*a*a*a*a*a*%Y)' }));
  t.match(judge(trial, LINE)[0], { verdict: 'missed', overran: 'date' });
});

t.test('what runs away too often is tried no more, and the end comes', async (t) => {
  const trial = trialOf(definition([CATASTROPHE]));
  const outcomes = judge(trial, ...new Array(MOST_OVERRUNS + 500).fill(LINE));
  t.equal(outcomes.length, MOST_OVERRUNS + 500);
  t.equal([...trial.overruns.values()][0], MOST_OVERRUNS);
  t.equal(outcomes.filter(({ overran }) => overran).length, MOST_OVERRUNS);
});
