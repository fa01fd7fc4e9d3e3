/** What becomes of the host's own conversations with who is banned: real connections both ways, through conntrack and without. */
import t from 'tap';
import { ATTACKER, ATTACKER6, CONTAINER, CONTAINER6, GUARD, GUARD6, Guarded, PORT } from './guarded.js';

const guarded = await Guarded.for(t);
for (const address of [ATTACKER, ATTACKER6]) await guarded.outside.order('serve', { address, port: PORT });

const FAMILIES = [
  { family: 'IPv4', attacker: ATTACKER, host: GUARD, container: CONTAINER },
  { family: 'IPv6', attacker: ATTACKER6, host: GUARD6, container: CONTAINER6 },
];

/** TCP and UDP, from the host and from the container behind it. */
async function out(attacker: string, host: string, container: string): Promise<boolean[]> {
  const reached: boolean[] = [];
  for (const [machine, from] of [
    [guarded.host, host],
    [guarded.container, container],
  ] as const) {
    reached.push((await machine.order('connect', { from, to: attacker, port: PORT })).ok);
    reached.push((await machine.order('ping', { from, to: attacker, port: PORT })).ok);
  }
  return reached;
}

const into = async (attacker: string, ...to: readonly string[]): Promise<boolean[]> => {
  const reached: boolean[] = [];
  for (const address of to) {
    reached.push(await guarded.connect(attacker, address), await guarded.ping(attacker, address));
  }
  return reached;
};

const ALL = [true, true, true, true];
const NONE = [false, false, false, false];

t.test('without connection tracking nobody can tell them apart, which is said', async (t) => {
  guarded.dropset('ban', ATTACKER);
  t.same(await out(ATTACKER, GUARD, CONTAINER), NONE);
  t.same(await into(ATTACKER, GUARD, CONTAINER), NONE);
  t.equal(guarded.status().replies, 'untracked');
  guarded.dropset('unban', ATTACKER);
});

t.test('a firewall that comes later has connections tracked: from the next audit on', async (t) => {
  guarded.host.run('nft', 'add table inet firewall');
  guarded.host.run('nft', 'add chain inet firewall forward { type filter hook forward priority 0; }');
  guarded.host.run('nft', 'add rule inet firewall forward ct state invalid drop');
  t.ok(await guarded.connect(ATTACKER, GUARD), 'one that is tracked');
  guarded.dropset('verify');
  t.match(guarded.status(), { replies: 'tracked', problems: [] });
});

for (const { family, attacker, host, container } of FAMILIES) {
  t.test(`${family}: what the host and its container began goes on, and what the banned began stops`, async (t) => {
    const incoming = { name: `in ${family}`, from: attacker, to: host, port: PORT };
    const outgoing = { name: `out ${family}`, from: host, to: attacker, port: PORT };
    t.match(await guarded.outside.order('open', incoming), { ok: true });
    t.match(await guarded.host.order('open', outgoing), { ok: true });
    guarded.dropset('ban', attacker);
    t.match(await guarded.outside.order('talk', incoming), { ok: false }, 'its established connection to us');
    t.match(await guarded.host.order('talk', outgoing), { ok: true }, 'our established connection to it');
    t.same(await out(attacker, host, container), ALL, 'our new ones');
    t.same(await into(attacker, host, container), NONE, 'its new ones');
    t.match(await guarded.outside.order('talk', incoming), { ok: false }, 'still');
    t.ok(guarded.status().dropped.packets > 0);
    guarded.dropset('unban', attacker);
    t.same(await into(attacker, host, container), ALL);
  });
}

t.test('spare_replies = "tcp": of TCP only new connections stop, and all of UDP; false: everything', async (t) => {
  for (const [value, established, outwards] of [
    ['"tcp"', true, [true, false, true, false]],
    ['false', false, NONE],
  ] as const) {
    await guarded.stop();
    await guarded.start(`[backend]\nspare_replies = ${value}\n`);
    const incoming = { name: `in ${value}`, from: ATTACKER, to: GUARD, port: PORT };
    t.match(await guarded.outside.order('open', incoming), { ok: true });
    guarded.dropset('ban', ATTACKER);
    t.same(await into(ATTACKER, GUARD, CONTAINER), NONE);
    t.same(await out(ATTACKER, GUARD, CONTAINER), outwards);
    t.match(await guarded.outside.order('talk', incoming), { ok: established }, value);
    guarded.dropset('unban', ATTACKER);
  }
});
