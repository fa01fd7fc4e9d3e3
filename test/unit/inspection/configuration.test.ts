import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { checkConfiguration } from '../../../src/inspection/configuration.js';
import { CONFIGURATION } from '../../fail2ban.js';

const now = (): number => 1_700_000_000_000;

const checked = (t: Test, text: string) => {
  const path = join(t.testdir({ log: '' }), 'dropset.toml');
  writeFileSync(path, text.replaceAll('FOLDER', join(path, '..')));
  return checkConfiguration(path, now);
};

t.test('a configuration that is fine', async (t) => {
  const found = checked(t, '[jail.sshd]\nlogpath = "FOLDER/log"\n');
  t.match(found, { faults: [], warnings: [], notes: [], backend: 'nftables', jails: [{ name: 'sshd' }] });
  t.same([found.faults, found.warnings], [[], []]);
});

t.test('faults of the file itself, one each', async (t) => {
  const { faults, backend } = checked(t, '[backend]\nkind = "iptables"\n[jail.a]\nmaxretry = 0\n');
  t.match(faults, [/dropset\.toml:2: backend\.kind: /, /:3: jail\.a: /, /:4: jail\.a\.maxretry: /]);
  t.equal(backend, null);
  t.match(checkConfiguration('/nowhere/x', now).faults, [/\/nowhere\/x: no such file/]);
});

t.test('behind a jail that cannot be used the others are looked at', async (t) => {
  const { faults, jails } = checked(
    t,
    '[jail.a]\nfilter = "nonsense"\nlogpath = "/a"\n[jail.b]\nfilter = "rubbish"\nlogpath = "/b"\n[jail.sshd]\nlogpath = "FOLDER/log"\n',
  );
  t.match(faults, [/nonsense/, /rubbish/]);
  t.match(jails, [{ name: 'sshd' }]);
});

t.test('what would start and not work', async (t) => {
  const text = '[jail.a]\nlogpath = "FOLDER/no"\nfailregex = ["x <HOST>$", "(<HOST>"]\ndatepattern = "("\n';
  const { faults, warnings } = checked(t, text);
  t.same(faults, []);
  t.match(warnings, [/^jail 'a': jail a.*failregex 2|\(/, /^jail 'a': datepattern: /, /FOLDER|no: no file now/]);
  t.equal(warnings.length, 3);
});

t.test('notes of a fail2ban tree', async (t) => {
  t.match(checked(t, `[fail2ban]\ndirectory = "${CONFIGURATION}"\n`).notes, [/would close some ports only/]);
});

t.test('of the logs of a preset one is enough', async (t) => {
  const missing = checked(t, '[jail.a]\npreset = "wp-limit-login"\n').warnings;
  t.match(missing, [
    /^jail 'a': none of the logs of preset wp-limit-login is there now: \/var\/log\/wp-limit-login.log; name yours with logpath/,
  ]);
  t.equal(missing.length, 1);
  const own = checked(t, '[jail.a]\npreset = "wp-limit-login"\nlogpath = "FOLDER/no"\n').warnings;
  t.match(own, [/^jail 'a': .*\/no: no file now/]);
  t.same(checked(t, '[jail.a]\npreset = "wp-limit-login"\nlogpath = "FOLDER/log"\n').warnings, []);
});

t.test('a jail that the kernel cannot leave out', async (t) => {
  const text = (dropped: string) => `[log]\ndropped = ${dropped}\n[jail.sshd]\nlogpath = "FOLDER/log"\nlog = false\n`;
  for (const dropped of ['"off"', '"service"']) t.same(checked(t, text(dropped)).warnings, []);
  for (const dropped of ['"kernel"', '7']) {
    t.match(checked(t, text(dropped)).warnings, [/^jail 'sshd': log = false has no effect, .*dropped = "service"$/]);
  }
});

t.test('bans of ports where nobody knows ports', async (t) => {
  const text = (backends: string, more: string) =>
    `[service]\nbackends = [${backends}]\n[denyfile.web]\nformat = "nginx"\npath = "/tmp/deny.conf"\n` +
    `[jail.sshd]\nlogpath = "FOLDER/log"\n${more}`;
  const said = /^jail 'sshd': its bans are for 'tcp\/22' only, and .* nobody is turned away; have backend nftables/;
  const port = 'port = "22"\n';
  t.match(checked(t, text('"route", "denyfile"', port)).warnings, [said]);
  t.match(checked(t, text('"nftables", "route", "denyfile"', `${port}backends = ["route"]\n`)).warnings, [said]);
  t.same(checked(t, text('"nftables", "denyfile"', port)).warnings, []);
  t.same(checked(t, text('"route", "denyfile"', '')).warnings, []);
});

t.test('proxies that nobody looks behind', async (t) => {
  const jail = (preset: string) =>
    `[jail.a]\npreset = "${preset}"\nlogpath = "FOLDER/log"\ntrusted_proxies = ["10.0.0.1"]\n`;
  t.match(checked(t, jail('apache-auth')).warnings, [
    /^jail 'a': it has trusted_proxies, and its filter has no <F-FORWARDED>/,
  ]);
  t.same(checked(t, jail('nginx-auth')).warnings, []);
});
