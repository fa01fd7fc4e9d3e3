import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { ATTACKER, ATTACKER6, GUARD, GUARD6, Guarded, NEIGHBOUR } from './guarded.js';

const guarded = await Guarded.for(t);

t.test('kill -9 leaves bans standing, and expiring', async (t) => {
  guarded.dropset('ban', ATTACKER, '--for', '1h');
  guarded.dropset('ban', ATTACKER6, '--for', '3s');
  t.equal(await guarded.stop('SIGKILL'), 'SIGKILL');
  t.notOk(await guarded.connect(ATTACKER, GUARD));
  t.notOk(await guarded.connect(ATTACKER6, GUARD6));
  await sleep(3000);
  t.notOk(await guarded.connect(ATTACKER, GUARD));
  t.ok(await guarded.connect(ATTACKER6, GUARD6), 'expired without us');
});

t.test('the next start takes over what is there, and dropped packets stay dropped', async (t) => {
  let through = 0;
  let watching = true;
  const watch = (async () => {
    while (watching) if (await guarded.ping(ATTACKER, GUARD)) through++;
  })();
  await guarded.start();
  watching = false;
  await watch;
  t.equal(through, 0);
  t.match(guarded.list(), [{ address: ATTACKER, jail: 'manual' }]);
  t.match(guarded.status(), { bans: 1, elements: 1, owned: true });
});

t.test('bans come back from the ledger alone', async (t) => {
  guarded.fail(NEIGHBOUR);
  await guarded.banned(NEIGHBOUR);
  await guarded.stop();
  guarded.host.run('nft', 'flush', 'ruleset');
  t.ok(await guarded.connect(ATTACKER, GUARD), 'somebody flushed the orphaned table');
  await guarded.start();
  t.notOk(await guarded.connect(ATTACKER, GUARD));
  t.match(guarded.list(), [
    { address: ATTACKER, jail: 'manual' },
    { address: NEIGHBOUR, jail: 'sshd' },
  ]);
});

t.test('while it runs, a flush by somebody else takes nothing', async (t) => {
  guarded.host.run('nft', 'flush', 'ruleset');
  t.notOk(await guarded.connect(ATTACKER, GUARD));
});

t.test('a second instance refuses to start', async (t) => {
  const second = guarded.host.startDropset(['--config', `${guarded.folder}/dropset.toml`]);
  let said = '';
  second.stderr.on('data', (text) => {
    said += text;
  });
  t.equal(await new Promise((resolve) => second.once('exit', resolve)), 1);
  t.match(said, /another dropset answers at/);
  t.match(guarded.status(), { bans: 2 });
});

t.test('a never-entry that is newer than the ban frees the address at the next start', async (t) => {
  await guarded.stop();
  await guarded.start(`[never]\naddresses = ["${ATTACKER}"]`);
  t.ok(await guarded.connect(ATTACKER, GUARD));
  t.notOk(await guarded.connect(NEIGHBOUR, GUARD));
  t.equal(guarded.status().elements, 1);
});
