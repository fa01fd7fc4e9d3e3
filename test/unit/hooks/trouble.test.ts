import t from 'tap';
import { Trouble } from '../../../src/hooks/trouble.js';

t.test('told when it begins, when it ends, and every ten minutes between', async (t) => {
  const said: string[] = [];
  const state = { now: 0 };
  const trouble = new Trouble({
    config: { name: 'notify' },
    now: () => state.now,
    problem: (sentence) => said.push(sentence),
    note: (sentence) => said.push(`note ${sentence}`),
  });
  trouble.ended();
  t.equal(trouble.failing, null);
  for (const now of [0, 1, 599_999, 600_000]) {
    state.now = now;
    trouble.began(`at ${now}`);
  }
  t.equal(trouble.failing, 'at 600000');
  trouble.ended();
  trouble.began('again');
  t.same(said, [
    'hook notify fails: at 0',
    'hook notify fails: at 600000',
    'note hook notify works again',
    'hook notify fails: again',
  ]);
});

t.test('a queue that is full', async (t) => {
  const said: string[] = [];
  const state = { now: 0 };
  const tell = (sentence: string): unknown => said.push(sentence);
  const trouble = new Trouble({ config: { name: 'a' }, now: () => state.now, problem: tell, note: tell });
  for (const now of [0, 1, 600_000]) {
    state.now = now;
    trouble.overflowed(10);
  }
  t.match(said, [/^hook a: 10 events wait/, /^hook a: 10 events wait/]);
});
