import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { XdpBackend } from '../../src/backends/xdp/backend.js';
import type { XdpOptions } from '../../src/backends/xdp/options.js';
import { ip } from '../interfaces.js';
import { enterNamespace } from '../namespace.js';
import { conformance } from './suite.js';

enterNamespace({ bpf: true });
ip('link add in0 type veth peer name out0');
ip('link set in0 up');
ip('link set out0 up');

const VARIANTS: Record<string, Partial<XdpOptions>> = {
  'in native mode': { mode: 'native' },
  'in generic mode, without counters': { mode: 'generic', elementCounters: false },
};

for (const [name, variant] of Object.entries(VARIANTS)) {
  t.test(name, async (t) => {
    conformance(t, {
      now: Date.now,
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
