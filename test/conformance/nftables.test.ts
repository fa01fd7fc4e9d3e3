import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { NftablesBackend } from '../../src/backends/nftables/backend.js';
import type { NftablesOptions } from '../../src/backends/nftables/options.js';
import { ip } from '../interfaces.js';
import { enterNamespace, track } from '../namespace.js';
import { BANNED6 } from './subject.js';
import { conformance } from './suite.js';

enterNamespace();
ip(`address add ${BANNED6}/128 dev lo nodad`);

/** Loopback goes through prerouting and input as everything else does. */
async function drops(address: string, port = 4000): Promise<boolean> {
  const kind = address.includes(':') ? 'udp6' : 'udp4';
  const [from, to] = [createSocket(kind), createSocket(kind)];
  to.bind(port, address);
  from.bind(0, address);
  await Promise.all([once(from, 'listening'), once(to, 'listening')]);
  const arrived = once(to, 'message').then(() => false);
  from.send('x', port, address);
  const dropped = await Promise.race([arrived, sleep(50, true)]);
  for (const socket of [from, to]) socket.close();
  return dropped;
}

/** The dialects of older kernels are understood by this one too: what they send is what those would get. */
const VARIANTS: Record<string, Partial<NftablesOptions>> = {
  'as this kernel likes it': {},
  'as for a kernel before 6.12': { dialect: 'destroy' },
  'as for a kernel before 6.3': { dialect: 'delete' },
  'without owning the table, without counters, at input': { own: false, elementCounters: false, hook: 'input' },
  // An unprivileged container may have 212,992 bytes; the cut must be right at any size.
  'sparing replies': { spareReplies: true },
  'with a small send buffer': { sendBuffer: 32 * 1024 },
};

for (const [name, variant] of Object.entries(VARIANTS)) {
  t.test(name, async (t) => {
    if (variant.spareReplies) await track();
    conformance(t, {
      now: Date.now,
      scopes: true,
      counts: true,
      drops: (_, address, port) => drops(address, port),
      pass: (milliseconds) => sleep(milliseconds),
      make: async (size) => {
        const backend = new NftablesBackend({
          table: 'dropset',
          hook: 'prerouting',
          priority: -300,
          elementCounters: true,
          size,
          allow: [],
          ...variant,
        });
        await backend.open();
        if (variant.spareReplies) t.equal(backend.state().replies, 'tracked');
        return backend;
      },
    });
  });
}
