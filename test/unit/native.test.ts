import { spawnSync } from 'node:child_process';
import { closeSync, lstatSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { type Channel, native } from '../../src/native.js';
import { NETLINK_NETFILTER, NETLINK_ROUTE } from '../../src/netlink/protocol.js';

const BYTES = 8192;
const open = (protocol = NETLINK_ROUTE): Channel => native.open(protocol, BYTES, BYTES);
const descriptors = (): number => readdirSync('/proc/self/fd').length;

/** The functions as a program without types would call them. */
const raw = native as unknown as Record<
  | 'open'
  | 'adopt'
  | 'notify'
  | 'join'
  | 'ignore'
  | 'exchange'
  | 'listen'
  | 'close'
  | 'pause'
  | 'bindDatagram'
  | 'probeDatagram',
  (...args: unknown[]) => unknown
>;

/** NLMSG_NOOP: 16 bytes, no answer. */
function noop(): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32LE(16, 0);
  bytes.writeUInt16LE(1, 4);
  return bytes;
}

const NO_CHANNELS: unknown[] = [
  undefined,
  null,
  0,
  1n,
  'channel',
  Symbol('channel'),
  true,
  {},
  [],
  () => 0,
  Buffer.alloc(64),
];

/** A listener's descriptor is closed when the event loop has let go of it. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

t.test('what is no channel is refused, by every function', async (t) => {
  const channel = open();
  t.teardown(() => native.close(channel));
  const forged = [
    { portid: channel.portid, sendBuffer: BYTES, receiveBuffer: BYTES },
    Object.create(channel),
    new Proxy(channel, {}),
    { ...channel },
    structuredClone(channel),
    process.stdout,
  ];
  for (const wrong of [...NO_CHANNELS, ...forged]) {
    t.throws(() => raw.join(wrong, 1), TypeError);
    t.throws(() => raw.ignore(wrong, 1), TypeError);
    t.throws(() => raw.exchange(wrong, null, 1), TypeError);
    t.throws(() => raw.listen(wrong, () => undefined), TypeError);
    t.throws(() => raw.close(wrong), TypeError);
  }
  for (const name of ['join', 'exchange', 'listen', 'close'] as const) t.throws(() => raw[name](), TypeError, name);
});

t.test('wrong arguments of open open nothing', async (t) => {
  const before = descriptors();
  t.throws(() => raw.open(), TypeError);
  t.throws(() => raw.open(NETLINK_ROUTE), TypeError);
  t.throws(() => raw.open('0', BYTES, BYTES), TypeError);
  t.throws(() => raw.open(NETLINK_ROUTE, null, BYTES), TypeError);
  t.throws(() => raw.open(NETLINK_ROUTE, BYTES, {}), TypeError);
  t.equal(descriptors(), before);
});

/** A descriptor of this process that nobody else uses, of whatever a path is. */
const spare = (path: string): number => openSync(path, 'r');

t.test('what is no netlink socket of that protocol is not adopted, and closed', async (t) => {
  const before = descriptors();
  t.match(
    caught(() => native.adopt(spare('/dev/null'), NETLINK_NETFILTER, BYTES, BYTES)),
    { errno: 88 },
  );
  t.match(
    caught(() => native.adopt(987_654, NETLINK_NETFILTER, BYTES, BYTES)),
    { errno: 9, syscall: 'fcntl' },
  );
  for (const standard of [-1, 0, 1, 2]) {
    t.match(
      caught(() => native.adopt(standard, NETLINK_NETFILTER, BYTES, BYTES)),
      { errno: 9 },
    );
  }
  t.equal(descriptors(), before);
  for (const wrong of [undefined, '7', null, {}]) {
    t.throws(() => raw.adopt(wrong, NETLINK_NETFILTER, BYTES, BYTES), TypeError);
    t.throws(() => raw.adopt(7, wrong, BYTES, BYTES), TypeError);
  }
});

