import { execFileSync } from 'node:child_process';
import t from 'tap';
import { type Hooks, readHooks } from '../../../src/backends/nftables/hooks.js';
import { makersOf, orderFindings, type Place } from '../../../src/doctor/order.js';
import { enterNamespace } from '../../namespace.js';

enterNamespace();

const DOCKER = `
  table ip nat {
    chain DOCKER { }
    chain PREROUTING { type nat hook prerouting priority dstnat; policy accept; fib daddr type local counter jump DOCKER; }
    chain POSTROUTING { type nat hook postrouting priority srcnat; policy accept; }
  }
  table ip filter {
    chain DOCKER-USER { }
    chain FORWARD { type filter hook forward priority filter; policy drop; jump DOCKER-USER; }
  }`;
const FIREWALLD = `
  table inet firewalld {
    chain raw_PREROUTING { type filter hook prerouting priority -290; policy accept; }
    chain filter_PREROUTING { type filter hook prerouting priority 10; policy accept; icmpv6 type 134 accept; }
    chain filter_INPUT { type filter hook input priority 10; policy accept; ct state established accept; drop; }
  }`;
const UFW = `
  table ip filter {
    chain ufw-before-input { }
    chain INPUT { type filter hook input priority filter; policy drop; jump ufw-before-input; }
  }`;
const FAIL2BAN = `
  table inet f2b-table {
    chain f2b-chain { type filter hook input priority -1; policy accept; }
  }`;
const EARLY = 'table inet early {\n chain pre { type filter hook prerouting priority -310; policy drop; }\n}';
/** Not every kernel has them: they are facts alone here. */
const FLOWTABLE = { family: 'inet', table: 'fast', name: 'f', hardware: false };
const OURS = 'table inet dropset {\n chain prerouting { type filter hook prerouting priority raw; }\n}';

async function with_(...rulesets: readonly string[]): Promise<Hooks> {
  execFileSync('nft', ['flush', 'ruleset']);
  for (const input of rulesets) execFileSync('nft', ['-f', '-'], { input });
  return readHooks();
}

const PLACE: Place = { kind: 'nftables', table: 'dropset', hook: 'prerouting', priority: -300, spareReplies: true };

/** What is found, as `level sentence`. */
const told = (hooks: Hooks | null, place: Partial<Place> = {}, isRunning = false, forwards = false): string[] =>
  orderFindings(hooks, { ...PLACE, ...place }, isRunning, forwards).map(
    ({ level, sentence }) => `${level} ${sentence}`,
  );

t.test('beside Docker, firewalld, ufw and fail2ban nobody is asked first', async (t) => {
  const hooks = await with_(DOCKER, FIREWALLD, UFW, FAIL2BAN, OURS);
  t.same([...makersOf(hooks).keys()].toSorted(), ['Docker', 'fail2ban', 'firewalld', 'ufw']);
  t.same(makersOf(hooks).get('fail2ban'), ['inet f2b-table']);
  t.same(told(hooks, {}, true), ["ok no chain is asked before dropset's, at prerouting with priority -300"]);
});

t.test('who is asked first, by name', async (t) => {
  const hooks = await with_(EARLY, FIREWALLD);
  t.match(told(hooks), [/^note .*and drop by policy: inet early pre \(-310\); what they drop is not counted/]);
  t.match(told(hooks, { priority: -200 }), [/inet early pre \(-310\), inet firewalld raw_PREROUTING \(-290\)/]);
  const [at] = orderFindings(hooks, PLACE, false, false);
  t.match(at, { way: /a lower \[backend\] priority than -300/ });
});

t.test('behind connection tracking', async (t) => {
  t.match(told(await with_(), { priority: -150 }), [
    /^ok /,
    /^note priority -150 is behind connection tracking \(-200\)/,
  ]);
});

t.test('a flowtable bypasses prerouting, and no XDP program', async (t) => {
  const hooks = { ...(await with_()), flowtables: [FLOWTABLE] };
  t.match(told(hooks), [/^warning flowtable f of table inet fast forwards/, /^ok /]);
  t.same(told(hooks, { kind: 'xdp' }), []);
  const inCard = { ...hooks, flowtables: hooks.flowtables.map((one) => ({ ...one, hardware: true })) };
  t.match(told(inCard, { kind: 'xdp' }), [/^warning .* in the network card/]);
});

t.test('at input, containers are not covered', async (t) => {
  const hooks = await with_(DOCKER);
  t.match(told(hooks, { hook: 'input' }, false, true), [
    /^note .*ip nat PREROUTING/,
    /^warning at hook input .*to those of Docker too/,
  ]);
  t.match(told(hooks, { hook: 'input' }, false, false), [/^note /]);
});

t.test('our own chain, while the service runs', async (t) => {
  t.match(told(await with_(), {}, true), [/^fault the service runs, but table inet dropset has no chain/, /^ok /]);
  t.match(told(await with_(OURS), { priority: -310 }, true), [
    /^warning the chain of table inet dropset has priority -300/,
    /^ok /,
  ]);
});

t.test('a ruleset that may not be read', async (t) => {
  t.same(told(null), ['warning the ruleset may not be read without CAP_NET_ADMIN']);
});
