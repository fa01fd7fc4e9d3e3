import { createServer } from 'node:net';
import { join } from 'node:path';
import t from 'tap';
import { NftablesBackend } from '../../../src/backends/nftables/backend.js';
import { parseSettings } from '../../../src/config/config.js';
import { detach } from '../../../src/daemon/detach.js';
import { ip } from '../../interfaces.js';
import { enterNamespace, nftList } from '../../namespace.js';
import { shortDirectory } from '../../service.js';
import { opened, PINS } from '../../xdp.js';

enterNamespace({ bpf: true });
ip('link add in0 type veth peer name out0');
const socket = join(shortDirectory(t), 's');
const settings = (backend: string) =>
  parseSettings(`[service]\nsocket = "${socket}"\n[backend]\n${backend}`, 'dropset.toml');

t.test('of each backend: what a stopped service left, and then nothing', async (t) => {
  const nftables = new NftablesBackend({ ...settings('').backend, allow: [] });
  await nftables.open();
  await nftables.close({ keep: true });
  t.match(await detach(settings('')), /dropset/);
  t.equal(nftList(), '');
  const { backend } = await opened(t);
  await backend.close({ keep: true });
  t.equal(await detach(settings('kind = "xdp"')), `detached from 1 interface, and removed what was pinned in ${PINS}`);
  t.notMatch(ip('link show in0'), /xdp/);
  t.equal(await detach(settings('kind = "xdp"')), `nothing was pinned in ${PINS}`);
  t.type(await detach(settings('')), 'string');
  t.type(await detach(settings('kind = "memory"')), 'string');
});

t.test('while a service runs, nothing is taken away', async (t) => {
  const { backend } = await opened(t);
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(socket, resolve);
  });
  await t.rejects(detach(settings('kind = "xdp"')), {
    code: 'busy',
    message: /another dropset answers at .*: stop it first/,
  });
  server.close();
  t.match(ip('link show in0'), /xdp/);
  t.equal(backend.state().interfaces?.length, 1);
});
