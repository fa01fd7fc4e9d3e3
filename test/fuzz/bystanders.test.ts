import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import t from 'tap';
import { Engine } from '../../src/detection/engine.js';
import { loadFilter } from '../../src/fail2ban/filter.js';
import { loginFilter } from '../../src/filters/logins.js';
import { Never } from '../../src/jails/never.js';
import { UtmpDecoder } from '../../src/sources/utmp-decoder.js';
import { lineOf } from '../../src/sources/utmp-line.js';
import { escaped, filled, HEADS, OTHERS, SENDERS, SSHD } from '../bystanders.js';
import { chunk, definition, jail } from '../jail.js';
import { loginRecord } from '../login-records.js';
import { STOCK } from '../stock-filter.js';
import { anyBytes, wordsOf } from './input.js';
import { tryProperty } from './property.js';

const NOW = Date.parse('2026-11-21T05:49:00Z');

/** Notations of somebody who has nothing to do with it, and of who that may be read as. */
const BYSTANDERS = [
  ...['192.0.2.99', '192.0.2.99.', '192.000.002.099', '0300.0.2.0143', '0xc0.0x0.0x2.0x63', '0xC0000263', '3221226083'],
  ...['192.0.611', '%31%39%32.0.2.99', '192.0.2.99%00', '1.192.0.2.99', '192.0.2.99.1', '192.0.2.99/24', '192.0.2.9'],
  ...['2001:db8::99', '[2001:db8::99]', '2001:DB8::99', '2001:db8::99%eth0', 'fe80::99%eth0', '::ffff:192.0.2.99'],
  ...['::FFFF:192.0.2.99', '::ffff:c000:263', '::192.0.2.99', '64:ff9b::192.0.2.99', '0:0:0:0:0:ffff:192.0.2.99', '::'],
  ...['::1', '127.0.0.1', '0.0.0.0', '255.255.255.255', '192.0.2.99:22', '[192.0.2.99]', '192\u30020\u30022\u300299'],
];

/** What a name can be made of that would like to be the end of a message, or its beginning. */
const WORDS = [
  ...BYSTANDERS,
  ...[
    ' from ',
    'from',
    ' by ',
    ' port 22',
    ' port 22 ssh2',
    ' port ',
    ' ssh2',
    ' [preauth]',
    ']',
    '[',
    ': ',
    ':',
    ' ',
    '"',
    "'",
  ],
  ...[
    ' port 22 ssh2 [preauth]',
    ' not allowed because not listed in AllowUsers',
    ': Too many authentication failures',
    'Auth fail',
  ],
  ...[
    'Change of username or service not allowed: (a,b) -> (c,d)',
    ') -> (',
    '(',
    ')',
    ',',
    'invalid user ',
    '3: ',
    ':3: ',
  ],
  ...[
    'Failed password for ',
    'Invalid user ',
    'Received disconnect from ',
    'ROOT LOGIN REFUSED FROM ',
    'Accepted password for root',
  ],
  ...[
    'sshd[1]: ',
    'gate sshd[1]: ',
    'Nov 21 05:48:17 gate sshd[1]: ',
    'Nov 21 05:48:17',
    '2026-11-21T05:48:17Z ',
    'error: ',
  ],
  ...[
    'message repeated 3 times: [ ',
    'btmp[1]: login failed for "a" on "b" from ',
    '" on "b" from ',
    '\\',
    '\\n',
    '\\012',
    '\\x22',
  ],
  ...[
    '\r',
    '\0',
    '\t',
    '\v',
    '\x1b[2K',
    '\x7f',
    '\x85',
    '\u2028',
    '\u2029',
    '\u200f',
    '\u202e',
    '\u00a0',
    '\ufeff',
    '\u0661',
  ],
  ...['\ud83d\ude00', '\u00e9', '%0a', '&#10;', '<HOST>', '(?P<ip4>', '$&', 'x'.repeat(300)],
];

const texts = fc.oneof(
  { weight: 6, arbitrary: wordsOf(WORDS, 8) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(wordsOf(WORDS, 4), fc.nat(800))
      .map(([text, size]) => Buffer.concat([text, Buffer.alloc(size, 'x'), text])),
  },
  { weight: 1, arbitrary: anyBytes(60) },
);

/** No program writes two lines for one: what breaks a line is escaped on the way. */
const inOneLine = (bytes: Buffer): string => bytes.toString('utf8').replaceAll('\n', '\\n');

/** Whom a jail with one of our filters would ban at the first failure, over the whole way from a log's bytes. */
function banner(config: ReturnType<typeof jail>): (lines: readonly string[], times?: readonly number[]) => Set<string> {
  const options = { never: new Never([]), now: () => NOW, report: () => undefined, onLate: () => undefined };
  const engine = new Engine([config], options);
  return (lines, times) => {
    const part = chunk(`${lines.join('\n')}\n`, times ? { times } : {});
    return new Set([...engine.judge(part, [config.name])].flat().map(({ ban }) => ban.prefix.text));
  };
}

