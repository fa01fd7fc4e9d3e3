import t from 'tap';
import { Names } from '../../../src/never/names.js';

function names(hosts: Record<string, readonly string[]>) {
  const state = { now: 1000, hosts, asked: 0, most: 0 };
  let open = 0;
  const found = new Names(
    () => state.now,
    async (name) => {
      state.most = Math.max(state.most, ++open);
      await new Promise(setImmediate);
      open--;
      if (!state.hosts[name]) throw new Error('ENOTFOUND');
      return state.hosts[name].map((address) => ({ address }));
    },
  );
  const answer = (name: string) => {
    const known = found.answerOf(name);
    return known && { ...known, prefixes: known.prefixes.map(String) };
  };
  return { state, found, answer };
}

t.test('answers, in order and each address once, and since when', async (t) => {
  const { state, found, answer } = names({
    a: ['192.0.2.2', '192.0.2.1', '192.0.2.2', 'fe80::1%eth0', '::ffff:192.0.2.1'],
  });
  t.equal(answer('a'), undefined);
  await found.look(['a']);
  t.same(answer('a'), { prefixes: ['192.0.2.1', '192.0.2.2', 'fe80::1'], since: 1000 });
  state.now = 2000;
  await found.look(['a']);
  t.equal(answer('a')?.since, 1000, 'the same');
  state.hosts = { a: ['192.0.2.3'] };
  await found.look(['a']);
  t.same(answer('a'), { prefixes: ['192.0.2.3'], since: 2000 });
});

t.test('the last answer stands while nobody answers, or has none', async (t) => {
  const { state, found, answer } = names({ a: ['192.0.2.1'] });
  await found.look(['a', 'b']);
  t.same(answer('b'), { prefixes: [], since: 1000, fault: 'ENOTFOUND' });
  state.hosts = {};
  await found.look(['a', 'b']);
  t.same(answer('a'), { prefixes: ['192.0.2.1'], since: 1000, fault: 'ENOTFOUND' });
  state.hosts = { a: [] };
  await found.look(['a']);
  t.match(answer('a'), { prefixes: ['192.0.2.1'], fault: 'it has no address' });
  t.equal(answer('b'), undefined, 'who is not asked for any more is forgotten');
});

t.test('two at a time, and the addresses of one are bounded', async (t) => {
  const many = Array.from({ length: 100 }, (_, index) => `192.0.2.${index}`);
  const { state, found, answer } = names(Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [name, many])));
  await found.look(['a', 'b', 'c', 'd']);
  t.equal(state.most, 2);
  t.equal(answer('d')?.prefixes.length, 64);
});

t.test("the system's resolver", async (t) => {
  const found = new Names(() => 1);
  await found.look(['localhost']);
  t.ok((found.answerOf('localhost')?.prefixes.length ?? 0) > 0);
});
