import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { listenSyslog, type SyslogListener } from '../../src/sources/syslog.js';
import { peer } from '../peers.js';

/** They fit into the smallest receive buffer that a kernel gives by default, also if nobody reads meanwhile. */
const MESSAGES = 100;

/** A folder with a short path: a unix socket's has at most 107 bytes. */
function folderOf(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'dropset-rsyslog-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** An rsyslogd of the test's own: it takes messages at a socket in the folder, and forwards them by one action. */
async function started(t: Test, folder: string, action: string): Promise<string> {
  const [conf, input] = [join(folder, 'rsyslog.conf'), join(folder, 'in')];
  writeFileSync(
    conf,
    `global(workDirectory="${folder}")
module(load="imuxsock" SysSock.Use="off")
input(type="imuxsock" Socket="${input}" RateLimit.Interval="0")
${action}
`,
  );
  const daemon: ChildProcess = spawn(peer('rsyslogd'), ['-n', '-f', conf, '-i', join(folder, 'pid')], {
    stdio: 'inherit',
  });
  t.teardown(async () => {
    const ended = once(daemon, 'exit');
    daemon.kill();
    await ended;
  });
  while (!existsSync(input)) await new Promise((resolve) => setTimeout(resolve, 10));
  return input;
}

/** The lines of all messages, which arrive in their order. */
async function forwarded(listener: SyslogListener, input: string): Promise<string[]> {
  const messages = Array.from({ length: MESSAGES }, (_, index) => `message ${index} "x" [y] \\ ü`).join('\n');
  const logger = spawn('logger', ['-u', input, '-t', 'sshd', '--id=42'], {
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  logger.stdin.end(`${messages}\n`);
  const lines: string[] = [];
  for await (const { bytes } of listener) {
    lines.push(...bytes.toString().split('\n').slice(0, -1));
    if (lines.length >= MESSAGES) break;
  }
  return lines;
}

const expected = Array.from(
  { length: MESSAGES },
  (_, index) => `${hostname().split('.')[0]} sshd[42]: message ${index} "x" [y] \\ ü`,
);

const target = ({ endpoint }: SyslogListener): string =>
  endpoint.kind === 'unix' ? '' : `target="${endpoint.host}" port="${endpoint.port}" protocol="${endpoint.kind}"`;

const FORWARDERS: [name: string, listen: string, action: (listener: SyslogListener) => string][] = [
  ['TCP, newlines', 'tcp://127.0.0.1:0', (listener) => `action(type="omfwd" ${target(listener)})`],
  [
    'TCP, octets counted',
    'tcp://127.0.0.1:0',
    (listener) => `action(type="omfwd" ${target(listener)} TCP_Framing="octet-counted")`,
  ],
  [
    'TCP, octets counted, RFC 5424',
    'tcp://[::1]:0',
    (listener) =>
      `action(type="omfwd" ${target(listener)} TCP_Framing="octet-counted" template="RSYSLOG_SyslogProtocol23Format")`,
  ],
  ['UDP', 'udp://127.0.0.1:0', (listener) => `action(type="omfwd" ${target(listener)})`],
  [
    'UDP, RFC 3164',
    'udp://127.0.0.1:0',
    (listener) => `action(type="omfwd" ${target(listener)} template="RSYSLOG_TraditionalForwardFormat")`,
  ],
];

for (const [name, listen, action] of FORWARDERS) {
  t.test(`rsyslogd forwards by ${name}`, async (t) => {
    const listener = await listenSyslog(listen, { signal: new AbortController().signal });
    const input = await started(t, folderOf(t), action(listener));
    t.same(await forwarded(listener, input), expected);
  });
}

t.test('rsyslogd forwards to a unix socket', async (t) => {
  const folder = folderOf(t);
  const path = join(folder, 'out');
  const listener = await listenSyslog(`unix://${path}`, { signal: new AbortController().signal });
  const action = `module(load="omuxsock")\n$OMUxSockSocket ${path}\n*.* :omuxsock:`;
  const input = await started(t, folder, action);
  // It does not wait while the queue is full, so one after the other.
  for (let index = 0; index < 20; index++) {
    spawnSync('logger', ['-u', input, '-t', 'sshd', '--id=42', `message ${index}`]);
    const { value } = await listener.next();
    t.match(value?.bytes.toString(), new RegExp(`^\\S+ sshd\\[42\\]: message ${index}\\n$`));
  }
  await listener.return?.();
});
