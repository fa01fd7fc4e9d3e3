import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { presence, probe } from '../../../../src/backends/nftables/probe.js';
import { Connection } from '../../../../src/netlink/connection.js';
import { NETLINK_NETFILTER, NETLINK_ROUTE } from '../../../../src/netlink/protocol.js';
import { enterNamespace } from '../../../namespace.js';

enterNamespace();

t.test('this kernel has nf_tables', async (t) => {
  const connection = Connection.open(NETLINK_NETFILTER);
  t.teardown(() => connection.close());
  await t.resolves(probe(connection));
  t.equal(await presence(), 'present');
});

t.test('who does not speak it refuses the probe', async (t) => {
  const connection = Connection.open(NETLINK_ROUTE);
  t.teardown(() => connection.close());
  await t.rejects(probe(connection), /netlink probe: /);
});

t.test('without CAP_NET_ADMIN nobody knows', async (t) => {
  const source = fileURLToPath(new URL('../../../../src/backends/nftables/probe.ts', import.meta.url));
  const program = `const { presence } = await import(${JSON.stringify(source)}); console.log(await presence());`;
  const without = ['--bounding-set=-net_admin', '--inh-caps=-net_admin', process.execPath, ...process.execArgv];
  const { stdout, stderr } = spawnSync('setpriv', [...without, '--input-type=module', '--eval', program], {
    encoding: 'utf8',
    timeout: 30_000,
  });
  t.equal(stdout, 'unknown\n', stderr);
});
