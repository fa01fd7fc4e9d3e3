import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { listenSyslog, type SyslogListener, type SyslogOptions } from '../../../src/sources/syslog.js';

async function listening(t: Test, listen: string, options: Partial<SyslogOptions> = {}): Promise<SyslogListener> {
  const abort = new AbortController();
  t.teardown(() => abort.abort());
  return listenSyslog(listen, { signal: abort.signal, ...options });
}

/** Sends by util-linux's logger, as sshd with process id 42, and answers the line that comes of it. */
async function logged(listener: SyslogListener, words: readonly string[], message = 'hello'): Promise<string> {
  const { endpoint } = listener;
  const where = endpoint.kind === 'unix' ? ['-u', endpoint.path] : ['-n', endpoint.host, '-P', String(endpoint.port)];
  const logger = spawn('logger', [...where, ...words, '-t', 'sshd', '--id=42', '--', message], { stdio: 'inherit' });
  const [{ value }] = await Promise.all([listener.next(), once(logger, 'exit')]);
  t.ok(Math.abs((value?.times?.[0] ?? 0) - Date.now()) < 60_000);
  return value?.bytes.toString();
}

t.test('logger, over everything it can', async (t) => {
  const host = hostname().split('.')[0];
  const formats = [['--rfc3164'], ['--rfc5424'], ['--rfc5424=notq'], []];
  const udp = await listening(t, 'udp://127.0.0.1:0');
  const tcp = await listening(t, 'tcp://127.0.0.1:0');
  for (const words of formats) {
    t.match(await logged(udp, ['-d', ...words]), new RegExp(`^${host}\\S* sshd\\[42\\]: hello\\n$`), `udp ${words}`);
    t.match(await logged(tcp, ['-T', ...words]), new RegExp(`^${host}\\S* sshd\\[42\\]: hello\\n$`), `tcp ${words}`);
    t.match(await logged(tcp, ['-T', '--octet-count', ...words]), /sshd\[42\]: hello\n$/, `counted ${words}`);
  }
  const folder = mkdtempSync(join(tmpdir(), 'dropset-syslog-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const unix = await listening(t, `unix://${folder}/log`);
  for (const words of formats) t.match(await logged(unix, words), new RegExp(`^${host}\\S* sshd\\[42\\]: hello\\n$`));
  t.match(await logged(await listening(t, 'tcp://[::1]:0'), ['-T']), /sshd\[42\]: hello\n$/);
});

t.test('a message may hold anything', async (t) => {
  const tcp = await listening(t, 'tcp://127.0.0.1:0');
  const words = ['-T', '--octet-count', '--rfc5424', '--sd-id', 'a@1', '--sd-param', 'b="x: y"'];
  t.match(await logged(tcp, words, 'sshd[1]: x'), / sshd\[42\]: sshd\[1\]: x\n$/);
});

t.test('where it cannot listen', async (t) => {
  const signal = AbortSignal.abort();
  for (const kind of ['udp', 'tcp']) {
    const { endpoint } = await listening(t, `${kind}://127.0.0.1:0`);
    const taken = `${kind}://127.0.0.1:${'port' in endpoint && endpoint.port}`;
    await t.rejects(listenSyslog(taken, { signal }), { code: 'busy', message: /cannot be listened on/ });
    await t.rejects(listenSyslog(`${kind}://192.0.2.1:0`, { signal }), { code: 'source' });
  }
  await t.rejects(listenSyslog('unix:///proc/none/log', { signal }), { code: 'source', message: /No such file/ });
  await t.rejects(listenSyslog('unix:///proc/self/comm', { signal }), { code: 'source', message: /is no socket/ });
  await t.rejects(listenSyslog('udp:514', { signal }), { code: 'source' });
  const program = `import { listenSyslog } from './dist/sources/syslog.js';
await listenSyslog('tcp://127.0.0.1:601', { signal: AbortSignal.abort() }).catch((error) => console.log(error.code));`;
  const words = [
    '--reuid=65534',
    '--clear-groups',
    '--inh-caps=-all',
    process.execPath,
    '--input-type=module',
    '-e',
    program,
  ];
  const unprivileged = spawnSync('setpriv', words, { encoding: 'utf8' });
  t.equal(unprivileged.stdout, 'permission\n', unprivileged.stderr);
});

t.test('ends when it is aborted or left', async (t) => {
  const abort = new AbortController();
  const aborted = await listenSyslog('udp://127.0.0.1:0', { signal: abort.signal });
  const pending = aborted.next();
  abort.abort();
  t.match(await pending, { done: true });
  const left = await listenSyslog('tcp://127.0.0.1:0', { signal: new AbortController().signal });
  const next = left.next();
  await left.return?.();
  t.match(await next, { done: true });
  for await (const chunk of await listenSyslog('udp://127.0.0.1:0', { signal: AbortSignal.abort() }))
    t.fail(chunk.source);
});
