import t from 'tap';
import { notesOf } from '../../../src/config/notes.js';
import type { Scope } from '../../../src/fail2ban/actions.js';
import type { JailDefinition } from '../../../src/fail2ban/jail-definition.js';

const ALL: Scope = { kind: 'all' };
const SSH: Scope = { kind: 'ports', protocols: ['tcp'], ports: 'ssh', ranges: [], unknown: [] };
const MAIL = { name: 'mail', file: '/etc/fail2ban/action.d/mail.conf', why: 'it sends a mail' };

const jail = (
  name: string,
  scopes: readonly Scope[],
  more: { mails?: boolean; grows?: boolean } = {},
): JailDefinition => ({
  name,
  origin: `/etc/fail2ban/jail.local:1`,
  filter: { name, origin: name, failregex: [], ignoreregex: [], maxlines: 1, journalmatch: [] },
  backend: { name: 'auto', text: 'auto' },
  logpath: [],
  skipIfNoLogs: false,
  ...{ maxretry: 5, maxmatches: 5, findtime: 600, bantime: 600 },
  increment: { enabled: more.grows ?? false, factor: '2.0 / 3', multipliers: [], overalljails: false },
  usedns: 'warn',
  ignoreip: [],
  ignoreself: true,
  logencoding: 'auto',
  actions: {
    bans: scopes.map((scope) => ({ name: 'iptables', file: '/etc/fail2ban/action.d/iptables.conf', scope })),
    unsupported: more.mails ? [MAIL] : [],
  },
});

t.test('a jail that drops every packet and does nothing else needs no word', async (t) => {
  t.strictSame(notesOf([]), []);
  t.strictSame(notesOf([jail('a', [ALL]), jail('b', [SSH, ALL])]), []);
});

t.test('what dropset does not do, each told once, with the jails that want it', async (t) => {
  const notes = notesOf([
    jail('a', [ALL], { mails: true }),
    jail('b', [SSH], { mails: true, grows: true }),
    jail('c', [], { mails: true }),
  ]);
  t.strictSame(notes, [
    '/etc/fail2ban/action.d/mail.conf is not run (it sends a mail), which the jails a, b, c would: dropset only drops ' +
      'packets. To be told of bans, read its log (`journalctl -u dropset`) or `dropset list --json`',
    'the jail b would close some ports only; dropset drops every packet of a banned address, and those alone with scope = "ports" in [fail2ban]',
    "bantime.factor = 2.0 / 3 of the jail b is a program of Python's, and is not evaluated: bans double with each return. " +
      'To have it otherwise, write bantime.multipliers',
    'the jail c would close nothing with fail2ban; dropset bans. If that is not wanted, disable it',
  ]);
});

t.test('of jails whose ports are taken over, only those whose ports cannot be told', async (t) => {
  const icmp = { ...SSH, protocols: ['icmp'] } as Scope;
  t.strictSame(notesOf([jail('a', [ALL]), jail('b', [SSH]), jail('c', [icmp])], 'ports'), [
    "the jail c closes ports that cannot be told (protocol 'icmp' has no ports that dropset knows): every packet of whom it bans is dropped",
  ]);
});

t.test('of many jails ten are named', async (t) => {
  const jails = Array.from({ length: 11 }, (_, index) => jail(`j${index}`, [SSH]));
  t.match(notesOf(jails), [/^the jails j0, j1, j2, j3, j4, j5, j6, j7, j8, j9, \.\.\. would close/]);
  t.match(notesOf(jails.slice(1)), [/j9, j10 would close/]);
});
