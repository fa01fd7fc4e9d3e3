import { readdirSync } from 'node:fs';
import t from 'tap';
import { loginFilter } from '../../src/filters/logins.js';
import { UtmpDecoder } from '../../src/sources/utmp-decoder.js';
import { lineOf } from '../../src/sources/utmp-line.js';
import { escaped, filled, HEADS, OTHERS, SENDERS, SSHD } from '../bystanders.js';
import { definition, jail } from '../jail.js';
import { loginRecord } from '../login-records.js';
import { STOCK } from '../stock-filter.js';
import { banner, inOneLine, NOW, stock, textsOf, tried } from './blame.js';
import { tryProperty } from './property.js';
import { SERVICES } from './services.js';

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
  const known = [...Object.keys(PROPERTIES), ...Object.values(SERVICES).flatMap(({ filters }) => filters)];
  t.same(known.sort(), names.filter((name) => !name.endsWith('-common')).sort());
});

for (const [name, holds] of Object.entries(PROPERTIES)) {
  t.test(`nobody but the sender is counted, whatever he writes (${name})`, async (t) => {
    tryProperty(t, 'bystanders', { bytes: textsOf(), holds });
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
  tryProperty(t, 'bystanders', { bytes: textsOf(), holds });
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
