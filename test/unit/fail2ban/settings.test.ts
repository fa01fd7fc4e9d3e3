import t from 'tap';
import { readSettings } from '../../../src/fail2ban/settings.js';

const DEFAULTS = {
  dbfile: '/var/lib/fail2ban/fail2ban.sqlite3',
  dbpurgeage: 86_400,
  dbmaxmatches: 10,
  loglevel: 'INFO',
  logtarget: '/var/log/fail2ban.log',
  allowipv6: 'auto',
  socket: '/var/run/fail2ban/fail2ban.sock',
};

t.test('without a file', async (t) => {
  t.same(readSettings(t.testdir()), DEFAULTS);
});

t.test("Debian's", async (t) => {
  t.same(readSettings('.cache/fail2ban/etc/fail2ban'), DEFAULTS);
});

t.test("an operator's", async (t) => {
  const folder = t.testdir({
    'fail2ban.conf': '[DEFAULT]\ndbpurgeage = 2d\nloglevel = DEBUG\n[Definition]\nallowipv6 = no\n',
    'fail2ban.d': { 'a.local': '[Definition]\ndbfile = None\ndbmaxmatches = 3\nsocket = /s\nlogtarget = SYSLOG\n' },
  });
  t.same(readSettings(folder), {
    dbpurgeage: 2 * 86_400,
    dbmaxmatches: 3,
    loglevel: 'DEBUG',
    logtarget: 'SYSLOG',
    allowipv6: 'no',
    socket: '/s',
  });
});

t.test('a fault', async (t) => {
  const folder = t.testdir({ 'fail2ban.conf': '[Definition]\ndbpurgeage = soon\n' });
  t.throws(() => readSettings(folder), { code: 'config', message: /fail2ban\.conf:2: dbpurgeage: / });
});
