import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { loadFilter } from '../../src/fail2ban/filter.js';
import { Filter } from '../../src/filters/filter.js';
import type { FilterDefinition } from '../../src/model/definition.js';
import { Prefix } from '../../src/model/prefix.js';
import { CONFIGURATION, FAIL2BAN } from '../fail2ban.js';
import { mutated, wordsOf } from './input.js';
import { tryProperty } from './property.js';

const NOW = Date.parse('2026-11-21T05:48:17Z');

/** Filters that a service has by itself, and fail2ban's, which ties lines of one session together. */
const OWN = loadFilter('sshd', { directories: ['src/filters/stock'] });
const DEBIAN = loadFilter('sshd[mode=aggressive]', { directories: [join(CONFIGURATION, 'filter.d')] });

const LOG = readFileSync(join(FAIL2BAN, 'fail2ban/tests/files/logs/sshd'), 'utf8').split('\n');
const LINES = LOG.filter((line) => line !== '' && !line.startsWith('#'));

/** Lines that follow each other in the log, as a session has them. */
const SESSIONS = LINES.flatMap((_, at) => (at % 4 === 0 ? [Buffer.from(LINES.slice(at, at + 8).join('\n'))] : []));

const HEAD = 'Nov 21 05:48:17 gate sshd[4711]: ';

const WORDS = [
  ...[
    ' from 192.0.2.99 port 22 ssh2',
    ' from 192.0.2.99',
    '192.0.2.99',
    '2001:db8::99',
    '::ffff:192.0.2.99',
    '192.0.2.0/24',
  ],
  ...[
    ' port 22',
    ' ssh2',
    ' [preauth]',
    ']',
    '[',
    ':',
    ': ',
    ' ',
    '"',
    '\n',
    '\r',
    '\0',
    '\u2028',
    '\x85',
    '\u00e9',
    '\udcff',
    '\ud83d\ude00',
  ],
  ...[
    'Failed password for ',
    'Invalid user ',
    'invalid user ',
    'root',
    'message repeated 3 times: [ ',
    'error: ',
    ' by ',
  ],
  ...[
    HEAD,
    'sshd[4711]: ',
    'Too many authentication failures',
    '.',
    '1',
    'a',
    '::',
    '%eth0',
    '<HOST>',
    '$&',
    '(',
    '\\',
  ],
];

/** One filter for all inputs, since making one takes long. Between two inputs passes an hour, in which it forgets its sessions. */
function filterOf(definition: FilterDefinition): () => Filter {
  let now = NOW;
  const filter = new Filter(definition, { now: () => now });
  for (const kind of ['ascii', 'other'] as const) filter.warmUp(kind);
  return () => {
    now += 3_600_000;
    return filter;
  };
}

const isAscii = (line: string): boolean => /^[\0-\x7f]*$/.test(line);

/** Addresses that stand in a line as a whole; colons and full stops around them belong to the sentence. */
function addressesIn(line: string): Set<string> {
  const tokens = line.match(/[0-9A-Fa-f:.]+/g) ?? [];
  const parts = tokens.flatMap((token) => [
    token,
    token.replace(/[.:]$/, ''),
    token.replace(/^:/, ''),
    // A port, or another word, behind a colon.
    ...(token.match(/(?<![\d.])\d+(?:\.\d+){3}(?![\d.])/g) ?? []),
  ]);
  return new Set(parts.flatMap((part) => Prefix.tryParse(part)?.text ?? []));
}

/** Whoever is blamed stands in the line; or in an earlier one, if the line belongs to a session. */
function isInLog(filter: Filter, lines: readonly string[]): void {
  const seen = new Set<string>();
  for (const line of lines) {
    const here = addressesIn(line);
    for (const address of here) seen.add(address);
    for (const { identity, finding } of filter.match(line, isAscii(line))) {
      const known = finding.groups.mlfid === undefined ? here : seen;
      if (identity?.prefix && !known.has(identity.prefix.text)) throw new Error(`blames ${identity.text}`);
    }
  }
}

const linesOf = (bytes: Buffer): string[] => bytes.toString('utf8').split('\n');

for (const [name, definition] of [
  ['stock', OWN],
  ['fail2ban', DEBIAN],
] as const) {
  t.test(`sshd's lines with changes: nobody is blamed who is not in the log (${name})`, async (t) => {
    const filter = filterOf(definition);
    const holds = (input: Buffer): void => isInLog(filter(), linesOf(input));
    tryProperty(t, `sshd-${name}`, { bytes: mutated(SESSIONS, WORDS), holds });
  });
}

/** What sshd writes, with an attacker's name in it: `@` is the name, `#` the address. */
const MESSAGES = [
  'Failed password for @ from # port 4242 ssh2',
  'Failed password for invalid user @ from # port 4242 ssh2',
  'Failed keyboard-interactive/pam for invalid user @ from # port 4242 ssh2',
  'Invalid user @ from # port 4242',
  'Invalid user @ from #',
  'error: maximum authentication attempts exceeded for invalid user @ from # port 4242 ssh2 [preauth]',
  'Disconnecting invalid user @ # port 4242: Too many authentication failures [preauth]',
  'Disconnecting invalid user @ # port 4242: Change of username or service not allowed: (@,ssh-connection) -> (@,ssh-connection) [preauth]',
  'User @ from # not allowed because not listed in AllowUsers',
  'Connection closed by authenticating user @ # port 4242 [preauth]',
  'Connection reset by invalid user @ # port 4242 [preauth]',
  'Accepted password for @ from # port 4242 ssh2',
  'Failed none for invalid user @ from # port 4242 ssh2',
  'Received disconnect from # port 4242:11: @',
  'Received disconnect from # port 4242:3: @: Auth fail [preauth]',
  "Bad protocol version identification '@' from # port 4242",
  'pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=#  user=@',
];

const ADDRESSES = ['198.51.100.7', '2001:db8::7'];

/** An attacker chooses his name, and which message it comes to; he does not choose where he comes from. */
function isNobodyElse(filter: Filter, name: string): void {
  for (const address of ADDRESSES) {
    for (const message of MESSAGES) {
      const line = HEAD + message.replaceAll('#', address).replaceAll('@', () => name);
      for (const { identity } of filter.match(line, isAscii(line))) {
        if (identity && identity.text !== address) throw new Error(`blames ${identity.text} for ${line}`);
      }
    }
  }
}

t.test('whatever an attacker calls himself, nobody else is blamed (stock)', async (t) => {
  const bytes = wordsOf(
    WORDS.filter((word) => word !== '\n'),
    8,
  );
  const filter = filterOf(OWN);
  const holds = (input: Buffer): void => isNobodyElse(filter(), input.toString('utf8').replaceAll('\n', ' '));
  tryProperty(t, 'sshd-names', { bytes, holds });
});
