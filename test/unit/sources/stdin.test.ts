import { execFileSync, spawn } from 'node:child_process';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import t from 'tap';
import { openStdin } from '../../../src/sources/stdin.js';

t.test('a file', async (t) => {
  const path = join(t.testdir(), 'log');
  writeFileSync(path, 'one\ntwo\n');
  const descriptor = openSync(path, 'r');
  t.teardown(() => closeSync(descriptor));
  t.equal(await text(openStdin(descriptor)), 'one\ntwo\n');
});

t.test('a pipe, to its end', async (t) => {
  const path = join(t.testdir(), 'pipe');
  execFileSync('mkfifo', [path]);
  const writer = spawn('sh', ['-c', `exec > ${path}; echo one; sleep 0.1; echo two`]);
  const descriptor = openSync(path, 'r');
  t.teardown(() => closeSync(descriptor));
  t.equal(await text(openStdin(descriptor)), 'one\ntwo\n');
  if (writer.exitCode === null) await new Promise((resolve) => writer.once('exit', resolve));
});

t.test('a pipe that is left while nobody writes', async (t) => {
  const path = join(t.testdir(), 'pipe');
  execFileSync('mkfifo', [path]);
  const writer = openSync(path, 'r+');
  const descriptor = openSync(path, 'r');
  t.teardown(() => {
    closeSync(descriptor);
    closeSync(writer);
  });
  const stream = openStdin(descriptor);
  const ended = new Promise((resolve) => stream.once('close', resolve));
  stream.resume();
  stream.destroy();
  await ended;
  t.ok(stream.destroyed);
});

t.test('a socket', async (t) => {
  const script = "import { openStdin } from './dist/sources/stdin.js'; openStdin().pipe(process.stdout);";
  // Python, because Node gives children pipes that are sockets only by chance.
  const python = `import socket, subprocess
a, b = socket.socketpair()
a.sendall(b'one\\n'); a.shutdown(socket.SHUT_WR)
print(subprocess.run(['node', '--input-type=module', '-e', ${JSON.stringify(script)}], stdin=b, capture_output=True, text=True).stdout, end='')`;
  t.equal(execFileSync('python3', ['-c', python], { encoding: 'utf8' }), 'one\n');
});
