import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { NeverReport } from '../../src/control/api.js';
import { ATTACKER, ATTACKER6, CONTAINER, GUARD, Guarded, NEIGHBOUR, PORT } from './guarded.js';

const folder = t.testdir({ never: '# us\n' });
const list = join(folder, 'never');
const guarded = await Guarded.for(
  t,
  `[never]\nfiles = "${list}"\nusers = ["alice"]\n[guard]\nports = [${PORT}]\nwidest_ipv4 = 24\n`,
);

/** A connection that stays, as a session of ssh does. */
async function session(from: string, to: string): Promise<{ end(): void }> {
  const program = `const s = require('node:net').connect({ host: '${to}', port: ${PORT}, localAddress: '${from}' });
    s.on('connect', () => console.log('connected')).on('error', (e) => console.log(e.message)).resume();`;
  const child = guarded.outside.start(process.execPath, ['-e', program]);
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', (text) => (String(text).startsWith('connected') ? resolve() : reject(new Error(text))));
  });
  return { end: () => child.kill('SIGKILL') };
}

const refusalOf = (...words: string[]): string => {
  try {
    guarded.dropset('ban', ...words);
    return 'banned';
  } catch (thrown) {
    return (thrown as Error).message;
  }
};

t.test('who has an established session is not banned by hand, unless that is forced', async (t) => {
  const there = await session(ATTACKER, GUARD);
  t.match(
    refusalOf(ATTACKER),
    /198\.51\.100\.66 has an established session on port 2222: the ban would cut it.*--force/s,
  );
  t.match(refusalOf('198.51.100.64/26'), /198\.51\.100\.66 has an established session/);
  t.match(guarded.dropset('never'), /sessions on port 2222: 198\.51\.100\.66/);
  t.same(guarded.list(), []);
  guarded.dropset('ban', ATTACKER, '--force');
  t.notOk(await guarded.connect(ATTACKER, GUARD));
  guarded.dropset('unban', ATTACKER);
  there.end();
});

t.test('of IPv6 too; and a jail bans who has a session, for who guesses passwords has one', async (t) => {
  const there = await session(ATTACKER6, '2001:db8:1::1');
  t.match(refusalOf(ATTACKER6), /2001:db8:1::66 has an established session/);
  guarded.fail(ATTACKER6);
  await guarded.banned(ATTACKER6);
  guarded.dropset('unban', '--all');
  there.end();
});

t.test("the machine's own addresses, what is too wide, and where who asks is logged in from", async (t) => {
  t.match(refusalOf(GUARD), /198\.51\.100\.1 is this machine's own address/);
  t.match(refusalOf('203.0.112.0/23'), /203\.0\.113\.1 is this machine's own address/);
  t.match(
    refusalOf('192.0.0.0/16'),
    /192\.0\.0\.0\/16 is wider than the \/24 that \[guard\] allows of IPv4: .* 65,536 addresses/,
  );
  guarded.host.run('ip', 'route', 'add', 'default', 'via', CONTAINER);
  // Facts are good for two seconds.
  await guarded.until('the gateway is known', () => /203\.0\.113\.2 is a default gateway/.test(refusalOf(CONTAINER)));
  guarded.host.run('ip', 'route', 'del', 'default');
  // Before it was known it was banned.
  guarded.dropset('unban', '--all');
  const words = ['dist/cli/main.js', '--socket', guarded.socket, 'ban', NEIGHBOUR];
  const client = guarded.host.start('env', [
    `SSH_CONNECTION=${NEIGHBOUR} 50000 ${GUARD} 22`,
    process.execPath,
    ...words,
  ]);
  let said = '';
  client.stderr.on('data', (text) => {
    said += text;
  });
  t.equal(await new Promise((resolve) => client.once('exit', resolve)), 1);
  t.match(said, /you are logged in from 198\.51\.100\.7: the ban would cut this session/);
  const why = guarded.host.start(process.execPath, ['dist/cli/main.js', '--socket', guarded.socket, 'why', GUARD]);
  why.stdout.on('data', (text) => {
    said += text;
  });
  await new Promise((resolve) => why.once('close', resolve));
  t.match(said, /not to be banned unless it is forced: 198\.51\.100\.1 is this machine's own address/);
});

t.test('a ban that is not confirmed ends by itself, in the kernel; one that is confirmed stays', async (t) => {
  t.match(guarded.dropset('ban', ATTACKER, '--confirm-within', '3s'), /dropset confirm/);
  t.match(guarded.list(), [{ address: ATTACKER, jail: 'unconfirmed' }]);
  t.notOk(await guarded.connect(ATTACKER, GUARD));
  t.equal(await guarded.stop('SIGKILL'), 'SIGKILL');
  await guarded.until('the kernel has ended it', () => guarded.connect(ATTACKER, GUARD));
  await guarded.start(`[never]\nfiles = "${list}"\n[guard]\nports = [${PORT}]\n`);
  t.throws(() => guarded.dropset('confirm'), /no ban and no configuration waits/);
  guarded.dropset('ban', ATTACKER, NEIGHBOUR, '--for', '1h', '--confirm-within', '60s');
  guarded.dropset('unban', NEIGHBOUR);
  t.equal(await guarded.stop('SIGKILL'), 'SIGKILL');
  await guarded.start(`[never]\nfiles = "${list}"\nusers = ["alice"]\n[guard]\nports = [${PORT}]\n`);
  t.match(guarded.dropset('confirm'), new RegExp(`^confirmed ${ATTACKER}: banned until `));
  t.match(guarded.list(), [{ address: ATTACKER, jail: 'manual' }]);
  t.ok(Date.parse(guarded.list()[0]?.until ?? '') > Date.now() + 3_000_000);
  t.notOk(await guarded.connect(ATTACKER, GUARD));
});

t.test('who comes to stand in a list of the never-list is lifted at once, and allowed in the kernel', async (t) => {
  t.notOk(await guarded.connect(ATTACKER, GUARD));
  writeFileSync(list, `# us\n${ATTACKER}\n`);
  await guarded.until('the ban is lifted', () => guarded.list().length === 0);
  t.ok(await guarded.connect(ATTACKER, GUARD));
  await guarded.until('it is told', () => /1 ban lifted: the never-list covers what they banned/.test(guarded.said));
  t.match(refusalOf(ATTACKER, '--force'), new RegExp(`never-rule ${ATTACKER}, which stands in .*never:2`));
  const { entries } = JSON.parse(guarded.dropset('never', '--json')) as NeverReport;
  t.match(entries, [{ entry: ATTACKER, from: `${list}:2`, addresses: [ATTACKER], fault: null }]);
  const allowed = guarded.host.run('nft', 'list', 'set', 'inet', 'dropset', 'allow4');
  t.match(allowed, /198\.51\.100\.66/);
  writeFileSync(list, '# us\n');
  await guarded.until('it may be banned again', () => refusalOf(ATTACKER) === 'banned');
  t.notOk(await guarded.connect(ATTACKER, GUARD));
  guarded.dropset('unban', '--all');
});

t.test('failures of a good user: three are spared, and who goes on is banned', async (t) => {
  guarded.fail(NEIGHBOUR, 3, 'alice');
  guarded.fail(ATTACKER, 3, 'root');
  await guarded.banned(ATTACKER);
  t.equal(guarded.list().length, 1);
  guarded.fail(NEIGHBOUR, 3, 'alice');
  await guarded.banned(NEIGHBOUR);
});
