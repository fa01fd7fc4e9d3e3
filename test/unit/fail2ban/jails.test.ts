import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { loadJails } from '../../../src/fail2ban/jails.js';

const FILTER = '[Definition]\nfailregex = ^<HOST>\n';

t.test('jails from all files, and what an operator says over them', async (t) => {
  const directory = t.testdir({
    'jail.conf':
      '[INCLUDES]\nbefore = paths.conf\n[DEFAULT]\nbantime = 10m\nenabled = false\nfilter = f\nlogpath = %(log)s\n[a]\n[b]\n[c]\n',
    'paths.conf': '[DEFAULT]\nlog = /paths\n',
    'jail.d': { 'x.conf': '[b]\nenabled = true\nmaxretry = 7\n', 'x.local': '[DEFAULT]\nignoreip = 192.0.2.1\n' },
    'jail.local': '[DEFAULT]\nbantime = 1h\nfindtime = 2h\n[a]\nenabled = true\n[new]\nenabled = true\nbantime = 3h\n',
    'filter.d': { 'f.conf': FILTER },
  });
  const { jails, faults } = loadJails(directory);
  t.same(faults, []);
  t.match(jails, [
    { name: 'a', origin: `${directory}/jail.local:5`, bantime: 3600, findtime: 7200, ignoreip: ['192.0.2.1'] },
    { name: 'b', bantime: 3600, maxretry: 7, logpath: [{ pattern: '/paths' }] },
    { name: 'new', bantime: 3 * 3600 },
  ]);
});

t.test('a broken jail, and the others', async (t) => {
  const directory = t.testdir({
    'jail.local': '[DEFAULT]\nenabled = true\nfilter = %(__name__)s\n[f]\nmaxretry = x\n[g]\n[h]\nbantime = %(no)s\n',
    'filter.d': { 'f.conf': FILTER, 'h.conf': FILTER },
  });
  const { jails, faults } = loadJails(`${directory}/`);
  t.same(
    jails.map(({ name }) => name),
    ['f'],
  );
  t.match(faults, [
    /^jail 'f': .*jail\.local:5: maxretry = x is no whole number/,
    /^jail 'g' is left out: there is no filter 'g' in/,
    /^jail 'h' is left out: .*jail\.local:8: option 'bantime' of \[h\] refers to '%\(no\)s'/,
  ]);
});

t.test('a file that is no UTF-8 is left out, and told once', async (t) => {
  const directory = t.testdir({
    'jail.conf': '[DEFAULT]\nenabled = true\nfilter = f\n[a]\n[b]\n',
    'filter.d': { 'f.conf': FILTER },
  });
  writeFileSync(join(directory, 'jail.local'), Buffer.from([0x23, 0xe9]));
  const { jails, faults } = loadJails(directory);
  t.equal(jails.length, 2);
  t.match(faults, [/jail\.local is not UTF-8; .*; it is left out$/]);
  t.equal(faults.length, 1);
});

t.test('what fail2ban gives to every jail, and ports by a table of our own', async (t) => {
  const directory = t.testdir({
    services: 'here 1234/tcp\n',
    'jail.conf':
      '[a]\nenabled = true\nfilter = f\nlogpath = %(fail2ban_confpath)s/%(fail2ban_version)s\naction = x[port=here]\n',
    'filter.d': { 'f.conf': FILTER },
    'action.d': { 'x.conf': '[Definition]\nactionban = nft <port>\n' },
  });
  const [jail] = loadJails(`${directory}//`, { services: join(directory, 'services') }).jails;
  t.same(jail?.logpath, [{ pattern: `${directory}/1.0.2`, from: 'head' }]);
  t.match(jail?.actions.bans, [{ scope: { ranges: [{ first: 1234, last: 1234 }] } }]);
});

t.test('files that tell nothing', async (t) => {
  const empty = t.testdir({ x: {} });
  t.throws(() => loadJails(empty), { code: 'config', message: `there is no jail.conf and no jail.local in ${empty}` });
  writeFileSync(join(empty, 'jail.local'), 'what\n');
  t.throws(() => loadJails(empty), { code: 'config', message: /jail\.local:1: 'what' stands before any \[section\]$/ });
});
