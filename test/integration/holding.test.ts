import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { Client } from '../../src/control/client.js';
import { ATTACKER, ATTACKER6, CONTAINER, GUARD, GUARD6, Guarded, NEIGHBOUR } from './guarded.js';

const UNOWNED = '[backend]\nown = false\n';
const guarded = await Guarded.for(t, UNOWNED);

/** What a firewall's reload is: all of it in one transaction. */
const RELOAD = join(guarded.folder, 'firewall.nft');
writeFileSync(
  RELOAD,
  `flush ruleset
table inet firewall { chain input { type filter hook input priority 0; policy accept; tcp dport 7 drop; }; }
`,
);
const nft = (...words: string[]): string => guarded.host.run('nft', ...words);
const reach = async (): Promise<boolean[]> => [
  await guarded.ping(ATTACKER, GUARD),
  await guarded.ping(ATTACKER, CONTAINER),
  await guarded.ping(ATTACKER6, GUARD6),
];

t.test('whatever somebody does to a table without an owner, the bans are back', async (t) => {
  t.match(guarded.status(), { owned: false });
  guarded.dropset('ban', ATTACKER);
  guarded.dropset('ban', '2001:db8:1::66/127', '--for', '1h');
  t.same(await reach(), [false, false, false]);
  let repaired = 0;
  for (const words of [
    ['flush', 'ruleset'],
    ['-f', RELOAD],
    ['delete', 'table', 'inet', 'dropset'],
    ['flush', 'chain', 'inet', 'dropset', 'prerouting'],
    ['flush', 'set', 'inet', 'dropset', 'ban4'],
    ['add', 'element', 'inet', 'dropset', 'ban4', `{ ${NEIGHBOUR} }`],
    ['add', 'table', 'inet', 'dropset', '{ flags dormant; }'],
  ]) {
    nft(...words);
    await guarded.until(`${words.join(' ')} is repaired`, () => guarded.status().repaired > repaired);
    t.same(await reach(), [false, false, false], words.join(' '));
    t.ok(await guarded.ping(NEIGHBOUR, GUARD));
    repaired = guarded.status().repaired;
    if (words.includes('-f'))
      t.match(nft('list', 'table', 'inet', 'firewall'), /dport 7/, "the firewall's own table stays");
  }
  const { problems } = guarded.status();
  t.match(problems[0], /nft \(process \d+\) changed table inet dropset; repaired: 2 elements were written again/);
});

t.test('bans that come in the middle of reloads are all there in the end', async (t) => {
  await guarded.stop();
  await guarded.start(UNOWNED);
  const client = new Client(guarded.socket);
  const banning = (async () => {
    for (let net = 0; net < 20; net++) {
      const addresses = Array.from({ length: 100 }, (_, index) => `10.0.${net}.${index}`);
      const results = await client.ban({ addresses });
      t.same(
        results.filter(({ error }) => error),
        [],
      );
      await sleep(10);
    }
  })();
  for (let times = 0; times < 3; times++) {
    nft('-f', RELOAD);
    await sleep(100);
  }
  await banning;
  const { bans } = guarded.status();
  t.equal(bans, 2002);
  await guarded.until('the kernel holds what the ledger says', () => guarded.status().elements === bans);
  t.same(await reach(), [false, false, false]);
});

t.test('a program that takes it away again and again is named once, and not fought at full speed', async (t) => {
  const before = guarded.status().repaired;
  for (let times = 0; times < 30; times++) {
    nft('-f', RELOAD);
    await sleep(20);
  }
  await sleep(100);
  const { problems, repaired } = guarded.status();
  t.ok((repaired - before) / 2002 < 8, `${(repaired - before) / 2002} times`);
  const fights = problems.filter((problem) => /in a short time/.test(problem));
  t.equal(fights.length, 1);
  t.match(fights[0], /nft \(process \d+\)/);
  await guarded.until('it has the last word', () => guarded.status().elements === 2002);
  t.same(await reach(), [false, false, false]);
});

t.test('a verification finds what nobody could hear of, and repairs it', async (t) => {
  t.match(JSON.parse(guarded.dropset('verify', '--json')), { checked: 2002, differed: 0, faults: [], done: true });
  // A process that is stopped hears too late; one that is killed hears nothing.
  await guarded.stop('SIGKILL');
  nft('delete', 'element', 'inet', 'dropset', 'ban4', `{ ${ATTACKER} }`);
  nft('add', 'element', 'inet', 'dropset', 'ban4', `{ ${NEIGHBOUR} }`);
  await guarded.start(UNOWNED);
  t.same(await reach(), [false, false, false], 'the start has written it again');
  t.notOk(await guarded.ping(NEIGHBOUR, GUARD), 'but knows nothing of who is there beside');
  let told = '';
  try {
    guarded.dropset('verify');
  } catch (thrown) {
    told = (thrown as { stdout: string }).stdout;
  }
  t.match(told, /1 differed, 1 were repaired\n {2}198\.51\.100\.7 was banned by nobody/);
  t.ok(await guarded.ping(NEIGHBOUR, GUARD));
  t.match(JSON.parse(guarded.dropset('verify', '--json')), { differed: 0 });
  t.match(guarded.status().problems.at(-1), /1 of 2002 elements were not as the ledger has them; 1 were written again/);
  t.ok(guarded.status().audited);
});

t.test('where the table is owned, the same takes nothing, for no moment', async (t) => {
  await guarded.stop();
  nft('flush', 'ruleset');
  await guarded.start();
  t.match(guarded.status(), { owned: true, elements: 2002 });
  let through = 0;
  let watching = true;
  const watch = (async () => {
    while (watching) if (await guarded.ping(ATTACKER, GUARD)) through++;
  })();
  for (let times = 0; times < 10; times++) {
    nft('flush', 'ruleset');
    nft('-f', RELOAD);
    for (const words of [
      ['delete', 'table', 'inet', 'dropset'],
      ['flush', 'set', 'inet', 'dropset', 'ban4'],
      ['flush', 'chain', 'inet', 'dropset', 'prerouting'],
    ])
      t.throws(() => nft(...words), /not permitted/);
    await sleep(50);
  }
  watching = false;
  await watch;
  t.equal(through, 0);
  t.match(guarded.status(), { elements: 2002, repaired: 0, problems: [] });
});
