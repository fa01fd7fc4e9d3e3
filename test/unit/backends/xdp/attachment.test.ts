import t from 'tap';
import { attachTo, genericNote, modeOf } from '../../../../src/backends/xdp/attachment.js';
import { Generation } from '../../../../src/backends/xdp/generation.js';
import { closeDescriptor } from '../../../../src/bpf/pins.js';
import { type Link, listLinks } from '../../../../src/rtnetlink/links.js';
import { ip, passObject } from '../../../interfaces.js';
import { enterNamespace } from '../../../namespace.js';
import { until } from '../../../xdp.js';

enterNamespace({ bpf: true });
const { drop } = Generation.create(1024, true).program;
ip('link add in0 type veth peer name out0');
ip('link add br0 type bridge');

const linkOf = async (name: string): Promise<Link> => (await listLinks()).find((link) => link.name === name) as Link;

const free = (name: string): Promise<void> => until(`${name} is free`, async () => !(await linkOf(name)).xdp);

t.test('native where the driver can, generic where it cannot, or as it is asked', async (t) => {
  for (const [name, wanted, mode] of [
    ['in0', 'auto', 'native'],
    ['in0', 'native', 'native'],
    ['in0', 'generic', 'generic'],
    ['br0', 'generic', 'generic'],
    ['br0', 'auto', 'generic'],
  ] as const) {
    const attached = attachTo(await linkOf(name), drop, wanted);
    t.equal(attached.mode, mode, `${name}, ${wanted}`);
    t.equal(modeOf(await linkOf(name)), mode);
    t.equal(attached.reason !== undefined, name === 'br0' && wanted === 'auto');
    if (attached.reason)
      t.match(genericNote(await linkOf(name), attached.reason), /^br0: .*ENOTSUP.*'dropset doctor br0'/);
    closeDescriptor(attached.link);
    await free(name);
  }
});

t.test('native mode where the driver cannot', async (t) => {
  t.throws(() => attachTo(br0, drop, 'native'), {
    code: 'interface',
    message: /^br0 takes no program in native mode \(.*ENOTSUP.*its MTU is 1500\): 'dropset doctor br0' says why/,
  });
});
const br0 = await linkOf('br0');

t.test('who is there already is named, in whatever mode', async (t) => {
  const object = passObject(t.testdir());
  for (const [theirs, mode] of [
    ['xdp', 'native'],
    ['xdpgeneric', 'generic'],
  ] as const) {
    ip(`link set dev in0 ${theirs} obj ${object} sec xdp`);
    const link = await linkOf('in0');
    for (const wanted of ['auto', 'native', 'generic'] as const) {
      t.throws(
        () => attachTo(link, drop, wanted),
        { code: 'interface', message: `XDP program 'pass' (id ${link.xdp?.program}, ${mode} mode): detach it` },
        `${theirs}, ${wanted}`,
      );
    }
    t.throws(
      () => attachTo({ ...link, xdp: { mode: 'native', program: 4_000_000 } }, drop, 'native'),
      /the XDP program \(id 4000000/,
    );
    ip(`link set dev in0 ${theirs} off`);
  }
  const { xdp, ...unseen } = await linkOf('in0');
  t.equal(xdp, undefined);
  const { link } = attachTo(unseen, drop, 'native');
  t.throws(() => attachTo(unseen, drop, 'native'), /in0 already has an XDP program: detach it/);
  closeDescriptor(link);
});

t.test('another failure', async (t) => {
  t.throws(() => attachTo(br0, 0xffff, 'auto'), {
    code: 'interface',
    message: /^br0: .*EBADF.*'dropset doctor br0' says more/,
  });
});
