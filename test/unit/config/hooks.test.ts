import t from 'tap';
import { parseSettings } from '../../../src/config/config.js';
import { hookClashes, hookOf, hook as schema } from '../../../src/config/hooks.js';

const faultsIn = (text: string): string[] => {
  try {
    parseSettings(text, 'f');
    return [];
  } catch (thrown) {
    return (thrown as Error).message.split('\n');
  }
};

t.test('a program, with all that is not said', async (t) => {
  t.same(parseSettings('[hook.notify]\nprogram = "/usr/local/bin/notify"\n', 'f').hooks, [
    {
      name: 'notify',
      target: { kind: 'program', path: '/usr/local/bin/notify', arguments: [] },
      events: ['ban'],
      jails: ['*'],
      ...{ timeout: 10_000, pause: 1000, batch: 100, queue: 10_000 },
    },
  ]);
  t.same(hookOf('n', schema.parse({ program: '/a', arguments: 'x', events: ['ban', 'ban', 'end'], jails: 'sshd' })), {
    name: 'n',
    target: { kind: 'program', path: '/a', arguments: ['x'] },
    events: ['ban', 'end'],
    jails: ['sshd'],
    ...{ timeout: 10_000, pause: 1000, batch: 100, queue: 10_000 },
  });
});

t.test('a webhook', async (t) => {
  const text = `[hook.chat]
url = "https://hooks.example.org/a?b"
headers = { X-Team = "ops" }
header_files = { Authorization = "/etc/dropset/token" }
give_up = "1h"
events = ["lifted", "siege"]
pause = "100ms"
`;
  t.match(parseSettings(text, 'f').hooks, [
    {
      target: {
        kind: 'webhook',
        url: 'https://hooks.example.org/a?b',
        headers: { 'X-Team': 'ops' },
        headerFiles: { Authorization: '/etc/dropset/token' },
        giveUp: 3_600_000,
      },
      events: ['lifted', 'siege'],
      pause: 100,
    },
  ]);
  t.match(hookOf('n', schema.parse({ url: 'http://[::1]:8080' })).target, {
    url: 'http://[::1]:8080/',
    headers: {},
    giveUp: 600_000,
  });
});

t.test('faults, with their lines', async (t) => {
  for (const [text, fault] of [
    ['program = "notify"', /^f:2: hook\.a\.program: found "notify"; expected the absolute path of a program$/],
    ['url = "ftp://example.org"', /hook\.a\.url: found "ftp/],
    ['url = "https://me:secret@example.org/"', /hook\.a\.url: .*header_files/],
    ['', /^f:1: hook\.a: has neither program nor url; expected one of them$/],
    ['url = "http://a"\nprogram = "/a"', /hook\.a: has both program and url/],
    ['url = "http://a"\narguments = ["x"]', /^f:3: hook\.a\.arguments: stands without a program/],
    ['program = "/a"\nheaders = { A = "b" }', /hook\.a\.headers: stands without a url/],
    ['url = "http://a"\nheaders = { Host = "b" }', /hook\.a\.headers/],
    ['url = "http://a"\nheaders = { A = "b\\r\\nC: d" }', /hook\.a\.headers/],
    [
      'url = "http://a"\nheaders = { a = "b" }\nheader_files = { A = "/c" }',
      /^f:4: hook\.a\.header_files: has a, as headers has/,
    ],
    ['program = "/a"\nevents = ["problem"]', /hook\.a\.events: found "problem"; expected "ban" or "unban"/],
    ['program = "/a"\ntimeout = "never"', /hook\.a\.timeout: .*"100ms" to "5m"/],
    ['program = "/a"\nbatch = 0', /hook\.a\.batch/],
    ['program = "/a"\nprogramm = "/a"', /hook\.a\.programm: unknown; did you mean 'program'\?/],
  ] as const) {
    t.match(faultsIn(`[hook.a]\n${text}\n`)[0], fault, text);
  }
  t.match(faultsIn('[hook."a b"]\nprogram = "/a"\n'), [/^f:1: hook\."a b": not the name of a hook/]);
  t.match(faultsIn('hook = 7\n'), [/hook: found 7/]);
  t.match(faultsIn('[hook]\na = 7\n'), [/hook\.a: found 7; expected a section \[hook\.NAME\]/]);
  const many = Array.from({ length: 18 }, (_, n) => `[hook.h${n}]\nprogram = "/a"\n`).join('');
  t.match(faultsIn(many), [/hook\.h16: is one too many; expected at most 16/, /hook\.h17/]);
});

t.test('what keys say together', async (t) => {
  t.same(hookClashes({ url: 'x', headers: { A: 'b' }, header_files: { B: '/c' } }), []);
  t.equal(hookClashes({ program: '/a', give_up: 1, headers: {} }).length, 2);
});
