import t from 'tap';
import { Problems } from '../../../src/daemon/problems.js';

t.test('problems are said, and kept with their time, the newest fifty', async (t) => {
  const said: string[] = [];
  let now = 0;
  const problems = new Problems(
    (level, sentence) => said.push(`${level} ${sentence}`),
    () => now++ * 1000,
  );
  for (let index = 0; index < 60; index++) problems.add(`problem ${index}`);
  t.equal(said.length, 60);
  t.equal(said[0], 'warning problem 0');
  t.equal(problems.all.length, 50);
  t.equal(problems.all[0], '1970-01-01T00:00:10.000Z problem 10');
});

t.test('the same again is said again, and kept once: it must not drive out the others', async (t) => {
  const said: string[] = [];
  let now = 0;
  const problems = new Problems(
    (_level, sentence) => said.push(sentence),
    () => now++ * 1000,
  );
  problems.add('disk full');
  problems.add('another');
  for (let times = 0; times < 100; times++) problems.add('disk full');
  t.equal(said.length, 102);
  t.equal(problems.said, 102);
  t.same(problems.all, ['1970-01-01T00:00:01.000Z another', '1970-01-01T00:01:41.000Z disk full']);
});
