import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, lstatSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { native } from '../../../src/native.js';
import { Bell } from '../../../src/sources/bell.js';
import { Intake } from '../../../src/sources/syslog-intake.js';
import { openUnix } from '../../../src/sources/syslog-unix.js';

/** A unix socket's path has at most 107 bytes, fewer than a test's own folder. */
function socketPath(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'dropset-syslog-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  return join(folder, 'log');
}

function newIntake(bell = new Bell()): Intake {
  const clock = (): number => 0;
  return new Intake({ name: 'syslog', maxLine: 65_536, allow: undefined, clock, onEvent: () => undefined, bell });
}

t.test('a datagram is a message; the path goes with the listener', async (t) => {
  const path = socketPath(t);
  const bell = new Bell();
  const intake = newIntake(bell);
  const { close } = openUnix({ kind: 'unix', path }, intake, 0o622);
  t.equal(lstatSync(path).mode & 0o777, 0o622);
  spawnSync('logger', ['-u', path, '-t', 'sshd', '--id=7', 'hello']);
  await bell.wait();
  t.equal(intake.take()?.bytes.toString(), `${hostname()} sshd[7]: hello\n`);
  close();
  t.equal(existsSync(path), false);
});

t.test('a path that somebody left behind is taken over', async (t) => {
  const path = socketPath(t);
  native.close(native.bindDatagram(path));
  const { close } = openUnix({ kind: 'unix', path }, newIntake(), 0o600);
  native.probeDatagram(path);
  close();
});

t.test('a path that somebody listens on is not', async (t) => {
  const path = socketPath(t);
  const first = openUnix({ kind: 'unix', path }, newIntake(), 0o600);
  t.throws(() => openUnix({ kind: 'unix', path }, newIntake(), 0o600), {
    code: 'busy',
    message: /somebody listens on/,
  });
  native.probeDatagram(path);
  first.close();
  const server = createServer().listen(path);
  await once(server, 'listening');
  t.teardown(() => server.close());
  t.throws(() => openUnix({ kind: 'unix', path }, newIntake(), 0o600), { code: 'busy' });
});

t.test('what is no socket stays', async (t) => {
  const path = socketPath(t);
  writeFileSync(path, 'precious');
  t.throws(() => openUnix({ kind: 'unix', path }, newIntake(), 0o600), { code: 'source', message: /is no socket/ });
  t.ok(existsSync(path));
  t.throws(() => openUnix({ kind: 'unix', path: '/proc/none/log' }, newIntake(), 0o600), /No such file/);
});

t.test('who has taken the path over meanwhile keeps it', async (t) => {
  const path = socketPath(t);
  const first = openUnix({ kind: 'unix', path }, newIntake(), 0o600);
  rmSync(path);
  writeFileSync(path, 'mine');
  first.close();
  t.ok(existsSync(path));
});

t.test('while nobody takes, senders wait, and nothing is lost', async (t) => {
  const path = socketPath(t);
  const bell = new Bell();
  const intake = newIntake(bell);
  const { close } = openUnix({ kind: 'unix', path }, intake, 0o600);
  t.teardown(close);
  const program = `import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.connect(sys.argv[1])
for i in range(200): s.send(b'<38>app: %d ' % i + b'x' * 10000)`;
  const sender = spawn('python3', ['-c', program, path], { stdio: 'inherit' });
  const ended = once(sender, 'exit');
  t.equal(await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 500, 'waits'))]), 'waits');
  const numbers: number[] = [];
  while (numbers.length < 200) {
    const chunk = intake.take();
    if (!chunk) await bell.wait();
    else numbers.push(...[...chunk.bytes.toString().matchAll(/app: (\d+)/g)].map((found) => Number(found[1])));
  }
  t.same(
    numbers,
    Array.from({ length: 200 }, (_, index) => index),
  );
  t.same(await ended, [0, null]);
});
