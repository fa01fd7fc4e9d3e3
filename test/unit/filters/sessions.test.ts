import t from 'tap';
import type { Groups } from '../../../src/filters/groups.js';
import { type Finding, findingOf, Sessions } from '../../../src/filters/sessions.js';

const MINUTE = 60_000;

/** What the lines of sessions mean: groups go in, and out comes whether the line counts, with how many lines, of whom. */
class Table {
  now = 0;
  readonly #sessions: Sessions;
  #line = 0;

  constructor(capacity?: number) {
    this.#sessions = new Sessions(() => this.now, capacity);
  }

  merge(groups: Groups, id = 's1'): Finding {
    const finding = this.#sessions.merge(id, { mlfid: id, ...groups }, [`line ${++this.#line}`]);
    // As a filter does with a line that blames nobody.
    if (!finding.isNoFailure && !finding.groups.ip4) finding.isPending = true;
    return finding;
  }

  /** `fails 2 lines: 192.0.2.7`, `waits`, or `nothing`. */
  says(groups: Groups, id?: string): string {
    const { isNoFailure, isPending, matches, groups: known } = this.merge(groups, id);
    if (isNoFailure) return 'nothing';
    return isPending ? 'waits' : `fails ${matches.length} lines: ${known.ip4}`;
  }
}

const ADDRESS = { ip4: '192.0.2.7' };
const FAILED = {};
const HARMLESS = { nofail: 'Connection from' };
const GAINED = { mlfgained: 'Accepted', mlfforget: 'Accepted' };
const CLOSED = { nofail: 'Connection closed', mlfforget: 'Connection closed' };

/** Each row is a session: what its lines say, and what they mean. */
const SESSIONS: readonly (readonly [sentence: string, ...(readonly [Groups, string])[]])[] = [
  ['a failure by itself', [{ ...ADDRESS, user: 'ann' }, 'fails 1 lines: 192.0.2.7']],
  [
    'a failure of somebody who is known already',
    [{ ...HARMLESS, ...ADDRESS }, 'nothing'],
    [FAILED, 'fails 2 lines: 192.0.2.7'],
    [FAILED, 'fails 1 lines: 192.0.2.7'],
  ],
  ['a failure whose sender comes later', [FAILED, 'waits'], [{ ...HARMLESS, ...ADDRESS }, 'fails 2 lines: 192.0.2.7']],
  [
    'several of them',
    [FAILED, 'waits'],
    [FAILED, 'waits'],
    [{ ...CLOSED, ...ADDRESS }, 'fails 3 lines: 192.0.2.7'],
    [{ ...HARMLESS, ...ADDRESS }, 'nothing'],
  ],
  ['nobody failed', [{ ...HARMLESS, ...ADDRESS }, 'nothing'], [{ ...CLOSED, ...ADDRESS }, 'nothing']],
  [
    'access is gained after a failure that counted',
    [{ ...ADDRESS, user: 'ann' }, 'fails 1 lines: 192.0.2.7'],
    [{ ...GAINED, ...ADDRESS, user: 'ann' }, 'nothing'],
  ],
  [
    'access gained forgives what was pending',
    [{ user: 'ann' }, 'waits'],
    [{ ...GAINED, ...ADDRESS, user: 'ann' }, 'nothing'],
  ],
  [
    'but not that several users were tried',
    [{ ...HARMLESS, ...ADDRESS, user: 'ann' }, 'nothing'],
    [{ ...GAINED, ...ADDRESS, user: 'bob' }, 'fails 2 lines: 192.0.2.7'],
  ],
  [
    'a second user makes a line without failure count',
    [{ ...ADDRESS, user: 'ann' }, 'fails 1 lines: 192.0.2.7'],
    [{ ...CLOSED, ...ADDRESS, user: 'bob' }, 'fails 1 lines: 192.0.2.7'],
  ],
  [
    'no user is not another user',
    [{ ...HARMLESS, ...ADDRESS, user: 'ann' }, 'nothing'],
    [{ ...HARMLESS, user: '' }, 'nothing'],
    [{ ...HARMLESS, user: undefined }, 'nothing'],
  ],
  [
    'what is over is forgotten',
    [{ ...HARMLESS, ...ADDRESS, user: 'ann' }, 'nothing'],
    [{ ...CLOSED, ...ADDRESS }, 'nothing'],
    [FAILED, 'waits'],
  ],
  ['a first line may be the last', [{ ...CLOSED, ...ADDRESS }, 'nothing'], [FAILED, 'waits']],
  [
    'groups that took no part do not overwrite',
    [{ ...HARMLESS, ...ADDRESS }, 'nothing'],
    [{ ip4: undefined }, 'fails 2 lines: 192.0.2.7'],
    [{ ip4: '192.0.2.8' }, 'fails 1 lines: 192.0.2.8'],
  ],
];

