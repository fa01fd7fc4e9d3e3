import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { enterNamespace } from '../../namespace.js';
import { shortDirectory } from '../../service.js';
import { type } from '../../terminal.js';

enterNamespace({ bpf: true });

function configured(t: Test) {
  const folder = shortDirectory(t);
  const config = join(folder, 'dropset.toml');
  const socket = join(folder, 's');
  writeFileSync(config, `[service]\nsocket = "${socket}"\n[backend]\nkind = "xdp"\n`);
  return { folder, config, socket };
}

t.test('says what was taken away', async (t) => {
  const { config } = configured(t);
  const detached = 'nothing was pinned in /sys/fs/bpf/dropset';
  t.same(await type(['detach', '--config', config]), { code: 0, stdout: `${detached}\n`, stderr: '' });
  const { stdout } = await type(['detach', '--config', config, '--json']);
  t.same(JSON.parse(stdout), { detached });
});

t.test('a service that runs is not robbed, at the socket of the configuration or the one that is named', async (t) => {
  const { folder, config, socket } = configured(t);
  for (const [path, words] of [
    [socket, []],
    [join(folder, 'other'), ['--socket', join(folder, 'other')]],
  ] as const) {
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen(path, resolve);
    });
    t.match(await type(['detach', '--config', config, ...words]), {
      code: 1,
      stdout: '',
      stderr: /another dropset answers/,
    });
    server.close();
  }
});

t.test('what makes no sense', async (t) => {
  t.match(await type(['detach', 'eth0']), { code: 2, stderr: /^dropset: detach takes no 'eth0'\n/ });
  t.match(await type(['detach', '--config', '/nowhere/dropset.toml']), { code: 1, stderr: /\/nowhere\/dropset\.toml/ });
});
