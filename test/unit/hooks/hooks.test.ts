import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import type { HookConfig } from '../../../src/config/types.js';
import { Hooks } from '../../../src/hooks/hooks.js';
import { ban } from '../../jail.js';

const folder = mkdtempSync(join(tmpdir(), 'dropset-'));
t.teardown(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'program');
writeFileSync(path, `#!/bin/sh\ncat >${folder}/told-$DROPSET_HOOK-$DROPSET_CALL\n`);
chmodSync(path, 0o755);

const config = (name: string, more: Partial<HookConfig> = {}): HookConfig => ({
  name,
  target: { kind: 'program', path, arguments: [] },
  ...{ events: ['ban'], jails: ['*'], timeout: 5000, pause: 0, batch: 100, queue: 100 },
  ...more,
});

const told = (name: string): string[] =>
  readdirSync(folder)
    .filter((file) => file.startsWith(`told-${name}-`))
    .flatMap((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')).events);

t.test('each hears what it wants; those that stay the same stay', async (t) => {
  const asked: unknown[] = [];
  const said: string[] = [];
  const hooks = new Hooks({
    record: (event) => (event.kind === 'ban' ? event.ban.prefix.text : event.kind) as never,
    wanted: (events, jails) => {
      asked.push([events, jails]);
      return (event) => events.includes(event.kind);
    },
    version: '1',
    problem: (sentence) => said.push(sentence),
    note: (sentence) => said.push(sentence),
  });
  hooks.hear(ban('192.0.2.0'), 0);
  const webhook: HookConfig['target'] = {
    kind: 'webhook',
    url: 'http://127.0.0.1:1/',
    headers: {},
    headerFiles: {},
    giveUp: 1000,
  };
  hooks.replace([
    config('a'),
    config('b', { events: ['end'], jails: ['sshd'] }),
    config('c', { target: webhook, events: ['end'] }),
  ]);
  t.same(asked, [
    [['ban'], undefined],
    [['end'], ['sshd']],
    [['end'], undefined],
  ]);
  hooks.hear(ban('192.0.2.1'), 0);
  hooks.hearMany([ban('192.0.2.2'), { kind: 'lifted', elements: 1 }, ban('192.0.2.3')], 0);
  while (hooks.reports[0]?.calls !== 1) await sleep(5);
  t.same([told('a'), told('b')], [['192.0.2.1', '192.0.2.2', '192.0.2.3'], []]);
  t.match(hooks.reports, [
    { name: 'a', kind: 'program', target: path, calls: 1 },
    { name: 'b', kind: 'program' },
    { name: 'c', kind: 'webhook', target: 'http://127.0.0.1:1' },
  ]);
  hooks.replace([config('a'), config('b')]);
  t.equal(hooks.reports[0]?.calls, 1, 'the same as before');
  t.equal(asked.length, 4);
  hooks.hear(ban('192.0.2.4'), 0);
  await hooks.stop();
  t.same([told('a').length, told('b')], [4, ['192.0.2.4']], 'what waits is told before the end');
  t.same(hooks.reports, []);
  hooks.hear(ban('192.0.2.5'), 0);
  t.same(said, []);
});
