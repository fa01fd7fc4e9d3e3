import { readdirSync, unlinkSync } from 'node:fs';
import t from 'tap';
import { XdpBackend } from '../../../../src/backends/xdp/backend.js';
import { Generation } from '../../../../src/backends/xdp/generation.js';
import { ALLOW } from '../../../../src/bpf/allow.js';
import { detachLink, updateLink } from '../../../../src/bpf/links.js';
import { closeDescriptor, openPin } from '../../../../src/bpf/pins.js';
import { Prefix } from '../../../../src/model/prefix.js';
import { xdpNative } from '../../../../src/native.js';
import { enterNamespace } from '../../../namespace.js';
import { add, BANNED, batch, CLEAN, descriptors, opened, optionsOf, PINS, Wire } from '../../../xdp.js';

enterNamespace({ bpf: true });
const wire = await Wire.for(t);

const links = (): string => `${PINS}/links`;
const pinnedLink = (): string => `${links()}/${readdirSync(links())[0]}`;

/** Does something with what is pinned there, as any root may. */
function meddle(path: string, work: (descriptor: number) => void): void {
  const descriptor = openPin(path);
  work(descriptor);
  closeDescriptor(descriptor);
}

/** What somebody does behind our back, what the check says of it, and what comes through meanwhile. */
const MEDDLING: Readonly<Record<string, { does: () => void; fault: RegExp; through: number }>> = {
  'another program in the link': {
    does: () => {
      const other = Generation.create(1024, true);
      meddle(pinnedLink(), (link) => updateLink(link, other.program.drop));
      other.close();
    },
    fault: /^another program is on in0$/,
    through: 5,
  },
  'the link detached by force': {
    does: () => meddle(pinnedLink(), detachLink),
    fault: /^the program was taken off in0$/,
    through: 5,
  },
  'the pinned link removed': {
    does: () => unlinkSync(pinnedLink()),
    fault: /^what holds the program on in0 is not pinned$/,
    through: 0,
  },
  'pinned tables removed': {
    does: () => {
      for (const name of ['buckets4', 'shape']) unlinkSync(`${PINS}/maps/${name}`);
    },
    fault: /^the pinned tables are not those of the program: shape, buckets4$/,
    through: 0,
  },
  'somebody else allowed': {
    does: () =>
      meddle(`${PINS}/maps/allow`, (map) => {
        const key = Buffer.alloc(ALLOW.SIZE);
        key.writeUInt32LE((ALLOW.ADDRESS - ALLOW.FAMILY) * 8 + 32, 0);
        key.writeUInt32BE(4, ALLOW.FAMILY);
        Prefix.parse(BANNED).write(key, ALLOW.ADDRESS);
        xdpNative().update(map, key, Buffer.of(1));
      }),
    fault: /^somebody else is allowed$/,
    through: 5,
  },
};

for (const [what, { does, fault, through }] of Object.entries(MEDDLING)) {
  t.test(`${what}: found and repaired, and the next start has it all`, async (t) => {
    // Behind an allowed neighbour, so that the program asks the trie.
    const { backend } = await opened(t, { allow: [Prefix.parse(CLEAN)] });
    await backend.apply(batch(add(BANNED), add('198.51.100.0/24')));
    t.same(await backend.check(), []);
    t.equal(await wire.send(BANNED, 5), 0);
    const before = descriptors();
    does();
    t.equal(await wire.send(BANNED, 5), through);
    const faults = await backend.check();
    t.equal(faults.length, 1);
    t.match(faults[0], fault);
    await backend.repair();
    t.same(await backend.check(), []);
    t.same([await wire.send(BANNED, 5), await wire.send(CLEAN, 5)], [0, 5]);
    t.equal(descriptors(), before);
    await backend.close({ keep: true });
    t.equal(await wire.send(BANNED, 5), 0, 'it stands alone');
    const next = new XdpBackend(optionsOf({ allow: [Prefix.parse(CLEAN)] }));
    await next.open();
    t.teardown(() => next.close({ keep: false }));
    t.same(await next.check(), []);
    t.match(await next.counters(), { elements: 2 });
    await next.close({ keep: false });
  });
}

t.test('repairing what is sound does nothing', async (t) => {
  const { backend, said } = await opened(t);
  const before = said.length;
  await backend.repair();
  t.equal(said.length, before);
});
