import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { enterNamespace } from '../namespace.js';
import { startService } from '../service.js';

enterNamespace();

const [, example] = /```js\n(.*?)```/s.exec(readFileSync('docs/library.md', 'utf8')) ?? [];

t.test('the example of docs/library.md, word by word, bans who asks for .env', async (t) => {
  execFileSync('ip', ['address', 'add', '198.51.100.1/24', 'dev', 'lo']);
  execFileSync('ip', ['address', 'add', '198.51.100.66/24', 'dev', 'lo']);
  const { socket, ledger } = await startService(t);
  const path = join(t.testdir(), 'example.mjs');
  writeFileSync(path, example as string);
  const environment = { ...process.env, DROPSET_SOCKET: socket, PORT: '8080' };
  // As an application that has it installed: `dropset` is looked up by its package.json's exports.
  const application = spawn(process.execPath, [path], { env: environment, stdio: ['ignore', 'inherit', 'inherit'] });
  t.teardown(() => application.kill());
  const ask = async (from: string, what: string): Promise<string> => {
    for (let tries = 0; ; tries++) {
      try {
        const asked = get({ host: '198.51.100.1', port: 8080, localAddress: from, path: what, agent: false });
        const [response] = await once(asked, 'response');
        return await text(response);
      } catch (thrown) {
        if (tries === 50) throw thrown;
        await sleep(100);
      }
    }
  };
  t.equal(await ask('198.51.100.1', '/'), 'hello\n');
  t.equal(ledger.count(), 0);
  await ask('198.51.100.66', '/.env');
  for (let tries = 0; ledger.count() === 0 && tries < 50; tries++) await sleep(20);
  const bans = [...ledger.bans()].flat();
  t.match(bans, [{ reason: 'asked for .env', jail: 'manual' }]);
  t.equal(bans[0]?.prefix.text, '198.51.100.66');
  t.ok((bans[0]?.until ?? 0) > Date.now() + 3_500_000);
});

t.test('its types are those of a program that imports it', async (t) => {
  const folder = t.testdir({
    'use.ts': `import { connect, DropsetError, type ListedBan } from 'dropset';
const dropset = connect('/x');
const until: string | null = (await dropset.ban('192.0.2.7', { for: 60 })).until;
for await (const ban of dropset.list({ jail: 'sshd' })) { const one: ListedBan = ban; void one; }
try { await dropset.unban('x'); } catch (error) { if (error instanceof DropsetError) { const code: string = error.code; void code; } }
void until;
`,
  });
  const words = [
    '--noEmit',
    '--strict',
    '--module',
    'nodenext',
    '--target',
    'es2023',
    '--types',
    'node',
    '--ignoreConfig',
  ];
  const typed = execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', ...words, join(folder, 'use.ts')], {
    encoding: 'utf8',
  });
  t.equal(typed, '');
});
