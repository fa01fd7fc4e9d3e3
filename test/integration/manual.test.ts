import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { ATTACKER, ATTACKER6, GUARD, GUARD6, Guarded, NEIGHBOUR } from './guarded.js';

const guarded = await Guarded.for(t);

t.test('a ban by hand holds when the command returns, and ends in the kernel', async (t) => {
  guarded.dropset('ban', ATTACKER, ATTACKER6, '--for', '6s', '--reason', 'by hand');
  t.notOk(await guarded.connect(ATTACKER, GUARD));
  t.notOk(await guarded.ping(ATTACKER6, GUARD6));
  t.match(guarded.list(), [
    { address: ATTACKER, jail: 'manual', reason: 'by hand' },
    { address: ATTACKER6, jail: 'manual', reason: 'by hand' },
  ]);
  await sleep(6100);
  t.ok(await guarded.connect(ATTACKER, GUARD));
  t.ok(await guarded.ping(ATTACKER6, GUARD6));
  t.same(guarded.list(), []);
  await guarded.until('the kernel has freed them', () => guarded.status().elements === 0);
});

t.test('prefixes, of both families', async (t) => {
  guarded.dropset('ban', '198.51.100.64/26', '2001:db8:1::40/122');
  t.notOk(await guarded.connect(ATTACKER, GUARD));
  t.notOk(await guarded.connect(ATTACKER6, GUARD6));
  t.ok(await guarded.connect(NEIGHBOUR, GUARD), 'outside of the prefix');
  const [ban] = guarded.list();
  t.match(ban, { address: '198.51.100.64/26', until: null });
  t.ok((ban?.packets ?? 0) > 0);
  guarded.dropset('unban', '198.51.100.64/26', '2001:db8:1::40/122');
  t.ok(await guarded.connect(ATTACKER, GUARD));
  t.ok(await guarded.connect(ATTACKER6, GUARD6));
});

t.test('who must not be banned', async (t) => {
  for (const address of ['0.0.0.0/0', '::/0', '127.0.0.1', '127.0.0.0/8', '::1', '0.0.0.0']) {
    t.throws(() => guarded.dropset('ban', address), /never|internet/, address);
  }
  t.same(guarded.list(), []);
});

t.test('ten thousand addresses from standard input', async (t) => {
  const service = guarded.host;
  const child = service.start(process.execPath, ['dist/cli/main.js', '--socket', guarded.socket, 'ban', '--json', '-']);
  let printed = '';
  child.stdout.on('data', (text) => {
    printed += text;
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const lines = Array.from({ length: 10_000 }, (_, index) => `10.1.${index >> 8}.${index & 255}`);
  lines[5000] = 'not-an-address';
  child.stdin.end(`${lines.join('\n')}\n`);
  t.equal(await ended, 1, 'one was refused');
  const events = printed
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  t.match(
    events.find((event) => event.refused),
    { refused: { line: 5001, address: 'not-an-address', error: { code: 'address' } } },
  );
  t.match(events.at(-1), { banned: 9999, refusals: 1, done: true });
  t.equal(guarded.status().bans, 9999);
  t.ok((guarded.status().elements ?? 9999) >= 9999, 'of so many, the kernel may count some that have ended');
  t.equal(guarded.list().length, 9999);
  t.match(guarded.dropset('unban', '--all'), /9999/);
  t.match(guarded.status(), { bans: 0, elements: 0 });
});

t.test('stopping with SIGTERM is orderly', async (t) => {
  t.equal(await guarded.stop(), 0);
});
