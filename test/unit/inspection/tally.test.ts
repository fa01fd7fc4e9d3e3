import t from 'tap';
import type { Catch, Outcome } from '../../../src/inspection/outcome.js';
import { Tally } from '../../../src/inspection/tally.js';

const caught = (id: string | undefined, regex = 0): Catch => ({
  regex,
  kind: id === undefined ? 'pending' : 'failure',
  id,
  isName: id === 'example.org',
  time: 0,
  groups: {},
  lines: 1,
});

const outcome = (...hits: Catch[]): Outcome => ({
  line: 1,
  text: 'x',
  verdict: hits.length > 0 ? 'matched' : 'missed',
  hits,
});

t.test('lines by what became of them, and the hits of each expression', async (t) => {
  const tally = new Tally(1);
  for (const one of [outcome(), outcome(caught('192.0.2.1')), outcome(caught('192.0.2.1'), caught(undefined, 2))]) {
    t.same(tally.add(one), [one]);
  }
  tally.add({ ...outcome(), verdict: 'ignored', ignoredBy: 1 });
  t.same(tally.verdicts, { matched: 2, pending: 0, ignored: 1, missed: 1 });
  t.equal(tally.lines, 4);
  t.same([tally.hits[0], tally.hits[1], tally.hits[2]], [2, undefined, 1]);
  t.equal(tally.ignoring[1], 1);
});

t.test('who is blamed most comes first, then by name', async (t) => {
  const tally = new Tally(1);
  for (const id of ['192.0.2.2', '192.0.2.1', '192.0.2.3', '192.0.2.3', 'example.org']) tally.add(outcome(caught(id)));
  t.same(tally.most(2), [
    { id: '192.0.2.3', isName: false, count: 2 },
    { id: '192.0.2.1', isName: false, count: 1 },
  ]);
  t.equal(tally.most(9).at(-1)?.isName, true);
  t.equal(tally.ids, 4);
});

t.test('more than 100,000 addresses are not told apart', async (t) => {
  const tally = new Tally(1);
  for (let index = 0; index < 100_002; index++) tally.add(outcome(caught(`a${index}`)));
  tally.add(outcome(caught('a7')));
  t.equal(tally.ids, 100_000);
  t.equal(tally.uncounted, 2);
  t.equal(tally.most(1)[0]?.id, 'a7');
});

t.test('where matches span lines, verdicts come later', async (t) => {
  const tally = new Tally(2);
  t.same(tally.add(outcome()), []);
  t.equal(tally.lines, 0);
  t.same(tally.end(), [outcome()]);
  t.equal(tally.verdicts.missed, 1);
});
