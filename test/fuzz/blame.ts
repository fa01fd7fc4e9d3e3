import fc from 'fast-check';
import { Engine } from '../../src/detection/engine.js';
import { loadFilter } from '../../src/fail2ban/filter.js';
import { Never } from '../../src/jails/never.js';
import { chunk, jail } from '../jail.js';
import { STOCK } from '../stock-filter.js';
import { anyBytes, wordsOf } from './input.js';

/** When the lines are judged, in milliseconds. */
export const NOW = Date.parse('2026-11-21T05:49:00Z');

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

/** Texts as an attacker may choose them. @param words more that they can be made of. */
export const textsOf = (words: readonly string[] = []) =>
  fc.oneof(
    { weight: 6, arbitrary: wordsOf([...WORDS, ...words], 8) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(wordsOf([...WORDS, ...words], 4), fc.nat(800))
        .map(([text, size]) => Buffer.concat([text, Buffer.alloc(size, 'x'), text])),
    },
    { weight: 1, arbitrary: anyBytes(60) },
  );

/** No program writes two lines for one: what breaks a line is escaped on the way. */
export const inOneLine = (bytes: Buffer): string => bytes.toString('utf8').replaceAll('\n', '\\n');

/** Whom jails would ban at the first failure, over the whole way from a log's bytes. */
export function banner(
  ...configs: readonly ReturnType<typeof jail>[]
): (lines: readonly string[], times?: readonly number[]) => Set<string> {
  const options = { never: new Never([]), now: () => NOW, report: () => undefined, onLate: () => undefined };
  const engine = new Engine(configs, options);
  const names = configs.map(({ name }) => name);
  return (lines, times) => {
    const part = chunk(`${lines.join('\n')}\n`, times ? { times } : {});
    return new Set([...engine.judge(part, names)].flat().map(({ ban }) => ban.prefix.text));
  };
}

/** A jail with one of our filters that bans at the first failure. */
export const stock = (name: string) => jail(name, { filter: loadFilter(name, { directories: [STOCK] }), maxretry: 1 });

function nobodyBut(sender: string | undefined, found: ReadonlySet<string>, line: string): void {
  const other = [...found].find((address) => address !== sender);
  if (other !== undefined) throw new Error(`${other} is counted for ${JSON.stringify(line.slice(0, 400))}`);
}

/** Tries the lines together, and one by one where something is wrong. */
export function tried(
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
