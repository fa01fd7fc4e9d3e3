import t from 'tap';
import type { JailConfig } from '../../../src/config/types.js';
import type { Watch } from '../../../src/detection/watch.js';
import { definition, jail, line, NOW, watches } from '../../jail.js';

function watch(more: Partial<JailConfig> = {}) {
  const made = watches([jail('a', more)]);
  const it = made.watches[0] as Watch;
  it.filter.isLive = true;
  const see = (text: string): string[] => {
    const whole = line(text).trimEnd();
    return it.filter.match(whole, true).flatMap((hit) => {
      const verdict = it.consider(hit, { text: whole, source: '/a', position: 0 });
      return verdict ? [verdict.ban.prefix.text] : [];
    });
  };
  return { state: made.state, watch: it, see };
}

t.test('the last straw is a verdict', async (t) => {
  const { watch: it, see } = watch({ bantime: 3_600_000 });
  t.same(see('knock from 192.0.2.7'), []);
  const text = line('knock from 192.0.2.7').trimEnd();
  const [hit] = it.filter.match(text, true);
  t.match(hit && it.consider(hit, { text, source: '/a', position: 0 }), {
    kind: 'ban',
    ban: { jail: 'a', since: NOW, until: NOW + 3_600_000, reason: /^2 failures at once/ },
  });
  t.match(it.counts, { failures: 2, bans: 1, lines: 0 });
  it.saw(5);
  it.saw(2);
  t.equal(it.counts.lines, 7);
});

t.test('whom nobody may ban is counted, and not banned', async (t) => {
  const { watch: it, see } = watch({ maxretry: 1, ignoreip: ['192.0.2.0/24'] });
  t.same(see('knock from 203.0.113.9'), [], 'never-rules');
  t.same(see('knock from 192.0.2.7'), [], 'ignoreip');
  t.same(see('knock from 198.51.100.7'), ['198.51.100.7']);
  t.match(it.counts, { never: 2, failures: 1 });
});

t.test('a piece of an address is nobody', async (t) => {
  const filter = definition(['knock .*from.*<ADDR>$']);
  const { watch: it, see } = watch({ maxretry: 1, filter });
  t.same(see('knock from 192.0.2.1'), [], 'the greedy expression leaves 2.0.2.1 at most');
  t.equal(it.counts.invalid, 1);
  const other = watch({ maxretry: 1 });
  t.same(other.see('knock from 999.1.1.1'), []);
  t.equal(other.watch.counts.invalid, 1);
});

t.test('a failure that blames an id and no address bans nobody', async (t) => {
  const { watch: it, see } = watch({ maxretry: 1, filter: definition(['^ knock by <F-ID>\\S+</F-ID>$']) });
  t.same(see('knock by somebody'), []);
  t.equal(it.counts.invalid, 1);
  t.same(see('knock by 192.0.2.7'), ['192.0.2.7'], 'unless the id is an address');
});

t.test("a session's address may stand in an earlier line", async (t) => {
  const filter = definition([
    '^ <F-MLFID>\\S+</F-MLFID>: <F-NOFAIL>begin</F-NOFAIL> from <ADDR>$',
    '^ <F-MLFID>\\S+</F-MLFID>: failed$',
  ]);
  const { see } = watch({ maxretry: 1, filter });
  t.same(see('s1: begin from 192.0.2.7'), []);
  t.same(see('s1: failed'), ['192.0.2.7']);
  t.same(see('s2: failed'), [], 'nobody knows who');
});

t.test('so may that of an expression that spans lines', async (t) => {
  const filter = definition(['^ begin <HOST>$<SKIPLINES>^ end$'], { maxlines: 3 });
  const { watch: it, see } = watch({ maxretry: 1, filter });
  t.same([see('begin 192.0.2.7'), see('between'), see('end')].flat(), ['192.0.2.7']);
  t.equal(it.counts.invalid, 0);
});

t.test('usedns no: a name is nobody, and the line no failure', async (t) => {
  const { state, watch: it, see } = watch({ usedns: 'no', maxretry: 1 });
  state.hosts = { 'a.example': ['192.0.2.7'] };
  t.same(see('knock from a.example'), []);
  t.same(state.late, []);
  t.match(it.counts, { failures: 0, unresolved: 0 });
});

t.test('usedns raw: a name is a failure of nobody who can be dropped', async (t) => {
  const { state, watch: it, see } = watch({ usedns: 'raw', maxretry: 1 });
  state.hosts = { 'a.example': ['192.0.2.7'] };
  t.same(see('knock from a.example'), []);
  t.same(state.late, []);
  t.match(it.counts, { failures: 0, unresolved: 1 });
  t.same(see('knock from 192.0.2.7'), ['192.0.2.7']);
});