t.test('a text and a descriptor go to an address; what is no address, and nobody there', async (t) => {
  const path = socketPath(t);
  const socket = native.bindDatagram(path);
  t.teardown(() => native.close(socket));
  const heard: string[] = [];
  native.listen(socket, (datagram) => heard.push(String(datagram)));
  const before = descriptors();
  native.notify(path, 'READY=1\nSTATUS=ü', -1);
  native.notify(path, 'FDSTORE=1', 0);
  while (heard.length < 2) await settled();
  t.same(heard, ['READY=1\nSTATUS=ü', 'FDSTORE=1']);
  for (const address of ['', 'x', 'relative', 'vsock:2:1', `/${'x'.repeat(107)}`]) {
    t.match(
      caught(() => native.notify(address, 'x', -1)),
      { errno: 97 },
    );
  }
  t.match(
    caught(() => native.notify('/nowhere/socket', 'x', -1)),
    { errno: 2 },
  );
  t.match(
    caught(() => native.notify('@nobody-is-there', 'x', -1)),
    { errno: 111 },
  );
  t.match(
    caught(() => native.notify(path, 'x', 987_654)),
    { errno: 9, syscall: 'sendmsg' },
  );
  for (const wrong of [undefined, null, 7]) t.throws(() => raw.notify(path, wrong, -1), TypeError);
  t.equal(descriptors(), before);
});

t.test('a system call that fails is named, with its errno', async (t) => {
  const before = descriptors();
  for (const protocol of [-1, 77, 2 ** 31 - 1]) {
    t.match(
      caught(() => native.open(protocol, BYTES, BYTES)),
      { errno: 93, syscall: 'socket' },
      `${protocol}`,
    );
  }
  t.equal(descriptors(), before);
  const channel = open(NETLINK_NETFILTER);
  t.teardown(() => native.close(channel));
  t.match(
    caught(() => native.join(channel, 4096)),
    { syscall: 'setsockopt' },
  );
});

t.test('wrong arguments of join, exchange and listen leave the channel usable', async (t) => {
  const channel = open();
  for (const wrong of [undefined, null, '1', {}]) {
    t.throws(() => raw.join(channel, wrong), TypeError);
    t.throws(() => raw.ignore(channel, wrong), TypeError);
  }
  for (const wrong of [undefined, 'bytes', 7, {}, [1, 2], new ArrayBuffer(16)]) {
    t.throws(() => raw.exchange(channel, wrong, 100), TypeError, String(wrong));
  }
  for (const wrong of [undefined, '100', null, {}]) t.throws(() => raw.exchange(channel, noop(), wrong), TypeError);
  t.match(await native.exchange(channel, noop(), 100), { more: false, overrun: false });
  native.close(channel);
});

t.test('a listener without a function to call', async (t) => {
  for (const wrong of [undefined, null, 7, 'call', {}]) {
    const channel = open();
    t.throws(() => raw.listen(channel, wrong), TypeError, String(wrong));
    native.close(channel);
  }
});

t.test('closing twice is EBADF, and so is everything after', async (t) => {
  await settled();
  const before = descriptors();
  const channel = open();
  t.equal(descriptors(), before + 1);
  native.close(channel);
  t.equal(descriptors(), before);
  const calls = [
    () => native.close(channel),
    () => native.exchange(channel, noop(), 100),
    () => native.exchange(channel, null, 100),
    () => native.join(channel, 1),
    () => native.ignore(channel, 1),
    () => native.listen(channel, () => undefined),
  ];
  for (const call of calls) t.match(caught(call), { errno: 9, syscall: 'netlink' });
});

t.test('an exchange that runs is finished before the descriptor goes', async (t) => {
  await settled();
  const before = descriptors();
  const channel = open();
  const running = Array.from({ length: 8 }, () => native.exchange(channel, noop(), 100));
  native.close(channel);
  t.match(
    caught(() => native.exchange(channel, noop(), 100)),
    { errno: 9 },
  );
  for (const { replies } of await Promise.all(running)) t.equal(replies.length, 0);
  t.equal(descriptors(), before);
});

t.test('an empty request, none, and one that is no netlink', async (t) => {
  const channel = open();
  t.teardown(() => native.close(channel));
  t.equal((await native.exchange(channel, null, 100)).replies.length, 0);
  t.equal((await native.exchange(channel, Buffer.alloc(0), 100)).replies.length, 0);
  t.equal((await native.exchange(channel, Buffer.from([255, 1, 2]), 100)).replies.length, 0);
  const garbage = await native.exchange(channel, Buffer.alloc(1000, 0xee), 100);
  t.type(garbage.replies, Buffer);
  await t.rejects(native.exchange(channel, Buffer.alloc(10_000_000), 100), { message: 'Message too long' });
});

/** A unix socket's path has at most 107 bytes, fewer than a test's own folder. */
function socketPath(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'dropset-native-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  return join(folder, 'log');
}

const send = (path: string, text: string): void => {
  const program = `import socket, sys
socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(sys.argv[2].encode(), sys.argv[1])`;
  spawnSync('python3', ['-c', program, path, text]);
};

