import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import t, { type Test } from 'tap';
import { Generation } from '../../../../src/backends/xdp/generation.js';
import { Hooks } from '../../../../src/backends/xdp/hooks.js';
import type { XdpOptions } from '../../../../src/backends/xdp/options.js';
import { Pinned } from '../../../../src/backends/xdp/pinned.js';
import { listLinks } from '../../../../src/rtnetlink/links.js';
import { elsewhere, ip, passObject } from '../../../interfaces.js';
import { enterNamespace } from '../../../namespace.js';
import { descriptors, optionsOf, PINS, until } from '../../../xdp.js';

enterNamespace({ bpf: true });
const { drop } = Generation.create(1024, true).program;
const other = Generation.create(1024, true).program.drop;

/** A cable that is there until the end of the test. */
function cable(t: Test, name: string, more = ''): void {
  ip(`link add ${name}${more} type veth peer name p-${name}`);
  t.teardown(() => removeLink(name));
}

function removeLink(name: string): void {
  try {
    execFileSync('ip', ['link', 'delete', name], { stdio: 'pipe' });
  } catch {
    // The test took it away, or renamed it.
  }
}

/** Hooks that are open, and what they say. */
async function hooksOn(t: Test, interfaces: XdpOptions['interfaces'], more: Partial<XdpOptions> = {}) {
  const options = optionsOf({ interfaces, ...more });
  const hooks = new Hooks(options, new Pinned(PINS), drop);
  t.teardown(() => hooks.close({ keep: false }));
  await hooks.open();
  const on = (): string => hooks.hooks.map(({ name, mode }) => `${name} ${mode}`).join(', ');
  return { hooks, said: options.said, on };
}

const isOn = async (name: string): Promise<boolean> =>
  (await listLinks()).some((link) => link.name === name && link.xdp !== undefined);

t.test('attaches to those that are meant, and to no others', async (t) => {
  for (const name of ['in0', 'in1', 'in0.100', 'other']) cable(t, name);
  const before = descriptors();
  const { hooks, said, on } = await hooksOn(t, ['in0', 'in0.1*']);
  t.equal(on(), 'in0 native, in0.100 native');
  t.same(said, ['info attached to in0, native', 'info attached to in0.100, native']);
  t.notOk(await isOn('in1'));
  await hooks.close({ keep: false });
  t.notOk(await isOn('in0'));
  t.same(readdirSync(`${PINS}/links`), []);
  t.equal(descriptors(), before);
});

t.test('an interface that comes, is renamed, goes, or moves away', async (t) => {
  const { said, on } = await hooksOn(t, ['wan*']);
  t.match(said.pop(), /^warning no interface is named wan\* yet: nothing is dropped until one comes/);
  cable(t, 'wan0');
  await until('it is attached', () => on() === 'wan0 native');
  cable(t, 'lan0');
  ip('link set lan0 name wan1');
  t.teardown(() => removeLink('wan1'));
  await until('one that was renamed is attached', () => on() === 'wan0 native, wan1 native');
  ip('link set wan1 name wan2');
  t.teardown(() => removeLink('wan2'));
  await until('its new name is known', () => on() === 'wan0 native, wan2 native');
  ip('link set wan2 name lan2');
  t.teardown(() => removeLink('lan2'));
  await until('it is not meant any more', () => on() === 'wan0 native');
  t.notOk(await isOn('lan2'));
  ip('link set lan2 name wan2');
  await until('it is meant again', () => on() === 'wan0 native, wan2 native');
  const away = await elsewhere();
  ip(`link set wan2 netns ${away.pid}`);
  await until('it moved away', () => on() === 'wan0 native');
  const seen = execFileSync('nsenter', ['--net', '-t', `${away.pid}`, 'ip', 'link', 'show', 'wan2'], {
    encoding: 'utf8',
  });
  t.notMatch(seen, /xdp/, 'without the program');
  away.end();
  ip('link delete wan0');
  await until('it has gone', () => on() === '');
  t.same(readdirSync(`${PINS}/links`), []);
});

t.test('another interface with the index of one that has gone', async (t) => {
  cable(t, 'in0', ' index 4711');
  const { on } = await hooksOn(t, ['in*']);
  ip('link delete in0');
  cable(t, 'in1', ' index 4711');
  await until('the new one is attached', async () => on() === 'in1 native' && (await isOn('in1')));
});

t.test('many at once, while others never stop changing', async (t) => {
  const { on } = await hooksOn(t, ['in*']);
  cable(t, 'busy');
  let mtu = 1000;
  const noise = setInterval(() => ip(`link set busy mtu ${mtu++}`), 10);
  t.teardown(() => clearInterval(noise));
  for (let index = 0; index < 20; index++) cable(t, `in${index}`);
  await until('all are attached', () => on().split(', ').length === 20);
});

