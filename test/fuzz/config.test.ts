import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import t from 'tap';
import { parseSettings } from '../../src/config/config.js';
import { DropsetError } from '../../src/model/errors.js';
import { mutated, wordsOf } from './input.js';
import { tryProperty } from './property.js';

/** What an operator's file may hold, from the manual. */
const EXAMPLES = [...readFileSync('docs/configuration.md', 'utf8').matchAll(/```toml\n([\s\S]*?)```/g)].map(
  (block) => block[1] as string,
);

const FULL = `
[service]
state = "/srv/dropset/"
[backend]
kind = "memory"
priority = "filter"
size = 1_024
[never]
addresses = ["192.0.2.7/24", "2001:DB8::/32"]
[fail2ban]
directory = "/srv/fail2ban/"
[jail.sshd]
filter = "sshd[mode=aggressive]"
logpath = ["/var/log/auth.log", "/var/log/*.log"]
maxretry = 3
findtime = "10m"
bantime = "never"
ignoreip = ["192.0.2.1", "example.org"]
[jail.web]
logpath = "/var/log/web.log"
filter = { failregex = ['^ no <HOST>$'], ignoreregex = "x" }
`;

const WORDS = [
  ...[
    '\n',
    '\n',
    '\n',
    ' = ',
    ' = ',
    '=',
    '.',
    ',',
    '[',
    ']',
    '[[',
    ']]',
    '{',
    '}',
    '"',
    "'",
    '"""',
    "'''",
    '#',
    ' ',
    '\\',
  ],
  ...[
    '[service]\n',
    '[backend]\n',
    '[never]\n',
    '[fail2ban]\n',
    '[jail.a]\n',
    '[jail."b\\u0007"]\n',
    '[jail]\n',
    'jail.c.',
  ],
  ...[
    'state',
    'socket',
    'kind',
    'table',
    'priority',
    'size',
    'addresses',
    'directory',
    'filter',
    'logpath',
    'maxretry',
  ],
  ...[
    'findtime',
    'bantime',
    'usedns',
    'ignoreip',
    'enabled',
    'journal',
    'syslog',
    'btmp',
    'failregex',
    'timezone',
    'encoding',
  ],
  ...[
    '"/var/log/x"',
    '"10m"',
    '"memory"',
    '"udp://[::1]:5514"',
    '"192.0.2.1"',
    '"sshd"',
    '3',
    '-1',
    '1e400',
    'nan',
    'inf',
  ],
  ...['true', 'false', '0x7fffffffffffffff', '9223372036854775808', '2026-11-21', '2026-11-21T05:48:17Z', '"\\u202e"'],
  ...['__proto__', 'constructor', '\r', '\u0000', '\u009b', '\ufeff', '\ud83d\ude00'],
];

/** Every line of a refusal names the file, and nothing in it moves a terminal's cursor. */
function isToldWell(text: string): void {
  try {
    parseSettings(text, 'FILE');
  } catch (thrown) {
    if (!(thrown instanceof DropsetError)) throw thrown;
    const lines = thrown.message.split('\n');
    const bad = lines.find((line) => !/^FILE:[^\p{C}\p{Zl}\p{Zp}]*$/u.test(line) || line.length > 1000);
    if (bad !== undefined || lines.length > 101) throw new Error(`told badly: ${JSON.stringify(bad)}`);
  }
}

const holds = (bytes: Buffer): void => isToldWell(bytes.toString('utf8'));

t.test('a dropset.toml with slips, and its words in any order, are settings or refused line by line', async (t) => {
  const samples = [...EXAMPLES, FULL].map((text) => Buffer.from(text));
  tryProperty(t, 'config', { bytes: fc.oneof(wordsOf(WORDS, 40), mutated(samples, WORDS)), holds });
});

t.test('so is what is nested deeply', async (t) => {
  for (const [open, close] of ['[]', '{}', '{a=}'].map((both) => [both.slice(0, -1), both.slice(-1)] as const)) {
    for (const depth of [10, 1000, 100_000]) {
      t.doesNotThrow(() => isToldWell(`a = ${open.repeat(depth)}${close.repeat(depth)}`), `${open} ${depth} deep`);
    }
  }
  for (const depth of [10, 1000, 100_000]) {
    t.doesNotThrow(() => isToldWell(`jail${'.a'.repeat(depth)} = 1\n`), `a key of ${depth} parts`);
  }
});
