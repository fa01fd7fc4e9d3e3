import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { ATTACKER, ATTACKER6, type Guarded, NEIGHBOUR } from './guarded.js';
import { ageTables, backend, enterHost, floodedTwice, guardedBy } from './xdp-guarded.js';

enterHost();
const guarded: Guarded = await guardedBy(t, backend());
guarded.dropset('ban', ATTACKER, ATTACKER6);

/** While packets are poured, not one arrives, and each is counted. */
async function holds(t: Test, work: () => Promise<unknown>): Promise<void> {
  const before = guarded.status().dropped.packets;
  const { sent, arrived } = await floodedTwice(guarded, work);
  t.equal(arrived, 0);
  t.ok(sent > 2000, `of ${sent}`);
  // The attacker's machine asks now and then who has the guard's address, and that is dropped too.
  const dropped = guarded.status().dropped.packets - before;
  t.ok(dropped >= sent && dropped < sent + 20, `totals go on: ${dropped} of ${sent}`);
}

t.test('what is poured does arrive, but for the ban', async (t) => {
  guarded.dropset('unban', '--all');
  const { sent, arrived } = await floodedTwice(guarded, async () => guarded.status());
  t.ok(arrived > 0.9 * sent, `${arrived} of ${sent}`);
  guarded.dropset('ban', ATTACKER, ATTACKER6);
});

t.test('kill -9 and a new start', (t) =>
  holds(t, async () => {
    t.equal(await guarded.stop('SIGKILL'), 'SIGKILL');
    await guarded.start(backend());
  }),
);

t.test('stop and start', (t) =>
  holds(t, async () => {
    t.equal(await guarded.stop(), 0);
    await guarded.start(backend());
  }),
);

/** Starts that are killed so many milliseconds later, then one that is not. */
async function killedStarts(...delays: number[]): Promise<void> {
  for (const delay of delays) {
    const started = guarded.start(backend());
    await sleep(delay);
    await guarded.stop('SIGKILL');
    // It resolves with the last one, whose words it sees.
    void started;
  }
  await guarded.start(backend());
}

t.test('killed in the middle of starting', (t) =>
  holds(t, async () => {
    await guarded.stop('SIGKILL');
    await killedStarts(300, 450, 600);
  }),
);

t.test('an upgrade to another layout', async (t) => {
  const { sent, arrived } = await floodedTwice(guarded, async () => {
    await guarded.stop();
    ageTables();
    await guarded.start(backend());
    t.match(guarded.said, /what another version of dropset left was replaced/);
  });
  t.equal(arrived, 0);
  t.ok(sent > 2000, `of ${sent}`);
  t.match(guarded.status(), { bans: 2, elements: 2 });
});

t.test('an upgrade that is killed before it is ready, and the next', async (t) => {
  const { arrived } = await floodedTwice(guarded, async () => {
    await guarded.stop();
    ageTables();
    await killedStarts(250, 350, 450, 550);
  });
  t.equal(arrived, 0);
});

t.test('tables that grow under the service', async (t) => {
  const grown = backend('size = 262_144\n');
  await guarded.stop();
  await guarded.start(grown);
  const many = Array.from({ length: 70_000 }, (_, index) => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`);
  await holds(t, async () => {
    writeFileSync(`${guarded.folder}/many`, many.join('\n'));
    const command = `exec "$0" dist/cli/main.js --socket ${guarded.socket} ban - < ${guarded.folder}/many`;
    guarded.host.run('sh', '-c', command, process.execPath);
  });
  t.match(guarded.said, /room for 262144 addresses/);
  t.match(guarded.status(), { bans: 70_002, elements: 70_002 });
  guarded.dropset('unban', '--all');
  t.ok(await guarded.ping(NEIGHBOUR, '198.51.100.1'));
});