t.test('one that takes no program is said once, and tried again when things change', async (t) => {
  const object = passObject(t.testdir());
  cable(t, 'in0');
  cable(t, 'in1');
  ip(`link set dev in0 xdp obj ${object} sec xdp`);
  const { said, on } = await hooksOn(t, ['in0', 'in1'], { lookEvery: 100 });
  t.equal(on(), 'in1 native');
  t.match(said, [
    /^warning in0 already has the XDP program 'pass' \(id \d+, native mode\): detach it \(ip link set dev in0 xdp off.*packets on in0 are not dropped/,
    'info attached to in1, native',
  ]);
  ip('link set in1 mtu 1400');
  await until('there was time to look', async () => said.length === 2);
  ip('link set dev in0 xdp off');
  await until('it is free', () => on() === 'in1 native, in0 native');
  t.equal(said.length, 3);
});

t.test('where none takes it, opening fails and leaves nothing', async (t) => {
  ip('link add sunk type bridge');
  t.teardown(() => removeLink('sunk'));
  const before = descriptors();
  const options = optionsOf({ interfaces: ['sunk'], mode: 'native' });
  const hooks = new Hooks(options, new Pinned(PINS), drop);
  await t.rejects(hooks.open(), {
    code: 'interface',
    message:
      /^no interface takes the XDP program: sunk takes no program in native mode .*its MTU is 1500\).*'dropset doctor sunk' says why; mode = "auto"/,
  });
  await hooks.close({ keep: true });
  t.equal(descriptors(), before);
  const { said, on } = await hooksOn(t, ['sunk'], { mode: 'auto' });
  t.equal(on(), 'sunk generic');
  t.match(said, [/^warning sunk: .*attached in generic mode/]);
});

t.test('auto is where default routes leave, those that come later too', async (t) => {
  cable(t, 'in0');
  cable(t, 'in1');
  for (const name of ['in0', 'p-in0', 'in1', 'p-in1']) ip(`link set ${name} up`);
  ip('address add 192.0.2.1/24 dev in0');
  ip('address add 2001:db8::1/64 dev in1 nodad');
  const { said, on } = await hooksOn(t, 'auto');
  t.match(said.pop(), /no interface has a default route yet/);
  ip('route add default via 192.0.2.9');
  await until('the route is seen', () => on() === 'in0 native');
  ip('-6 route add default via 2001:db8::9');
  await until('and that of IPv6', () => on() === 'in0 native, in1 native');
  ip('route delete default');
  await until('one that has no route any more is left', () => on() === 'in1 native');
  ip('-6 route delete default');
  ip('route add blackhole 203.0.113.0/24');
  ip('link set in0 mtu 1400');
  await new Promise((resolve) => setTimeout(resolve, 300));
  t.equal(on(), 'in1 native', 'while there is no route at all, the program stays');
  ip('route add default via 192.0.2.9');
  await until('the other has the route', () => on() === 'in0 native');
});

t.test('kept links are taken over, with whatever program, and then have the new one', async (t) => {
  cable(t, 'in0');
  cable(t, 'in1');
  const first = await hooksOn(t, ['in*']);
  await first.hooks.close({ keep: true });
  t.ok(await isOn('in0'));
  const id = async (name: string) => (await listLinks()).find((link) => link.name === name)?.xdp?.program;
  const before = await id('in0');
  const second = await hooksOn(t, ['in0']);
  t.equal(second.on(), 'in0 native');
  t.same(second.said, ['info detached from in1'], 'one that is not meant any more');
  t.notOk(await isOn('in1'));
  second.hooks.use(other);
  t.not(await id('in0'), before);
  second.hooks.offer(drop);
  cable(t, 'in2');
  t.not(await id('in0'), before, 'those that have one keep it');
});

t.test('another mode than an earlier run had', async (t) => {
  cable(t, 'in0');
  ip('link add sunk type bridge');
  t.teardown(() => removeLink('sunk'));
  const generic = await hooksOn(t, ['in0', 'sunk'], { mode: 'generic' });
  await generic.hooks.close({ keep: true });
  const auto = await hooksOn(t, ['in0', 'sunk'], { mode: 'auto' });
  auto.hooks.use(drop);
  t.equal(auto.on(), 'in0 generic, sunk generic', 'as it was');
  await auto.hooks.close({ keep: true });
  const native = await hooksOn(t, ['in0', 'sunk'], { mode: 'native' });
  native.hooks.use(drop);
  t.equal(native.on(), 'in0 native, sunk generic');
  t.match(native.said, [
    'info attached to in0, native',
    /sunk takes no program in native mode/,
    'info attached to sunk, generic',
  ]);
  native.hooks.use(other);
  t.equal(native.said.length, 3, 'not tried again');
});

t.test('a link that somebody detached by force is attached again', async (t) => {
  cable(t, 'in0');
  const { on } = await hooksOn(t, ['in0'], { lookEvery: 50 });
  const links = JSON.parse(
    execFileSync('bpftool', ['--json', 'link', 'show', 'pinned', `${PINS}/links/${readdirSync(`${PINS}/links`)[0]}`], {
      encoding: 'utf8',
    }),
  );
  execFileSync('bpftool', ['link', 'detach', 'id', `${links.id}`]);
  t.notOk(await isOn('in0'));
  await until('it is on again', () => isOn('in0'));
  t.equal(on(), 'in0 native');
});

t.test('an interface that goes in the moment of a replacement', async (t) => {
  cable(t, 'in0');
  cable(t, 'in1');
  const { hooks, on } = await hooksOn(t, ['in*']);
  ip('link delete in0');
  hooks.use(other);
  await until('only the other is left', () => on() === 'in1 native');
  t.ok(existsSync(`${PINS}/links`));
});
