import t from 'tap';
import { Connection } from '../../../src/netlink/connection.js';
import { NETLINK_ROUTE } from '../../../src/netlink/protocol.js';
import { dumpAll } from '../../../src/rtnetlink/dump.js';
import { decodeLink, type Link, listLinks } from '../../../src/rtnetlink/links.js';
import { elsewhere, ip, passObject } from '../../interfaces.js';
import { enterNamespace } from '../../namespace.js';

enterNamespace();

const named = async (name: string): Promise<Link | undefined> => (await listLinks()).find((link) => link.name === name);

t.test('loopback', async (t) => {
  t.same(await listLinks(), [{ index: 1, name: 'lo', ethernet: false, loopback: true, up: true, mtu: 65_536 }]);
});

t.test('veth, bridge, macvlan, tap and tun', async (t) => {
  ip('link add br0 type bridge');
  ip('link add v0 mtu 1400 type veth peer name v1');
  ip('link set v0 master br0');
  ip('link set v0 up');
  ip('link add link v1 m0 type macvlan');
  ip('tuntap add dev tap0 mode tap');
  ip('tuntap add dev tun0 mode tun');
  const links = new Map((await listLinks()).map((link) => [link.name, link]));
  const index = (name: string): number => links.get(name)?.index as number;
  const order = [...links.values()].map((link) => link.index);
  t.same(
    order,
    order.toSorted((a, b) => a - b),
  );
  const plain = { ethernet: true, loopback: false, up: false, mtu: 1500 };
  t.same(links.get('br0'), { ...plain, mtu: 1400, index: index('br0'), name: 'br0', kind: 'bridge' });
  t.same(links.get('v0'), {
    ...plain,
    index: index('v0'),
    name: 'v0',
    kind: 'veth',
    up: true,
    mtu: 1400,
    linked: { index: index('v1') },
    master: { index: index('br0'), kind: 'bridge' },
  });
  t.match(links.get('m0'), { kind: 'macvlan', linked: { index: index('v1') } });
  t.match(links.get('tap0'), { kind: 'tun', ethernet: true });
  t.match(links.get('tun0'), { kind: 'tun', ethernet: false, loopback: false });
});

t.test('the other end is in another namespace', async (t) => {
  const other = await elsewhere();
  t.teardown(() => other.end());
  ip('link add far0 type veth peer name far1');
  ip(`link set far1 netns ${other.pid}`);
  t.match((await named('far0'))?.linked, { index: Number, namespace: Number });
  t.equal(await named('far1'), undefined);
});

t.test('an XDP program: by the driver, and behind it', async (t) => {
  const object = passObject(t.testdir());
  ip('link add x0 type veth peer name x1');
  ip(`link set dev x0 xdpdrv obj ${object} sec xdp`);
  ip(`link set dev br0 xdpgeneric obj ${object} sec xdp`);
  const native = (await named('x0'))?.xdp;
  const generic = (await named('br0'))?.xdp;
  t.match(native, { mode: 'native', program: Number });
  t.match(generic, { mode: 'generic', program: Number });
  t.not(native?.program, generic?.program);
  t.match(ip('-details link show x0'), new RegExp(`prog/xdp id ${native?.program} `));
  ip('link set dev x0 xdpdrv off');
  t.equal((await named('x0'))?.xdp, undefined);
});

t.test('hundreds of links', async (t) => {
  for (let i = 0; i < 150; i++) ip(`link add many${i} type veth peer name ynam${i}`);
  const names = new Set((await listLinks()).map(({ name }) => name));
  for (let i = 0; i < 150; i++) t.ok(names.has(`many${i}`) && names.has(`ynam${i}`));
});

t.test('a message that is cut short anywhere is no failure', async (t) => {
  const connection = Connection.open(NETLINK_ROUTE);
  t.teardown(() => connection.close());
  const header = new Array<number>(16).fill(0);
  const payloads = await dumpAll(connection, { operation: 'links', type: 18, header }, ({ payload }) => payload);
  for (const payload of payloads.slice(0, 10)) {
    for (let length = 0; length <= payload.length; length++) decodeLink(payload.subarray(0, length));
    t.match(decodeLink(payload), { index: Number });
  }
});

/** struct ifinfomsg of index 7, and attributes. */
const message = (attributes: string, { family = '00' } = {}): Buffer =>
  Buffer.from(`${family}00010007000000${'01000000'}00000000${attributes}`.replace(/ /g, ''), 'hex');

const NAME = '0700 0300 613000 00';

t.test('several programs at once: the one that sees a packet first', async (t) => {
  const attached = (rest: string): string => {
    const nest = `0500 0200 04000000 ${rest}`.replace(/ /g, '');
    return `${(4 + nest.length / 2).toString(16).padStart(2, '0')}00 2b80 ${nest}`;
  };
  const [driver, generic, hardware] = ['0800 0500 02000000', '0800 0600 03000000', '0800 0700 04000000'];
  t.same(decodeLink(message(NAME + attached(generic + driver)))?.xdp, { mode: 'multi', program: 2 });
  t.same(decodeLink(message(NAME + attached(generic + driver + hardware)))?.xdp, { mode: 'multi', program: 4 });
  t.equal(decodeLink(message(NAME + attached('')))?.xdp, undefined);
});

t.test('attributes that are too short are as good as absent', async (t) => {
  const short = [
    '0400 0400',
    '0600 0500 0100 0000',
    '0500 0a00 01000000',
    '0600 2500 0100 0000',
    '0400 1280',
    '0400 2b80',
  ];
  t.same(decodeLink(message(NAME + short.join(''))), {
    index: 7,
    name: 'a0',
    ethernet: true,
    loopback: false,
    up: true,
    mtu: 0,
  });
});

t.test('what is no link', async (t) => {
  t.equal(decodeLink(message('')), undefined, 'without a name');
  t.equal(decodeLink(message(NAME, { family: '07' })), undefined, 'a bridge’s word on its port');
  const whole = message(NAME);
  for (let length = 0; length < 16; length++) t.equal(decodeLink(whole.subarray(0, length)), undefined);
});
