import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import t, { type Test } from 'tap';
import { dropsOf } from '../../../src/sources/syslog-udp-drops.js';

async function bound(t: Test, type: 'udp4' | 'udp6', host: string): Promise<Socket> {
  const socket = createSocket({ type, recvBufferSize: 2048 });
  t.teardown(() => socket.close());
  socket.bind(0, host);
  await once(socket, 'listening');
  return socket;
}

t.test('what the kernel had no room for', async (t) => {
  for (const [type, host] of [
    ['udp4', '127.0.0.1'],
    ['udp6', '::1'],
  ] as const) {
    const socket = await bound(t, type, host);
    const { port } = socket.address();
    t.equal(dropsOf(host, port), 0);
    // Sent by this thread without a turn of its event loop: nobody reads meanwhile.
    const sender = createSocket(type);
    t.teardown(() => sender.close());
    sender.connect(port, host);
    await once(sender, 'connect');
    let received = 0;
    socket.on('message', () => {
      received += 1;
    });
    await Promise.all(
      Array.from({ length: 200 }, () => new Promise((resolve) => sender.send(Buffer.alloc(1000), resolve))),
    );
    while (received + dropsOf(host, port) < 200) await new Promise((resolve) => setImmediate(resolve));
    t.equal(received + dropsOf(host, port), 200);
    t.ok(dropsOf(host, port) > 0);
  }
});

t.test('a port that nobody has', async (t) => {
  t.equal(dropsOf('127.0.0.1', 0), 0);
});