for (const [sentence, ...lines] of SESSIONS) {
  t.test(sentence, async (t) => {
    const table = new Table();
    for (const [index, [groups, expected]] of lines.entries())
      t.equal(table.says({ ...groups }), expected, `line ${index + 1}`);
  });
}

t.test('sessions do not mix', async (t) => {
  const table = new Table();
  table.merge({ ...HARMLESS, ...ADDRESS }, 's1');
  t.equal(table.says({}, 's2'), 'waits');
  t.equal(table.says({}, 's1'), 'fails 2 lines: 192.0.2.7');
});

t.test('the lines that count are those that have not been counted, the oldest first', async (t) => {
  const table = new Table();
  table.merge({ ...HARMLESS, ...ADDRESS });
  table.merge({ ...HARMLESS });
  t.same(table.merge({}).matches, ['line 1', 'line 2', 'line 3']);
  table.merge({ ...HARMLESS });
  t.same(table.merge({}).matches, ['line 4', 'line 5']);
});

t.test('users are told once each', async (t) => {
  const table = new Table();
  table.merge({ ...ADDRESS, user: 'ann' });
  table.merge({ user: 'bob' });
  t.same(table.merge({ user: 'ann' }).users, ['ann', 'bob']);
  t.equal(table.merge({ ...HARMLESS }, 's2').users, undefined);
});

t.test('an attacker cannot make a session large', async (t) => {
  const table = new Table();
  for (let index = 0; index < 300; index++) table.merge({ ...HARMLESS, user: '' });
  for (let index = 0; index < 300; index++) table.merge({ user: `user ${index}` });
  const { users, matches } = table.merge({ ...ADDRESS });
  t.equal(users?.length, 100);
  t.equal(matches.length, 100);
  t.equal(matches.at(-1), 'line 601');
});

t.test('a session is over five minutes after its first line', async (t) => {
  const table = new Table();
  table.merge({ ...HARMLESS, ...ADDRESS });
  table.now = 5 * MINUTE - 1;
  t.equal(table.says({}), 'fails 2 lines: 192.0.2.7');
  table.now = 5 * MINUTE;
  t.equal(table.says({}), 'waits');
});

t.test('when there are too many, the oldest is forgotten', async (t) => {
  const table = new Table(2);
  for (const id of ['s1', 's2', 's3']) table.merge({ ...HARMLESS, ...ADDRESS }, id);
  t.equal(table.says({}, 's3'), 'fails 2 lines: 192.0.2.7');
  t.equal(table.says({}, 's2'), 'fails 2 lines: 192.0.2.7');
  t.equal(table.says({}, 's1'), 'waits', 'it has begun anew');
});

t.test('a hundred sessions, as fail2ban has', async (t) => {
  const table = new Table();
  for (let index = 0; index <= 100; index++) table.merge({ ...HARMLESS, ...ADDRESS }, `s${index}`);
  t.equal(table.says({}, 's1'), 'fails 2 lines: 192.0.2.7');
  t.equal(table.says({}, 's0'), 'waits');
});

t.test('a line that counts after all is no line without failure any more', async (t) => {
  const table = new Table();
  table.merge({ ...HARMLESS, ...ADDRESS, user: 'ann' });
  const { groups } = table.merge({ ...GAINED, mlfforget: undefined, user: 'bob' });
  t.same([groups.nofail, groups.mlfgained], [undefined, undefined]);
});

t.test('a finding of one line by itself', async (t) => {
  t.same(findingOf({ ip4: '192.0.2.7' }, ['line']), {
    groups: { ip4: '192.0.2.7' },
    users: undefined,
    matches: ['line'],
    harmless: [],
    isNoFailure: false,
    isPending: false,
  });
  t.equal(findingOf({ nofail: 'x' }).isNoFailure, true);
  t.equal(findingOf({ nofail: '' }).isNoFailure, false);
});
