import t from 'tap';
import { type Catch, catchOf, recordOf, verdictOf } from '../../../src/inspection/outcome.js';
import { Prefix } from '../../../src/model/prefix.js';

const finding = {
  groups: { ip4: '192.0.2.1', user: undefined, nofail: 'x', mlfgained: 'y' },
  users: undefined,
  matches: ['one', 'two'],
  harmless: [],
  isNoFailure: false,
  isPending: false,
};
const identity = { text: '192.0.2.1', prefix: Prefix.parse('192.0.2.1') };
const hit = { regex: 2, identity, time: 1500, finding };

const caught = (kind: Catch['kind']): Catch => ({ ...catchOf(hit, false), kind });

t.test('a hit as it was at that line', async (t) => {
  const { groups, kind, id, isName, time, regex } = catchOf(hit, false);
  t.same({ kind, id, isName, time, regex }, { kind: 'failure', id: '192.0.2.1', isName: false, time: 1500, regex: 2 });
  t.same(
    groups,
    { ip4: '192.0.2.1' },
    'without groups that took no part, and without those that say that nothing failed',
  );
  finding.groups.ip4 = '192.0.2.2';
  t.equal(groups.ip4, '192.0.2.1', "the session's next line changes nothing");
});

t.test('what is no failure, and whose nobody knows', async (t) => {
  const harmless = catchOf({ ...hit, finding: { ...finding, isNoFailure: true } }, false);
  t.equal(harmless.kind, 'harmless');
  t.equal(harmless.groups.nofail, 'x');
  t.match(catchOf({ ...hit, identity: undefined }, false), { kind: 'pending', id: undefined });
  t.equal(catchOf({ ...hit, identity: { text: 'example.org', isName: true } }, false).isName, true);
});

t.test('lines that a match spans', async (t) => {
  t.equal(catchOf(hit, true).lines, 2);
  t.equal(catchOf(hit, false).lines, 1);
  const session = { ...finding, groups: { mlfid: 'sshd[1]' } };
  t.equal(catchOf({ ...hit, finding: session }, true).lines, 1, 'the lines of a session are others');
});

t.test('verdicts', async (t) => {
  t.equal(verdictOf([], false), 'missed');
  t.equal(verdictOf([caught('failure')], false), 'matched');
  t.equal(verdictOf([caught('pending')], false), 'pending');
  t.equal(verdictOf([caught('harmless')], false), 'ignored');
  t.equal(verdictOf([], true), 'ignored');
  t.equal(verdictOf([caught('failure'), caught('harmless')], false), 'ignored');
  t.equal(verdictOf([caught('pending'), caught('failure')], false), 'matched');
});

t.test('records hold failures alone, with seconds', async (t) => {
  const outcome = { line: 7, text: 'x', verdict: 'matched' as const, hits: [caught('failure'), caught('harmless')] };
  t.same(recordOf(outcome), {
    line: 7,
    matches: [{ regex: 2, id: '192.0.2.1', time: 1.5, groups: { ip4: '192.0.2.2' } }],
  });
  const undated = { ...outcome, hits: [{ ...caught('failure'), time: undefined }] };
  t.equal(recordOf(undated).matches[0]?.time, null);
});
