import t from 'tap';
import { type Lookup, Resolver } from '../../../src/detection/resolver.js';
import { NOW } from '../../jail.js';

/** A resolver on a clock that only the test moves, and what it asks. */
function asked(answer: (name: string) => readonly string[] | Error) {
  const state = { now: NOW, asked: [] as string[] };
  const lookup: Lookup = async (name) => {
    state.asked.push(name);
    const addresses = answer(name);
    if (addresses instanceof Error) throw addresses;
    return addresses.map((address) => ({ address }));
  };
  const resolver = new Resolver(() => state.now, lookup);
  const resolve = (name: string): Promise<string[]> =>
    new Promise((resolve) => resolver.resolve(name, (prefixes) => resolve(prefixes.map(({ text }) => text))));
  return { state, resolver, resolve };
}

const failed = (code: string): Error => Object.assign(new Error(code), { code });

t.test('as the system resolves names: /etc/hosts, and none for what nobody knows', async (t) => {
  const resolver = new Resolver(() => NOW);
  const resolve = (name: string): Promise<string[]> =>
    new Promise((resolve) => resolver.resolve(name, (prefixes) => resolve(prefixes.map(({ text }) => text))));
  t.ok((await resolve('localhost')).some((address) => address === '127.0.0.1' || address === '::1'));
  t.same(await resolve('nobody.invalid'), []);
  t.same(await resolve('x'.repeat(300)), []);
});

t.test('all addresses of a name, without a zone', async (t) => {
  const { resolve } = asked(() => ['192.0.2.7', '2001:db8::1', '::ffff:192.0.2.8', 'fe80::1%eth0']);
  t.same(await resolve('a.example'), ['192.0.2.7', '2001:db8::1', '192.0.2.8']);
});

t.test('an answer is remembered for five minutes, also that there is none', async (t) => {
  for (const answer of [['192.0.2.7'], [], failed('ENOTFOUND')]) {
    const { state, resolve } = asked(() => answer);
    const first = await resolve('a.example');
    state.now += 299_999;
    t.same(await resolve('a.example'), first);
    t.same(state.asked, ['a.example']);
    state.now += 1;
    await resolve('a.example');
    t.equal(state.asked.length, 2);
  }
});

t.test('that nobody answered is remembered for half a minute', async (t) => {
  const { state, resolve } = asked(() => failed('EAI_AGAIN'));
  t.same(await resolve('a.example'), []);
  state.now += 29_999;
  await resolve('a.example');
  t.equal(state.asked.length, 1);
  state.now += 1;
  await resolve('a.example');
  t.equal(state.asked.length, 2);
});

t.test('who asks for a name that is being asked for waits with the others', async (t) => {
  const { state, resolve } = asked(() => ['192.0.2.7']);
  t.same(await Promise.all([resolve('a.example'), resolve('a.example')]), [['192.0.2.7'], ['192.0.2.7']]);
  t.equal(state.asked.length, 1);
});

t.test('a thousand names are remembered, and the oldest goes first', async (t) => {
  const { state, resolve } = asked(() => []);
  for (let index = 0; index <= 1000; index++) await resolve(`${index}.example`);
  await resolve('1000.example');
  await resolve('1.example');
  t.equal(state.asked.length, 1001);
  await resolve('0.example');
  t.equal(state.asked.length, 1002);
});

t.test('two hundred names wait at a time; more have no address', async (t) => {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  let count = 0;
  const resolver = new Resolver(
    () => NOW,
    async () => {
      count++;
      await held;
      return [{ address: '192.0.2.7' }];
    },
  );
  const found: number[] = [];
  for (let index = 0; index < 300; index++)
    resolver.resolve(`${index}.example`, (prefixes) => found.push(prefixes.length));
  t.equal(count, 200);
  t.same(found, Array(100).fill(0));
  release();
  await new Promise(setImmediate);
  t.equal(found.length, 300);
  t.equal(found.filter((length) => length === 1).length, 200);
});
