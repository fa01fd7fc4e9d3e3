import { readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import t from 'tap';
import { driverOf, virtioFeatures } from '../../../src/doctor/hardware.js';
import { type Link, listLinks } from '../../../src/rtnetlink/links.js';

const link = (parent?: Link['parent']): Link => ({
  index: 2,
  name: 'eth0',
  ethernet: true,
  loopback: false,
  up: true,
  mtu: 1500,
  ...(parent && { parent }),
});

t.test('a tree as sysfs has it', async (t) => {
  const sysfs = t.testdir({
    bus: {
      virtio: { drivers: { virtio_net: {} }, devices: { virtio2: { features: '1100000100000000\n' } } },
      pci: { devices: { '0000:00:05.0': { driver: t.fixture('symlink', '../../drivers/ena') } } },
    },
  });
  t.equal(driverOf(link({ bus: 'pci', device: '0000:00:05.0' }), sysfs), 'ena');
  t.equal(driverOf(link({ bus: 'virtio', device: 'virtio2' }), sysfs), undefined, 'no driver has it');
  t.same([...virtioFeatures(link({ bus: 'virtio', device: 'virtio2' }), sysfs)], [0, 1, 7]);
  t.equal(virtioFeatures(link({ bus: 'virtio', device: 'virtio9' }), sysfs).size, 0);
  t.equal(virtioFeatures(link({ bus: 'pci', device: '0000:00:05.0' }), sysfs).size, 0);
});

t.test('no hardware, and names that are no names', async (t) => {
  t.equal(driverOf(link()), undefined);
  t.equal(virtioFeatures(link()).size, 0);
  for (const device of ['../../../etc', '..', 'a/b']) t.equal(driverOf(link({ bus: 'pci', device })), undefined);
});

t.test('this machine’s own hardware', async (t) => {
  for (const found of (await listLinks()).filter(({ parent }) => parent)) {
    t.equal(driverOf(found), basename(readlinkSync(`/sys/class/net/${found.name}/device/driver`)), found.name);
    t.equal(virtioFeatures(found).size > 0, found.parent?.bus === 'virtio');
  }
});
