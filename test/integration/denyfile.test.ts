import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { DenyfileBackend } from '../../src/backends/denyfile/backend.js';
import type { DenyfileOptions } from '../../src/backends/denyfile/options.js';
import { Batch } from '../../src/model/batch.js';
import { Prefix } from '../../src/model/prefix.js';
import type { Change } from '../../src/model/street.js';
import { enterNamespace } from '../namespace.js';
import { documentedRewrite } from '../rewrite-conditions.js';
import { apacheConfig, ask, nginxConfig, program, serve } from '../webservers.js';

enterNamespace();

const p = Prefix.parse;
const add = (address: string): Change => ({ verb: 'add', prefix: p(address), until: null });
const remove = (address: string): Change => ({ verb: 'remove', prefix: p(address) });
const apply = (backend: DenyfileBackend, ...changes: Change[]): Promise<void> =>
  backend.apply(new Batch(changes, Date.now()));

/** Who is banned, who is in a banned prefix, and who is in one and never banned. */
const DENIED = ['192.0.2.66', '198.51.100.9', '198.51.100.200', '2001:db8:1:2::66', '2001:db8:1:2:3:4:5:6'];
const PASSING = ['192.0.2.67', '198.51.100.7', '2001:db8:1:3::66', '203.0.113.1'];
const BANS = [add('192.0.2.66'), add('198.51.100.0/24'), add('2001:db8:1:2::/64')];
const NEVER = ['198.51.100.7'];

let folder = '';

t.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dropset-'));
  // Apache's workers are nobody in particular.
  chmodSync(folder, 0o755);
});
t.afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function opened(t: Test, options: Omit<DenyfileOptions, 'path' | 'allow' | 'say'>) {
  const said: string[] = [];
  const path = join(folder, 'deny');
  const say = (level: string, sentence: string): void => void said.push(`${level} ${sentence}`);
  const backend = new DenyfileBackend({ ...options, path, allow: NEVER.map((address) => p(address)), say });
  await backend.open();
  await backend.settle();
  t.teardown(() => backend.close({ keep: true }));
  return { backend, said, path };
}

async function codes(port: number, from: readonly string[], path?: string): Promise<number[]> {
  const found: number[] = [];
  for (const address of from) found.push(await ask(port, address, path));
  return found;
}

const all = (code: number, addresses: readonly string[]): number[] => addresses.map(() => code);

/** That a server has taken up what it was told: the one before it may answer on for a moment. */
async function settles(
  t: Test,
  found: () => Promise<number[]>,
  expected: readonly number[],
  what = 'each answer',
): Promise<void> {
  let last: number[] = [];
  for (let tries = 0, times = 0; times < 5 && tries < 200; tries++) {
    last = await found();
    times = last.join() === expected.join() ? times + 1 : 0;
    await sleep(20);
  }
  t.same(last, expected, what);
}

const NGINX = `set_real_ip_from 127.0.0.1;
 real_ip_header X-Forwarded-For;
 geo $denied { default 0; include FOLDER/geo; }
 server {
  listen 127.0.0.1:8081;
  root FOLDER/temp;
  include FOLDER/deny;
 }
 server {
  listen 127.0.0.1:8082;
  root FOLDER/temp;
  if ($denied) { return 444; }
 }`;

