import { writeFileSync } from 'node:fs';
import t from 'tap';
import { passObject } from '../interfaces.js';
import { ATTACKER, CONTAINER, GUARD, type Guarded, NEIGHBOUR } from './guarded.js';
import { backend, enterHost, guardedBy } from './xdp-guarded.js';

enterHost();
const guarded: Guarded = await guardedBy(t, backend('size = 1024\n'));

/** Starts a service that is meant to fail; answers what it said. */
async function failing(more: string): Promise<string> {
  const config = `${guarded.folder}/failing.toml`;
  writeFileSync(config, `[service]\nstate = "${guarded.folder}/state"\nsocket = "${guarded.socket}"\n${more}`);
  const service = guarded.host.startDropset(['--config', config]);
  let said = '';
  service.stderr.on('data', (text) => {
    said += text;
  });
  t.equal(await new Promise((resolve) => service.once('exit', resolve)), 1);
  return said;
}

const interfaces = () => guarded.status().interfaces?.map(({ name }) => name);

t.test('full: the ban that has no room is refused with a reason, and nothing else is lost', async (t) => {
  const many = Array.from({ length: 1023 }, (_, index) => `10.0.${index >> 8}.${index & 255}`);
  guarded.dropset('ban', ...many);
  guarded.dropset('ban', ATTACKER);
  t.throws(
    () => guarded.dropset('ban', '192.0.2.1'),
    /the set is full: it holds 1024 addresses .*raise size in \[backend\]/,
  );
  t.throws(() => guarded.dropset('ban', '192.0.2.2', '192.0.2.3', '10.0.0.1', '2001:db8:9::1'), /the set is full/);
  const status = guarded.status();
  t.match(status, {
    bans: 1025,
    elements: 1025,
    problems: [/192\.0\.2\.1 was not written/, /192\.0\.2\.[23] was not written/],
  });
  t.equal(status.problems.length, 2);
  t.match(guarded.dropset('status'), /problems:\n.*192\.0\.2\.1 was not written: the set is full/);
  t.notOk(await guarded.ping(ATTACKER, GUARD));
  guarded.fail(NEIGHBOUR);
  await guarded.until('the refusal of a jail is said', () => guarded.status().problems.length === 3);
  t.ok(await guarded.ping(NEIGHBOUR, GUARD));
  guarded.dropset('unban', '10.0.0.1');
  guarded.dropset('ban', '192.0.2.1');
  guarded.dropset('unban', '--all');
});

t.test('interfaces that go and come under the service', async (t) => {
  guarded.dropset('ban', ATTACKER);
  await guarded.stop();
  await guarded.start(backend('interfaces = ["in*"]\n'));
  t.same(interfaces(), ['in0', 'in1']);
  guarded.host.run('ip', 'link', 'delete', 'in0');
  await guarded.until('it has gone', () => interfaces()?.join() === 'in1');
  t.match(guarded.dropset('status'), /on in1 \(native\)/);
  guarded.host.run(
    'ip',
    'link',
    'add',
    'temporary',
    'type',
    'veth',
    'peer',
    'name',
    'out0',
    'netns',
    guarded.outside.namespace,
  );
  guarded.host.run('ip', 'link', 'set', 'temporary', 'name', 'in0');
  guarded.host.run('ip', 'address', 'add', `${GUARD}/24`, 'dev', 'in0');
  guarded.host.run('ip', 'link', 'set', 'in0', 'up');
  for (const address of [ATTACKER, NEIGHBOUR])
    guarded.outside.run('ip', 'address', 'add', `${address}/24`, 'dev', 'out0');
  guarded.outside.run('ip', 'link', 'set', 'out0', 'up');
  guarded.outside.run('ip', 'route', 'add', '203.0.113.0/24', 'via', GUARD);
  await guarded.until('it is on again', () => interfaces()?.length === 2);
  t.notOk(await guarded.ping(ATTACKER, GUARD));
  t.ok(await guarded.ping(NEIGHBOUR, GUARD));
  t.ok(await guarded.ping(NEIGHBOUR, CONTAINER));
  guarded.dropset('unban', '--all');
  t.ok(await guarded.ping(ATTACKER, GUARD));
});

t.test("somebody else's XDP program", async (t) => {
  const object = passObject(guarded.folder);
  const config = `${guarded.folder}/dropset.toml`;
  guarded.dropset('ban', ATTACKER);
  await guarded.stop();
  guarded.dropset('detach', '--config', config);
  guarded.host.run('ip', 'link', 'set', 'dev', 'in0', 'xdp', 'obj', object, 'sec', 'xdp');
  for (const mode of ['auto', 'native', 'generic']) {
    t.match(
      await failing(backend(`mode = "${mode}"\n`)),
      /no interface takes the XDP program: in0 already has the XDP program 'pass' \(id \d+, native mode\): detach it \(ip link set dev in0 xdp off/,
      mode,
    );
    t.match(guarded.dropset('detach', '--config', config), /^nothing was pinned/, 'and nothing is left');
  }
  await guarded.start(backend('interfaces = ["in0", "in1"]\n'));
  t.match(guarded.status(), { problems: [/in0 already has the XDP program 'pass'.*packets on in0 are not dropped/] });
  t.same(interfaces(), ['in1']);
  t.match(guarded.dropset('doctor', 'in0'), /XDP program 'pass' \(id \d+, native\) is attached, and it must go first/);
  t.ok(await guarded.ping(ATTACKER, GUARD));
  guarded.host.run('ip', 'link', 'set', 'dev', 'in0', 'xdp', 'off');
  await guarded.until('it is free', () => interfaces()?.length === 2);
  t.notOk(await guarded.ping(ATTACKER, GUARD));
});

t.test('no interface of that name, none that takes it, no BPF file system', async (t) => {
  await guarded.stop();
  await guarded.start(backend('interfaces = ["eth7"]\n'));
  t.match(guarded.status(), {
    interfaces: [],
    problems: [/no interface is named eth7 yet: nothing is dropped until one comes/],
  });
  t.match(guarded.dropset('status'), /on no interface: nothing is dropped/);
  guarded.host.run('ip', 'link', 'add', 'br7', 'type', 'bridge');
  await guarded.stop();
  guarded.dropset('detach', '--config', `${guarded.folder}/dropset.toml`);
  t.match(
    await failing(backend('interfaces = ["br7"]\nmode = "native"\n')),
    /br7 takes no program in native mode.*'dropset doctor br7' says why/,
  );
  t.match(
    await failing(backend().replace('/mnt/', '/tmp/')),
    /\/tmp\/dropset is on no BPF file system: run 'mount -t bpf/,
  );
});