const stock = (name: string) => jail(name, { filter: loadFilter(name, { directories: [STOCK] }), maxretry: 1 });

function nobodyBut(sender: string | undefined, found: ReadonlySet<string>, line: string): void {
  const other = [...found].find((address) => address !== sender);
  if (other !== undefined) throw new Error(`${other} is counted for ${JSON.stringify(line.slice(0, 400))}`);
}

/** Tries the lines together, and one by one where something is wrong. */
function tried(
  banned: ReturnType<typeof banner>,
  sender: string | undefined,
  lines: readonly string[],
  times?: readonly number[],
): void {
  const together = banned(lines, times);
  if ([...together].every((address) => address === sender)) return;
  for (const line of lines) nobodyBut(sender, banned([line], times?.slice(0, 1)), line);
  nobodyBut(sender, together, lines.join('\n'));
}

/** The text as it is, and as sshd escapes it. */
const variants = (bytes: Buffer): string[] => [inOneLine(bytes), escaped(inOneLine(bytes))];

/** Of each of our filters, what has to hold whatever an attacker writes. */
const PROPERTIES: Readonly<Record<string, (bytes: Buffer) => void>> = {
  sshd: (() => {
    const banned = banner(stock('sshd'));
    return (bytes) => {
      for (const text of variants(bytes)) {
        for (const [index, [written, address]] of SENDERS.entries()) {
          const said = filled(SSHD, text, written);
          const heads = index === 0 ? HEADS : HEADS.slice(0, 1);
          const lines = heads.flatMap((head) => said.map((message) => head + message));
          tried(banned, address, lines);
          tried(banned, undefined, filled(OTHERS, text, written));
        }
        // From the journal: without a date, and with a time.
        const entries = filled(SSHD, text, '198.51.100.7').map((message) => `gate sshd[4711]: ${message}`);
        const times = entries.map(() => NOW);
        tried(banned, '198.51.100.7', entries, times);
      }
    };
  })(),
  btmp: (() => {
    const banned = banner(stock('btmp'));
    const addresses = [
      ['c6336407', '198.51.100.7'],
      ['20010db8000000000000000000000007', '2001:db8::7'],
      ['00000000000000000000ffffc6336407', '198.51.100.7'],
    ] as const;
    return (bytes) => {
      for (const [address, sender] of addresses) {
        const [text, host] = [bytes.toString('latin1'), inOneLine(bytes).replaceAll('\0', '')];
        const records = [{ user: bytes }, { line: text }, { host }, { user: bytes, line: text, host }];
        const decoded = records.flatMap((record) =>
          new UtmpDecoder('x86-64').push(loginRecord({ ...record, address })),
        );
        const lines = decoded.flatMap((record) => lineOf(record, 'btmp') ?? []);
        tried(
          banned,
          sender,
          lines,
          lines.map(() => NOW),
        );
      }
    };
  })(),
};

t.test('every filter of ours is tried', async (t) => {
  const names = readdirSync(STOCK).map((file) => file.replace(/\.conf$/, ''));
  t.same(Object.keys(PROPERTIES).sort(), names.sort());
});

for (const [name, holds] of Object.entries(PROPERTIES)) {
  t.test(`nobody but the sender is counted, whatever he writes (${name})`, async (t) => {
    tryProperty(t, 'bystanders', { bytes: texts, holds });
  });
}

t.test('nobody makes a login of a failure', async (t) => {
  const logged = banner(jail('logins', { maxretry: 1, filter: loginFilter(definition([])) }));
  const failures = SSHD.filter((message) => !message.startsWith('Accepted'));
  const holds = (bytes: Buffer): void => {
    for (const text of variants(bytes)) {
      const lines = HEADS.flatMap((head) => filled(failures, text, '198.51.100.7').map((message) => head + message));
      tried(logged, undefined, [...lines, ...filled(OTHERS, text, '198.51.100.7')]);
    }
  };
  tryProperty(t, 'bystanders', { bytes: texts, holds });
  t.same(logged([`${HEADS[0]}Accepted password for ann from 198.51.100.7 port 1 ssh2`]), new Set(['198.51.100.7']));
});

t.test('and the sender is: the lines are those that the filter is for', async (t) => {
  const banned = banner(stock('sshd'));
  for (const [written, address] of SENDERS.filter(([, known]) => known)) {
    const missed = HEADS.filter(
      (head) => !banned([`${head}Failed password for x from ${written} port 1 ssh2`]).has(address as string),
    );
    t.same(missed, [], written);
  }
  const hits = SSHD.filter(
    (message) => banned([HEADS[0] + message.replaceAll('#', '198.51.100.7').replaceAll('@', 'x')]).size > 0,
  );
  t.ok(hits.length >= 18, `${hits.length} messages count`);
});
