import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { type } from '../../../terminal.js';

const configured = (t: Test, text: string): string => {
  const path = join(t.testdir({ log: '' }), 'dropset.toml');
  writeFileSync(path, text.replaceAll('FOLDER', join(path, '..')));
  return path;
};

t.test('what would run, and that it would', async (t) => {
  const path = configured(t, '[jail.sshd]\nlogpath = "FOLDER/log"\n');
  const { code, stdout, stderr } = await type(['config', 'check', path]);
  t.same([code, stderr], [0, '']);
  t.match(stdout, /^sshd \(dropset\.toml\)\n {2}filter {2}sshd\n/);
  t.ok(stdout.endsWith(`\n${path} can be used; backend nftables, 1 jail\n`), stdout);
});

t.test('faults and warnings', async (t) => {
  const path = configured(t, '[jail.a]\nfilter = "nonsense"\nlogpath = "/a"\n[jail.sshd]\nlogpath = "/nowhere/log"\n');
  const { code, stdout } = await type(['config', 'check', path]);
  t.equal(code, 1);
  t.match(stdout, /^fault: .*nonsense/);
  t.match(stdout, /^warning: jail 'sshd': \/nowhere\/log: no file now/m);
  t.match(stdout, / has faults: dropset run does not start; backend nftables, 1 jail\n$/);
  const broken = configured(t, 'x = ');
  t.match(await type(['config', 'check', broken]), { code: 1, stdout: /^fault: .*:1:\d+: / });
});

t.test('in colour, on a terminal, unless somebody forbids it', async (t) => {
  const path = configured(t, '');
  t.match((await type(['config', 'check', path], { isOutTTY: true })).stdout, '\u001b[32mcan be used\u001b[0m');
  const environment = { NO_COLOR: '1' };
  t.notMatch((await type(['config', 'check', path], { isOutTTY: true, environment })).stdout, '\u001b');
});

t.test('as JSON', async (t) => {
  const path = configured(t, '[jail.sshd]\nlogpath = "FOLDER/log"\n');
  const found = JSON.parse((await type(['config', 'check', '--json', path])).stdout);
  t.match(found, { file: path, faults: [], warnings: [], notes: [], backend: 'nftables', jails: [{ name: 'sshd' }] });
  t.match(await type(['config', 'check', '--json', '/nowhere/x']), {
    code: 1,
    stdout: /"faults":\["\/nowhere\/x: no such file/,
  });
});

t.test('one file at a time', async (t) => {
  t.match(await type(['config', 'check', 'a', 'b']), { code: 2, stderr: /config check takes one FILE/ });
});