t.test('usedns yes and warn: all addresses of a name are to blame, later', async (t) => {
  for (const usedns of ['yes', 'warn'] as const) {
    const { state, watch: it, see } = watch({ usedns });
    state.hosts = { 'a.example': ['192.0.2.7', '2001:db8::7', '203.0.113.1'] };
    t.same(see('knock from a.example'), []);
    t.same(see('knock from a.example'), [], usedns);
    t.match(state.late, [
      { ban: { jail: 'a', prefix: { text: '192.0.2.7' } } },
      { ban: { jail: 'a', prefix: { text: '2001:db8::7' } } },
    ]);
    see('knock from nobody.example');
    t.match(it.counts, { failures: 4, bans: 2, never: 2, unresolved: 1 });
  }
});

t.test('what ignoreregex takes back is counted', async (t) => {
  const ignoreregex = [{ text: 'friend', origin: 'test.conf' }];
  const { watch: it, see } = watch({ filter: definition(['knock .*from <HOST>$'], { ignoreregex }), maxretry: 1 });
  t.same(see('knock of a friend from 192.0.2.7'), []);
  t.equal(it.counts.ignored, 1);
});

t.test('an expression that ran out of its time: told each time, set aside by the third', async (t) => {
  const { state, watch: it, see } = watch({ maxretry: 1 });
  const [culprit] = it.filter.expressions.failregex;
  if (!culprit) throw new Error('an expression');
  it.overran(culprit, 'x');
  it.overran(culprit, 'x');
  t.same(see('knock from 192.0.2.7'), ['192.0.2.7']);
  it.overran(culprit, 'the line');
  t.same(see('knock from 192.0.2.7'), []);
  state.now += 600_000;
  t.same(see('knock from 192.0.2.7'), ['192.0.2.7']);
  t.match(state.overruns.at(-1), { jail: 'a', culprit, line: 'the line', isLast: true });
  t.equal(it.counts.overruns, 3);
});

t.test('a filter that cannot be compiled', async (t) => {
  t.throws(() => watch({ filter: definition(['(', '^ <HOST>$']) }), { code: 'filter', message: /test\.conf:1/ });
  t.throws(() => watch({ filter: definition(['nobody to blame']) }), { code: 'filter', message: /names nobody/ });
});

t.test("a good user's failures: everybody's and the jail's, also where the address has to be resolved", async (t) => {
  const filter = definition(['^ no <F-USER>\\S+</F-USER> from <HOST>$']);
  const { state, watches: made } = watches([jail('a', { filter, usedns: 'yes', ignoreuser: ['alice'], maxretry: 1 })]);
  const [watch] = made as [Watch];
  state.hosts = { 'host.example': ['198.51.100.9'] };
  const see = (text: string) =>
    watch.filter
      .match(line(text).trimEnd(), true)
      .map((hit) => watch.consider(hit, { text, source: '', position: 0 }))
      .filter((verdict) => verdict !== undefined).length;
  t.equal(see('no alice from 198.51.100.7'), 0);
  t.equal(see('no bob from 198.51.100.8'), 1);
  see('no alice from host.example');
  t.equal(state.late.length, 0);
  see('no alice from host.example');
  t.equal(state.late.length, 1, 'she had one');
  t.equal(watch.counts.never, 2);
});

t.test('behind a trusted proxy the client is to blame, and never the proxy', async (t) => {
  const filter = definition(['^ <ADDR> knock(?: "<F-FORWARDED>[^"]*</F-FORWARDED>")?$']);
  const { watch: it, see } = watch({ maxretry: 1, filter, trustedProxies: ['10.0.0.0/8'], ignoreip: ['10.0.0.0/8'] });
  t.same(see('10.0.0.2 knock "192.0.2.1, 192.0.2.7"'), ['192.0.2.7']);
  t.same(see('198.51.100.7 knock "192.0.2.1"'), ['198.51.100.7'], 'who is no proxy says what he likes');
  t.same(see('10.0.0.2 knock "x"'), []);
  t.same(see('10.0.0.2 knock'), []);
  t.match(it.counts, { invalid: 2, bans: 2 });
});

t.test('an address before its port is whole', async (t) => {
  const { see } = watch({ maxretry: 1, filter: definition(['^ <ADDR>:<F-PORT>\\d+</F-PORT> knock$']) });
  t.same(see('2001:db8::7:4242 knock'), ['2001:db8::7']);
});
