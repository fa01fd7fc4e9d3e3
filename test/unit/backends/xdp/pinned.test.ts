import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import t, { type Test } from 'tap';
import { Generation } from '../../../../src/backends/xdp/generation.js';
import { Pinned } from '../../../../src/backends/xdp/pinned.js';
import { attach } from '../../../../src/bpf/links.js';
import { closeDescriptor, makeFolder, pin } from '../../../../src/bpf/pins.js';
import { MAPS } from '../../../../src/bpf/program.js';
import { listLinks } from '../../../../src/rtnetlink/links.js';
import { ip } from '../../../interfaces.js';
import { enterNamespace } from '../../../namespace.js';
import { descriptors, PINS } from '../../../xdp.js';

enterNamespace({ bpf: true });
ip('link add in0 type veth peer name out0');
const ifindex = (await listLinks()).find(({ name }) => name === 'in0')?.index as number;
const generation = Generation.create(1024, true);
const { maps, drop } = generation.program;
const pinned = new Pinned(PINS);

/** An empty folder; afterwards nothing is pinned, and no descriptor is left over. */
function fresh(name: string, body: (t: Test) => void): void {
  t.test(name, async (t) => {
    const before = descriptors();
    t.teardown(() => execFileSync('rm', ['-rf', PINS]));
    body(t);
    t.equal(descriptors(), before, 'no descriptor is left');
  });
}

const closeAll = (all: object | undefined): void => {
  for (const descriptor of Object.values(all ?? {})) closeDescriptor(descriptor);
};

t.test('a folder that is on no BPF file system', async (t) => {
  pinned.check();
  new Pinned('/sys/fs/bpf/several/folders/deep').check();
  t.throws(() => new Pinned('/tmp/dropset').check(), {
    code: 'unsupported',
    message:
      "/tmp/dropset is on no BPF file system: run 'mount -t bpf bpf /sys/fs/bpf', or set pins in [backend] to a folder of one",
  });
});

fresh('nothing is pinned', (t) => {
  t.equal(pinned.maps(), undefined);
  t.same(pinned.links(), []);
  t.notOk(pinned.hasLinks());
  t.same(pinned.removeAll(), { links: 0, maps: 0 });
});

fresh('maps are found again, and replaced', (t) => {
  pinned.keepMaps(maps);
  pinned.keepMaps(maps);
  t.same(readdirSync(PINS), ['maps']);
  t.same(readdirSync(`${PINS}/maps`).sort(), [...MAPS].sort());
  const found = pinned.maps();
  t.same(Object.keys(found ?? {}).sort(), [...MAPS].sort());
  closeAll(found);
});

fresh('what a replacement left that was cut short', (t) => {
  pinned.keepMaps(maps);
  makeFolder(`${PINS}/maps-new`);
  pin(maps.allow, `${PINS}/maps-new/allow`);
  makeFolder(`${PINS}/maps-old`);
  pin(maps.allow, `${PINS}/maps-old/allow`);
  pinned.keepMaps(maps);
  t.same(readdirSync(PINS), ['maps']);
  execFileSync('rm', [`${PINS}/maps/shape`, `${PINS}/maps/allow`]);
  t.equal(pinned.maps(), undefined, 'a removal that was cut short');
  t.same(pinned.removeAll(), { links: 0, maps: MAPS.length - 2 });
  t.notOk(existsSync(PINS));
});

fresh('links are found by their interface; those of interfaces that have gone are taken away', (t) => {
  ip('link add gone0 type veth peer name gone1');
  const gone = Number(/^(\d+): gone0/m.exec(ip('link show gone0'))?.[1]);
  for (const index of [ifindex, gone]) {
    const link = attach(drop, index, 'native');
    pinned.keepLink({ ifindex: index, link });
    pinned.keepLink({ ifindex: index, link });
    closeDescriptor(link);
  }
  ip('link delete gone0');
  t.ok(pinned.hasLinks());
  const [found, ...others] = pinned.links();
  t.match(found, { ifindex });
  t.same(others, []);
  closeDescriptor(found?.link as number);
  t.same(readdirSync(`${PINS}/links`), [`if${ifindex}`]);
  t.match(ip('link show in0'), /xdp/);
  pinned.dropLink(ifindex);
  pinned.dropLink(ifindex);
  t.notMatch(ip('link show in0'), /xdp/);
});

fresh('a link under the name of another interface', (t) => {
  const link = attach(drop, ifindex, 'native');
  pinned.keepLink({ ifindex: 4711, link });
  closeDescriptor(link);
  t.same(pinned.links(), []);
  t.notMatch(ip('link show in0'), /xdp/);
});

/** What somebody else has put in our place is neither used nor taken away. */
const FOREIGN: Record<string, () => void> = {
  "links/if5 is not dropset's (a program named dropset)": () => {
    makeFolder(`${PINS}/links`);
    pin(drop, `${PINS}/links/if5`);
  },
  "links/if5 is not dropset's (a map named buckets4)": () => {
    makeFolder(`${PINS}/links`);
    pin(maps.buckets4, `${PINS}/links/if5`);
  },
  "maps/shape is not dropset's (a map named allow)": () => {
    makeFolder(`${PINS}/maps`);
    pin(maps.allow, `${PINS}/maps/shape`);
  },
  "maps/shape is not dropset's (a map named present4)": () => {
    makeFolder(`${PINS}/maps`);
    pin(maps.present4, `${PINS}/maps/shape`);
  },
  "maps/theirs is not dropset's (a map named allow)": () => {
    makeFolder(`${PINS}/maps`);
    pin(maps.allow, `${PINS}/maps/allow`);
    pin(maps.allow, `${PINS}/maps/theirs`);
  },
  "maps/allow is not dropset's (a program named dropset)": () => {
    makeFolder(`${PINS}/maps`);
    pin(drop, `${PINS}/maps/allow`);
  },
  "maps/folder is not dropset's (opening": () => mkdirSync(`${PINS}/maps/folder`, { recursive: true }),
  "maps/nothing is not dropset's (opening": () => {
    makeFolder(`${PINS}/maps`);
    symlinkSync(`${PINS}/nowhere`, `${PINS}/maps/nothing`);
  },
};

for (const [sentence, arrange] of Object.entries(FOREIGN)) {
  fresh(sentence, (t) => {
    arrange();
    const before = execFileSync('ls', ['-R', PINS], { encoding: 'utf8' });
    for (const work of [() => [pinned.maps(), pinned.links()], () => pinned.removeAll()]) {
      t.throws(work, { code: 'busy', message: /remove it, or set pins in \[backend\] to another folder$/ });
      t.throws(work, { message: `${PINS}/${sentence}` });
    }
    t.equal(execFileSync('ls', ['-R', PINS], { encoding: 'utf8' }), before);
  });
}

fresh('what else is in the folder stays', (t) => {
  pinned.keepMaps(maps);
  pin(drop, `${PINS}/theirs`);
  t.same(pinned.removeAll(), { links: 0, maps: MAPS.length });
  t.same(readdirSync(PINS), ['theirs']);
});
