import t from 'tap';
import { activeOf, driverSetups, queuesOf } from '../../../src/rtnetlink/ethtool.js';
import { ip } from '../../interfaces.js';
import { enterNamespace } from '../../namespace.js';

enterNamespace();

t.test('features that are on, and queues', async (t) => {
  ip('link add v0 numrxqueues 2 numtxqueues 2 type veth peer name v1');
  const [v0, none, lo] = await driverSetups(['v0', 'nobody', 'lo']);
  t.ok(v0?.active?.has('tx-tcp-segmentation'));
  t.notOk(v0?.active?.has('rx-lro'));
  t.match(v0?.queues, { most: 2 });
  t.same(none, {}, 'it is gone');
  t.ok(lo?.active?.has('loopback'));
  t.equal(lo?.queues, undefined);
});

const bytes = (hex: string): Buffer => Buffer.from(hex.replace(/ /g, ''), 'hex');

t.test('a reply that is cut short', async (t) => {
  t.same(activeOf(Buffer.alloc(0)), new Set());
  t.same(activeOf(bytes('0b010000 0c00 0480 0800 0380 0400 0180')), new Set());
  t.equal(queuesOf(bytes('11010000 0600 0500 0100 0000 0800 0900 01000000')), undefined);
  t.same(queuesOf(bytes('11010000 0800 0500 08000000 0800 0900 02000000')), { now: 2, most: 8 });
});
