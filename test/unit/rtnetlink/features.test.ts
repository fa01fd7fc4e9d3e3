import t from 'tap';
import { decodeFeatures, xdpFeatures } from '../../../src/rtnetlink/features.js';
import { listLinks } from '../../../src/rtnetlink/links.js';
import { ip } from '../../interfaces.js';
import { enterNamespace } from '../../namespace.js';

enterNamespace();

async function ofName(name: string) {
  const link = (await listLinks()).find((one) => one.name === name);
  return (await xdpFeatures())?.get(link?.index ?? 0);
}

const NONE = { basic: false, redirect: false, transmit: false, zerocopy: false, offload: false, frags: false };

t.test('veth has native XDP, bridge, macvlan and loopback have not', async (t) => {
  ip('link add v0 type veth peer name v1');
  ip('link add br0 type bridge');
  ip('link add link v0 m0 type macvlan');
  t.match(await ofName('v0'), { basic: true, redirect: true, frags: true, offload: false });
  for (const name of ['br0', 'm0', 'lo']) t.same(await ofName(name), NONE, name);
});

t.test('a setup can take it away: a veth whose other end sends by more queues than it receives by', async (t) => {
  ip('link add q0 numtxqueues 1 numrxqueues 1 type veth peer name q1 numtxqueues 4 numrxqueues 4');
  t.match(await ofName('q0'), { basic: false });
  t.match(await ofName('q1'), { basic: true });
});

t.test('one entry for each link', async (t) => {
  t.same(
    [...((await xdpFeatures())?.keys() ?? [])].toSorted(),
    (await listLinks()).map(({ index }) => index).toSorted(),
  );
});

t.test('what is cut short says nothing', async (t) => {
  const bytes = (hex: string): Buffer => Buffer.from(hex.replace(/ /g, ''), 'hex');
  t.same(decodeFeatures(bytes('01010000 0800 0100 05000000 0c00 0300 1000000000000000')), [
    5,
    { ...NONE, offload: true },
  ]);
  for (const hex of [
    '',
    '0101',
    '01010000 0800 0100 05000000',
    '01010000 0800 0100 05000000 0800 0300 01000000',
    '01010000 0600 0100 05000000 0c00 0300 0100000000000000',
  ])
    t.equal(decodeFeatures(bytes(hex)), undefined, hex);
});