t.test('nginx: deny and geo, under load, over reloads; a broken file is taken back', async (t) => {
  const deny = join(folder, 'deny');
  for (const name of ['deny', 'geo']) writeFileSync(join(folder, name), '');
  const config = nginxConfig(folder, NGINX.replaceAll('FOLDER', folder));
  const nginx = [program('nginx'), '-c', config, '-p', folder, '-e', join(folder, 'error.log')];
  const child = await serve([...nginx, '-g', 'daemon off;'], 8081);
  t.teardown(() => child.kill('SIGTERM'));
  const commands = { check: [...nginx, '-t', '-q'], reload: [...nginx, '-s', 'reload'] };
  const { backend, said } = await opened(t, { format: 'nginx', interval: 300, ...commands });
  await apply(backend, ...BANS);
  await backend.written();
  await settles(t, () => codes(8081, DENIED), all(403, DENIED));
  await settles(t, () => codes(8081, PASSING), all(200, PASSING));

  // Others are served while the file changes and the server is told of it again and again.
  const tally = new Map<string, number>();
  let isOver = false;
  const client = async (from: string, expected: number): Promise<void> => {
    while (!isOver) {
      const code = await ask(8081, from);
      const key = code === expected ? 'right' : `${from} ${code}`;
      tally.set(key, (tally.get(key) ?? 0) + 1);
    }
  };
  const clients = [
    ...PASSING.map((from) => client(from, 200)),
    client(DENIED[0] as string, 403),
    client(DENIED[3] as string, 403),
  ];
  const rounds = 8;
  for (let round = 0; round < rounds; round++) {
    const others = Array.from({ length: 250 }, (_, index) => add(`10.${round}.0.${index}`));
    await apply(backend, ...others);
    await backend.written();
    await sleep(50);
  }
  isOver = true;
  await Promise.all(clients);
  const right = tally.get('right') ?? 0;
  t.comment(`${right} requests over ${rounds} reloads`);
  t.ok(right > 200);
  t.same([...tally.keys()], ['right'], 'each answer was the right one');

  // What the server would not read is not left there, and the server is not told.
  const good = readFileSync(deny, 'utf8');
  writeFileSync(config, readFileSync(config, 'utf8').replace('listen', 'listenn'));
  await apply(backend, add('192.0.2.99'));
  await backend.written();
  t.match(
    said.at(-1),
    /^warning .*deny did not pass its check, and what was there before is back: .*unknown directive "listenn"/,
  );
  t.equal(readFileSync(deny, 'utf8'), good);
  t.same(await codes(8081, ['192.0.2.99', DENIED[0] as string]), [200, 403]);
  writeFileSync(config, readFileSync(config, 'utf8').replace('listenn', 'listen'));
  await backend.written();
  await settles(t, () => codes(8081, ['192.0.2.99']), [403]);

  const geo = new DenyfileBackend({
    ...{ path: join(folder, 'geo'), format: 'nginx-geo', interval: 300, allow: NEVER.map((address) => p(address)) },
    ...{ ...commands, say: (_, sentence) => said.push(sentence) },
  });
  await geo.open();
  await geo.settle();
  await apply(geo, ...BANS);
  await geo.written();
  await settles(t, () => codes(8082, DENIED), all(0, DENIED), 'a closed connection');
  await settles(t, () => codes(8082, PASSING), all(200, PASSING));
  await apply(geo, remove('192.0.2.66'));
  await geo.close({ keep: true });
  await settles(t, () => codes(8082, ['192.0.2.66']), [200]);
});

