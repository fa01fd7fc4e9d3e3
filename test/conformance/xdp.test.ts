import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { XdpBackend } from '../../src/backends/xdp/backend.js';
import type { XdpOptions } from '../../src/backends/xdp/options.js';
import { Pinned } from '../../src/backends/xdp/pinned.js';
import { closeDescriptor, inspect } from '../../src/bpf/pins.js';
import { xdpNative } from '../../src/native.js';
import { frame } from '../frames.js';
import { ip } from '../interfaces.js';
import { enterNamespace } from '../namespace.js';
import { conformance } from './suite.js';

enterNamespace({ bpf: true });
ip('link add in0 type veth peer name out0');
ip('link set in0 up');
ip('link set out0 up');

/** enum xdp_action of linux/bpf.h. */
const XDP_DROP = 1;

/** By the program that is on the interface. */
function drops(address: string, port = 4000): boolean {
  const [pinned] = new Pinned('/sys/fs/bpf/dropset').links();
  if (!pinned) throw new Error('no program is on the interface');
  const program = xdpNative().programById(inspect(pinned.link).program ?? 0);
  const { bytes } = frame(`a UDP datagram to port ${port} from ${address}`);
  const { verdict } = xdpNative().testRun(program, bytes, 1);
  for (const descriptor of [program, pinned.link]) closeDescriptor(descriptor);
  return verdict === XDP_DROP;
}

const VARIANTS: Record<string, Partial<XdpOptions>> = {
  'in native mode': { mode: 'native' },
  'in generic mode, without counters': { mode: 'generic', elementCounters: false },
};

for (const [name, variant] of Object.entries(VARIANTS)) {
  t.test(name, async (t) => {
    conformance(t, {
      now: Date.now,
      scopes: true,
      counts: true,
      drops: async (_, address, port) => drops(address, port),
      pass: (milliseconds) => sleep(milliseconds),
      make: async (size) => {
        const backend = new XdpBackend({
          size,
          elementCounters: true,
          allow: [],
          interfaces: ['in0'],
          mode: 'auto',
          pins: '/sys/fs/bpf/dropset',
          say: () => undefined,
          ...variant,
        });
        await backend.open();
        return backend;
      },
    });
  });
}
