import { createSocket } from 'node:dgram';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { RouteBackend } from '../../src/backends/route/backend.js';
import { ip } from '../interfaces.js';
import { enterNamespace } from '../namespace.js';
import { conformance } from './suite.js';

enterNamespace();
// The suite's addresses are nobody's here, and lie behind a router.
ip('address del 127.0.0.1/8 dev lo');
ip('link add in0 type veth peer name out0');
ip('address add 10.255.0.1/24 dev in0');
ip('address add 2001:db8:ff::1/64 dev in0 nodad');
for (const name of ['in0', 'out0']) ip(`link set ${name} up`);
ip('route add default via 10.255.0.2');
ip('-6 route add default via 2001:db8:ff::2');

/** A reply to it would not leave: the kernel answers EINVAL to who sends into a blackhole. */
const drops = (address: string): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
    socket.send('x', 4000, address, (error) => {
      socket.close();
      if (!error) resolve(false);
      else if ((error as NodeJS.ErrnoException).code === 'EINVAL') resolve(true);
      else reject(error);
    });
  });

conformance(t, {
  scopes: false,
  counts: false,
  now: Date.now,
  drops: (_, address) => drops(address),
  pass: (milliseconds) => sleep(milliseconds),
  make: async (size) => {
    const backend = new RouteBackend({ table: 213, size, allow: [] });
    await backend.open();
    await backend.settle();
    return backend;
  },
});
