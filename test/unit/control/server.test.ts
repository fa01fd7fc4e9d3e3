import { once } from 'node:events';
import { mkdirSync, readFileSync, renameSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import t from 'tap';
import { Client } from '../../../src/control/client.js';
import { ControlServer, makeWay } from '../../../src/control/server.js';
import { shortDirectory, startService } from '../../service.js';

const gone = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) === undefined;

/** A socket file that nobody answers at any more, as `kill -9` leaves it. */
async function staleSocket(path: string): Promise<void> {
  const real = `${path}.real`;
  const server = createServer().listen(real);
  await once(server, 'listening');
  // Node takes a socket's file away with it, but only by the name that it was made with.
  renameSync(real, path);
  server.close();
  await once(server, 'close');
}

t.test('only the owner may use the socket, and closing takes it away', async (t) => {
  const { server, socket, client } = await startService(t);
  t.equal(statSync(socket).mode & 0o777, 0o600);
  t.match(await client.status(), { version: '1.2.3' });
  await server.close();
  t.ok(gone(socket));
});

t.test('the directory is made, for everybody to enter; the umask is as before', async (t) => {
  const { operations } = await startService(t);
  const mask = process.umask(0o022);
  t.teardown(() => process.umask(mask));
  const directory = join(shortDirectory(t), 'run', 'dropset');
  const server = await ControlServer.listen(join(directory, 's'), operations);
  t.teardown(() => server.close());
  t.equal(statSync(directory).mode & 0o777, 0o755);
  t.equal(process.umask(), 0o022);
});

t.test('a dead instance left its socket: it is taken over', async (t) => {
  const { operations } = await startService(t);
  const path = join(shortDirectory(t), 's');
  await staleSocket(path);
  t.ok(statSync(path).isSocket());
  const server = await ControlServer.listen(path, operations);
  t.teardown(() => server.close());
  t.match(await new Client(path).status(), { version: '1.2.3' });
});

t.test('a living instance keeps its socket', async (t) => {
  const { operations, socket, client } = await startService(t);
  await t.rejects(ControlServer.listen(socket, operations), {
    code: 'busy',
    message: `another dropset answers at ${socket}: stop it first, or set another socket in [service]`,
  });
  t.match(await client.status(), { version: '1.2.3' });
});

t.test('what is no socket is not ours to delete', async (t) => {
  const { operations } = await startService(t);
  const directory = shortDirectory(t);
  const file = join(directory, 'precious');
  writeFileSync(file, 'data');
  const folder = join(directory, 'folder');
  mkdirSync(folder);
  symlinkSync(file, join(directory, 'link'));
  for (const path of [file, folder, join(directory, 'link')]) {
    await t.rejects(ControlServer.listen(path, operations), { code: 'busy', message: /is there and is no socket/ });
  }
  t.equal(readFileSync(file, 'utf8'), 'data');
  await t.resolves(makeWay(join(directory, 'nothing')));
});

t.test('a place where no socket can be', async (t) => {
  const { operations } = await startService(t);
  const directory = shortDirectory(t);
  writeFileSync(join(directory, 'file'), '');
  const mask = process.umask();
  await t.rejects(ControlServer.listen(join(directory, 'file', 's'), operations), {
    code: 'permission',
    message: /^opening the socket .*file\/s: /,
  });
  await t.rejects(ControlServer.listen('/proc/s', operations), { code: 'permission' });
  t.equal(process.umask(), mask);
});

t.test('50 clients at once', async (t) => {
  const { socket, ledger, held } = await startService(t);
  const work = Array.from({ length: 50 }, async (_, index) => {
    const client = new Client(socket);
    const addresses = Array.from({ length: 20 }, (_, last) => `10.0.${index}.${last}`);
    const results = await client.ban({ addresses, for: '1h' });
    await client.unban(addresses.slice(0, 10));
    return results.filter(({ error }) => !error).length;
  });
  t.same(new Set(await Promise.all(work)), new Set([20]));
  t.equal(ledger.count(), 500);
  t.equal((await held()).length, 500);
});

t.test('closing does not wait for who does nothing, or is in the middle', async (t) => {
  const { server, socket } = await startService(t);
  const idle = connect(socket);
  const half = connect(socket);
  const ended = [once(idle, 'close'), once(half, 'close')];
  for (const each of [idle, half]) each.on('error', () => {});
  await Promise.all([once(idle, 'connect'), once(half, 'connect')]);
  half.write('POST /v1/bans HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{');
  await new Client(socket).status();
  await server.close();
  await Promise.all(ended);
  t.ok(gone(socket));
});

t.test('a second close does no harm', async (t) => {
  const { server } = await startService(t);
  await server.close();
  await t.resolves(server.close());
});
