import t from 'tap';
import { ip, passObject } from '../../interfaces.js';
import { enterNamespace } from '../../namespace.js';
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
  t.match(stdout, /interfaces = \["in1"\], mode = "native", when what stands above is done\n$/);
  t.notMatch(stdout, /eth7/);
});

t.test('in colour, on a terminal', async (t) => {
  const { stdout } = await type(['doctor', 'eth7'], { isOutTTY: true });
  t.match(stdout, '\u001b[1meth7\u001b[0m: \u001b[32mnative XDP\u001b[0m; veth');
});

t.test('as JSON', async (t) => {
  const found = JSON.parse((await doctor('--json', 'eth7', 'br0')).stdout);
  t.same(Object.keys(found).toSorted(), ['backend', 'interfaces', 'machine', 'steps', 'why']);
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