t.test('datagrams at a path', async (t) => {
  await settled();
  const before = descriptors();
  const path = socketPath(t);
  const socket = native.bindDatagram(path);
  t.equal(lstatSync(path).mode & 0o777, 0o600);
  t.ok(socket.receiveBuffer > 0);
  native.probeDatagram(path);
  const heard: string[] = [];
  await new Promise<void>((resolve) => {
    native.listen(socket, (datagram) => {
      heard.push(String(datagram));
      if (heard.length === 2) resolve();
    });
    send(path, 'one');
    native.pause(socket, true);
    native.pause(socket, true);
    send(path, '');
    native.pause(socket, false);
  });
  t.same(heard, ['one', '']);
  native.close(socket);
  await settled();
  t.equal(descriptors(), before);
  t.match(
    caught(() => native.probeDatagram(path)),
    { errno: 111, syscall: 'connect' },
  );
  t.match(
    caught(() => native.bindDatagram(path)),
    { errno: 98, syscall: 'bind' },
  );
  t.equal(descriptors(), before);
});

t.test('a paused socket calls nobody', async (t) => {
  const path = socketPath(t);
  const socket = native.bindDatagram(path);
  let heard = 0;
  native.listen(socket, () => {
    heard += 1;
    native.pause(socket, true);
  });
  for (let i = 0; i < 3; i++) send(path, 'x');
  await settled();
  await settled();
  t.equal(heard, 1, 'also in the middle of what is there');
  native.pause(socket, false);
  await settled();
  t.equal(heard, 2);
  native.close(socket);
});

t.test('paths that are none', async (t) => {
  for (const name of ['bindDatagram', 'probeDatagram'] as const) {
    for (const wrong of [undefined, null, 7, {}, '', '/tmp/a\0b', '\0abstract'])
      t.throws(() => raw[name](wrong), TypeError);
    t.throws(() => raw[name](), TypeError);
    t.match(
      caught(() => raw[name](`/${'a'.repeat(107)}`)),
      { errno: 36 },
    );
    t.match(
      caught(() => raw[name](`/proc/none/${name}`)),
      { errno: 2 },
    );
  }
});

t.test('wrong arguments of pause', async (t) => {
  const socket = native.bindDatagram(socketPath(t));
  t.throws(() => raw.pause(socket, true), TypeError, 'nobody listens');
  native.listen(socket, () => undefined);
  for (const wrong of [undefined, 1, 'true', null]) t.throws(() => raw.pause(socket, wrong), TypeError);
  t.throws(() => raw.pause({}, true), TypeError);
  native.close(socket);
});

t.test('the layout is read only by name', async (t) => {
  t.equal(native.layout.nlmsghdr, 16);
  t.equal(native.layout['nlmsghdr.type'], 4);
  t.equal(native.layout.nlattr, 4);
});

function caught(call: () => unknown): unknown {
  try {
    call();
  } catch (thrown) {
    return thrown;
  }
  return undefined;
}

t.test('a program is launched, in a session of its own, and reaped with its group', async (t) => {
  const { pid, input, output } = native.launch(
    ['/bin/sh', '-c', 'read a; echo "$a $B $$"; sleep 50 & exit 7'],
    ['B=b'],
  );
  t.equal(native.reap(pid), -1);
  writeSync(input, 'x\n');
  closeSync(input);
  let status = -1;
  while (status < 0) {
    await settled();
    status = native.reap(pid);
  }
  t.equal(status, 7 << 8);
  t.equal(readFileSync(output, 'utf8'), `x b ${pid}\n`, 'nobody holds it open');
  closeSync(output);
  t.throws(() => native.reap(pid), { name: 'Error', syscall: 'waitid', errno: 10 });
});

t.test('what cannot be launched leaves nothing behind', async (t) => {
  const before = descriptors();
  t.throws(() => native.launch(['/no/such'], []), { name: 'Error', syscall: 'posix_spawn', errno: 2 });
  t.throws(() => native.launch(['/dev/null'], []), { name: 'Error', errno: 13 });
  const launch = native.launch as (...given: unknown[]) => unknown;
  for (const given of [[], [[]], [[], []], ['x', []], [['/bin/true']], [['/bin/true', 7], []], [['/bin/true'], 7]])
    t.throws(() => launch(...given), TypeError);
  for (const pid of [undefined, -1, 0, 1, 'x']) t.throws(() => native.reap(pid as never), TypeError);
  t.equal(descriptors(), before);
});
