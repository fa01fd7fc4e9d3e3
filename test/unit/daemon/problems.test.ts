import t from 'tap';
import { Problems } from '../../../src/daemon/problems.js';

t.test('problems are kept with their time, the newest fifty', async (t) => {
  const problems = new Problems();
  for (let index = 0; index < 60; index++)
    problems.hear({ kind: 'problem', message: `problem ${index}` }, index * 1000);
  t.equal(problems.all.length, 50);
  t.equal(problems.all[0], '1970-01-01T00:00:10.000Z problem 10');
});

t.test('the same again is kept once: it must not drive out the others', async (t) => {
  const problems = new Problems();
  for (const message of ['disk full', 'another']) problems.hear({ kind: 'problem', message }, 1000);
  for (let times = 2; times < 102; times++) problems.hear({ kind: 'problem', message: 'disk full' }, times * 1000);
  t.equal(problems.said, 102);
  t.same(problems.all, ['1970-01-01T00:00:01.000Z another', '1970-01-01T00:01:41.000Z disk full']);
});

t.test('of other events only those that are to be shown', async (t) => {
  const problems = new Problems();
  const refused = { kind: 'refused', address: '192.0.2.7', error: 'no room', more: 0 } as const;
  problems.hear({ kind: 'stop', stand: true }, 0);
  problems.hear({ kind: 'note', level: 'warning', message: 'a jail is left out' }, 0);
  problems.hear({ ...refused, kept: false }, 0);
  problems.hear({ ...refused, kept: true }, 0);
  t.same(problems.all, ['1970-01-01T00:00:00.000Z 192.0.2.7 was not written: no room']);
});