t.test('Apache: 2.4, 2.2, and a map that needs no reload', async (t) => {
  for (const name of ['deny', 'deny22', 'map']) writeFileSync(join(folder, name), '');
  const port = 8083;
  const more = `RemoteIPHeader X-Forwarded-For
RemoteIPInternalProxy 127.0.0.1
<Directory ${folder}/www>
  <RequireAll>
    Require all granted
    Include ${folder}/deny
  </RequireAll>
</Directory>
<Location /old>
  Order Allow,Deny
  Allow from all
  Include ${folder}/deny22
</Location>
${documentedRewrite(`${folder}/map`).replace('RewriteRule ^ ', 'RewriteRule ^/mapped ')}`;
  const apache = [program('apache2'), '-f', apacheConfig(folder, port, more)];
  const child = await serve([...apache, '-DFOREGROUND'], port);
  t.teardown(() => child.kill('SIGTERM'));
  const commands = { check: [...apache, '-t'], reload: [...apache, '-k', 'graceful'] };
  for (const name of ['old', 'mapped']) writeFileSync(join(folder, 'www', name), 'hello\n');
  const { backend, said } = await opened(t, { format: 'apache24', interval: 300, ...commands });
  await apply(backend, ...BANS);
  await backend.written();
  await settles(t, () => codes(port, DENIED), all(403, DENIED));
  await settles(t, () => codes(port, PASSING), all(200, PASSING));
  await backend.clear();
  await backend.written();

  const other = async (
    path: string,
    format: 'apache22' | 'rewritemap',
    told: typeof commands | undefined,
  ): Promise<DenyfileBackend> => {
    const made = new DenyfileBackend({
      ...{ path: join(folder, path), format, interval: 300, allow: NEVER.map((address) => p(address)) },
      ...{ ...told, say: (_: string, sentence: string) => void said.push(sentence) },
    });
    await made.open();
    await made.settle();
    await apply(made, ...BANS);
    await made.written();
    t.teardown(() => made.close({ keep: true }));
    return made;
  };
  await other('deny22', 'apache22', commands);
  await settles(t, () => codes(port, DENIED, '/old'), all(403, DENIED));
  await settles(t, () => codes(port, PASSING, '/old'), all(200, PASSING));

  const map = await other('map', 'rewritemap', undefined);
  t.same(await codes(port, DENIED, '/mapped'), all(403, DENIED), 'at once, and nobody was told');
  await settles(t, () => codes(port, PASSING, '/mapped'), all(200, PASSING));
  await apply(map, remove('192.0.2.66'), add('203.0.113.0/25'));
  await map.written();
  t.same(await codes(port, ['192.0.2.66', '203.0.113.1', '203.0.113.129'], '/mapped'), [200, 403, 200]);

  // Groups of zeros, which Apache leaves out of what is looked up.
  await apply(map, ...['2001:db8:5::/64', '2001:0:0:5::/64', '2001:db9::/32', '2002::/48', '2003::9'].map(add));
  await map.written();
  const inside = [
    '2001:db8:5::1',
    '2001:db8:5:0:1:2:3:4',
    '2001::5:1:2:3:4',
    '2001:db9::',
    '2002::1:2:3:4:5',
    '2003::9',
  ];
  const outside = ['2001:db8:5:1::1', '2001:0:0:6::1', '2001::5', '2001:dba::', '2002:0:1::1', '2003::8'];
  t.same(await codes(port, inside, '/mapped'), all(403, inside));
  t.same(await codes(port, outside, '/mapped'), all(200, outside));
  t.same(said, []);
});

t.test('HAProxy: a map, and a plain list', async (t) => {
  const port = 8084;
  for (const name of ['deny', 'map']) writeFileSync(join(folder, name), '');
  const config = join(folder, 'haproxy.cfg');
  writeFileSync(
    config,
    `global
  master-worker
defaults
  mode http
  timeout client 5s
  timeout server 5s
  timeout connect 5s
frontend web
  bind 127.0.0.1:${port}
  http-request set-src req.hdr(x-forwarded-for)
  http-request return status 403 if { path / } { src -f ${folder}/deny }
  http-request return status 403 if { path /mapped } { src,map_ip(${folder}/map,0) -m int 1 }
  http-request return status 200
`,
  );
  const haproxy = [program('haproxy'), '-f', config];
  const child = await serve([...haproxy, '-W'], port);
  t.teardown(() => child.kill('SIGTERM'));
  // A signal that comes while the master starts anew is lost: not two of them within a moment.
  const commands = { check: [...haproxy, '-c', '-q'], reload: ['kill', '-USR2', String(child.pid)] };
  const { backend } = await opened(t, { format: 'plain', interval: 2000, ...commands });
  await apply(backend, ...BANS);
  await backend.written();
  await settles(t, () => codes(port, DENIED), all(403, DENIED));
  await settles(t, () => codes(port, PASSING), all(200, PASSING));
  const map = new DenyfileBackend({
    ...{ path: join(folder, 'map'), format: 'haproxy', interval: 2000, allow: NEVER.map((address) => p(address)) },
    ...{ ...commands, say: () => undefined },
  });
  await map.open();
  await map.settle();
  await apply(map, ...BANS);
  await map.written();
  t.teardown(() => map.close({ keep: true }));
  await settles(t, () => codes(port, DENIED, '/mapped'), all(403, DENIED));
  await settles(t, () => codes(port, PASSING, '/mapped'), all(200, PASSING));
});
