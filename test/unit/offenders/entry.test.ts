import t from 'tap';
import { Prefix } from '../../../src/model/prefix.js';
import { type Entry, entryOf, MOST_JAILS, together, worse } from '../../../src/offenders/entry.js';

const p = Prefix.parse;

t.test('an offender with what several jails know of it', async (t) => {
  const offences = [
    { jail: 'sshd', bans: 3, first: 10, last: 40 },
    { jail: 'nginx', bans: 1, first: 5, last: 5 },
  ];
  t.same(entryOf({ prefix: p('192.0.2.1'), offences, isBanned: true }), {
    prefix: p('192.0.2.1'),
    offenders: 1,
    bans: 4,
    jails: ['nginx', 'sshd'],
    first: 5,
    last: 40,
    banned: 1,
  });
});

const entry = (address: string, more: Partial<Entry> = {}): Entry => ({
  ...{ prefix: p(address), offenders: 1, bans: 1, jails: ['sshd'], first: 1, last: 1, banned: 0 },
  ...more,
});

t.test('two as one', async (t) => {
  const one = entry('192.0.2.1', { bans: 2, first: 3, last: 9, banned: 1, jails: ['b', 'c'] });
  t.same(together(p('192.0.2.0/24'), one, entry('192.0.2.2', { first: 2, last: 4, jails: ['a'] })), {
    ...{ prefix: p('192.0.2.0/24'), offenders: 2, bans: 3, jails: ['a', 'b', 'c'], first: 2, last: 9, banned: 1 },
  });
});

t.test('names of jails are bounded, and do not depend on the order', async (t) => {
  const names = Array.from({ length: 40 }, (_, index) => `jail${index + 10}`);
  const sum = (jails: readonly string[]): Entry =>
    jails
      .map((jail) => entry('192.0.2.1', { jails: [jail] }))
      .reduce((one, other) => together(p('192.0.2.0/24'), one, other));
  t.same(sum(names).jails, names.slice(0, MOST_JAILS));
  t.same(sum(names.toReversed()).jails, names.slice(0, MOST_JAILS));
});

t.test('by bans, then by who came last, then by name', async (t) => {
  const entries = [
    entry('192.0.2.3', { bans: 2 }),
    entry('192.0.2.1', { last: 9 }),
    entry('192.0.2.2', { last: 9 }),
    entry('192.0.2.0', { last: 8 }),
  ];
  t.same(
    entries
      .toReversed()
      .sort(worse)
      .map(({ prefix }) => prefix.text),
    ['192.0.2.3', '192.0.2.1', '192.0.2.2', '192.0.2.0'],
  );
  t.equal(worse(entry('192.0.2.1'), entry('192.0.2.1')), 0);
});
