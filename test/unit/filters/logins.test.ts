import t from 'tap';
import { Filter } from '../../../src/filters/filter.js';
import { loginFilter } from '../../../src/filters/logins.js';
import { definition, NOW } from '../../jail.js';

const NOTHING = definition([]);

function found(text: string, own?: Parameters<typeof loginFilter>[1]): string | undefined {
  const filter = new Filter(loginFilter(NOTHING, own), { now: () => NOW, resolvesNames: false });
  return filter.match(`2026-05-04T11:59:00Z ${text}`, true)[0]?.identity?.text;
}

t.test('what daemons say when somebody has logged in', async (t) => {
  for (const text of [
    'host sshd[9]: Accepted password for ann from 192.0.2.7 port 22 ssh2',
    'host sshd-session[9]: Accepted publickey for ann from 192.0.2.7 port 22 ssh2: ED25519 SHA256:abc',
    'sshd[9]: Accepted keyboard-interactive/pam for ann from 192.0.2.7 port 22 ssh2',
    'host dovecot: imap-login: Login: user=<ann@example.org>, method=PLAIN, rip=192.0.2.7, lip=198.51.100.1, mpid=1, TLS',
    'host postfix/submission/smtpd[1]: 4ABC: client=a.example.org[192.0.2.7], sasl_method=PLAIN, sasl_username=ann',
    'host proftpd[1] host (a.example.org[192.0.2.7]): USER ann: Login successful',
    'host pure-ftpd: (?@192.0.2.7) [INFO] ann is now logged in',
  ]) {
    t.equal(found(text), '192.0.2.7', text);
  }
});

t.test('what is no login', async (t) => {
  for (const text of [
    'host sshd[9]: Failed password for ann from 192.0.2.7 port 22 ssh2',
    // A user's name that looks like one.
    'host sshd[9]: Failed password for x: Accepted password for a from 192.0.2.7 port 1 ssh2 from 192.0.2.8 port 1 ssh2',
    'host sshd[9]: Invalid user sshd[1]: Accepted password for a from 192.0.2.7 port 1 ssh2',
    'host app[1]: sshd[9]: Accepted password for ann from 192.0.2.7 port 22 ssh2',
    'host dovecot: imap-login: Aborted login (auth failed, 1 attempts): user=<ann>, method=PLAIN, rip=192.0.2.7',
  ]) {
    t.equal(found(text), undefined, text);
  }
});

t.test('own expressions in their place, and dates as the reader has them', async (t) => {
  const own = { texts: ['^ in: <ADDR>$', '^ entered: <ADDR>$'], origin: 'jail door' };
  t.equal(found('entered: 192.0.2.7', own), '192.0.2.7');
  t.equal(found('host sshd[9]: Accepted password for ann from 192.0.2.7 port 22 ssh2', own), undefined);
  t.match(loginFilter({ ...NOTHING, datepattern: 'EPOCH' }, own), {
    datepattern: 'EPOCH',
    origin: 'jail door',
    maxlines: 1,
  });
});
