import { writeFileSync } from 'node:fs';
import t from 'tap';
import { ip, passObject } from '../../interfaces.js';
import { enterNamespace } from '../../namespace.js';
import { STATUS, startService } from '../../service.js';
import { type } from '../../terminal.js';

enterNamespace();

const doctor = (...words: string[]) => type(['doctor', ...words]);

t.before(() => {
  for (const words of [
    'link add eth7 type veth peer name far7',
    'link add br0 type bridge',
    'link add in0 type veth peer name in1',
    'link set in0 master br0',
    'address add 192.0.2.1/24 dev eth7',
    'link set eth7 up',
    'link set far7 up',
    'tuntap add dev tun0 mode tun',
  ])
    ip(words);
});

t.test('without a way in, nftables', async (t) => {
  const { code, stdout } = await doctor();
  t.equal(code, 0);
  t.match(stdout, /^kernel \d+\.\d+.*: has nf_tables\n/);
  t.match(stdout, /^lo: loopback$/m);
  t.match(stdout, /^tun0: tunnel$/m);
  t.match(stdout, /^br0: leads to containers or guests: /m);
  t.match(stdout, /^\[backend\] kind = "nftables", the default: no interface was found that packets come in by\n$/m);
});

t.test('where the default route leaves, native XDP', async (t) => {
  ip('route add default via 192.0.2.2');
  const { code, stdout } = await doctor();
  t.equal(code, 0);
  t.match(stdout, /^eth7: native XDP; veth, MTU 1500, default route\n {2}its driver drops packets before/m);
  t.match(stdout, /^\[backend\] kind = "xdp", interfaces = \["eth7"\], mode = "native"/m);
});

t.test('named, with a program attached', async (t) => {
  ip(`link set dev in1 xdpdrv obj ${passObject(t.testdir())} sec xdp`);
  const { code, stdout } = await doctor('in1');
  t.equal(code, 0);
  t.match(
    stdout,
    /^in1: native XDP; veth, MTU 1500, down\n {2}.*, but first: XDP program 'pass' \(id \d+, native\) is attached/m,
  );
  t.match(stdout, /^ {2}for native XDP: bpftool prog show id \d+$/m);
  t.match(stdout, /interfaces = \["in1"\], mode = "native", when what stands above is done\n\n/);
  t.notMatch(stdout, /eth7/);
});

t.test('in colour, on a terminal', async (t) => {
  const { stdout } = await type(['doctor', 'eth7'], { isOutTTY: true });
  t.match(stdout, '\u001b[1meth7\u001b[0m: \u001b[32mnative XDP\u001b[0m; veth');
});

t.test('as JSON', async (t) => {
  const found = JSON.parse((await doctor('--json', 'eth7', 'br0')).stdout);
  t.same(Object.keys(found).toSorted(), ['backend', 'findings', 'interfaces', 'machine', 'steps', 'why']);
  t.same(Object.keys(found.machine).toSorted(), [
    'bpffs',
    'kernel',
    'lacking',
    'lockdown',
    'nftables',
    'object',
    'processors',
  ]);
  t.same(Object.keys(found.interfaces[0]).toSorted(), [
    'driver',
    'index',
    'mtu',
    'name',
    'native',
    'right',
    'route',
    'steps',
    'up',
    'why',
    'xdp',
  ]);
  t.same(found.backend, { kind: 'nftables' });
});

t.test('one that is not there', async (t) => {
  t.match(await doctor('eth8'), {
    code: 1,
    stdout: '',
    stderr: /^dropset: there is no interface 'eth8' .* 'eth7'\?\n$/,
  });
});

t.test('configuration, host and service', async (t) => {
  const state = t.testdir({ 'bad.toml': '[jail.x]\n', 'good.toml': '' });
  const good = `${state}/good.toml`;
  const text = `[service]\nstate = "${state}"\nsocket = "${state}/s"\n[jail.sshd]\nlogpath = ["${state}/log"]\n`;
  writeFileSync(good, text);
  const found = await doctor('--config', good);
  t.equal(found.code, 0, found.stdout);
  t.match(found.stdout, /^ok: configuration: .*good\.toml can be used, with 1 jail$/m);
  t.match(found.stdout, /^warning: service: no service answers at .*\/s: .*\n {2}way out: systemctl status dropset$/m);
  t.match(found.stdout, /^ok: hooks: no chain is asked before dropset's, at prerouting with priority -300$/m);
  for (const name of ['bad', 'none']) {
    const { code, stdout } = await doctor('--config', `${state}/${name}.toml`);
    t.equal(code, 1);
    t.match(stdout, new RegExp(`^fault: configuration: .*${name}\\.toml`, 'm'));
  }
});

t.test('a service that runs, and one whose table is not there', async (t) => {
  const { socket, client } = await startService(t);
  await client.ban({ addresses: ['198.51.100.1'] });
  const config = `${t.testdir({ 'a.toml': '[backend]\nkind = "memory"\n' })}/a.toml`;
  const { findings } = JSON.parse((await doctor('--json', '--config', config, '--socket', socket)).stdout);
  t.match(
    findings.filter(({ subject }: { subject: string }) => subject === 'service'),
    [{ level: 'ok', sentence: /^it runs since .*, with 1 ban$/, way: null }],
  );
  const status = async () => ({ ...STATUS, backend: 'nftables' as const, problems: ['a disk is full'] });
  const broken = await startService(t, { operations: { status } });
  const { code, stdout } = await doctor('--socket', broken.socket);
  t.equal(code, 1);
  t.match(stdout, /^fault: hooks: the service runs, but table inet dropset has no chain at prerouting$/m);
  t.match(stdout, /^warning: service: a disk is full$/m);
});

t.test('routes, files of denied addresses, and hooks', async (t) => {
  const state = t.testdir({ 'a.toml': '', log: '' });
  const config = `${state}/a.toml`;
  writeFileSync(
    config,
    `[service]\nstate = "${state}"\nsocket = "${state}/s"\nbackends = ["route", "denyfile"]\n` +
      `[denyfile.web]\nformat = "nginx"\npath = "${state}/none/deny"\n` +
      `[hook.notify]\nprogram = "/nowhere/notify"\n[jail.sshd]\nlogpath = ["${state}/log"]\n`,
  );
  for (const name of ['all', 'eth7']) writeFileSync(`/proc/sys/net/ipv4/conf/${name}/rp_filter`, '0');
  const { code, stdout } = await doctor('--config', config);
  t.equal(code, 1, stdout);
  t.match(stdout, /^fault: denyfile\.web: .*\/none is not there/m);
  t.match(stdout, /^warning: route: without rp_filter IPv4 packets that come by eth7 .*\n {2}way out: sysctl -w net/m);
  t.match(stdout, /^warning: hook notify: /m);
  writeFileSync('/proc/sys/net/ipv4/conf/all/rp_filter', '2');
  t.notMatch((await doctor('--config', config)).stdout, /without rp_filter/);
});
