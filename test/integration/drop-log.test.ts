import t from 'tap';
import { ATTACKER, ATTACKER6, GUARD, GUARD6, Guarded, NEIGHBOUR } from './guarded.js';

const GROUP = 4711;

/** linux/netfilter/nfnetlink_log.h: binds a group, has whole packets copied, and writes prefix and source of each. */
const READER = `
import socket, struct, sys
def message(payload, *attributes):
    body = struct.pack('>BBH', 0, 0, ${GROUP})
    for kind, value in attributes:
        body += struct.pack('=HH', 4 + len(value), kind) + value + b'\\0' * (-len(value) % 4)
    return struct.pack('=IHHII', 16 + len(body), 4 << 8 | 1, 5, 1, 0) + body
s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12)
s.bind((0, 0))
for attribute in [(1, b'\\x01'), (2, struct.pack('>IBx', 128, 2)), (5, struct.pack('>I', 1))]:
    s.send(message(b'', attribute))
    assert struct.unpack('=i', s.recv(4096)[16:20])[0] == 0
print('listens', flush=True)
while True:
    data = s.recv(65536)
    while data:
        length, kind = struct.unpack('=IH', data[:6])
        found, at = {}, 20
        while kind == 4 << 8 and at < length:
            size, name = struct.unpack('=HH', data[at:at + 4])
            found[name & 0x3fff] = data[at + 4:at + size]
            at += size + 3 & ~3
        packet = found.get(9, b'')
        if packet:
            four = packet[0] >> 4 == 4
            source = socket.inet_ntop(socket.AF_INET if four else socket.AF_INET6, packet[12:16] if four else packet[8:24])
            print(found[10].rstrip(b'\\0').decode() + source, flush=True)
        data = data[length + 3 & ~3:]
`;

t.test('dropped packets are logged, a few of them; clean ones are not', async (t) => {
  const guarded = await Guarded.for(t, `[log]\ndropped = ${GROUP}\nprefix = "dropset: "\nrate = 1\nburst = 6\n`);
  const reader = guarded.host.start('python3', ['-c', READER]);
  let seen = '';
  reader.stdout.on('data', (text) => {
    seen += text;
  });
  await guarded.until('it listens', () => seen.startsWith('listens'));
  const lines = (): string[] => seen.split('\n').slice(1).filter(Boolean);
  guarded.dropset('ban', ATTACKER, ATTACKER6, 'login flood');
  t.ok(await guarded.ping(NEIGHBOUR, GUARD));
  t.notOk(await guarded.ping(ATTACKER, GUARD));
  t.notOk(await guarded.ping(ATTACKER6, GUARD6));
  await guarded.until('both are there', () => new Set(lines()).size === 2);
  t.same([...new Set(lines())].toSorted(), [`dropset: ${ATTACKER}`, `dropset: ${ATTACKER6}`]);
  t.match(guarded.dropset('why', ATTACKER), /login flood/, 'the reason by the address that was logged');
  for (let times = 0; times < 20; times++)
    await guarded.outside.order('ping', { from: ATTACKER, to: GUARD, port: 2222, timeout: 10 });
  t.equal(lines().length, 6, 'the burst, whatever comes');
  t.ok((guarded.status().dropped.packets ?? 0) > 20, 'all of them are dropped');
  t.match(guarded.dropset('verify', '--json'), /"faults":\[\]/);
});

/** Lines of the service's log about dropped packets, without their time, and without who asks for a neighbour's address. */
const lines = ({ said }: Guarded): string[] =>
  said.split('\n').flatMap((line) => /dropset \S+: dropped \S+ to \S+ udp.*/.exec(line) ?? []);

t.test('the service says whose ban it was, and why; a jail may be left out', async (t) => {
  const guarded = await Guarded.for(t, '[log]\ndropped = "service"\nrate = 60\nburst = 100\n');
  t.ok(await guarded.ping(ATTACKER6, GUARD6), 'and the link layers know each other');
  guarded.fail(ATTACKER);
  await guarded.banned(ATTACKER);
  guarded.dropset('ban', ATTACKER6, 'login flood');
  t.ok(await guarded.ping(NEIGHBOUR, GUARD));
  t.notOk(await guarded.ping(ATTACKER, GUARD));
  t.notOk(await guarded.ping(ATTACKER6, GUARD6));
  await guarded.until('both are there', () => lines(guarded).length >= 2);
  t.match(lines(guarded), [
    new RegExp(`^dropset sshd: dropped ${ATTACKER} to ${GUARD} udp/2222: 3 failures`),
    new RegExp(`^dropset manual: dropped ${ATTACKER6} to ${GUARD6} udp/2222: login flood$`),
  ]);
  t.equal(lines(guarded).length, 2);
  t.match(guarded.dropset('verify', '--json'), /"faults":\[\]/);

  await guarded.stop();
  await guarded.start('[log]\ndropped = "service"\nrate = 60\nburst = 100\n');
  t.notOk(await guarded.ping(ATTACKER, GUARD));
  await guarded.until('a restart has the group again', () => lines(guarded).length === 1);

  guarded.configure('log = false\n[log]\ndropped = "service"\nrate = 60\nburst = 100\n');
  guarded.dropset('reload');
  t.notOk(await guarded.ping(ATTACKER, GUARD));
  t.notOk(await guarded.ping(ATTACKER6, GUARD6));
  await guarded.until('who is not left out', () => lines(guarded).length === 2);
  t.match(lines(guarded)[1], /^dropset manual: /);
});

t.test('a flood costs so many lines and no more', async (t) => {
  const guarded = await Guarded.for(t, '[log]\ndropped = "service"\nrate = 1\nburst = 4\n');
  guarded.dropset('ban', ATTACKER);
  for (let times = 0; times < 150; times++)
    await guarded.outside.order('ping', { from: ATTACKER, to: GUARD, port: 2222, timeout: 1 });
  t.ok((guarded.status().dropped.packets ?? 0) >= 150, 'all of them are dropped');
  t.equal(lines(guarded).length, 4);
});
