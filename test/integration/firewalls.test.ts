/** Other firewalls load their rules while bans stand and packets are poured: how many come through, and for how long. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { ATTACKER, GUARD, Guarded, NEIGHBOUR } from './guarded.js';

const DRAIN = 4000;
const guarded = await Guarded.for(t);
await guarded.host.order('drain', { address: GUARD, port: DRAIN });

const file = (name: string, text: string): string => {
  const path = join(guarded.folder, name);
  writeFileSync(path, text);
  return path;
};

/** As firewalld loads: everything away and its own back, in one transaction. */
const RELOAD = file(
  'firewalld.nft',
  `flush ruleset
table inet firewalld {
  chain mangle_PREROUTING { type filter hook prerouting priority mangle + 10; policy accept; }
  chain filter_INPUT { type filter hook input priority filter + 10; policy accept; tcp dport 7 drop; }
}
`,
);
const IPTABLES = file(
  'iptables.rules',
  '*raw\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p tcp --dport 7 -j DROP\nCOMMIT\n',
);
/** As Docker does at its start. */
const DOCKER = file(
  'docker.rules',
  `*nat
:PREROUTING ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
:DOCKER - [0:0]
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A POSTROUTING -s 203.0.113.0/24 ! -o in1 -j MASQUERADE
-A DOCKER ! -i in1 -p udp --dport 4001 -j DNAT --to-destination 203.0.113.2:4000
COMMIT
*filter
:FORWARD ACCEPT [0:0]
:DOCKER-USER - [0:0]
-A FORWARD -j DOCKER-USER
-A DOCKER-USER -j RETURN
COMMIT
`,
);

const LOADS: Readonly<Record<string, readonly string[]>> = {
  'a reload like that of firewalld': ['nft', '-f', RELOAD],
  'iptables-restore': ['iptables-restore', IPTABLES],
  "Docker's chains": ['iptables-restore', '--noflush', DOCKER],
  'nft flush ruleset': ['nft', 'flush', 'ruleset'],
};

const arrived = async (): Promise<number> => (await guarded.host.order('drained', { from: ATTACKER })).count;

/** Pours from the banned address meanwhile; answers how many left, and how many came through. */
async function poured(work: () => Promise<void>): Promise<{ sent: number; through: number }> {
  const before = await arrived();
  await guarded.outside.order('pour', { name: 'flood', from: ATTACKER, to: GUARD, port: DRAIN });
  await work();
  const { sent } = await guarded.outside.order('stop', { name: 'flood' });
  return { sent, through: (await arrived()) - before };
}

const load = ([command = '', ...words]: readonly string[]): string => guarded.host.run(command, ...words);

t.test('what is poured does arrive, but for the ban', async (t) => {
  const { sent, through } = await poured(() => sleep(200));
  t.ok(through > 0.9 * sent, `${through} of ${sent}`);
});

t.test('where the table is owned, not one packet comes through', async (t) => {
  guarded.dropset('ban', ATTACKER);
  for (const [what, words] of Object.entries(LOADS)) {
    const { sent, through } = await poured(async () => {
      for (let times = 0; times < 3; times++) {
        load(words);
        await sleep(50);
      }
    });
    t.equal(through, 0, `${what}: of ${sent}`);
    t.ok(sent > 100);
  }
  t.match(guarded.status(), { owned: true, bans: 1, elements: 1, repaired: 0, problems: [] });
  t.ok(await guarded.ping(NEIGHBOUR, GUARD));
});

t.test('where it cannot be owned, it is back at once', async (t) => {
  await guarded.stop();
  await guarded.start('[backend]\nown = false\n');
  for (const [what, words] of Object.entries(LOADS)) {
    let healing = 0;
    const { sent, through } = await poured(async () => {
      const before = guarded.said.length;
      const begun = performance.now();
      load(words);
      // Only what flushes takes the table away.
      if (words[0] !== 'nft') return;
      await guarded.until('it is repaired', () => /repaired: \d/.test(guarded.said.slice(before)));
      healing = performance.now() - begun;
      await sleep(50);
    });
    t.comment(
      `${what}: ${through} of ${sent} came through; back after ${healing.toFixed()} ms, with the command itself`,
    );
    if (words[0] !== 'nft') t.equal(through, 0, what);
    // 4,000 a second are poured.
    else t.ok(through < 4000, `${what}: ${through} of ${sent}, ${healing.toFixed()} ms`);
    const after = await poured(() => sleep(50));
    t.equal(after.through, 0, `none of ${after.sent} later`);
  }
});
