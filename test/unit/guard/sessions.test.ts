import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import t from 'tap';
import { bytecode, listSessions, sessionOf } from '../../../src/guard/sessions.js';
import { enterNamespace } from '../../namespace.js';

enterNamespace();

t.test('established connections to these ports, of both families', async (t) => {
  const server = createServer().listen(0, '::');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const clients = ['127.0.0.1', '::1'].map((host) => connect(port, host));
  await Promise.all(clients.map((client) => once(client, 'connect')));
  const shown = async (...ports: number[]) =>
    (await listSessions(ports)).map((one) => `${one.peer} ${one.port}`).sort();
  const both = [`127.0.0.1 ${port}`, `::1 ${port}`];
  t.same(await shown(port), both, 'mapped IPv4 is IPv4');
  t.same(await shown(22, port), both);
  t.same(await shown(port, 22, 80), both);
  t.same(await shown(port - 1, port + 1), []);
  t.same(await shown(...Array.from({ length: 63 }, (_, index) => index + 1), port), both);
  t.same(await shown(), []);
  for (const client of clients) client.destroy();
  server.close();
  await once(server, 'close');
  t.same(await shown(port), [], 'who has gone has no session');
});

t.test('the filter: from a port to the next, and behind the end', async (t) => {
  const rows = bytecode([22, 443]).toString('hex').match(/.{8}/g);
  // code, yes, no; a port stands in the `no` of the operation behind
  t.same(rows, [
    '02081400',
    '00001600',
    '03080c00',
    '00001600',
    '01041400',
    '02081400',
    '0000bb01',
    '03080c00',
    '0000bb01',
  ]);
});

t.test('what is no connection', async (t) => {
  t.equal(sessionOf({ type: 3, payload: Buffer.alloc(72) }), undefined);
  t.equal(sessionOf({ type: 20, payload: Buffer.alloc(71) }), undefined);
});
