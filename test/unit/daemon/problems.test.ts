import t from 'tap';
import { Problems } from '../../../src/daemon/problems.js';

t.test('said in the log, and kept with their time, the newest fifty', async (t) => {
  const said: string[] = [];
  const problems = new Problems(
    (level, sentence) => said.push(`${level} ${sentence}`),
    () => 1_700_000_000_000,
  );
  t.same(problems.all, []);
  problems.add('it rains');
  t.same(said, ['warning it rains']);
  t.same(problems.all, ['2023-11-14T22:13:20.000Z it rains']);
  for (let index = 0; index < 60; index++) problems.add(`${index}`);
  t.equal(problems.all.length, 50);
  t.match(problems.all[0], / 10$/);
  t.match(problems.all.at(-1), / 59$/);
});
